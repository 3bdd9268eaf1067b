"""Forecasts on a board: of then as it was then, silent where they are behind, and for whom the number is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest
from django.db import transaction
from django.test import Client

from haidang.engine import clock
from haidang.engine.boards.content import library
from haidang.engine.boards.statistics.test_boards import NOW, browser, drawer, page, text
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.forecasting import making, running
from haidang.engine.forecasting.test_choosing import random_walk, trend_and_season
from haidang.engine.indicators import periods
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.people.models import Role
from haidang.engine.places import register
from haidang.engine.places.models import Place
from haidang.engine.store import epochs

LAST = Period.parse("2026-10")
BOARD = "/bang/economy.economy/"
AHEAD = re.compile(r'<li class="ahead"><a class="why-a" href="([^"]+)"')


@pytest.fixture(autouse=True)
def _noon(register_once: None, db: None) -> Iterator[None]:
    clock.set_source(NOW.timestamp)
    register.ensure_loaded()
    yield
    clock.set_source(None)


@pytest.fixture
def here(_noon: None) -> Place:
    return Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)


def publish_months(here: Place, **series: np.ndarray) -> int:
    """Months up to October 2026 of indicators of the economy."""
    stated = [
        Stated(
            f"economy.{name}", here.pk, periods.end_of(periods.back(LAST, back)), round(float(value), 1),
            {"kind": "stated", "submission": 0, "sheet": "T", "cell": "D4", "raw": ""},
        )
        for name, values in series.items()
        for back, value in zip(range(len(values) - 1, -1, -1), values, strict=True)
    ]  # fmt: skip
    with transaction.atomic():
        epoch = epochs.take("test")
        publish(library().statistics, stated, epoch)
    return epoch


def forecast(here: Place, name: str, epoch: int) -> None:
    running.keep(making.make(library().statistics, f"economy.{name}", here, epoch))


def tile(body: str, title: str) -> str:
    found = re.search(rf'<article class="stat[^>]*>\s*<header><h2>{title}</h2>.*?</article>', body, re.DOTALL)
    assert found, title
    return text(found[0])


def shown(client: Client, as_of: datetime | None = None) -> str:
    return page(client, BOARD + (f"?as_of={as_of:%Y-%m-%dT%H:%M:%SZ}" if as_of else ""))


def test_yesterday_s_board_shows_yesterday_s_forecast_and_a_newer_number_silences_it(here: Place) -> None:
    epoch = publish_months(here, revenue=trend_and_season(1) * 4)
    leader = browser("lanh-dao", Role.LEADER)
    assert "Dự báo đang được tính lại" in tile(shown(leader), "Thu ngân sách nhà nước")
    forecast(here, "revenue", epoch)
    before = tile(shown(leader), "Thu ngân sách nhà nước")
    said = re.search(r"Dự báo tháng 11/2026: [\d.,]+ \(khoảng 80%: [\d.,]+ – [\d.,]+\) Sai số trước đây [\d.,]+, của dự báo đơn giản [\d.,]+\.", before)  # fmt: skip
    assert said, before
    then = NOW + timedelta(minutes=1)
    clock.set_source((NOW + timedelta(minutes=5)).timestamp)
    changed = publish_months(here, revenue=np.array([999.0]))
    assert "Dự báo đang được tính lại" in tile(shown(leader), "Thu ngân sách nhà nước")
    forecast(here, "revenue", changed)
    now = tile(shown(leader), "Thu ngân sách nhà nước")
    assert "Dự báo tháng 11/2026" in now
    assert said[0] not in now
    assert said[0] in tile(shown(leader, then), "Thu ngân sách nhà nước")
    link = AHEAD.findall(shown(leader, then))[0]
    told = text(drawer(leader, link))
    assert f"mốc {epoch};" in told
    assert said[0].split("(")[0].split(": ")[1].strip() in told


def test_too_little_history_is_said_and_nothing_is_called_unusual(here: Place) -> None:
    epoch = publish_months(here, revenue=random_walk(1, 9), retail=random_walk(2, 9))
    forecast(here, "revenue", epoch)
    leader = browser("lanh-dao", Role.LEADER)
    body = shown(leader)
    assert "Chưa dự báo: mới có 9 kỳ liền nhau không thiếu số, cần ít nhất 22." in tile(
        body, "Thu ngân sách nhà nước"
    )
    assert "Chưa đủ số các kỳ trước để nói điều gì là bất thường." in text(body)
    assert 'class="ln l8"' not in body


def test_an_old_jump_is_no_news_and_the_usual_is_not_mentioned(here: Place) -> None:
    jump = random_walk(5, 57)
    jump[-1] *= 3
    publish_months(here, revenue=trend_and_season(2) * 4)
    old = {"retail": jump}
    shift = periods.back(LAST, 3)
    stated = [
        Stated(f"economy.{name}", here.pk, periods.end_of(periods.back(shift, 56 - n)), round(float(v), 1), {"kind": "stated"})
        for name, values in old.items() for n, v in enumerate(values)
    ]  # fmt: skip
    with transaction.atomic():
        publish(library().statistics, stated, epochs.take("test"))
    body = text(shown(browser("lanh-dao", Role.LEADER)))
    assert "Không có chỉ tiêu nào thay đổi bất thường." in body
    assert "Đã xét 2 chỉ tiêu" in body


def test_a_forecast_is_for_whom_the_number_is(here: Place) -> None:
    epoch = publish_months(here, revenue=trend_and_season(1) * 4, retail=random_walk(3))
    for name in ("revenue", "retail"):
        forecast(here, name, epoch)
    leader = browser("lanh-dao", Role.LEADER)
    links = AHEAD.findall(shown(leader))
    assert len(links) == 2
    elsewhere = browser("moi-truong", Role.OFFICER, domain="environment")
    body = shown(elsewhere)
    assert AHEAD.findall(body) == []
    assert 'class="ln l8"' not in body
    assert "Bạn chưa được xem những số này." in text(body)
    for link in links:
        assert elsewhere.get(html.unescape(link)).status_code == 404
        assert "Sai số trước đây" in text(drawer(leader, link))
    for wrong in ("indicator=economy.revenue&place=x", "indicator=no.such&place=1", "place=1"):
        assert leader.get(f"/vi-sao/du-bao/?{wrong}").status_code == 404
