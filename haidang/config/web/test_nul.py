"""The record knows no NUL: an address or a form with one is refused with a sentence, whoever asks."""

from __future__ import annotations

import pytest
from django.test import Client

from haidang.engine.people.models import Grant, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    person = Person.objects.create(email="truc-ban@tinh.invalid", name="Trực ban")
    Grant.objects.create(person=person, role=Role.OPERATOR)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("path", ["/tim/?q=a%00b", "/tram/%00/", "/su-viec/ma/%00/"])
def test_an_address_with_nul_is_refused_with_a_sentence(operator: Client, path: str) -> None:
    for client in (operator, Client()):
        answer = client.get(path)
        assert answer.status_code == 400
        assert "Có ký tự NUL" in answer.content.decode()
    assert operator.get(path.replace("%00", "x")).status_code in (200, 404)


def test_a_form_with_nul_is_refused_before_its_view(operator: Client) -> None:
    answer = operator.post("/giao-dien/", {"theme": "da\0y"})
    assert answer.status_code == 400
