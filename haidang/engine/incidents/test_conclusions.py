"""A task of a conclusion is an order like any other: same way, same timeline, same proof; its term is in working days."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.incidents import actions, conclusion_actions, order_actions, order_extending
from haidang.engine.incidents.chain import chain, walk
from haidang.engine.incidents.conclusion_forms import due_at
from haidang.engine.incidents.conftest import Cast, add_person, photo
from haidang.engine.incidents.models import Conclusion, Entry, Incident, Order
from haidang.engine.notify.models import Change
from haidang.engine.people.models import Office, Person

PAPER = b"%PDF-1.7 ket luan"
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def monday() -> Iterator[None]:
    clock.set_source(MONDAY.timestamp)
    yield
    clock.set_source(None)


def enter(cast: Cast, **more: object) -> Conclusion:
    known = Person.objects.filter(email="lanh@tayninh.example").first()
    leader = more.pop("by", None) or known or add_person("lanh@tayninh.example", "Lê Thị Lãnh", "leader")
    tasks = [
        {"office": cast.commune, "text": "Dọn điểm rác sau chợ", "deadline_at": due_at("5"), "helpers": [cast.health]},
        {"office": cast.health, "text": "Báo cáo số ca sốt xuất huyết", "deadline_at": due_at("15/12/2026"), "needs_proof": False},
    ]  # fmt: skip
    about: dict = {
        "by": leader, "code": "215/TB-UBND", "dated_on": date(2026, 11, 27), "signer": "Trần Quốc Bảo",
        "title": "Kết luận phiên họp tháng 11", "office": Office.objects.get(code="ubnd"), "tasks": tasks,
        "file": io.BytesIO(PAPER), "file_name": "215-TB.pdf", **more,
    }  # fmt: skip
    return conclusion_actions.register(**about)


def test_a_paper_gives_several_orders_at_once_and_they_go_the_way_of_orders(cast: Cast, monday: None) -> None:
    paper = enter(cast)
    first, second = paper.orders.order_by("number")
    assert (first.code, second.code) == ("215/TB-UBND (1)", "215/TB-UBND (2)")
    assert (first.incident, first.is_by_day, list(first.helpers.all())) == (None, True, [cast.health])
    assert first.due_on == date(2026, 12, 7)  # five working days after a Monday
    order_actions.receive(order=first, by=cast.officer)
    order_actions.report(order=first, by=cast.officer, text="đã dọn một nửa")
    with pytest.raises(ValidationError, match="minh chứng"):
        order_actions.finish(order=first, by=cast.officer)
    order_actions.add_proof(order=first, by=cast.officer, file=photo(), name="a.jpg")
    order_actions.finish(order=first, by=cast.officer, note="sạch")
    assert order_actions.verify(order=first, by=paper.registered_by).state == "verified"
    kinds = list(first.entries.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["order", "receipt", "field", "proof", "field", "verified"]
    assert "phối hợp: Sở Y tế, hạn 07/12/2026" in first.entries.earliest("pk").text
    assert Act.objects.filter(verb="conclusion.register").exists()


def test_all_tasks_are_given_or_none_and_a_paper_is_entered_once(cast: Cast, monday: None) -> None:
    bad = [
        {"office": cast.commune, "text": "Dọn rác", "deadline_at": due_at("5")},
        {"office": cast.commune, "text": " ", "deadline_at": due_at("5")},
    ]
    with pytest.raises(ValidationError, match="việc phải làm"):
        enter(cast, tasks=bad)
    assert not Conclusion.objects.exists()
    leader = enter(cast).registered_by
    with pytest.raises(ValidationError, match="đã được ghi"):
        enter(cast, by=leader)
    with pytest.raises(ValidationError, match="ít nhất một việc"):
        enter(cast, by=leader, code="216/TB-UBND", tasks=[])


def test_nobody_gives_tasks_beyond_his_offices(cast: Cast, monday: None) -> None:
    head = add_person("giam-doc@tayninh.example", "Quách Minh Hiền", "leader", cast.health)
    with pytest.raises(PermissionDenied):
        enter(cast, by=head)
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("done", "days", "late"),
    [
        (datetime(2026, 12, 7, 23, 58, tzinfo=clock.LOCAL), 0, False),
        (datetime(2026, 12, 8, 8, 0, tzinfo=clock.LOCAL), 1, True),
        (datetime(2026, 12, 12, 8, 0, tzinfo=clock.LOCAL), 4, True),  # Saturday counts nothing
        (datetime(2026, 12, 14, 8, 0, tzinfo=clock.LOCAL), 5, True),
        (datetime(2027, 1, 4, 8, 0, tzinfo=clock.LOCAL), 19, True),  # New Year's Day counts nothing
    ],
)
def test_late_is_counted_in_working_days(
    cast: Cast, monday: None, done: datetime, days: float, late: bool
) -> None:
    order = enter(cast).orders.get(number=1)
    Order.objects.filter(pk=order.pk).update(done_at=done, state="done", done_by=cast.officer)
    order = Order.objects.get(pk=order.pk)
    assert (order.days_late, order.was_late) == (days, late)


def test_more_time_is_asked_with_a_reason_and_granted_by_another(cast: Cast, monday: None) -> None:
    order = enter(cast).orders.get(number=1)
    leader, first = order.issued_by, order.deadline_at
    later = first + timedelta(days=7)
    with pytest.raises(ValidationError, match="lý do"):
        order_extending.ask(order=order, by=cast.officer, until_at=later, reason=" ")
    with pytest.raises(ValidationError, match="sau hạn"):
        order_extending.ask(order=order, by=cast.officer, until_at=first, reason="mưa")
    asked = order_extending.ask(order=order, by=cast.officer, until_at=later, reason="mưa cả tuần")
    with pytest.raises(ValidationError, match="đang chờ"):
        order_extending.ask(order=order, by=cast.officer, until_at=later, reason="mưa")
    with pytest.raises(ValidationError, match="không tự cho mình"):
        order_extending.grant(extension=asked, by=cast.officer)
    order_extending.deny(extension=asked, by=leader, reason="dân chờ lâu rồi")
    order.refresh_from_db()
    assert order.deadline_at == first
    again = order_extending.ask(order=order, by=cast.officer, until_at=later, reason="xe hỏng")
    order_extending.grant(extension=again, by=leader)
    order.refresh_from_db()
    assert (order.deadline_at, order.first_deadline_at) == (later, first)
    said = list(order.entries.order_by("pk").values_list("text", flat=True))
    assert [text.partition(" (1) ")[2][:13] for text in said[1:]] == [
        "xin gia hạn đ", "không gia hạn", "xin gia hạn đ", "được gia hạn ",
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        order.extensions.filter(pk=again.pk).update(decided_by=cast.officer)


def test_an_office_sees_its_tasks_and_those_it_helps_with_and_no_others(cast: Cast, monday: None) -> None:
    paper = enter(cast)
    first, second = paper.orders.order_by("number")
    mine = {who: set(Order.objects.for_user(getattr(cast, who))) for who in ("officer", "stranger")}
    assert mine == {"officer": {first}, "stranger": {first, second}}
    assert list(Conclusion.objects.for_user(cast.officer)) == [paper]
    told = set(Entry.objects.for_user(cast.officer).filter(conclusion=paper).values_list("order", flat=True))
    assert told == {None, first.pk}
    assert not Order.objects.for_user(cast.stranger, "order.receive").filter(pk=first.pk).exists()
    other = Office.objects.create(code="so-xd", name="Sở Xây dựng", short_name="Sở XD")
    outsider = add_person("xd@tayninh.example", "Tô Văn Hưng", "officer", other)
    assert not Conclusion.objects.for_user(outsider).exists()
    assert not Entry.objects.for_user(outsider).filter(conclusion=paper).exists()


def test_a_helper_shows_what_was_done_but_does_not_report_it_done(cast: Cast, monday: None) -> None:
    order = enter(cast).orders.get(number=1)
    client = Client()
    client.force_login(cast.stranger)
    sent = client.post(f"/lenh/{order.pk}/minh-chung/", {"file": photo()})
    assert (sent.status_code, order.proofs.count()) == (302, 1)
    assert client.post(f"/lenh/{order.pk}/nhan/").status_code == 403
    assert client.post(f"/lenh/{order.pk}/xong/", {"note": ""}).status_code == 403


def test_the_chain_leads_from_the_order_to_the_paper_and_its_file(cast: Cast, monday: None) -> None:
    paper = enter(cast)
    steps = chain(paper.orders.get(number=1))
    assert [step.what for step in steps] == ["order", "document"]
    assert "215/TB-UBND ngày 27/11/2026" in steps[1].text
    assert paper.sha256[:12] in steps[1].text
    on = walk("document", "215/TB-UBND")
    assert [(step.depth, step.what) for step in on] == [(0, "document"), (1, "order"), (1, "order")]
    assert on[0].text == steps[1].text


def test_the_form_gives_several_tasks_and_keeps_what_was_typed_when_more_rows_are_wanted(
    cast: Cast, monday: None
) -> None:
    leader = add_person("lanh@tayninh.example", "Lê Thị Lãnh", "leader")
    client = Client()
    client.force_login(leader)
    Person.objects.filter(pk=leader.pk).update(last_login=MONDAY)
    asked = {
        "kind": "conclusion", "code": "99/KL-UBND", "dated_on": "27/11/2026", "signer": "Trần Quốc Bảo",
        "office": Office.objects.get(code="ubnd").pk, "domain": "", "title": "Kết luận",
        "viec-TOTAL_FORMS": "3", "viec-INITIAL_FORMS": "0",
        "viec-0-text": "Việc một", "viec-0-office": cast.commune.pk, "viec-0-due": "10", "viec-0-needs_proof": "on",
        "viec-1-text": "Việc hai", "viec-1-office": cast.health.pk, "viec-1-due": "15/12/2026",
        "viec-1-helpers": [cast.commune.pk], "viec-2-needs_proof": "on",
    }  # fmt: skip
    more = client.post("/giao-viec/moi/", asked | {"more": "1"})
    assert more.status_code == 200
    assert more.content.decode().count('<fieldset class="task-row"') == 6
    assert "Việc hai" in more.content.decode()
    for strange in ("9" * 5000, "²", ""):
        some = client.post("/giao-viec/moi/", asked | {"more": "1", "viec-TOTAL_FORMS": strange})
        assert some.status_code == 200, strange[:9]
    wrong = client.post("/giao-viec/moi/", asked | {"viec-1-due": "hôm nào rảnh"})
    assert wrong.status_code == 422
    assert "Hạn viết như 15/12/2026" in wrong.content.decode()
    assert not Conclusion.objects.exists()
    assert client.post("/giao-viec/moi/", asked).status_code == 302
    paper = Conclusion.objects.get()
    assert [one.text for one in paper.orders.order_by("number")] == ["Việc một", "Việc hai"]
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "còn 10 ngày làm việc" in page
    assert client.get(paper.orders.get(number=2).get_absolute_url()).status_code == 200
    assert client.get("/giao-viec/").status_code == 200
    assert client.get("/lenh/").status_code == 200


def test_a_pin_on_a_document_is_news_of_the_document(cast: Cast, monday: None) -> None:
    paper = enter(cast)
    entry = paper.entries.order_by("pk")[0]
    before = Change.objects.count()
    assert actions.pin(entry=entry, by=paper.registered_by)
    told = list(Change.objects.order_by("pk").values_list("topic", "object_id"))[before:]
    assert told == [("orders", f"document:{paper.pk}")]


def test_an_order_stands_on_one_thing_only(cast: Cast, monday: None) -> None:
    order = enter(cast).orders.get(number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(incident=Incident.objects.get())
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(conclusion=None)
