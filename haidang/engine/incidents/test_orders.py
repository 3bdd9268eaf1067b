"""From issue to verified close, and every way off it."""

import hashlib
import io
import struct
import zlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from PIL import Image

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.audit.models import Act
from haidang.engine.incidents import actions, order_actions
from haidang.engine.incidents.chain import chain, walk
from haidang.engine.incidents.conftest import Cast, photo
from haidang.engine.incidents.models import Entry, Incident, Order, Step
from haidang.engine.incidents.proof import LARGEST, path_of, plain_name
from haidang.engine.notify.models import Change


def test_an_incident_from_an_alarm_has_a_code_a_procedure_and_acknowledges_it(cast: Cast) -> None:
    day = clock.local(clock.now())
    assert cast.incident.code == f"SV-{day:%m%d}-01"
    alarm = Alarm.objects.get()
    assert (alarm.acknowledged_by, alarm.incident_code) == (cast.operator, cast.incident.code)
    assert cast.incident.steps.count() == 6
    assert cast.incident.place_text == "Trạm An Tịnh"
    second = actions.open_incident(by=cast.operator, title="Người dân báo khói", priority=3)
    assert second.code.endswith("-02")


def test_an_incident_of_the_same_day_a_year_later_has_a_code_of_its_own(cast: Cast) -> None:
    day = clock.local(clock.now())
    later = day.replace(year=day.year + 1, day=min(day.day, 28))
    clock.set_source(later.timestamp)
    try:
        first = actions.open_incident(by=cast.operator, title="Mưa lớn", priority=3)
        clock.set_source(later.replace(year=later.year + 1).timestamp)
        second = actions.open_incident(by=cast.operator, title="Mưa lớn nữa", priority=3)
    finally:
        clock.set_source(None)
    assert first.code in {f"SV-{later:%m%d}-01", f"SV-{later:%y%m%d}-01"}
    assert second.code == f"SV-{later.year % 100 + 1}{later:%m%d}-01"


def test_an_order_goes_from_issue_over_proof_to_verified_close(cast: Cast) -> None:
    order = cast.order(needs="số đo hai chất\nảnh máy đo")
    assert (order.code, order.needed) == ("01/1", ["số đo hai chất", "ảnh máy đo"])
    order_actions.receive(order=order, by=cast.officer)
    order_actions.arrive(order=order, by=cast.officer)
    proof = order_actions.add_proof(order=order, by=cast.officer, file=photo(), name="IMG_1.jpg")
    order_actions.finish(order=order, by=cast.officer, note="PM2.5 310")
    order = order_actions.verify(order=order, by=cast.operator)
    assert order.state == Order.State.VERIFIED
    kinds = list(order.entries.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["order", "receipt", "field", "proof", "field", "verified"]
    assert proof.sha256 in order.entries.get(kind="proof").reference
    verbs = set(Act.objects.filter(object_type="incidents.order").values_list("verb", flat=True))
    assert {"order.issue", "order.receive", "order.prove", "order.finish", "order.verify"} <= verbs
    assert Change.objects.filter(topic="orders", object_id=str(order.pk)).exists()


def test_closing_an_order_needs_proof(cast: Cast) -> None:
    order = cast.order()
    order_actions.receive(order=order, by=cast.officer)
    with pytest.raises(ValidationError, match="minh chứng"):
        order_actions.finish(order=order, by=cast.officer)


def test_nobody_verifies_his_own_work(cast: Cast) -> None:
    order = cast.order(needs_proof=False)
    order_actions.finish(order=order, by=cast.operator)
    with pytest.raises(ValidationError, match="không tự nghiệm thu"):
        order_actions.verify(order=order, by=cast.operator)
    assert order_actions.verify(order=order, by=cast.chief).state == "verified"


def test_receiving_twice_is_once(cast: Cast) -> None:
    order = cast.order()
    first = order_actions.receive(order=order, by=cast.officer)
    again = order_actions.receive(order=order, by=cast.crew)
    assert (again.received_by, again.received_at) == (cast.officer, first.received_at)
    assert order.entries.filter(kind="receipt").count() == 1


def test_arriving_twice_is_once_and_a_report_moves_no_receipt(cast: Cast) -> None:
    order = cast.order(needs_proof=False)
    order_actions.report(order=order, by=cast.officer, text="đang chờ xe")
    order.refresh_from_db()
    assert (order.state, order.received_at, order.arrived_at) == ("issued", None, None)
    first = order_actions.arrive(order=order, by=cast.officer)
    assert order_actions.arrive(order=order, by=cast.crew).arrived_at == first.arrived_at
    order_actions.finish(order=order, by=cast.officer)
    order_actions.report(order=order, by=cast.officer, text="còn người ở lại trông")
    assert order_actions.arrive(order=order, by=cast.crew).state == "done"
    said = [entry.text for entry in order.entries.order_by("pk")]
    assert [text for text in said if "đã tới nơi" in text] == ["01/1 đã tới nơi, bắt đầu làm"]
    assert said[-1] == "01/1 còn người ở lại trông"
    with pytest.raises(ValidationError, match="không được để trống"):
        order_actions.report(order=order, by=cast.officer, text=" ")


def test_a_deadline_of_another_day_says_its_day(cast: Cast) -> None:
    due = clock.now() + timedelta(days=2)
    order = cast.order(deadline_at=due)
    assert order.entries.get().text.endswith(f"hạn {clock.local(due):%H:%M %d/%m/%Y}")


def test_what_is_refused_goes_with_its_reason_to_another_office(cast: Cast) -> None:
    order = cast.order()
    with pytest.raises(ValidationError, match="lý do"):
        order_actions.refuse(order=order, by=cast.officer, reason=" ")
    order_actions.refuse(order=order, by=cast.officer, reason="máy đo đang sửa")
    later = clock.now() + timedelta(hours=1)
    again = order_actions.reissue(order=order, by=cast.operator, office=cast.health, deadline_at=later)
    order.refresh_from_db()
    assert (order.state, again.reissue_of, again.text, again.number) == ("reissued", order, order.text, 2)
    assert order.entries.latest("pk").text == "01/1 giao lại cho Sở Y tế thành 01/2"
    assert Act.objects.filter(verb="order.reissue", object_id=str(order.pk)).exists()
    assert Change.objects.filter(topic="orders", object_id=str(order.pk)).count() == 3
    with pytest.raises(ValidationError, match="đã giao lại"):
        order_actions.receive(order=order, by=cast.officer)


def test_proof_that_does_not_show_it_sends_the_order_back(cast: Cast) -> None:
    order = cast.order(needs_proof=False)
    order_actions.finish(order=order, by=cast.officer)
    back = order_actions.send_back(order=order, by=cast.operator, reason="ảnh mờ")
    assert (back.state, back.done_at) == ("received", None)


def test_an_order_nobody_receives_is_reminded_of_and_then_climbs(cast: Cast) -> None:
    order = cast.order()
    for expected in ("nhắc lần 1", "nhắc lần 2", "lên tuyến UBND tỉnh"):
        Order.objects.filter(pk=order.pk).update(receipt_due_at=clock.now() - timedelta(seconds=1))
        assert order_actions.remind_overdue() == 1
        assert expected in order.entries.order_by("-pk")[0].text
    assert order_actions.remind_overdue() == 0


def test_an_incident_closes_only_when_its_orders_and_steps_are_done(cast: Cast) -> None:
    order = cast.order(needs_proof=False)
    with pytest.raises(ValidationError, match=r"1 lệnh.*4 bước"):
        actions.close_incident(incident=cast.incident, by=cast.operator, note="xong")
    order_actions.cancel(order=order, by=cast.operator, reason="giao nhầm")
    for step in cast.incident.steps.all():
        actions.take_step(step=step, by=cast.operator, skip=step.number > 1, note="đã hết khói")
    with pytest.raises(ValidationError, match="kết quả"):
        actions.close_incident(incident=cast.incident, by=cast.operator, note=" ")
    Alarm.objects.update(returned_at=clock.now())
    assert actions.close_incident(incident=cast.incident, by=cast.operator, note="đã dập").closed_at
    with pytest.raises(ValidationError, match="đã đóng"):
        cast.order()


def test_nobody_closes_over_a_standing_alarm_unasked_and_that_alarm_is_free_again(cast: Cast) -> None:
    for step in cast.incident.steps.all():
        actions.take_step(step=step, by=cast.operator, skip=True, note="diễn tập")
    end = {"incident": cast.incident, "by": cast.operator, "note": "đã dập"}
    with pytest.raises(ValidationError, match="Còn 1 báo động chưa hết"):
        actions.close_incident(**end)
    with pytest.raises(ValidationError, match="lý do đóng"):
        actions.close_incident(**end, is_standing=True, why_standing=" ")
    actions.close_incident(**end, is_standing=True, why_standing="đầu đo hỏng, đang thay")
    assert "1 báo động chưa hết: đầu đo hỏng" in cast.incident.entries.get(kind="closed").text
    alarm = Alarm.objects.get()
    assert (alarm.incident_code, alarm.closed_at) == ("", None)
    assert Change.objects.filter(topic="alarms", object_id=str(alarm.pk)).exists()
    # Free: it opens the next incident, and the first one keeps it in its history.
    second = actions.open_from_alarm(alarm=alarm, by=cast.operator)
    assert second != cast.incident
    assert [list(one.alarms.all()) for one in (cast.incident, second)] == [[alarm], [alarm]]
    with pytest.raises(ValidationError, match="thuộc một sự việc khác"):
        actions.join_alarm(incident=actions.open_incident(by=cast.operator, title="Khói", priority=3),
                           alarm=alarm, by=cast.operator)  # fmt: skip


def test_an_alarm_that_is_over_stays_with_its_incident(cast: Cast) -> None:
    now = clock.now()
    Alarm.objects.update(returned_at=now, closed_at=now)
    cast.incident.steps.all().delete()
    actions.close_incident(incident=cast.incident, by=cast.operator, note="đã dập")
    alarm = Alarm.objects.get()
    assert alarm.incident_code == cast.incident.code
    assert actions.handled_by(alarm) == cast.incident


def test_skipping_a_step_needs_a_reason_and_a_step_is_written_once(cast: Cast) -> None:
    step = cast.incident.steps.get(number=1)
    with pytest.raises(ValidationError, match="lý do"):
        actions.take_step(step=step, by=cast.operator, skip=True)
    actions.take_step(step=step, by=cast.operator)
    with pytest.raises(ValidationError, match="đã được ghi"):
        actions.take_step(step=step, by=cast.operator)
    assert Step.objects.get(pk=step.pk).state == "done"


def test_a_step_that_asks_for_something_is_done_by_a_note_or_by_the_proof_of_an_order(cast: Cast) -> None:
    first, second = cast.incident.steps.filter(number__in=(3, 4))
    with pytest.raises(ValidationError, match="cần: biên nhận"):
        actions.take_step(step=first, by=cast.operator, note=" ")
    actions.take_step(step=first, by=cast.operator, note="biên nhận 12/BN")
    order = cast.order()
    with pytest.raises(ValidationError, match="chưa có minh chứng"):
        actions.take_step(step=second, by=cast.operator, order=order)
    order_actions.add_proof(order=order, by=cast.officer, file=photo(), name="a.jpg")
    actions.take_step(step=second, by=cast.operator, order=order)
    assert Step.objects.get(pk=second.pk).shown_by == order
    assert cast.incident.entries.latest("pk").reference == "01/1"


def test_a_step_ticked_by_mistake_is_taken_back_and_both_lines_stay(cast: Cast) -> None:
    step = cast.incident.steps.get(number=1)
    with pytest.raises(ValidationError, match="không có gì để hoàn tác"):
        actions.undo_step(step=step, by=cast.operator)
    actions.take_step(step=step, by=cast.operator, note="gọi 114")
    actions.undo_step(step=step, by=cast.chief)
    step.refresh_from_db()
    assert (step.state, step.at, step.by, step.note) == ("todo", None, None, "")
    assert [e.text.rpartition(": ")[2] for e in cast.incident.entries.order_by("-pk")[:2]] == [
        "hoàn tác",
        "xong – gọi 114",
    ]


def test_no_step_is_taken_in_a_closed_incident(cast: Cast) -> None:
    step = cast.incident.steps.get(number=1)
    Incident.objects.update(closed_at=clock.now())
    for act in (actions.take_step, actions.undo_step):
        with pytest.raises(ValidationError, match="đã đóng"):
            act(step=step, by=cast.operator)


def test_a_decision_says_who_decided(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="người quyết định"):
        actions.note(incident=cast.incident, by=cast.operator, text="Tạm dừng học", is_decision=True)
    entry = actions.note(
        incident=cast.incident,
        by=cast.operator,
        text="Tạm dừng học",
        is_decision=True,
        decided_by="PCT Lê Lãnh",
    )
    assert entry.decided_by == "PCT Lê Lãnh"
    assert actions.pin(entry=entry, by=cast.operator)
    assert not actions.pin(entry=entry, by=cast.operator)


@pytest.mark.parametrize("sql", ["UPDATE incidents_entry SET text = 'khác'", "DELETE FROM incidents_entry"])
def test_the_database_refuses_to_change_the_timeline(cast: Cast, sql: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Entry.objects.count() == before


# --- proof ------------------------------------------------------------------------------------------------
def test_the_original_is_kept_and_the_served_copy_tells_nothing_of_the_phone(cast: Cast) -> None:
    sent = photo(width=3000, height=2000)
    data = sent.getvalue()
    proof = order_actions.add_proof(order=cast.order(), by=cast.officer, file=sent, name="../../IMG 1.jpg")
    assert (proof.name, proof.sha256) == ("IMG 1.jpg", hashlib.sha256(data).hexdigest())
    assert path_of(proof.sha256).read_bytes() == data
    with Image.open(path_of(proof.served_sha256)) as served:
        assert not served.getexif()
        assert max(served.size) == 1600
    with Image.open(io.BytesIO(data)) as original:
        assert original.getexif()


def _swollen_png() -> bytes:
    """A small PNG whose text chunk inflates to two megabytes."""
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    data = out.getvalue()
    body = b"zTXt" + b"Comment\0\0" + zlib.compress(b"a" * 2_000_000)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + chunk + data[33:]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "rỗng"),
        (_swollen_png(), "Không phải ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "Không phải ảnh"),
        (b"MZ\x90\x00" + b"\0" * 200, "Không phải ảnh"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "Không phải ảnh"),
        (b"%PDF-" + b"0" * LARGEST, "15 MB"),
    ],
    ids=["empty", "swollen-png", "svg", "program", "broken-jpeg", "too-large"],
)
def test_what_is_not_a_photo_or_pdf_is_refused_with_a_reason(cast: Cast, data: bytes, word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        order_actions.add_proof(order=cast.order(), by=cast.officer, file=io.BytesIO(data), name="x.jpg")


def test_the_same_file_twice_is_one_proof(cast: Cast) -> None:
    order = cast.order()
    first = order_actions.add_proof(order=order, by=cast.officer, file=photo(), name="a.jpg")
    assert order_actions.add_proof(order=order, by=cast.officer, file=photo(), name="b.jpg") == first


def test_a_name_is_only_shown_and_never_a_path() -> None:
    assert plain_name("..\\..\\a/b\x00\n.jpg") == "b.jpg"
    assert plain_name("/") == "khong-ten"


# --- who sees what ----------------------------------------------------------------------------------------
def test_an_office_sees_its_own_orders_and_the_incidents_they_belong_to(cast: Cast) -> None:
    order = cast.order()
    for person in (cast.officer, cast.crew, cast.operator, cast.chief):
        assert list(Order.objects.for_user(person)) == [order]
        assert list(Incident.objects.for_user(person)) == [cast.incident]
    assert not Order.objects.for_user(cast.stranger).exists()
    assert not Incident.objects.for_user(cast.stranger).exists()


def test_the_chain_leads_from_an_order_to_the_reading(cast: Cast) -> None:
    assert [step.what for step in chain(cast.order())] == ["order", "incident", "alarm", "judgement"]


def test_the_chain_leads_on_from_an_incident_and_an_alarm_to_orders_and_proof(cast: Cast) -> None:
    order = cast.order()
    order_actions.receive(order=order, by=cast.officer)
    proof = order_actions.add_proof(order=order, by=cast.officer, file=photo(), name="IMG_1.jpg")
    order_actions.finish(order=order, by=cast.officer, note="PM2.5 310")
    order_actions.verify(order=order, by=cast.chief)
    again = cast.order(text="Đo lại")
    on_order = [(1, "order", str(order.pk)), (2, "proof", str(proof.pk)), (1, "order", str(again.pk))]
    alarm = Alarm.objects.get()

    steps = walk("incident", cast.incident.code)
    assert [(step.depth, step.what, step.id) for step in steps] == [
        (0, "incident", cast.incident.code), (1, "alarm", str(alarm.pk)), (2, "judgement", alarm.rule), *on_order,
    ]  # fmt: skip
    assert walk("incident", str(cast.incident.pk)) == steps
    for said in ("nhận ", "(Trần Thị Bình)", "báo xong ", "nghiệm thu ", "(Đặng Minh Trực)"):
        assert said in steps[3].text
    assert proof.sha256[:12] in steps[4].text

    steps = walk("alarm", str(alarm.pk))
    assert [(step.depth, step.what, step.id) for step in steps] == [
        (0, "alarm", str(alarm.pk)), (1, "judgement", alarm.rule), (1, "incident", cast.incident.code),
        *((depth + 1, what, name) for depth, what, name in on_order),
    ]  # fmt: skip
    # Back from one order the other orders of its incident are no part of the way.
    steps = walk("order", str(order.pk))
    assert [(step.depth, step.what) for step in steps] == [
        (0, "order"), (1, "proof"), (1, "incident"), (2, "alarm"), (3, "judgement"),
    ]  # fmt: skip


def test_the_chain_says_when_a_proof_is_not_what_was_sent(cast: Cast) -> None:
    order = cast.order()
    order_actions.receive(order=order, by=cast.officer)
    proof = order_actions.add_proof(order=order, by=cast.officer, file=photo(), name="IMG_1.jpg")

    def shown() -> tuple[str, str]:
        step = next(one for one in chain(order) if one.what == "proof")
        return step.facts["file"], step.text

    assert shown()[0] == "whole"
    assert "TỆP" not in shown()[1]
    path_of(proof.sha256).write_bytes(b"another picture")
    assert shown()[0] == "changed"
    assert "KHÔNG CÒN NHƯ LÚC GỬI" in shown()[1]
    path_of(proof.sha256).unlink()
    assert shown()[0] == "missing"
    assert "TỆP KHÔNG CÒN" in shown()[1]
