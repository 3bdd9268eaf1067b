"""What a content file says wrongly is told with its line, its field, what is allowed and how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from haidang.engine.contracts.definition import SourceDefinition
from haidang.engine.contracts.reading import ContentError, Problem, read
from haidang.engine.contracts.tree import BUILT_IN

SHEET = """\
title: {vi: Khách du lịch}
kind: sheet
period: month
province: "80"
key: [place]
due_days: 20
columns:
  place: {title: {vi: Xã}, type: place, required: true, aliases: [Địa bàn]}
  visitors:
    title: {vi: Lượt khách}
    type: whole
    min: 0
"""
READINGS = """\
title: {vi: Tệp}
kind: readings
asset_kinds: [air]
every: 5m
silent_after: 20m
parameters:
  NO: {title: {vi: Nitơ monoxit}, unit: µg/m3, min: 0, max: 10}
"""


def the_problem(tmp_path: Path, text: str, kind: Any = BUILT_IN["contracts"]) -> Problem:
    path = tmp_path / "a.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read(path, kind)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "old", "new", "line", "en", "vi"),
    [
        (SHEET, "kind: sheet", "kind: shet", 2, "`kind`: 'shet' is none of: readings, sheet, did you mean sheet?",
         "`kind`: 'shet' không phải một trong: readings, sheet, có phải ý là sheet?"),
        (SHEET, "kind: sheet\n", "", 1, "missing required field `kind`: write `kind: readings | sheet`",
         "thiếu trường `kind`: thêm `kind: readings | sheet`"),
        (SHEET, "period: month", "period: monthly", 3, "`period`: 'monthly' is none of: ", "có phải ý là month?"),
        (SHEET, "type: whole", "type: integer", 11, "`columns.visitors.type`: 'integer' is none of: ",
         "`columns.visitors.type`: 'integer' không phải một trong: "),
        (SHEET, "    min: 0", "    mni: 0", 12, "`columns.visitors.mni`: unknown field `mni`, did you mean min?; allowed here: title, ",
         "không có trường này ở đây, có phải ý là min?"),
        (SHEET, "    min: 0", '    min: "1,5"', 12, "`columns.visitors.min`: must be a number, with a point as 1.5, not '1,5'",
         "phải là số, viết dấu chấm như 1.5, không phải '1,5'"),
        (SHEET, 'province: "80"', "province: 80", 4, '`province`: 80 must be a text: put it in quotes, "80"', 'đặt trong ngoặc kép, "80"'),
        (SHEET, "due_days: 20", "due_days: 400", 6, "`due_days`: 400 must be at most 366 (0 … 366)", "400 phải không quá 366 (0 … 366)"),
        (SHEET, "key: [place]", "key: place", 5, "`key`: must be a list such as [a, b], not 'place'", "phải là danh sách như [a, b]"),
        (SHEET, "{vi: Lượt khách}", "Lượt khách", 10, "`columns.visitors.title`: must be fields such as name: value", "phải là các trường"),
        (SHEET, "{vi: Lượt khách}", "{en: Visitors}", 10, "`columns.visitors.title`: missing required field `vi`: write `vi: …`",
         "thiếu trường `vi`: thêm `vi: …`"),
        (READINGS, "every: 5m", "every: 5 minutes", 4, "`every`: '5 minutes' is not a span of time: write 30s, 5m, 2h or 1d",
         "`every`: '5 minutes' không phải khoảng thời gian: viết 30s"),
        (READINGS, "  NO: ", f"  {'N' * 41}: ", 7, f"`parameters.{'N' * 41}`: must have at most 40 letters", "phải có không quá 40 chữ"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_field_and_what_is_allowed(
    tmp_path: Path, text: str, old: str, new: str, line: int, en: str, vi: str
) -> None:
    assert old in text
    problem = the_problem(tmp_path, text.replace(old, new, 1))
    assert problem.line == line
    said_en, _, said_vi = problem.message.partition(" / ")
    assert en in said_en
    assert vi in said_vi


def test_the_fields_of_the_structure_meant_are_offered_and_not_those_of_the_other(tmp_path: Path) -> None:
    problem = the_problem(tmp_path, SHEET + "colour: red\n")
    allowed = problem.message.partition("allowed here: ")[2].partition(" / ")[0].split(", ")
    assert {"kind", "title", "columns", "due_days"} <= set(allowed)
    assert "asset_kinds" not in allowed


def test_a_number_in_a_list_of_choices_is_told_by_its_place(tmp_path: Path) -> None:
    source = "title: {vi: Tệp}\ncontract: e.monthly\ndoors:\n  - push\n  - fpt\nformat: sheet\n"
    problem = the_problem(tmp_path, source, SourceDefinition)
    assert problem.line == 5
    assert problem.message.startswith(
        "`doors.1`: 'fpt' is none of: ftp, mqtt, pull, push, web, did you mean ftp? / "
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            "title: {vi: A}\ndays:\n  - 2026-02-28\n  - 2026-02-30\n",
            4,
            "2026-02-30 is no day of the calendar",
        ),
        ("title: {vi: A}\nfrom: 2026-13-01\n", 2, "ngày này không có trên lịch"),
        ("title: {vi: A}\nat: 2026-11-30 25:00:00\n", 2, "25:00:00 is no day of the calendar"),
        ("title: Tệp: một\n", 1, "a text with a colon stands in quotes"),
        ("title: A\n\tkind: b\n", 2, "không dùng Tab"),
        ("a: 1\nb: 2\na: 3\n", 3, "key 'a' stands twice – keep one of the two"),
        ("a: [1, 2\nb: 3\n", 2, "a bracket, a quote or a comma is missing"),
    ],
)
def test_what_is_no_yaml_is_told_on_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    problem = the_problem(tmp_path, text)
    assert problem.line == line
    assert words in problem.message
    assert " / không đọc được YAML" in problem.message
