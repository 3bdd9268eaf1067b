"""Tiles of scorecards and of open lines: the card is there, and the contract has the columns it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.boards.definition import DueListTile, ScorecardTile
from haidang.engine.checks.known import Known

Keys = tuple[str | int, ...]


def misfits(known: Known, tile: ScorecardTile | DueListTile) -> Iterator[tuple[str, Keys]]:
    """What does not hold in one tile, and the key to blame."""
    if isinstance(tile, DueListTile):
        yield from _of_lines(known, tile)
    elif not known.exists("scorecards", tile.card):
        yield f"scorecard {tile.card} does not exist under scorecards/", ("card",)


def _of_lines(known: Known, tile: DueListTile) -> Iterator[tuple[str, Keys]]:
    """What a list of open lines asks of a contract that it does not have."""
    contract = known.tree.sheets.get(tile.contract)
    if contract is None:
        if not known.exists("contracts", tile.contract):
            yield f"contract {tile.contract} does not exist", ("contract",)
        return
    columns = contract.thing.columns
    if not contract.thing.key:
        yield (
            f"contract {tile.contract} has no key: its lines cannot be followed from list to list",
            ("contract",),
        )
    named: list[tuple[str, Keys]] = [(tile.due, ("due",)), (tile.by, ("by",))]
    named += [(name, ("where", name)) for name in tile.where]
    named += [(name, ("columns", place)) for place, name in enumerate(tile.columns)]
    for name, keys in named:
        if name not in columns:
            yield f"{tile.contract} has no column {name}; there are: {', '.join(columns)}", keys
        elif columns[name].personal_data != "none":
            yield f"column {name} holds personal data: it is neither kept nor shown", keys
        elif columns[name].type in ("order", "note", "unit"):
            yield f"column {name} is of type {columns[name].type}: it is not kept with the lines", keys
    if tile.due in columns and columns[tile.due].type != "date":
        yield f"column {tile.due} holds {columns[tile.due].type}, no days", ("due",)
