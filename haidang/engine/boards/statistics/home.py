"""The province whose numbers a board shows, and its communes, as rows of the register."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from haidang.engine import clock
from haidang.engine.boards import mapping
from haidang.engine.boards.content import Library
from haidang.engine.boards.tiles import Look
from haidang.engine.indicators.territory import Territory
from haidang.engine.places.models import Place


@dataclass(frozen=True, slots=True)
class Home:
    """`ids` are all spans of time of this unit: its figures stand at the row that was valid then."""

    place: Place
    ids: frozenset[int]
    territory: Territory

    def communes(self, day: date) -> list[int]:
        """Those it had on that day."""
        row = next((one for one in self.ids if self.territory.communes(one, day)), self.place.pk)
        return self.territory.communes(row, day)


def home_of(look: Look) -> Home | None:
    """None where neither a station nor a contract says which province this is, and for a unit it has not."""
    return look.once("home", lambda: _home(look.library, clock.local(look.now).date(), look.unit))


def _home(lib: Library, day: date, unit: str) -> Home | None:
    province = mapping.province_code() or named(lib)
    if unit and unit != province:
        code, rows = unit, Place.objects.filter(level=Place.Level.COMMUNE, parent__code=province, code=unit)
    else:
        code, rows = province, Place.objects.filter(level=Place.Level.PROVINCE, code=province)
    rows = rows if code else Place.objects.none()
    spans = list(rows.order_by("valid_from_date"))
    place = next((one for one in spans if one.is_valid_on(day)), None)
    if place is None:
        return None
    # A code may have been another province's before a reform: the name tells.
    ids = frozenset(one.pk for one in spans if one.name == place.name)
    return Home(place, ids, Territory(ids))


def named(lib: Library) -> str:
    """The province most contracts of sheets speak of."""
    codes = Counter(one.province for one in lib.sheets.values() if one.province)
    return next((code for code, _ in codes.most_common(1)), "")
