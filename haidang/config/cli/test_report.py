"""`haidang report`: made with the rights of its reader, and made again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from haidang.config.cli.report import report
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.boards.statistics.conftest import reports as reports  # noqa: PLC0414 - fixtures of reports
from haidang.engine.boards.statistics.conftest import sender as sender  # noqa: PLC0414
from haidang.engine.people.models import Person, Role
from haidang.engine.reports.conftest import MONTHLY, later, reader
from haidang.engine.reports.conftest import _files as _files  # noqa: PLC0414
from haidang.engine.reports.conftest import _nine as _nine  # noqa: PLC0414
from haidang.engine.reports.conftest import autumn as autumn  # noqa: PLC0414
from haidang.engine.reports.conftest import leader as leader  # noqa: PLC0414


def run(*words: str) -> Result:
    return CliRunner().invoke(report, list(words))


def test_a_report_is_made_and_made_again_after_a_correction(
    autumn: Reports, leader: Person, tmp_path: Path
) -> None:
    out = tmp_path / "thang-10.docx"
    asked = ("--for", leader.email, "--period", "2026-10", "--format", "docx", "--out", str(out), "--json")
    made = run("make", "economy.monthly", *asked)
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert (told["address"], told["period"], told["for"]) == ("economy.monthly", "2026-10", leader.email)
    assert out.read_bytes()[:2] == b"PK"
    later(5)
    autumn.publish(MONTHLY, "2026-10", lambda value: 1.2 * value)
    again = run("again", str(told["id"]), "--json")
    assert again.exit_code == 0, again.output
    compared = json.loads(again.stdout)
    assert (compared["equal"], compared["same_bytes"], compared["differences"]) == (True, True, [])
    assert compared["compared"] == len(told["numbers"])


@pytest.mark.django_db
def test_what_cannot_be_made_says_why() -> None:
    crew = reader("Tổ", Role.CREW)
    assert "không có quyền" in run("make", "--board", "economy.economy", "--for", crew.email).output
    assert "nobody signs in" in run("make", "--board", "economy.economy", "--for", "ai@do.vn").output
    assert "name a template" in run("make", "--for", crew.email).output
    assert "there is no report 7" in run("again", "7").output
