from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.contracts.reasons import sentence
from haidang.engine.indicators.book import load_book
from haidang.engine.indicators.figures import figure
from haidang.engine.ingest.conftest import Sender, reading
from haidang.engine.ingest.incoming import Incoming
from haidang.engine.rules import evaluation
from haidang.engine.store import epochs, trace
from haidang.engine.store.models import Delivery, Refusal, Series, Tally
from haidang.engine.wire import envelope

AT = "2026-11-20T10:05:00+07:00"


def outcomes(delivery: Delivery) -> tuple[int, int, int, int]:
    return delivery.stored, delivery.duplicate, delivery.refused, delivery.failed


def values(versions: bool = False) -> list[float]:
    with connection.cursor() as cursor:
        condition = "true" if versions else "superseded IS NULL"
        cursor.execute(f"SELECT value FROM store_observation WHERE {condition} ORDER BY at, epoch")
        return [row[0] for row in cursor.fetchall()]


def test_a_message_sent_again_by_the_stream_is_stored_once(sender: Sender) -> None:
    message = sender.message({"station": "KK-1", "readings": [reading("PM2.5", 31.2, AT)]})
    sender.conductor.take([message])
    sender.conductor.take([message, message])
    assert values(versions=True) == [31.2]
    assert Delivery.objects.count() == 1


def test_a_reading_sent_twice_is_a_duplicate(sender: Sender) -> None:
    body = {"station": "KK-1", "readings": [reading("PM2.5", 31.2, AT)]}
    assert outcomes(sender.send(body)) == (1, 0, 0, 0)
    assert outcomes(sender.send(body)) == (0, 1, 0, 0)


def test_a_correction_is_a_version_and_the_old_file_sent_again_does_not_take_it_back(sender: Sender) -> None:
    first = {"station": "KK-1", "readings": [reading("PM2.5", 31.2, AT)]}
    sender.send(first)
    sender.send({"station": "KK-1", "readings": [reading("PM2.5", 28.0, AT)]})
    assert values() == [28.0]
    assert outcomes(sender.send(first)) == (0, 1, 0, 0)
    assert values() == [28.0]
    assert values(versions=True) == [31.2, 28.0]


def test_a_correction_back_to_the_first_value_is_a_third_version(sender: Sender) -> None:
    for value, more in ((31.2, 1), (28.0, 2), (31.2, 3)):
        readings = [reading("PM2.5", value, AT), reading("PM10", 40 + more, AT)]
        sender.send({"station": "KK-1", "readings": readings})
    assert values()[0] == 31.2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_observation o JOIN store_series s ON s.id = o.series_id"
                       " WHERE s.parameter = 'PM2.5'")  # fmt: skip
        assert cursor.fetchone() == (3,)


def test_versions_within_one_batch_keep_their_order(sender: Sender) -> None:
    sender.conductor.take(
        [sender.message({"station": "KK-1", "readings": [reading("PM2.5", v, AT)]}) for v in (1.0, 2.0, 3.0)]
    )
    assert values() == [3.0]
    assert sorted(values(versions=True)) == [1.0, 2.0, 3.0]


def test_each_record_of_a_bad_message_gets_its_own_reason(sender: Sender) -> None:
    future = (clock.now() + timedelta(days=2)).isoformat()
    delivery = sender.send(
        {
            "station": "KK-1",
            "readings": [
                reading("PM2.5", 31.2, AT),
                reading("XYZ", 1, AT),
                reading("PM2.5", -5, AT),
                reading("PM2.5", 5, AT, unit="°C"),
                reading("PM2.5", 5, "2026-11-20T10:05:00"),
                reading("PM2.5", 5, future),
                reading("PM2.5", 5, AT, status="77"),
                reading("PM2.5", "cao", AT),
                {"parameter": "PM2.5", "value": 5},
            ],
        }
    )
    assert outcomes(delivery) == (1, 0, 8, 0)
    reasons = dict(Refusal.objects.filter(delivery_id=delivery.pk).values_list("ordinal", "reason"))
    assert reasons == {
        1: "unknown_parameter", 2: "impossible_value", 3: "unit", 4: "no_zone", 5: "future_time", 6: "bad_status",
        7: "not_a_number", 8: "missing_field",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[" * 5000, "unreadable"),
        (b'{"station": "KK-1", "readings": [{"parameter": "PM2.5", "value": NaN}]}', "unreadable"),
        (b'{"station": "KK-1", "readings": []}', "no_readings"),
        (b'{"station": "KK-1"}', "no_readings"),
        (b"\xff\xfe\x00", "encoding"),
        (b"\x80\x00", "unreadable"),
        (
            b'{"readings": [{"parameter": "PM2.5", "value": 1, "at": "' + AT.encode() + b'"}]}',
            "missing_field",
        ),
        (
            b'{"station": "KK-1", "readings": [{"parameter": "PM2.5", "value": 1e309, "at": "'
            + AT.encode()
            + b'"}]}',
            "not_a_number",
        ),
    ],
)
def test_hostile_bodies_are_refused_kept_and_counted_once(sender: Sender, body: bytes, reason: str) -> None:
    delivery = sender.send(body)
    assert outcomes(delivery) == (0, 0, 1, 0)
    assert Refusal.objects.get(delivery_id=delivery.pk).reason == reason
    assert trace.body_of(trace.arrivals_of(delivery)[0]) == body


LATIN_1 = b'{"station":"Tr\xe1m","readings":[{"parameter":"PM2.5","value":1,"at":"%s"}]}' % AT.encode()


@pytest.mark.parametrize(
    ("body", "form", "reasons"),
    [
        (LATIN_1, "json", [("encoding", "0xE1")]),
        (
            b'[{"station":"KK-8","readings":[{"parameter":"PM2.5","at":"%s"}]},%s]' % (AT.encode(), LATIN_1),
            "json",
            [("unknown_station", None), ("encoding", "0xE1")],
        ),
        (LATIN_1.replace(b"\xe1", b"a").replace(b"PM2.5", b"B\xf2i"), "json", [("encoding", "0xF2")]),
        ("PM2,5\t31,2\r\nPM10\t2\r\n".encode("utf-16"), "lines", [("encoding", "UTF-16")]),
        (b"PM2,5\t31,2\nP\0M\n", "lines", [("field_count", 2), ("encoding", "0x00")]),
    ],
)
def test_what_is_not_utf_8_is_refused_with_what_was_found(
    sender: Sender, body: bytes, form: str, reasons: list[tuple[str, object]]
) -> None:
    delivery = sender.send(body, format=form)
    assert outcomes(delivery) == (0, 0, len(reasons), 0)
    told = Refusal.objects.filter(delivery_id=delivery.pk).order_by("ordinal")
    assert [(one.reason, one.args.get("found")) for one in told] == reasons


def test_a_message_of_an_editor_that_marks_utf_8_is_read(sender: Sender) -> None:
    body = json.dumps({"station": "KK-1", "readings": [reading("PM2.5", 31.2, AT)]}).encode()
    assert outcomes(sender.send(b"\xef\xbb\xbf" + body)) == (1, 0, 0, 0)
    assert outcomes(sender.send(b"\xef\xbb\xbf" + body + b"\n" + body, format="ndjson")) == (0, 2, 0, 0)


@pytest.mark.parametrize("whole", [False, True])
def test_a_body_that_cannot_even_be_divided_fails_as_the_door_has_counted_it(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    from haidang.engine.contracts import check
    from haidang.engine.ingest import failing, keeping

    def breaks(*given: object) -> None:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(failing, "divide", breaks)
    monkeypatch.setattr(check, "divide", breaks)
    if whole:
        monkeypatch.setattr(keeping, "_note_replays", breaks_once(keeping._note_replays, times=2))
    monkeypatch.setattr(check, "check_arrival", breaks)
    delivery = sender.send({"station": "KK-1", "readings": [reading("PM2.5", 31.2, AT)] * 3})
    assert outcomes(delivery) == (0, 0, 0, 3)


def breaks_once(real, *, times):  # type: ignore[no-untyped-def]
    left = [times]

    def breaks(*given):  # type: ignore[no-untyped-def]
        left[0] -= 1
        if left[0] >= 0:
            raise RuntimeError("a bug of ours")
        return real(*given)

    return breaks


def test_a_station_file_is_read_line_by_line(sender: Sender) -> None:
    delivery = sender.file(
        "KK-1_20261120100500.txt",
        "PM2,5\t31,2\tug/Nm3\t20261120100500\t00",
        "CO\t1.5\tmg/Nm3\t20261120100500\t00",
        "NO2\t-9999\tug/Nm3\t20261120100500\t02",
        "O3\t12\tug/Nm3\t2026112010050\t00",
        "SO2\t12\tug/Nm3",
    )
    assert outcomes(delivery) == (3, 0, 2, 0)
    reasons = dict(Refusal.objects.filter(delivery_id=delivery.pk).values_list("ordinal", "reason"))
    assert reasons == {3: "bad_time", 4: "field_count"}


def test_the_stored_value_leads_back_to_its_line(sender: Sender) -> None:
    sender.file(
        "KK-1_20261120100500.txt",
        "PM10\t50\tug/Nm3\t20261120100500\t00",
        "PM2,5\t31,2\tug/Nm3\t20261120100500\t00",
    )
    series = Series.objects.get(parameter="PM2.5")
    (version,) = trace.versions_of(series.pk, datetime.fromisoformat(AT))
    line = trace.line_of(version.delivery_id, version.ordinal)
    assert line.number == 2
    assert line.text == "PM2,5\t31,2\tug/Nm3\t20261120100500\t00"


def test_a_credential_speaks_only_for_its_stations(sender: Sender) -> None:
    delivery = sender.send({"station": "KK-1", "readings": [reading("PM2.5", 31.2, AT)]}, stations=["KK-2"])
    assert Refusal.objects.get(delivery_id=delivery.pk).reason == "not_your_station"


def test_a_message_that_breaks_us_fails_alone(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    from haidang.engine.contracts import check

    real = check.check_arrival

    def breaks(arrival, body, *rest):  # type: ignore[no-untyped-def]
        if b"BREAK" in body:
            raise RuntimeError("a bug of ours")
        return real(arrival, body, *rest)

    monkeypatch.setattr(check, "check_arrival", breaks)
    good = sender.message({"station": "KK-1", "readings": [reading("PM2.5", 31.2, AT)]})
    bad = sender.message({"station": "BREAK", "readings": [reading("PM2.5", 1, AT), reading("PM10", 1, AT)]})
    sender.conductor.take([bad, good])
    assert outcomes(Delivery.objects.get(wire_seq=good.seq)) == (1, 0, 0, 0)
    assert outcomes(Delivery.objects.get(wire_seq=bad.seq)) == (0, 0, 0, 2)
    tally = Tally.objects.get(source__address="environment.station_readings")
    assert (tally.stored, tally.failed) == (1, 2)


def test_an_index_is_computed_corrected_and_asked_as_it_was_known(sender: Sender) -> None:
    values_ = [26.9, 24.7, 20.5, 23.5, 19.5, 16.5, 19.0, 16.5, 20.3, 22.4, 19.6, 20.6]
    for hour, value in enumerate(reversed(values_), 9):
        sender.send(
            {"station": "KK-1", "readings": [reading("PM2.5", value, f"2026-11-20T{hour:02}:00:00+07:00")]}
        )
    at = datetime.fromisoformat("2026-11-20T20:00:00+07:00")
    book, asset = load_book(), Asset.objects.get(code="KK-1")
    assert figure(book, "environment.aqi_hour", asset, at).value == 48
    before = clock.now()
    sender.send({"station": "KK-1", "readings": [reading("PM2.5", 200.0, "2026-11-20T20:00:00+07:00")]})
    assert (figure(book, "environment.aqi_hour", asset, at).value or 0) > 100
    assert figure(book, "environment.aqi_hour", asset, at, as_of=before).value == 48


def test_as_of_answers_the_same_while_a_writer_is_open(sender: Sender) -> None:
    sender.send({"station": "KK-1", "readings": [reading("PM2.5", 31.2, AT)]})
    asked = clock.now()
    known = epochs.resolve(asked)
    with transaction.atomic():
        later = epochs.take("test")
        assert later > known
    assert epochs.resolve(asked) == known


def test_the_future_cannot_be_asked(sender: Sender) -> None:
    with pytest.raises(epochs.FutureQuestion):
        epochs.resolve(clock.now() + timedelta(hours=1))


def test_a_refused_record_is_stored_after_its_station_is_registered(sender: Sender) -> None:
    from haidang.engine.ingest import replay

    body = {"station": "KK-9", "readings": [reading("PM2.5", 31.2, AT), reading("PM10", 40, AT)]}
    sender.send(body)
    refusal = Refusal.objects.order_by("pk")[1]
    Asset.objects.create(code="KK-9", name="Trạm mới", kind="air", domain="environment")
    (arrival,) = replay._arrivals([refusal])
    assert arrival.body is not None
    from haidang.engine.wire import envelope

    sender.conductor.take([Incoming(99, envelope.encode(envelope.Envelope(arrivals=[arrival])))])
    refusal.refresh_from_db()
    assert refusal.replay_delivery_id == Delivery.objects.get(wire_seq=99).pk
    assert values() == [40.0]


def test_raw_pollution_raises_an_alarm_in_the_same_transaction(sender: Sender) -> None:
    from haidang.engine.alarms.models import Alarm

    evaluation.reload()
    now = clock.now().replace(microsecond=0)
    stamps = [(now - timedelta(minutes=5 * back)).isoformat() for back in (2, 1, 0)]
    for stamp in stamps:
        sender.send({"station": "KK-1", "readings": [reading("PM2.5", 400, stamp)]})
    assert Alarm.objects.filter(asset__code="KK-1").exists()


def test_a_whole_number_of_four_hundred_digits_is_refused_and_harms_no_other_station(sender: Sender) -> None:
    huge = b'{"station": "KK-1", "readings": [{"parameter": "PM2.5", "value": 1%s, "at": "%s"}]}' % (
        b"0" * 400,
        AT.encode(),
    )
    assert outcomes(sender.send(huge)) == (0, 0, 1, 0)


def test_an_arrival_that_breaks_us_fails_without_those_packed_with_it(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    from haidang.engine.contracts import check
    from haidang.engine.wire import envelope

    real = check.check_arrival

    def breaks(arrival, body, *rest):  # type: ignore[no-untyped-def]
        if b"BREAK" in body:
            raise RuntimeError("a bug of ours")
        return real(arrival, body, *rest)

    monkeypatch.setattr(check, "check_arrival", breaks)
    good = sender.message({"station": "KK-1", "readings": [reading("PM2.5", 31.2, AT)]})
    bad = sender.message({"station": "BREAK", "readings": [reading("PM2.5", 1, AT), reading("PM10", 1, AT)]})
    arrivals = [envelope.decode(m.payload).arrivals[0] for m in (bad, good)]
    sender.conductor.take([Incoming(77, envelope.encode(envelope.Envelope(arrivals=arrivals)))])
    assert outcomes(Delivery.objects.get(wire_seq=77)) == (1, 0, 0, 2)
    assert values() == [31.2]


def test_a_large_file_that_is_gone_counts_as_failed_for_its_source(sender: Sender) -> None:
    from haidang.engine.connectors.arrival import Arrival
    from haidang.engine.wire import envelope

    arrival = Arrival(
        source="environment.station_readings", door="push", received_at=clock.timestamp(), credential="x", format="json",
        file="ab" * 32, size=300_000, records=5,
    )  # fmt: skip
    sender.conductor.take([Incoming(78, envelope.encode(envelope.Envelope(arrivals=[arrival])))])
    assert outcomes(Delivery.objects.get(wire_seq=78)) == (0, 0, 0, 5)
    assert Tally.objects.get(source__address="environment.station_readings").failed == 5


def test_a_formula_that_raises_costs_its_own_figure_only(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    def broken(window):  # type: ignore[no-untyped-def]
        raise ZeroDivisionError("a bug of a province")

    book = sender.conductor.book
    address = "environment.aqi_hour"
    entries = {**book.entries, address: replace(book.entries[address], formula=broken)}
    monkeypatch.setattr(book, "entries", entries)
    at = "2026-11-20T10:00:00+07:00"
    assert outcomes(sender.send({"station": "KK-1", "readings": [reading("O3", 100, at)]})) == (1, 0, 0, 0)
    found = figure(book, address, Asset.objects.get(code="KK-1"), datetime.fromisoformat(at))
    assert (found.value, found.status) == (None, "failed")
    while sender.conductor.compute_due():
        pass


def test_a_station_registered_while_we_run_may_name_its_files_in_its_own_way(sender: Sender) -> None:
    line = "PM2,5\t31,2\tug/Nm3\t20261120100500\t00"
    assert outcomes(sender.file("XUONG7-data.dat", line)) == (0, 0, 1, 0)
    Asset.objects.create(
        code="KK-7",
        name="Trạm xưởng 7",
        kind="air",
        domain="environment",
        file_name_pattern=r"XUONG7-.{1,40}",
    )
    assert outcomes(sender.file("XUONG7-data.dat", line)) == (1, 0, 0, 0)
    Asset.objects.filter(code="KK-7").update(is_active=False)
    sender.conductor.notice_changes()
    Asset.objects.filter(code="KK-7").update(kind="water")
    sender.conductor.notice_changes()
    assert outcomes(sender.file("XUONG7-data.dat", line)) == (0, 0, 1, 0)


def test_a_station_code_in_other_capitals_is_the_same_station_where_only_one_is_meant(sender: Sender) -> None:
    line = "PM2,5\t31,2\tug/Nm3\t20261120100500\t00"
    assert outcomes(sender.file("kk-1_20261120100500.txt", line)) == (1, 0, 0, 0)
    body = {"station": "Kk-1", "readings": [reading("PM10", 40, AT)]}
    assert outcomes(sender.send(body, stations=["KK-1"])) == (1, 0, 0, 0)
    assert outcomes(sender.send(body, stations=["KK-2"])) == (0, 0, 1, 0)
    Asset.objects.create(code="kk-1", name="Trạm khác", kind="air", domain="environment")
    sender.conductor.forget()
    assert outcomes(sender.file("kK-1_20261120110500.txt", line)) == (0, 0, 1, 0)
    assert outcomes(sender.file("kk-1_20261120110500.txt", line)) == (1, 0, 0, 0)


def test_a_pattern_of_one_station_takes_no_files_of_another(sender: Sender) -> None:
    Asset.objects.create(
        code="KK1", name="Trạm 1", kind="air", domain="environment", file_name_pattern=r"KK1_\d{14}"
    )
    Asset.objects.create(code="AKK1", name="Trạm A", kind="air", domain="environment")
    sender.conductor.forget()
    line = "PM2,5\t31,2\tug/Nm3\t20261120100500\t00"
    sender.file("AKK1_20261120100500.txt", line)
    sender.file("KK1_20261120100500.txt", line)
    assert list(Series.objects.order_by("pk").values_list("asset__code", flat=True)) == ["AKK1", "KK1"]


@pytest.mark.parametrize("source", ["environment.station_readings", "environment.station_history"])
def test_a_symbol_means_what_it_means_at_its_kind_of_station(sender: Sender, source: str) -> None:
    air = {"station": "KK-1", "readings": [reading("NO2", 26, AT), reading("pH", 7, AT, unit="")]}
    rows = [
        reading("NO2", 0.03, AT, unit="mg/l"),
        reading("Temp", 55, AT, unit="°C"),
        *(reading(symbol, 1, AT, unit="") for symbol in ("P", "O2", "CO", "XYZ")),
    ]
    assert outcomes(sender.send(air, source)) == (1, 0, 1, 0)
    assert Refusal.objects.get().reason == "not_of_kind"
    delivery = sender.send({"station": "NM-1", "readings": rows}, source)
    told = Refusal.objects.filter(delivery_id=delivery.pk).order_by("ordinal")
    assert [one.reason for one in told] == ["impossible_value", *3 * ["not_of_kind"], "unknown_parameter"]
    assert "thuộc loại water" in sentence("not_of_kind", told[1].args)
    assert set(Series.objects.values_list("asset__code", "parameter", "unit")) == {
        ("KK-1", "NO2", "µg/m3"), ("NM-1", "N-NO2", "mg/l"), ("NM-1", "Temp", "°C"),
    }  # fmt: skip


def test_strangers_of_a_whole_batch_cost_one_question_and_one_copy(
    sender: Sender, django_assert_max_num_queries: Any
) -> None:
    bodies = [
        {"station": f"LA-{number}", "readings": [reading("PM2.5", 1, AT), reading("PM10", 2, AT)]}
        for number in range(50)
    ]
    raw = b"\n".join(json.dumps(body).encode() for body in bodies)
    sender.send(raw, format="ndjson")
    with django_assert_max_num_queries(30):
        delivery = sender.send(raw, format="ndjson")
    assert outcomes(delivery) == (0, 0, 100, 0)
    last = Refusal.objects.filter(delivery_id=delivery.pk).latest("ordinal")
    assert (last.ordinal, last.reason, last.asset_code) == (99, "unknown_station", "LA-49")
    assert last.source is not None
    assert last.args == {"place": "Dòng 50, readings[1]", "station": "LA-49"}


def test_a_station_registered_between_two_batches_is_known_in_the_next(sender: Sender) -> None:
    body = {"station": "KK-9", "readings": [reading("PM2.5", 31.2, AT)]}
    assert outcomes(sender.send(body)) == (0, 0, 1, 0)
    Asset.objects.create(code="KK-9", name="Trạm mới", kind="air", domain="environment")
    assert outcomes(sender.send(body)) == (1, 0, 0, 0)


def test_text_that_a_database_cannot_keep_is_kept_without_it(sender: Sender) -> None:
    body = (
        b'{"station": "a\\u0000\\tb\\\\N", "readings": [{"parameter": "PM2.5", "at": "'
        + AT.encode()
        + b'"}]}'
    )
    delivery = sender.send(body)
    told = Refusal.objects.get(delivery_id=delivery.pk)
    assert (told.reason, told.args["station"]) == ("unknown_station", "a␀\tb\\N")
    assert (told.asset_code, told.excerpt[:12]) == ("a␀\tb\\N", '{"parameter"')


def test_a_replay_that_is_refused_again_closes_the_first_refusal(sender: Sender) -> None:
    from haidang.engine.ingest import replay

    sender.send({"station": "KK-9", "readings": [reading("PM2.5", 31.2, AT), reading("PM10", 40, AT)]})
    for number in (901, 902):
        arrivals = replay._arrivals(list(Refusal.objects.filter(replayed_at=None).order_by("pk")))
        assert len(arrivals) == 2
        sender.conductor.take(
            [
                Incoming(10 * number + place, envelope.encode(envelope.Envelope(arrivals=[arrival])))
                for place, arrival in enumerate(arrivals)
            ]
        )
        assert Refusal.objects.filter(replayed_at=None).count() == 2
    assert Tally.objects.get().refused == Refusal.objects.count() == 6


def test_a_file_with_many_refusals_is_divided_once_for_all_of_them(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    from haidang.engine.ingest import replay

    sender.send({"station": "KK-9", "readings": [reading("PM2.5", n, AT) for n in range(40)]})
    divided: list[int] = []
    real = trace.divide
    monkeypatch.setattr(trace, "divide", lambda body, form: divided.append(1) or real(body, form))
    assert len(replay._arrivals(list(Refusal.objects.all()))) == 40
    assert len(divided) == 1
    opened, delivery = trace.Opened(), Delivery.objects.get()
    assert {opened.line_of(delivery.pk, n).ordinal for n in range(40)} == set(range(40))
    assert len(divided) == 2
