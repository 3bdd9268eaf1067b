"""From published figures to a stored forecast: what changed is forecast again, and every past answer stays the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from django.db import transaction

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.forecasting import making, running
from haidang.engine.forecasting.history import history_of
from haidang.engine.forecasting.models import Forecast, Waiting
from haidang.engine.forecasting.test_choosing import random_walk, trend_and_season
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.notify.models import Change
from haidang.engine.places.models import Place
from haidang.engine.store import epochs

NOW = datetime(2026, 11, 28, 5, tzinfo=UTC)
LAST = Period.parse("2026-10")
Say = Callable[..., Stated]


@pytest.fixture(autouse=True)
def _clock(db: None) -> Iterator[None]:
    clock.set_source(NOW.timestamp)
    yield
    clock.set_source(None)


def later(minutes: float) -> None:
    now = clock.now()
    clock.set_source((now + timedelta(minutes=minutes)).timestamp)


def published(catalogue: Catalogue, stated: list[Stated]) -> int:
    with transaction.atomic():
        epoch = epochs.take("test")
        publish(catalogue, stated, epoch)
    return epoch


def months(say: Say, address: str, place: int, values: object) -> list[Stated]:
    """So many months up to October 2026."""
    numbers = [round(float(one), 3) for one in values]  # type: ignore[attr-defined]
    return [
        say(address, place, periods.back(LAST, back).code, number)
        for back, number in zip(range(len(numbers) - 1, -1, -1), numbers, strict=True)
    ]


@pytest.fixture
def content(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """These statistics are those of the centre."""
    monkeypatch.setattr(running, "load_catalogue", lambda: catalogue)
    return catalogue


def forecasts(place: int) -> dict[str, Forecast]:
    return {one.indicator: one for one in Forecast.objects.filter(place_id=place, superseded=None)}


def test_what_was_published_is_forecast_once_it_is_quiet(
    content: Catalogue, places: SimpleNamespace, say: Say
) -> None:
    published(content, months(say, "e.revenue", places.province, trend_and_season(1)))
    assert running.run() == 0, "the next file may come at once"
    later(1)
    assert running.run() > 0
    found = forecasts(places.province)["e.revenue"]
    assert (found.status, found.is_better, found.periods) == ("ok", True, 60)
    assert [one["at"][:7] for one in found.points] == ["2026-12", "2027-01", "2027-02"], "the end of a month"
    for point in found.points:
        assert point["low95"] < point["low80"] < point["middle"] < point["high80"] < point["high95"]
    assert found.errors[found.shown]["mae"] < found.errors[found.reference]["mae"]
    assert Change.objects.filter(topic="figures", object_id=f"place:{places.province}").exists()
    assert not Waiting.objects.exists()
    later(1)
    assert running.run() == 0, "nothing is forecast twice"
    assert not any("dự" in one for one in _figures_of(places.province)), (
        "published figures stay what they are"
    )


def _figures_of(place: int) -> set[str]:
    from haidang.engine.indicators.models import Figure

    return set(Figure.objects.filter(place_id=place).values_list("status", flat=True)) - {"ok", "missing"}


def test_many_publications_are_forecast_once_and_none_waits_for_ever(
    content: Catalogue, places: SimpleNamespace, say: Say
) -> None:
    stated = months(say, "e.revenue", places.province, trend_and_season(1))
    for number in range(0, 40, 2):  # a file every fifteen seconds, for five minutes
        published(content, stated[number : number + 2])
        later(0.25)
        if number < 36:
            assert running.run() == 0
    assert running.run() > 0


def test_a_province_whose_communes_are_counted_is_forecast_by_their_sum(
    content: Catalogue, places: SimpleNamespace, say: Say
) -> None:
    values = np.round(trend_and_season(2), 1)
    for number, place in enumerate(places.communes):
        published(content, months(say, "e.commune_revenue", place, values * (number + 1)))
    later(1)
    running.run()
    whole = forecasts(places.province)["e.commune_revenue"]
    assert (whole.status, whole.periods) == ("ok", 60)
    one = Place.objects.get(pk=places.province)
    assert history_of(content, "e.commune_revenue", one).values == pytest.approx(values * 6)
    assert forecasts(places.north)["e.commune_revenue"].status == "ok"


def test_a_forecast_of_yesterday_is_made_again_equal_whatever_came_later(
    content: Catalogue, places: SimpleNamespace, say: Say
) -> None:
    values = trend_and_season(3)
    stated = months(say, "e.revenue", places.province, values)
    published(content, stated[:-1])
    later(1)
    running.run()
    first = forecasts(places.province)["e.revenue"]
    later(60)
    published(content, stated[-1:])
    published(content, [say("e.revenue", places.province, "2026-05", 1.0, cell="D15")])
    later(1)
    running.run()
    now = forecasts(places.province)["e.revenue"]
    assert now.inputs_sha256 != first.inputs_sha256
    again = making.make(content, "e.revenue", Place.objects.get(pk=places.province), first.epoch)
    for name in ("inputs_sha256", "points", "errors", "shown", "gain", "until", "parameters"):
        assert getattr(again, name) == getattr(Forecast.objects.get(pk=first.pk), name), name
    key = ("e.revenue", places.province)
    assert running.current(["e.revenue"], [places.province], first.epoch)[key].pk == first.pk
    assert running.current(["e.revenue"], [places.province])[key].pk == now.pk
    assert not running.current(["e.revenue"], [places.province], first.epoch - 1)


def test_a_walk_shows_the_naive_forecast_and_a_gap_ends_the_history(
    content: Catalogue, places: SimpleNamespace, say: Say
) -> None:
    walk = months(say, "e.revenue", places.province, random_walk(7))
    published(content, walk[:20] + walk[21:])
    later(1)
    running.run()
    found = forecasts(places.province)["e.revenue"]
    assert (found.periods, found.is_better, found.shown) == (39, False, "naive")
    assert all(one["middle"] == pytest.approx(walk[-1].value) for one in found.points)
    published(
        content,
        [
            say("e.revenue", places.north, "2026-10", 5.0),
            say("e.revenue", places.other_province, "2026-10", 5.0),
        ],
    )
    later(1)
    running.run()
    short = forecasts(places.other_province)["e.revenue"]
    assert (short.status, short.periods, short.needed, short.points) == ("too_short", 1, 22, [])
    assert not forecasts(places.north), "of a young commune nothing is kept"


def test_a_run_takes_a_part_and_the_next_one_the_rest(
    content: Catalogue, places: SimpleNamespace, say: Say
) -> None:
    for place in (*places.communes, places.province):
        published(content, months(say, "e.revenue", place, random_walk(place, 24)))
    later(1)
    assert running.run(part=1) == 1
    assert set(Forecast.objects.values_list("place_id", flat=True)) == {places.province}, "the province first"
    while Waiting.objects.exists():
        assert running.run(part=1) == 1
    assert all("e.revenue" in forecasts(place) for place in places.communes)


def test_a_series_that_fails_is_told_and_tried_again_later_and_stops_no_other(
    content: Catalogue,
    places: SimpleNamespace,
    say: Say,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for place in (places.north, places.province):
        published(content, months(say, "e.revenue", place, random_walk(place, 24)))
    later(1)
    code = Place.objects.get(pk=places.province).code

    def failing(catalogue: Catalogue, address: str, place: Place, epoch: int) -> Forecast:
        if place.pk == places.province:
            raise ZeroDivisionError("no such season")
        return making.make(catalogue, address, place, epoch)

    with monkeypatch.context() as broken:
        broken.setattr(running, "make", failing)
        assert running.run() > 0
        assert "e.revenue" in forecasts(places.north)
        assert not forecasts(places.province)
        assert f"forecast of e.revenue for place {code} failed" in caplog.text
        assert "no such season" in caplog.text
        later(1)
        assert running.run() == 0, "not at once again"
    later(60)
    assert running.run() > 0
    assert "e.revenue" in forecasts(places.province)
    assert not Waiting.objects.exists()
