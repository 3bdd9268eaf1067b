"""English sentences about cells say units in English; what stands in the file, or is to be typed there, stays as it is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from haidang.engine.contracts.sheets.numerals import shown_raw
from haidang.engine.contracts.sheets.sentences import REASONS, TOLD, said


@pytest.mark.parametrize(
    ("code", "args", "words"),
    [
        ("converted", {"raw": "31,25", "unit": "tỷ đồng", "wanted": "triệu đồng"}, "from 31.25 billion dong to million dong"),
        ("stated_differs", {"value_en": "5", "published_en": "6", "unit": "triệu đồng", "of_en": "September 2026", "gap_en": "-1"},
         "says 5 million dong for September 2026, but 6 million dong is published"),
        ("unit", {"unit": "nghìn đồng", "wanted": "triệu đồng"}, "unit “nghìn đồng”, the contract wants million dong."),
        ("unit", {"unit": "kg", "wanted": "không đơn vị"}, "the contract wants no unit."),
        ("unit_told", {"unit": "người", "before": "hộ"}, "unit of the lines below: people (above: households)"),
    ],
)  # fmt: skip
def test_a_unit_is_said_in_english(code: str, args: dict[str, object], words: str) -> None:
    assert words in said(code, {"cell": "D5", **args}, "en")


@pytest.mark.parametrize(
    ("code", "args", "en", "vi"),
    [
        ("out_of_range", {"value": "103.190", "unit": "%", "low": "-100", "high": "1.000"},
         "103,190 % is outside what is possible (-100 to 1,000)", "103.190 % ngoài khoảng có thể (-100 đến 1.000)"),
        ("jump", {"value": "1.234,5", "unit": "tỷ đồng", "before": "600", "way_en": "up", "way": "tăng", "percent": "105,75"},
         "1,234.5 billion dong, last period 600, up by 105.75%", "1.234,5 tỷ đồng, kỳ trước 600, tăng 105,75%"),
        ("from_text", {"raw": "1.234,5"}, "“1.234,5”", "“1.234,5”"),
        ("unused", {"raw": "1.234,5"}, "“1.234,5”", "“1.234,5”"),
        ("unused", shown_raw(1234.5), "“1,234.5”", "“1.234,5”"),
        ("hidden_number", shown_raw(1234.5), "1,234.5 is hidden", "số 1.234,5 bị"),
        ("two_readings", {"raw": "1.234", "one": "1.234", "other": "1,234", "sure": "1,2340"},
         "“1.234” can be read as 1,234 or as 1.234. Enter it as a number in Excel, or write 1.234,0 or 1,2340.", "“1.234” có hai cách đọc: 1.234 hay 1,234"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_the_language_does_and_what_stands_in_a_file_as_there(
    code: str, args: dict[str, object], en: str, vi: str
) -> None:
    assert en in said(code, {"cell": "D5", **args}, "en")
    assert vi in said(code, {"cell": "D5", **args})


ENGLISH = {code: f"{reason.en} {reason.remedy_en}" for code, reason in REASONS.items()} | {
    code: en for code, (_vi, en) in TOLD.items()
}
# What writes a number as people here do.
WRITERS = {"vietnamese", "shown_sum", "grouped", "_bound"}
# What is to be typed into a file stands as it is to be typed; the sentence of `one` has it in English too.
TYPED = {"one", "sure"}


def numbers_told() -> set[str]:
    """The arguments of remarks that are told as written numbers, wherever one is made."""
    engine = Path(__file__).parents[2]
    found: set[str] = set()
    for path in [*Path(__file__).parent.glob("*.py"), *(engine / "submissions").glob("*.py")]:
        if path.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
                calls = {call.func.id for call in ast.walk(value) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)}  # fmt: skip
                if isinstance(key, ast.Constant) and calls & WRITERS:
                    found.add(str(key.value))
    return found


def test_every_number_told_is_written_in_english_in_english_sentences() -> None:
    told = numbers_told() - TYPED
    assert {"value", "times", "days", "raw"} <= told  # the walk finds them
    for code, words in ENGLISH.items():
        bare = {name for name in re.findall(r"(?<!“){(\w+)}", words) if name in told}
        for name in bare:
            text = said(code, {"cell": "D5", name: "1.234,5"}, "en")
            assert "1,234.5" in text, (code, name)
            assert "1.234,5" not in text.replace("such as 1.234,5", ""), (code, name)


def test_the_vietnamese_sentence_keeps_the_unit() -> None:
    assert "từ 31,25 tỷ đồng sang triệu đồng" in said(
        "converted", {"raw": "31,25", "unit": "tỷ đồng", "wanted": "triệu đồng"}
    )


def test_no_english_sentence_says_a_unit_as_the_file_writes_it_but_in_quotes() -> None:
    english = [text for reason in REASONS.values() for text in (reason.en, reason.remedy_en)]
    english += [en for _vi, en in TOLD.values()]
    bare = [text for text in english if re.search(r"(?<!“)\{unit\}", text)]
    assert bare == []
