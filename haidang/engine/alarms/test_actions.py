"""States of ISA-18.2, one open alarm for a rule and a station, and nothing that happens is forgotten."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from haidang.engine import clock
from haidang.engine.alarms import actions, tasks
from haidang.engine.alarms.conftest import DANGEROUS, HIGH, Desk, add_person
from haidang.engine.alarms.counts import counts
from haidang.engine.alarms.health import health
from haidang.engine.alarms.listing import FLOOD, URGENT, listing
from haidang.engine.alarms.models import Alarm, Event
from haidang.engine.assets.models import Asset
from haidang.engine.audit.models import Act
from haidang.engine.notify.models import Change
from haidang.engine.people.models import Grant
from haidang.engine.store.models import Source


def test_an_alarm_goes_from_raise_over_acknowledgement_to_return_and_is_done(desk: Desk) -> None:
    desk.hear(desk.judge("raise"))
    alarm = desk.open()
    assert (alarm.state, alarm.value, alarm.limit, alarm.unit) == ("unacked", 171.0, 150.0, "µg/m3")
    alarm = actions.acknowledge(alarm=alarm, by=desk.operator, note="đã gọi trạm")
    assert alarm.state == "acked"
    desk.hear(desk.judge("clear", value=80))
    alarm.refresh_from_db()
    assert alarm.state == "closed"
    assert [event.kind for event in alarm.events.order_by("pk")] == ["raised", "acknowledged", "returned"]
    assert Change.objects.filter(topic="alarms", object_id=str(alarm.pk)).count() == 3
    assert Act.objects.get(verb="alarm.acknowledged").person == desk.operator


def test_what_returned_unseen_waits_until_somebody_has_seen_it(desk: Desk) -> None:
    desk.hear(desk.judge("raise"), desk.judge("clear", value=80))
    alarm = desk.open()
    assert alarm.state == "returned"
    assert actions.acknowledge(alarm=alarm, by=desk.operator).state == "closed"


def test_what_comes_back_before_it_was_seen_is_the_same_alarm(desk: Desk) -> None:
    desk.hear(desk.judge("raise"), desk.judge("clear", value=80), desk.judge("raise", value=190))
    alarm = desk.open()
    assert (alarm.state, alarm.raises, alarm.value) == ("unacked", 2, 190.0)


def test_acknowledging_twice_is_once(desk: Desk) -> None:
    desk.hear(desk.judge("raise"))
    alarm = desk.open()
    actions.acknowledge(alarm=alarm, by=desk.operator)
    actions.acknowledge(alarm=alarm, by=desk.officer)
    assert desk.open().acknowledged_by == desk.operator
    assert alarm.events.filter(kind=Event.Kind.ACKNOWLEDGED).count() == 1


def test_the_database_holds_one_open_alarm_for_a_rule_and_a_station(desk: Desk) -> None:
    desk.hear(desk.judge("raise"))
    twin = desk.open()
    twin.pk = None
    with pytest.raises(IntegrityError, match="alarm_one_open"), transaction.atomic():
        twin.save()


def test_late_data_is_an_event_and_no_alarm(desk: Desk) -> None:
    desk.hear(desk.judge("late", ago_s=6 * 3600))
    assert not Alarm.objects.exists()
    assert Event.objects.get().kind == Event.Kind.LATE


def test_a_correction_marks_the_alarm_it_falls_into_and_deletes_nothing(desk: Desk) -> None:
    desk.hear(desk.judge("raise", ago_s=120))
    desk.hear(desk.judge("corrected", value=17.1, ago_s=100))
    alarm = desk.open()
    assert alarm.is_corrected
    assert alarm.events.order_by("-pk")[0].value == 17.1


def test_corrections_of_one_file_ask_for_their_alarms_once_and_each_is_told(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    desk.hear(desk.judge("raise", ago_s=3600))
    file = [desk.judge("corrected", value=float(number), ago_s=3700 - 100 * number) for number in range(40)]
    with django_assert_max_num_queries(15):
        desk.hear(*file)
    told = desk.open().events.filter(kind=Event.Kind.CORRECTED).order_by("at")
    assert [event.value for event in told] == [float(number) for number in range(1, 40)]
    assert desk.open().is_corrected


def test_a_correction_speaks_of_the_alarm_that_stood_when_its_turn_came(desk: Desk) -> None:
    early, late = (desk.judge("corrected", value=value, ago_s=50) for value in (1, 2))
    desk.hear(early, desk.judge("raise", ago_s=60), late)
    assert [event.value for event in desk.open().events.filter(kind=Event.Kind.CORRECTED)] == [2]


def test_a_correction_of_another_source_leaves_the_alarm_alone(desk: Desk) -> None:
    desk.hear(desk.judge("raise", ago_s=120))
    other = replace(desk.judge("corrected", ago_s=100), subject="series:0", series_id=0)
    desk.hear(other)
    assert not desk.open().is_corrected


def test_the_alarms_of_a_rule_and_subject_are_found_by_an_index(desk: Desk) -> None:
    desk.hear(desk.judge("raise", ago_s=120))
    with CaptureQueriesContext(connection) as asked:
        desk.hear(desk.judge("corrected", ago_s=100))
    (query,) = (q["sql"] for q in asked if q["sql"].startswith("SELECT") and '"at" <=' in q["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "alarm_by_rule" in plan


def test_the_lesser_rule_stands_back_while_the_urgent_one_is_active(desk: Desk) -> None:
    desk.hear(desk.judge("raise", HIGH), desk.judge("raise", DANGEROUS, 300))
    assert (desk.open(HIGH).state, desk.open(DANGEROUS).state) == ("suppressed", "unacked")
    assert counts(desk.operator).suppressed == 1
    desk.hear(desk.judge("clear", DANGEROUS, 190))
    assert desk.open(HIGH).state == "unacked"


def test_shelving_needs_a_reason_lasts_a_shift_at_most_and_ends_by_itself(desk: Desk) -> None:
    desk.hear(desk.judge("raise"))
    alarm, now = desk.open(), clock.now()
    with pytest.raises(ValidationError, match="lý do"):
        actions.shelve(alarm=alarm, by=desk.operator, reason=" ", until=now + timedelta(hours=1))
    with pytest.raises(ValidationError, match="8 giờ"):
        actions.shelve(alarm=alarm, by=desk.operator, reason="bảo trì", until=now + timedelta(hours=9))
    shelved = actions.shelve(alarm=alarm, by=desk.operator, reason="bảo trì", until=now + timedelta(hours=1))
    assert shelved.state == "shelved"
    Alarm.objects.update(shelved_until=now - timedelta(seconds=1))
    assert tasks.end_shelves() == 1
    assert desk.open().state == "unacked"


def test_a_rule_out_of_service_raises_nothing_here_and_says_so(desk: Desk) -> None:
    subject = f"asset:{desk.station.pk}"
    entry = actions.take_out_of_service(rule=HIGH, subject=subject, by=desk.operator, reason="đầu đo hỏng")
    desk.hear(desk.judge("raise"))
    assert not Alarm.objects.exists()
    assert Event.objects.get().kind == Event.Kind.SILENCED
    assert counts(desk.operator).out_of_service == 1
    actions.put_into_service(entry=entry, by=desk.operator)
    desk.hear(desk.judge("raise"))
    assert desk.open().state == "unacked"


def test_chattering_puts_an_alarm_aside_but_never_an_urgent_one(desk: Desk) -> None:
    for _ in range(tasks.CHATTER_TIMES):
        desk.hear(desk.judge("raise"), desk.judge("clear", value=80))
        desk.hear(desk.judge("raise", DANGEROUS, 300), desk.judge("clear", DANGEROUS, 80))
    desk.hear(desk.judge("raise"))
    assert tasks.calm_chattering() == 1
    assert desk.open(HIGH).state == "shelved"
    assert desk.open(DANGEROUS).state == "returned"


def test_what_a_person_took_off_its_shelf_is_calmed_again_only_when_it_chatters_again(desk: Desk) -> None:
    for _ in range(tasks.CHATTER_TIMES):
        desk.hear(desk.judge("raise"), desk.judge("clear", value=80))
    desk.hear(desk.judge("raise"))
    assert tasks.calm_chattering() == 1
    actions.unshelve(alarm=desk.open(), by=desk.operator)
    assert tasks.calm_chattering() == 0
    assert desk.open().state == "unacked"
    for _ in range(tasks.CHATTER_TIMES):
        desk.hear(desk.judge("clear", value=80), desk.judge("raise"))
    assert tasks.calm_chattering() == 1


def test_the_end_of_a_shelf_is_no_wish_to_see_it(desk: Desk) -> None:
    for _ in range(tasks.CHATTER_TIMES):
        desk.hear(desk.judge("raise"), desk.judge("clear", value=80))
    actions.shelve(alarm=desk.open(), by=None, reason="tự gác", until=clock.now() + timedelta(minutes=1))
    actions.unshelve(alarm=desk.open(), by=None)
    assert tasks.calm_chattering() == 1


def test_one_alarm_that_cannot_be_put_aside_leaves_the_others_calmed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "environment.pm10_high"
    for _ in range(tasks.CHATTER_TIMES):
        desk.hear(desk.judge("raise"), desk.judge("clear", value=80))
        desk.hear(desk.judge("raise", other), desk.judge("clear", other, 80))
    put_aside = actions.shelve

    def closed_meanwhile(*, alarm: Alarm, **more: Any) -> Alarm:
        if not Alarm.objects.exclude(shelved_until=None).exists() and not done:
            done.append(alarm)
            Alarm.objects.filter(pk=alarm.pk).update(closed_at=clock.now())
        return put_aside(alarm=alarm, **more)

    done: list[Alarm] = []
    monkeypatch.setattr(actions, "shelve", closed_meanwhile)
    assert tasks.calm_chattering() == 1
    assert Alarm.objects.open().get().state == "shelved"


def test_an_officer_of_another_office_sees_no_alarm(desk: Desk) -> None:
    desk.hear(desk.judge("raise"))
    assert counts(desk.operator).p2 == 1
    assert counts(desk.officer).unacked == 0
    assert not listing(desk.officer).groups


def test_a_flood_is_grouped_by_rule_with_a_true_count(desk: Desk) -> None:
    rule = "environment.station_silent"
    for number in range(FLOOD + 5):
        asset = Asset.objects.create(code=f"X{number}", name="x", kind="air", domain="environment")
        Alarm.objects.create(
            rule=rule, rule_sha256="", domain="environment", subject=f"asset:{asset.pk}", asset=asset, priority=3,
            title_vi="Trạm im lặng", at=clock.now(), raised_at=clock.now(),
        )  # fmt: skip
    desk.hear(desk.judge("raise", DANGEROUS, 300))
    group = listing(desk.operator).groups[0]
    assert (group.total, [row.more for row in group.rows]) == (FLOOD + 6, [0, FLOOD + 4])
    assert group.rows[0].alarm.priority == 1


def test_health_counts_rate_mix_and_what_was_late(desk: Desk) -> None:
    desk.hear(desk.judge("raise"), desk.judge("raise", DANGEROUS, 300), desk.judge("late"))
    found = health(desk.operator)
    assert (found.busiest, found.late, len(found.bins)) == (2, 1, 144)
    assert [(priority, number) for priority, number, _, _ in found.mix] == [(1, 1), (2, 1), (3, 0)]


def test_silence_is_judged_from_the_store(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_since_us", 0)
    now = clock.now()
    Source.objects.update(last_received_at=now)
    other = Asset.objects.create(code="KK-2", name="Trạm Gò Dầu", kind="air", domain="environment")
    series = desk.series
    for asset, heard in ((desk.station, now - timedelta(minutes=30)), (other, now)):
        series.pk = None if asset is other else series.pk
        series.asset, series.last_recorded_at, series.last_at = asset, heard, heard
        series.save()
    assert tasks.watch_silence() == 1
    alarm = Alarm.objects.get()
    assert (alarm.rule, alarm.asset, alarm.unit) == ("environment.station_silent", desk.station, "phút")
    assert tasks.watch_silence() == 0
    desk.station.series.update(last_recorded_at=clock.now())
    assert tasks.watch_silence() == 1
    assert Alarm.objects.get().state == "returned"


def _flood(number: int, *, priority: int, rule: str = "environment.station_silent") -> None:
    assets = Asset.objects.bulk_create(
        Asset(code=f"F{rule[-3:]}{n}", name="x", kind="air", domain="environment") for n in range(number)
    )
    Alarm.objects.bulk_create(
        Alarm(
            rule=rule, rule_sha256="", domain="environment", subject=f"asset:{asset.pk}", asset=asset,
            priority=priority, title_vi="Trạm im lặng", at=clock.now(), raised_at=clock.now(),
        )
        for asset in assets
    )  # fmt: skip


def test_a_flood_is_counted_by_the_database_and_never_loaded(
    desk: Desk, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    _flood(5_000, priority=3)
    _flood(URGENT + 9, priority=1, rule=DANGEROUS)
    with django_assert_max_num_queries(16):
        (group,) = listing(desk.operator).groups
    assert group.total == 5_000 + URGENT + 9
    assert [row.more for row in group.rows] == [0] * URGENT + [4_999]
    assert group.left == 9


def test_only_whoever_may_acknowledge_an_alarm_is_offered_it(desk: Desk) -> None:
    desk.hear(desk.judge("raise"))
    chief = add_person("truc@tayninh.example", "Đặng Minh Trực", "duty_chief")
    reader = add_person("xem@tayninh.example", "Hồ Thị Dung", "analyst")
    both = add_person("ca@tayninh.example", "Phạm Văn Cả", "analyst")
    Grant.objects.create(person=both, role="operator", domain="health")
    for who, offered in ((chief, True), (reader, False), (both, False)):
        client = Client()
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = client.get("/bao-dong/").content.decode()
        assert ('data-row-hotkey="KeyA"' in page, "<kbd>A</kbd>" in page) == (offered, offered), who
        assert desk.open().get_absolute_url() in page
