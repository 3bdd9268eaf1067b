"""The index, the counted figures and the command line read the same lines: also of a dossier carried over from list to
list, of a list that was corrected, and of what a list leaves open.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.exceptions import ValidationError

from haidang.config.cli import main
from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.tree import load_tree
from haidang.engine.counting import running
from haidang.engine.counting.conftest import COMMUNE, DEPARTMENT, FILES, WARD, Publish, body, dossier
from haidang.engine.counting.conftest import cast as cast  # noqa: PLC0414 - the fixture of the stage before
from haidang.engine.counting.conftest import publish as publish  # noqa: PLC0414
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.catalogue import catalogue_of
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.scored import score_of
from haidang.engine.places.models import Place
from haidang.engine.scorecards import definition
from haidang.engine.submissions import actions
from haidang.engine.submissions.conftest import Cast

TREE = load_tree(kinds={**running.KINDS, **definition.KINDS})
CATALOGUE = catalogue_of(TREE)
CARD = TREE.of("scorecards")["services.qd_766"].thing
SEPTEMBER, OCTOBER = Period("month", 2026, 9), Period("month", 2026, 10)
# Carried over: told as open by September's list, as returned late by October's.
OPEN = dossier(1, WARD, date(2026, 9, 25), date(2026, 10, 2))
CARRIED = dossier(1, WARD, date(2026, 9, 25), date(2026, 10, 2), date(2026, 10, 6))
FIRST = [
    dossier(2, WARD, date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 9), fee=50_000, payment="Trực tuyến"),
    dossier(3, WARD, date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 15), fee=50_000, payment="Trực tiếp"),
    dossier(4, COMMUNE, date(2026, 10, 28), date(2026, 11, 6)),
    dossier(5, COMMUNE, date(2026, 10, 5), date(2026, 10, 12), state="Tạm dừng"),
    dossier(6, DEPARTMENT, date(2026, 10, 5), date(2026, 10, 12)),
    dossier(7, DEPARTMENT, date(2026, 10, 5), date(2026, 10, 12), state="Rút hồ sơ"),
]  # fmt: skip
# The correction: the ward's second was in time, one of the department is said to be done without the day, one has no fee told.
CORRECTED = [
    FIRST[0], FIRST[2], FIRST[3], FIRST[4],
    dossier(3, WARD, date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 12), fee=50_000, payment="Trực tiếp"),
    dossier(8, DEPARTMENT, date(2026, 10, 6), date(2026, 10, 13), state="Đã trả kết quả"),
    dossier(9, COMMUNE, date(2026, 10, 7), date(2026, 10, 14), date(2026, 10, 9), fee=None, payment="Trực tiếp"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _in_december() -> Iterator[None]:
    clock.set_source(datetime(2026, 12, 6, 2, tzinfo=UTC).timestamp)
    yield
    clock.set_source(None)


def asked(period: Period) -> dict[str, Any]:
    done = CliRunner().invoke(main, ["dossiers", "--published", "--period", period.code, "--json"])
    assert done.exit_code == 0, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def agree(period: Period) -> dict[str, Any]:
    """The command line's answer, once the figures and the index have been found to say the same."""
    answer, at = asked(period), periods.end_of(period)
    here = list(Place.objects.filter(level=Place.Level.PROVINCE, code="80").values_list("pk", flat=True))
    found = score_of(CATALOGUE, CARD, here, at)
    whole, *centres = answer["centres"]
    scored = {"Toàn tỉnh": (found.scored.counts, found.scored.score)}
    scored |= {one.name: (one.counts, one.score) for one in found.scored.centres}
    assert {one["name"] for one in [whole, *centres]} == scored.keys()
    for one in [whole, *centres]:
        counts, points = scored[one["name"]]
        for code, named in one["index"]["counts"].items():
            assert {name: counts[code][name] for name in named} == named, (one["name"], code)
            if row := points.rows[code].score:
                assert float(row) == pytest.approx(one["index"]["rows"][code]["points"], abs=1e-9)
        assert one["volume"] == counts["2.1"]["handled"]
    rows = figure_rows.read([f"services.{name}" for name in NAMED], here, [at])
    figures = {subject.indicator.partition(".")[2]: row.value for subject, row in rows.items()}
    for name, theirs in NAMED.items():
        ours = None if whole["counts"]["undated"] and name in HANG_ON_A_DAY else whole["counts"][theirs]
        assert figures[name] == ours, name
    return answer


# Figure → what the command line calls it.
NAMED = {
    "received": "received", "early": "early", "on_time": "on_time", "late": "late", "running": "running", "overdue": "overdue",
    "paused": "paused", "returned": "returned", "online": "online", "paid_online": "paid_online", "handling_days": "working_days",
}  # fmt: skip
# What the one that is said to be done without a day may be; running it is not, its term was over.
HANG_ON_A_DAY = {"early", "on_time", "late", "overdue", "returned", "handling_days"}


@pytest.mark.django_db
def test_three_ways_to_ask_give_one_answer(publish: Publish, cast: Cast) -> None:
    publish("2026-09", [OPEN])
    running.count_all(TREE)
    assert agree(SEPTEMBER)["centres"][0]["counts"]["running"] == 1
    publish("2026-10", [CARRIED, *FIRST])
    waiting = CliRunner().invoke(main, ["dossiers", "--published", "--period", "2026-10"])
    assert waiting.exit_code == 1
    assert "1 published lists of services.dossiers are not counted yet (2026-10 ho so.xlsx)" in waiting.stderr
    running.count_all(TREE)
    october = agree(OCTOBER)
    assert (october["lines"], october["centres"][0]["counts"]["late"]) == (6, 1)
    assert october["centres"][0]["index"]["counts"]["2.1"] == {"in_time": 3, "handled": 5}
    # The carried one is counted once, in the month it was received in, as the newer list has it.
    september = agree(SEPTEMBER)
    assert (september["lines"], september["repeated"]) == (1, 1)
    assert september["centres"][0]["counts"]["running"] == 1, "on 30 September it was open"
    # A list with a line at fault is nobody's: not the index's, not the figures', not the command line's.
    fault = [*FIRST, dossier(10, WARD, date(2026, 10, 6), date(2026, 10, 5))]
    bad = cast.take(body(fault), source=FILES, period="2026-10", name="2026-10 sai.xlsx")
    with pytest.raises(ValidationError):
        actions.sign(submission=bad, by=cast.clerk)
    assert running.count_all(TREE).lists == 0
    assert agree(OCTOBER) == october
    publish("2026-10", CORRECTED, asked=1)
    running.count_all(TREE)
    corrected = agree(OCTOBER)
    assert corrected["lines"] == 7
    assert corrected["centres"][0]["index"]["counts"]["2.1"] == {"in_time": None, "handled": 7}
    ward = next(one for one in corrected["centres"] if one["name"] == WARD)
    assert ward["index"]["rows"]["2.1"]["points"] == 20, (
        "what the department leaves open is not the ward's loss"
    )
    # The correction does not tell of the carried one any more: September's own list holds again.
    assert agree(SEPTEMBER)["repeated"] == 0


@pytest.mark.django_db
def test_the_published_figures_are_scored_on_the_command_line(publish: Publish) -> None:
    publish("2026-10", FIRST)
    running.count_all(TREE)
    asked = ["score", "--place", "80", "--period", "2026-10"]
    answer = json.loads(CliRunner().invoke(main, [*asked, "--json"]).stdout)
    whole, *centres = answer["centres"]
    assert (whole["name"], whole["volume"], whole["rows"]["2.1"]["points"]) == ("Tỉnh Tây Ninh", 5, 12)
    assert whole["rows"]["1.1"]["status"] == "missing"
    assert {one["name"] for one in centres} == {WARD, COMMUNE, DEPARTMENT}
    assert [one["name"] for one in answer["ranking"]["cấp xã"]] == [COMMUNE, WARD]
    said = CliRunner().invoke(main, [*asked, "--least", "30"]).stdout
    assert "15 điểm trên 26 điểm tính được" in said
    assert "ít hồ sơ, không xếp hạng" in said
    for wrong, words in (
        (["score", "--place", "80"], "name a FILE, or a --place and a --period"),
        (["score", "--place", "80", "--period", "2026"], "this scorecard is of each month"),
        (["score", "--place", "00", "--period", "2026-10"], "no unit had the code '00'"),
        (["score", "--place", "80", "--period", "2021-10"], "no version holds on 31/10/2021"),
    ):
        done = CliRunner().invoke(main, wrong)
        assert (done.exit_code, words in " ".join(done.stderr.split())) == (2, True), done.stderr


@pytest.mark.django_db
def test_the_index_of_an_earlier_epoch_is_told_again(publish: Publish) -> None:
    publish("2026-10", FIRST)
    running.count_all(TREE)
    here = list(Place.objects.filter(level=Place.Level.PROVINCE, code="80").values_list("pk", flat=True))
    at = periods.end_of(OCTOBER)
    before = score_of(CATALOGUE, CARD, here, at)
    place = before.places["services.late"]
    epoch = figure_rows.read(["services.late"], [place], [at])[Subject("services.late", place, at)].epoch
    publish("2026-10", CORRECTED, asked=1)
    running.count_all(TREE)
    now = score_of(CATALOGUE, CARD, here, at)
    assert now.scored.score != before.scored.score
    again = score_of(CATALOGUE, CARD, here, at, epoch)
    assert (again.scored.score, again.scored.centres) == (before.scored.score, before.scored.centres)
