"""What a screen shows ends where the grants of whoever looks end: in panes, counts and on the wall too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from haidang.engine import clock
from haidang.engine.alarms.actions import take_out_of_service
from haidang.engine.alarms.counts import counts
from haidang.engine.alarms.models import OutOfService
from haidang.engine.assets.models import Asset
from haidang.engine.boards.counts import open_numbers
from haidang.engine.boards.feed import log_lines, source_health
from haidang.engine.boards.walls.cells import late_orders
from haidang.engine.incidents import actions, order_actions
from haidang.engine.incidents.conftest import Cast, add_person
from haidang.engine.incidents.conftest import cast as cast  # noqa: PLC0414 - the cast of the stage before
from haidang.engine.incidents.models import Order
from haidang.engine.people.models import Grant, Person
from haidang.engine.store.models import Source


def _as(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def told(cast: Cast) -> Cast:
    """Two offices with an order each, one refused, and a decision of the desk."""
    cast.order(text="Đo nhanh")
    order_actions.refuse(
        order=cast.order(text="Chuẩn bị giường", office=cast.health), by=cast.stranger, reason="hết giường"
    )
    actions.note(
        incident=cast.incident,
        by=cast.operator,
        text="Sơ tán khu 3",
        is_decision=True,
        decided_by="Phó Chủ tịch",
    )
    return cast


def test_the_log_shows_an_office_only_what_its_incident_page_shows_it(told: Cast) -> None:
    others = ("Chuẩn bị giường", "hết giường", "Sơ tán khu 3")
    for who, hidden in ((told.officer, True), (told.operator, False)):
        said = " ".join(line.text for line in log_lines(who, clock.now(), 60))
        page = _as(who).get(f"/su-viec/{told.incident.pk}/").content.decode()
        panes = [
            _as(who).get(url, follow=True).content.decode()
            for url in ("/", "/bang/environment.overview/o/?pane=log")
        ]
        assert "Đo nhanh" in said
        for text in others:
            assert [text in where for where in (said, page)] == [not hidden] * 2, text
            assert not (hidden and any(text in pane for pane in panes)), text


def test_a_desk_of_one_domain_that_is_also_an_office_reads_the_others_incidents_as_an_office(
    told: Cast,
) -> None:
    Grant.objects.create(person=told.officer, role="operator", domain="health")
    said = " ".join(line.text for line in log_lines(told.officer, clock.now(), 60))
    assert ("Đo nhanh" in said, "hết giường" in said) == (True, False)


def test_the_wall_counts_only_orders_of_the_domain_one_may_see(cast: Cast) -> None:
    cast.order(deadline_at=clock.now() + timedelta(seconds=1))
    Order.objects.update(
        issued_at=clock.now() - timedelta(hours=2), deadline_at=clock.now() - timedelta(hours=1)
    )
    elsewhere = add_person("x@tayninh.example", "Phạm Thị Xa", "analyst")
    elsewhere.grants.update(domain="health")
    assert late_orders(cast.operator, clock.now(), 5)[0] == 1
    assert late_orders(elsewhere, clock.now(), 5) == (0, [])


def test_sources_of_another_office_are_neither_listed_nor_counted(cast: Cast) -> None:
    for address, office in (("environment.a", cast.commune), ("environment.b", cast.health)):
        Source.objects.create(
            address=address, domain="environment", title=f"Nguồn {address}", every_s=300, silent_after_s=600,
            office=office, last_received_at=clock.now() - timedelta(days=1),
        )  # fmt: skip
    now = clock.now()
    desk, own = (source_health(who, now, None, 9) for who in (cast.operator, cast.officer))
    assert desk is not None
    assert own is not None
    assert [late.row.address for late in desk.late] == ["environment.a", "environment.b"]
    assert [late.row.address for late in own.late] == ["environment.a"]
    assert source_health(cast.crew, now, None, 9) is None
    assert open_numbers(cast.officer)["boards:sources"] == 1
    assert open_numbers(cast.operator)["boards:sources"] == 2
    pane = _as(cast.officer).get("/bang/environment.overview/o/?pane=sources").content.decode()
    assert "Nguồn environment.a" in pane
    assert "Nguồn environment.b" not in pane


def test_rules_out_of_service_are_shown_to_the_office_they_concern(cast: Cast) -> None:
    station = Asset.objects.get(code="KK-1")
    station.office = cast.commune
    station.save()
    for subject, reason in ((f"asset:{station.pk}", "thay đầu đo"), ("", "sai ngưỡng cả tỉnh")):
        take_out_of_service(rule="environment.pm25_high", subject=subject, by=cast.chief, reason=reason)

    def reasons(person: Person) -> set[str]:
        return {entry.reason for entry in OutOfService.objects.for_user(person)}

    both = {"thay đầu đo", "sai ngưỡng cả tỉnh"}
    assert (reasons(cast.operator), reasons(cast.officer), reasons(cast.stranger)) == (
        both,
        {"thay đầu đo"},
        set(),
    )
    desk_of_air = add_person("y@tayninh.example", "Phạm Thị Khí", "analyst")
    desk_of_air.grants.update(domain="environment")
    assert reasons(desk_of_air) == both
    assert [counts(who).out_of_service for who in (cast.operator, cast.officer, cast.stranger)] == [2, 1, 0]
    for who, offered in ((cast.operator, False), (cast.chief, True)):
        page = _as(who).get("/bao-dong/?state=out_of_service").content.decode()
        assert ("Dùng lại" in page, "thay đầu đo" in page) == (offered, True)
    assert "thay đầu đo" not in _as(cast.stranger).get("/bao-dong/?state=out_of_service").content.decode()
