"""Everybody's day holds what he may act on and nothing else; the numbers by office are the lengths of their lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from haidang.engine import clock
from haidang.engine.incidents import order_actions, order_extending
from haidang.engine.incidents.conftest import Cast, add_person
from haidang.engine.incidents.conftest import cast as cast  # noqa: PLC0414 - the cast of the stage before
from haidang.engine.incidents.models import Conclusion, Order
from haidang.engine.incidents.narrowing import Asked, narrowed
from haidang.engine.incidents.test_conclusions import enter
from haidang.engine.people.models import Person
from haidang.engine.tasks.by_office import COUNTED, table
from haidang.engine.tasks.today import items, sections

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def paper(cast: Cast) -> Iterator[Conclusion]:
    """Two tasks: five working days for the commune, the fifteenth of December for health."""
    clock.set_source(MONDAY.timestamp)
    yield enter(cast)
    clock.set_source(None)


def later(days: int) -> None:
    clock.set_source((MONDAY + timedelta(days=days)).timestamp)


def told(person: Person) -> list[tuple[str, str]]:
    return [(one.urgency, one.what) for one in items(person) if not one.key.startswith("owed")]


def test_a_task_goes_through_the_days_of_who_has_it_and_of_who_gave_it(cast: Cast, paper: Conclusion) -> None:
    first = paper.orders.get(number=1)
    leader = first.issued_by
    assert told(cast.officer) == [("decide", "Nhận lệnh")]
    order_actions.receive(order=first, by=cast.officer)
    assert told(cast.officer) == []  # seven days are far off
    later(3)
    assert told(cast.officer) == [("soon", "Làm lệnh")]
    later(7)
    assert told(cast.officer) == [("today", "Làm lệnh")]
    later(8)
    assert told(cast.officer) == [("late", "Làm lệnh")]
    late = sections(cast.officer)[0]
    assert (late.name, late.items[0].due) == ("late", "trễ 1 ngày làm việc")
    assert told(leader) == []
    asked = order_extending.ask(
        order=first, by=cast.officer, until_at=clock.now() + timedelta(days=3), reason="mưa"
    )
    assert told(leader) == [("decide", "Trả lời xin gia hạn")]
    order_extending.grant(extension=asked, by=leader)
    assert told(leader) == []
    order_actions.report(order=first, by=cast.officer, text="gần xong")
    Order.objects.filter(pk=first.pk).update(needs_proof=False)
    order_actions.finish(order=first, by=cast.officer)
    assert told(cast.officer) == []
    assert told(leader) == [("decide", "Nghiệm thu")]
    assert told(cast.operator) == []  # he neither gave it nor answers for it
    order_actions.verify(order=first, by=leader)
    assert told(leader) == []


def test_a_refused_task_comes_back_to_who_gave_it(cast: Cast, paper: Conclusion) -> None:
    first = paper.orders.get(number=1)
    order_actions.refuse(order=first, by=cast.officer, reason="không có xe")
    assert told(cast.officer) == []
    assert told(first.issued_by) == [("decide", "Giao lại việc không làm được")]


def test_nobody_sees_another_offices_day(cast: Cast, paper: Conclusion) -> None:
    client = Client()
    client.force_login(cast.officer)
    page = client.get("/viec-cua-toi/").content.decode()
    assert "Dọn điểm rác sau chợ" in page
    assert "sốt xuất huyết" not in page


def test_a_day_with_more_than_it_lists_says_so(
    cast: Cast, paper: Conclusion, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(cast.officer)
    assert "việc đầu tiên" not in client.get("/viec-cua-toi/").content.decode()
    monkeypatch.setattr("haidang.engine.tasks.today.MOST", 1)
    monkeypatch.setattr("haidang.engine.tasks.views.MOST", 1)
    assert "Mỗi loại việc chỉ liệt kê 1 việc đầu tiên" in client.get("/viec-cua-toi/").content.decode()


def test_each_number_by_office_is_the_length_of_its_list(cast: Cast, paper: Conclusion) -> None:
    cast.order(text="Đo nhanh", needs_proof=False)  # of an incident, due in half an hour
    first, second = paper.orders.order_by("number")
    Order.objects.filter(pk=second.pk).update(
        state="done", done_by=cast.stranger, done_at=datetime(2026, 12, 16, 8, 0, tzinfo=clock.LOCAL)
    )
    clock.set_source(datetime(2026, 12, 17, 9, 0, tzinfo=clock.LOCAL).timestamp)
    order_actions.cancel(order=cast.order(text="Giao nhầm"), by=cast.operator, reason="nhầm")
    found = table(cast.operator, year=2026)
    assert [(line.office.code, [cell.number for cell in line.cells], line.late_share) for line in found.lines if line.office] == [
        ("tb", [2, 0, 2, 0, 0], 100.0),
        ("so-yt", [1, 0, 0, 0, 1], 100.0),
    ]  # fmt: skip
    assert [cell.number for cell in found.total.cells] == [3, 0, 2, 0, 1]
    client = Client()
    client.force_login(cast.operator)
    for line in (*found.lines, found.total):
        for cell in line.cells:
            page = client.get(cell.url)
            assert page.context["orders"].total == cell.number, cell.url
    for name in COUNTED:
        mine = Order.objects.for_user(cast.officer)
        wanted = table(cast.officer, ground="van-ban").total.number(name)
        assert narrowed(mine, Asked(standing=name, ground="van-ban")).count() == wanted
    assert table(cast.officer, ground="van-ban", year=2026).total.number("giao") == 1
    assert not table(cast.officer, year=2025).lines
    outsider = add_person("x@tayninh.example", "Tô Văn Hưng", "officer", cast.commune.parent)
    assert table(outsider).total.number("giao") == 3  # the office above reaches those below it
    assert first.due_on == date(2026, 12, 7)
    for query in ("?tu=van-ban&nam=2026", "?nam=", "?tu=khong-co&nam=abc"):
        assert client.get(f"/viec-theo-co-quan/{query}").status_code == 200
