"""Small counts are withheld, and no sum gives them away."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from django.test import Client

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.opendata.conftest import State, body
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
