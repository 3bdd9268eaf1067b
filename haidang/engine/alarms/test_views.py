"""Pages of alarms keep what was typed, and show an alarm that no series raised."""

import pytest
from django.test import Client

from haidang.engine import clock
from haidang.engine.alarms.conftest import Desk, add_person
from haidang.engine.alarms.models import Alarm
from haidang.engine.people.models import Person


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("gac", {"shelve-reason": "thay đầu đo", "shelve-minutes": "7"}),
        ("gac", {"shelve-reason": " ", "shelve-minutes": "60"}),
        ("ghi-chu", {"text": "  "}),
        ("ngung-dung", {"service-reason": ""}),
    ],
)
def test_a_form_that_does_not_hold_comes_back_with_what_was_typed(
    desk: Desk, act: str, typed: dict[str, str]
) -> None:
    desk.hear(desk.judge("raise"))
    chief = add_person("truc@tayninh.example", "Đặng Minh Trực", "duty_chief")
    url = desk.open().get_absolute_url()
    answer = as_(chief).post(f"{url}{act}/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Lỗi: " in page
    assert 'id="form-errors"' in page
    assert f'data-page="{url}"' in page
    assert all(f'value="{text}"' in page for text in typed.values() if len(text) > 3)


def test_the_page_of_an_alarm_without_a_series_opens(desk: Desk) -> None:
    """A station that fell silent: judged from nothing, so there is no latest value."""
    alarm = Alarm.objects.create(
        rule="environment.station_silent", rule_sha256="", domain="environment", subject="asset:1", priority=3,
        asset=desk.station, title_vi="Trạm im lặng", at=clock.now(), raised_at=clock.now(),
    )  # fmt: skip
    assert as_(desk.operator).get(alarm.get_absolute_url()).status_code == 200
