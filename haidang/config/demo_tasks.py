"""A simulated leader gives tasks by two conclusions, people of the offices go some of the way with them, and one office
is being connected.

Through the same decisions as anybody: entered by the leader, received, told of and reported done by officers, verified by
the leader. What a visitor enters or does is left alone, and the last steps are left for visitors.
"""

from __future__ import annotations

import io
from datetime import date, timedelta

import typst
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from haidang.config.demo_staff import log
from haidang.engine import clock
from haidang.engine.incidents import conclusion_actions, days, order_actions, order_extending
from haidang.engine.incidents.models import Conclusion, Order
from haidang.engine.jobs.schedule import every
from haidang.engine.onboarding import actions as onboarding
from haidang.engine.onboarding.models import Connection
from haidang.engine.people.models import Office, Person, Role
from haidang.engine.store.models import Source
from haidang.engine.submissions.shelf import shelf

# code, title, and each task: (office, helpers, what, working days, whether proof is asked for)
Task = tuple[str, tuple[str, ...], str, int, bool]
PAPERS: tuple[tuple[str, str, tuple[Task, ...]], ...] = (
    (
        "312/TB-UBND",
        "Kết luận phiên họp thường kỳ về tình hình kinh tế – xã hội",
        (
            ("so-tai-chinh", ("thue-tinh",), "Rà soát nguồn thu nội địa còn thiếu so dự toán, đề xuất giải pháp từng khoản.", 5, False),
            ("thue-tinh", ("so-tai-chinh",), "Đối chiếu số thu của 96 xã, phường với Sở Tài chính, báo cáo chênh lệch.", 3, False),
            ("so-gddt", (), "Báo cáo số học sinh bỏ học học kỳ I theo từng xã, nêu nguyên nhân.", 10, True),
        ),
    ),
    (
        "318/TB-UBND",
        "Kết luận cuộc họp về phòng, chống sốt xuất huyết",
        (
            ("so-y-te", ("cdc-tinh", "so-nnmt"), "Trình phương án diệt lăng quăng tại các xã vượt ngưỡng dịch.", 0, False),
            ("cdc-tinh", ("so-y-te",), "Giám sát véc tơ 12 điểm nóng, gửi kết quả kèm ảnh hiện trường.", 4, True),
            ("so-nnmt", (), "Thu gom rác phế thải chứa nước đọng quanh các khu nhà trọ.", 7, True),
        ),
    ),
)  # fmt: skip
SIGNER = "Trần Quốc Bảo"
# After how long which task goes which step: (paper, number of the task) → minutes after it was given.
RECEIVED = {(0, 1): 1, (0, 2): 1, (1, 2): 1, (1, 3): 2}
TOLD = {(0, 1): (3, "đã có số của 7 trong 9 khoản thu"), (1, 2): (3, "đã xong 5 điểm")}
DONE = {(0, 2): (4, "Hai khoản lệch, đã gửi bảng chi tiết.")}
MORE_TIME = {(1, 3): (3, "Xe cuốn ép đang sửa, xin thêm một tuần.")}


CONNECTED = "so-y-te"


@every("* * * * *", "demo.tasks")
def work() -> None:
    connect()
    give()


def connect() -> None:
    """One office is being connected: its test delivery is left for visitors."""
    admin = Person.objects.filter(is_demo=True, grants__role=Role.ADMINISTRATOR).order_by("pk").first()
    mine = Source.objects.filter(office__code=CONNECTED, office__is_demo=True, address__in=shelf().sources)
    source = mine.select_related("office").order_by("address").first()
    if admin is None or source is None or source.office is None or Connection.objects.exists():
        return
    onboarding.ask(source=source, office=source.office, by=admin, reference="1482/SYT-VP")


def give() -> None:
    """The leader's papers, and what has become of them since."""
    leader = Person.objects.filter(is_demo=True, title="Phó Chủ tịch UBND tỉnh").first()
    office = Office.objects.filter(code="ubnd-tinh", is_demo=True).first()
    if leader is None or office is None:
        return
    for number, (code, title, tasks) in enumerate(PAPERS):
        paper = Conclusion.objects.filter(code=code, is_demo=True).first()
        if paper is None:
            paper = _enter(code, title, tasks, leader, office)
        for order in _untouched(paper):
            _go_on(order, (number, order.number))


def _enter(code: str, title: str, tasks: tuple[Task, ...], leader: Person, office: Office) -> Conclusion:
    now = clock.now()
    offices = {one.code: one for one in Office.objects.filter(is_demo=True)}
    given = [
        {
            "office": offices[owner],
            "helpers": [offices[name] for name in helpers],
            "text": text,
            "deadline_at": days.end_of(days.day_after(now, term) if term else clock.local(now).date()),
            "needs_proof": proof,
        }
        for owner, helpers, text, term, proof in tasks
    ]
    today = clock.local(now).date()
    return conclusion_actions.register(
        by=leader, code=code, dated_on=today, signer=SIGNER, title=title, office=office, tasks=given,
        file=io.BytesIO(_pdf(code, title, [task[2] for task in tasks], today)),
        file_name=f"{code.replace('/', '-')}.pdf", is_demo=True,
    )  # fmt: skip


def _pdf(code: str, title: str, tasks: list[str], day: date) -> bytes:
    """A paper that says on its face what it is."""
    lines = "\n".join(f"+ {text}" for text in tasks)
    source = f'#set text(lang: "vi")\n= DỮ LIỆU MÔ PHỎNG\nSố {code}, ngày {day:%d/%m/%Y}\n\n*{title}*\n\n{lines}\n\n{SIGNER}\n'
    made: bytes = typst.compile(source.encode())
    return made


def _untouched(paper: Conclusion) -> QuerySet[Order]:
    """Orders nobody but the simulation has written to."""
    strangers = paper.entries.filter(person__is_demo=False).values("order")
    return paper.orders.exclude(pk__in=strangers).select_related("office", "conclusion").order_by("number")


def _go_on(order: Order, place: tuple[int, int]) -> None:
    """The next step of this task, when its time has come."""
    who = (
        Person.objects.filter(is_demo=True, office=order.office, grants__role=Role.OFFICER)
        .order_by("pk")
        .first()
    )
    if who is None or order.done_at:
        return
    since = (clock.now() - order.issued_at) / timedelta(minutes=1)
    try:
        if order.received_at is None:
            if since >= RECEIVED.get(place, float("inf")):
                order_actions.receive(order=order, by=who)
            return
        if place in TOLD and since >= TOLD[place][0] and not order.entries.filter(kind="field").exists():
            order_actions.report(order=order, by=who, text=TOLD[place][1])
        if place in MORE_TIME and since >= MORE_TIME[place][0] and not order.extensions.exists():
            later = days.end_of(order.due_on + timedelta(days=7))
            order_extending.ask(order=order, by=who, until_at=later, reason=MORE_TIME[place][1])
        if place in DONE and since >= DONE[place][0]:
            order_actions.finish(order=order, by=who, note=DONE[place][1])
    except ValidationError as error:
        # A visitor was quicker: people look at it.
        log.warning("%s is left as it is: %s", order.code, "; ".join(error.messages))
