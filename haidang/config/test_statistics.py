"""`haidang figure` and `haidang trace` for what offices report: from the number down to the cell of the delivered file."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.db import transaction

from haidang.config.cli.record import figure, trace
from haidang.engine import clock
from haidang.engine.alarms.conftest import judge, with_rule
from haidang.engine.alarms.models import Alarm
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.ingest.conftest import content, sender
from haidang.engine.ingest.test_sheets import hand_in, office, person, published
from haidang.engine.people.models import Role
from haidang.engine.places.models import Place
from haidang.engine.store import epochs
from haidang.engine.submissions import judging

__all__ = ["content", "office", "sender"]


@pytest.fixture
def province(db):
    # Another test of this run may have loaded the whole register.
    more = {"kind": "Tỉnh", "name": "Tây Ninh", "folded": "tay ninh", "sort_key": b"t"}
    unit = {"code": "80", "level": "province", "valid_from_date": date(2025, 7, 1)}
    return Place.objects.get_or_create(**unit, defaults=more)[0]


@pytest.fixture
def october(province, sender, office):
    """The monthly sample of October 2026, signed, approved and published."""
    office.place = province
    office.save()
    made = hand_in(sender)
    judging.judge_received()
    return published(made, person("clerk", Role.OFFICER, office), person("boss", Role.LEADER, office))


def asked(command, *words):
    done = CliRunner().invoke(command, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_a_figure_is_printed_with_its_cell_and_what_it_is_compared_with(october):
    said = asked(figure, "economy.revenue", "--place", "80", "--period", "2026-10")
    assert (said["value"], said["unit"], said["status"], said["place"]) == (3150.7, "tỷ đồng", "ok", "80")
    assert said["at"] == "2026-11-01T00:00:00+07:00"
    assert said["detail"]["submission"] == october.pk
    compared = {one["kind"]: one for one in said["comparisons"]}
    assert compared["plan_year"]["status"] == "ok"
    assert compared["last_period"]["inputs"][-1]["indicator"] == "economy.revenue@previous"
    assert (compared["since_january"]["there"], compared["since_january"]["expected"]) == (1, 10)
    assert compared["per_head"]["status"] == "missing"
    words = CliRunner().invoke(figure, ["economy.revenue", "--place", "80", "--period", "2026-10"]).stdout
    assert "Tỉnh Tây Ninh tháng 10/2026: 3.150,7 tỷ đồng (ok)" in words
    yesterday = (clock.now() - timedelta(days=1)).isoformat()
    then = asked(figure, "economy.revenue", "--place", "80", "--period", "2026-10", "--as-of", yesterday)
    assert (then["value"], then["status"]) == (None, "missing")


def test_a_figure_is_walked_back_to_the_cell_of_the_delivered_file(october):
    steps = asked(trace, "economy.trade_balance", "--place", "80", "--period", "2026-10")
    assert [(one["depth"], one["what"]) for one in steps] == [
        (0, "figure"),
        *[(1, "figure"), (2, "submission"), (3, "cell"), (4, "delivery")] * 2,
    ]
    export = steps[1:5]
    assert "economy.export Tỉnh Tây Ninh tháng 10/2026 = 1.310,4 triệu USD" in export[0]["text"]
    assert all(words in export[1]["text"] for words in ("ký clerk", "duyệt boss", "công bố boss"))
    assert (export[2]["raw"], export[2]["found"]) == (1310.4, "1310.4")
    assert (export[3]["id"], export[3]["sha256"]) == (october.delivery_id, october.sha256)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["economy.revenu", "--place", "80", "--period", "2026-10"], "nearest: economy.revenue"),
        (["economy.revenue", "--place", "99", "--period", "2026-10"], "no unit had the code '99' on 31/10/2026"),
        (["economy.revenue", "--place", "80", "--period", "10/2026"], "write 2026-10, 2026-Q4, 2026-W47 or 2026"),
        (["economy.revenue", "--place", "80"], "give --station and --at, or"),
        (["economy.revenue", "--place", "80", "--period", "2026-10", "--station", "KK-1"], "give --station and --at, or"),
        (["population.people", "--place", "80", "--period", "2026-10"], "comes each year"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_named(province, words, answer):
    done = CliRunner().invoke(figure, words)
    assert done.exit_code != 0
    assert answer in done.stderr


def test_an_alarm_on_a_published_figure_is_walked_to_the_cell_of_its_file(october, province, monkeypatch):
    about = {"indicator": "economy.revenue", "period": "month", "unit": "tỷ đồng", "above": 3000}
    with_rule(monkeypatch, "economy.much", **about, time_to_respond=86400.0 * 3650)
    assert judge() == 1
    alarm = Alarm.objects.get(rule="economy.much")
    assert (alarm.value, alarm.place, alarm.office) == (3150.7, province, october.office)
    told = asked(trace, f"alarm:{alarm.pk}")
    assert [(one["depth"], one["what"]) for one in told] == [
        (0, "alarm"), (1, "judgement"), (2, "figure"), (3, "submission"), (4, "cell"), (5, "delivery"),
    ]  # fmt: skip
    assert told[2]["text"].startswith("economy.revenue Tỉnh Tây Ninh tháng 10/2026 = 3.150,7")
    assert told[3]["id"] == october.pk
    assert told[4]["raw"] == 3150.7
    # A correction makes another figure; what the alarm rests on stays what it was.
    detail = {"kind": "stated", "submission": 0, "sheet": "KTXH", "cell": "F9", "raw": 2000}
    corrected = Stated(
        "economy.revenue", province.pk, periods.end_of(Period.parse("2026-10")), 2000.0, detail
    )
    with transaction.atomic():
        publish(load_catalogue(), [corrected], epochs.take("test"))
    assert asked(trace, f"alarm:{alarm.pk}")[2:] == told[2:]
