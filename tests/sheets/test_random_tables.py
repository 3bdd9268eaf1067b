"""Tables put together at random the way offices do – titles, units, order of columns, totals with their parts, groups, numbers as
text, names in any spelling, tables side by side – whose meaning is known: each number is read as it was meant, none is counted twice.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from haidang.engine.contracts.sheets.communes import communes
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.verdict import address
from haidang.engine.contracts.tree import load_tree
from tests.sheets.draft import nfd
from tests.sheets.held import HeldBook, examined

CONTRACTS = {address: entry.thing for address, entry in load_tree().sheets.items()}
TAY_NINH = communes("80", Period.parse("2026-10").last_day)
PLACES = [
    (code, name) for code, name in TAY_NINH.codes.items() if TAY_NINH.find(name.partition(" ")[2]) == [code]
]
SIGNS = str.maketrans(",.", ".,")
MONEY = {"triệu đồng": 1.0, "đồng": 1e6, "nghìn đồng": 1e3, "tỷ đồng": 1e-3}
# Contract → title, what its lines are called, names of lines, and columns: field, headings, decimals, least, most.
TABLES: dict[str, tuple[str, list[str], list[str], list[tuple[str, list[str], int, int, int]]]] = {
    "economy.commune_revenue": ("THU NGÂN SÁCH THÁNG 10 NĂM 2026", ["Xã, phường", "Địa phương", "Tên xã, phường"], [], [
        ("plan", ["Dự toán năm", "DT 2026"], 2, 2000, 9000), ("value", ["Kỳ này", "Thực hiện tháng 10", "Ước TH T10/2026"], 2, 90, 500),
        ("cumulative", ["Lũy kế", "LK 10T", "Cộng dồn"], 2, 900, 5000)]),
    "population.people": ("DÂN SỐ NĂM 2026", ["Xã, phường", "Địa phương"], [], [
        ("people", ["Dân số", "Số dân"], 0, 21000, 90000), ("households", ["Số hộ", "Tổng số hộ"], 0, 2000, 20000), ("area", ["Diện tích (km2)", "Diện tích tự nhiên (km²)"], 1, 10, 300)]),
    "documents.offices": ("TÌNH HÌNH XỬ LÝ VĂN BẢN", ["Cơ quan", "Tên đơn vị"], ["Sở Y tế", "Sở Nội vụ", "UBND xã Tân Biên", "Thanh tra tỉnh", "Sở Tài chính", "Sở Tư pháp", "Ban Quản lý khu kinh tế"], [
        ("incoming", ["Văn bản đến"], 0, 100, 900), ("outgoing", ["Văn bản đi"], 0, 50, 400), ("signed", ["VB ký số"], 0, 1, 50), ("on_time", ["Đúng hạn"], 0, 10, 90), ("late", ["Quá hạn"], 0, 1, 9),
        ("handled", ["Đã xử lý"], 0, 0, 0), ("waiting", ["Đang xử lý"], 0, 9, 50), ("waiting_late", ["Tồn quá hạn"], 0, 0, 9), ("handling_days", ["Tổng số ngày xử lý"], 1, 100, 900)]),
}  # fmt: skip
Line = tuple[str, str, dict[str, float]]


@dataclass
class Table:
    """`truth` has what cells of lines mean, by row and column."""

    rng: random.Random
    contract: str
    columns: list[tuple[str, str, int]]
    style: str
    scale: float
    rows: list[list[Any]] = field(default_factory=list)
    truth: dict[tuple[int, int], Any] = field(default_factory=dict)
    numbered: int = 0

    def written(self, value: float, decimals: int) -> Any:
        """As a number or as a text, of which no reading is left open."""
        stored = round(value * self.scale, 8) if self.contract == "economy.commune_revenue" else value
        if self.rng.choice([self.style, "number" if self.style == "mixed" else self.style]) == "number":
            return stored
        digits = max(len(repr(float(stored)).partition(".")[2]), 1) if decimals else 0
        text = f"{stored:,.{4 if digits == 3 else digits}f}".translate(SIGNS)
        return text.replace(".", "\u00a0") if self.style == "spaces" else text

    def cells(self, label: str, values: dict[str, float], number: Any = None) -> list[Any]:
        return [number, label, *(self.written(values[name], decimals) for name, _, decimals in self.columns)]

    def spelled(self, name: str) -> str:
        kind, _, bare = name.partition(" ")
        ways = [name, name + " ", name.replace(" ", "  ")]
        if self.contract != "documents.offices":  # whose names are kept as they are written
            ways += [name.upper(), bare, f"{kind[0]}. {bare}" if kind in {"Phường", "Xã"} else name]
        spelled = self.rng.choice(ways)
        return nfd(spelled) if self.rng.random() < 0.2 else spelled

    def lines(self, lines: list[Line], start: int = 0) -> None:
        for key, name, values in lines:
            self.numbered += 1
            cells = self.cells(self.spelled(name), values, float(self.numbered))
            self.rows.append([None] * start + cells)
            self.known(len(self.rows), start, key, values)

    def known(self, row: int, start: int, key: str, values: dict[str, float]) -> None:
        self.truth[row, start + 1] = key
        for place, (name, _, _) in enumerate(self.columns):
            self.truth[row, start + 2 + place] = values[name]

    def total(self, label: str, lines: list[Line], number: Any = None) -> list[Any]:
        return self.cells(
            label, {n: round(sum(one[2][n] for one in lines), 6) for n, _, _ in self.columns}, number
        )


def begun(seed: int) -> tuple[Table, list[Line]]:
    """Titles, units and headings; lines are still to come."""
    rng = random.Random(seed)  # noqa: S311 - a table, no secret
    contract = rng.choice(list(TABLES))
    title, called, names, known = TABLES[contract]
    known = rng.sample(known, len(known)) if rng.random() < 0.4 else known
    unit = rng.choice(list(MONEY)) if contract == "economy.commune_revenue" else ""
    table = Table(
        rng, contract, [(name, rng.choice(words), decimals) for name, words, decimals, _, _ in known],
        rng.choice(["number", "text", "spaces", "mixed"]), MONEY.get(unit, 1.0),
    )  # fmt: skip
    lines: list[Line] = []
    for key, name in (
        [(n, n) for n in rng.sample(names, 6)] if names else rng.sample(PLACES, rng.randint(4, 8))
    ):
        values = {n: round(rng.uniform(low, high), decimals) for n, _, decimals, low, high in known}
        if "handled" in values:
            values["handled"] = values["on_time"] + values["late"]
        lines.append((key, name, values))
    if rng.random() < 0.7:
        table.rows.append(["UBND TỈNH TÂY NINH", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"])
        table.rows.append([None] * rng.randint(0, 3) + [f"BÁO CÁO {title}"])
    if unit:
        table.rows.append([None] * rng.randint(0, 4) + [f"Đơn vị tính: {unit}"])
    table.rows.append(["STT", rng.choice(called), *(words for _, words, _ in table.columns)])
    return table, lines


def whole(seed: int) -> Table:
    """One table, with totals and their parts above or below, or groups with sums of their own."""
    table, lines = begun(seed)
    rng, half = table.rng, len(lines) // 2
    if rng.random() < 0.3:
        table.rows.append([str(number) for number in range(1, len(table.columns) + 3)])
    shape = rng.choice(["plain", "below", "above", "groups", "again"])
    if shape == "above":
        table.rows.append(table.total("TỔNG SỐ", lines))
        table.rows.append([None, "Trong đó:"])
        kinds = [[one for one in lines if one[1].startswith(kind)] for kind in ("Phường", "Xã")]
        labels = ["- Các phường", "- Xã:"]
        if table.contract == "documents.offices":
            kinds, labels = [lines[:half], lines[half:]], ["- Khối thứ nhất", "- Khối thứ hai"]
        table.rows += [table.total(label, some) for label, some in zip(labels, kinds, strict=True) if some]
    for number, some in enumerate((lines[:half], lines[half:]), 1):
        if shape == "groups":
            table.rows.append(table.total(f"Khu vực {number}", some, "I" * number))
        elif shape == "again" and number == 2:
            table.rows.append(next(row for row in table.rows if row[0] == "STT"))
        table.lines(some)
    if shape == "below":
        table.rows.append(table.total("Tổng cộng", lines))
    if rng.random() < 0.5:
        table.rows += [
            [None, "Ghi chú: số liệu sơ bộ"],
            [None, None, "Tây Ninh, ngày 05 tháng 11 năm 2026"],
            [None, "Người lập biểu"],
        ]
    return table


def side_by_side(seed: int) -> Table:
    """The same lines in two or three tables beside each other, the last with the total of all or without."""
    table, lines = begun(seed)
    parts, gap = table.rng.choice([2, 3]), table.rng.choice([0, 1])
    height, width = -(-len(lines) // parts), len(table.columns) + 2 + gap
    heads = table.rows.pop()
    table.rows.append((heads + [None] * gap) * parts)
    first = len(table.rows) + 1
    table.rows += [[None] * width * parts for _ in range(height + 1)]
    for number, (key, name, values) in enumerate(lines):
        part, down = divmod(number, height)
        cells = table.cells(table.spelled(name), values, float(number + 1))
        table.rows[first - 1 + down][part * width : part * width + len(cells)] = cells
        table.known(first + down, part * width, key, values)
    if table.rng.random() < 0.5:
        cells = table.total("Tổng cộng", lines)
        table.rows[first - 1 + height][(parts - 1) * width : (parts - 1) * width + len(cells)] = cells
    return table


@pytest.mark.parametrize("made", [whole, side_by_side])
def test_every_number_of_a_random_table_is_read_as_it_was_meant(made: Any):
    for seed in range(60):
        table = made(seed)
        examination, cells = examined(CONTRACTS[table.contract], HeldBook(table.rows))
        there = {(cell.row, cell.column): cell for cell in cells}
        for place, meant in table.truth.items():
            found = there[place].value
            same = found == pytest.approx(meant, rel=1e-9) if isinstance(meant, float) else found == meant
            assert same, (seed, address(*place), meant, there[place], table.rows)
        assert [(seed, cell.reason()) for cell in cells if cell.level] == []
        assert examination.records == len({key for key in table.truth.values() if isinstance(key, str)}), seed
