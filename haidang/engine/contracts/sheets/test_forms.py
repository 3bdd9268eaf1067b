"""Rows read by their form are what they are when read cell by cell."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from haidang.engine.contracts.sheets import forms
from haidang.engine.contracts.sheets.book import Book, Mark


def many_kinds(path: Path, *, constant_memory: bool) -> Path:
    """Texts, numbers of every size, days, shares, old fonts, formulas, gaps, hidden rows and signs of XML, in no order."""
    rng = random.Random(7)  # noqa: S311 - a file, no secret
    book = xlsxwriter.Workbook(path, {"constant_memory": constant_memory})
    sheet = book.add_worksheet()
    looks = [
        book.add_format(one)
        for one in (
            {"num_format": "dd/mm/yyyy"},
            {"num_format": "0.0%"},
            {"font_name": ".VnTime"},
            {"bold": True},
        )
    ]
    for row in range(400):
        sheet.set_row(row, 0 if row % 50 == 49 else None, None, {"hidden": row % 90 == 89})
        for column in range(9):
            kind = (column + (rng.randint(0, 8) if row % 7 == 0 else 0)) % 9
            look = looks[rng.randint(0, 3)] if row % 31 == 0 else None
            if kind == 0:
                sheet.write_number(
                    row, column, rng.choice([row, -0.5, 1e-9, 1.5e300, 12345678901234567]), look
                )
            elif kind == 1:
                sheet.write_string(
                    row, column, rng.choice(["Tân Ninh", "A & B <1>", "_x0041_", " lùi "]), look
                )
            elif kind == 2:
                sheet.write_number(row, column, 46000 + row + rng.choice([0, 0.25]), looks[0])
            elif kind == 3:
                sheet.write_number(row, column, rng.random(), looks[1])
            elif kind == 4:
                sheet.write_string(row, column, "T©n Ninh", looks[2])
            elif kind == 5:
                sheet.write_formula(
                    row, column, f'=A{row + 1}*2 & "<"' if row % 40 == 3 else f"=A{row + 1}<2", look, row
                )
            elif kind == 6:
                sheet.write_blank(row, column, None, looks[3])
    book.close()
    return path


@pytest.mark.parametrize("constant_memory", [False, True])
def test_a_row_is_the_same_by_its_form_and_cell_by_cell(
    constant_memory: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = many_kinds(tmp_path / "a.xlsx", constant_memory=constant_memory)
    read = []
    for most in (forms.MOST, 0):
        monkeypatch.setattr(forms, "MOST", most)
        with Book(path) as book:
            (sheet,) = book.sheets
            sheet.prepare()
            rows = list(sheet.rows())
            fitted = sheet._forms.fitted  # type: ignore[attr-defined]
            read.append((rows, sheet.marks, sheet.fonts, sheet.hidden_rows))
            assert (fitted > 200) is bool(most)
    assert read[0] == read[1]
    assert len(read[0][0]) == 400


def test_formulas_that_were_filled_down_are_told_of_every_line(tmp_path: Path):
    """Excel writes the words of a formula once, and refers to them in the lines below."""
    made, path = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for row in range(5):
        sheet.write_number(row, 0, row)
        sheet.write_formula(row, 1, f"=A{row + 1}*2", None, 2 * row)
    book.close()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.infolist():
            text = old.read(part).decode()
            if part.filename.endswith("sheet1.xml"):
                text = text.replace("<f>A1*2</f>", '<f t="shared" ref="B1:B5" si="0">A1*2</f>')
                text, times = re.subn(r"<f>A\d\*2</f>", '<f t="shared" si="0"/>', text)
                assert times == 4
            new.writestr(part, text)
    with Book(path) as read:
        (sheet,) = read.sheets
        sheet.prepare()
        assert [cells for _, cells in sheet.rows()] == [[float(n), 2.0 * n] for n in range(5)]
        assert sheet.marks[1, 1] == Mark(formula="=A1*2")
        assert {sheet.marks[row, 1].formula for row in range(2, 6)} == {"="}


def test_a_sheet_whose_rows_have_no_form_in_common_is_no_longer_asked(tmp_path: Path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    for row in range(300):
        for column in range(12):
            if row >> column & 1:
                sheet.write_number(row, column, row)
    book.close()
    with Book(tmp_path / "a.xlsx") as read:
        (sheet,) = read.sheets
        sheet.prepare()
        assert sum(len(cells) - cells.count(None) for _, cells in sheet.rows()) == sum(
            n.bit_count() for n in range(300)
        )
        assert sheet._forms.known == []
