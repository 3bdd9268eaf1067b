"""A scorecard that names a figure it cannot have is refused, with file, line and the way to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.engine.checks.walk import check

CARD = """title: {vi: Chấm điểm}
volume: services.handled
versions:
  - version: "1"
    valid_from: 2026-01-01
    basis: Kế hoạch của tỉnh
    points: 10
    groups: {speed: {title: {vi: Đúng hạn}, points: 10}}
    rows:
      "1":
        group: speed
        title: {vi: Hồ sơ đúng hạn}
        points: 10
        counts: {in_time: {vi: Đúng hạn}, all: {vi: Tổng}}
        figures:
          in_time: services.index_in_time
          all: services.handled
        numerator: [in_time]
        denominator: [all]
        verified: true
    examples:
      - {name: nửa, counts: {"1": {in_time: 1, all: 2}}, expect: {rows/1: 5}}
"""


def problems(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    folder = tmp_path / "cham"
    (folder / "scorecards").mkdir(parents=True)
    (folder / "domain.yml").write_text("title: {vi: Chấm điểm, en: Points}\n")
    (folder / "scorecards" / "ours.yml").write_text(text)
    return [(one.line, one.message) for one in check(folder)[0] if one.path.name == "ours.yml"]


def test_a_card_over_figures_that_are_there_holds(tmp_path):
    assert [m for _, m in problems(tmp_path, CARD) if "tiếng Anh" not in m and "English" not in m] == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("all: services.handled\n", "all: services.handed\n", 17, "có phải services.handled?"),
        ("in_time: services.index_in_time", "on_time: services.index_in_time", 15, "the row has the counts in_time, all"),
        ("all: services.handled\n", "all: environment.aqi_hour\n", 17, "chỉ tiêu của trạm"),
        ("all: services.handled\n", "all: education.classes\n", 17, "bảng chấm điểm cần số theo tháng"),
        ("volume: services.handled", "volume: services.reported_petitions", 2, "không giữ số của từng trung tâm"),
        ("volume: services.handled", "volume: services.nothing_of_it", 2, "không có chỉ tiêu services.nothing_of_it"),
    ],
)  # fmt: skip
def test_a_figure_it_cannot_have_is_blamed_where_it_stands(tmp_path, old, new, line, words):
    assert old in CARD
    found = problems(tmp_path, CARD.replace(old, new))
    assert any(at == line and words in message for at, message in found), found
