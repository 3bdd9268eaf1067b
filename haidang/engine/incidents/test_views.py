"""Pages answer to rights, not to what a page happens to show."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.incidents import actions, order_actions
from haidang.engine.incidents.conftest import Cast, add_person, photo
from haidang.engine.incidents.models import Incident, Order
from haidang.engine.incidents.procedure import procedures
from haidang.engine.people.models import Grant, Person
from haidang.engine.rules.models import RuleState


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_another_offices_order_is_not_there(cast: Cast) -> None:
    order = cast.order()
    proof = order_actions.add_proof(order=order, by=cast.officer, file=photo(), name="a.jpg")
    client = as_(cast.stranger)
    urls = (f"/lenh/{order.pk}/", f"/lenh/{order.pk}/minh-chung/{proof.pk}/", f"/su-viec/{cast.incident.pk}/")
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]
    for act in ("nhan", "toi", "xong", "khong-lam-duoc", "minh-chung"):
        assert client.post(f"/lenh/{order.pk}/{act}/").status_code == 404
    assert order.text not in client.get("/lenh/").content.decode()
    assert client.get(f"/su-viec/ma/{cast.incident.code}/").status_code == 404


def test_an_officer_sees_of_an_incident_only_what_was_told_to_his_office(cast: Cast) -> None:
    cast.order(text="Đo nhanh")
    cast.order(text="Chuẩn bị giường", office=cast.health)
    page = as_(cast.officer).get(f"/su-viec/{cast.incident.pk}/").content.decode()
    assert "Đo nhanh" in page
    assert "Chuẩn bị giường" not in page
    assert "id_office" not in page
    desk = as_(cast.operator).get(f"/su-viec/{cast.incident.pk}/").content.decode()
    assert "Chuẩn bị giường" in desk
    assert "id_office" in desk


def test_the_office_that_does_it_may_not_verify_it_and_the_desk_may_not_receive_it(cast: Cast) -> None:
    order = cast.order(needs_proof=False)
    assert as_(cast.operator).post(f"/lenh/{order.pk}/nhan/").status_code == 403
    order_actions.finish(order=order, by=cast.officer)
    assert as_(cast.officer).post(f"/lenh/{order.pk}/nghiem-thu/").status_code == 403
    assert as_(cast.operator).post(f"/lenh/{order.pk}/nghiem-thu/").status_code == 302
    order.refresh_from_db()
    assert order.state == Order.State.VERIFIED


def test_an_operator_verifies_only_what_he_gave_or_commands_and_the_duty_chief_all(cast: Cast) -> None:
    order = cast.order(needs_proof=False)
    order_actions.finish(order=order, by=cast.officer)
    Incident.objects.update(commander=cast.chief)
    Order.objects.update(issued_by=cast.chief)
    assert as_(cast.operator).post(f"/lenh/{order.pk}/nghiem-thu/").status_code == 403
    assert as_(cast.chief).post(f"/lenh/{order.pk}/nghiem-thu/").status_code == 302


def test_proof_is_served_after_rights_typed_and_sandboxed(cast: Cast) -> None:
    order = cast.order()
    proof = order_actions.add_proof(order=order, by=cast.officer, file=photo(), name="a.jpg")
    answer = as_(cast.operator).get(f"/lenh/{order.pk}/minh-chung/{proof.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
    answer.close()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Client().get(f"/lenh/{order.pk}/minh-chung/{proof.pk}/").status_code == 302


def test_opening_from_the_same_alarm_twice_leads_to_the_same_incident(cast: Cast) -> None:
    alarm = cast.incident.alarms.get()
    answer = as_(cast.operator).post(f"/su-viec/mo-tu-bao-dong/{alarm.pk}/")
    assert answer["Location"] == cast.incident.get_absolute_url()
    assert Incident.objects.count() == 1


def test_an_incident_opened_by_hand_says_what_is_missing(cast: Cast) -> None:
    client = as_(cast.operator)
    answer = client.post("/su-viec/mo/", {"title": "", "priority": "2"})
    assert answer.status_code == 422
    assert "Lỗi:" in answer.content.decode()
    assert client.post("/su-viec/mo/", {"title": "Cây đổ", "priority": "3"}).status_code == 302
    assert Incident.objects.latest("pk").title == "Cây đổ"


def test_what_does_not_hold_is_said_on_the_page(cast: Cast) -> None:
    order = cast.order()
    client = as_(cast.officer)
    client.post(f"/lenh/{order.pk}/nhan/")
    answer = client.post(f"/lenh/{order.pk}/xong/", {"note": "đã dọn"})
    page = answer.content.decode()
    assert (answer.status_code, "cần minh chứng" in page) == (422, True)
    assert "<title>Lỗi: " in page


def test_an_open_alarm_nobody_handles_joins_an_incident(cast: Cast) -> None:
    loose = Alarm.objects.create(
        rule="environment.pm25_high", rule_sha256="", domain="environment", subject="asset:9", priority=2,
        title_vi="PM2.5 năm phút trên 150", at=clock.now(), raised_at=clock.now(),
    )  # fmt: skip
    client, url = as_(cast.operator), f"/su-viec/{cast.incident.pk}/"
    assert "gắn thêm báo động" in client.get(url).content.decode()
    assert client.post(f"{url}bao-dong/", {"alarm": loose.pk}).status_code == 302
    loose.refresh_from_db()
    assert (loose.incident_code, loose.acknowledged_by) == (cast.incident.code, cast.operator)
    again = client.post(f"{url}bao-dong/", {"alarm": loose.pk}).content.decode()
    assert "đã thuộc một sự việc khác" in again


def test_the_list_offers_opening_by_hand_and_counts_orders_in_a_few_queries(
    cast: Cast, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    cast.order()
    client = as_(cast.operator)
    page = client.get("/su-viec/").content.decode()
    assert "/su-viec/mo/" in page
    assert "/su-viec/mo/" not in as_(cast.officer).get("/su-viec/").content.decode()
    with django_assert_max_num_queries(25):
        client.get("/su-viec/")


def test_an_alarm_that_is_no_number_is_told_so(cast: Cast) -> None:
    answer = as_(cast.operator).post(f"/su-viec/{cast.incident.pk}/bao-dong/", {"alarm": "abc"})
    assert answer.status_code == 422
    assert "Báo động này không có" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_open_from_the_same_alarm_at_once_meet_in_one_incident(cast: Cast) -> None:
    alarm, answers = _loose_alarm(), []

    def press(person: Person) -> None:
        answers.append(as_(person).post(f"/su-viec/mo-tu-bao-dong/{alarm.pk}/"))
        connections.close_all()

    hands = [Thread(target=press, args=(person,)) for person in (cast.operator, cast.chief)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    opened = alarm.incidents.get()
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, opened.get_absolute_url())] * 2


@pytest.mark.parametrize(
    ("form", "act", "typed"),
    [
        ("giao-lenh", "giao-lenh/", {"text": "Đo nhanh dưới gió", "deadline": "hai giờ"}),
        ("ghi", "ghi/", {"text": " ", "decided_by": "PCT Lê Lãnh"}),
        ("chi-huy", "chi-huy/", {"commander": "0", "priority": "2"}),
        ("dong", "dong/", {"note": "đã dập tắt hẳn"}),
        ("buoc", "buoc/1/", {"skip": "on"}),
        ("quy-trinh", "quy-trinh/", {"procedure": "environment.nothing"}),
    ],
)
def test_a_form_that_does_not_hold_keeps_what_was_typed(
    cast: Cast, form: str, act: str, typed: dict[str, str]
) -> None:
    url = f"/su-viec/{cast.incident.pk}/"
    for header in ({}, {"HX-Request": "true"}):
        answer = as_(cast.operator).post(url + act, typed, headers=header)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "<title>Lỗi: " in page
        assert 'id="form-errors"' in page
        assert f'data-page="{url}"' in page
        kept = [
            text for name, text in typed.items() if name in ("text", "decided_by", "note") and text.strip()
        ]
        if (
            form != "dong"
        ):  # its form waits behind the steps that are not done; what was typed cannot be sent yet
            assert all(text in page for text in kept)


def test_a_step_that_is_not_needed_says_at_its_field_that_it_needs_a_reason(cast: Cast) -> None:
    page = as_(cast.operator).post(f"/su-viec/{cast.incident.pk}/buoc/1/", {"skip": "on"}).content.decode()
    assert 'aria-describedby="step-note-error"' in page
    assert page.count("Nêu lý do không cần làm bước này.") == 2


def test_a_step_is_taken_back_on_the_page(cast: Cast) -> None:
    client, url = as_(cast.operator), f"/su-viec/{cast.incident.pk}/"
    assert "hoan-tac" not in client.get(url).content.decode()
    client.post(f"{url}buoc/1/", {"note": "gọi 114"})
    assert f"{url}buoc/1/hoan-tac/" in client.get(url).content.decode()
    assert client.post(f"{url}buoc/1/hoan-tac/").status_code == 302
    assert cast.incident.steps.get(number=1).state == "todo"


def test_closing_over_a_standing_alarm_asks_for_a_tick_and_a_reason(cast: Cast) -> None:
    cast.incident.steps.all().delete()
    client, url = as_(cast.operator), f"/su-viec/{cast.incident.pk}/"
    assert "1 báo động chưa hết" in client.get(url).content.decode()
    answer = client.post(f"{url}dong/", {"note": "đã dập"})
    assert answer.status_code == 422
    assert "đã dập</textarea>" in answer.content.decode()
    sent = {"note": "đã dập", "is_standing": "on", "why_standing": "đầu đo hỏng"}
    assert client.post(f"{url}dong/", sent).status_code == 302
    alarm = Alarm.objects.get()
    page = client.get(alarm.get_absolute_url()).content.decode()
    assert "/mo-tu-bao-dong/" in page
    assert f"{cast.incident.code}</a> đã đóng" in page
    assert client.post(f"/su-viec/mo-tu-bao-dong/{alarm.pk}/")["Location"] != url


def test_an_alarm_that_is_back_within_its_limit_is_not_said_to_be_beyond_it(cast: Cast) -> None:
    """PM2.5 is far below the limit, and the alarm has not ended while the rule waits."""
    alarm, now = Alarm.objects.get(), clock.now()
    alarm.rule, alarm.held_by = "environment.pm25_high", ["series:7"]
    alarm.save()
    quiet, last = (round((now - timedelta(minutes=ago)).timestamp() * 1e6) for ago in (9, 4))
    tip = [last, 2, quiet - 60_000_000, quiet, quiet - 60_000_000, 171.0, 171.0]
    RuleState.objects.create(rule=alarm.rule, subject="series:7", track=[tip] * 3, announced=True)
    page = as_(cast.operator).get(f"/su-viec/{cast.incident.pk}/").content.decode()
    assert "vẫn vượt" not in page
    assert "đang vượt" not in page
    assert "đã về mức hết từ" in page
    assert "chờ đủ 15 phút" in page


def test_a_report_is_a_report_and_a_second_tap_on_arrival_says_nothing(cast: Cast) -> None:
    order, client = cast.order(), as_(cast.officer)
    assert client.post(f"/lenh/{order.pk}/tinh-hinh/", {"text": "đường ngập"}).status_code == 302
    order.refresh_from_db()
    assert (order.received_at, order.arrived_at) == (None, None)
    assert f"/lenh/{order.pk}/tinh-hinh/" in client.get(f"/lenh/{order.pk}/").content.decode()
    for _ in range(2):
        page = client.post(f"/lenh/{order.pk}/toi/", follow=True).content.decode()
        assert "Lỗi" not in page


def test_a_deadline_has_a_day_and_one_that_is_over_is_refused(cast: Cast) -> None:
    client, url = as_(cast.operator), f"/su-viec/{cast.incident.pk}/giao-lenh/"
    now = clock.local(clock.now())
    assert (
        f'value="{clock.local(now + timedelta(minutes=30)):%d/%m/%Y}"'
        in client.get(cast.incident.get_absolute_url()).content.decode()
    )
    sent = {"office": cast.commune.pk, "text": "Đo nhanh"}
    past = now - timedelta(minutes=1)
    answer = client.post(url, {**sent, "deadline": f"{past:%H:%M}", "deadline_day": f"{past:%d/%m/%Y}"})
    assert answer.status_code == 422
    assert f"Hạn {past:%H:%M %d/%m/%Y} đã qua" in answer.content.decode()
    due = (now + timedelta(days=3)).replace(hour=15, minute=0, second=0, microsecond=0)
    client.post(url, {**sent, "deadline": "15:00", "deadline_day": f"{due:%d/%m/%Y}"})
    order = Order.objects.get()
    assert order.deadline_at == due
    for page in (cast.incident.get_absolute_url(), order.get_absolute_url(), "/lenh/"):
        assert f"{due:%d/%m 15:00}" in client.get(page).content.decode()


def _loose_alarm() -> Alarm:
    return Alarm.objects.create(
        rule="environment.pm25_high", rule_sha256="", domain="environment", subject="asset:9", priority=2,
        title_vi="PM2.5 năm phút trên 150", at=clock.now(), raised_at=clock.now(),
    )  # fmt: skip


def test_opening_acknowledges_only_for_whoever_may_acknowledge(cast: Cast) -> None:
    alarm = _loose_alarm()
    leader = add_person("ld@tayninh.example", "Lê Văn Đạo", "leader")
    assert as_(leader).post(f"/su-viec/mo-tu-bao-dong/{alarm.pk}/").status_code == 302
    alarm.refresh_from_db()
    assert alarm.incident_code
    assert alarm.acknowledged_by is None


def test_rights_to_open_elsewhere_open_nothing_from_this_alarm(cast: Cast) -> None:
    alarm = _loose_alarm()
    for limit in ({"domain": "health"}, {"office": cast.commune}):
        sees = add_person(f"x{len(limit)}{next(iter(limit))}@tayninh.example", "Phạm Thị Xa", "analyst")
        Grant.objects.create(person=sees, role="operator", **limit)
        assert as_(sees).post(f"/su-viec/mo-tu-bao-dong/{alarm.pk}/").status_code == 403
    assert Incident.objects.count() == 1


def test_what_is_closed_is_not_changed(cast: Cast) -> None:
    Incident.objects.update(closed_at=clock.now())
    alarm = _loose_alarm()
    client, url = as_(cast.chief), f"/su-viec/{cast.incident.pk}/"
    client.post(f"{url}bao-dong/", {"alarm": alarm.pk})
    incident, by = Incident.objects.get(), cast.chief
    with pytest.raises(ValidationError, match="đã đóng"):
        actions.change_command(incident=incident, to=by, by=by)
    with pytest.raises(ValidationError, match="đã đóng"):
        actions.follow(incident=incident, procedure=next(iter(procedures().values())), by=by)
    alarm.refresh_from_db()
    assert (alarm.incident_code, alarm.acknowledged_by) == ("", None)


def test_steps_and_timeline_speak_the_readers_language_and_keep_what_was_typed(cast: Cast) -> None:
    order = cast.order(needs_proof=False)
    order_actions.refuse(order=order, by=cast.officer, reason="máy đo đang sửa")
    client = as_(cast.operator)
    client.cookies["django_language"] = "en"
    page = client.get(f"/su-viec/{cast.incident.pk}/").content.decode()
    assert "Confirm by neighbours and 114" in page
    assert "duty officer" in page
    assert "Smoke and toxic air · QT-MT-03 edition 1" in page
    assert '01/1 cannot be done: <span lang="vi">máy đo đang sửa</span>' in page
    client.cookies["django_language"] = "vi"
    assert (
        "01/1 không làm được: máy đo đang sửa" in client.get(f"/su-viec/{cast.incident.pk}/").content.decode()
    )


def test_where_no_order_was_given_only_whoever_may_is_led_to_giving_one(cast: Cast) -> None:
    url = f"/su-viec/{cast.incident.pk}/"
    led = re.compile(r'Chưa giao lệnh nào\..*?href="#id_office"', re.DOTALL)
    assert led.search(as_(cast.operator).get(url).content.decode())
    Incident.objects.update(closed_at=clock.now())
    closed = as_(cast.operator).get(url).content.decode()
    assert "Chưa giao lệnh nào." in closed
    assert not led.search(closed)


def test_in_english_an_order_has_a_recipient_and_nobody_who_acknowledged(cast: Cast) -> None:
    client = as_(cast.operator)
    client.cookies["django_language"] = "en"
    page = client.get(f"/su-viec/{cast.incident.pk}/").content.decode()
    form = page[page.index('id="giao-lenh"') :]
    assert "Recipient" in form
    assert "Acknowledged by" not in form
    assert "---------" not in form[: form.index("</form>")], "dashes name no choice"
