"""A file that came without a period: its office says it, and the version is judged as if it had come with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from procrastinate.contrib.django.models import ProcrastinateJob

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.submissions import actions, desk, intake, judging, periods_owed, stating
from haidang.engine.submissions.conftest import PERIOD, Cast, sample
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.shelf import ways
from haidang.engine.submissions.test_views import browser, read

WHY = "trong tệp ghi tháng 10"


def nameless(cast: Cast, body: bytes | None = None) -> Submission:
    return cast.take(body or sample(), period="", name="bao-cao.xlsx")


def judged(row: Submission) -> list[tuple[object, ...]]:
    cells = row.judged.order_by("sheet", "row", "column")
    return list(cells.values_list("sheet", "row", "column", "raw", "fate", "value", "unit", "field", "level"))


def test_from_the_desk_to_a_draft_that_can_be_signed(cast: Cast) -> None:
    found, clerk = nameless(cast), browser(cast.clerk)
    came = (found.delivery_id, found.sha256, found.received_at)
    desk_page = read(clerk.get("/so-lieu/"))
    assert f'href="/so-lieu/{found.pk}/#ky"' in desk_page
    assert f'action="/so-lieu/{found.pk}/ky/"' in read(clerk.get(f"/so-lieu/{found.pk}/"))
    assert "/ky/" not in read(browser(cast.head).get(f"/so-lieu/{found.pk}/")), "decides, hands nothing in"

    typed = clerk.post(f"/so-lieu/{found.pk}/ky/", {"period": "", "why": "x"})
    assert typed.status_code == 422
    ProcrastinateJob.objects.all().delete()
    answer = clerk.post(f"/so-lieu/{found.pk}/ky/", {"period": PERIOD, "why": WHY})
    assert answer.headers["Location"] == f"/so-lieu/{found.pk}/"
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.lock, job.priority) == ("submissions.judge", "submissions.judge", 10)
    assert job.args == {"waiting": found.pk}

    found = judging.judge(Submission.objects.get(pk=found.pk))
    assert (found.state, found.period, found.number, found.faults) == ("draft", PERIOD, 1, 0)
    assert (found.delivery_id, found.sha256, found.received_at) == came
    assert Submission.objects.count() == 1
    act = Act.objects.get(verb="sheet.state_period")
    assert (act.person, act.detail["note"], act.detail["period"]) == (cast.clerk, WHY, PERIOD)
    page = read(clerk.get(f"/so-lieu/{found.pk}/"))
    assert "Clerk chọn kỳ cho tệp này" in page
    assert WHY in page
    assert f'action="/so-lieu/{found.pk}/ky/"' not in page
    assert "Chưa rõ kỳ" not in read(clerk.get("/so-lieu/"))
    actions.sign(submission=found, by=cast.clerk)


def test_it_is_judged_as_the_same_file_handed_in_for_that_period(cast: Cast) -> None:
    body = sample()
    said = nameless(cast, body)
    stating.state_period(submission=said, period=PERIOD, why=WHY, by=cast.clerk)
    said = judging.judge(said)
    cast.take(sample(F9=1.5))  # the office sent another one since: the first may come again
    again = cast.take(body)
    assert (said.number, again.number) == (1, 3)
    assert judged(said) == judged(again)
    assert (said.faults, said.warnings, said.lines) == (again.faults, again.warnings, again.lines)


def test_it_stands_behind_what_its_period_has_and_looking_back_only_from_then_on(
    cast: Cast, request: pytest.FixtureRequest
) -> None:
    def at(day: int) -> datetime:
        moment = datetime(2026, 11, day, 3, tzinfo=UTC)
        clock.set_source(moment.timestamp)
        return moment

    request.addfinalizer(lambda: clock.set_source(None))
    at(10)
    before, said = cast.take(sample(F9=2602.5)), nameless(cast)
    then = at(12)
    at(14)
    made = stating.state_period(submission=said, period=PERIOD, why=WHY, by=cast.clerk)
    judging.judge(made)
    now = at(16)
    assert made.number == 2
    of_it = Submission.objects.filter(period=PERIOD)
    assert of_it.standing().get() == of_it.standing(now).get() == made
    assert of_it.standing(then).get() == before
    for asked, found in ((None, made), (then, before)):
        rows = desk.standings(ways(cast.clerk), None, then=asked)
        assert [row.newest for row in rows if row.period.code == PERIOD] == [found]


def test_there_is_no_second_of_the_same_file(cast: Cast, request: pytest.FixtureRequest) -> None:
    def on(month: int, day: int) -> None:
        clock.set_source(datetime(2026, month, day, 12, tzinfo=clock.LOCAL).timestamp)

    request.addfinalizer(lambda: clock.set_source(None))
    on(10, 20)
    body = sample()
    there, said = cast.take(body), nameless(cast, body)
    with pytest.raises(ValidationError, match=rf"đã có đúng tệp này \(bản số {there.number}\)"):
        stating.state_period(submission=said, period=PERIOD, why=WHY, by=cast.clerk)
    said.refresh_from_db()
    assert (said.period, said.state) == ("", "unreadable")
    stating.state_period(submission=said, period="2026-09", why=WHY, by=cast.clerk)
    with pytest.raises(AssertionError, match="the same file again"):
        nameless(cast, body)  # as a machine sends it every day
    on(10, 31)
    with pytest.raises(AssertionError, match="the same file again"):
        nameless(cast, body)
    on(11, 1)
    anew = nameless(cast, body)
    assert stating.is_asked(anew), "it may be meant for October"
    with pytest.raises(AssertionError, match="the same file again"):
        nameless(cast, body)


@pytest.mark.parametrize(
    ("code", "next_one"),
    [("2026-12", "2027-01"), ("2026-Q4", "2027-Q1"), ("2026", "2027"), ("2026-W53", "2027-W01")],
)
def test_a_period_is_followed_by_the_next_of_its_kind(code: str, next_one: str) -> None:
    assert periods_owed.following(Period.parse(code)).code == next_one


def test_what_waits_to_be_judged_is_asked_for_nothing_yet(cast: Cast) -> None:
    found, clerk = nameless(cast), browser(cast.clerk)
    Submission.objects.update(state="received", reason="")
    part = read(clerk.get("/so-lieu/")).partition('id="h-unplaced"')[2].partition("</section>")[0]
    assert f'href="/so-lieu/{found.pk}/"' in part
    assert "#ky" not in part
    assert "Chọn kỳ và gửi" not in part


def test_who_may_not_hand_in_and_what_has_a_period_are_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, broken = nameless(cast), cast.take(b"PK\x03\x04 no archive")
    for person in (cast.stranger, cast.head):
        with pytest.raises(PermissionDenied):
            stating.state_period(submission=said, period=PERIOD, why=WHY, by=person)
    refused = (
        (broken, PERIOD, WHY, "không thiếu kỳ"),
        (said, PERIOD, "vì", "ít nhất 5 chữ cái"),
        (said, "2026-Q4", WHY, "không có kỳ 2026-Q4"),
    )
    for row, period, why, words in refused:
        with pytest.raises(ValidationError, match=words):
            stating.state_period(submission=row, period=period, why=why, by=cast.clerk)
    # Another file of the period took the number meanwhile.
    monkeypatch.setattr(intake, "number_after", lambda *_: broken.number)
    with pytest.raises(ValidationError, match="vừa vào cùng lúc"):
        stating.state_period(submission=said, period=PERIOD, why=WHY, by=cast.clerk)
    assert set(Submission.objects.values_list("state", flat=True)) == {"unreadable"}
    assert not Act.objects.filter(verb="sheet.state_period").exists()
