"""The command line writes numbers as screens do; programs get them plain."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner

from haidang.config.cli import main
from haidang.config.written import amount, number
from haidang.engine import clock
from haidang.engine.ingest.conftest import Sender, content, reading, sender

__all__ = ["content", "sender"]
AT = clock.now().replace(microsecond=0) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("value", "how", "text"),
    [
        (3700.4, {}, "3.700,4"),
        (3700.0, {}, "3.700"),
        (5, {}, "5"),
        (-1234567.25, {}, "-1.234.567,25"),
        (-0.0, {}, "0"),
        (Decimal("0.5"), {}, "0,5"),
        (22623412.5, {"digits": 6}, "22.623.400"),
        (1e-7, {"digits": 3}, "0,0000001"),
        (12.0, {"places": 1}, "12,0"),
        (-0.04, {"places": 1}, "0,0"),
        (0.125, {"places": 3}, "0,125"),
        (1250.25, {"places": 1}, "1.250,3"),
        (Decimal("2.5"), {"places": 0}, "3"),
        (1250.25, {"digits": 5}, "1.250,3"),
        (0.0, {"digits": 3}, "0"),
        (None, {}, "–"),
        (float("nan"), {"places": 1}, "–"),
    ],
)
def test_a_number_is_written_as_on_screens(value: float | None, how: dict[str, int], text: str) -> None:
    assert number(value, **how) == text


def test_a_sign_of_per_cent_stands_at_its_number_and_nothing_has_no_unit() -> None:
    assert amount(98.5, "%") == "98,5%"
    assert amount(3700.4, "tỷ đồng") == "3.700,4 tỷ đồng"
    assert amount(None, "tỷ đồng") == "–"


def test_readings_and_traces_are_printed_with_a_comma_and_listed_plain(sender: Sender) -> None:
    sender.send({"station": "KK-1", "readings": [reading("PM10", 1234.5, AT.isoformat())]})
    assert " 1.234,5 µg/m3 " in CliRunner().invoke(main, ["readings"]).stdout
    assert json.loads(CliRunner().invoke(main, ["readings", "--json"]).stdout)[0]["value"] == 1234.5
    asked = ["trace", "PM10", "--station", "KK-1", "--at", AT.isoformat()]
    assert "= 1.234,5 trạng thái" in CliRunner().invoke(main, asked).stdout
    assert json.loads(CliRunner().invoke(main, [*asked, "--json"]).stdout)[0]["value"] == 1234.5


def test_days_of_a_deadline_are_printed_with_a_comma() -> None:
    asked = ["deadline", "--received", "2026-11-02T08:00", "--days", "5.5"]
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 0, told.output
    assert "Thời hạn 5,5 ngày" in told.stdout
    assert json.loads(CliRunner().invoke(main, [*asked, "--json"]).stdout)["term"]["amount"] == 5.5
