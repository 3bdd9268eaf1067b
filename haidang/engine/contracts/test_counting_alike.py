"""The door counts as the contract check divides, whatever comes."""

from __future__ import annotations

import json
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.engine.connectors.arrival import Arrival
from haidang.engine.connectors.counting import count
from haidang.engine.contracts.batch import Batch, Misfit
from haidang.engine.contracts.check import check_arrival, check_some
from haidang.engine.contracts.definition import Contract
from haidang.engine.contracts.reading import Seconds, Text
from haidang.engine.contracts.records import divide, divided

FORMS = ("json", "ndjson", "lines")


@pytest.mark.parametrize(
    ("body", "form", "records"),
    [
        (b'{"station": "A", "readings": [1, 2, 3]}', "json", 3),
        (b'{"station": "A", "readings": []}', "json", 1),
        (b'{"station": "A"}', "json", 1),
        (b'[{"readings": [1, 2]}, {"readings": [3]}, 7]', "json", 4),
        (b"[]", "json", 1),
        (b"", "json", 1),
        (b"\xff\xfe", "json", 1),
        (b'{"readings": [NaN]}', "json", 1),
        (b'{"readings": [1e309, 2]}', "json", 2),
        (b'{"readings": [1, 2]}\n\n{"readings": [3]}\nrubbish\n', "ndjson", 4),
        (b"a\tb\r\n\r\n \t \nc\n", "lines", 2),
        (b"\n\n", "lines", 1),
        (b'{"station": "Tr\xe1m", "readings": [1, 2]}', "json", 2),
        (b'[{"station":"A","readings":[1]},{"station":"\xe1","readings":[1,2]}]', "json", 3),
        (b'\xef\xbb\xbf{"station": "A", "readings": [1, 2]}', "json", 2),
        (b'\xef\xbb\xbf[{"readings": [1, 2]}, {"readings": [3]}]', "json", 3),
        (b'\xef\xbb\xbf{"readings": [1, 2]}\n{"readings": [3]}', "ndjson", 3),
        (b'\xef\xbb\xbf\n{"readings": [1, 2]}', "ndjson", 2),
        (b"\xef\xbb\xbf", "ndjson", 1),
        (b"\xef\xbb\xbf", "lines", 1),
        ("a\r\nb\r\nc".encode("utf-16"), "lines", 1),
        ("{}\n{}".encode("utf-16"), "ndjson", 1),
    ],
)
def test_records_are_counted_by_the_rule(body: bytes, form: str, records: int) -> None:
    assert count(body, form) == records
    assert len(divide(body, form)) == records


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"readings": [' * 50_000, b'{"readings": [' + b"[" * 1000 + b"]" * 1000 + b"]}"],
)
def test_json_nested_too_deep_is_counted_and_harms_nothing(body: bytes) -> None:
    assert count(body, "json") == len(divide(body, "json")) == 1


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["readings", "station", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.lists(_json, max_size=4), st.sampled_from(FORMS))
def test_door_and_check_count_alike_for_any_json(values: list[object], form: str) -> None:
    body = b"\n".join(json.dumps(value).encode() for value in values)
    assert count(body, form) == len(divide(body, form))


@given(st.binary(max_size=200), st.sampled_from(FORMS))
def test_door_and_check_count_alike_for_any_bytes(body: bytes, form: str) -> None:
    assert count(body, form) == len(divide(body, form))


class _Known:
    """A resolver that knows one station, and a slot for whatever it sends."""

    codes: dict[str, int] = {"00": 0, "01": 1}  # noqa: RUF012 - as the protocol has it

    def slots_of(self, station: str) -> dict[tuple[str, str], int]:
        return {("PM2.5", "µg/m3"): 0} if station == "Trạm" else {}

    def resolve(self, station: str, *_spelling: str) -> int | Misfit:
        return 1 if station == "Trạm" else Misfit("unknown_station", {"station": station})

    def station_of_file(self, _name: str) -> str | None:
        return "Trạm"


_CONTRACT = Contract(title=Text("thử"), asset_kinds=["air"], every=Seconds(300), silent_after=Seconds(900))
_MESSAGE: dict[str, object] = {
    "station": "Trạm",
    "readings": [
        {"parameter": "PM2.5", "value": 31.2, "unit": "µg/m3", "at": "2026-11-20T10:05:00+07:00"},
        {"parameter": "PM10", "value": None, "unit": "", "at": "2026-11-20T10:05:00+07:00", "status": "01"},
    ],
}
_BODIES = {
    "json": json.dumps([_MESSAGE, _MESSAGE], ensure_ascii=False).encode(),
    "ndjson": b"\n".join(2 * [json.dumps(_MESSAGE, ensure_ascii=False).encode()]),
    "lines": "PM2.5\t31,2\tµg/m3\t20261120100500\t00\r\nĐộ ẩm\t70\t%\t20261120100500\t00\r\n".encode(),
}


def _rows(batch: Batch) -> list[tuple[object, ...]]:
    ordinals = [first + number for _, first, rows in batch.runs for number in range(rows)]
    return list(zip(ordinals, batch.slots, batch.at, batch.values, batch.statuses, strict=True))


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(FORMS),
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe"]),
    st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_body_with_bytes_flipped_has_as_many_outcomes_as_the_door_has_counted(
    form: str, mark: bytes, flips: list[tuple[int, int]]
) -> None:
    body = bytearray(mark + _BODIES[form])
    for place, byte in flips:
        body[place % len(body)] = byte
    raw, batch = bytes(body), Batch()
    arrival = Arrival(source="x.y", door="push", received_at=0, credential="", format=form, body=raw)
    records = check_arrival(arrival, raw, _CONTRACT, _Known(), batch, 0, 0)
    assert count(raw, form) == records == len(divide(raw, form)) == len(batch.slots) + len(batch.faults)

    in_slices, left, base = Batch(), divided(raw, form), 0
    while some := list(islice(left, 3)):
        check_some(arrival, raw, some, _CONTRACT, _Known(), in_slices, 0, base)
        base += len(some)
    assert (_rows(in_slices), in_slices.faults) == (_rows(batch), batch.faults)
