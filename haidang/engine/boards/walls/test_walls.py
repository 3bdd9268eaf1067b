"""Devices of walls: what they see, what hangs on them, and what is told to strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.boards.models import WallScreen
from haidang.engine.boards.walls import actions, cells, scenes
from haidang.engine.boards.walls.door import COOKIE, Viewer
from haidang.engine.boards.walls.unnamed import short_name, unnamed
from haidang.engine.incidents.actions import close_incident, note, open_incident
from haidang.engine.incidents.models import Incident
from haidang.engine.incidents.order_actions import issue_order
from haidang.engine.people.actions import add_office, add_person
from haidang.engine.people.models import Office, Person
from haidang.engine.places.models import Place

NOW = datetime(2026, 11, 21, 5, 2, tzinfo=UTC)
HOME, INCIDENT = "environment.environment", "environment.incident"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(db: None) -> Iterator[None]:
    clock.set_source(NOW.timestamp)
    yield
    clock.set_source(None)


def later(minutes: float) -> None:
    clock.set_source((NOW + timedelta(minutes=minutes)).timestamp)


def person(role: str, office: Office | None = None) -> Person:
    name = {"administrator": "Phạm Quốc Quản"}.get(role, "Đặng Minh Trực")
    return add_person(
        email=f"{role}@tinh.invalid", name=name, role=role, office=office, password="mat-khau-thu-1"
    )


@pytest.fixture
def admin(db: None) -> Person:
    return person("administrator")


@pytest.fixture
def chief(db: None) -> Person:
    return person("duty_chief")


@pytest.fixture
def hung(admin: Person) -> tuple[WallScreen, Client]:
    """A screen and its browser, enrolled by its address."""
    screen, token = actions.add_screen(name="Tường A", wall="environment", by=admin)
    browser = Client()
    answer = browser.get(f"/wall/environment?thiet-bi={token}")
    assert answer.status_code == 303
    return screen, browser


def scene_of(screen: WallScreen) -> str:
    return scenes.on_screen(screen, Viewer(screen), clock.now()).address


def fire(by: Person, priority: int = 1, **more: object) -> Incident:
    return open_incident(by=by, title="Cháy kho phế liệu", priority=priority, place_text="An Tịnh", **more)


def test_the_address_becomes_a_cookie_and_leaves_the_address_bar(admin: Person) -> None:
    _screen, token = actions.add_screen(name="Tường A", wall="environment", by=admin)
    answer = Client().get(f"/wall/environment?thiet-bi={token}")
    assert answer["Location"] == "/wall/environment"
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Strict", "/wall/environment")
    assert cookie["max-age"] > 300 * 86400
    assert "no-store" in answer["Cache-Control"]


def test_only_the_hash_of_the_token_is_kept(admin: Person) -> None:
    screen, token = actions.add_screen(name="Tường A", wall="environment", by=admin)
    screen.refresh_from_db()
    assert token not in str(vars(screen))
    assert token not in str(list(Act.objects.values()))


def test_a_device_sees_its_wall_and_each_part_and_is_seen_itself(hung: tuple[WallScreen, Client]) -> None:
    screen, browser = hung
    page = browser.get("/wall/environment")
    assert page.status_code == 200
    parts = re.findall(r'data-src="([^"]+)"', page.content.decode())
    assert len(parts) >= 6
    for part in parts:
        answer = browser.get(part, headers={"HX-Request": "true"})
        assert answer.status_code == 200, part
        assert answer["X-Wall-Scene"] in page.content.decode()
    screen.refresh_from_db()
    assert screen.last_seen_at == NOW


def test_a_token_opens_no_other_wall_and_no_other_page(hung: tuple[WallScreen, Client]) -> None:
    _screen, browser = hung
    assert browser.get("/wall/incident").status_code == 403
    assert browser.get("/").status_code == 302
    assert browser.post("/wall/environment").status_code == 405


def test_a_wrong_or_revoked_token_is_told_so_and_never_asked_to_sign_in(
    hung: tuple[WallScreen, Client], admin: Person
) -> None:
    screen, browser = hung
    assert Client().get("/wall/environment?thiet-bi=khong-co").status_code == 403
    assert actions.revoke_screen(screen=screen, by=admin)
    assert not actions.revoke_screen(screen=screen, by=admin)
    page = browser.get("/wall/environment")
    assert page.status_code == 403
    assert "đã bị thu hồi" in page.content.decode()
    assert browser.get("/wall/environment/o/map", headers={"HX-Request": "true"}).status_code == 401


def test_a_device_of_one_place_sees_nothing_of_another(admin: Person, chief: Person) -> None:
    here = Place.objects.create(code="09998", name="Xã Này", level="commune", kind="xã")
    there = Place.objects.create(code="09999", name="Xã Khác", level="commune", kind="xã")
    screen, _token = actions.add_screen(name="Tường xã", wall="environment", place=here, by=admin)
    office = add_office(code="o", name="Ủy ban xã", short_name="UBND xã")
    for place in (here, there):
        incident = fire(chief, 2, place=place)
        issue_order(
            incident=incident, by=chief, office=office, text=f"Việc ở {place.name}",
            deadline_at=NOW + timedelta(minutes=1),
        )  # fmt: skip
    later(10)
    count, lines = cells.late_orders(Viewer(screen), clock.now(), 5)
    assert (count, [line.text for line in lines]) == (1, ["Việc ở Xã Này"])


def test_a_wall_of_an_office_tells_of_an_incident_what_was_written_to_that_office(
    admin: Person, chief: Person
) -> None:
    office, other = (add_office(code=code, name=f"Sở {code}", short_name=code) for code in ("A", "B"))
    screen, token = actions.add_screen(name="Tường A", wall="environment", office=office, by=admin)
    incident = fire(chief, 1)
    for one in (office, other):
        issue_order(
            incident=incident, by=chief, office=one, text=f"Việc của {one.code}",
            deadline_at=NOW + timedelta(minutes=30),
        )  # fmt: skip
    note(incident=incident, by=chief, text="Tạm giữ chủ kho", decided_by="Lãnh đạo", is_decision=True)
    browser = Client()
    browser.get(f"/wall/environment?thiet-bi={token}")
    assert scene_of(screen) == INCIDENT
    page = browser.get("/wall/environment").content.decode()
    assert "Việc của A" in page
    assert "Việc của B" not in page
    assert "Tạm giữ chủ kho" not in page


def test_a_pushed_scene_hangs_until_its_time_is_over(hung: tuple[WallScreen, Client], chief: Person) -> None:
    screen, browser = hung
    incident = fire(chief, 2)
    actions.push_scene(screen=screen, scene=INCIDENT, incident=incident, minutes=15, by=chief)
    assert scene_of(screen) == INCIDENT
    assert incident.code in browser.get("/wall/environment").content.decode()
    later(16)
    assert scene_of(screen) == HOME
    assert list(Act.objects.filter(verb="wall.push").values_list("person_id", flat=True)) == [chief.pk]
    assert "màn hình ghép: Tường A" in incident.entries.order_by("-pk")[0].text


def test_a_pushed_incident_goes_when_it_is_closed_and_a_closed_one_cannot_be_pushed(
    hung: tuple[WallScreen, Client], chief: Person
) -> None:
    screen, _browser = hung
    incident = fire(chief, 2)
    actions.push_scene(screen=screen, scene=INCIDENT, incident=incident, by=chief)
    incident = close_incident(incident=incident, by=chief, note="Đã dập tắt.")
    assert scene_of(screen) == HOME
    with pytest.raises(ValidationError, match="đã đóng"):
        actions.push_scene(screen=screen, scene=INCIDENT, incident=incident, by=chief)


def test_an_urgent_incident_takes_the_wall_over_and_gives_it_back(
    hung: tuple[WallScreen, Client], chief: Person
) -> None:
    screen, _browser = hung
    fire(chief, 2)
    assert scene_of(screen) == HOME
    urgent = fire(chief, 1)
    assert scene_of(screen) == INCIDENT
    later(31)
    assert scene_of(screen) == HOME
    later(5)
    close_incident(incident=urgent, by=chief, note="Báo nhầm.")
    assert scene_of(screen) == HOME


def test_a_wall_taken_over_is_given_back_by_hand(hung: tuple[WallScreen, Client], chief: Person) -> None:
    screen, _browser = hung
    fire(chief, 1)
    assert actions.give_back(screen=screen, by=chief)
    assert scene_of(screen) == HOME
    assert not actions.give_back(screen=WallScreen.objects.create(
        name="B", wall="environment", token_sha256="b", created_at=NOW, created_by=chief, takeover_minutes=0,
    ), by=chief)  # fmt: skip


def test_a_part_of_a_scene_that_has_gone_says_which_hangs_now(
    hung: tuple[WallScreen, Client], chief: Person
) -> None:
    screen, browser = hung
    before = browser.get("/wall/environment/o/f3")["X-Wall-Scene"]
    actions.push_scene(screen=screen, scene=INCIDENT, incident=fire(chief, 2), by=chief)
    answer = browser.get("/wall/environment/o/f3")
    assert answer.status_code == 204
    assert answer["X-Wall-Scene"].startswith(INCIDENT)
    assert answer["X-Wall-Scene"] != before


def test_a_part_that_cannot_be_drawn_says_so_and_the_others_stand(
    hung: tuple[WallScreen, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cells.BUILD, "orders", lambda *_: {}["hỏng"])
    page = hung[1].get("/wall/environment").content.decode()
    assert page.count("ô này") == 1
    assert re.search(r'class="cell c-o dead hatch"', page)
    assert "Báo động theo trạng thái" in page


def test_a_seat_too_far_is_refused_with_what_fits(hung: tuple[WallScreen, Client], admin: Person) -> None:
    screen, browser = hung
    assert "chưa cân chỉnh" in browser.get("/wall/environment").content.decode()
    with pytest.raises(ValidationError) as refused:
        actions.calibrate(screen=screen, width_mm=4800, width_px=3840, height_px=2160, seat_m=14, by=admin)
    words = refused.value.messages[0]
    assert "chữ từ 72 px (16′)" in words
    assert "Màn 4,8 m đọc được tới 9,8" in words or "Màn 4,80 m đọc được tới 9,8" in words
    screen.refresh_from_db()
    assert screen.calibration is None


def test_a_calibrated_wall_prints_its_measures_and_takes_its_step(
    hung: tuple[WallScreen, Client], admin: Person
) -> None:
    screen, browser = hung
    actions.calibrate(screen=screen, width_mm=4800, width_px=3840, height_px=2160, seat_m=8, by=admin)
    page = browser.get("/wall/environment").content.decode()
    assert "4,80 m · ghế xa 8 m · chữ nhỏ nhất 17′" in page
    assert 'data-step="100"' in page
    actions.calibrate(screen=screen, width_mm=4800, width_px=3840, height_px=2160, seat_m=9, by=admin)
    assert 'data-step="105"' in browser.get("/wall/environment").content.decode()


def test_the_wall_shortens_names_and_hides_numbers(hung: tuple[WallScreen, Client], chief: Person) -> None:
    screen, browser = hung
    incident = open_incident(
        by=chief, title="Cháy nhà, báo tin Đặng Minh Trực 0901 234 567", priority=2, place_text="An Tịnh"
    )
    actions.push_scene(screen=screen, scene=INCIDENT, incident=incident, by=chief)
    page = browser.get("/wall/environment").content.decode()
    assert "Đặng Minh Trực" not in page
    assert "234" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    assert "Đ. M. Trực" in page


def test_names_are_shortened_as_colleagues_know_them() -> None:
    assert short_name("Nguyễn Văn An") == "N. V. An"
    assert short_name("An") == "An"
    assert unnamed("Gọi 0912 345 678 trước 17:00") == "Gọi •••• ••• 678 trước 17:00"


def test_the_administration_shows_the_address_once(admin: Person, chief: Person) -> None:
    desk = signed_in(admin)
    answer = desk.post(
        "/quan-tri/man-hinh/moi/", {"name": "Tường B", "wall": "environment", "takeover_minutes": "30"}
    )
    page = answer.content.decode()
    address = re.search(r"/wall/environment\?thiet-bi=[\w-]{40,}", page)
    assert address is not None
    assert Client().get(address[0]).status_code == 303
    screen = WallScreen.objects.get(name="Tường B")
    assert "thiet-bi=" not in desk.get(f"/quan-tri/man-hinh/{screen.pk}/").content.decode()
    assert Act.objects.filter(verb__in=("wall.add", "wall.enrol")).count() == 2
    far = {"width_mm": "4800", "width_px": "3840", "height_px": "2160", "seat_m": "14"}
    refused = desk.post(f"/quan-tri/man-hinh/{screen.pk}/can-chinh/", far)
    assert refused.status_code == 422
    assert "phải rộng từ" in refused.content.decode()
    assert desk.post(f"/quan-tri/man-hinh/{screen.pk}/can-chinh/", far | {"seat_m": "7,5"}).status_code == 302
    assert desk.post("/quan-tri/man-hinh/day/", {}).status_code == 403


def test_the_duty_chief_pushes_from_the_page_of_the_incident(
    hung: tuple[WallScreen, Client], chief: Person
) -> None:
    screen, _browser = hung
    incident = fire(chief, 2)
    desk = signed_in(chief)
    assert f"/su-viec/{incident.pk}/man-hinh/" in desk.get(incident.get_absolute_url()).content.decode()
    assert "Tường A" in desk.get(f"/su-viec/{incident.pk}/man-hinh/").content.decode()
    form = {"incident": incident.pk, "scene": INCIDENT, "screen": screen.pk, "minutes": "0"}
    assert desk.post("/quan-tri/man-hinh/day/", form)["Location"] == incident.get_absolute_url()
    assert scene_of(screen) == INCIDENT
    assert "Trả lại" in desk.get("/quan-tri/man-hinh/").content.decode()
    desk.post(f"/quan-tri/man-hinh/{screen.pk}/tra-lai/")
    assert scene_of(screen) == HOME


def signed_in(who: Person) -> Client:
    from allauth.mfa.totp.internal.auth import TOTP

    if who.email.startswith("administrator"):
        TOTP.activate(who, "JBSWY3DPEHPK3PXP")
    client = Client()
    client.force_login(who, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["acted_at"] = clock.timestamp()
    session.save()
    return client
