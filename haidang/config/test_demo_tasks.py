"""The simulated leader's papers are entered once, go some of the way, and leave what visitors touched alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from haidang.config import demo_tasks
from haidang.engine import clock
from haidang.engine.incidents import order_actions
from haidang.engine.incidents.models import Conclusion, Order
from haidang.engine.people.models import Grant, Office, Person

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def leader(db: None, tmp_path: Path, settings: Settings) -> Person:
    settings.HAIDANG_HOME = tmp_path
    codes = {
        name
        for _code, _title, tasks in demo_tasks.PAPERS
        for owner, helpers, *_rest in tasks
        for name in (owner, *helpers)
    }
    for code in ("ubnd-tinh", *sorted(codes)):
        office = Office.objects.create(code=code, name=code, short_name=code, is_demo=True)
        made = Person.objects.create(email=f"{code}@tay-ninh.example", name=code, office=office, is_demo=True)
        Grant.objects.create(person=made, role="officer", office=office)
    found = Person.objects.get(email="ubnd-tinh@tay-ninh.example")
    found.grants.update(role="leader", office=None)
    Person.objects.filter(pk=found.pk).update(title="Phó Chủ tịch UBND tỉnh")
    return found


def test_two_papers_are_given_and_worked_on_through_the_same_decisions(leader: Person) -> None:
    try:
        clock.set_source(MONDAY.timestamp)
        demo_tasks.work()
        demo_tasks.work()
        assert Conclusion.objects.filter(is_demo=True).count() == len(demo_tasks.PAPERS)
        assert all(paper.sha256 for paper in Conclusion.objects.all())
        visited = Order.objects.get(conclusion__code="318/TB-UBND", number=2)
        guest = Person.objects.create(email="khach@example.vn", username="khach@example.vn", name="Khách")
        order_actions.report(order=visited, by=guest, text="đang xem")
        for minute in range(1, 8):
            clock.set_source((MONDAY + timedelta(minutes=minute)).timestamp)
            demo_tasks.work()
    finally:
        clock.set_source(None)
    states = {
        (code[:3], number): state
        for code, number, state in Order.objects.values_list("conclusion__code", "number", "state")
    }
    assert states == {
        ("312", 1): "received", ("312", 2): "done", ("312", 3): "issued",
        ("318", 1): "issued", ("318", 2): "issued", ("318", 3): "received",
    }  # fmt: skip
    assert Order.objects.get(conclusion__code="318/TB-UBND", number=3).extensions.get().state == "asked"
