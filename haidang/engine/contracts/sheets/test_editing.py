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
from haidang.engine.contracts.sheets.formulas import Range, come_to
from haidang.engine.contracts.sheets.functions import NotComputed


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
        sheet.write_formula("B8", "=VLOOKUP(B3,A3:B5,2)", None, 7)
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
    assert (values(target)["B6"], values(target)["B7"]) == (61.0, pytest.approx(2.55))


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


FORMULAS = [
    ("=A1+B1*2-C1/4", 10 + 20 * 2 - 40 / 4), ("=-A1^2", 100.0), ("=2^3^2", 64.0), ("=A1%*50", 5.0), ("=(A1+B1)*(C1-1)", 30.0 * 39),
    ("=SUM(A1:C1,5)", 75.0), ("=SUM(A1:E1)", 70.0), ("=AVERAGE(A1:E1)", 70 / 3), ("=MIN(A1:C1)+MAX(A1:C1)", 50.0),
    ('=COUNT(A1:F1)&"/"&COUNTA(A1:F1)', "3/5"), ("=ROUND(A1/3,2)", 3.33), ("=ROUND(2.675,2)+0*A1", 2.68),
    ("=ROUNDUP(A1/3,0)+ROUNDDOWN(-B1/3,0)+INT(-A1/4)", 4.0 - 6 - 3), ("=ROUND(A1*123.4,-2)", 1200.0),
    ('=IF(AND(A1>5,NOT(B1=1)),"có","không")', "có"), ("=IF(A1>50,1)", False), ("=IF(D1=0,A1,B1)", 10.0), ('=D1=""', True),
    ("=IFERROR(A1/0,-1)", -1.0), ("=A1/D1", Error("#DIV/0!")), ("=SUM(A1,F1)", Error("#REF!")), ('=COUNTIF(A1:C1,">15")', 2.0),
    ('=SUMIF(A1:C1,"<>20",A2:C2)', 4.0), ('=SUMIF(A3:C3,"thu",A1:C1)', 50.0), ("=SUMPRODUCT(A1:C1,A2:C2)", 10 + 40 + 120.0),
    ("=SUMPRODUCT((A1:C1>15)*A2:C2)", 5.0), ("='T2'!B3*$A$1", 70.0), ("=SUM(Goc)", 70.0), ("=SUM(A:A)+SUM(2:2)", 11.0 + 6), ('="x"&A1', "x10"),
    ('=1>"a"', False), ('="A"="a"', True), ("=MAX(D1:E1)", 0.0), ("=ABS(A1-B1)", 10.0), ("=PRODUCT(A1:B1,E1)", 200.0), ("=A1+E1", None),
    ("=VLOOKUP(A1,A1:C2,2)", None), ("=A1:C1*2", None), ('=SUMIF(A3:C3,"t*",A1:C1)', None), ("=SUM(T2!Z9:T3!A1)", None), ("=Table1[Thu]+1", None),
]  # fmt: skip
SHEETS: dict[str, list[list[Value]]] = {
    "T1": [[10.0, 20.0, 40.0, None, "chữ", Error("#REF!")], [1.0, 2.0, 3.0], ["thu", "chi", "Thu"]],
    "T2": [[], [], [None, 7.0]],
}


def look(place: Range) -> list[list[Value]]:
    rows = SHEETS[place.sheet]

    def cell(row: int, column: int) -> Value:
        return rows[row - 1][column] if row <= len(rows) and column < len(rows[row - 1]) else None

    return [
        [cell(row, column) for column in range(place.left, min(place.right, 6) + 1)]
        for row in range(place.top, min(place.bottom, 4) + 1)
    ]


@pytest.mark.parametrize(("formula", "expected"), FORMULAS, ids=[formula for formula, _ in FORMULAS])
def test_a_formula_comes_to_what_excel_says_or_to_nothing(formula: str, expected: Value) -> None:
    names = {"GOC": "'T1'!$A$1:$C$1"}
    if expected is None:
        with pytest.raises(NotComputed):
            come_to(formula, "T1", names, look)
    else:
        found = come_to(formula, "T1", names, look)
        assert type(found) is type(expected)
        assert found == (pytest.approx(expected) if type(expected) is float else expected)


def test_no_result_outlives_a_change_it_depends_on(tmp_path: Path) -> None:
    """Over sheets, names, whole columns, arrays and references made at run time; circles come to nothing."""
    source, target = tmp_path / "goc.xlsx", tmp_path / "sua.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet, other = book.add_worksheet("Biểu 1"), book.add_worksheet("Tổng hợp")
        sheet.write_column("A1", [1, 2, 3])
        book.define_name("So_thu", "='Biểu 1'!$A$1:$A$3")
        for row, formula in enumerate(
            ("='Biểu 1'!A1*2", "=SUM(So_thu)", "=SUM('Biểu 1'!A:A)", "=B2+B3", "=7*6")
        ):
            other.write_formula(row, 1, formula, None, 99)
        other.write_array_formula("B6:B6", "{=SUM('Biểu 1'!A1:A3*'Biểu 1'!A1:A3)}", None, 99)
        other.write_array_formula("D1:D3", "{='Biểu 1'!A1:A3*2}", None, 99)
        other.write_formula("B7", '=INDIRECT("A1")', None, 99)
        other.write_formula("B8", "='Biểu 1'!A1+B9", None, 99)
        other.write_formula("B9", "=B8+1", None, 99)
    write_edited(source, target, {("Biểu 1", 1, 0): 11.0})
    now = load_workbook(target, data_only=True)["Tổng hợp"]
    assert [now[f"B{row}"].value for row in range(1, 10)] == [22, 16, 16, 32, 99, 134, None, None, None]
    assert [now[f"D{row}"].value for row in range(1, 4)] == [None, None, None]
