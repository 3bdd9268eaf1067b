"""Who opens the address of a button gets a page that says so and a way to where the button stands."""

from __future__ import annotations

import pytest
from django.test import Client

from haidang.config.web.wrong_method import above


@pytest.mark.django_db
def test_the_address_of_a_form_answers_with_a_page() -> None:
    answer = Client().get("/dau-noi/moi/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert 'href="/dau-noi/"' in answer.content.decode()
    assert not Client().get("/dau-noi/moi/", headers={"HX-Request": "true"}).content
    stranger = Client()
    assert (stranger.post("/du-lieu-mo/").content, len(stranger.cookies)) == (b"", 0)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/dau-noi/moi/", "/dau-noi/"),
        ("/so-lieu/7/giai-trinh/3/", "/so-lieu/7/"),
        ("/su-viec/7/buoc/7/hoan-tac/", "/su-viec/7/"),
        ("/lenh/7/gia-han/7/cho/", "/lenh/7/"),
        ("/quan-tri/nguoi/7/vai-tro/7/bo/", "/quan-tri/nguoi/7/"),
        ("/khong-co/", "/"),
    ],
)
def test_the_way_back_is_the_nearest_page_above(path: str, page: str) -> None:
    assert above(path) == page
