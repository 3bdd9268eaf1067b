"""Tiles of statistics: every indicator exists, has communes where it is shown by commune, and shares a chart's unit."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.boards.definition import (
    BreakdownTile,
    CommuneChangeTile,
    CommuneMapTile,
    DueListTile,
    LineTableTile,
    OfStatistics,
    PeriodChartTile,
    ReportsTile,
    ScorecardTile,
)
from haidang.engine.both import both
from haidang.engine.checks import scored_tiles
from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators.statistic import Statistic, bare

Keys = tuple[str | int, ...]


def problems(
    known: Known, entry: Entry, number: int, tile: OfStatistics, stands: Keys = ()
) -> Iterator[Problem]:
    """What does not hold in one tile: the `number`th of its board, or at the keys where it `stands` in a report."""

    def problem(message: str, keys: Keys) -> Problem:
        return Problem(entry.path, key_line(entry.path, *(stands or ("tiles", number)), *keys), message)

    if isinstance(tile, ReportsTile):
        for place, domain in enumerate(tile.domains):
            if domain not in known.tree.domains:
                yield problem(
                    both(f"domain {domain} does not exist", f"không có lĩnh vực {domain}"), ("domains", place)
                )
        return
    if isinstance(tile, ScorecardTile | DueListTile):
        yield from (problem(message, keys) for message, keys in scored_tiles.misfits(known, tile))
        return
    by_commune = isinstance(tile, BreakdownTile | CommuneMapTile | CommuneChangeTile)
    for address, keys in _named(tile):
        if message := _complaint(known, address, by_commune=by_commune):
            yield problem(message, keys)
        elif isinstance(tile, LineTableTile) and not _has_lines(known, address):
            yield problem(
                both(
                    f"indicator {address} is not added up from lines (`lines: sum`)",
                    f"{address} không cộng từ các dòng (`lines: sum`)",
                ),
                keys,
            )
        elif isinstance(tile, CommuneChangeTile) and not _adds_up(known, address):
            yield problem(
                both(
                    f"indicator {address} does not add up over communes (`over_places: sum`)",
                    f"{address} không cộng được theo xã (`over_places: sum`)",
                ),
                keys,
            )
    if isinstance(tile, PeriodChartTile) and (several := _several(known, tile.indicators)):
        yield problem(
            both(
                f"one chart has one unit and one period, not {several}",
                f"một biểu đồ có một đơn vị và một loại kỳ, không phải {several}",
            ),
            ("indicators",),
        )


def _named(tile: OfStatistics) -> Iterator[tuple[str, Keys]]:
    for name in ("indicator", "volume"):
        if address := getattr(tile, name, ""):
            yield address, (name,)
    for place, address in enumerate(getattr(tile, "indicators", [])):
        yield address, ("indicators", place)


def _complaint(known: Known, address: str, *, by_commune: bool) -> str:
    if message := known.missing("indicators", address):
        return message
    found = known.tree.of("indicators").get(address)
    if found is not None and not isinstance(found.thing, Statistic):
        return both(
            f"indicator {address} is of stations, this tile shows statistics",
            f"{address} là chỉ tiêu của trạm, ô này hiện số liệu của cơ quan",
        )
    if by_commune and address in known.statistics and known.statistics.level(address) != "commune":
        return both(f"indicator {address} has no number for each commune", f"{address} không có số từng xã")
    return ""


def _has_lines(known: Known, address: str) -> bool:
    """Whether it is a sum of lines, or a formula over such sums."""
    entry = known.statistics.entries.get(address)
    if entry is None:
        return True  # said elsewhere
    if entry.statistic.origin or entry.statistic.counts:
        return known.statistics.has_lines(address)
    return all(_has_lines(known, bare(one)) for one in entry.inputs)


def _adds_up(known: Known, address: str) -> bool:
    return address not in known.statistics or known.statistics.over_places(address) == "sum"


def _several(known: Known, indicators: list[str]) -> str:
    """The units or periods, where there are several."""
    there = [known.statistics.entries[one].statistic for one in indicators if one in known.statistics]
    units, kinds = {one.unit for one in there}, {str(one.period) for one in there}
    return ", ".join(sorted(units if len(units) > 1 else kinds if len(kinds) > 1 else set()))
