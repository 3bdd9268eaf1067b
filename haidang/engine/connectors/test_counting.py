"""A delivery of too many records is refused before anything is made of each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.engine.connectors import counting
from haidang.engine.connectors.arrival import Refused
from haidang.engine.connectors.counting import RECORDS, admit, admit_file, admitted, count


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"a\n" * RECORDS, "lines"),
        (b"\n" * (RECORDS - 1) + b"a", "lines"),
        (b"1\n" * RECORDS, "ndjson"),
        (b'{"readings": [' + b"1," * (RECORDS - 1) + b"1]}", "json"),
    ],
)
def test_as_many_as_allowed_are_taken(body: bytes, form: str) -> None:
    assert admit(body, form) in {RECORDS, 1}


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"a\n" * (RECORDS + 1), "lines"),
        (b"a\r" * (RECORDS + 1), "lines"),
        (b"\n" * (32 << 20), "lines"),
        (b"\n" * (32 << 20), "ndjson"),
        (b"[1,1,1]\n" * (RECORDS // 2), "ndjson"),
        (b'{"readings": [' + b"1," * RECORDS + b"1]}", "json"),
        (b"[" + b"1," * (16 << 20) + b"1]", "json"),
    ],
)
def test_more_are_refused(body: bytes, form: str) -> None:
    with pytest.raises(Refused) as refused:
        admit(body, form)
    assert refused.value.reason == "too_many_records"


@pytest.mark.parametrize("form", ["json", "ndjson", "lines"])
def test_a_large_file_is_counted_in_a_process_of_its_own_by_the_same_rule(tmp_path: Path, form: str) -> None:
    body = b'{"station": "A", "readings": [1, 2, 3]}\n' * 30_000
    path = tmp_path / "body"
    path.write_bytes(body)
    assert len(body) > counting._APART_BYTES
    assert admit_file(path, form) == count(body, form)


def test_a_large_file_of_too_many_records_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"a line of text\n" * (RECORDS + 1))
    with pytest.raises(Refused) as refused:
        admit_file(path, "lines")
    assert refused.value.reason == "too_many_records"


@pytest.mark.parametrize(
    ("body", "form"), [(b"[" + b"1," * 5_000 + b"1]", "json"), (b"{}\n" * 5_000, "ndjson"), (b"{}", "json")]
)
async def test_many_messages_are_counted_alike_beside_other_requests(body: bytes, form: str) -> None:
    assert await admitted(body, form) == count(body, form)
