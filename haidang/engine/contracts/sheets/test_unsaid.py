"""What calamine keeps to itself of an .xls: errors, shares, fonts, what is hidden. LibreOffice's files: `make long`."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import xlwt

from haidang.engine.contracts.sheets.book import Book, Clock, Error, Mark


def test_errors_shares_fonts_and_hidden_parts_of_an_xls_are_seen(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    for title in ("Một", "Hai"):
        sheet = book.add_sheet(title)
        sheet.write(0, 0, "Thu")
        sheet.row(1).set_cell_error(3, "#DIV/0!")
        sheet.row(2).set_cell_error(0, "#VALUE!")
        for column in (1, 2):  # two beside each other are one record
            sheet.write(1, column, 1, xlwt.easyxf(num_format_str="0.0%"))
        sheet.write(3, 0, 0.3, xlwt.easyxf(num_format_str="0%"))
        sheet.write(3, 1, 7, xlwt.easyxf(num_format_str='0" %"'))
        sheet.write(4, 0, "B\xb8o c\xb8o", xlwt.easyxf("font: name .VnTime"))
        sheet.write(5, 0, time(7, 45), xlwt.easyxf(num_format_str="hh:mm"))
        sheet.row(3).hidden = True
        sheet.col(2).hidden = True
    path = tmp_path / "cu.xls"
    book.save(str(path))
    with Book(path) as found:
        for one in found.sheets:
            one.prepare()
            rows = dict(one.rows())
            assert rows[2][3] == Error("#DIV/0!")
            assert isinstance(rows[3][0], Error)
            assert {cell for cell, mark in one.marks.items() if mark.percent} == {(2, 1), (2, 2), (4, 0)}
            assert one.marks[5, 0] == Mark(font=".VnTime")
            assert one.words(5, rows[5]) == ["Báo cáo"]
            assert isinstance(rows[6][0], Clock)
            assert (one.hidden_rows, one.hidden_columns) == ({4}, {2})
