from pathlib import Path

import pytest

from haidang.engine.contracts.definition import Contract, Domain
from haidang.engine.contracts.reading import ContentError, key_line, read
from haidang.engine.contracts.tree import load_tree

CONTRACT = """\
title: {vi: Tệp, en: Files}
kind: readings
asset_kinds: [air]
every: 5m
silent_after: 20m
parameters:
  NO: {title: {vi: Nitơ monoxit}, unit: µg/m3, min: 0, max: 10}
"""
MANY = (
    CONTRACT
    + """\
  PM2.5:
    title: {vi: Bụi}
    unit: µg/m3
    min: 0
    max: 1000
    convert: {mg/m3: 1000}
"""
)


def domain(folder: Path, **files: str) -> Path:
    for name, text in {"domain.yml": "title: {vi: Thử, en: Test}\n", **files}.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_text_is_understood_once_and_a_changed_or_broken_file_is_seen_at_once(tmp_path):
    path = tmp_path / "domain.yml"
    path.write_text("title: {vi: Hồ chứa, en: Lakes}\n")
    first = read(path, Domain)
    assert read(path, Domain) is first
    path.write_text("title: {vi: Sông, en: Rivers}\n")
    assert read(path, Domain).title.en == "Rivers"
    for _ in range(2):
        path.write_text("titel: {vi: Sông, en: Rivers}\n")
        with pytest.raises(ContentError):
            read(path, Domain)


def test_our_own_content_loads_without_a_problem():
    tree = load_tree()
    assert tree.problems == []
    assert {"environment.air_station", "environment.water_station", "environment.station_readings"} <= set(
        tree.contracts
    )


def test_a_contract_that_builds_on_others_has_their_parameters_each_for_its_kind_of_asset():
    tree = load_tree()
    contract = tree.contract_of("environment.station_readings")
    assert {"PM2.5", "CO", "pH", "N-NH4"} <= set(contract.parameters)
    air, water = contract.of_kind("air"), contract.of_kind("water")
    assert ("pH" in air.parameters, "CO" in water.parameters) == (False, False)
    assert (air.parameters["Temp"].min, water.parameters["Temp"].min) == (-15, 0)
    assert "NO2" in water.parameters["N-NO2"].aliases
    assert [kinds for symbol, _, kinds in contract.measured() if symbol == "Temp"] == [["air"], ["water"]]
    assert contract.units["ug/Nm3"] == "µg/m3"
    assert contract.units["ug/l"] == "µg/l"


def test_the_same_symbol_in_two_base_contracts_is_a_problem_on_the_line_that_names_them(tmp_path):
    folder = domain(
        tmp_path / "thu",
        **{
            "contracts/a.yml": CONTRACT,
            "contracts/b.yml": CONTRACT,
            "contracts/both.yml": CONTRACT.partition("parameters:")[0] + "parameters_of: [thu.a, thu.b]\n",
        },
    )
    (problem,) = load_tree([folder]).problems
    assert (problem.path.name, problem.line) == ("both.yml", 6)
    assert "NO" in problem.message


def test_no_file_can_say_what_only_the_tree_puts_together(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text(CONTRACT + "by_kind: {}\n", encoding="utf-8")
    with pytest.raises(ContentError, match="by_kind"):
        read(path, Contract)


def test_the_same_symbol_for_different_kinds_of_asset_is_no_problem(tmp_path):
    water = CONTRACT.replace("[air]", "[water]").replace("max: 10", "max: 20")
    both = CONTRACT.partition("parameters:")[0].replace("[air]", "[air, water]")
    folder = domain(
        tmp_path / "thu",
        **{
            "contracts/a.yml": CONTRACT,
            "contracts/b.yml": water,
            "contracts/both.yml": both + "parameters_of: [thu.a, thu.b]\n",
        },
    )
    tree = load_tree([folder])
    assert tree.problems == []
    contract = tree.contracts["thu.both"].thing
    assert [contract.of_kind(kind).parameters["NO"].max for kind in ("air", "water")] == [10, 20]


def test_a_folder_of_domains_and_a_domain_itself_are_both_taken(tmp_path):
    domain(tmp_path / "thu", **{"contracts/a.yml": CONTRACT})
    assert set(load_tree([tmp_path]).contracts) == {"thu.a"}
    assert set(load_tree([tmp_path / "thu"]).contracts) == {"thu.a"}


def test_a_later_folder_replaces_a_file_of_an_earlier_one_and_changes_its_hash(tmp_path):
    first = domain(tmp_path / "1" / "thu", **{"contracts/a.yml": CONTRACT})
    second = domain(tmp_path / "2" / "thu", **{"contracts/a.yml": CONTRACT.replace("20m", "30m")})
    one, two = load_tree([first]), load_tree([first, second])
    assert two.contracts["thu.a"].thing.silent_after == 1800
    assert one.contracts["thu.a"].sha256 != two.contracts["thu.a"].sha256


def test_code_beside_a_file_may_import_its_folders_underscore_files_and_counts_into_the_hash(tmp_path):
    folder = domain(
        tmp_path / "thu",
        **{
            "contracts/a.yml": CONTRACT,
            "contracts/a.py": "from ._shared import ANSWER\n",
            "contracts/_shared.py": "ANSWER = 42\n",
        },
    )
    before = load_tree([folder]).contracts["thu.a"]
    assert before.module is not None
    assert before.module.ANSWER == 42
    (folder / "contracts" / "_shared.py").write_text("ANSWER = 43\n")
    after = load_tree([folder]).contracts["thu.a"]
    assert after.module is not None
    assert after.module.ANSWER == 43
    assert before.sha256 != after.sha256


@pytest.mark.parametrize(
    ("code", "line", "words"),
    [("x = 1\nx.y.z\n", 2, "AttributeError"), ("a = 1\nb = = 2\n", 2, "not valid Python")],
)
def test_code_that_fails_on_import_is_a_problem_on_its_own_line(tmp_path, code, line, words):
    folder = domain(tmp_path / "thu", **{"contracts/a.yml": CONTRACT, "contracts/a.py": code})
    (problem,) = load_tree([folder]).problems
    assert (problem.path.name, problem.line) == ("a.py", line)
    assert words in problem.message


def test_a_missing_domain_file_is_named_and_how_to_write_one(tmp_path):
    folder = domain(tmp_path / "thu", **{"contracts/a.yml": CONTRACT})
    (folder / "domain.yml").unlink()
    (problem,) = load_tree([folder]).problems
    assert "write one" in problem.message


def test_nitric_oxide_is_a_symbol_and_not_a_truth_value(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text(CONTRACT, encoding="utf-8")
    assert list(read(path, Contract).parameters) == ["NO"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("kind: readings", "kind: reading", 2, "reading"),
        ("every: 5m", "every: 5 minutes", 4, "span of time"),
        ("unit: µg/m3,", "unit: µg/m3, colour: red,", 7, "unknown field `colour`"),
        ("min: 0", "min: low", 7, "`parameters.NO.min`: must be a number"),
        ("silent_after: 20m", "every: 6m", 5, "stands twice"),
        ("kind: readings", "kind: [readings", 3, "YAML"),
        ("kind: readings", "kind: 2026-02-30", 2, "2026-02-30 is no day of the calendar"),
    ],
)
def test_a_file_that_does_not_hold_names_its_line(tmp_path, old, new, line, words):
    path = tmp_path / "a.yml"
    path.write_text(CONTRACT.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read(path, Contract)
    (problem,) = caught.value.problems
    assert problem.line == line
    assert words in problem.message


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("max: 1000", "max: high", 12),
        ("    unit: µg/m3\n", "    unit: 5\n", 10),
        ("{mg/m3: 1000}", "{mg/m3: 1000, ppm: x}", 13),
        ("    min: 0\n", "    low: 0\n", 11),
        ("asset_kinds: [air]", "asset_kinds: [air, 7]", 3),
    ],
)
def test_a_mistake_in_one_of_many_parameters_is_found_on_its_own_line(tmp_path, old, new, line):
    path = tmp_path / "a.yml"
    assert old in MANY
    path.write_text(MANY.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read(path, Contract)
    assert caught.value.problems[0].line == line


def test_a_file_that_is_not_utf8_is_a_problem_and_not_a_crash(tmp_path):
    path = tmp_path / "domain.yml"
    path.write_bytes(b"title: {vi: M\xf4i}\n")
    with pytest.raises(ContentError, match="UTF-8"):
        read(path, Domain)


def test_key_line_falls_back_to_the_nearest_parent_that_is_there(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text(CONTRACT, encoding="utf-8")
    assert key_line(path, "parameters", "NO", "unit") == 7
    assert key_line(path, "parameters", "XX") == 6
    assert key_line(path, "nothing") == 1
