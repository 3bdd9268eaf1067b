"""Whether a statistic goes together with the contract its cells stand in: the part is there, of its unit and period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from haidang.engine.both import KINDS_VI, both, did_you_mean
from haidang.engine.contracts.building import BuildError
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.indicators import units

if TYPE_CHECKING:
    from haidang.engine.indicators.statistic import Keys, Origin, Statistic

# A contract of an office has some tens of columns and lines: more than these help nobody.
_MOST_LISTED = 12
# i18n: data – both languages stand beside each other
_PARTS = {"item": "dòng", "column": "cột", "measure": "số đo"}


def none_of(part: str, name: str, there: Mapping[str, Any], of: str = "") -> str:
    """That a contract has no such part, and what it has, or what is near of it."""
    near = did_you_mean(name, there) if len(there) > _MOST_LISTED else both("", "")
    if not near.en:
        listed = ", ".join([*there][:_MOST_LISTED]) + (" …" if len(there) > _MOST_LISTED else "")
        near = both(f"; there are: {listed or 'none'}", f"; có: {listed or 'chưa có'}")
    return both(f"{of}no {part} {name}{near.en}", f"{of}không có {_PARTS[part]} {name}{near.vi}")


def fits(statistic: Statistic, origin: Origin, contract: SheetContract) -> None:
    """Raises BuildError where the cells it is taken from are not there, or are of another unit or period."""
    keys = ("from", "column")
    if origin.item and origin.item not in contract.items:
        raise BuildError(origin.item, none_of("item", origin.item, contract.items), ("from", "item"))
    if not origin.item and contract.items:
        raise BuildError(
            "from",
            both(
                f"{origin.contract} has lines known by name: say which `item`",
                f"{origin.contract} có các dòng biết theo tên: ghi dòng nào ở `item`",
            ),
            ("from",),
        )
    keys_of = [contract.columns[key].type for key in contract.key]
    if origin.lines:
        _has_lines(statistic, origin, contract)
    elif not origin.item and keys_of != ["place"]:
        message = both(
            f"{origin.contract} has no line for each place, its key is not one place: "
            "of facilities or offices write `lines: sum`",
            f"{origin.contract} không có dòng cho từng địa bàn, khóa không phải một địa bàn: "
            "của cơ sở hay đơn vị thì viết `lines: sum`",
        )
        raise BuildError("from", message, ("from",))
    if contract.period != statistic.period:
        raise BuildError(
            "period",
            both(
                f"{origin.contract} comes each {contract.period}, not {statistic.period}",
                f"{origin.contract} có số theo {KINDS_VI[contract.period]}, không theo {KINDS_VI[statistic.period]}",
            ),
            ("period",),
        )
    _column(origin, contract, origin.column, statistic.unit, keys)
    for name in statistic.measures:
        _column(origin, contract, statistic.measure(name).column, statistic.unit_of(name), ("measures", name))


def _has_lines(statistic: Statistic, origin: Origin, contract: SheetContract) -> None:
    """Lines with a name that may be kept, and columns in which no line may be silent: a part is no whole."""
    where: Keys = ("from", "lines")
    if origin.item or not contract.key:
        message = both(
            f"{origin.contract} has no lines of facilities or offices: it has items, or no key",
            f"{origin.contract} không có dòng của cơ sở hay đơn vị: có items, hoặc không có key",
        )
        raise BuildError("lines", message, where)
    if [contract.columns[key].type for key in contract.key] == ["place"]:
        message = both(
            "its lines are places: leave `lines` out, `over_places` says how they add up",
            "các dòng là địa bàn: bỏ `lines`, cách cộng ghi ở `over_places`",
        )
        raise BuildError("lines", message, where)
    if private := [key for key in contract.key if contract.columns[key].personal_data != "none"]:
        message = both(
            f"{', '.join(private)} names persons: lines with them are not kept beside a figure",
            f"{', '.join(private)} nêu tên người: dòng như vậy không lưu bên cạnh số liệu",
        )
        raise BuildError("lines", message, where)
    for name in [origin.column, *(statistic.measure(one).column for one in statistic.measures)]:
        column = contract.columns.get(name)
        if column and not (column.required and column.additive and column.type != "percent"):
            message = both(
                f"column {name} cannot be added up over lines: it is a share, not additive or not required",
                f"cột {name} không cộng được theo dòng: là tỷ lệ, không cộng được hoặc không bắt buộc",
            )
            raise BuildError(name, message, where)


def _column(origin: Origin, contract: SheetContract, name: str, unit: str, keys: Keys) -> None:
    column = contract.columns.get(name)
    if column is None:
        raise BuildError(name, none_of("column", name, contract.columns), keys)
    if column.type not in NUMERIC:
        raise BuildError(
            name,
            both(
                f"column {name} holds {column.type}, no numbers",
                f"cột {name} kiểu {column.type}, không phải số",
            ),
            keys,
        )
    item = contract.items.get(origin.item)
    there = column.unit or (item.unit if item else "")
    if units.parse(there) != units.parse(unit):
        blamed: Keys = ("unit",) if keys[0] == "from" else keys
        raise BuildError(
            "unit",
            both(
                f"column {name} is in {there!r}, the statistic says {unit!r}",
                f"cột {name} tính bằng {there!r}, chỉ tiêu ghi {unit!r}",
            ),
            blamed,
        )
