"""A list of dossiers names citizens: nobody gets it by the number of its delivery."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import LazySettings
from django.test import Client

from haidang.engine.counting.conftest import FILES, WARD, Publish, dossier
from haidang.engine.counting.conftest import cast as cast  # noqa: PLC0414 - the fixtures of the stage before
from haidang.engine.counting.conftest import publish as publish  # noqa: PLC0414
from haidang.engine.people.models import Grant, Person
from haidang.engine.people.rights import ROLES
from haidang.engine.store.models import Delivery


@pytest.fixture(autouse=True)
def _no_second_step(settings: LazySettings) -> None:
    settings.HAIDANG_REQUIRE_TOTP = "nobody"


def browser(role: str) -> Client:
    person = Person.objects.create(email=f"{role}@tinh.invalid", name=role)
    Grant.objects.create(person=person, role=role)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_file_of_an_office_is_given_out_with_its_version_only(publish: Publish) -> None:
    made = publish("2026-11", [dossier(1, WARD, date(2026, 11, 3), date(2026, 11, 10))])
    delivery = Delivery.objects.get(pk=made.delivery_id)
    for role in ROLES:
        client = browser(role)
        for ordinal in (0, 1):
            assert client.get(f"/lan-nhan/{delivery.pk}/{ordinal}/").status_code in (403, 404), role
        page = client.get(f"/nguon/{FILES}/lan-nhan/{delivery.pk}/")
        if "source.see" not in ROLES[role]:
            assert page.status_code in (403, 404), role
            continue
        # The token of a form is any letters.
        body = re.sub(r"[A-Za-z0-9]{32,}", "", page.content.decode())
        assert "PK" not in body, f"{role} sees the bytes of the file"
        sees_versions = "sheet.see" in ROLES[role]
        assert (f'href="{made.get_absolute_url()}"' in body) is sees_versions, role
        assert ("Nội dung chỉ xem ở trang số liệu" in body) is not sees_versions, role


@pytest.mark.parametrize("role", ["operator", "duty_chief", "administrator"])
def test_whoever_may_not_look_at_persons_does_not_get_the_file_by_its_version(
    publish: Publish, role: str
) -> None:
    made = publish("2026-11", [dossier(1, WARD, date(2026, 11, 3), date(2026, 11, 10))])
    assert browser(role).get(f"/so-lieu/{made.pk}/tep/").status_code in (403, 404)
