"""A counted number on its screens: the rule, the lines, masked, paged, as of then, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from haidang.engine import clock
from haidang.engine.boards.statistics import counted
from haidang.engine.boards.statistics.test_boards import browser, text
from haidang.engine.contracts.tree import load_tree
from haidang.engine.counting import running
from haidang.engine.counting.conftest import WARD, Publish, dossier
from haidang.engine.counting.conftest import cast as cast  # noqa: PLC0414 - the fixture of the stage before
from haidang.engine.counting.conftest import publish as publish  # noqa: PLC0414
from haidang.engine.people.models import Grant, Office, Person, Role
from haidang.engine.places.models import Place

DAY, DUE = date(2026, 11, 2), date(2026, 11, 9)
MANY = [dossier(n, WARD, DAY, DUE, date(2026, 11, 6 if n % 2 else 12)) for n in range(1, 122)]


@pytest.fixture(autouse=True)
def _in_december(db: None) -> Iterator[None]:
    clock.set_source(datetime(2026, 12, 6, 2, tzinfo=UTC).timestamp)
    yield
    clock.set_source(None)


def query(indicator: str = "services.received", name: str = "Tân Ninh", **more: str) -> dict[str, str]:
    place = Place.objects.on(DAY).get(name=name, parent__code="80")
    return {"indicator": indicator, "place": str(place.pk), "at": "2026-12-01T00:00:00+07:00", **more}


def asked(client: Client, **more: str) -> str:
    answer = client.get("/vi-sao/so-ky/dong/", query(**more))
    assert answer.status_code == 200
    return answer.content.decode()


def cells(body: str) -> list[str]:
    return re.findall(r"ô (B\d+), trang", body)


def test_lines_come_in_stretches_each_once_and_nobody_s_name_is_on_them(publish: Publish) -> None:
    made = publish("2026-11", MANY)
    running.count_all(load_tree(kinds=running.KINDS))
    leader = browser("lanh-dao", Role.LEADER)
    body, found = asked(leader), []
    while True:
        found += cells(body)
        assert len(cells(body)) <= counted.MANY
        following = re.search(r'href="(\?[^"]*sau=\d+[^"]*)"', body)
        if following is None:
            break
        body = leader.get("/vi-sao/so-ky/dong/" + following[1].replace("&amp;", "&")).content.decode()
    assert found == [f"B{row}" for row in range(2, 123)]
    assert "Người nộp 1" not in body
    assert counted.HIDDEN in body
    assert f"lần nhận {made.delivery_id}" in text(body)
    assert "Từ đầu" in body


def test_what_a_line_says_is_for_those_who_may_see_its_list(publish: Publish) -> None:
    """The code of a dossier is enough to look up somebody's case; where it stands is the number's own way back."""
    publish("2026-11", MANY)
    running.count_all(load_tree(kinds=running.KINDS))
    code = "H80.01-"
    assert code in asked(browser("lanh-dao", Role.LEADER))
    operator = browser("truc-ban", Role.OPERATOR)
    body = asked(operator)
    assert len(cells(body)) == counted.MANY
    drawer = operator.get("/vi-sao/so-ky/", query(), headers={"HX-Request": "true"}).content.decode()
    assert len(re.findall(r"ô B\d+, trang", text(drawer))) == counted.FEW
    for page in (body, drawer):
        assert code not in page
    assert "chỉ mở cho cơ quan gửi danh sách" in body


def test_the_drawer_says_the_rule_its_version_and_who_answers(publish: Publish) -> None:
    made = publish("2026-11", MANY)
    running.count_all(load_tree(kinds=running.KINDS))
    leader = browser("lanh-dao", Role.LEADER)
    found = text(
        leader.get("/vi-sao/so-ky/", query("services.late"), headers={"HX-Request": "true"}).content.decode()
    )
    for words in (
        "Cách đếm bản 1", "Đếm các dòng có ngày tiếp nhận trong kỳ.",
        "Ngày trả kết quả không sau ngày cuối kỳ, sau ngày hẹn trả (gặp ngày nghỉ thì ngày làm việc kế tiếp).",
        "Trừ dòng có trạng thái là “Rút hồ sơ”.", "60 trong 121 dòng của kỳ", f"lần nhận {made.delivery_id}", "Head",
    ):  # fmt: skip
        assert words in found, (words, found)


def test_a_version_of_before_shows_the_lines_of_before(publish: Publish) -> None:
    publish("2026-11", MANY[:2])
    tree = load_tree(kinds=running.KINDS)
    running.count_all(tree)
    clock.set_source(datetime(2026, 12, 8, 2, tzinfo=UTC).timestamp)
    publish("2026-11", MANY[:5])
    running.count_all(tree)
    leader = browser("lanh-dao", Role.LEADER)
    assert len(cells(asked(leader))) == 5
    assert len(cells(asked(leader, as_of="2026-12-07T00:00:00+07:00"))) == 2


def test_what_is_not_counted_and_what_is_not_known_can_be_looked_at(publish: Publish) -> None:
    publish("2026-11", [*MANY[:4], dossier(9, WARD, DAY, DUE, None, state="Đã trả kết quả")], asked=1)
    running.count_all(load_tree(kinds=running.KINDS))
    leader = browser("lanh-dao", Role.LEADER)
    early = {"indicator": "services.early"}
    assert cells(asked(leader, **early)) == ["B2", "B4", "B6"]
    assert cells(asked(leader, **early, xem="chua-ro")) == ["B6"]
    assert cells(asked(leader, **early, xem="tat-ca")) == ["B2", "B3", "B4", "B5", "B6"]
    assert cells(asked(leader, **early, sau="x", xem="?", trung_tam="không có")) == []


def test_the_lines_of_a_place_are_for_those_who_may_see_its_numbers(publish: Publish) -> None:
    publish("2026-11", MANY[:3])
    running.count_all(load_tree(kinds=running.KINDS))

    def status(client: Client, **more: str) -> int:
        return client.get("/vi-sao/so-ky/dong/", query(**more)).status_code

    assert status(Client()) == 302
    ward, other = (
        Place.objects.on(DAY).get(name=name, parent__code="80") for name in ("Tân Ninh", "Tân Biên")
    )
    for number, (place, expected) in enumerate(((ward, 200), (other, 404))):
        office = Office.objects.create(code=f"ubnd-{number}", name=f"UBND {number}", place=place)
        person = Person.objects.create(email=f"can-bo-{number}@tinh.invalid", name="Cán bộ", office=office)
        Grant.objects.create(person=person, role=Role.OFFICER, place=place)
        client = Client()
        client.force_login(person)
        assert status(client) == expected
        # Whose list it is, is another office's matter: no way to it.
        if expected == 200:
            assert (
                "/so-lieu/"
                not in client.get("/vi-sao/so-ky/dong/", query()).content.decode().split("<main")[1]
            )
    crew = browser("doi", Role.CREW)
    assert status(crew) == 403
    leader = browser("lanh-dao", Role.LEADER)
    assert [status(leader, indicator=one) for one in ("services.on_time_share", "services.nothing")] == [
        404,
        404,
    ]
