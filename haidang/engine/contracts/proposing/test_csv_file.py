"""A text file is read as it stands, or refused with the reason: whatever somebody uploads is no fault of ours."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from haidang.engine.contracts.proposing.csv_file import workbook_of
from haidang.engine.contracts.sheets.book import Unreadable


def cells(body: bytes) -> list[tuple[Any, ...]]:
    sheet = load_workbook(BytesIO(workbook_of(body, "luu-tru.csv"))).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'Co so,So luot\n"Hoa Binh' + b"x" * 200_000 + b",12\n", "text_file"),
        ("Cơ sở,Số lượt\nHòa Bình,12\n".encode("utf-16-le"), "not_a_sheet"),
        (b"Co so,So luot\nHoa\0Binh,12\n", "not_a_sheet"),
    ],
)
def test_what_is_no_table_of_text_is_refused_with_a_reason(body: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        workbook_of(body, "luu-tru.csv")
    assert refused.value.code == code


def test_a_control_character_within_a_cell_is_white_space() -> None:
    assert cells("Cơ sở;Số lượt\nHòa\x0bBình;12\n".encode()) == [("Cơ sở", "Số lượt"), ("Hòa Bình", "12")]


def test_a_field_that_looks_like_a_formula_is_the_text_that_stands_there() -> None:
    book = load_workbook(BytesIO(workbook_of(b"A,B\n=1+2,3\n", "x.csv")))
    assert book.active is not None
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("=1+2", "s")
