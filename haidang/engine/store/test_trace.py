"""Line numbers and neighbours are those of the bytes, however the sender ends its lines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from haidang.engine.contracts.records import divide
from haidang.engine.store.trace import Line


def line(body: bytes, number: int, form: str = "lines") -> Line:
    record = divide(body, form)[number]
    return Line(
        1, number, "x.y", "ftp", "a.txt", "u", datetime(2026, 11, 20, tzinfo=UTC), "", 0, body, record
    )


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_line_is_numbered_and_marked_whichever_way_lines_end(end: bytes) -> None:
    found = line(end.join([b"a", b"", b"b", b"c"]), 1)
    assert (found.text, found.number) == ("b", 3)
    assert found.surrounding() == [(1, "a", False), (2, "", False), (3, "b", True), (4, "c", False)]


def test_only_bytes_end_lines_so_letters_that_end_lines_elsewhere_do_not() -> None:
    found = line("a\u0085\u2028b\nc\n".encode(), 1)
    assert found.surrounding() == [(1, "a\u0085\u2028b", False), (2, "c", True)]


def test_a_record_within_a_line_has_the_number_of_that_line() -> None:
    found = line(b'\n{"station": "A",\n "readings": [1, 2]}', 1, "json")
    assert found.number == 3
    assert [mark for _, _, mark in found.surrounding()] == [False, False, True]
