"""From an alarm of a published figure to an incident, an order, and back."""

from __future__ import annotations

from datetime import UTC, datetime

from haidang.engine import clock
from haidang.engine.alarms.conftest import Centre, add_person, browser, judge
from haidang.engine.alarms.conftest import centre as centre  # noqa: PLC0414 - the province of the stage before
from haidang.engine.alarms.models import Alarm
from haidang.engine.alarms.of_delivery import alarms_of
from haidang.engine.incidents import actions as incidents
from haidang.engine.incidents import chain, order_actions
from haidang.engine.incidents.chart import incident_maps
from haidang.engine.incidents.contacts import contacts
from haidang.engine.indicators.conftest import places as places  # noqa: PLC0414
from haidang.engine.people.models import Office
from haidang.engine.places import register
from haidang.engine.places.models import Place
from haidang.engine.store.models import Delivery


def test_from_an_alarm_of_a_place_to_an_order_and_back_to_the_file(centre: Centre) -> None:
    made = centre.publish("2026-W47", {centre.places.north: 24})
    judge()
    of_file = Delivery(pk=made.delivery_id, received_at=made.received_at)
    assert centre.alarm() in alarms_of(of_file, made.ordinal)
    assert not alarms_of(of_file, made.ordinal + 1)
    incident = incidents.open_from_alarm(alarm=centre.alarm(), by=centre.operator)
    assert (incident.place_id, incident.lat, incident.office) == (centre.places.north, 11.31, centre.office)
    assert centre.alarm().state == "acked"
    order = order_actions.issue_order(
        incident=incident, by=centre.operator, office=centre.office, text="Điều tra ổ dịch",
        deadline_at=datetime(2026, 11, 27, tzinfo=UTC),
    )  # fmt: skip
    assert browser(centre.operator).get(incident.get_absolute_url()).status_code == 200
    assert browser(centre.operator).get(order.get_absolute_url()).status_code == 200
    assert [step.who_vi for step in incident.steps.all()][:2] == ["trực ban", "CDC tỉnh"]
    assert ("Trung tâm KSBT", "gửi số liệu") in [
        (one.name, one.role) for one in contacts(incident, [order], centre.operator)
    ]
    steps = chain.walk("order", str(order.pk))
    assert [one.what for one in steps] == ["order", "incident", "alarm", "judgement", "figure"]
    assert steps[-1].text == "số liệu health.dengue_communes commune north tuần 47/2026"


def test_an_office_that_keeps_a_station_is_not_said_to_send_the_figure_of_another(centre: Centre) -> None:
    centre.publish("2026-W47", {centre.places.north: 24})
    judge()
    incident = incidents.open_from_alarm(alarm=centre.alarm(), by=centre.operator)
    incident.office = Office.objects.create(code="tram", name="Trung tâm Quan trắc", short_name="Quan trắc")
    incident.save()
    roles = {one.name: one.role for one in contacts(incident, [], centre.operator)}
    assert roles["Trung tâm Quan trắc"] == "quản lý trạm"


def test_an_incident_of_the_whole_province_is_drawn_on_all_of_it(register_once: None, db: None) -> None:
    register.ensure_loaded()
    province = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
    operator = add_person("an@tayninh.example", "Nguyễn Văn An", "operator")
    alarm = Alarm.objects.create(
        rule="health.dengue_epidemic", rule_sha256="0" * 64, domain="health", subject=f"place:{province.pk}", place=province,
        priority=2, title_vi="Sốt xuất huyết vượt ngưỡng dịch", value=390, limit=220.6, unit="ca", period="2026-W47",
        at=clock.now(), raised_at=clock.now(),
    )  # fmt: skip
    incident = incidents.open_from_alarm(alarm=alarm, by=operator)
    drawn = incident_maps(incident, "Cao")
    assert drawn is not None
    assert {name: len(one.cells) for name, one in drawn.items()} == dict.fromkeys(
        ("desk", "small", "hand"), 96
    )
    assert len({one.id for one in drawn.values()}) == 3, "they stand on one page"
