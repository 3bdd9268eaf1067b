"""Signing in: waiting times, second factor, how long pages and acts last. In Vietnamese."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.people import actions, sessions, sign_in
from haidang.engine.people.models import Office, Person, Shift

pytestmark = pytest.mark.django_db
PASSWORD = "mưa-rào-tháng-bảy"
SIGN_IN = "/tai-khoan/dang-nhap/"


@pytest.fixture(autouse=True)
def cheap_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture
def hour():
    """A clock the test moves."""
    at = [clock.timestamp()]
    clock.set_source(lambda: at[0])
    yield lambda seconds: at.__setitem__(0, at[0] + seconds)
    clock.set_source(None)


def person(role="operator", email="truc@tayninh.vn", **more):
    office = Office.objects.first() or actions.add_office(code="ttdh", name="Trung tâm điều hành")
    return actions.add_person(
        email=email, name="Lê Thị Ẩn", password=PASSWORD, role=role, office=office, **more
    )


def sign_in_as(client, email="truc@tayninh.vn", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": email, "password": password}, **more)


def code_of(someone):
    secret = decrypt(Authenticator.objects.get(user=someone, type="totp").data["secret"])
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- coming in -----------------------------------------------------------------------------------------------
def test_an_operator_signs_in_and_lands_on_the_overview(client):
    who = person()
    response = sign_in_as(client)
    assert (response.status_code, response.url) == (302, "/")
    assert Act.objects.filter(verb="sign_in", person=who).exists()
    assert Person.objects.get().last_login is not None


def test_whoever_signs_in_types_at_once_and_whoever_erred_is_led_to_the_errors(
    client: Client, db: None
) -> None:
    page = client.get(SIGN_IN).content.decode()
    assert re.findall(r"<(\w+)[^>]* autofocus", page) == ["input"]
    assert re.search(r'<input[^>]*name="login"[^>]* autofocus', page)
    wrong = client.post(SIGN_IN, {"login": "ai@tayninh.example", "password": ""}).content.decode()
    # The browser takes the first of them.
    assert re.findall(r"<(\w+)[^>]* autofocus", wrong)[0] == "div"


def test_a_field_crew_lands_on_its_orders(client):
    person("crew")
    assert sign_in_as(client).url == "/lenh/"


def test_a_field_crew_that_types_the_bare_address_lands_on_its_orders_too(client):
    person("crew")
    came_to = client.get("/").url
    assert client.post(came_to, {"login": "truc@tayninh.vn", "password": PASSWORD}).url == "/lenh/"
    refused = client.get("/")
    assert refused.status_code == 403
    assert f'href="{SIGN_IN}"' in refused.content.decode()
    assert client.get(SIGN_IN).url == "/lenh/"


def test_the_page_one_came_for_is_shown_after_signing_in_and_no_foreign_one(client):
    person()
    assert sign_in_as(client, next="").url == "/"
    form = {"login": "truc@tayninh.vn", "password": PASSWORD}
    assert Client().post(SIGN_IN, {**form, "next": "/nguon/"}).url == "/nguon/"
    assert Client().post(SIGN_IN, {**form, "next": "https://evil.example/"}).url == "/"


def test_who_sent_a_form_after_the_session_ended_is_told_and_comes_back_to_the_form(client):
    person()
    behind = "http://testserver/su-viec/?loc=mo"
    answer = client.post("/su-viec/mo/", {"title": "Cháy"}, headers={"Referer": behind})
    assert answer.url == f"{SIGN_IN}?next=/su-viec/%3Floc%3Dmo"
    assert "điều vừa gửi chưa được ghi" in client.get(answer.url).content.decode()
    foreign = Client().post("/su-viec/mo/", headers={"Referer": "https://evil.example/su-viec/"})
    assert foreign.url == f"{SIGN_IN}?next="


def test_a_new_session_is_made_at_sign_in(client):
    person()
    client.get(SIGN_IN)
    client.cookies["sessionid"] = "dat-san"
    sign_in_as(client)
    assert client.cookies["sessionid"].value != "dat-san"
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


def test_a_disabled_account_and_a_wrong_password_stay_outside(client):
    who = person()
    assert "chưa đúng" in words_of(sign_in_as(client, password="sai"))
    actions.disable(person=who)
    assert sign_in_as(client).url == "/tai-khoan/dang-khoa/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["signup", "password/reset", "dang-ky", "email", "hai-lop/webauthn"])
def test_there_is_no_sign_up_and_no_reset_by_mail(client, name):
    assert client.get(f"/tai-khoan/{name}/").status_code == 404


# --- guessing ------------------------------------------------------------------------------------------------
def test_after_ten_wrong_passwords_a_guesser_waits_ever_longer(client, hour):
    person()
    for _ in range(9):
        assert "chưa đúng" in words_of(sign_in_as(client, password="sai"))
    assert "Hãy thử lại sau 1 phút" in words_of(sign_in_as(client, password="sai"))
    assert "Hãy thử lại sau 1 phút" in words_of(sign_in_as(client)), "even with the right one"
    for _ in range(8):
        hour(16 * 60)
        response = sign_in_as(client, password="sai")
    assert "Hãy thử lại sau 15 phút" in words_of(response), "never longer"
    hour(15 * 60 + 1)
    assert sign_in_as(client).status_code == 302
    assert Act.objects.filter(verb="sign_in.delayed").count() == 9


def test_somebody_elsewhere_is_not_locked_out_by_a_guesser(client):
    person()
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    for _ in range(12):
        sign_in_as(guesser, password="sai")
    assert "Hãy thử lại" in words_of(sign_in_as(guesser))
    assert sign_in_as(Client(REMOTE_ADDR="10.1.2.3")).status_code == 302


def test_a_known_browser_gets_in_from_the_same_network_as_the_guesser(client):
    person()
    sign_in_as(client)
    client.post("/tai-khoan/dang-xuat/")
    stranger = Client()
    for _ in range(12):
        sign_in_as(stranger, password="sai")
    assert sign_in_as(stranger).status_code == 200
    assert sign_in_as(client).status_code == 302


def test_a_forged_forwarded_address_does_not_buy_more_tries(client):
    person()
    for number in range(12):
        sign_in_as(client, password="sai", headers={"X-Forwarded-For": f"198.51.100.{number}"})
    assert "Hãy thử lại" in words_of(sign_in_as(client, headers={"X-Forwarded-For": "192.0.2.9"}))


def test_an_address_without_account_is_answered_like_one_with(client):
    for _ in range(9):
        assert "chưa đúng" in words_of(sign_in_as(client, email="khong-co@tayninh.vn"))
    assert "Hãy thử lại" in words_of(sign_in_as(client, email="khong-co@tayninh.vn"))


def test_unlocking_lets_the_guessed_account_in_again(client):
    who = person()
    for _ in range(11):
        sign_in_as(client, password="sai")
    assert sign_in.waiting(who) is not None
    actions.unlock(person=who)
    assert sign_in_as(client).status_code == 302


# --- second factor -------------------------------------------------------------------------------------------
def test_an_administrator_must_set_up_a_second_factor_before_anything_else(client):
    who = person("administrator")
    sign_in_as(client)
    assert client.get("/quan-tri/").url == "/tai-khoan/hai-lop/bat/"
    fragment = client.get("/quan-tri/", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == "/tai-khoan/hai-lop/bat/"
    page = client.get("/tai-khoan/hai-lop/bat/")
    secret = re.search(r'id="authenticator_secret"[^>]*>(\w+)<', page.content.decode())[1]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/tai-khoan/hai-lop/bat/", {"code": "12"}).status_code == 200
    done = client.post("/tai-khoan/hai-lop/bat/", {"code": code})
    assert done.url == "/tai-khoan/hai-lop/ma-du-phong/"
    assert len(re.findall(r"<li><code>", client.get(done.url).content.decode())) == 10
    assert client.get("/quan-tri/").status_code == 200
    assert secret not in str(Authenticator.objects.get(user=who, type="totp").data), "kept encrypted"
    assert "không được tắt" in words_of(client.get("/tai-khoan/hai-lop/tat/"))


def test_demo_accounts_and_a_centre_without_the_rule_need_none(client, settings):
    person("administrator", is_demo=True)
    sign_in_as(client)
    assert client.get("/quan-tri/").status_code == 200
    person("administrator", email="b@tayninh.vn")
    settings.HAIDANG_REQUIRE_TOTP = "nobody"
    other = Client()
    sign_in_as(other, email="b@tayninh.vn")
    assert other.get("/quan-tri/").status_code == 200


def test_with_a_second_factor_the_password_alone_does_not_open(client, settings):
    who = person()
    TOTP.activate(who, "JBSWY3DPEHPK3PXP")
    assert sign_in_as(client).url == "/tai-khoan/hai-lop/dang-nhap/"
    assert client.get("/tai-khoan/").status_code == 302
    assert "Mã chưa đúng" in words_of(client.post("/tai-khoan/hai-lop/dang-nhap/", {"code": "000000"}))
    assert client.post("/tai-khoan/hai-lop/dang-nhap/", {"code": code_of(who)}).url == "/"
    assert client.get("/tai-khoan/").status_code == 200


def test_a_lost_phone_is_mended_from_the_command_line(client):
    who = person()
    TOTP.activate(who, "JBSWY3DPEHPK3PXP")
    assert actions.reset_totp(person=who) == 1
    assert sign_in_as(client).url == "/"


# --- how long it lasts ---------------------------------------------------------------------------------------
def test_pages_stay_visible_until_an_hour_after_the_shift(client, hour):
    who = person()
    now = clock.now()
    ends = now + timedelta(hours=3)
    Shift.objects.create(name="Ca 2", starts_at=now, ends_at=ends, chief=who)
    sign_in_as(client)
    assert abs(client.session.get_expiry_date() - (ends + timedelta(hours=1))) < timedelta(seconds=2)


def test_without_a_shift_a_session_lasts_ten_hours(client):
    person()
    sign_in_as(client)
    left = client.session.get_expiry_date() - clock.now()
    assert timedelta(hours=9, minutes=59) < left <= timedelta(hours=10)


@pytest.fixture
def act(settings):
    """A page with a form behind `fresh_required`, in the real stack of middleware."""
    settings.ROOT_URLCONF = __name__
    return "/thu-lenh/"


@sessions.fresh_required
def issue(request):
    return HttpResponse(f"{request.method} {request.POST.get('text', '')}")


def test_an_act_after_fifteen_idle_minutes_asks_again_and_then_goes_on(client, hour, act):
    person()
    sign_in_as(client)
    hour(10 * 60)
    assert client.get(act).content == b"GET ", "a page opened renews"
    hour(10 * 60)
    assert client.post(act, {"text": "x"}).status_code == 200
    for _ in range(3):
        hour(6 * 60)
        client.get(act, headers={"HX-Request": "true"})  # a live page by itself
    answer = client.post(act, {"text": "đi đo"})
    assert answer.url == "/tai-khoan/xac-nhan/?next=%2Fthu-lenh%2F"
    client.get(act)
    assert client.post(act, {"text": "đi đo"}).status_code == 302, "looking at pages does not renew once idle"
    fragment = client.post(act, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/lenh/"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (403, "/tai-khoan/xac-nhan/?next=%2Flenh%2F")
    assert "Mật khẩu chưa đúng" in words_of(client.post("/tai-khoan/xac-nhan/", {"password": "sai"}))
    resumed = client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD, "next": act})
    assert resumed.content.decode() == "POST đi đo", "what was typed is not lost"
    assert client.post(act).status_code == 200


def test_an_administrator_is_asked_after_five(client, hour, act, settings):
    settings.HAIDANG_REQUIRE_TOTP = "nobody"
    person("administrator")
    sign_in_as(client)
    hour(6 * 60)
    assert client.post(act).status_code == 302


def test_disabling_ends_open_sessions(client):
    who = person()
    sign_in_as(client)
    assert client.get("/tai-khoan/").status_code == 200
    actions.disable(person=who)
    assert client.get("/tai-khoan/").status_code == 302


def test_a_new_password_ends_open_sessions(client):
    who = person()
    sign_in_as(client)
    actions.set_password(person=who, password="nắng-hạn-tháng-tám")
    assert client.get("/tai-khoan/").status_code == 302


# --- words ---------------------------------------------------------------------------------------------------
def test_pages_are_vietnamese_whatever_the_browser_prefers(client):
    page = client.get(SIGN_IN, headers={"Accept-Language": "en-US,en"})
    assert '<html lang="vi"' in page.content.decode()
    assert page["Content-Language"] == "vi"


def test_the_chosen_language_follows_the_person(client):
    who = person()
    sign_in_as(client)
    client.post(reverse("boards:language"), {"language": "en", "next": "//evil.example"})
    who.refresh_from_db()
    assert who.language == "en"
    other = Client()
    sign_in_as(other)
    assert '<html lang="en"' in other.get("/tai-khoan/").content.decode()


ENGLISH = re.compile(
    r"\b(the|your|you|please|sign|password|code|email|account|required|field|invalid|enter|use|cancel)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "path",
    [
        SIGN_IN,
        "/tai-khoan/",
        "/tai-khoan/dang-xuat/",
        "/tai-khoan/dang-khoa/",
        "/tai-khoan/xac-nhan/",
        "/tai-khoan/mat-khau/",
        "/tai-khoan/hai-lop/",
        "/tai-khoan/hai-lop/bat/",
        "/tai-khoan/hai-lop/tat/",
        "/tai-khoan/hai-lop/xac-nhan/",
        "/tai-khoan/hai-lop/ma-du-phong/",
        "/tai-khoan/hai-lop/ma-du-phong/tao/",
    ],
)
def test_account_pages_speak_vietnamese_when_shown_and_when_refused(client, path):
    who = person()
    if path != SIGN_IN:
        sign_in_as(client)
        if path not in ("/tai-khoan/hai-lop/", "/tai-khoan/hai-lop/bat/"):
            TOTP.activate(who, "JBSWY3DPEHPK3PXP")
            RecoveryCodes.activate(who)
    for response in (
        client.get(path),
        client.post(path, {}) if "dang-xuat" not in path else client.get(path),
    ):
        if response.status_code in (200, 403):
            text = words_of(response).replace("E-mail", "").replace("e-mail", "")
            assert not ENGLISH.findall(text), text


def test_refused_new_passwords_are_explained_in_vietnamese(client):
    person()
    sign_in_as(client)
    form = {"oldpassword": PASSWORD, "password1": "1234", "password2": "12345"}
    text = words_of(client.post("/tai-khoan/mat-khau/", form))
    assert not ENGLISH.findall(text), text


def _urls():
    from django.urls import include, path

    return [path("thu-lenh/", issue), path("", include("haidang.config.urls"))]


urlpatterns = _urls()
