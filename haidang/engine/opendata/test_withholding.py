"""Small counts are withheld, and no sum gives them away."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from django.test import Client

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.opendata.conftest import Hands, State, body
from haidang.engine.opendata.rows import Line
from haidang.engine.opendata.test_editions import table
from haidang.engine.opendata.withholding import withheld

NOW = datetime(2026, 11, 28, tzinfo=UTC)
MEASLES, DENGUE = "health.measles_communes", "health.dengue"


def of(values: list[float | None], level: str = "commune") -> list[Line]:
    return [
        Line(Period("week", 2026, 40), NOW, f"{n:05}", "", level, value, "missing" if value is None else "ok", 1, 1, NOW)
        for n, value in enumerate(values)
    ]  # fmt: skip


def test_no_small_count_is_told_and_none_can_be_computed_from_the_total() -> None:
    """Over random weeks: whoever knows the province's total learns nothing exact of a withheld commune."""
    chance = random.Random(766)  # noqa: S311 - the same weeks each time
    for _ in range(3000):
        bound = chance.choice([2, 3, 5, 10])
        values = [
            chance.choice([None, 0.0, 0.0, 1.0, 2.0, 4.0, 7.0, 12.0, 30.0])
            for _ in range(chance.randint(2, 9))
        ]
        lines = list(withheld(of(list(values)), bound))
        hidden = [value for value, line in zip(values, lines, strict=True) if line.status == "withheld"]
        for value, line in zip(values, lines, strict=True):
            assert line.value in (value, None)
            assert not (line.value is not None and 0 < line.value < bound), (values, bound)
            assert (line.status == "missing") == (value is None)
        if not any(value is not None and 0 < value < bound for value in values):
            assert not hidden, "nothing is small, so all is told"
            continue
        told = [value for value in values if value is not None]
        assert len(hidden) == len(told) or (len(hidden) >= 2 and sum(v or 0 for v in hidden) >= bound), (
            values,
            bound,
        )


def edition(history: list[list[float | None]], until: int, bound: int) -> list[Line]:
    """The edition `until` of one week, whose counts were these in each edition."""
    lines = []
    for number, values in enumerate(zip(*history[: until + 1], strict=True)):
        told = [(1 + n, value) for n, value in enumerate(values) if n == 0 or value != values[n - 1]]
        told = told[1:] if told[0][1] is None else told  # it came with a later file
        epoch, value = told[-1] if told else (1, None)
        lines.append(
            Line(
                Period("week", 2026, 40), NOW, f"{number:05}", "", "commune", value, "missing" if value is None else "ok",
                max(1, len(told)), epoch, NOW, changes=told,
            )
        )  # fmt: skip
    return list(withheld(lines, bound))


def test_editions_side_by_side_tell_no_more_than_each_of_them() -> None:
    """Over random corrections: nothing withheld is told later, and where something told has to go, all of its level does."""
    chance, corrected, wholly = random.Random(7), 0, 0  # noqa: S311 - the same weeks each time
    for _ in range(2000):
        bound, counts = chance.choice([2, 5, 10]), [None, 0.0, 0.0, 1.0, 3.0, 7.0, 12.0, 30.0]
        history: list[list[float | None]] = [[chance.choice(counts) for _ in range(chance.randint(2, 8))]]
        for _again in range(chance.randint(1, 3)):
            changed = [chance.choice(counts) if chance.random() < 0.3 else value for value in history[-1]]
            history.append(changed)
        gone: set[str] = set()
        told: set[str] = set()
        for number in range(len(history)):
            lines = edition(history, number, bound)
            out = {line.place_code for line in lines if line.status == "withheld"}
            there = {line.place_code for line in lines if line.value is not None}
            assert not there & gone, "what was withheld once is told"
            if out & told:
                assert not there, "what the others are is known from before"
                wholly += 1
            # None of them is seen to be the one that changed.
            assert len({(line.revision, line.epoch) for line in lines if line.place_code in out}) <= 1
            gone, told, corrected = gone | out, told | there, corrected + bool(number)
    assert min(corrected, wholly) > 500


def test_a_correction_upwards_gives_nothing_away_of_the_count_before(state: State, stranger: Client) -> None:
    """3 and 7 are withheld; with 3 corrected to 6 both could be told, and 7 taken from what was known of their sum."""
    state(MEASLES, "2026-W40", 3.0, 7.0, 41.0, 17.0)
    state(MEASLES, "2026-W40", 6.0, 7.0, 41.0, 17.0)
    rows = table(body(stranger, f"/du-lieu-mo/{MEASLES}/data.csv"))
    assert [row["value"] for row in rows] == ["", "", "41", "17"]
    assert {(row["revision"], row["epoch"]) for row in rows[:2]} == {("2", rows[0]["epoch"])}


def test_a_count_that_becomes_small_takes_its_level_with_it(
    state: State, stranger: Client, hands: Hands
) -> None:
    state(MEASLES, "2026-W40", 6.0, 7.0, 41.0)
    before = hands.on().isoformat()
    state(MEASLES, "2026-W40", 3.0, 7.0, 41.0)
    now = table(body(stranger, f"/du-lieu-mo/{MEASLES}/data.csv"))
    assert {(row["value"], row["status"], row["revision"]) for row in now} == {("", "withheld", "2")}
    then = table(body(stranger, f"/du-lieu-mo/{MEASLES}/data.csv", as_of=before))
    assert [row["value"] for row in then] == ["6", "7", "41"], "that edition is what it was"


def test_a_single_figure_of_the_province_is_told_or_not_by_its_size() -> None:
    assert [one.value for one in withheld(of([4.0], "province"), 5)] == [None]
    assert [one.value for one in withheld(of([0.0], "province"), 5)] == [0.0]
    assert [one.value for one in withheld(of([5.0], "province"), 5)] == [5.0]


def test_every_form_withholds_alike(state: State, stranger: Client) -> None:
    state(MEASLES, "2026-W40", 3.0, 0.0, 41.0, 17.0, 23.0)
    found = {row["value"]: row["status"] for row in table(body(stranger, f"/du-lieu-mo/{MEASLES}/data.csv"))}
    assert found == {"": "withheld", "0": "ok", "41": "ok", "23": "ok"}
    texts = [
        body(stranger, f"/du-lieu-mo/{MEASLES}/{name}").decode()
        for name in ("data.csv", "data.sdmx.csv", "data.json")
    ]
    assert ",,ca,withheld," in texts[0]
    assert texts[1].count(",,ca,Q,") == 2
    assert texts[2].count('"value":null,"unit":"ca","status":"withheld"') == 2
    page = body(stranger, f"/du-lieu-mo/{MEASLES}/").decode()
    assert "2 ô không công bố: số đếm dưới 5" in page
    assert page.count(">không công bố<") == 2


def test_corrections_of_small_counts_are_not_listed(state: State, stranger: Client) -> None:
    """The value before would stand there, also where it was withheld."""
    state(DENGUE, "2026-W40", 3.0)
    state(DENGUE, "2026-W40", 44.0)
    page = body(stranger, f"/du-lieu-mo/{DENGUE}/").decode()
    assert "Đã đính chính" not in page
    assert ">44<" in page
