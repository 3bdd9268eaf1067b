"""Tiles of scorecards and of open lines: the card is there, and the contract has the columns it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.boards.definition import DueListTile, ScorecardTile
from haidang.engine.both import both
from haidang.engine.checks.known import Known

Keys = tuple[str | int, ...]


def misfits(known: Known, tile: ScorecardTile | DueListTile) -> Iterator[tuple[str, Keys]]:
    """What does not hold in one tile, and the key to blame."""
    if isinstance(tile, DueListTile):
        yield from _of_lines(known, tile)
    elif message := known.missing("scorecards", tile.card):
        yield message, ("card",)


def _of_lines(known: Known, tile: DueListTile) -> Iterator[tuple[str, Keys]]:
    """What a list of open lines asks of a contract that it does not have."""
    contract = known.tree.sheets.get(tile.contract)
    if contract is None:
        if message := known.missing("contracts", tile.contract):
            yield message, ("contract",)
        return
    columns = contract.thing.columns
    if not contract.thing.key:
        yield (
            both(
                f"contract {tile.contract} has no key: its lines cannot be followed from list to list",
                f"hợp đồng {tile.contract} không có khóa (key): không theo được một dòng từ danh sách này sang danh sách sau",
            ),
            ("contract",),
        )
    named: list[tuple[str, Keys]] = [(tile.due, ("due",)), (tile.by, ("by",))]
    named += [(name, ("where", name)) for name in tile.where]
    named += [(name, ("columns", place)) for place, name in enumerate(tile.columns)]
    for name, keys in named:
        if name not in columns:
            yield (
                both(
                    f"{tile.contract} has no column {name}; there are: {', '.join(columns)}",
                    f"{tile.contract} không có cột {name}; có: {', '.join(columns)}",
                ),
                keys,
            )
        elif columns[name].personal_data != "none":
            yield (
                both(
                    f"column {name} holds personal data: it is neither kept nor shown",
                    f"cột {name} chứa dữ liệu cá nhân: không được lưu cũng không được hiện",
                ),
                keys,
            )
        elif columns[name].type in ("order", "note", "unit"):
            yield (
                both(
                    f"column {name} is of type {columns[name].type}: it is not kept with the lines",
                    f"cột {name} kiểu {columns[name].type}: không được lưu cùng các dòng",
                ),
                keys,
            )
    if tile.due in columns and columns[tile.due].type != "date":
        yield (
            both(
                f"column {tile.due} holds {columns[tile.due].type}, no days",
                f"cột {tile.due} kiểu {columns[tile.due].type}, không phải ngày",
            ),
            ("due",),
        )
