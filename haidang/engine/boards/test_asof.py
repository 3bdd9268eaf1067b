"""Looking back is honest: only where it is honoured, and nothing is done from there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver

from haidang.engine.boards.test_pages import _noon as _noon  # noqa: PLC0414
from haidang.engine.boards.test_pages import desk as desk  # noqa: PLC0414 - the fixture of the pages
from haidang.engine.boards.test_pages import record as record  # noqa: PLC0414
from haidang.engine.ingest.conftest import Sender
from haidang.engine.ingest.conftest import sender as sender  # noqa: PLC0414

THEN = "as_of=2026-11-21T10:00:00%2B07:00"
BACK = ("/", "/bang/environment.air/", "/tram/", "/tram/KK-1/", "/ban-do/")


@pytest.mark.parametrize("path", BACK)
def test_a_page_that_looks_back_says_so_and_offers_no_act(record: Sender, desk: Client, path: str) -> None:
    page = desk.get(f"{path}?{THEN}").content.decode()
    assert 'class="replaying"' in page
    assert "ĐANG XEM LẠI" in page
    main = page.partition('id="main"')[2]
    assert 'method="post"' not in main
    assert f'href="{path}">Về hiện tại' in page


@pytest.mark.parametrize("path", ["/bao-dong/", "/su-viec/", "/lenh/", "/nguon/", "/bao-dong/suc-khoe/"])
def test_a_page_that_cannot_look_back_is_asked_without_it(desk: Client, path: str) -> None:
    answer = desk.get(f"{path}?state=all&{THEN}")
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?state=all")
    assert desk.get(f"{path}?{THEN}")["Location"] == path


def test_no_act_is_taken_from_a_page_that_looks_back(record: Sender, desk: Client) -> None:
    here = "http://testserver/tram/KK-1/"
    answer = desk.post("/su-viec/mo/", {"title": "Khói"}, headers={"Referer": f"{here}?{THEN}"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Đang xem lại 10:00: không làm được việc này" in page
    assert 'href="/tram/KK-1/"' in page
    fragment = {"HX-Request": "true", "HX-Current-URL": f"{here}?{THEN}"}
    assert desk.post("/su-viec/mo/", {"priority": "2"}, headers=fragment).status_code == 409
    # From the page of now, from one that only carries the word, and what is no act on the province.
    assert desk.post("/su-viec/mo/", {"priority": "2"}, headers={"Referer": here}).status_code == 422
    other = {"Referer": f"http://testserver/su-viec/mo/?{THEN}"}
    assert desk.post("/su-viec/mo/", {"priority": "2"}, headers=other).status_code == 422
    theme = desk.post("/giao-dien/", {"theme": "night"}, headers={"Referer": f"{here}?{THEN}"})
    assert theme.status_code == 302


def test_every_view_that_reads_the_instant_is_marked() -> None:
    """Whoever adds a view that looks back must mark it, or the middleware sends its readers to the present."""
    marked = {
        pattern.name
        for pattern in get_resolver().url_patterns
        for pattern in getattr(pattern, "url_patterns", [pattern])
        if getattr(getattr(pattern, "callback", None), "looks_back", False)
    }
    assert marked == {
        "overview",
        "board",
        "board_xlsx",
        "pane",
        "station",
        "numbers",
        "stations",
        "map",
        "map_list",
        "map_data",
        "why",
        "why_statistic",
        "counted_lines",
        "scorecard",
        "due_list",
        "due_list_xlsx",
        "why_score",
        "why_change",
        "why_forecast",
        "of_board",
        # open data: the edition of an instant
        "catalogue",
        "catalogue_jsonld",
        "catalogue_ttl",
        "dataset",
        "file",
    }
