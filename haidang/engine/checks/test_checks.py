"""Every check finds its mistake in the failing twin, on the line that says so, and nothing in what holds."""

import re
import shutil
from pathlib import Path

import pytest

from haidang.engine.both import Both
from haidang.engine.checks.walk import check
from haidang.engine.contracts.tree import OURS, load_tree

FAILING = Path(__file__).parent / "test_data" / "failing"
# Files that cannot hold a comment.
SILENT = {
    ("sources/wrong_records.expected.json", 4, "holds 2 records, 3 are expected"),
    ("sources/wrong_records.expected.json", 5, "value is 24.5, expected 25.5"),
    ("sources/wrong_records.expected.json", 6, "refused is impossible_value, expected future_time"),
    ("sources/no_expected.yml", 1, "no no_expected.expected.json"),
    ("sources/stray.sample.txt", 1, "no stray.yml"),
}


def blamed():
    """What the twin itself says must be found: file, line, words."""
    found = set(SILENT)
    for path in FAILING.rglob("*"):
        if path.suffix in {".yml", ".yaml", ".py"}:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if mark := re.search(r"# BLAME: (.+)$", line):
                    found.add((str(path.relative_to(FAILING)), number, mark[1]))
    return sorted(found)


FOUND, _ = check(FAILING)


@pytest.mark.parametrize(("file", "line", "words"), blamed())
def test_each_mistake_of_the_failing_twin_is_named_on_its_line(file, line, words):
    there = [p for p in FOUND if str(p.path.relative_to(FAILING)) == file and p.line == line]
    assert any(words in problem.message for problem in there), "\n".join(map(str, FOUND))


def test_nothing_else_of_the_failing_twin_is_blamed():
    marks = {(file, line) for file, line, _ in blamed()}
    strangers = [p for p in FOUND if (str(p.path.relative_to(FAILING)), p.line) not in marks]
    assert strangers == []


def test_each_mistake_is_said_in_both_languages():
    assert [problem for problem in FOUND if not isinstance(problem.message, Both)] == []


def test_everything_we_ship_holds_together():
    problems, tree = check()
    assert problems == []
    assert {"environment", "example"} <= set(tree.domains)


def test_a_running_centre_does_not_read_the_example_but_a_check_of_it_does():
    assert "example" not in load_tree().domains
    problems, tree = check(OURS / "example")
    assert problems == []
    assert "example.lake_gauge" in tree.contracts


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_that_is_missing_or_holds_no_domain_is_a_problem(tmp_path, name):
    if name == "empty":
        (tmp_path / name).mkdir()
    problems, _ = check(tmp_path / name)
    assert len(problems) == 1
    assert problems[0].path == tmp_path / name


@pytest.mark.parametrize("given", ["domain", "folder of domains"])
@pytest.mark.parametrize(
    ("file", "old", "new", "line", "words"),
    [
        ("contracts/lake_gauge.yml", "every: 10m", "every: 10m\ncolour: red", 5, "unknown field `colour`"),
        ("rules/lake_high.yml", "fires: false", "fires: true", 18, "two tests"),
        ("boards/lake.yml", "example.level_rise", "example.level_fall", 5, "level_fall does not exist"),
        ("boards/lake.yml", "{vi: Hồ chứa, en: Reservoirs}", "{en: Reservoirs}", 1, "`vi`"),
        ("sources/lake_gauge_messages.sample.json", None, None, 1, "no sample"),
    ],
)
def test_a_copy_of_the_example_that_is_broken_is_blamed_wherever_it_stands(
    tmp_path, given, file, old, new, line, words
):
    copy = shutil.copytree(OURS / "example", tmp_path / "theirs" / "example")
    path = copy / file
    if old is None:
        path.unlink()
    else:
        assert old in path.read_text(encoding="utf-8")
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    problems, _ = check(copy if given == "domain" else tmp_path / "theirs")
    (only,) = problems  # and not again in every file that leans on it
    assert only.line == line
    assert words in only.message
    assert only.path.name.partition(".")[0] == path.name.partition(".")[0]


def test_a_copy_of_the_example_is_a_domain_of_the_centre_that_reads_its_folder(tmp_path):
    shutil.copytree(OURS / "example", tmp_path / "lakes")
    assert "lakes.lake_gauge" in load_tree([OURS, tmp_path]).contracts


BOARD_AGAIN = "\n  - kind: alarms\n    title: {vi: Một tên}\n  - kind: orders\n    title: {vi: Một tên}\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "words"),
    [
        ("contracts/lake_gauge.yml", "silent_after: 1h", "silent_after: 1h\nlines: {fields: [parameter, value, at], file_name: '(?P<station>['}", 6, "regular expression"),
        ("contracts/lake_gauge.yml", "silent_after: 1h", "silent_after: 1h\nlines: {fields: [parameter, value, at, station], time: '%Q'}", 6, "does not name a moment"),
        ("contracts/lake_gauge.yml", "silent_after: 1h", "silent_after: 1h\nlines: {fields: [parameter, value, at, station], zone: Hanoi}", 6, "zone"),
        ("indicators/level_rise.py", None, "def compute(window):\n    return 3\n", 15, "answered int"),
        ("rules/lake_high.yml", None, "", 1, "empty"),
        ("sources/lake_gauge_messages.yml", "example.lake_gauge", "example.lake_guage", 2, "did you mean example.lake_gauge"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_is_named_on_its_line_and_stops_no_check(tmp_path, file, old, new, line, words):
    copy = shutil.copytree(OURS / "example", tmp_path / "example")
    path = copy / file
    text = path.read_text(encoding="utf-8")
    path.write_text(new if old is None else text.replace(old, new), encoding="utf-8")
    problems, _ = check(copy)
    assert any(p.line == line and words in p.message for p in problems), "\n".join(map(str, problems))


def test_two_tiles_of_one_title_and_a_file_whose_name_is_no_address_are_blamed(tmp_path):
    copy = shutil.copytree(OURS / "example", tmp_path / "example")
    board = copy / "boards" / "lake.yml"
    board.write_text(board.read_text(encoding="utf-8").rstrip("\n") + BOARD_AGAIN, encoding="utf-8")
    shutil.copy(copy / "rules" / "lake_high.yml", copy / "rules" / "lake.high 2.yml")
    problems, _ = check(copy)
    assert [p.path.name for p in problems] == ["lake.yml", "lake.high 2.yml"]
    assert "stands on line" in problems[0].message
    assert "is no address" in problems[1].message
