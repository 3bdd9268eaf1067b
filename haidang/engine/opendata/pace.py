"""How often one address may ask: strangers come without a name, and must not take the centre from those who run it.

Counted by the minute and by address (of IPv6 the network of a line), in this process: more workers allow more.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from haidang.engine import clock

MINUTE = 60
PAGES, FILES = 120, 60
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Counts:
    """How often each address asked in the running minute; a new minute forgets the last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._asked: Counter[str] = Counter()

    def one_more(self, address: str, now: int) -> int:
        with self._lock:
            if now // MINUTE != self._minute:
                self._minute, self._asked = now // MINUTE, Counter()
            self._asked[address] += 1
            return self._asked[address]


def at_most(per_minute: int) -> Callable[[View[P]], View[P]]:
    """Answer an address this often a minute, and then 429 until the minute is over. Each view counts for itself."""

    def limited(view: View[P]) -> View[P]:
        counts = Counts()

        @wraps(view)
        def counted(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            now = int(clock.timestamp())
            if counts.one_more(network(request.META.get("REMOTE_ADDR", "")), now) > per_minute:
                return _too_fast(MINUTE - now % MINUTE)
            return view(request, *args, **kwargs)

        return counted

    return limited


def network(address: str) -> str:
    """The address itself; of IPv6 its /64, which is one line of one customer."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ip if ip.version == 4 else ipaddress.ip_network(f"{ip}/64", strict=False))


def _too_fast(seconds: int) -> HttpResponse:
    words = _("Máy này hỏi quá nhanh: hãy đợi một phút rồi hỏi lại.")
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(words + "\n", status=429, content_type="text/plain; charset=utf-8", headers=headers)
