"""One content file that does not hold stops nothing else, and takes back nothing that was loaded before."""

import logging
import re

import pytest

from haidang.engine.assets.models import Asset
from haidang.engine.contracts.standing import words
from haidang.engine.contracts.tree import OURS
from haidang.engine.indicators import kinds
from haidang.engine.indicators.book import book_of
from haidang.engine.rules.definition import Rule
from haidang.engine.store.content import load_content, standing_tree, terms_of
from haidang.engine.store.models import ContentFile, Source

KINDS = {**kinds.KINDS, "rules": Rule}
FILES = {
    "domain.yml": "title: {vi: Hồ, en: Lakes}\nasset_kinds: {lake: {vi: Hồ, en: Lake}}\n",
    "contracts/gauge.yml": """title: {vi: Mực nước, en: Level}
kind: readings
asset_kinds: [lake]
every: 10m
silent_after: 1h
parameters:
  Level: {title: {vi: Mực nước, en: Level}, unit: m, min: 0, max: 200}
""",
    "sources/messages.yml": """title: {vi: Bản tin hồ, en: Messages}
contract: ho.gauge
doors: [push]
format: json
""",
    "indicators/peak.yml": """title: {vi: Đỉnh, en: Peak}
kind: station
unit: m
period: hour
asset_kind: lake
direction: neutral
parameters: [Level]
hours: 1
versions: [{version: "1", valid_from: 2026-01-01, basis: Quy ước, verified: true}]
""",
    "indicators/peak.py": "def compute(window):\n    return None\n",
}


@pytest.fixture
def lakes(tmp_path, db):
    """A province's own domain, loaded as it should be."""
    for name, text in FILES.items():
        path = tmp_path / "ho" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    load_content(tree_of(tmp_path))
    return tmp_path / "ho"


def tree_of(folder):
    return standing_tree(KINDS, [OURS, folder])


def in_force(address):
    return ContentFile.objects.filter(address=address, superseded_at=None).count()


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("sources/messages.yml", "contract: ho.gauge", "contract: ho.guage", 2),
        ("sources/messages.yml", "doors: [push]", "doors: push", 3),
        ("sources/messages.yml", "format: json", "format: json\ncolour: red", 5),
        ("contracts/gauge.yml", "every: 10m", "every: 10 minutes", 4),
        ("contracts/gauge.yml", "kind: readings", "kind: [readings", 3),
        (
            "contracts/gauge.yml",
            "silent_after: 1h",
            "silent_after: 1h\nlines: {fields: [value], zone: Here}",
            6,
        ),
    ],
)
def test_a_source_goes_on_as_loaded_before_when_its_file_or_its_contract_breaks(lakes, file, old, new, line):
    path = lakes / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    tree = tree_of(lakes.parent)
    assert {(p.path, p.line) for p in tree.problems} == {(path, line)}
    assert "the text loaded before goes on" in words(tree, tree.problems[0])
    load_content(tree)
    assert Source.objects.get(address="ho.messages").is_active
    assert in_force("ho.messages") == in_force("ho.gauge") == 1
    assert terms_of(tree)["ho.messages"].contract.every == 600
    assert "environment.station_readings" in terms_of(tree)


def test_a_contract_taken_away_under_its_source_goes_on_and_is_a_problem(lakes):
    (lakes / "contracts" / "gauge.yml").unlink()
    tree = tree_of(lakes.parent)
    (problem,) = tree.problems
    assert (problem.path, problem.line) == (lakes / "sources" / "messages.yml", 2)
    assert "contract ho.gauge does not exist" in problem.message
    load_content(tree)
    assert in_force("ho.gauge") == 1
    assert "ho.messages" in terms_of(tree)


def test_a_source_taken_away_with_its_contract_stops(lakes):
    (lakes / "contracts" / "gauge.yml").unlink()
    (lakes / "sources" / "messages.yml").unlink()
    load_content(tree_of(lakes.parent))
    assert not Source.objects.get(address="ho.messages").is_active
    assert in_force("ho.gauge") == in_force("ho.messages") == 0


def test_a_new_source_that_names_no_contract_is_left_out_and_stops_nothing(lakes, caplog):
    new = lakes / "sources" / "other.yml"
    new.write_text(FILES["sources/messages.yml"].replace("ho.gauge", "ho.gaugee"), encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        tree = tree_of(lakes.parent)
    load_content(tree)
    assert "ho.other" not in terms_of(tree)
    assert not Source.objects.filter(address="ho.other").exists()
    assert re.search(
        r"CONTENT .*other\.yml:2: contract ho\.gaugee does not exist .*did you mean ho\.gauge", caplog.text
    )
    assert "left out until it is mended" in caplog.text


@pytest.mark.parametrize(
    "text", [None, "def compute(window:\n", "import nothing_of_this_name\n", "x = 1\n", b"# \xf4"]
)
def test_an_indicator_without_a_formula_is_left_out_and_the_others_are_computed(lakes, text):
    code = lakes / "indicators" / "peak.py"
    code.unlink()
    if text is not None:
        code.write_bytes(text if isinstance(text, bytes) else text.encode())
    tree = tree_of(lakes.parent)
    assert len(tree.problems) == 1
    assert "left out" in words(tree, tree.problems[0])
    book = book_of(tree)
    assert "ho.peak" not in book.entries
    assert "environment.aqi_hour" in book.entries
    load_content(tree)
    assert in_force("ho.peak") == 1


def test_an_indicator_whose_text_breaks_is_computed_as_loaded_before(lakes):
    path = lakes / "indicators" / "peak.yml"
    before = tree_of(lakes.parent).of("indicators")["ho.peak"].sha256
    path.write_text(path.read_text(encoding="utf-8").replace("hours: 1", "hours: one"), encoding="utf-8")
    tree = tree_of(lakes.parent)
    assert book_of(tree).entries["ho.peak"].sha256 == before


def test_what_the_record_could_not_keep_is_a_problem_and_no_crash(lakes):
    for name, old, new in (
        ("contracts/gauge.yml", "silent_after: 1h", "silent_after: 99999d"),
        ("contracts/gauge.yml", "unit: m", "unit: mét nước trên mực nước biển"),
        ("sources/messages.yml", "Bản tin hồ", "Bản tin hồ " * 30),
        ("sources/messages.yml", "{vi: Bản tin hồ,", '{vi: "Hồ\\0",'),
    ):
        path = lakes / name
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new), encoding="utf-8")
        tree = tree_of(lakes.parent)
        assert [p.path for p in tree.problems] == [path], new
        load_content(tree)
        path.write_text(text, encoding="utf-8")


def test_nothing_is_registered_of_a_broken_file_that_was_never_loaded(tmp_path, db):
    (tmp_path / "ho" / "sources").mkdir(parents=True)
    (tmp_path / "ho" / "domain.yml").write_text(FILES["domain.yml"], encoding="utf-8")
    (tmp_path / "ho" / "sources" / "a.yml").write_text("title: [\n", encoding="utf-8")
    load_content(tree_of(tmp_path))
    assert not Source.objects.filter(domain="ho").exists()
    assert not Asset.objects.exists()
