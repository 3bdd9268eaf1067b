"""`haidang places …` as a person at a prompt meets it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from haidang.config.cli.places import places
from haidang.engine.places.register import ensure_loaded


@pytest.fixture(autouse=True)
def _register(register_once: None, db: None) -> None:
    ensure_loaded()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(places, arguments)


def test_search_answers_without_tones_and_as_json() -> None:
    lines = run("search", "hoang", "sa").stdout.splitlines()
    assert lines[0].split()[0] == "20333"
    rows = json.loads(run("search", "tan thanh", "--json").stdout)
    assert {row["name"] for row in rows[:10]} <= {"Tân Thanh", "Tân Thành", "Tân Thạnh"}
    assert all(isinstance(row["code"], str) and len(row["code"]) in (2, 5) for row in rows)


def test_a_name_nobody_bears_ends_with_a_way_on() -> None:
    result = run("search", "zzzz")
    assert result.exit_code == 1
    assert "--all" in result.stderr


def test_show_tells_what_a_unit_was_and_of_what_it_was_made() -> None:
    text = run("show", "26248").stdout
    assert "Xã Trảng Bom, Tỉnh Đồng Nai  (01/07/2025 – 29/04/2026)" in text
    assert "Phường Trảng Bom, Thành phố Đồng Nai  (từ 30/04/2026)" in text
    assert "from 26293 Xã Giang Điền" in text
    (before,) = json.loads(run("show", "26248", "--at", "2026-04-29", "--json").stdout)
    assert before["kind"] == "Xã"
    assert run("show", "4").exit_code == 1


def test_at_says_that_a_cell_is_a_sketch() -> None:
    assert "sơ đồ, không phải địa giới" in run("at", "10.535", "106.41").stdout
    answer = json.loads(run("at", "16.55", "111.6", "--json").stdout)
    assert (answer["code"], answer["is_schematic"]) == ("20333", True)
    assert run("at", "48.85", "2.35").exit_code == 1
    assert "latitude" in run("at", "-95", "106").stderr


def test_importing_names_each_refused_feature_and_keeps_the_good_ones(tmp_path: Path) -> None:
    ring = [[106.38, 10.5], [106.44, 10.5], [106.44, 10.57], [106.38, 10.57], [106.38, 10.5]]
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for code in ("27694", "99998")
    ]
    file = tmp_path / "x.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    result = run("import-boundaries", str(file))
    assert result.exit_code == 1
    assert "1 boundaries accepted, 1 refused" in result.stdout
    assert "feature 2: 99998" in result.stderr
    assert "theo địa giới đã nhập" in run("at", "10.51", "106.39").stdout


def test_apportion_shows_an_old_table_on_the_units_of_today_and_loses_nothing(tmp_path: Path) -> None:
    table = tmp_path / "dan-so.csv"
    table.write_text(
        "Mã;Tên;Năm;Giá trị\n26293;Giang Điền;2024;1.001\n00562;;2024;10\n26293;;2023;7\n;Phường 4;2024;5\n",
        encoding="utf-8",
    )
    days = "--from-date", "2025-06-30", "--to-date", "2026-11-01"
    result = run("apportion", str(table), *days, "--by", "Năm", "--json")
    assert result.exit_code == 1
    newer, older = json.loads(result.stdout)["groups"]
    assert newer["sums"] == {
        "of": "value", "input": "1016", "placed": "1011", "unplaced": "5", "closes": True
    }  # fmt: skip
    by_code = {row["code"]: row for row in newer["rows"]}
    assert (by_code["26248"]["value"], by_code["26248"]["estimate"]) == ("1001", False)
    assert [by_code[code]["value"] for code in ("00562", "00565")] == ["7", "3"]
    assert by_code["00565"]["parts"][0]["basis"] == ["ước: phần chính tính gấp đôi mỗi phần khác"]
    assert {lacking["name"] for lacking in by_code["26248"]["lacking"]} >= {"Xã Sông Trầu"}
    (left,) = newer["unplaced"]
    assert (left["line"], left["why"], len(left["candidates"]) > 5) == (5, "no_parent", True)
    assert (older["by"], older["sums"]["placed"]) == (["2023"], "7")
    assert "[ước: phần chính tính gấp đôi mỗi phần khác]" in run("apportion", str(table), *days).stdout
    table.write_text("Mã;Giá trị\n26293;abc\n", encoding="utf-8")
    # What is no number is shown as it stands there, not as a nought.
    assert "dòng 2: 26293 “abc”: giá trị không phải là số" in run("apportion", str(table), *days).stdout


def test_means_without_a_named_weight_and_unknown_indicators_are_refused(tmp_path: Path) -> None:
    table, sizes = tmp_path / "ty-le.csv", tmp_path / "dan-so.csv"
    table.write_text("code,value\n00532,10\n00529,20.5\n", encoding="utf-8")
    sizes.write_text("code,weight\n00532,100\n00529,300\n", encoding="utf-8")
    days = "--from-date", "2025-06-30", "--to-date", "2026-11-01", "--over-places", "mean"
    refused = run("apportion", str(table), *days)
    assert "name the weight" in refused.stderr
    done = run("apportion", str(table), *days, "--weights", str(sizes), "--weights-name", "dân số", "--json")
    (group,) = json.loads(done.stdout)["groups"]
    assert [(row["code"], row["value"]) for row in group["rows"]] == [("00541", "17.9")]
    assert group["sums"]["of"] == "dân số"
    unknown = run("figures", "economy.nothing", "2025-06", "--to-date", "2026-11-01")
    assert (unknown.exit_code, "haidang check --list indicators" in unknown.stderr) == (1, True)
