"""Numbers of the header: alarms by state, and how much is open behind each entry of the navigation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext

from haidang.engine.alarms.counts import counts, counts_at
from haidang.engine.alarms.models import state_word
from haidang.engine.boards.sources.ledger import sources_for
from haidang.engine.incidents.models import Incident, Order
from haidang.engine.people.rights import may

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

# All states of ISA-18.2 beside "not acknowledged", none hidden.
OTHERS = ("acked", "returned", "shelved", "suppressed", "out_of_service")


# What stages behind this one have open for somebody, by URL name; they say so at start. None: nothing to tell.
ALSO: dict[str, Callable[[Anyone], int | None]] = {}


@dataclass(frozen=True, slots=True)
class State:
    state: str
    number: int
    word: str

    @property
    def short(self) -> str:
        """In the header, where six of them share the width of a laptop."""
        return {
            "acked": pgettext("header", "Đã nhận"),
            "returned": pgettext("header", "Đã hết, chưa nhận"),
            "shelved": pgettext("header", "Tạm gác"),
            "suppressed": pgettext("header", "Chặn theo thiết kế"),
            "out_of_service": pgettext("header", "Ngừng dùng"),
        }[self.state]


@dataclass(frozen=True, slots=True)
class HeaderCounts:
    p1: int
    p2: int
    p3: int
    others: list[State]
    url: str

    def _of(self, *states: str) -> int:
        return sum(one.number for one in self.others if one.state in states)

    @property
    def acked(self) -> int:
        return self._of("acked")

    @property
    def returned(self) -> int:
        return self._of("returned")

    @property
    def aside(self) -> int:
        """Shelved, suppressed and out of service together, where there is no room to tell them apart."""
        return self._of("shelved", "suppressed", "out_of_service")

    @property
    def unacked(self) -> int:
        return self.p1 + self.p2 + self.p3


def counts_for(person: Anyone, then: datetime | None = None) -> HeaderCounts:
    """Alarms this person may see, by state: now, or as they stood then."""
    found = counts_at(person, then) if then else counts(person)
    others = [State(name, getattr(found, name), state_word(name)) for name in OTHERS]
    try:
        url = reverse("alarms:list")
    except NoReverseMatch:
        url = ""
    return HeaderCounts(found.p1, found.p2, found.p3, others, url)


def open_numbers(person: Anyone) -> dict[str, int]:
    """URL name → how many are open there."""
    found: dict[str, int] = {}
    if may(person, "incident.see"):
        found["incidents:list"] = Incident.objects.for_user(person).open().count()
    if may(person, "order.see"):
        found["incidents:orders"] = Order.objects.for_user(person).unfinished().count()
    if may(person, "source.see"):
        found["boards:sources"] = sources_for(person).filter(is_active=True).count()
    for name, ask in ALSO.items():
        if (number := ask(person)) is not None:
            found[name] = number
    return found
