"""What may be opened: said by the check with file and line, and left out by what runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.engine.boards.content import Library
from haidang.engine.boards.definition import Board
from haidang.engine.checks.walk import check
from haidang.engine.contracts.tree import OURS, load_tree
from haidang.engine.indicators.kinds import KINDS
from haidang.engine.opendata.datasets import opened

OPEN = """open:
  since: 2025-08-19
  licence: CC-BY-4.0
  publisher: {vi: Sở Y tế}
  keywords: [{vi: ca bệnh}]
"""
CONTRACT = """title: {vi: Ca bệnh}
kind: sheet
period: month
office: {vi: Sở Y tế}
legal_basis: Luật Thống kê
key: [place]
province: "80"
columns:
  place: {title: {vi: "Xã, phường"}, type: place, required: true}
  cases: {title: {vi: Ca}, type: whole, unit: ca, required: true}
  head: {title: {vi: Người báo}, type: text, personal_data: %s}
"""
COUNT = """title: {vi: Ca bệnh}
kind: statistic
unit: ca
period: month
direction: down_is_good
over_places: sum
over_time: sum
from: {contract: benh.cases, column: cases}
"""
TWICE = """title: {vi: Gấp đôi}
kind: statistic
unit: ca
period: month
direction: neutral
over_places: sum
over_time: sum
office: {vi: Sở Y tế}
legal_basis: Quy ước
formula: 2 * benh.count
%s
versions:
  - version: "1"
    valid_from: 2025-01-01
    basis: Quy ước
    verified: true
    examples:
      - {name: hai, inputs: {benh.count: 2}, expect: 4}
"""


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    made = tmp_path / "benh"
    for name in ("contracts", "indicators"):
        (made / name).mkdir(parents=True)
    (made / "domain.yml").write_text("title: {vi: Bệnh}\n", encoding="utf-8")
    return made


def written(domain: Path, opened_as: str, personal: str = "none", twice: str = "") -> list[str]:
    """Faults of the indicators as `file:line: words`."""
    (domain / "contracts/cases.yml").write_text(CONTRACT % personal, encoding="utf-8")
    (domain / "indicators/count.yml").write_text(COUNT + opened_as, encoding="utf-8")
    if twice:
        (domain / "indicators/twice.yml").write_text(TWICE % twice, encoding="utf-8")
    problems, _tree = check(domain)
    return [f"{p.path.name}:{p.line}: {p.message}" for p in problems if p.path.parent.name == "indicators"]


def running(domain: Path) -> set[str]:
    """What a centre with this domain would have open of it."""
    library = Library(load_tree([OURS, domain], {**KINDS, "boards": Board}))
    return {address for address in opened(content=library) if address.startswith("benh.")}


def test_an_opening_that_holds_is_open_and_without_one_nothing_is(domain: Path) -> None:
    assert written(domain, "") == []
    assert running(domain) == set()
    assert written(domain, OPEN) == []
    assert running(domain) == {"benh.count"}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("CC-BY-4.0", "CC-BY-NC-4.0", 11, "CC-BY-NC-4.0"),
        ("since: 2025-08-19", "since: hôm nay", 10, "`open.since`: 'hôm nay' must be a day as 2026-11-30"),
        ("  publisher: {vi: Sở Y tế}\n", "", 9, "publisher"),
        ("{vi: Sở Y tế}", '{vi: " "}', 12, "publisher is empty"),
        ("[{vi: ca bệnh}]", "[]", 13, "no keyword"),
        ("  keywords", "  min_count: 1\n  keywords", 13, "`open.min_count`: 1 must be at least 2 (2 … 1000)"),
        ("  keywords", "  rows: all\n  keywords", 13, "unknown field `rows`"),
    ],
)
def test_a_slip_of_the_pen_is_named_with_its_line(
    domain: Path, old: str, new: str, line: int, words: str
) -> None:
    found = written(domain, OPEN.replace(old, new))
    assert any(one.startswith(f"count.yml:{line}: ") and words in one for one in found), found
    assert running(domain) == set(), "what does not hold is closed"


@pytest.mark.parametrize(
    ("personal", "opened_as", "twice", "words"),
    [
        ("basic", OPEN, "", "write min_count"), ("sensitive", f"{OPEN}  min_count: 5\n", "", "nothing made of it can be open"),
        ("basic", "", OPEN.rstrip(), "a formula over it cannot be open"), ("none", f"{OPEN}  min_count: 5\n", OPEN.rstrip(), "would give them away"),
        ("none", "", f"{OPEN}  min_count: 5", "no count of persons"),
    ],
)  # fmt: skip
def test_what_tells_of_persons_or_gives_small_counts_away_is_never_open(
    domain: Path, personal: str, opened_as: str, twice: str, words: str
) -> None:
    found = written(domain, opened_as, personal, twice)
    assert any(words in one for one in found), found
    name = "twice.yml" if twice else "count.yml"
    assert all(one.startswith(f"{name}:{11 if twice else 9}") or "min_count" in one for one in found), found
    assert running(domain) == ({"benh.count"} if opened_as and twice else set())


def test_the_same_cell_under_another_address_withholds_as_much(domain: Path) -> None:
    assert written(domain, f"{OPEN}  min_count: 5\n") == []
    again = COUNT.replace("Ca bệnh", "Ca bệnh lần nữa") + OPEN
    (domain / "indicators/again.yml").write_text(again, encoding="utf-8")
    assert running(domain) == {"benh.count"}
    (domain / "indicators/again.yml").write_text(f"{again}  min_count: 5\n", encoding="utf-8")
    assert running(domain) == {"benh.count", "benh.again"}
    # A formula over the closed twin of a careful one gives as much away.
    (domain / "indicators/again.yml").write_text(
        COUNT.replace("Ca bệnh", "Ca bệnh lần nữa"), encoding="utf-8"
    )
    twice = (TWICE % OPEN.rstrip()).replace("benh.count", "benh.again")
    (domain / "indicators/twice.yml").write_text(twice, encoding="utf-8")
    problems, _tree = check(domain)
    assert [p.path.name for p in problems if "would give them away" in p.message] == ["twice.yml"]
    assert running(domain) == {"benh.count"}


def test_counts_of_files_about_persons_are_open_where_small_ones_are_withheld(domain: Path) -> None:
    assert written(domain, f"{OPEN}  min_count: 5\n", "basic") == []
    assert running(domain) == {"benh.count"}


def test_nothing_is_open_before_its_day(domain: Path) -> None:
    assert written(domain, OPEN.replace("2025-08-19", "2199-01-01")) == []
    assert running(domain) == set()
