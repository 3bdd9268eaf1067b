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
from haidang.engine.reconciliation.book import Group
from haidang.engine.reconciliation.definition import Teller
from haidang.engine.reconciliation.findings import Key, Side, Structure, Version


@dataclass(slots=True)
class _Told:
    """One figure of one place: its current version and those before."""

    value: Decimal | None = None
    id: int = 0
    earlier: list[Version] = field(default_factory=list)


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
    """The figures of a group's indicators for the period that is over at `end`."""
    period, day = periods.ending(end, group.period), periods.last_day(end)
    told = _read(group.indicators, end, epoch)
    rows = Place.objects.select_related("parent").in_bulk({place for _, place in told})
    names = {pk: _code(place, day) for pk, place in rows.items()}
    provinces = _provinces(rows.values(), Territory(rows), day)
    figures: dict[Key, list[int]] = {}
    left, right = (
        _side(
            [getattr(entry.definition, side) for entry in group.entries],
            told,
            names,
            provinces,
            period,
            figures,
        )
        for side in ("left", "right")
    )
    structure = Structure(
        parts={one.code: tuple(communes.values()) for one, communes in provinces.items()},
        successors=_successors(names.values(), day),
    )
    places = {names[pk]: place for pk, place in rows.items()} | {one.code: one for one in provinces}
    return Gathered(period, end, left, right, structure, places, figures)


def _side(
    tellers: Iterable[Teller],
    told: Mapping[tuple[str, int], _Told],
    names: Mapping[int, str],
    provinces: Mapping[Place, Mapping[int, str]],
    period: Period,
    figures: dict[Key, list[int]],
) -> Side:
    """What one source says; `figures` takes the number of each figure a value rests on."""
    values: dict[Key, Decimal] = {}
    earlier: dict[Key, tuple[Version, ...]] = {}
    for teller in tellers:
        own = {place: one for (name, place), one in told.items() if name == teller.indicator}
        if teller.add_up:
            for province, communes in provinces.items():
                parts = [own[one] for one in communes if one in own and own[one].value is not None]
                if parts and len(parts) == len(communes):
                    key = Key(teller.indicator, province.code, period)
                    values[key] = sum((part.value or Decimal(0) for part in parts), Decimal(0))
                    figures[key] = [part.id for part in parts]
            continue
        for place, one in own.items():
            key = Key(teller.indicator, names[place], period)
            earlier[key] = tuple(one.earlier)
            if one.value is not None:
                values[key], figures[key] = one.value, [one.id]
    return Side(values, earlier)


def _code(place: Place, day: date) -> str:
    """A former unit's code has a stroke behind it: a new unit may bear the same one."""
    return place.code if place.is_valid_on(day) else f"{place.code}′"


def _read(indicators: Iterable[str], end: datetime, epoch: int) -> dict[tuple[str, int], _Told]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.indicator, f.place_id, f.id, f.value, f.superseded IS NULL OR f.superseded > %(epoch)s,"
            " e.committed_at FROM indicators_figure f JOIN store_epoch e ON e.id = f.epoch"
            " WHERE f.indicator = ANY(%(names)s) AND f.at = %(end)s AND f.place_id IS NOT NULL"
            " AND f.epoch <= %(epoch)s ORDER BY f.epoch DESC",
            {"names": sorted(indicators), "end": end, "epoch": epoch},
        )
        found: dict[tuple[str, int], _Told] = defaultdict(_Told)
        for indicator, place, number, value, is_current, committed_at in cursor.fetchall():
            exact = None if value is None else Decimal(repr(value))
            if is_current:
                found[indicator, place].value, found[indicator, place].id = exact, number
            elif exact is not None:
                found[indicator, place].earlier.append(Version(exact, committed_at))
    return found


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
