"""Times and periods as others write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from haidang.engine.connectors.pull.definition import Fields, Fixed
from haidang.engine.connectors.pull.rows import Mapper, find, period_end

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def instant(value: Any, time: str = "iso") -> Any:
    fields = Fields(station="s", at="t", parameter=Fixed("P"), value="v", time=time)
    return msgspec.json.decode(Mapper(fields).line({"s": 5, "t": value, "v": Decimal("1.50")}))["readings"][
        0
    ].get("at")


@pytest.mark.parametrize(
    ("value", "time", "wanted"),
    [
        ("2026-11-20 08:10", "iso", "2026-11-20T08:10:00+07:00"),
        ("2026-11-20T01:10:00Z", "iso", "2026-11-20T01:10:00+00:00"),
        (1763600000, "seconds", "2025-11-20T00:53:20+00:00"),
        ("1763600000123", "milliseconds", "2025-11-20T00:53:20.123000+00:00"),
        ("20/11/2026 08:10", "%d/%m/%Y %H:%M", "2026-11-20T08:10:00+07:00"),
        ("2026-Q3", "period", "2026-10-01T00:00:00+07:00"),
        (datetime(2026, 11, 20, 8), "iso", "2026-11-20T08:00:00+07:00"),  # noqa: DTZ001 - as a database gives it
        (date(2026, 11, 20), "iso", "2026-11-20T00:00:00+07:00"),
        ("hôm qua", "iso", "hôm qua"), (None, "iso", None), ("9" * 30, "seconds", "9" * 30), (True, "seconds", "True"),
    ],
)  # fmt: skip
def test_times_get_their_zone_and_what_is_none_goes_on_as_it_is(value: Any, time: str, wanted: Any) -> None:
    assert instant(value, time) == wanted


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026", "2027-01-01"), ("2026-A1", "2027-01-01"), ("2026-S1", "2026-07-01"), ("2026-S2", "2027-01-01"),
        ("2026-Q4", "2027-01-01"), ("2026-09", "2026-10-01"), ("2026-M12", "2027-01-01"), ("2026-W01", "2026-01-05"),
        ("2026-02-28", "2026-03-01"), ("2024-D366", "2025-01-01"), ("2026-T2", "2026-09-01"),
    ],
)  # fmt: skip
def test_a_period_ends_with_the_instant_after_it(text: str, end: str) -> None:
    assert period_end(text, ZONE) == datetime.combine(date.fromisoformat(end), datetime.min.time(), ZONE)


@pytest.mark.parametrize(
    "text", ["", "26", "2026-Q5", "2026-13", "2026-S3", "2026-W60", "2026-", "2026-Qx", "hai"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says: the row goes on with the text as it is
        period_end(text, ZONE)


def test_a_row_of_several_columns_is_a_message_of_several_readings() -> None:
    fields = Fields(
        station=Fixed("A"), at="t", values={"X": "a", "Y": "b.c"}, units={"Y": "m"}, keep=["ghi chú"]
    )
    line = Mapper(fields).line({"t": "2026-11-20", "a": "", "b": {"c": 2}, "ghi chú": "tốt"})
    assert msgspec.json.decode(line) == {
        "station": "A",
        "readings": [{"parameter": "Y", "value": 2, "unit": "m", "at": "2026-11-20T00:00:00+07:00"}],
        "row": {"t": "2026-11-20", "a": "", "b.c": 2, "ghi chú": "tốt"},
    }


def test_a_path_finds_keys_with_dots_and_places_in_lists() -> None:
    thing = {"a.b": 1, "a": {"b": 2, "c": [{"d": 3}]}}
    assert [find(thing, path) for path in ("a.b", "a.c.0.d", "a.c.1.d", "a.c.².d", "a.x", "")] == [
        1,
        3,
        None,
        None,
        None,
        thing,
    ]
