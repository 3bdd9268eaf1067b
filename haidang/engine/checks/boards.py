"""Boards: every indicator and parameter a tile shows exists."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.boards.definition import Board, OfStatistics, ReadingTile, ShareTile, TableTile, Tile
from haidang.engine.both import both
from haidang.engine.checks import statistic_tiles
from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators.statistic import Statistic


def problems(known: Known, entry: Entry[Board]) -> Iterator[Problem]:
    """What does not hold in one board."""
    path = entry.path
    if not entry.thing.tiles:
        yield Problem(
            path, key_line(path, "tiles"), both("a board needs at least one tile", "bảng cần ít nhất một ô")
        )
    seen: dict[str, int] = {}
    for number, tile in enumerate(entry.thing.tiles):
        line = key_line(path, "tiles", number, "title")
        if (first := seen.setdefault(tile.title.vi, line)) != line:
            yield Problem(
                path,
                line,
                both(
                    f"title {tile.title.vi!r} stands on line {first} already: nobody could tell them apart",
                    f"tiêu đề {tile.title.vi!r} đã có ở dòng {first}: không ai phân biệt được hai ô",
                ),
            )
        if isinstance(tile, OfStatistics):
            yield from statistic_tiles.problems(known, entry, number, tile)
        else:
            yield from _of_stations(known, entry, number, tile)


def _of_stations(known: Known, entry: Entry[Board], number: int, tile: Tile) -> Iterator[Problem]:
    path = entry.path
    indicator = getattr(tile, "indicator", "")
    if indicator and (message := known.missing("indicators", indicator)):
        line = key_line(path, "tiles", number, "indicator")
        yield Problem(path, line, message)
    elif indicator and isinstance(_thing(known, indicator), Statistic):
        line = key_line(path, "tiles", number, "indicator")
        yield Problem(
            path,
            line,
            both(
                f"indicator {indicator} is of no stations, which this tile shows",
                f"{indicator} không phải chỉ tiêu của trạm, mà ô này chỉ hiện số của trạm",
            ),
        )
        return
    if isinstance(tile, ReadingTile | ShareTile) and (message := known.missing_kind(tile.asset_kind)):
        yield Problem(path, key_line(path, "tiles", number, "asset_kind"), message)
    elif isinstance(tile, ReadingTile):
        if message := known.missing_parameter(tile.asset_kind, tile.parameter):
            yield Problem(path, key_line(path, "tiles", number, "parameter"), message)
    elif isinstance(tile, TableTile) and indicator in known.tree.of("indicators"):
        kind = known.tree.of("indicators")[indicator].thing.asset_kind
        for place, parameter in enumerate(tile.parameters):
            if message := known.missing_parameter(kind, parameter):
                yield Problem(path, key_line(path, "tiles", number, "parameters", place), message)


def _thing(known: Known, indicator: str) -> object:
    entry = known.tree.of("indicators").get(indicator)
    return entry.thing if entry else None
