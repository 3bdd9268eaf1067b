"""Waiting times after wrong passwords: they slow a guesser down and never lock a real person out.

Failures are counted per account *and* where they come from: a browser that has signed in to this account before
(a signed cookie tells) or else the network. So a guesser elsewhere, however many tries he makes, only makes
himself wait. After ten failures each further one doubles the wait, up to fifteen minutes; an hour of peace
forgets. E-mail addresses without an account are treated alike, so nothing shows which exist.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from haidang.engine import clock
from haidang.engine.people.models import Person, SignInFailure

FREE_TRIES: Final = 10
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=1)
DEVICE_COOKIE: Final = "haidang_device"
DEVICE_DAYS: Final = 180
_SALT: Final = "haidang.device"


def waits_until(request: HttpRequest, email: str) -> datetime | None:
    """Until when this origin must wait before it tries this account again; `None` when it may."""
    known = SignInFailure.objects.filter(origin=_origin(request, email)).first()
    if known is None or known.waits_until is None or known.waits_until <= clock.now():
        return None
    return known.waits_until


def failed(request: HttpRequest, email: str) -> datetime | None:
    """Count one failure; returns until when this origin now waits, `None` while it has tries left."""
    now = clock.now()
    with connection.cursor() as cursor:
        # One statement: a hundred tries at once are a hundred.
        cursor.execute(
            "INSERT INTO people_signinfailure (origin, account, failures, last_at) VALUES (%s, %s, 1, %s)"
            " ON CONFLICT (origin) DO UPDATE SET last_at = excluded.last_at, failures = CASE"
            " WHEN people_signinfailure.last_at < %s THEN 1 ELSE people_signinfailure.failures + 1 END"
            " RETURNING failures",
            [_origin(request, email), account_of(email), now, now - FORGOTTEN_AFTER],
        )
        failures: int = cursor.fetchone()[0]
    if failures < FREE_TRIES:
        return None
    wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures - FREE_TRIES, 10)))
    SignInFailure.objects.filter(origin=_origin(request, email)).update(waits_until=now + wait)
    return now + wait


def succeeded(request: HttpRequest, email: str) -> None:
    """Forget what this origin did wrong."""
    SignInFailure.objects.filter(origin=_origin(request, email)).delete()


def forgive(email: str) -> int:
    """Forget all failures of one account, wherever they came from; returns how many origins."""
    return SignInFailure.objects.filter(account=account_of(email)).delete()[0]


def waiting(person: Person) -> datetime | None:
    """The longest wait somebody has at this account now: what an administrator sees."""
    open_waits = SignInFailure.objects.filter(account=account_of(person.email), waits_until__gt=clock.now())
    return max((failure.waits_until for failure in open_waits if failure.waits_until), default=None)


def all_waiting() -> dict[str, datetime]:
    """Account (`account_of`) → until when somebody waits there: for a list of people, in one query."""
    open_waits = SignInFailure.objects.filter(waits_until__gt=clock.now()).order_by("waits_until")
    return {failure.account: failure.waits_until for failure in open_waits if failure.waits_until}


def prune() -> int:
    """Throw away what is long forgotten. Run once an hour by the process `work`."""
    return SignInFailure.objects.filter(last_at__lt=clock.now() - FORGOTTEN_AFTER - LONGEST_WAIT).delete()[0]


# --- where a try comes from ----------------------------------------------------------------------------------
def remember_device(request: HttpRequest, response: HttpResponseBase, person: Person) -> None:
    """Mark this browser as one that has signed in to this account."""
    device = _device_of(request, person.email) or secrets.token_urlsafe(12)
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps([account_of(person.email), device], salt=_SALT),
        max_age=DEVICE_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def account_of(email: str) -> str:
    """Counted by hash: a table of everything ever typed into the field would itself be personal data."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def _origin(request: HttpRequest, email: str) -> str:
    device = _device_of(request, email)
    place = f"device {device}" if device else f"network {_network(request.META.get('REMOTE_ADDR', ''))}"
    return hashlib.sha256(f"{account_of(email)} {place}".encode()).hexdigest()


def _device_of(request: HttpRequest, email: str) -> str:
    try:
        account, device = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""), salt=_SALT, max_age=DEVICE_DAYS * 86400
        )
    except (signing.BadSignature, ValueError):
        return ""
    return str(device) if account == account_of(email) else ""


def _network(address: str) -> str:
    """A household or an attacker's rented range counts as one: /24 of IPv4, /64 of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 64}", strict=False))
