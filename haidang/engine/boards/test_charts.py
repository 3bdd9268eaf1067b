from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from haidang.engine.boards.charts import chart, nice_ticks
from haidang.engine.boards.queries import HourPoint
from haidang.engine.boards.rail import rail
from haidang.engine.boards.shown import Point
from haidang.engine.boards.sparkline import spark

END = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def every_five_minutes(values: list[float | None], mark: dict[int, str] | None = None) -> list[Point]:
    start = END - timedelta(minutes=5 * (len(values) - 1))
    return [
        Point(start + timedelta(minutes=5 * n), value, (mark or {}).get(n, ""))
        for n, value in enumerate(values)
    ]


def test_nothing_is_drawn_where_nothing_was_measured() -> None:
    points = every_five_minutes([1, 2, 3, None, None, 4, 5])
    drawn = spark(points)
    assert drawn is not None
    assert len(drawn.lines) == 2


def test_a_hole_in_time_breaks_the_line_and_is_marked() -> None:
    points = every_five_minutes([1.0] * 20)
    del points[8:14]
    drawn = chart([("PM2.5", points)], after=points[0].at, until=END, unit="µg/m3")
    assert drawn is not None
    assert len(drawn.lines[0].runs) == 2
    assert [mark.kind for mark in drawn.marks] == ["gap"]


def test_hourly_history_before_five_minutes_live_is_a_rhythm_and_no_hole() -> None:
    live = every_five_minutes([2.0] * 40)
    history = [Point(live[0].at - timedelta(hours=n), 1.0) for n in range(20, 0, -1)]
    drawn = chart([("SO2", history + live)], after=history[0].at, until=END, unit="µg/m3")
    assert drawn is not None
    assert [mark.kind for mark in drawn.marks] == []
    assert len(drawn.lines[0].runs) == 1


def test_calibration_and_fault_are_stretches_and_not_part_of_the_line() -> None:
    marks = {5: "calibration", 6: "calibration", 12: "fault"}
    values: list[float | None] = [900.0 if n in marks else 20.0 for n in range(20)]
    points = every_five_minutes(values, marks)
    drawn = chart([("SO2", points)], after=points[0].at, until=END, unit="µg/m3")
    assert drawn is not None
    assert [mark.kind for mark in drawn.marks] == ["calibration", "fault"]
    assert all(float(pair.split(",")[1]) > 0 for run in drawn.lines[0].runs for pair in run.split())


def test_silence_until_now_is_a_gap_too() -> None:
    points = every_five_minutes([3.0] * 6)
    drawn = chart([("O3", points)], after=points[0].at, until=END + timedelta(hours=2), unit="µg/m3")
    assert drawn is not None
    assert [mark.kind for mark in drawn.marks] == ["gap"]


def test_a_limit_far_above_everything_does_not_press_the_line_flat() -> None:
    points = every_five_minutes([10.0, 12.0, 11.0])
    drawn = chart([("SO2", points)], after=points[0].at, until=END, unit="µg/m3", limits=[(350.0, "QCVN 05")])
    near = chart([("SO2", points)], after=points[0].at, until=END, unit="µg/m3", limits=[(14.0, "QCVN 05")])
    assert drawn is not None
    assert near is not None
    assert (len(drawn.rules), len(near.rules)) == (0, 1)


def test_the_band_of_hours_fits_into_the_chart() -> None:
    start = END - timedelta(hours=5)
    points = [HourPoint(start + timedelta(hours=n), 20.0, "", 5.0, 95.0, 12, 12) for n in range(6)]
    drawn = chart([("PM10", points)], after=start, until=END, unit="µg/m3")
    assert drawn is not None
    heights = [float(pair.split(",")[1]) for pair in drawn.lines[0].band[0].split()]
    assert min(heights) >= drawn.top - 0.1
    assert max(heights) <= drawn.bottom + 0.1


def test_ticks_are_round_numbers_that_cover_the_values() -> None:
    assert nice_ticks(3.2, 87.0) == [0, 25, 50, 75, 100]
    assert nice_ticks(0.51, 1.9)[0] <= 0.51


def test_a_chart_of_nothing_is_no_chart() -> None:
    assert chart([("PM10", [])], after=END - timedelta(hours=1), until=END, unit="µg/m3") is None
    assert spark([]) is None


def test_the_rail_leads_to_every_past_hour_and_shows_no_alarm_of_the_future() -> None:
    drawn = rail("/", END, None, [(END - timedelta(hours=1), 1), (END + timedelta(hours=1), 2)])
    assert len(drawn.hours) == 18
    assert [mark.priority for mark in drawn.marks] == [1]
    back = rail("/", END, END - timedelta(hours=6), [(END - timedelta(hours=1), 1)])
    assert back.marks == []
    assert "as_of=2026-11-21T03" in back.back_url


def test_a_limit_far_above_the_line_is_named_beside_the_chart() -> None:
    points = [Point(END + timedelta(minutes=5 * n), 10.0 + n) for n in range(6)]
    limits = [(14.0, "gần"), (350.0, "QCVN 05 (chưa đối chiếu)")]
    drawn = chart([("SO2", points)], after=END, until=END + timedelta(hours=1), unit="µg/m³", limits=limits)
    assert drawn is not None
    assert [rule.text for rule in drawn.rules] == ["gần"]
    assert drawn.beyond == ["350 QCVN 05 (chưa đối chiếu)"]


def test_no_two_words_of_the_rail_stand_over_each_other() -> None:
    for minutes in range(0, 360, 7):
        drawn = rail("/", END + timedelta(minutes=minutes), None, [])
        wide = sorted([float(drawn.here), *(float(hour.x) for hour in drawn.hours if hour.label)])
        narrow = [float(hour.x) for hour in drawn.hours if hour.label and not hour.css]
        narrow = sorted([float(drawn.here), *narrow])
        assert min(b - a for a, b in pairwise(wide)) * 7.2 > 44, "a rail of 720 pixels"
        assert min(b - a for a, b in pairwise(narrow)) * 3.3 > 44, "a rail of 330 pixels"


def test_the_gravest_alarm_of_a_rail_is_drawn_over_the_others() -> None:
    drawn = rail("/", END, None, [(END, 1), (END, 3), (END, 2)])
    assert [mark.priority for mark in drawn.marks] == [3, 2, 1]


def test_a_single_number_has_an_axis_whose_numbers_are_short() -> None:
    for value in (0.0, 41.0, 12_500.0, 1_250_000.0):
        drawn = chart(
            [("khách", [Point(END, value)])],
            after=END - timedelta(days=1),
            until=END + timedelta(days=1),
            unit="lượt",
        )
        assert drawn is not None
        assert 3 <= len(drawn.y_ticks) <= 7
        # Seven digits with their dots, or a decimal.
        assert all(len(tick.text) <= 9 for tick in drawn.y_ticks)
        assert float(drawn.y_ticks[-1].at) < float(drawn.lines[0].dots[0][1]) < float(drawn.y_ticks[0].at)


def test_the_words_of_a_limit_stand_where_no_line_runs_through_them() -> None:
    start = END - timedelta(days=19)

    def spot(values: list[float]) -> tuple[float, str, str]:
        points = [Point(start + timedelta(days=n), value) for n, value in enumerate(values)]
        drawn = chart(
            [("thu", points)],
            after=start,
            until=END,
            unit="tỷ",
            limits=[(50.0, "kế hoạch: 50")],
            from_zero=True,
        )
        assert drawn is not None
        (rule,) = drawn.rules
        return float(rule.x), rule.anchor, rule.dy

    assert spot([40.0] * 20) == (100, "end", "-.35em")
    assert spot([47.0] * 20) == (100, "end", "-.35em")
    assert spot([53.0] * 20) == (100, "end", "1.1em")
    # Waves through the right half leave only the left.
    x, anchor, _ = spot([40.0] * 8 + [44.0, 56.0] * 6)
    assert (anchor, x < 40) == ("start", True)
