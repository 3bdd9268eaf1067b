"""The administration pages and the page of the log, as an administrator and others use them."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from haidang.engine import clock
from haidang.engine.audit import chain
from haidang.engine.audit.actions import record
from haidang.engine.audit.models import Act
from haidang.engine.people import actions, duty
from haidang.engine.people.masking import mask_email, mask_id_number, mask_phone, masked
from haidang.engine.people.models import Grant, Office, Person, Shift

pytestmark = pytest.mark.django_db
PASSWORD = "mưa-rào-tháng-bảy"
ENGLISH = re.compile(
    r"\b(the|your|please|required|field|invalid|enter|valid|choice|select|already|exists)\b", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def light(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HAIDANG_REQUIRE_TOTP = "nobody"
    settings.HAIDANG_HOME = tmp_path


@pytest.fixture
def offices():
    root = actions.add_office(code="ubnd", name="UBND tỉnh")
    farm = actions.add_office(code="so-nnmt", name="Sở Nông nghiệp và Môi trường", parent=root)
    return {
        "root": root,
        "farm": farm,
        "lab": actions.add_office(code="qt", name="TT Quan trắc", parent=farm),
    }


def person(role, email, office=None, within=None, **more):
    return actions.add_person(
        email=email,
        name=more.pop("name", "Lê Thị Ẩn"),
        password=PASSWORD,
        role=role,
        office=office,
        within=within,
        **more,
    )


def browser(someone):
    client = Client()
    client.force_login(someone, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def admin(offices):
    return person("administrator", "qt@tn.vn", offices["root"])


@pytest.fixture
def desk(admin):
    return browser(admin)


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- people --------------------------------------------------------------------------------------------------
def test_somebody_is_added_with_a_role_and_the_log_says_by_whom(desk, admin, offices):
    form = {
        "name": "Đỗ Văn Ổn",
        "email": "on@tn.vn",
        "office": offices["farm"].pk,
        "role": "officer",
        "password": PASSWORD,
    }
    response = desk.post("/quan-tri/nguoi/moi/", form)
    made = Person.objects.get(email="on@tn.vn")
    assert response.url == f"/quan-tri/nguoi/{made.pk}/"
    assert made.grants.get().office == offices["farm"]
    assert Act.objects.get(verb="person.add", object_id=str(made.pk)).person == admin
    assert "Đỗ Văn Ổn" in words_of(desk.get("/quan-tri/?q=do van on")), "searched without tones"
    assert "Đỗ Văn Ổn" not in words_of(desk.get("/quan-tri/?office=qt"))
    assert "Đỗ Văn Ổn" in words_of(desk.get("/quan-tri/?office=ubnd")), "offices below count"


def test_people_stand_in_vietnamese_order(desk, offices):
    for number, name in enumerate(["Trần Ứng", "Trần Ân", "Trần Ăn", "Trần An"]):
        person("operator", f"n{number}@tn.vn", name=name)
    page = words_of(desk.get("/quan-tri/"))
    places = [page.index(name) for name in ("Trần An", "Trần Ăn", "Trần Ân", "Trần Ứng")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("nguoi/moi/", {}),
        ("nguoi/moi/", {"name": "A", "email": "sai", "role": "boss", "password": "ngắn", "office": "99999"}),
        ("nguoi/moi/", {"name": "A", "email": "QT@tn.vn", "role": "operator", "password": PASSWORD}),
        ("nguoi/moi/", {"name": "A", "email": "a@tn.vn", "role": "crew", "password": PASSWORD}),
        ("nguoi/moi/", {"name": "A", "email": "a@tn.vn", "role": "operator", "password": "1234567890"}),
        ("co-quan/moi/", {}),
        ("co-quan/moi/", {"name": "A", "code": "có dấu", "place": "không có", "parent": "0"}),
        ("co-quan/moi/", {"name": "A", "code": "ubnd"}),
        ("ca-truc/moi/", {}),
        (
            "ca-truc/moi/",
            {"name": "Ca", "starts_at": "hôm nay", "ends_at": "1", "chief": "0", "members": ["0"]},
        ),
    ],
)
def test_refused_forms_say_in_vietnamese_what_to_mend_and_change_nothing(desk, path, form):
    before = Act.objects.count()
    response = desk.post(f"/quan-tri/{path}", form)
    assert response.status_code == 422
    text = words_of(response).replace("e-mail", "")
    assert "Chưa gửi được: có chỗ cần sửa" in text
    assert "Lỗi:" in re.search(r"<title>(.*?)</title>", response.content.decode())[1]
    assert not ENGLISH.findall(text), text
    assert Act.objects.count() == before


def test_roles_are_given_and_taken_and_the_last_of_one_s_own_is_not(desk, admin, offices):
    other = person("operator", "tb@tn.vn", offices["root"])
    base = f"/quan-tri/nguoi/{other.pk}/"
    assert (
        desk.post(base + "vai-tro/", {"grant-role": "analyst", "grant-domain": "environment"}).status_code
        == 302
    )
    assert desk.post(base + "vai-tro/", {"grant-role": "crew", "grant-place": "0000"}).status_code == 422
    held = other.grants.get(role="analyst")
    assert held.domain == "environment"
    desk.post(f"{base}vai-tro/{held.pk}/bo/")
    assert not other.grants.filter(role="analyst").exists()
    own = admin.grants.get()
    page = desk.post(f"/quan-tri/nguoi/{admin.pk}/vai-tro/{own.pk}/bo/", follow=True)
    assert "Không thể tự bỏ" in words_of(page)
    assert desk.post(f"{base}vai-tro/{own.pk}/bo/").status_code == 404, "a grant of somebody else"


def test_an_account_is_closed_opened_and_gets_a_password(desk, admin, offices):
    other = person("operator", "tb@tn.vn", offices["root"])
    base = f"/quan-tri/nguoi/{other.pk}/"
    for act, active in (("khoa", False), ("mo-khoa", True)):
        desk.post(f"{base}{act}/")
        other.refresh_from_db()
        assert other.is_active is active
    assert desk.post(base + "mat-khau/", {"password-password": "ngắn"}).status_code == 422
    assert desk.post(base + "mat-khau/", {"password-password": "nắng-hạn-tháng-tám"}).status_code == 302
    other.refresh_from_db()
    assert other.check_password("nắng-hạn-tháng-tám")
    assert "Không thể tự khoá" in words_of(desk.post(f"/quan-tri/nguoi/{admin.pk}/khoa/", follow=True))
    assert desk.post(base + "xoa/").status_code == 404


def test_details_are_changed_and_the_log_has_old_things_out(desk, offices):
    other = person("operator", "tb@tn.vn", offices["root"], phone="0912345678")
    form = {
        "details-name": "Lê Văn Mới",
        "details-title": "",
        "details-phone": "0987654321",
        "details-office": offices["lab"].pk,
    }
    assert desk.post(f"/quan-tri/nguoi/{other.pk}/", form).status_code == 302
    other.refresh_from_db()
    assert (other.name, other.office) == ("Lê Văn Mới", offices["lab"])
    assert desk.post(f"/quan-tri/nguoi/{other.pk}/", {"details-name": ""}).status_code == 422


# --- nobody gives more than he has ---------------------------------------------------------------------------
def test_an_administrator_of_one_office_stays_within_it(offices, admin):
    local = person("administrator", "dp@tn.vn", offices["farm"], within=offices["farm"])
    inside, outside = (
        person("operator", "a@tn.vn", offices["lab"], within=offices["lab"]),
        person("operator", "b@tn.vn", offices["root"]),
    )
    desk = browser(local)
    assert desk.get(f"/quan-tri/nguoi/{inside.pk}/").status_code == 200
    assert desk.get(f"/quan-tri/nguoi/{outside.pk}/").status_code == 404
    assert desk.get(f"/quan-tri/co-quan/{offices['root'].pk}/").status_code == 404
    base = f"/quan-tri/nguoi/{inside.pk}/vai-tro/"
    assert desk.post(base, {"grant-role": "operator", "grant-office": offices["lab"].pk}).status_code == 302
    assert desk.post(base, {"grant-role": "administrator"}).status_code == 403, "not the whole province"
    assert desk.post(base, {"grant-role": "officer", "grant-office": offices["root"].pk}).status_code == 403
    assert Grant.objects.filter(person=inside, role="administrator").count() == 0


def test_somebody_with_a_wider_role_is_out_of_a_local_administrator_s_hands(offices):
    local = person("administrator", "dp@tn.vn", offices["farm"], within=offices["farm"])
    wider = person("duty_chief", "tbt@tn.vn", offices["lab"])  # sits below, reaches everything
    with pytest.raises(PermissionDenied):
        actions.set_password(person=wider, password="nắng-hạn-tháng-tám", by=local)


def test_an_office_cannot_come_under_itself(admin, offices):
    with pytest.raises(ValidationError, match="chính mình"):
        actions.change_office(office=offices["root"], by=admin, parent=offices["lab"])


# --- shifts --------------------------------------------------------------------------------------------------
def test_a_shift_is_written_runs_and_is_handed_over(desk, admin, offices):
    chief, next_one = (
        person("duty_chief", "a@tn.vn", name="Lê Trực"),
        person("duty_chief", "b@tn.vn", name="Võ Nhận"),
    )
    now = clock.local(clock.now())
    form = {
        "name": "Ca 2", "starts_at": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}", "chief": chief.pk, "phone": "201",
        "ends_at": f"{now + timedelta(hours=7):%Y-%m-%dT%H:%M}", "members": [next_one.pk],
    }  # fmt: skip
    assert duty.on_duty(clock.now()) is None
    assert desk.post("/quan-tri/ca-truc/moi/", form).status_code == 302
    shift = duty.on_duty(clock.now())
    assert shift.chief == chief
    assert "đang trực: Lê Trực" in words_of(desk.get("/quan-tri/ca-truc/"))
    path = f"/quan-tri/ca-truc/{shift.pk}/ban-giao/"
    assert desk.post(path, {"chief": next_one.pk}).status_code == 422
    assert desk.post(path, {"chief": next_one.pk, "note": "Hai sự việc đang mở."}).status_code == 302
    assert duty.on_duty(clock.now()).chief == next_one
    act = Act.objects.get(verb="shift.hand_over")
    assert (act.detail["from"], act.detail["to"]) == ("Lê Trực", "Võ Nhận")


def test_only_a_running_shift_is_handed_over(admin):
    now = clock.now()
    over = Shift.objects.create(
        name="Ca 1", starts_at=now - timedelta(hours=9), ends_at=now - timedelta(hours=1), chief=admin
    )
    with pytest.raises(ValidationError, match="đang trực"):
        actions.hand_over(shift=over, chief=admin, note="x", by=admin)


def test_gaps_of_the_roster_are_named(desk, admin):
    now = clock.now()
    for begin, end in ((-1, 2), (5, 8)):
        Shift.objects.create(
            name="Ca", starts_at=now + timedelta(hours=begin), ends_at=now + timedelta(hours=end), chief=admin
        )
    gaps = duty.gaps(list(Shift.objects.all()), now)
    assert gaps == [(now + timedelta(hours=2), now + timedelta(hours=5))]
    assert "Trống lịch trực" in words_of(desk.get("/quan-tri/ca-truc/"))


# --- masks and the log ---------------------------------------------------------------------------------------
def test_masks_keep_enough_to_recognise():
    assert mask_phone("0912 345 678") == "•••• ••• 678"
    assert mask_email("truc.an@tayninh.vn") == "t•••@tayninh.vn"
    assert mask_email("không phải") == "•••"
    assert mask_id_number("072099001234") == "•••••••••234"


def test_masks_find_what_hides_in_other_text():
    detail = {
        "note": "gọi 0912.345.678 hoặc a.b@c.vn, CCCD 072099001234",
        "phone": "0276",
        "list": [{"email": "x@y.vn"}],
    }
    shown = masked(detail)
    for secret in ("0912", "a.b@", "072099", "x@y"):
        assert secret not in str(shown)
    assert masked({"n": 20261122, "code": "SV-1122-07", "at": "2026-11-22T07:05:00+07:00", "value": "123456789.0"}) == {
        "n": 20261122, "code": "SV-1122-07", "at": "2026-11-22T07:05:00+07:00", "value": "123456789.0",
    }  # fmt: skip


def test_a_phone_number_is_shown_for_a_purpose_and_each_look_is_written_down(desk, admin, offices):
    other = person("operator", "tb@tn.vn", offices["root"], phone="0912 345 678")
    assert "0912" not in words_of(desk.get(f"/quan-tri/nguoi/{other.pk}/"))
    path = f"/quan-tri/nguoi/{other.pk}/dien-thoai/"
    assert desk.post(path, {"purpose": ""}).status_code == 422
    assert not Act.objects.filter(verb="personal.reveal").exists()
    assert "0912 345 678" in words_of(desk.post(path, {"purpose": "contact"}))
    act = Act.objects.get(verb="personal.reveal")
    assert (act.person, act.object_id, act.detail) == (
        admin,
        str(other.pk),
        {"field": "phone", "purpose": "contact"},
    )


def test_the_log_is_filtered_masked_and_a_look_behind_is_an_act(desk, admin, offices):
    person("operator", "bi-mat@tn.vn", offices["root"])
    chain.seal()
    page = desk.get("/nhat-ky/")
    text = words_of(page)
    assert "Thêm người" in text
    assert "bi-mat@" not in text
    assert "b•••@tn.vn" in text
    assert "niêm phong lúc" in text
    assert not re.findall(r"\b(people\.|person\.|role|office|email)\b", text), (
        "no name of a column on the screen"
    )
    act = Act.objects.filter(verb="person.add").last()
    assert desk.post(f"/nhat-ky/{act.pk}/hien/", {}).status_code == 422
    assert "bi-mat@tn.vn" in words_of(desk.post(f"/nhat-ky/{act.pk}/hien/", {"purpose": "inspect"}))
    assert Act.objects.get(verb="personal.reveal").object_id == str(act.pk)
    table = re.search(
        r"<tbody>.*</tbody>", desk.get("/nhat-ky/?verb=office.add").content.decode(), re.DOTALL
    )[0]
    assert "Thêm cơ quan" in table
    assert "Thêm người" not in table
    assert "Không có dòng nào" in words_of(desk.get("/nhat-ky/?day=2020-01-01"))
    assert desk.get("/nhat-ky/?day=khong-phai-ngay&trang=99").status_code == 200
    assert Office.objects.count() == 3


def test_the_log_counts_no_further_than_people_turn_pages_and_knows_its_verbs(db, monkeypatch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from haidang.engine.people import journal
    from haidang.engine.people.admin_forms import LogFilter

    monkeypatch.setattr(journal, "COUNTED", 3)
    for _ in range(5):
        record(person=None, actor="work", verb="export", object=("store.delivery", "1"))
    book = journal.Bounded(Act.objects.order_by("-pk"), 2)
    assert (book.count, book.num_pages, book.is_cut) == (3, 2, True)
    with CaptureQueriesContext(connection) as asked:
        choices = dict(LogFilter().fields["verb"].choices)
    assert {"export", "alarm.acknowledged", "order.refuse"} <= choices.keys()
    assert not asked.captured_queries
