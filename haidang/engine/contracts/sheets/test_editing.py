"""Changed cells keep their workbook: values stay numbers, formulas come to what follows, nothing else moves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from haidang.engine.contracts.definition import Text
from haidang.engine.contracts.sheets.book import Book, Error, Value
from haidang.engine.contracts.sheets.definition import Column
from haidang.engine.contracts.sheets.editing import Merged, value_of, write_edited


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Numbers, a bold text, sums over them, a formula we cannot compute, and a merged title."""
    path = tmp_path / "goc.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("T10")
        sheet.merge_range("A1:C1", "Báo cáo")
        sheet.write("A2", "Thu", book.add_format({"bold": True}))
        for row, number in enumerate((10, 20, 30), 3):
            sheet.write_number(f"B{row}", number)
        sheet.write_formula("B6", "=SUM(B3:B5)", None, 60)
        sheet.write_formula("B7", "=(B6-B3)/2*10%", None, 2.5)
        sheet.write_formula("B8", '=IF(B3>5,"lớn","nhỏ")', None, "lớn")
        sheet.write_formula("B9", "=ROUND(B4,0)", None, 20)
    return path


def values(path: Path) -> dict[str, Value]:
    with Book(path) as book:
        sheet = book.sheets[0]
        sheet.prepare()
        return {f"{'ABC'[c]}{row}": value for row, cells in sheet.rows() for c, value in enumerate(cells)}


def test_sums_follow_a_changed_cell_and_the_rest_stays(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "sua.xlsx"
    write_edited(source, target, {("T10", 3, 1): 110.0, ("T10", 2, 2): "ghi chú"})
    now = values(target)
    assert (now["B3"], now["B6"], now["B7"]) == (110.0, 160.0, 2.5)
    assert (now["B9"], now["C2"], now["A1"]) == (20.0, "ghi chú", "Báo cáo")
    assert isinstance(now["B8"], Error), "what it would come to is not known: Excel is asked for"
    kept = load_workbook(target)["T10"]
    assert (kept["B6"].value, kept["A2"].font.bold) == ("=SUM(B3:B5)", True)
    assert [str(one) for one in kept.merged_cells.ranges] == ["A1:C1"]


def test_a_formula_gives_way_to_what_is_typed_over_it(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "sua.xlsx"
    write_edited(source, target, {("T10", 6, 1): 61.0})
    assert (values(target)["B6"], values(target)["B7"]) == (61.0, 2.55)


def test_inside_a_merged_range_nothing_is_written(source: Path, tmp_path: Path) -> None:
    with pytest.raises(Merged, match="B1"):
        write_edited(source, tmp_path / "sua.xlsx", {("T10", 1, 1): 1.0})


def column(kind: str) -> Column:
    return Column(title=Text(vi="Cột"), type=kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("2600,5", "number", 2600.5), ("1.234,5", "number", 1234.5), ("", "number", None), ("-", "number", "-"),
        ("1.234", "number", "1.234"), ("1.234", "whole", 1234.0), ("5 tỷ đồng", "number", "5 tỷ đồng"),
        ("02/11/2026", "date", date(2026, 11, 2)), ("007", "text", "007"), ("=1+1", "text", "=1+1"),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_what_excel_would_keep(text: str, kind: str, expected: Value) -> None:
    assert value_of(text, column(kind)) == expected


@pytest.mark.parametrize(
    ("form", "kept"),
    [("0.0%", "General"), ("dd/mm/yyyy", "General"), ("#,##0,", "General"), ("#,##0.0", "#,##0.0")],
)
def test_a_typed_number_is_shown_as_the_number_it_is(tmp_path: Path, form: str, kept: str) -> None:
    source, target = tmp_path / "goc.xlsx", tmp_path / "sua.xlsx"
    with xlsxwriter.Workbook(source) as book:
        book.add_worksheet("T10").write_number("A1", 0.384, book.add_format({"num_format": form}))
    write_edited(source, target, {("T10", 1, 0): 40.0})
    cell = load_workbook(target)["T10"]["A1"]
    assert (cell.value, cell.number_format) == (40, kept)
