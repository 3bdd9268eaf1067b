from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.forms import CharField, Form
from django.template import Context, Template

from haidang.engine.boards.shown import Point, Shown, UnattributedError
from haidang.engine.boards.templatetags import sheet
from haidang.engine.boards.tiles import FigureView, gravest_first

NOW = datetime(2026, 11, 21, 8, 12, tzinfo=UTC)


def shown(**changes: Any) -> Shown:
    known: dict[str, Any] = {
        "title": "AQI giờ",
        "value": 191.0,
        "unit": "µg/m3",
        "as_of": NOW - timedelta(minutes=12),
        "source": "Trạm KK-04",
        "owner": "Sở NN&MT",
        "allowed_s": 7200,
        "now": NOW,
    }
    return Shown(**(known | changes))


@pytest.mark.parametrize("lacking", ["title", "as_of", "source", "owner", "unit"])
def test_a_number_without_what_makes_it_trustworthy_cannot_be_made(lacking: str) -> None:
    with pytest.raises(UnattributedError, match=lacking):
        shown(**{lacking: None})


def test_the_figure_component_refuses_anything_else() -> None:
    with pytest.raises(TypeError, match="Shown"):
        sheet.figure({"value": 3})  # type: ignore[arg-type]


def test_a_passed_ceiling_is_said_with_shape_number_and_words() -> None:
    html = Template("{% figure f %}").render(
        Context({"f": shown(target=100.0, target_kind="ceiling", target_word="trần", priority=1, decimals=0)})
    )
    assert 'class="fig bad k1"' in html
    assert "1 vượt 91" in html
    assert "#s1" in html
    assert "trần 100" in html


def test_a_goal_that_is_reached_has_no_colour() -> None:
    kept = shown(value=98.31, target=98.0, target_kind="floor", target_word="đích", priority=2)
    assert kept.gap_words == "đạt"
    assert not kept.is_bad
    assert 'class="fig"' in Template("{% figure f %}").render(Context({"f": kept}))


def test_what_is_in_alarm_stands_first_and_what_has_no_number_last() -> None:
    high, higher = ({"target": 100.0, "target_kind": "ceiling", "priority": p} for p in (2, 1))
    views = [
        FigureView("none", None, "Chưa có số đo nào."),
        FigureView("calm", shown()),
        FigureView("calm too", shown()),
        FigureView("high", shown(**high)),
        FigureView("higher", shown(**higher)),
    ]
    assert [view.title for view in gravest_first(views)] == ["higher", "high", "calm", "calm too", "none"]


def test_an_old_number_is_hatched_and_dated_and_not_called_bad() -> None:
    old = shown(as_of=NOW - timedelta(minutes=132), target=100.0, target_kind="ceiling", priority=1)
    html = Template("{% figure f %}").render(Context({"f": old}))
    assert "old hatch" in html
    assert "CŨ 2 giờ 12 phút" in html
    assert not old.is_bad


def test_no_value_is_said_and_never_drawn_as_zero() -> None:
    html = Template("{% figure f %}").render(Context({"f": shown(value=None)}))
    assert "không có dữ liệu" in html
    assert "<data" not in html


def test_nothing_is_styled_inline_because_the_policy_forbids_it() -> None:
    points = [Point(NOW - timedelta(hours=h), 40.0 + h) for h in range(5, 0, -1)]
    html = Template("{% figure f %}{% ring f.as_of 600 %}{% priority 2 word=True %}").render(
        Context({"f": shown(points=points)})
    )
    assert "style=" not in html
    assert "<script" not in html


def test_the_ring_is_filled_by_age_over_age_allowed_and_stands_still_when_looking_back() -> None:
    html = sheet.ring(NOW - timedelta(minutes=30), 3600, now=NOW)
    assert 'stroke-dasharray="50 100"' in html
    assert "data-as-of" not in html
    assert "old" in sheet.ring(NOW - timedelta(hours=2), 3600, now=NOW)


def test_what_is_wrong_with_a_form_stands_on_top_and_at_the_field() -> None:
    class Small(Form):
        name = CharField(label="Họ và tên")

    form = Small({"name": ""})
    form.is_valid()
    html = Template("{% errors form %}{% field form.name %}").render(Context({"form": form}))
    assert re.search(r'role="alert" tabindex="-1"[^>]*autofocus', html)
    assert 'href="#id_name"' in html
    assert "Lỗi:" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name-error"' in html
