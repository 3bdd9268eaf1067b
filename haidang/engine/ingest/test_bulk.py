"""A message in slices ends as it would have in one piece, whatever happens between two of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from haidang.engine import clock
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts import check
from haidang.engine.ingest import bulk
from haidang.engine.ingest.bulk import Bulk
from haidang.engine.ingest.conduct import Conductor
from haidang.engine.ingest.conftest import Sender, reading
from haidang.engine.ingest.incoming import Incoming
from haidang.engine.store import trace
from haidang.engine.store.models import Delivery, Epoch, Hour, Refusal, Series, Tally
from haidang.engine.wire import envelope

START = datetime.fromisoformat("2026-11-20T00:05:00+07:00")


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "SLICE", 3)


def at(number: int) -> str:
    return (START + timedelta(minutes=5 * number)).isoformat()


def lines(count: int, station: str = "KK-1", value: float = 20) -> bytes:
    """NDJSON, a message of one reading in each line."""
    return b"".join(
        json.dumps({"station": station, "readings": [reading("PM2.5", value + n, at(n))]}).encode() + b"\n"
        for n in range(count)
    )


def finish(conductor: Conductor, message: Incoming) -> Delivery:
    under_way = Bulk(conductor, message)
    while under_way.go_on():
        pass
    return Delivery.objects.get(wire_seq=message.seq)


def begin(conductor: Conductor, message: Incoming, slices: int) -> Bulk:
    under_way = Bulk(conductor, message)
    for _ in range(slices):
        assert under_way.go_on()
    return under_way


def outcomes(delivery: Delivery) -> tuple[int, int, int, int]:
    assert not delivery.unfinished
    assert delivery.received == delivery.stored + delivery.duplicate + delivery.refused + delivery.failed
    return delivery.stored, delivery.duplicate, delivery.refused, delivery.failed


def current() -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM store_observation WHERE superseded IS NULL ORDER BY at")
        return [row[0] for row in cursor.fetchall()]


def places() -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ordinal, count(*) FROM store_observation GROUP BY 1 ORDER BY 1")
        return cursor.fetchall()


def reasons(delivery: Delivery) -> list[tuple[object, ...]]:
    return [
        (one.ordinal, one.reason, one.excerpt, one.asset_code, {**one.args, "now": ""})
        for one in Refusal.objects.filter(delivery_id=delivery.pk).order_by("ordinal")
    ]


def packed(seq: int, *bodies: Arrival) -> Incoming:
    return Incoming(seq, envelope.encode(envelope.Envelope(arrivals=list(bodies))))


def arrival(body: bytes, form: str = "ndjson", **more: Any) -> Arrival:
    records = more.pop("records", None) or max(1, body.count(b"\n"))
    return Arrival(
        source="environment.station_readings", door="push", received_at=clock.timestamp(), credential="t", format=form,
        body=body, size=len(body), records=records, **more,
    )  # fmt: skip


MIXED = [
    {"station": "KK-1", "readings": [reading("PM2.5", 1, at(0)), reading("PM2.5", -5, at(1))]},
    {"station": "KK-8", "readings": [reading("PM2.5", 1, at(0))]},
    {
        "station": "KK-1",
        "readings": [reading("XYZ", 1, at(2)), *(reading("PM10", n, at(n)) for n in range(5))],
    },
]


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_a_message_in_slices_has_the_outcomes_and_reasons_it_has_as_a_whole(
    sender: Sender, form: str
) -> None:
    body = json.dumps(MIXED) if form == "json" else "\n".join(json.dumps(one) for one in MIXED)
    sliced = finish(sender.conductor, sender.message(body.encode(), format=form))
    assert outcomes(sliced) == (6, 0, 3, 0)
    whole = sender.send(body.encode(), format=form)
    assert outcomes(whole) == (0, 6, 3, 0)
    assert reasons(sliced) == reasons(whole)


def test_a_file_in_slices_leads_each_value_back_to_its_line(sender: Sender) -> None:
    text = "".join(f"PM2,5\t{n}\tug/Nm3\t20261120{n:02}0500\t00\r\n" for n in range(1, 9)).encode()
    message = sender.message(
        text, "environment.air_station_files", format="lines", name="KK-1_20261120100500.txt"
    )
    assert outcomes(finish(sender.conductor, message)) == (8, 0, 0, 0)
    series = Series.objects.get().pk
    (version,) = trace.versions_of(series, datetime.fromisoformat("2026-11-20T07:05:00+07:00"))
    line = trace.line_of(version.delivery_id, version.ordinal)
    assert (line.number, line.text.split("\t")[1]) == (7, "7")


def test_each_slice_is_in_the_record_with_an_epoch_of_its_own_before_the_next(sender: Sender) -> None:
    message = sender.message(lines(8), format="ndjson")
    under_way = begin(sender.conductor, message, 2)
    half = Delivery.objects.get()
    assert (half.received, half.stored, half.unfinished) == (6, 6, True)
    assert Tally.objects.get(source__address="environment.station_readings").stored == 6
    assert not under_way.go_on()
    assert outcomes(Delivery.objects.get()) == (8, 0, 0, 0)
    assert Epoch.objects.filter(actor="ingest").count() == 3


def test_a_message_that_comes_again_goes_on_where_it_was_broken_off(sender: Sender) -> None:
    message = sender.message(lines(8) + lines(4, "KK-8"), format="ndjson")
    begin(sender.conductor, message, 2)
    # Another process, which remembers nothing.
    delivery = finish(Conductor(sender.conductor.terms, sender.conductor.book), message)
    assert outcomes(delivery) == (8, 0, 4, 0)
    assert places() == [(n, 1) for n in range(8)]
    assert list(Refusal.objects.order_by("ordinal").values_list("ordinal", flat=True)) == [8, 9, 10, 11]
    assert not Bulk(sender.conductor, message).go_on()
    assert outcomes(Delivery.objects.get()) == (8, 0, 4, 0)


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_a_version_that_cuts_elsewhere_goes_on_with_the_record_that_follows(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    message = packed(50, arrival(lines(2)), arrival(lines(8, value=20)), arrival(lines(2, value=60)))
    begin(sender.conductor, message, 3)
    monkeypatch.setattr(bulk, "SLICE", size)
    assert outcomes(finish(sender.conductor, message)) == (10, 2, 0, 0)
    ordinals = [place for place, count in places() for _ in range(count)]
    assert ordinals == [0, 1, 4, 5, 6, 7, 8, 9, 10, 11]


def test_a_commit_whose_answer_was_lost_is_not_stored_again(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sender.message(lines(8), format="ndjson")
    lost = iter(["ingest.after_commit"])

    def cut(name: str) -> None:
        if name == "ingest.after_commit" and next(lost, None):
            raise OperationalError("the connection is gone")

    monkeypatch.setattr(bulk, "crashpoint", cut)
    under_way = Bulk(sender.conductor, message)
    with pytest.raises(OperationalError):
        under_way.go_on()
    while under_way.go_on():
        pass
    assert outcomes(Delivery.objects.get()) == (8, 0, 0, 0)
    assert places() == [(n, 1) for n in range(8)]


def test_what_was_received_later_and_stored_between_two_slices_stays_the_current_version(
    sender: Sender,
) -> None:
    message = sender.message(lines(8, value=20), format="ndjson")
    later = sender.message({"station": "KK-1", "readings": [reading("PM2.5", 99, at(7))]})
    under_way = begin(sender.conductor, message, 1)
    sender.conductor.take([later])
    while under_way.go_on():
        pass
    assert current() == [20, 21, 22, 23, 24, 25, 26, 99]
    assert outcomes(Delivery.objects.get(wire_seq=message.seq)) == (8, 0, 0, 0)


def test_the_later_of_two_lines_of_one_file_holds_also_when_they_stand_in_different_slices(
    sender: Sender,
) -> None:
    body = lines(4) + lines(1, value=70) + lines(4, value=20) + lines(1, value=80)
    assert outcomes(finish(sender.conductor, sender.message(body, format="ndjson"))) == (7, 3, 0, 0)
    assert current()[0] == 80
    assert outcomes(finish(sender.conductor, sender.message(body, format="ndjson"))) == (0, 10, 0, 0)
    assert current()[0] == 80


def test_small_arrivals_packed_together_are_cut_between_two_of_them(sender: Sender) -> None:
    message = packed(60, *(arrival(lines(1, value=n)[:-1], "json") for n in range(5)), arrival(lines(8)))
    assert outcomes(finish(sender.conductor, message)) == (13, 0, 0, 0)
    assert places() == [(n, 1) for n in range(13)]


def test_a_slice_that_breaks_us_fails_without_the_others(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = check.check_some

    def breaks(arrival: Arrival, body: bytes, records: Any, *rest: Any) -> None:
        if any(b"BREAK" in body[one.start : one.end] for one in records):
            raise RuntimeError("a bug of ours")
        real(arrival, body, records, *rest)

    monkeypatch.setattr(check, "check_some", breaks)
    body = lines(4) + b"BREAK\n" + lines(8)[len(lines(5)) :]
    message = packed(61, arrival(body, records=8), arrival(lines(1, value=7)[:-1], "json"))
    assert outcomes(finish(sender.conductor, message)) == (6, 0, 0, 3)
    assert set(Refusal.objects.values_list("ordinal", "reason")) == {(n, "fault_of_ours") for n in (3, 4, 5)}


def test_an_arrival_that_breaks_us_fails_without_those_of_its_slice(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = check.check_arrival

    def breaks(arrival: Arrival, body: bytes, *rest: Any) -> int:
        if b"KK-8" in body:
            raise RuntimeError("a bug of ours")
        return real(arrival, body, *rest)

    monkeypatch.setattr(check, "check_arrival", breaks)
    message = packed(62, *(arrival(lines(1, code)) for code in ("KK-1", "KK-8", "NM-1")), arrival(lines(4)))
    assert outcomes(finish(sender.conductor, message)) == (4, 1, 1, 1)
    assert Refusal.objects.get(reason="fault_of_ours").ordinal == 1


def test_records_that_cannot_be_divided_any_further_fail_as_the_door_has_counted_them(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = bulk.divided

    def breaks(body: bytes, form: str) -> Iterator[Any]:
        for number, record in enumerate(real(body, form)):
            if number == 4:
                raise RuntimeError("a bug of ours")
            yield record

    monkeypatch.setattr(bulk, "divided", breaks)
    assert outcomes(finish(sender.conductor, packed(63, arrival(lines(8))))) == (3, 0, 0, 5)


def test_a_large_file_that_is_gone_fails_in_slices(sender: Sender) -> None:
    gone = arrival(b"", records=8)
    gone.body, gone.file = None, "ab" * 32
    message = packed(64, gone, arrival(lines(1)))
    begin(sender.conductor, message, 1)
    assert outcomes(finish(sender.conductor, message)) == (1, 0, 0, 8)


def test_records_of_an_unknown_source_are_refused_in_slices(sender: Sender) -> None:
    strange = arrival(lines(8))
    strange.source = "nobody.knows"
    assert outcomes(finish(sender.conductor, packed(65, strange))) == (0, 0, 8, 0)


def test_what_is_no_envelope_is_kept_as_one_failed_record(sender: Sender) -> None:
    assert not Bulk(sender.conductor, Incoming(66, b"rubbish")).go_on()
    assert outcomes(Delivery.objects.get(wire_seq=66)) == (0, 0, 0, 1)


def test_hours_cut_by_a_slice_end_complete(sender: Sender) -> None:
    finish(sender.conductor, sender.message(lines(12), format="ndjson"))
    hour = Hour.objects.get(superseded=None, hour=datetime.fromisoformat("2026-11-20T01:00:00+07:00"))
    assert (hour.total, hour.mean) == (12, 25.5)
