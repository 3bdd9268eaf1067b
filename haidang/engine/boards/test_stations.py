"""A parameter that several sources measure is shown once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from haidang.engine.boards.content import library
from haidang.engine.boards.queries import HourPoint, ReadingRow
from haidang.engine.boards.shown import Point
from haidang.engine.boards.stations import Limit, Value, by_parameter, filled, limits_of

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def value(
    series: int, precedence: int, *, is_old: bool = False, unit: str = "µg/m3", every_s: int = 300
) -> Value:
    row = ReadingRow(
        1, series, "PM2.5", unit, NOON, 1.0, 0, f"s{series}", "", every_s, 2 * every_s, precedence
    )  # fmt: skip
    return Value(row, "Bụi", 0, is_old, "", None, None, "")


def test_the_preferred_source_stands_for_the_parameter_unless_only_another_is_fresh() -> None:
    assert [v.row.series_id for v in by_parameter([value(1, 1), value(2, 2)])[0]] == [1, 2]
    assert [v.row.series_id for v in by_parameter([value(1, 1, is_old=True), value(2, 2)])[0]] == [2, 1]
    both = [value(1, 1, is_old=True), value(2, 2, is_old=True)]
    assert [v.row.series_id for v in by_parameter(both)[0]] == [1, 2]


def test_another_source_fills_only_where_the_preferred_has_nothing() -> None:
    def at(hours: float, number: float) -> Point:
        return Point(NOON + timedelta(hours=hours), number)

    own, history = [at(3, 30.0), at(3.5, 31.0), at(4, 32.0)], [at(n, 1.0 * n) for n in (1, 2, 3, 4)]
    group = [value(1, 1, every_s=1800), value(2, 2, every_s=3600)]
    first, second = group
    mixed = [(history[0], second), (history[1], second), *((point, first) for point in own)]
    assert filled(group, {1: own, 2: history}) == mixed
    other_unit = [first, value(2, 2, unit="mg/m3")]
    assert filled(other_unit, {1: own, 2: history}) == [(point, first) for point in own]
    assert filled(group, {2: history}) == [(point, second) for point in history]


def test_a_limit_for_an_hour_is_passed_by_an_hour_and_not_by_one_value() -> None:
    limit = Limit(0.5, "QCVN 05:2023/BTNMT (chưa đối chiếu)")
    assert not replace(value(1, 1), limit=limit).over
    for mean, over in ((0.4, False), (0.6, True), (None, False)):
        assert replace(value(1, 1), limit=limit, hour=HourPoint(NOON, mean)).over == over


def test_each_limit_says_whether_it_was_compared_with_the_text_of_the_law() -> None:
    said = {
        limit.text
        for parameter, mean in (("PM2.5", "24h"), ("SO2", "1h"))
        for limit in limits_of(library(), parameter, "µg/m3", mean)
    }
    assert any("(đã đối chiếu)" in text for text in said)
    assert any("(chưa đối chiếu)" in text for text in said)
    assert all("đối chiếu)" in text for text in said)
