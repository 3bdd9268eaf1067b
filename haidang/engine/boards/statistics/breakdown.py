"""One statistic by commune: a table, largest first, and the same numbers as shades of the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from haidang.engine.boards import definition as d
from haidang.engine.boards import writing
from haidang.engine.boards.statistics import due, stats, values, words
from haidang.engine.boards.statistics.home import Home, home_of
from haidang.engine.boards.statistics.stats import PLAN, SINCE, why_url
from haidang.engine.boards.statistics.values import Papers, Value
from haidang.engine.boards.tiles import Look
from haidang.engine.indicators import periods
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.places import drawing
from haidang.engine.places.models import Place

STEPS = 4  # of the one-hue scale; its lightest shade is for what has no number


@dataclass(frozen=True, slots=True)
class Line:
    """One commune. What is not known is empty."""

    place: Place
    value: float | None
    why: str
    last: words.Change | None
    last_why: str
    year: words.Change | None
    year_why: str
    share: float | None  # of the plan of the year, in per cent
    plan_why: str
    volume: float | None
    volume_why: str
    explained: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table by commune, for one period."""

    title: str
    address: str
    unit: str
    decimals: int
    period: str
    at: datetime
    lines: Sequence[Line]
    missing: int
    has_plan: bool
    volume_title: str
    volume_unit: str
    volume_decimals: int
    source: str
    owner: str
    due: due.Due
    now: datetime


@dataclass(frozen=True, slots=True)
class Class:
    """One shade of the map with the numbers it stands for."""

    step: int
    text: str
    communes: int


@dataclass(frozen=True, slots=True)
class CommuneMap:
    """`drawn` for a desk or a wall, `phone` for a hand; the list behind it is the breakdown."""

    title: str
    drawn: str
    phone: str
    classes: Sequence[Class]
    unit: str
    period: str
    at: datetime
    due: due.Due
    missing: int
    source: str
    owner: str


@dataclass(frozen=True, slots=True)
class Found:
    """The figures of all communes at the newest period, and at those it is compared with."""

    statistic: Statistic
    home: Home
    members: Sequence[int]
    at: datetime
    now: Mapping[int, Value]
    last: Mapping[int, Value]
    year: Mapping[int, Value]
    # Of the year so far, by the end of the period.
    months: Mapping[datetime, Mapping[int, Value]]


def found_of(address: str, look: Look) -> Found | None:
    """None where nothing was published, and where somebody may see none of it."""
    entry, home = look.library.statistics.entries.get(address), home_of(look)
    if entry is None or home is None:
        return None
    domain = address.partition(".")[0]
    members = [one for one in home.communes(periods.last_day(look.now)) if look.sees(domain, one)]
    at = values.newest_end(address, members, look.epoch, look.until) if members else None
    if at is None:
        return None
    period = periods.ending(at, entry.statistic.period)
    last, year = (periods.end_of(one) for one in (periods.back(period, 1), periods.year_before(period)))
    months = stats.year_so_far(entry.statistic, at)
    rows = values.by_place([address], members, {at, last, year, *months}, look.epoch)
    known = {end: those for (_address, end), those in rows.items()}
    return Found(
        entry.statistic, home, members, at, known.get(at, {}), known.get(last, {}), known.get(year, {}),
        {end: known.get(end, {}) for end in months},
    )  # fmt: skip


def breakdown(tile: d.BreakdownTile, look: Look) -> Breakdown | None:
    found = look.once(("communes", tile.indicator), lambda: found_of(tile.indicator, look))
    if found is None:
        return None
    statistic, address = found.statistic, tile.indicator
    names = {one.pk: one for one in Place.objects.filter(pk__in=found.members)}
    beside = _beside(tile, look, found)
    papers = Papers.of(found.now.values())
    lines = [_line(names[one], tile, look, found, beside, papers) for one in found.members]
    lines.sort(key=rank)
    volume = look.library.statistics.entries.get(tile.volume)
    source, owner, following = told(address, look, statistic, found.at)
    return Breakdown(
        title=str(tile.title),
        address=address,
        unit=statistic.unit,
        decimals=statistic.decimals,
        period=words.period(periods.ending(found.at, statistic.period)),
        at=found.at,
        lines=lines,
        missing=sum(line.value is None for line in lines),
        has_plan=PLAN in statistic.measures and statistic.over_time == "sum",
        volume_title=str(volume.statistic.title) if volume else "",
        volume_unit=volume.statistic.unit if volume else "",
        volume_decimals=volume.statistic.decimals if volume else 0,
        source=source,
        owner=owner,
        due=following,
        now=look.now,
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the value of each commune."""

    plan: Mapping[int, Value]
    since: Mapping[int, Value]
    volume: Mapping[int, Value]
    volume_at: datetime


def rank(line: Line) -> tuple[bool, float, float, bytes]:
    """The largest first; of equal ones that of the larger volume, for 100 % of three files is no feat; then by name."""
    return line.value is None, -(line.value or 0.0), -(line.volume or 0.0), bytes(line.place.sort_key)


def _beside(tile: d.BreakdownTile, look: Look, found: Found) -> Beside:
    """Plan, sum since January and the volume, of the same communes."""
    plan, since = f"{tile.indicator}@{PLAN}", f"{tile.indicator}@{SINCE}"
    rows = values.by_place([since], found.members, [found.at], look.epoch)
    plans = stats.plans_of([(found.statistic, tile.indicator, found.at)], found.members, look)
    volume: Mapping[int, Value] = {}
    at: datetime | None = None
    domain = tile.volume.partition(".")[0]
    if tile.volume in look.library.statistics and look.sees(domain, found.home.place.pk):
        at = values.newest_end(tile.volume, found.members, look.epoch, look.until)
        ends = [at] if at else []
        volume = (
            values.by_place([tile.volume], found.members, ends, look.epoch).get((tile.volume, at), {})
            if at
            else {}
        )
    return Beside(plans.get(plan, {}), rows.get((since, found.at), {}), volume, at or found.at)


def _line(
    place: Place, tile: d.BreakdownTile, look: Look, found: Found, beside: Beside, papers: Papers
) -> Line:
    def number(those: Mapping[int, Value]) -> float | None:
        one = those.get(place.pk)
        return one.value if one else None

    def changed(before: float | None) -> words.Change | None:
        if value is None or before is None:
            return None
        return words.change(value, before, found.statistic.unit, found.statistic.decimals)

    value = number(found.now)
    plan, volume = number(beside.plan), number(beside.volume)
    own = {end: those[place.pk] for end, those in found.months.items() if place.pk in those}
    measures = {SINCE: beside.since[place.pk]} if place.pk in beside.since else {}
    since = stats.since_january(stats.Known(found.statistic, own, found.at, measures), found.at)
    why = why_url(look, tile.indicator, place.pk, found.at)
    return Line(
        place=place,
        value=value,
        why=why,
        last=changed(number(found.last)),
        last_why=f"{why}&term=last",
        year=changed(number(found.year)),
        year_why=f"{why}&term=year",
        share=100 * since / plan if plan and since is not None else None,
        plan_why=f"{why}&term=plan",
        volume=volume,
        volume_why=why_url(look, tile.volume, place.pk, beside.volume_at) if volume is not None else "",
        explained=papers.explained(found.now[place.pk]) if place.pk in found.now else "",
    )


def told(address: str, look: Look, statistic: Statistic, at: datetime) -> tuple[str, str, due.Due]:
    """Source, office and when the next number is due."""
    contracts = due.contracts_of(look.library.statistics, address)
    sheets = [look.library.sheets[one] for one in contracts if one in look.library.sheets]
    source = ", ".join(str(one.title) for one in sheets[:2]) or _("Trung tâm tính")
    named = statistic.office or next((one.office for one in sheets if one.office), None)
    days = due.grace(look.library, contracts, statistic.period)
    since = stats.connected(contracts, stats.sources_by_contract(look))
    following = due.next_due(statistic.period, at, days, look.horizon, since)
    return source, str(named or _("chưa giao cơ quan")), following


# --- the map --------------------------------------------------------------------------------------------------
def commune_map(
    tile: d.CommuneMapTile, look: Look, *, wall: bool = False, profile: str = ""
) -> CommuneMap | None:
    """For a desk and a hand; for a wall, or in another profile, in one size alone."""
    found = look.once(("communes", tile.indicator), lambda: found_of(tile.indicator, look))
    if found is None:
        return None
    names = {one.pk: one for one in Place.objects.filter(pk__in=found.members)}
    numbers = {names[key].code: one.value for key, one in found.now.items() if one.value is not None}
    borders = borders_of(list(numbers.values()))
    shades = {code: step_of(value, borders) for code, value in numbers.items()}
    unit = writing.unit(found.statistic.unit)
    titles = {
        one.code: f"{one}: {writing.number(numbers[one.code], found.statistic.decimals)} {unit}".strip()
        for one in names.values()
        if one.code in numbers
    }

    def drawn(profile: str) -> str:
        code = found.home.place.code
        return drawing.picture(code, profile=profile, shades=shades, shade_titles=titles)

    try:
        only = profile or ("wall" if wall else "")
        wide, phone = (drawn(only), "") if only else (drawn("small"), drawn("phone"))
    except LookupError:
        return None
    source, owner, following = told(tile.indicator, look, found.statistic, found.at)
    return CommuneMap(
        title=str(tile.title),
        drawn=wide,
        phone=phone,
        classes=_classes(numbers.values(), borders, found.statistic.decimals),
        unit=unit,
        period=words.period(periods.ending(found.at, found.statistic.period)),
        at=found.at,
        due=following,
        missing=len(found.members) - len(numbers),
        source=source,
        owner=owner,
    )


def borders_of(numbers: list[float]) -> list[float]:
    """Lower bounds of at most four classes with about as many communes each; equal numbers share a class."""
    ordered = sorted(numbers)
    found: list[float] = []
    for step in range(min(STEPS, len(set(ordered)))):
        bound = ordered[step * len(ordered) // STEPS]
        if not found or bound > found[-1]:
            found.append(bound)
    return found


def step_of(value: float, borders: Sequence[float]) -> int:
    """1 is the lowest."""
    return max(n for n, bound in enumerate(borders, 1) if value >= bound)


def _classes(numbers: Iterable[float], borders: Sequence[float], decimals: int) -> list[Class]:
    every = sorted(numbers)
    found = []
    for step in range(1, len(borders) + 1):
        those = [one for one in every if step_of(one, borders) == step]
        low, high = (writing.number(one, decimals) for one in (those[0], those[-1]))
        found.append(Class(step, low if low == high else f"{low} – {high}", len(those)))
    return found[::-1]
