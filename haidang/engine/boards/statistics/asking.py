"""Which figure a "Vì sao?" asks about, and whether whoever asks may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from haidang.engine import clock
from haidang.engine.boards.asof import as_of_from, instant_from
from haidang.engine.boards.tiles import Look
from haidang.engine.indicators import periods
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.statistic import Statistic, bare
from haidang.engine.paging import number_in
from haidang.engine.people.rights import may
from haidang.engine.places.models import Place

LONGEST_LINE = 200
KINDS = {
    "last": "last_period",
    "year": "last_year",
    "plan": "plan_year",
    "goal": "plan_year",
    "since": "since_january",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure, of which place and period, and which comparison or line of it."""

    address: str
    place: Place
    at: datetime
    term: str
    look: Look
    statistic: Statistic
    # The facility, office or centre whose part is asked about.
    line: str = ""

    @property
    def subject(self) -> Subject:
        return Subject(self.address, self.place.pk, self.at)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form asks again beside `as_of`."""
        told = [
            ("indicator", self.address),
            ("place", str(self.place.pk)),
            ("at", clock.local(self.at).isoformat()),
        ]
        more = [("term", self.term), ("dong", self.line)]
        return [*told, *((name, value) for name, value in more if value)]

    @property
    def now_url(self) -> str:
        return f"{reverse('boards:why_statistic')}?{urlencode(self.fields)}"


def asked_of(request: HttpRequest) -> Asked:
    """The question of an address. Raises Http404 for what is not there, and for what may not be seen."""
    get = request.GET
    look = Look.at(as_of_from(request), request.user)
    at, address, number = instant_from(get.get("at", "")), get.get("indicator", ""), get.get("place", "")
    entry = look.library.statistics.entries.get(bare(address))
    place = Place.objects.filter(pk=number_in(number) or 0).first()
    if at is None or entry is None or place is None or address not in look.library.statistics:
        raise Http404(address)
    # The domain is the address's first word; the place decides too: a commune's officer sees his commune.
    if not may(request.user, "figure.see", place=place, domain=address.partition(".")[0]):
        raise Http404(address)
    try:
        periods.ending(at, entry.statistic.period)
    except ValueError:
        raise Http404(str(at)) from None
    term = get.get("term", "") if get.get("term", "") in KINDS else ""
    line = "" if term else get.get("dong", "")[:LONGEST_LINE]
    return Asked(address, place, at, term, look, entry.statistic, line)
