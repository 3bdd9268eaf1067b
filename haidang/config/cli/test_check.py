"""`haidang check` as people and scripts see it."""

import json

import yaml
from click.testing import CliRunner

from haidang.config.cli import main
from haidang.config.cli.naming import unknown
from haidang.engine import checks
from haidang.engine.contracts.tree import OURS

FAILING = next(iter(checks.__path__)) + "/test_data/failing"


def test_the_command_prints_file_and_line_and_fails():
    result = CliRunner().invoke(main, ["check", FAILING])
    assert result.exit_code == 1
    assert f"{FAILING}/rules/one_test.yml:12: a rule needs two tests" in result.stdout


def test_the_command_says_so_when_all_holds():
    result = CliRunner().invoke(main, ["check", str(OURS / "example")])
    assert result.exit_code == 0, result.output
    content = list((OURS / "example").rglob("*.yml"))
    assert f"{len(content)} content files hold together, with " in result.stdout
    told = json.loads(CliRunner().invoke(main, ["check", str(OURS / "example"), "--json"]).stdout)
    assert told["files"] == len(content)
    assert f"with {told['beside']} files beside them" in result.stdout


def test_the_command_answers_in_json():
    result = CliRunner().invoke(main, ["check", FAILING, "--json"])
    assert result.exit_code == 1
    assert '"ok": false' in result.stdout
    assert "Ví dụ tính sai" not in result.stdout


def test_the_command_prints_a_contract_and_names_the_others_when_there_is_none():
    result = CliRunner().invoke(main, ["check", "--odcs", "environment.air_station"])
    assert result.exit_code == 0
    assert yaml.safe_load(result.stdout)["id"] == "environment.air_station"
    result = CliRunner().invoke(main, ["check", "--odcs", "environment.sky"])
    assert result.exit_code == 1
    assert "environment.air_station" in result.output
    assert "haidang check --list contracts" in result.output


def test_all_addresses_of_a_kind_are_listed_with_their_titles():
    result = CliRunner().invoke(main, ["check", "--list", "scorecards"])
    assert (result.exit_code, "services.qd_766" in result.stdout) == (0, True), result.output
    result = CliRunner().invoke(main, ["check", "--list", "scores"])
    assert result.exit_code == 2
    assert "scorecards" in result.output


def test_an_unknown_name_is_answered_with_the_nearest_and_not_with_all():
    words = unknown(
        "statistic / số liệu",
        "economy.revenu",
        [f"economy.n{n}" for n in range(50)] + ["economy.revenue"],
        "indicators",
    )
    assert words.startswith("statistic 'economy.revenu' does not exist; nearest: economy.revenue")
    assert words.count("economy.n") <= 4
    assert "xem tất cả: haidang check --list indicators" in words
