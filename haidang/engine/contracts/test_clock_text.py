"""A stamp is shown as Vietnamese clocks show it, however many of one minute are asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from haidang.engine.contracts.values import ZONE, clock_text, microseconds


@given(st.datetimes(datetime(1920, 1, 1), datetime(2250, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - made aware there
@example(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
def test_it_is_the_time_of_the_zone(instant: datetime) -> None:
    assert clock_text(microseconds(instant)) == instant.astimezone(ZONE).strftime("%H:%M:%S %d/%m/%Y")


@pytest.mark.parametrize(("stamp", "words"), [(2**62, "sau năm 9999"), (-(2**62), "ngoài lịch")])
def test_what_no_calendar_holds_is_said(stamp: int, words: str) -> None:
    assert clock_text(stamp) == words
