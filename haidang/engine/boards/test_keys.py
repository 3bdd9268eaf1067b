"""Keys of sources in the administration: shown once, narrowed to stations, revoked."""

import re

import pytest
from django.test import Client

from haidang.engine.assets.models import Asset
from haidang.engine.audit.models import Act
from haidang.engine.people.actions import add_office, add_person
from haidang.engine.store.models import Credential, Source

pytestmark = pytest.mark.django_db
PAGE = "/quan-tri/nguon/thu.nguon/"


@pytest.fixture
def desk(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HAIDANG_REQUIRE_TOTP = "nobody"
    office = add_office(code="so-nnmt", name="Sở NN&MT")
    Source.objects.create(
        address="thu.nguon", domain="thu", title="Nguồn thử", office=office, every_s=300, silent_after_s=900
    )
    Asset.objects.create(code="KK-05", name="Trạm", kind="air", domain="thu")
    return {"of": _browser(role="administrator"), "elsewhere": _browser(role="administrator", within="y-te")}


def _browser(*, role, within=None):
    office = add_office(code=within, name="Sở khác") if within else None
    person = add_person(
        email=f"{role}{within}@tn.vn", name="Lê Ẩn", password="mưa-rào-tháng-bảy", role=role, within=office
    )
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_key_is_shown_once_and_says_for_whom(desk):
    page = desk["of"].post(PAGE, {"label": "Công ty A", "stations": "KK-05"}).content.decode()
    key = Credential.objects.get()
    assert (key.label, key.stations) == ("Công ty A", ["KK-05"])
    secret = re.search(r"hd_[a-z0-9]{32}", page)[0]
    assert key.user in page
    again = desk["of"].get(PAGE).content.decode()
    assert secret not in again
    assert "Công ty A" in again
    assert secret not in str(list(Act.objects.values_list("detail", flat=True)))


def test_an_unknown_station_and_a_nameless_key_are_refused(desk):
    response = desk["of"].post(PAGE, {"label": "", "stations": "KK-05, XX-99"})
    assert response.status_code == 422
    assert "Chưa đăng ký trạm: XX-99." in response.content.decode()
    assert not Credential.objects.exists()


def test_a_revoked_key_stays_listed_and_counts_no_more(desk):
    desk["of"].post(PAGE, {"label": "Công ty A"})
    key = Credential.objects.get()
    desk["of"].post(f"{PAGE}{key.pk}/thu-hoi/")
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert "thu hồi" in desk["of"].get(PAGE).content.decode()
    assert Act.objects.filter(verb="source.revoke", object_id=key.user).exists()


def test_an_administrator_of_another_office_does_not_reach_it(desk):
    assert desk["elsewhere"].get("/quan-tri/nguon/").status_code == 200
    assert "Nguồn thử" not in desk["elsewhere"].get("/quan-tri/nguon/").content.decode()
    assert desk["elsewhere"].post(PAGE, {"label": "x"}).status_code == 404
