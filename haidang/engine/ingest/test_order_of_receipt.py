"""What was received later stays the current version, in whatever order it is processed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from haidang.engine.assets.models import Asset
from haidang.engine.ingest import replay
from haidang.engine.ingest.conftest import Sender, reading
from haidang.engine.ingest.incoming import Incoming
from haidang.engine.ingest.keeping import Parcel
from haidang.engine.store import trace
from haidang.engine.store.models import Delivery, Hour, Refusal, Series
from haidang.engine.wire import envelope

AT = "2026-11-20T10:05:00+07:00"
NEXT = "2026-11-20T10:10:00+07:00"


def body(value: float, station: str = "KK-1", **more: object) -> dict[str, object]:
    return {"station": station, "readings": [reading("PM2.5", value, AT)], **more}


def current(at: str = AT) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM store_observation WHERE superseded IS NULL AND at = %s", [at])
        return [row[0] for row in cursor.fetchall()]


def versions() -> list[float | None]:
    return [v.value for v in trace.versions_of(Series.objects.get().pk, datetime.fromisoformat(AT))]


def stored(seq: int) -> tuple[int, int]:
    delivery = Delivery.objects.get(wire_seq=seq)
    return delivery.stored, delivery.duplicate


def replayed(sender: Sender, refusal: Refusal) -> Incoming:
    arrivals = replay._arrivals([refusal])
    assert len(arrivals) == 1
    return Incoming(next(sender.numbers), envelope.encode(envelope.Envelope(arrivals=arrivals)))


@pytest.mark.parametrize("together", [False, True])
def test_a_message_that_comes_again_after_its_correction_is_kept_behind_it(
    sender: Sender, together: bool
) -> None:
    first, second = sender.message(body(31.2)), sender.message(body(28.0))
    if together:
        sender.conductor.take([second, first])
    else:
        sender.conductor.take([second])
        sender.conductor.take([first])
    assert current() == [28.0]
    assert versions() == [31.2, 28.0]
    assert stored(first.seq) == (1, 0)
    assert Hour.objects.get(superseded=None).mean == 28.0


def test_a_value_between_two_versions_takes_its_place_between_them(sender: Sender) -> None:
    one, two, three = (sender.message(body(value)) for value in (1.0, 2.0, 3.0))
    sender.conductor.take([one])
    sender.conductor.take([three])
    sender.conductor.take([two])
    assert current() == [3.0]
    assert versions() == [1.0, 2.0, 3.0]


def test_an_old_value_changes_neither_figures_nor_the_newest_value_of_the_series(sender: Sender) -> None:
    first, second = sender.message(body(31.2)), sender.message(body(28.0))
    sender.conductor.take([second])
    sender.conductor.take([first])
    assert Series.objects.get().last_value == 28.0
    assert Hour.objects.count() == 1


def test_a_stream_made_anew_counts_as_later_whatever_its_numbers(sender: Sender) -> None:
    first = sender.message(body(31.2))
    sender.conductor.take([Incoming(900, first.payload, birth=1)])
    sender.conductor.take([Incoming(3, sender.message(body(28.0)).payload, birth=2)])
    assert current() == [28.0]


def test_a_replayed_record_does_not_undo_what_came_after_it(sender: Sender) -> None:
    sender.send(body(31.2, "KK-9"))
    Asset.objects.create(code="KK-9", name="Trạm mới", kind="air", domain="environment")
    sender.send(body(28.0, "KK-9"))
    again = replayed(sender, Refusal.objects.get())
    sender.conductor.take([again])
    assert current() == [28.0]
    assert versions() == [31.2, 28.0]
    assert Refusal.objects.get().replay_delivery_id == Delivery.objects.get(wire_seq=again.seq).pk


def test_a_record_refused_twice_keeps_the_order_of_its_first_delivery(sender: Sender) -> None:
    sender.send(body(31.2, "KK-9"))
    sender.conductor.take([replayed(sender, Refusal.objects.get())])
    Asset.objects.create(code="KK-9", name="Trạm mới", kind="air", domain="environment")
    sender.send(body(28.0, "KK-9"))
    sender.conductor.take([replayed(sender, Refusal.objects.latest("pk"))])
    assert current() == [28.0]


def test_a_correction_that_was_refused_at_first_still_corrects_when_it_is_replayed(sender: Sender) -> None:
    other = Asset.objects.create(code="KK-9", name="Trạm mới", kind="air", domain="environment")
    sender.send(body(31.2, "KK-9"))
    other.is_active = False
    other.save()
    sender.conductor.notice_changes()
    sender.conductor.forget()
    sender.send(body(28.0, "KK-9"))
    other.is_active = True
    other.save()
    sender.conductor.forget()
    sender.conductor.take([replayed(sender, Refusal.objects.get())])
    assert current() == [28.0]


@pytest.mark.parametrize("known", [False, True])
def test_resend_correction_and_resend_in_one_batch_leave_the_correction(sender: Sender, known: bool) -> None:
    if known:
        sender.send(body(31.2))
    first, correction, again = (
        sender.message(body(31.2)),
        sender.message(body(28.0)),
        sender.message(body(31.2)),
    )
    sender.conductor.take([first, correction, again])
    assert current() == [28.0]
    assert stored(again.seq) == (0, 1)
    assert versions() == [31.2, 28.0]


def test_the_later_of_two_lines_of_one_file_is_the_one_that_holds(sender: Sender) -> None:
    lines = ("PM2,5\t31,2\tug/Nm3\t20261120100500\t00", "PM2,5\t28\tug/Nm3\t20261120100500\t00")
    assert sender.file("KK-1_20261120100500.txt", *lines).stored == 2
    assert current() == [28.0]
    assert sender.file("KK-1_20261120100500.txt", *lines).duplicate == 2
    assert current() == [28.0]


def test_many_values_of_one_stamp_in_one_message_cost_each_the_same(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    many, looks = 300, 0
    part_of: Callable[[Parcel, int], int] = Parcel.part_of

    def counted(parcel: Parcel, ordinal: int) -> int:
        nonlocal looks
        looks += 1
        return part_of(parcel, ordinal)

    monkeypatch.setattr(Parcel, "part_of", counted)
    values = [reading("PM2.5", 10 + number % 7, AT) for number in range(many)]
    sender.send({"station": "KK-1", "readings": values})
    assert len(versions()) == many
    assert looks < 20 * many


def test_a_clock_that_stands_still_costs_a_message_no_look_at_all_messages_before(
    sender: Sender, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        sender.send(body(10 + number / 10))
    with django_assert_max_num_queries(70):
        sender.send(body(30))
    assert current() == [30.0]
    repeated = sender.send(body(15.9, station="KK-1"))
    assert (repeated.stored, repeated.duplicate) == (0, 1)


def test_corrections_of_a_whole_file_cost_no_question_each_where_no_alarm_stands(
    sender: Sender, django_assert_max_num_queries: Any
) -> None:
    def day(value: float) -> dict[str, object]:
        times = [
            f"2026-11-19T{hour:02}:{minute:02}:00+07:00" for hour in range(20) for minute in range(0, 60, 15)
        ]
        return {"station": "KK-1", "readings": [reading("PM2.5", value, at) for at in times]}

    sender.send(day(10))
    with django_assert_max_num_queries(70):
        corrected = sender.send(day(11))
    assert corrected.stored == 80
