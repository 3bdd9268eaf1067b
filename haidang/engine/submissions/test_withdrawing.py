"""Which version a period stands at: a file nobody can use buries none, and its sender takes one back or turns to one before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.submissions import actions, desk, withdrawing
from haidang.engine.submissions.conftest import PERIOD, Cast, sample
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.shelf import ways
from haidang.engine.submissions.test_views import FAULTY, browser, read

BROKEN = b"PK\x03\x04 no archive"


def standing(made: Submission) -> Submission:
    return Submission.objects.filter(contract=made.contract, period=made.period).standing().get()


def test_a_later_file_that_cannot_be_read_leaves_the_draft_standing_and_both_are_seen(cast: Cast) -> None:
    good, broken = cast.take(sample()), cast.take(BROKEN)
    assert (good.state, broken.state, broken.number) == ("draft", "unreadable", 2)
    assert standing(good) == good
    (row,) = [one for one in desk.own_rows(cast.clerk) if one.period.code == PERIOD]
    assert (row.newest, row.kind, row.unread) == (good, "open", broken)
    clerk = browser(cast.clerk)
    assert f'href="/so-lieu/{broken.pk}/"' in read(clerk.get("/so-lieu/"))
    page = read(clerk.get(f"/so-lieu/{good.pk}/"))
    assert f'action="/so-lieu/{good.pk}/ky-gui/"' in page
    assert "Bản 2 gửi sau không đọc được" in page
    assert f'href="/so-lieu/{broken.pk}/"' in page
    other = read(clerk.get(f"/so-lieu/{broken.pk}/"))
    assert "bản 1 vẫn dùng được" in other
    clerk.post(f"/so-lieu/{good.pk}/ky-gui/")
    browser(cast.head).post(f"/so-lieu/{good.pk}/duyet/")
    good.refresh_from_db()
    assert (good.state, good.signed_by, good.approved_by) == ("approved", cast.clerk, cast.head)


def test_a_file_that_cannot_be_read_stands_where_there_is_no_other(cast: Cast) -> None:
    first, second = cast.take(BROKEN), cast.take(BROKEN + b" at all")
    assert standing(first) == second
    (row,) = [one for one in desk.own_rows(cast.clerk) if one.period.code == PERIOD]
    assert (row.newest, row.kind, row.unread) == (second, "wrong", None)


def test_a_draft_is_taken_back_by_its_office_with_a_reason_and_kept(cast: Cast) -> None:
    first, second = cast.take(sample()), cast.take(sample(**FAULTY))
    clerk, home = browser(cast.clerk), f"/so-lieu/{second.pk}/"
    refused = clerk.post(f"{home}rut/", {"why": "ab"})
    assert refused.status_code == 422
    assert refused.content.decode().count("ít nhất 5 chữ") == 2, "above the page, and at the field"
    assert browser(cast.stranger).post(f"{home}rut/", {"why": "không phải của mình"}).status_code == 404
    assert browser(cast.head).post(f"{home}rut/", {"why": "chỉ duyệt, không gửi"}).status_code == 403
    assert clerk.post(f"{home}rut/", {"why": "gửi nhầm tệp của quý"})["Location"] == home
    second.refresh_from_db()
    assert (second.state, second.withdrawn_by, second.withdrawn_why) == (
        "withdrawn",
        cast.clerk,
        "gửi nhầm tệp của quý",
    )
    assert second.judged.exists(), "taken back, not deleted"
    told = Act.objects.get(verb="sheet.withdraw", object_id=str(second.pk))
    assert (told.detail["note"], told.detail["number"]) == ("gửi nhầm tệp của quý", 2)
    assert standing(first) == first
    page = read(clerk.get(home))
    assert "gửi nhầm tệp của quý" in page
    assert "Ký gửi</button>" not in page
    assert "Dùng lại bản này" in page
    assert "Bản nháp gửi sau" not in page, "there is none"
    with pytest.raises(ValidationError):
        actions.sign(submission=second, by=cast.clerk)


def test_what_is_signed_is_not_taken_back(cast: Cast) -> None:
    made = cast.take(sample())
    actions.sign(submission=made, by=cast.clerk)
    with pytest.raises(ValidationError, match="đã ký gửi"):
        withdrawing.withdraw(submission=made, why="gửi nhầm tệp", by=cast.clerk)
    with pytest.raises(PermissionDenied):
        withdrawing.withdraw(submission=made, why="gửi nhầm tệp", by=cast.stranger)


def test_what_is_taken_back_is_not_taken_back_again_and_keeps_its_reason(cast: Cast) -> None:
    made = cast.take(sample())
    withdrawing.withdraw(submission=made, why="gửi nhầm tệp của quý", by=cast.clerk)
    answer = browser(cast.clerk).post(f"/so-lieu/{made.pk}/rut/", {"why": "bấm hai lần"})
    assert answer.status_code == 422
    made.refresh_from_db()
    assert made.withdrawn_why == "gửi nhầm tệp của quý"


def test_what_was_approved_is_not_published_over_a_newer_version(cast: Cast) -> None:
    first = cast.take(sample())
    actions.approve(submission=actions.sign(submission=first, by=cast.clerk), by=cast.head)
    second = cast.take(sample(F21=500))
    with pytest.raises(ValidationError, match="số 2"):
        actions.publish(submission=first, by=cast.head)
    withdrawing.withdraw(submission=second, why="gửi nhầm tệp", by=cast.clerk)
    with pytest.raises(ValidationError, match="của tỉnh nào"):  # further than the newer version
        actions.publish(submission=first, by=cast.head)


def test_looking_back_a_period_stands_at_what_had_come_by_then(cast: Cast) -> None:
    def at(day: int) -> datetime:
        moment = datetime(2026, 11, day, 3, tzinfo=UTC)
        clock.set_source(moment.timestamp)
        return moment

    def then(moment: datetime | None) -> tuple[Submission | None, str, bool]:
        (row,) = [
            one for one in desk.standings(ways(cast.clerk), None, then=moment) if one.period.code == PERIOD
        ]
        return row.newest, row.kind, row.is_done

    try:
        at(10)
        first = cast.take(sample())
        draft = at(12)
        at(14)
        second = cast.take(sample(F21=500))
        both = at(16)
        at(18)
        withdrawing.withdraw(submission=second, why="gửi nhầm tệp", by=cast.clerk)
        back = at(19)
        at(20)
        actions.sign(submission=first, by=cast.clerk)
        at(22)
        third = cast.take(sample(F21=600))
        at(24)
        assert then(draft) == (first, "open", False)
        assert then(both) == (second, "open", False)
        assert then(back) == (first, "open", False)
        assert then(datetime(2026, 11, 21, tzinfo=UTC)) == (first, "ontime", True)
        assert then(None) == (third, "ontime", False)
    finally:
        clock.set_source(None)


def test_with_all_taken_back_the_period_is_owed_as_if_nothing_had_come(cast: Cast) -> None:
    made = cast.take(sample())
    withdrawing.withdraw(submission=made, why="gửi nhầm tệp", by=cast.clerk)
    (row,) = [one for one in desk.own_rows(cast.clerk) if one.period.code == PERIOD]
    assert (row.kind, row.is_done, row.action) == ("silent", False, "Gửi tệp")
    assert row.action_url == row.hand_in_url
    again = cast.take(sample())
    assert (again.number, again.state) == (2, "draft"), "the same file may come again"


def test_an_earlier_delivery_is_turned_to_again_and_the_later_drafts_are_taken_back(cast: Cast) -> None:
    first, second, third = cast.take(sample()), cast.take(sample(**FAULTY)), cast.take(BROKEN)
    clerk, home = browser(cast.clerk), f"/so-lieu/{first.pk}/"
    page = read(clerk.get(home))
    assert f'action="{home}dung-lai/"' in page
    assert "Bản nháp gửi sau sẽ được rút" in page
    assert f'action="{home}dung-lai/"' not in read(browser(cast.head).get(home))
    assert browser(cast.stranger).post(f"{home}dung-lai/").status_code == 404
    assert browser(cast.head).post(f"{home}dung-lai/").status_code == 403
    assert clerk.post(f"{home}dung-lai/")["Location"] == home
    states = dict(Submission.objects.values_list("number", "state"))
    assert states == {1: "draft", 2: "withdrawn", 3: "unreadable"}
    second.refresh_from_db()
    assert (second.withdrawn_by, second.withdrawn_why) == (cast.clerk, "Dùng lại bản số 1.")
    verbs = set(
        Act.objects.filter(object_id__in=(str(first.pk), str(second.pk))).values_list("verb", flat=True)
    )
    assert verbs == {"sheet.use_again", "sheet.withdraw"}
    assert standing(third) == first
    actions.sign(submission=first, by=cast.clerk)


def test_a_draft_that_was_taken_back_can_be_turned_to_again(cast: Cast) -> None:
    first, second = cast.take(sample()), cast.take(sample(F21=500))
    for one in (second, first):
        withdrawing.withdraw(submission=one, why="gửi nhầm tệp", by=cast.clerk)
    back = withdrawing.use_again(submission=second, by=cast.clerk)
    assert (back.state, back.withdrawn_by, standing(first)) == ("draft", None, second)
    assert Act.objects.filter(verb="sheet.withdraw").count() == 2, "the log keeps that it was taken back"


def test_nothing_before_a_signed_or_unread_version_is_turned_to(cast: Cast) -> None:
    first, second, broken = cast.take(sample()), cast.take(sample(F21=500, H21=None)), cast.take(BROKEN)
    with pytest.raises(ValidationError, match="đang dùng"):
        withdrawing.use_again(submission=second, by=cast.clerk)
    actions.sign(submission=second, by=cast.clerk)
    with pytest.raises(ValidationError, match="số 2"):
        withdrawing.use_again(submission=first, by=cast.clerk)
    with pytest.raises(ValidationError, match="không đọc được"):
        withdrawing.use_again(submission=broken, by=cast.clerk)
    with pytest.raises(PermissionDenied):
        withdrawing.use_again(submission=first, by=cast.stranger)
