"""What holds between cells: totals and their lines, parts, the last period, double keys."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from haidang.engine.contracts.sheets.book import Value
from haidang.engine.contracts.sheets.definition import NUMERIC, Column, Item, SheetContract
from haidang.engine.contracts.sheets.numerals import near_unit, vietnamese
from haidang.engine.contracts.sheets.verdict import Cell, Level, Remark

# So many lines of places are kept: there are some three thousand communes.
MOST_LINES = 20_000
# A slip of the unit is a factor of a thousand, with room for what really changed.
SLIP_LOW, SLIP_HIGH = 400, 2500


def agree(total: float, parts: float, column: Column, count: int) -> bool:
    """Whether a total equals its parts: exactly for whole numbers, within their rounding otherwise."""
    if column.type == "whole":
        return total == parts
    rounding: float = 0.5 * 10**-column.decimals * (1 + math.sqrt(count))
    return abs(total - parts) <= rounding + 1e-9 * abs(total)


def shown_sum(value: float) -> str:
    return vietnamese(round(value, 6))


@dataclass(slots=True)
class Total:
    """A total row: its cells, and what had been added up before it."""

    cells: dict[str, Cell]
    before: dict[str, float]
    since: dict[str, float]
    count: int
    # What had been added up when the group began, and how many groups had.
    group: dict[str, float]
    groups: int
    # The units it sums up (“- Phường”); and whether it is a part of the total above that no line is known to belong to.
    kind: str = ""
    part: str = ""


@dataclass(slots=True)
class Sums:
    """Adds up the columns as the lines go by."""

    columns: Mapping[str, Column]
    all: dict[str, float] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    count: int = 0
    totals: list[Total] = field(default_factory=list)
    # What had been added up where a line names a group (“II | Tuyến xã”).
    groups: list[dict[str, float]] = field(default_factory=list)
    # Columns with a cell that could not be read: their totals cannot be blamed.
    broken: set[str] = field(default_factory=set)
    # Kinds of the units of a list of places and its values, block by block; more than MOST_LINES are not kept.
    lines: list[tuple[list[str], Mapping[str, list[Value]]]] = field(default_factory=list)
    kept: int = 0
    # Whether lines stand in several tables side by side, of which one may have the total of all.
    beside: bool = False

    def keep(self, kinds: list[str], values: Mapping[str, list[Value]]) -> None:
        """What “- Phường” under a total is compared with."""
        self.kept += len(kinds)
        if self.kept <= MOST_LINES:
            self.lines.append((kinds, values))

    def of_kind(self, kind: str, name: str) -> float | None:
        """The sum of a column over the units of one kind; None where that is not known."""
        if self.kept > MOST_LINES:
            return None
        return math.fsum(
            value
            for kinds, values in self.lines
            for one, value in zip(kinds, values[name], strict=True)
            if one == kind and isinstance(value, float)
        )

    def add(self, name: str, values: Sequence[Value]) -> None:
        found = math.fsum([v for v in values if type(v) is float])
        self.all[name] = self.all.get(name, 0.0) + found
        self.since[name] = self.since.get(name, 0.0) + found

    def total(self, cells: dict[str, Cell], kind: str = "", part: str = "") -> None:
        group = self.groups[-1] if self.groups else {}
        self.totals.append(
            Total(cells, dict(self.all), dict(self.since), self.count, group, len(self.groups), kind, part)
        )
        self.since = {}

    def group(self) -> None:
        """A group begins here."""
        self.groups.append(dict(self.all))

    def settle(self) -> list[Cell]:
        """Judge the totals once all lines are known; returns their cells."""
        for number, total in enumerate(self.totals):
            for name, cell in total.cells.items():
                self._settle(name, cell, total, number)
        return [cell for total in self.totals for cell in total.cells.values()]

    def _adds_up(self, number: int, name: str, column: Column) -> bool:
        """Whether the parts that stand with this one come to the total above them."""
        first = next((n for n in range(number, -1, -1) if not self.totals[n].part), None)
        if first is None:
            return False
        cells = [self.totals[first].cells.get(name)]
        for total in self.totals[first + 1 :]:
            if not total.part:
                break
            cells.append(total.cells.get(name))
        whole, *parts = [cell.value if cell and isinstance(cell.value, float) else 0.0 for cell in cells]
        return agree(whole, math.fsum(parts), column, len(parts))

    def _settle(self, name: str, cell: Cell, total: Total, number: int) -> None:
        column = self.columns.get(name)
        if column is None or column.type not in NUMERIC or not isinstance(cell.value, float):
            return
        if not column.additive or column.type == "percent":
            cell.remarks.append(Remark(Level.GOOD, "total_unchecked", {}))
            return
        after = self.all.get(name, 0.0) - total.before.get(name, 0.0)
        following = self.totals[number + 1].before if number + 1 < len(self.totals) else self.all
        until = following.get(name, 0.0) - total.before.get(name, 0.0)
        first = total.before if total.count else self.all
        tried = [first.get(name, 0.0)]
        if total.count:
            tried += [total.since.get(name, 0.0)]
        if not total.count or number:
            tried += [until, after]
        tried.append(total.before.get(name, 0.0) - total.group.get(name, 0.0))
        if total.groups < len(self.groups):
            tried.append(self.groups[total.groups].get(name, 0.0) - total.before.get(name, 0.0))
        whole = self.all.get(name, 0.0)
        if self.beside:
            tried.append(whole)
        if total.kind and (of_kind := self.of_kind(total.kind, name)) is not None:
            tried = [of_kind, *tried[1 : 2 if total.count else 1], *tried[-1:]]
        if name in self.broken:
            cell.remarks.append(Remark(Level.GOOD, "total_waits", {}))
        elif (
            total.part
            and not any(agree(cell.value, one, column, self.count) for one in tried)
            and abs(cell.value) <= abs(whole)
        ):
            cell.remarks.append(Remark(Level.GOOD, "total_part", {}))
            if total.part == "stroke" and not self._adds_up(number, name, column):
                _ask(total, self.columns)
        elif any(agree(cell.value, one, column, self.count) for one in tried):
            cell.remarks.append(Remark(Level.GOOD, "total", {"sum": shown_sum(cell.value)}))
        else:
            shown = {
                "value": vietnamese(cell.value),
                "sum": shown_sum(tried[0]),
                "gap": shown_sum(cell.value - tried[0]),
            }
            cell.remarks.append(Remark(Level.FAULT, "total_differs", shown))


def _ask(total: Total, columns: Mapping[str, Column]) -> None:
    """Once, at what names the line."""
    label = next((cell for name, cell in total.cells.items() if name not in columns), None)
    if label and not any(remark.code == "taken_for_part" for remark in label.remarks):
        label.remarks.append(Remark(Level.WARNING, "taken_for_part", {}))


def judge_parts(contract: SheetContract, items: dict[str, dict[str, Cell]]) -> None:
    """Lines that are the sum of others, in every column that adds up."""
    for name, item in contract.items.items():
        for field_name, cell in items.get(name, {}).items():
            column = contract.columns[field_name]
            if (
                not item.parts
                or column.type not in NUMERIC
                or column.type == "percent"
                or not column.additive
            ):
                continue
            parts = [items[part][field_name] for part in item.parts if field_name in items.get(part, {})]
            values = [part.value for part in parts if isinstance(part.value, float)]
            if isinstance(cell.value, float) and len(values) == len(item.parts):
                words = " + ".join(part.address for part in parts)
                _say_parts(cell, math.fsum(values), words, column, len(values))


def _say_parts(cell: Cell, total: float, words: str, column: Column, count: int) -> None:
    value = cell.value
    if not isinstance(value, float):
        return
    if agree(value, total, column, count):
        cell.remarks.append(Remark(Level.GOOD, "parts", {"sum": words}))
    else:
        shown = {
            "value": vietnamese(value),
            "parts": words,
            "sum": shown_sum(total),
            "gap": shown_sum(value - total),
        }
        cell.remarks.append(Remark(Level.FAULT, "parts_differ", shown))


def parts_remark(value: float, values: list[float], words: str, column: Column) -> Remark | None:
    """What is wrong with a cell that is the sum of others in its row."""
    total = math.fsum(values)
    if agree(value, total, column, len(values)):
        return None
    shown = {
        "value": vietnamese(value),
        "parts": words,
        "sum": shown_sum(total),
        "gap": shown_sum(value - total),
    }
    return Remark(Level.FAULT, "parts_differ", shown)


def change_remark(
    value: float, before: float, unit: str, column: Column, item: Item | None, explain: Callable[[], str]
) -> Remark | None:
    """What is to be said of a value beside that of the last period; None when nothing. `explain` is asked where it changed
    much.
    """
    limit = (item.jump if item else None) or column.jump
    if not before:
        return None
    times = value / before
    percent = (times - 1) * 100
    slip = SLIP_LOW <= abs(times) <= SLIP_HIGH or (times and SLIP_LOW <= abs(1 / times) <= SLIP_HIGH)
    if not slip and (limit is None or abs(percent) <= limit):
        return None
    explanation = explain()
    if explanation and (limit is None or abs(percent) <= limit):
        return None
    up = abs(times) > 1
    shown = {
        "value": vietnamese(value),
        "unit": unit,
        "before": vietnamese(before),
        "percent": vietnamese(round(abs(percent), 1)),
        "way": "lớn gấp" if up else "nhỏ hơn",
        "way_en": "larger" if up else "smaller",
    }
    if slip and not explanation:
        meant = near_unit(unit, -1 if up else 1) or ("đơn vị nhỏ hơn" if up else "đơn vị lớn hơn")
        return Remark(Level.FAULT, "jump_unit", {**shown, "meant": meant})
    shown |= {"way": "tăng", "way_en": "up"} if percent > 0 else {"way": "giảm", "way_en": "down"}
    if explanation:
        return Remark(Level.GOOD, "explained", {"percent": shown["percent"], "note": explanation})
    return Remark(Level.WARNING, "jump", shown)
