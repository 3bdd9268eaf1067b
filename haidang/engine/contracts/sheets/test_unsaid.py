"""What calamine keeps to itself of an .xls and .ods: errors, shares, fonts, raised digits, what is hidden. LibreOffice's files: `make long`."""

from __future__ import annotations

import zipfile
from datetime import time
from pathlib import Path

import xlwt

from haidang.engine.contracts.sheets.book import Book, Clock, Error, Mark

LOOKS = {"raised": 'style:text-position="super 58%"', "struck": 'style:text-line-through-style="solid"', "old": 'style:font-name=".VnTime"'}  # fmt: skip
PLACES = ["office", "text", "table", "style"]


def as_ods(path: Path, *cells: str) -> Path:
    """One line of cells of text, as LibreOffice writes them."""
    spaces = " ".join(f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in PLACES)
    styles = "".join(
        f'<style:style style:name="{name}"><style:text-properties {look}/></style:style>'
        for name, look in LOOKS.items()
    )
    table = f'<table:table table:name="Một"><table:table-row>{"".join(cells)}</table:table-row></table:table>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def cell(words: str, style: str = "") -> str:
    look = f' table:style-name="{style}"' if style else ""
    return f'<table:table-cell{look} office:value-type="string"><text:p>{words}</text:p></table:table-cell>'


def test_raised_and_struck_pieces_of_an_ods_are_seen(tmp_path: Path) -> None:
    path = as_ods(
        tmp_path / "moi.ods",
        cell('150<text:span text:style-name="raised">1</text:span>'),
        cell('90<text:s text:c="2"/><text:span text:style-name="struck">85</text:span>'),
        cell("16", "struck"),
        cell("T\u00b8n Ninh", "old"),
    )
    with Book(path) as found:
        (sheet,) = found.sheets
        sheet.prepare()
        ((number, values),) = sheet.rows()
        assert values[:3] == ["150¹", "90  ~~85~~", "16"]
        assert sheet.marks[1, 2] == Mark(struck=True)
        assert sheet.words(number, values)[3] == "Tán Ninh"


def number(value: float, shown: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}"{more}><text:p>{shown}</text:p></table:table-cell>'


def test_merged_cells_and_what_formats_make_of_numbers_are_seen_in_an_ods(tmp_path: Path) -> None:
    path = as_ods(
        tmp_path / "moi.ods",
        number(7, "7", ' table:number-columns-spanned="2" table:number-rows-spanned="3"'),
        "<table:covered-table-cell/>",
        number(1500, ""),
        number(1500, "1.500 tỷ đồng"),
        number(1500, "2"),
        number(1500, "1.500,00"),
        number(1, "TRUE"),
        number(1.5e20, "1,5E+20"),
    )
    with Book(path) as found:
        (sheet,) = found.sheets
        sheet.prepare()
        ((_, values),) = sheet.rows()
        assert sheet.merges == [(1, 0, 3, 1)]
        assert values[6] is True
        assert sheet.marks == {
            (1, 2): Mark(unshown=True),
            (1, 3): Mark(unit="tỷ đồng"),
            (1, 4): Mark(thousands=1),
        }


def test_raised_and_struck_pieces_of_an_xls_are_seen_however_many_texts_stand_before(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Một")
    raised, struck = xlwt.easyfont("escapement superscript"), xlwt.easyfont("struck_out true")
    for row in range(300):  # some forty thousand bytes: their record is cut into five
        sheet.write(row, 0, f"chữ {row} " + ("ớ" if row % 3 else "o") * (row % 97))
    sheet.write_rich_text(300, 0, ["150", ("1", raised)])
    sheet.write_rich_text(301, 0, ["90 ", ("85", struck)])
    sheet.write(302, 0, 7, xlwt.easyxf("font: struck_out true"))
    path = tmp_path / "cu.xls"
    book.save(str(path))
    with Book(path) as found:
        (one,) = found.sheets
        one.prepare()
        rows = dict(one.rows())
        assert (rows[301], rows[302]) == (["150¹"], ["90 ~~85~~"])
        assert one.marks[303, 0] == Mark(struck=True)


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
