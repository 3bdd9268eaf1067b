"""What may be opened at all: never what tells of persons, and nothing that gives a withheld count away.

`haidang check` says so with file and line; what runs leaves out what does not keep to it, whatever the check said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from haidang.engine.both import both
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.opening import Keys
from haidang.engine.indicators.statistic import Statistic, bare

Sheets = Mapping[str, SheetContract]


def faults(address: str, catalogue: Catalogue, sheets: Sheets) -> Iterator[tuple[Keys, str]]:
    """Why this statistic may not be open as it is: the key to blame, and the reason. Nothing for a closed one."""
    statistic = catalogue.entries[address].statistic
    if statistic.open is None:
        return
    made_of = _made_of(address, catalogue)
    for one in made_of:
        yield from _of_persons(address, one, catalogue, sheets)
    if statistic.open.min_count is not None and not statistic.contract:
        message = both(
            "min_count is of counts that offices state; what a formula gives is no count of persons",
            "min_count dành cho số đếm cơ quan báo; kết quả của công thức không phải số đếm người",
        )
        yield ("open", "min_count"), message
    for one in made_of:
        careful, _bound = _withholding(one, catalogue)
        if one != address and careful:
            message = both(
                f"its formula looks at {careful}, whose small counts are withheld: it would give them away",
                f"công thức dùng {careful}, chỉ tiêu có số nhỏ được giữ kín: sẽ làm lộ các số đó",
            )
            yield ("open",), message
    careful, bound = _withholding(address, catalogue)
    if bound > (statistic.open.min_count or 0):
        yield (
            ("open",),
            both(
                f"{careful} opens the same cells and withholds counts below {bound}: withhold as many",
                f"{careful} mở cùng các ô đó và giữ kín số dưới {bound}: phải giữ kín như vậy",
            ),
        )


def _of_persons(address: str, one: str, catalogue: Catalogue, sheets: Sheets) -> Iterator[tuple[Keys, str]]:
    """Files with columns about persons: only counts of them may leave, and no small ones."""
    statistic, opened = catalogue.entries[one].statistic, catalogue.entries[address].statistic.open
    contract = sheets.get(statistic.contract)
    if contract is None or contract.personal_data == "none" or opened is None:
        return
    where = statistic.contract or one
    if contract.personal_data == "sensitive":
        yield (
            ("open",),
            both(
                f"{where} holds sensitive personal data: nothing made of it can be open",
                f"{where} có dữ liệu cá nhân nhạy cảm: không số nào từ đó được mở",
            ),
        )
    elif one != address:
        yield (
            ("open",),
            both(
                f"{one} is made of {where}, which holds personal data: a formula over it cannot be open",
                f"{one} lấy từ {where}, nơi có dữ liệu cá nhân: công thức từ đó không được mở",
            ),
        )
    elif opened.min_count is None:
        yield (
            ("open",),
            both(
                f"{where} holds personal data: write min_count, so that small counts are withheld",
                f"{where} có dữ liệu cá nhân: ghi min_count để giữ kín các số đếm nhỏ",
            ),
        )


def _withholding(address: str, catalogue: Catalogue) -> tuple[str, int]:
    """The statistic that withholds most of the cells this one takes, under whatever address, and its bound."""
    bounds = {"": 0}
    for one in [address, *_same_cell(catalogue.entries[address].statistic, catalogue)]:
        opened = catalogue.entries[one].statistic.open if one in catalogue.entries else None
        if opened and opened.min_count is not None:
            bounds[one] = opened.min_count
    return max(bounds.items(), key=lambda found: found[1])


def _same_cell(statistic: Statistic, catalogue: Catalogue) -> list[str]:
    origin = statistic.origin
    cells = catalogue.cells_of(origin.contract) if origin else {}
    return [bare(one) for one in cells.get((origin.item, origin.column), [])] if origin else []


def _made_of(address: str, catalogue: Catalogue) -> list[str]:
    """Itself and every statistic its formulas reach."""
    found: dict[str, None] = {}
    ahead = [address]
    while ahead:
        one = ahead.pop()
        if one not in found:
            found[one] = None
            ahead += [
                bare(other) for other in catalogue.entries[one].inputs if bare(other) in catalogue.entries
            ]
    return list(found)
