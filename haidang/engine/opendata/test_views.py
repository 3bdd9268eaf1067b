"""The public pages: searched without tones, refused with a sentence, kept by ETag, and not asked too often."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client

from haidang.engine.opendata import pace
from haidang.engine.opendata.conftest import Hands, State, body

RETAIL, COMMUNES = "economy.retail", "economy.commune_revenue"


def asked(client: Client, address: str, **more: Any) -> HttpResponseBase:
    """The answer, read to its end: the file behind it is closed then."""
    answer = client.get(address, **more)
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[arg-type]
    return answer


def page(client: Client, address: str, **query: str) -> str:
    return body(client, address, **query).decode()


@pytest.mark.usefixtures("hands")
def test_the_catalogue_is_searched_without_tones_and_by_domain(stranger: Client) -> None:
    assert f"/du-lieu-mo/{RETAIL}/" in page(stranger, "/du-lieu-mo/", q="ban le")
    assert f"/du-lieu-mo/{RETAIL}/" in page(stranger, "/du-lieu-mo/", q="BÁN LẺ")
    assert f"/du-lieu-mo/{RETAIL}/" in page(stranger, "/du-lieu-mo/", q="trade retail", lang="en")
    assert f"/du-lieu-mo/{RETAIL}/" not in page(stranger, "/du-lieu-mo/", domain="health")
    assert "/du-lieu-mo/health.dengue/" in page(stranger, "/du-lieu-mo/", domain="health")
    nothing = page(stranger, "/du-lieu-mo/", q="<script>alert(1)</script>")
    assert "Không tìm thấy bộ dữ liệu nào khớp" in nothing
    assert "<script" not in nothing


@pytest.mark.usefixtures("hands")
def test_language_and_colours_are_asked_for_in_the_address_and_go_on_with_links(stranger: Client) -> None:
    found = page(stranger, "/du-lieu-mo/", lang="en", theme="night")
    assert '<html lang="en" data-theme="night">' in found
    assert f"/du-lieu-mo/{RETAIL}/?lang=en&amp;theme=night" in found
    assert "Open data" in found
    assert '<html lang="vi" data-theme="day">' in page(stranger, "/du-lieu-mo/", lang="xx", theme='"><b>')


def test_a_data_set_says_what_it_is_and_from_whom(state: State, stranger: Client) -> None:
    state(RETAIL, "2026-10", 18450.3)
    found = page(stranger, f"/du-lieu-mo/{RETAIL}/")
    for words in (
        "tỷ đồng",
        "18.450,3",
        "Tháng 10/2026",
        "Thống kê tỉnh",
        "CC-BY-4.0",
        "Báo cáo kinh tế",
        "Sở Tài chính",
        RETAIL,
    ):
        assert words in found, words
    assert "18,450.3" in page(stranger, f"/du-lieu-mo/{RETAIL}/", lang="en")


def test_an_earlier_edition_says_so_and_what_is_no_instant_is_refused(
    state: State, hands: Hands, stranger: Client
) -> None:
    state(RETAIL, "2026-10", 18450.3)
    then = hands.on().isoformat()
    state(RETAIL, "2026-10", 18999.9)
    found = page(stranger, f"/du-lieu-mo/{RETAIL}/", as_of=then)
    assert "về sau đã có số mới" in found
    assert "18.450,3" in found
    assert "18.999,9" not in found
    for name in ("", "data.csv", "datapackage.json"):
        address = f"/du-lieu-mo/{RETAIL}/{name}"
        for wrong in ("hôm qua", "2199-01-01", "1999-01-01"):
            assert stranger.get(address, {"as_of": wrong}).status_code == 400, (name, wrong)
        assert stranger.get(address, {"as_of": "2025-08-18"}).status_code == 404, "it was not open yet"
    assert stranger.get("/du-lieu-mo/catalog.ttl", {"as_of": then}).status_code == 400


def test_what_has_not_changed_is_not_sent_again(state: State, stranger: Client) -> None:
    state(RETAIL, "2026-10", 18450.3)
    for name in ("", "data.csv", "data.sdmx.csv", "data.json", "datapackage.json"):
        address = f"/du-lieu-mo/{RETAIL}/{name}"
        tag = asked(stranger, address)["ETag"]
        again = asked(stranger, address, headers={"If-None-Match": tag})
        assert (again.status_code, again["ETag"]) == (304, tag)
    state(RETAIL, "2026-10", 18451.3)
    assert asked(stranger, address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.usefixtures("hands")
def test_nobody_may_write_here_and_no_cookie_is_set(stranger: Client) -> None:
    for address in ("/du-lieu-mo/", f"/du-lieu-mo/{RETAIL}/", f"/du-lieu-mo/{RETAIL}/data.csv"):
        assert {stranger.generic(method, address).status_code for method in ("POST", "PUT", "DELETE")} == {
            405
        }
        answer = asked(stranger, address)
        assert not stranger.cookies
        assert "public" in answer["Cache-Control"]


@pytest.mark.usefixtures("hands")
def test_files_that_are_none_do_not_exist(stranger: Client) -> None:
    for name in ("data.xlsx", "..%2f..%2fsecret-key", "../../../etc/passwd"):
        assert stranger.get(f"/du-lieu-mo/{RETAIL}/{name}").status_code == 404
    assert stranger.get(f"/du-lieu-mo/{RETAIL}/data.csv%00").status_code == 400, "no text has a NUL"


def test_an_address_that_asks_too_often_waits_and_others_do_not(hands: Hands, stranger: Client) -> None:
    answers = [
        stranger.get("/du-lieu-mo/", REMOTE_ADDR="203.0.113.7").status_code for _ in range(pace.PAGES + 1)
    ]
    assert answers == [200] * pace.PAGES + [429]
    refused = stranger.get("/du-lieu-mo/", REMOTE_ADDR="203.0.113.7")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert stranger.get("/du-lieu-mo/", REMOTE_ADDR="203.0.113.8").status_code == 200
    hands.on()
    assert stranger.get("/du-lieu-mo/", REMOTE_ADDR="203.0.113.7").status_code == 200


def test_of_ipv6_a_line_counts_as_one() -> None:
    assert (
        pace.network("2001:db8:1:2::1")
        == pace.network("2001:db8:1:2:ffff::9")
        != pace.network("2001:db8:1:3::1")
    )
    assert pace.network("203.0.113.7") != pace.network("203.0.113.8")
