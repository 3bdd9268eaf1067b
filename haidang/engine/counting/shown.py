"""A counted figure walked back to its lines: the rule that was in force, and the lines it counted, a stretch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from django.db import transaction

from haidang.engine.contracts.reading import ContentError, read
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.counting import lines
from haidang.engine.counting.tallying import KIND, Where
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import Catalogue, Entry
from haidang.engine.indicators.count import Count, Rule
from haidang.engine.indicators.figure_rows import Row
from haidang.engine.indicators.kinds import KINDS
from haidang.engine.indicators.statistic import Statistic, Version
from haidang.engine.places.names import comparable
from haidang.engine.store.models import ContentFile

Show = Literal["counted", "unknown", "all"]


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a figure's period and place: whether it counts; None where the list leaves it open."""

    line: lines.Line
    counts: bool | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines in the order they came; `following` asks for those behind them, 0 where there are none."""

    lines: list[Told]
    following: int


@dataclass(frozen=True, slots=True)
class Way:
    """By which text a figure was counted: the statistic as it was then, its version and rule."""

    statistic: Statistic
    version: Version
    count: Count


def is_counted(detail: Mapping[str, Any]) -> bool:
    return detail.get("kind") == KIND


def way_of(catalogue: Catalogue, row: Row) -> Way | None:
    """The rule a version of a figure came by, also where another one is in force now; None where its text is not kept."""
    statistic = _statistic(catalogue.entries.get(row.subject.indicator), row)
    version = (
        next((one for one in statistic.versions if one.version == row.detail.get("version")), None)
        if statistic
        else None
    )
    count = (version.count or statistic.count) if statistic and version else None
    return Way(statistic, version, count) if statistic and version and count else None


def _statistic(entry: Entry | None, row: Row) -> Statistic | None:
    if entry and entry.sha256 == row.formula_sha256:
        return entry.statistic
    kept = ContentFile.objects.filter(
        kind="indicators", address=row.subject.indicator, sha256=row.formula_sha256
    ).first()
    if kept is None:
        return None
    try:
        found: Any = read(Path(f"{kept.address}.yml"), KINDS["indicators"], kept.body)
    except ContentError:
        return None  # written before a key it has was known, or after it was dropped
    return found if isinstance(found, Statistic) else None


def stretch(
    way: Way, row: Row, contract: SheetContract, *, after: int = 0, most: int = 50, centre: str = "", show: Show = "counted"
) -> Stretch:  # fmt: skip
    """Lines a version of a figure counts (or leaves open; or all it looked at), as they stood at its epoch and with the days off it was counted with; those of one
    centre where one is named. Costs what is read up to the last of them, not the whole list.
    """
    with transaction.atomic():
        found = list(islice(_lines(way, row, contract, after, centre, show), most + 1))
    return Stretch(found[:most], found[most - 1].line.id if len(found) > most else 0)


def _lines(
    way: Way, row: Row, contract: SheetContract, after: int, centre: str, show: Show
) -> Iterator[Told]:
    period, moved = periods.ending(row.subject.at, way.statistic.period), row.detail.get("moved", {})
    rule, where = Rule(way.count, period, lambda day: moved.get(day, day)), Where(period)
    wanted = comparable(centre)
    for line in lines.of_months(way.count.contract, lines.months_of(period), row.epoch, after):
        if not rule.is_in(line.values) or not _is_of(way.count, line, row.subject.place_id, where, contract):
            continue
        if wanted and comparable(" ".join(str(line.values.get(way.count.lines) or "").split())) != wanted:
            continue
        holds = rule.holds(line.values)
        if show == "all" or holds is None or (holds and show == "counted"):
            yield Told(line, holds)


def _is_of(count: Count, line: lines.Line, place: int, where: Where, contract: SheetContract) -> bool:
    if where.province(line.province) == place:
        return True
    return (
        bool(count.place)
        and where.commune(line.province, count.place, line.values.get(count.place), contract) == place
    )
