"""From an alarm of a published figure to an incident, an order, and back."""

from __future__ import annotations

from datetime import UTC, datetime

from haidang.engine.alarms.conftest import Centre, browser, judge
from haidang.engine.alarms.conftest import centre as centre  # noqa: PLC0414 - the province of the stage before
from haidang.engine.incidents import actions as incidents
from haidang.engine.incidents import chain, order_actions
from haidang.engine.indicators.conftest import places as places  # noqa: PLC0414


def test_from_an_alarm_of_a_place_to_an_order_and_back_to_the_file(centre: Centre) -> None:
    centre.publish("2026-W47", {centre.places.north: 24})
    judge()
    incident = incidents.open_from_alarm(alarm=centre.alarm(), by=centre.operator)
    assert (incident.place_id, incident.lat, incident.office) == (centre.places.north, 11.31, centre.office)
    assert centre.alarm().state == "acked"
    order = order_actions.issue_order(
        incident=incident, by=centre.operator, office=centre.office, text="Điều tra ổ dịch",
        deadline_at=datetime(2026, 11, 27, tzinfo=UTC),
    )  # fmt: skip
    assert browser(centre.operator).get(incident.get_absolute_url()).status_code == 200
    assert browser(centre.operator).get(order.get_absolute_url()).status_code == 200
    steps = chain.walk("order", str(order.pk))
    assert [one.what for one in steps] == ["order", "incident", "alarm", "judgement", "figure"]
    assert steps[-1].text == "số liệu health.dengue_communes commune north tuần 47/2026"
