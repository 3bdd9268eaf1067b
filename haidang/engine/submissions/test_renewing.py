"""A period published after a file was judged adds its warning, until somebody has decided on the file."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from haidang.engine.audit.models import Act
from haidang.engine.submissions import actions, desk, renewing, withdrawing
from haidang.engine.submissions.conftest import Cast, Publish, sample
from haidang.engine.submissions.models import Cell, Submission
from haidang.engine.submissions.test_published import told
from haidang.engine.submissions.test_views import browser, read

RETAIL = 15


@pytest.fixture
def placed(publish: Publish) -> Publish:
    """The office has its province: published is what its approved files say."""
    return publish


def of_september(retail: float) -> bytes:
    """The file of September: what October repeats of it, but this of retail."""
    book, out = load_workbook(io.BytesIO(sample())), io.BytesIO()
    sheet = book.active
    for cell in ("B2", "E5", "F5", "G5"):
        words = sheet[cell].value
        sheet[cell] = words.replace("áng 9", "áng 8").replace("áng 10", "áng 9").replace("10 th", "9 th")
    for row in range(6, sheet.max_row + 1):
        sheet[f"F{row}"] = sheet[f"E{row}"].value
        for column in "EGHI":
            sheet[f"{column}{row}"] = None
    sheet[f"F{RETAIL}"].value = retail
    book.save(out)
    return out.getvalue()


def published(cast: Cast, retail: float) -> Submission:
    made = cast.take(of_september(retail), period="2026-09", name="thang-9.xlsx")
    assert (made.state, made.faults) == ("draft", 0), list(
        Cell.objects.filter(submission=made, level=2).values("row", "column", "remarks")
    )
    for cell in actions.unexplained(made):
        actions.explain(submission=made, cell=cell, text="đúng như vậy", by=cast.clerk)
    actions.sign(submission=made, by=cast.clerk)
    actions.approve(submission=made, by=cast.head)
    actions.publish(submission=made, by=cast.head)
    return made


def fresh(made: Submission) -> Submission:
    return Submission.objects.get(pk=made.pk)


def test_a_draft_gets_the_warning_and_says_since_when(cast: Cast, placed: Publish) -> None:
    october = cast.take(sample())
    assert told(october) == {}
    before = october.warnings
    september = published(cast, 17786.8)
    assert renewing.renew_all() == 1
    assert "nhưng số đã công bố là 17.786,8 tỷ đồng" in told(october)["E15"]
    now = fresh(october)
    assert (now.warnings, now.state) == (before + len(told(october)), "draft")
    assert now.renewed_at == fresh(september).published_at
    assert renewing.renew_all() == 0, "said once"
    page = read(browser(cast.clerk).get(f"/so-lieu/{october.pk}/"))
    assert f"{len(told(october))} ô cảnh báo thêm từ" in page
    assert "Cảnh báo có từ" in page
    assert Act.objects.filter(verb="sheet.compare_again", object_id=str(october.pk)).count() == 1


def test_a_warning_that_a_correction_removes_is_taken_back(cast: Cast, placed: Publish) -> None:
    published(cast, 17786.8)
    october = cast.take(sample(H19=104.7))
    assert "E15" in told(october)
    published(cast, 17896.8)
    assert renewing.renew_all() == 0
    assert told(october) == {}
    agreed = Cell.objects.get(submission=october, row=RETAIL, column=4)
    assert ([code for _, code, _ in agreed.remarks], agreed.level) == (["stated_agrees"], 0)


def test_who_approves_sees_it_first(cast: Cast, placed: Publish) -> None:
    october = cast.take(sample())
    actions.sign(submission=october, by=cast.clerk)
    published(cast, 17786.8)
    with pytest.raises(ValidationError, match="vừa được công bố"):
        actions.approve(submission=october, by=cast.head)
    head, home = browser(cast.head), f"/so-lieu/{october.pk}/"
    head.post(f"{home}cong-bo/")
    assert fresh(october).state == "submitted"
    page = read(head.get(home))
    assert "ô cảnh báo thêm sau khi ký" in page
    assert "nhưng số đã công bố là 17.786,8 tỷ đồng" in page
    head.post(f"{home}cong-bo/")
    assert fresh(october).state == "published", "it was seen, and is the approver's to decide"
    published(cast, 17896.8)
    assert renewing.renew_all() == 0, "what is decided stays as it was decided"


def test_what_was_explained_before_a_warning_came_does_not_explain_it(cast: Cast, placed: Publish) -> None:
    published(cast, 17786.8)
    october = cast.take(sample())
    for cell in actions.unexplained(october):
        actions.explain(submission=october, cell=cell, text="tháng 9 đang đính chính", by=cast.clerk)
    published(cast, 17700.8)
    with pytest.raises(ValidationError, match="chưa giải trình"):
        actions.sign(submission=october, by=cast.clerk)
    renewing.renew_all()
    left = actions.unexplained(october)
    assert {(cell.row, cell.column) for cell in left} >= {(RETAIL, 4)}
    (row,) = [one for one in desk.own_rows(cast.clerk) if one.newest == october]
    assert row.unexplained == len(left)
    for cell in left:
        actions.explain(submission=october, cell=cell, text="tháng 9 đính chính lần hai", by=cast.clerk)
    actions.sign(submission=october, by=cast.clerk)


def test_a_version_turned_to_again_is_compared_again(cast: Cast, placed: Publish) -> None:
    october = cast.take(sample())
    withdrawing.withdraw(submission=october, why="gửi nhầm tệp", by=cast.clerk)
    published(cast, 17786.8)
    assert renewing.renew_all() == 0
    withdrawing.use_again(submission=october, by=cast.clerk)
    with pytest.raises(ValidationError, match="chưa giải trình"):
        actions.sign(submission=october, by=cast.clerk)
    assert renewing.renew_all() == 1
    assert "E15" in told(october)
