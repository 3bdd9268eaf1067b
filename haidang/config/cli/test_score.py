"""`haidang score` as people type it."""

import json

import pytest
from click.testing import CliRunner

from haidang.config.cli import main

COUNTS = """on: 2026-10-31
centres:
  - {name: Sở Xây dựng, level: cấp tỉnh, volume: 1200, counts: {"2.1": {in_time: 1150, handled: 1200}, "3.6": {with_fee: 10}}}
  - {name: Sở Tư pháp, level: cấp tỉnh, volume: 200, counts: {"2.1": {in_time: 199, handled: 200}, "3.6": {paid_online: 0, with_fee: 0}}}
  - {name: Sở Nội vụ, level: cấp tỉnh, volume: 2, counts: {"2.1": {in_time: 2, handled: 2}}}
"""


def run(tmp_path, text, *arguments):
    path = tmp_path / "counts.yml"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["score", str(path), *arguments])


def test_centres_are_scored_and_ranked_with_what_is_not_known(tmp_path):
    answer = json.loads(run(tmp_path, COUNTS, "--least", "30", "--json").stdout)
    first, second, _ = answer["centres"]
    assert (first["score"], first["covered"], first["coverage"]) == (19.1666666667, 20, 20)
    assert first["rows"]["3.6"]["lacking"] == ["paid_online"]
    assert first["rows"]["2.1"]["mark"] == "chưa đối chiếu"
    assert second["rows"]["3.6"]["status"] == "empty"
    assert [(one["rank"], one["name"], one["volume"]) for one in answer["ranking"]["cấp tỉnh"]] == [
        (1, "Sở Tư pháp", 200), (2, "Sở Xây dựng", 1200), (None, "Sở Nội vụ", 2),
    ]  # fmt: skip


def test_people_read_the_same_in_words(tmp_path):
    said = run(tmp_path, COUNTS, "--least", "30").stdout
    assert "Sở Xây dựng: 19,17 điểm trên 20 điểm tính được" in said
    assert "2.1   Hồ sơ xử lý đúng hạn, trong hạn: 95,83% → 19,17/20  [chưa đối chiếu]" in said
    assert "mẫu số bằng 0, không tính điểm" in said
    assert "  –  Sở Nội vụ: 100% của 20 điểm tính được, 2 hồ sơ (ít hồ sơ, không xếp hạng)" in said


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        (COUNTS, ["--card", "services.qd_767"], "scorecard 'services.qd_767' does not exist"),
        (COUNTS, ["--on", "2020-01-01"], "the first is of 23/06/2022"),
        (COUNTS.replace("in_time: 1150", "on_time: 1150"), [], "row 2.1 has no count on_time"),
        (COUNTS.replace("Sở Tư pháp", "Sở Nội vụ"), [], "two centres have one name"),
        (COUNTS.replace("volume: 200", "volume: many"), [], "counts.yml:4"),
    ],
)
def test_what_cannot_be_scored_is_refused_with_its_reason(tmp_path, text, arguments, words):
    done = run(tmp_path, text, *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
