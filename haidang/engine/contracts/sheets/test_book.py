"""Files that only call themselves Excel, or would fill the memory, are refused with what to do."""

import zipfile
from datetime import date

import openpyxl
import pytest
import python_calamine
import xlwt

from haidang.engine.contracts.sheets.book import Book, Error, Unreadable, column_letters, column_number


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"<html><table>", "html"), (b'<?xml version="1.0"?><Workbook/>', "xml_2003"), (b"Dear all\nSincerely", "text_file"), (b"\0\1\2", "not_a_sheet"), (b"PK\3\4damaged", "damaged"), (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "damaged"), (b"", "empty_file")],
)  # fmt: skip
def test_what_is_no_workbook_says_what_it_is(tmp_path, content, code):
    path = tmp_path / "bao-cao.xls"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        Book(path)
    assert caught.value.code == code


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(Unreadable, match="no_file"):
        Book(tmp_path / "khong-co.xlsx")


@pytest.mark.parametrize("kind", ["ratio", "traversal", "ods_columns", "ods_rows"])
def test_bombs_are_refused_before_they_are_unpacked(tmp_path, kind):
    path = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind == "ratio":
            archive.writestr("xl/workbook.xml", b"0" * (40 << 20))
        elif kind == "traversal":
            archive.writestr("../xl/workbook.xml", "<a/>")
        else:
            columns, rows = ("16384", "1") if kind == "ods_columns" else ("1", "1048576")
            cell = f'<t:table-cell t:number-columns-repeated="{columns}" o:value-type="float" o:value="1"/>'
            spaces = 'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
            row = f'<t:table-row t:number-rows-repeated="{rows}">{cell}</t:table-row>'
            archive.writestr("content.xml", f"<o:document {spaces}><t:table>{row}</t:table></o:document>")
    with pytest.raises(Unreadable, match="bomb"):
        Book(path)


def test_xml_entities_are_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/workbook.xml"] = b'<!DOCTYPE a [<!ENTITY b "b">]>' + parts["xl/workbook.xml"]
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    with pytest.raises(Unreadable, match="entities"):
        Book(path)


def strange(path):
    """A workbook with everything that a plain reader trips over."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Lạ & thật"
    sheet.append(["a < b & c", "  giữ  ", 1.5, True, date(2026, 10, 1), 1e-7, "_x0041_", "dòng\nhai"])
    sheet["C5"] = 123456789012.25
    sheet["AB7"] = "xa"
    book.save(path)
    return path


def rewritten(path, change):
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"].decode()).encode()
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


SHAPES = {
    "as openpyxl writes it": lambda text: text,
    "attributes in another order": lambda text: text.replace('<c r="C1" t="n">', '<c t="n" r="C1">').replace(
        '<c r="C5" t="n">', "<c t='n' r='C5'>"
    ),
    "with a prefix": lambda text: (
        text.replace("<", "<x:").replace("<x:/", "</x:").replace('xmlns="', 'xmlns:x="')
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sheet_reads_the_same_as_with_calamine_whatever_its_shape(tmp_path, shape):
    path = rewritten(strange(tmp_path / "a.xlsx"), SHAPES[shape])
    theirs = python_calamine.CalamineWorkbook.from_path(strange(tmp_path / "b.xlsx")).get_sheet_by_index(0)
    wanted = {
        (r, c): v
        for r, row in enumerate(theirs.to_python(skip_empty_area=False), 1)
        for c, v in enumerate(row)
        if v != ""
    }
    with Book(path) as book:
        (sheet,) = book.sheets
        sheet.prepare()
        got = {(r, c): v for r, row in sheet.rows() for c, v in enumerate(row) if v is not None}
    assert got == wanted


def test_an_old_xls_is_read_with_its_values_and_merged_cells(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Biểu")
    sheet.write_merge(0, 0, 0, 2, "Tiêu đề")
    sheet.write(1, 0, 12.5)
    path = tmp_path / "a.xls"
    book.save(str(path))
    with Book(path) as opened:
        (found,) = opened.sheets
        found.prepare()
        assert found.merges == [(1, 0, 1, 2)]
        assert dict(found.rows()) == {1: ["Tiêu đề"], 2: [12.5]}


def test_letters_of_columns_go_both_ways():
    assert [column_letters(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_number(column_letters(n)) == n for n in range(16384))


def test_an_error_is_a_text_of_its_own_kind():
    assert Error("#REF!") == "#REF!"
