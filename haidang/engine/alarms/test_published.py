"""Rules over published figures: one alarm of a place for what was published, once, and its return by a correction."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from haidang.engine import clock
from haidang.engine.alarms import actions
from haidang.engine.alarms.conftest import (
    DENGUE,
    EPIDEMIC,
    NOW,
    OUTBREAK,
    Centre,
    add_person,
    browser,
    catalogue,
    judge,
    with_rule,
)  # fmt: skip
from haidang.engine.alarms.models import Alarm, Event
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.conftest import places as places  # noqa: PLC0414 - the province of the stage before
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.notify.models import Change
from haidang.engine.people.models import Grant, Office, Person
from haidang.engine.places.models import Place
from haidang.engine.rules import evaluation, published
from haidang.engine.rules.book import Past
from haidang.engine.rules.models import Judged, RuleCount
from haidang.engine.rules.published import answering
from haidang.engine.store import epochs


def test_a_week_beyond_the_limit_is_one_alarm_of_its_commune(centre: Centre) -> None:
    places = centre.places
    centre.publish("2026-W47", {places.north: 24, places.south: 20, places.west: 0})
    assert judge() == 1
    alarm = centre.alarm()
    assert (alarm.subject, alarm.place_id, alarm.office) == (
        f"place:{places.north}",
        places.north,
        centre.office,
    )
    assert (alarm.value, alarm.limit, alarm.unit, alarm.period) == (24, 20, "ca", "2026-W47")
    assert (alarm.state, alarm.priority, alarm.domain, alarm.where) == (
        "unacked",
        3,
        "health",
        "commune north",
    )
    assert alarm.where_told == alarm.where
    assert alarm.at == periods.end_of(Period.parse("2026-W47"))
    assert Change.objects.filter(topic="alarms", object_id=str(alarm.pk)).count() == 1


def test_each_version_is_judged_once_and_a_transaction_that_failed_is_as_if_it_never_was(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.publish("2026-W47", {centre.places.north: 24})
    raising = actions.apply

    def dying(*given: Any) -> None:
        raising(*given)
        raise ConnectionError("the process dies here")

    monkeypatch.setattr(actions, "apply", dying)
    with pytest.raises(ConnectionError):
        judge()
    assert not Alarm.objects.exists()
    assert not Judged.objects.exists()
    monkeypatch.undo()
    assert [judge(), judge()] == [1, 0]
    centre.publish("2026-W48", {centre.places.south: 3})
    assert judge() == 0
    assert centre.kinds() == ["raised"]
    assert RuleCount.objects.get(rule=OUTBREAK).raised == 1


def test_the_next_week_beyond_it_is_the_same_alarm_and_one_within_it_lets_it_return(centre: Centre) -> None:
    for week, cases in (("2026-W46", 30), ("2026-W47", 41)):
        centre.publish(week, {centre.places.north: cases})
        judge()
    clock.set_source(datetime(2026, 12, 1, tzinfo=UTC).timestamp)
    centre.publish("2026-W48", {centre.places.north: 12})
    judge()
    alarm = centre.alarm()
    assert (alarm.state, alarm.value, alarm.period) == ("returned", 30, "2026-W46")
    assert centre.kinds() == ["raised", "returned"]
    assert alarm.newest is not None
    assert (alarm.newest.value, alarm.newest.period) == (12, "2026-W48")


def test_a_correction_to_within_the_limit_is_told_and_returns_the_alarm(centre: Centre) -> None:
    wrong = centre.publish("2026-W47", {centre.places.north: 240})
    judge()
    centre.publish("2026-W47", {centre.places.north: 24}, corrects=wrong)
    judge()
    assert (centre.alarm().state, centre.alarm().is_corrected) == ("unacked", True)
    actions.acknowledge(alarm=centre.alarm(), by=centre.operator)
    clock.set_source(datetime(2027, 1, 20, tzinfo=UTC).timestamp)
    centre.publish("2026-W47", {centre.places.north: 4})
    judge()
    assert centre.alarm().state == "closed", "however late it comes"
    assert centre.kinds() == ["raised", "corrected", "acknowledged", "corrected", "returned"]


def test_what_a_corrected_file_no_longer_states_lets_the_week_before_decide(centre: Centre) -> None:
    places = centre.places
    centre.publish("2026-W46", {places.north: 6, places.south: 6})
    wrong = centre.publish("2026-W47", {places.north: 50, places.south: 5})
    judge()
    centre.publish("2026-W47", {places.south: 5}, corrects=wrong)
    judge()
    assert (centre.alarm().state, centre.alarm().is_corrected) == ("returned", True)


def test_history_handed_in_late_is_silent_and_ends_nothing(centre: Centre) -> None:
    for week in ("2020-W30", "2024-W31", "2026-W30"):
        centre.publish(week, {centre.places.south: 500, centre.places.north: 1})
    assert judge() == 0
    assert not Event.objects.exists()
    centre.publish("2026-W47", {centre.places.north: 24})
    judge()
    centre.publish("2026-W29", {centre.places.north: 0, centre.places.south: 900})
    judge()
    assert centre.alarm().state == "unacked"
    assert centre.kinds() == ["raised"]


def test_dengue_of_the_province_is_judged_by_its_past_seasons(centre: Centre) -> None:
    province, week = centre.places.province, Period.parse("2026-W47")
    at, past = periods.end_of, []
    for back in range(1, 7 * 52):
        one = periods.back(week, back)
        cases = round(20 + one.year % 3 + 200 * math.exp(-(((one.number - 34) / 4) ** 2)))
        past.append(Stated(DENGUE, province, at(one), cases if one.year < 2026 else 20, {"kind": "stated"}))
    with transaction.atomic():
        publish(catalogue(), past, epochs.take("history"))
    assert judge() == 0
    centre.publish("2026-W47", {province: 26}, DENGUE)
    assert judge() == 0
    wrong = centre.publish("2026-W47", {province: 95}, DENGUE)
    assert judge() == 2, "what it corrects is told, and then it raises"
    alarm = centre.alarm(EPIDEMIC)
    assert (alarm.place_id, alarm.value, alarm.priority) == (province, 95, 2)
    assert alarm.limit is not None
    assert 26 < alarm.limit < 95
    assert len(alarm.rule_sha256) == 64
    page = browser(centre.operator).get(alarm.get_absolute_url()).content.decode()
    assert "Tuần 47/2026" in page
    centre.publish("2026-W47", {province: 25}, DENGUE, corrects=wrong)
    judge()
    assert centre.alarm(EPIDEMIC).state == "returned"


def test_a_limit_may_be_what_another_indicator_says_of_the_same_place_and_period(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "health.hand_foot_mouth_communes"
    with_rule(monkeypatch, "health.more", above={"indicator": other, "times": 2.0})
    north = centre.places.north
    centre.publish("2026-W47", {north: 11})
    assert judge() == 0, "nothing to compare with yet"
    centre.publish("2026-W47", {north: 5}, other)
    assert judge() == 1
    assert (centre.alarm("health.more").value, centre.alarm("health.more").limit) == (11, 10)
    centre.publish("2026-W47", {north: 6}, other)
    judge()
    assert centre.alarm("health.more").state == "returned", "the limit was corrected"


def test_a_rule_may_fire_below_and_keep_to_the_province(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_rule(monkeypatch, "health.few", below=2, level="province")
    places = centre.places
    centre.publish("2026-W47", {places.north: 0, places.province: 1})
    judge()
    assert centre.alarm("health.few").place_id == places.province


FAILING: dict[str, Callable[[Any], Any]] = {
    "KeyError": lambda past: past.data["of a key that is not there"],
    "AttributeError": lambda past: past.data.limit,
    "ValueError": lambda _past: math.nan,
}


@pytest.mark.parametrize("error", FAILING)
def test_a_rule_that_fails_harms_only_itself_and_catches_up(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    placed = with_rule(monkeypatch, "health.broken", above={"past_years": 1})
    book, mended = evaluation.evaluator().book.rules, False

    def limit(past: Past) -> float:
        return 1.0 if mended else FAILING[error](past)

    monkeypatch.setitem(book, "health.broken", replace(placed, compute=limit))
    centre.publish("2026-W47", {centre.places.north: 24})
    assert judge() == 1
    assert centre.alarm().state == "unacked"
    assert RuleCount.objects.get(rule="health.broken").last_error.startswith(error)
    assert judge() == 0, "it lost its turn for a minute"
    mended = True
    clock.set_source(lambda: NOW.timestamp() + 61)
    assert judge() == 1
    assert centre.alarm("health.broken").limit == 1.0


def test_a_new_rule_judges_what_stands_and_another_text_of_it_what_it_changes(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.publish("2026-W47", {centre.places.north: 15})
    assert judge() == 0
    placed = with_rule(monkeypatch, "health.other", above=10)
    assert judge() == 1
    higher = msgspec.structs.replace(placed.rule, above=16.0)
    monkeypatch.setitem(
        evaluation.evaluator().book.rules, "health.other", replace(placed, rule=higher, sha256="1" * 64)
    )
    judge()
    assert centre.alarm("health.other").state == "returned"


def test_a_rule_out_of_service_here_raises_when_it_is_put_back(centre: Centre) -> None:
    subject = f"place:{centre.places.north}"
    entry = actions.take_out_of_service(rule=OUTBREAK, subject=subject, by=centre.operator, reason="điều tra")
    centre.publish("2026-W47", {centre.places.north: 24, centre.places.south: 25})
    judge()
    assert centre.alarm().place_id == centre.places.south
    actions.put_into_service(entry=entry, by=centre.operator)
    assert Alarm.objects.open().filter(place_id=centre.places.north).exists()


def test_a_rule_whose_code_fails_stays_out_of_service_and_says_why(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = with_rule(monkeypatch, "health.broken", above={"past_years": 1})
    failing = replace(placed, compute=FAILING["AttributeError"])
    monkeypatch.setitem(evaluation.evaluator().book.rules, "health.broken", failing)
    centre.publish("2026-W47", {centre.places.north: 24})
    entry = actions.take_out_of_service(
        rule="health.broken", subject="", by=centre.operator, reason="điều tra"
    )
    with pytest.raises(ValidationError, match="AttributeError"):
        actions.put_into_service(entry=entry, by=centre.operator)
    entry.refresh_from_db()
    assert entry.ended_at is None


def test_what_stood_at_a_place_that_is_no_more_returns(centre: Centre) -> None:
    centre.publish("2026-W47", {centre.places.north: 24, centre.places.south: 30})
    judge()
    Place.objects.filter(pk=centre.places.north).update(valid_to_date=date(2026, 11, 24))
    assert judge() == 1
    assert {one.place_id: one.state for one in Alarm.objects.all()} == {
        centre.places.north: "returned",
        centre.places.south: "unacked",
    }
    assert judge() == 0


def test_what_a_rule_told_of_another_level_returns(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    placed = with_rule(monkeypatch, "health.other", above=10)
    centre.publish("2026-W47", {centre.places.north: 15})
    judge()
    above = msgspec.structs.replace(placed.rule, level="province")
    changed = replace(placed, rule=above, sha256="1" * 64)
    monkeypatch.setitem(evaluation.evaluator().book.rules, "health.other", changed)
    judge()
    assert centre.alarm("health.other").state == "returned"


def test_the_epoch_is_asked_for_after_other_workers_have_been_waited_for(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a worker that waited would set the mark back, and a correction would be told twice."""
    held = []
    asking = published._last_epoch

    def asked() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE relation = 'rules_judged'::regclass AND mode = 'RowShareLock'"
                " AND pid = pg_backend_pid()"
            )
            held.append(cursor.fetchone()[0])
        return asking()

    monkeypatch.setattr(published, "_last_epoch", asked)
    judge()
    assert held == [1]


def test_an_alarm_of_a_place_is_seen_by_office_place_and_domain(centre: Centre) -> None:
    centre.publish("2026-W47", {centre.places.north: 24})
    judge()
    other = Office.objects.create(code="so-nnmt", name="Sở NN&MT", short_name="Sở NN&MT")
    cdc = add_person("cdc@tayninh.example", "Lê Thị Hạnh", "officer", centre.office)
    stranger = add_person("binh@tayninh.example", "Trần Thị Bình", "officer", other)
    scoped = [
        (dict.fromkeys(("domain",), "health"), True),
        (dict.fromkeys(("domain",), "environment"), False),
        ({"place_id": centre.places.north}, True),
        ({"place_id": centre.places.province}, True),
        ({"place_id": centre.places.south}, False),
    ]
    seen = [(cdc, True), (stranger, False)]
    for number, (scope, sees) in enumerate(scoped):
        person = Person.objects.create(
            email=f"n{number}@x.example", username=f"n{number}", name="N", password="!"
        )
        Grant.objects.create(person=person, role="analyst", **scope)
        seen.append((person, sees))
    for person, sees in seen:
        assert Alarm.objects.for_user(person).exists() == sees, (person, person.grants.get())
        found = browser(person).get(centre.alarm().get_absolute_url())
        assert found.status_code == (200 if sees else 404), person


def test_the_office_of_a_formula_is_that_of_what_it_follows_from(centre: Centre) -> None:
    province, end = centre.places.province, periods.end_of(Period.parse("2025"))
    with transaction.atomic():
        people = [
            Stated("population.people", province, end, 3_000_000.0, {"kind": "stated", "submission": 0})
        ]
        publish(catalogue(), people, epochs.take("test"))
    centre.publish("2026-W47", {province: 90}, DENGUE)
    (rate,) = figure_rows.newest(["health.dengue_rate"], [province])
    assert rate.value == pytest.approx(3.0)
    assert answering(rate) == centre.office.pk
