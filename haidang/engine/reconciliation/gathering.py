"""What both sources said of one period, as known at one epoch: values, earlier versions, how the places hang together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.indicators.territory import Territory
from haidang.engine.places.models import Place, Succession
from haidang.engine.reconciliation.book import Entry, Group
from haidang.engine.reconciliation.definition import Teller
from haidang.engine.reconciliation.findings import Key, Side, Structure, Version
from haidang.engine.reconciliation.past import Recorded, Told, added, added_before, looked_at

# What lies behind is of the machine: a sum of floats may say 656.4000000000001.
EXACT = 9
# Indicator and end of a period → figure by place.
Figures = Mapping[tuple[str, datetime], Mapping[int, Told]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything the comparison of one group in one period needs, and where each value lies."""

    period: Period
    end: datetime
    left: Side
    right: Side
    structure: Structure
    places: Mapping[str, Place]
    figures: Mapping[Key, list[int]]


def gather(group: Group, end: datetime, epoch: int) -> Gathered:
    """The figures of a group's indicators for the period that is over at `end`, and those of the periods it states."""
    period, day = periods.ending(end, group.period), periods.last_day(end)
    told = _read(_wanted(group, period), epoch)
    rows = Place.objects.select_related("parent").in_bulk(
        {place for those in told.values() for place in those}
    )
    names = {pk: _code(place, day) for pk, place in rows.items()}
    provinces = _provinces(rows.values(), Territory(rows), day)
    gathering = _Gathering(period, end, told, rows, names, provinces)
    left, right = _Said(), _Said()
    for entry in group.entries:
        if not entry.over:
            gathering.tell(entry.definition.left, left)
            gathering.tell(entry.definition.right, right)
            continue
        gathering.stated(entry, left)
        gathering.past(entry, right)
        gathering.leave_out(entry, left, right)
    structure = Structure(
        parts={one.code: tuple(communes.values()) for one, communes in provinces.items()},
        successors=_successors(names.values(), day),
    )
    places = {names[pk]: place for pk, place in rows.items()} | {one.code: one for one in provinces}
    return Gathered(period, end, left.side, right.side, structure, places, gathering.figures)


def _wanted(group: Group, period: Period) -> set[tuple[str, datetime]]:
    """Indicators and the ends of the periods they are asked for."""
    found = set()
    for entry in group.entries:
        for teller in (entry.definition.left, entry.definition.right):
            those = looked_at(teller.over, period) if teller.over else [period]
            found |= {(teller.indicator, periods.end_of(one)) for one in those}
    return found


@dataclass(slots=True)
class _Said:
    """One side while it is gathered."""

    values: dict[Key, Decimal] = field(default_factory=dict)
    earlier: dict[Key, tuple[Version, ...]] = field(default_factory=dict)
    parts: dict[Key, tuple[tuple[Period, Decimal], ...]] = field(default_factory=dict)
    coarse: dict[Key, Decimal] = field(default_factory=dict)

    @property
    def side(self) -> Side:
        return Side(self.values, self.earlier, self.parts, self.coarse)


@dataclass(slots=True)
class _Gathering:
    """What both sides of one period are read from; `figures` takes the numbers of those each value rests on."""

    period: Period
    end: datetime
    told: Figures
    places: Mapping[int, Place]
    names: Mapping[int, str]
    provinces: Mapping[Place, Mapping[int, str]]
    figures: dict[Key, list[int]] = field(default_factory=dict)

    def tell(self, teller: Teller, said: _Said) -> None:
        """What one side says of this period."""
        if teller.add_up:
            self._added_up(teller, said)
        else:
            self._stated(teller, said)

    def stated(self, entry: Entry, said: _Said) -> None:
        """What the files of this period say of others, with how finely it is written."""
        self._stated(entry.definition.left, said)
        for place, one in self._of(entry.definition.left.indicator, self.end).items():
            key = Key(entry.pair.left.indicator, self.names[place], self.period)
            said.coarse[key] = one.coarse(entry.pair.left.decimals)

    def _of(self, indicator: str, end: datetime) -> Mapping[int, Told]:
        return self.told.get((indicator, end), {})

    def _stated(self, teller: Teller, said: _Said) -> None:
        for place, one in self._of(teller.indicator, self.end).items():
            key = Key(teller.indicator, self.names[place], self.period)
            said.earlier[key] = one.earlier
            if one.value is not None:
                said.values[key], self.figures[key] = one.value, [one.id]

    def _added_up(self, teller: Teller, said: _Said) -> None:
        own = self._of(teller.indicator, self.end)
        for province, communes in self.provinces.items():
            parts = [own[one] for one in communes if one in own and own[one].value is not None]
            if parts and len(parts) == len(communes):
                key = Key(teller.indicator, province.code, self.period)
                said.values[key] = sum((part.value or Decimal(0) for part in parts), Decimal(0))
                self.figures[key] = [part.id for part in parts]

    def past(self, entry: Entry, said: _Said) -> None:
        """What is published of other periods, of each place that is there in this one and of which all of it is."""
        those, day = looked_at(entry.over, self.period), periods.last_day(self.end)
        indicator = entry.definition.right.indicator
        by_period = [self._of(indicator, periods.end_of(one)) for one in those]
        for place in {place for one in by_period for place in one}:
            parts = [one.get(place, Told()) for one in by_period]
            total = added(parts)
            if total is None or not self.places[place].is_valid_on(day):
                continue
            key = Key(entry.pair.right.indicator, self.names[place], self.period)
            said.values[key], said.earlier[key] = total, added_before(parts)
            said.parts[key] = tuple(
                (one, part.value or Decimal(0)) for one, part in zip(those, parts, strict=True)
            )
            said.coarse[key] = sum((part.coarse(entry.pair.right.decimals) for part in parts), Decimal(0))
            self.figures[key] = [part.id for part in parts]

    def leave_out(self, entry: Entry, left: _Said, right: _Said) -> None:
        """What nobody owes: of a place that was not there yet in the periods stated; a nought that is left blank."""
        first = looked_at(entry.over, self.period)[0].last_day
        for place, name in self.names.items():
            ours = Key(entry.pair.left.indicator, name, self.period)
            theirs = Key(entry.pair.right.indicator, name, self.period)
            if theirs not in right.values and not self.places[place].is_valid_on(first):
                left.values.pop(ours, None)
            if ours not in left.values and not right.values.get(theirs, Decimal(1)):
                del right.values[theirs]


def _code(place: Place, day: date) -> str:
    """A former unit's code has a stroke behind it: a new unit may bear the same one."""
    return place.code if place.is_valid_on(day) else f"{place.code}′"


def _read(wanted: Iterable[tuple[str, datetime]], epoch: int) -> Figures:
    """Every version of these figures known at `epoch`, the current one first. One query."""
    asked = set(wanted)
    names, ends = sorted({name for name, _ in asked}), sorted({end for _, end in asked})
    # Each half has its index, and the whole has none.
    arm = (
        "SELECT f.indicator, f.place_id, f.at, f.id, f.value, e.committed_at,"
        " f.detail->>'raw', jsonb_typeof(f.detail->'raw'), f.epoch"
        " FROM indicators_figure f JOIN store_epoch e ON e.id = f.epoch"
        " WHERE f.indicator = ANY(%s) AND f.at = ANY(%s) AND f.place_id IS NOT NULL AND f.epoch <= %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"{arm} AND f.superseded IS NULL UNION ALL {arm} AND f.superseded IS NOT NULL"
            " ORDER BY 9 DESC, 4 DESC",
            [names, ends, epoch] * 2,
        )
        found: dict[tuple[str, datetime], dict[int, list[Recorded]]] = defaultdict(lambda: defaultdict(list))
        for indicator, place, at, number, value, committed_at, raw, kind, _epoch in cursor.fetchall():
            if (indicator, at) not in asked:
                continue
            exact = None if value is None else Decimal(repr(round(value, EXACT)))
            written = float(raw) if kind == "number" else raw
            found[indicator, at][place].append(Recorded(committed_at, exact, number, written))
    return {
        subject: {place: Told(tuple(versions)) for place, versions in those.items()}
        for subject, those in found.items()
    }


def _provinces(places: Iterable[Place], territory: Territory, day: date) -> dict[Place, dict[int, str]]:
    """Provinces the figures speak of or lie in, each with the ids and codes of its communes of that day."""
    wanted: set[int] = set()
    for place in places:
        province = place.pk if place.level == Place.Level.PROVINCE else territory.province(place.pk, day)
        if province is not None:
            wanted.add(province)
    found: dict[Place, dict[int, str]] = {}
    for one in Place.objects.filter(pk__in=wanted).order_by("code"):
        ids = territory.communes(one.pk, day)
        found[one] = dict(Place.objects.filter(pk__in=ids).order_by("code").values_list("pk", "code"))
    return found


def _successors(codes: Iterable[str], day: date) -> dict[str, dict[str, Decimal]]:
    """Former units that became a part of any of these, with their shares."""
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    rows: Iterable[tuple[Any, ...]] = Succession.objects.filter(
        new__code__in=set(codes), new__level=Place.Level.COMMUNE, new__valid_from_date__lte=day
    ).values_list("old__code", "new__code", "share")
    for old, new, share in rows:
        found[f"{old}′"][new] = Decimal(repr(share))
    return dict(found)
