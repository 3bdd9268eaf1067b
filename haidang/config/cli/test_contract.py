"""`haidang contract propose`: the proposal of the page, from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from haidang.config.cli import main
from haidang.engine import clock


def test_it_prints_the_proposal_with_its_reasons_and_the_terms_of_the_contract(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["Xã", "Số hộ nghèo"], ["Tân Ninh", "1.250"], ["Long Hoa", 80]):
        book.active.append(row)
    book.save(tmp_path / "ho.xlsx")
    done = CliRunner().invoke(main, ["contract", "propose", str(tmp_path / "ho.xlsx"), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["terms"]["columns"]["so_ho_ngheo"]["unit"] == "hộ"
    assert found["columns"][1]["why"]["type"]["en"].startswith("2 of 2 cells are numbers")
    assert found["trial"] == {"records": 2, "faults": 0, "remarks": {}}


def test_a_file_that_names_no_period_is_of_the_month_before_the_province_s_own_day(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "ho.csv").write_text("Xã;Số hộ nghèo\nTân Ninh;1250\nLong Hoa;80\n", encoding="utf-8")
    # Already the next year in Viet Nam.
    clock.set_source(datetime(2030, 12, 31, 18, tzinfo=UTC).timestamp)
    request.addfinalizer(lambda: clock.set_source(None))
    done = CliRunner().invoke(main, ["contract", "propose", str(tmp_path / "ho.csv"), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["sample_period"] == "2030-12"


def test_a_file_without_a_table_ends_with_two_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Thực đơn\nCơm tấm\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["contract", "propose", str(tmp_path / "x.csv")])
    assert done.exit_code == 2
    assert "x" in done.stderr
    missing = CliRunner().invoke(main, ["contract", "propose", str(tmp_path / "khong-co.xlsx")])
    assert missing.exit_code == 2
