"""What the page of one version shows, gathered in a few queries, and what this person may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.sentences import said
from haidang.engine.paging import stretch
from haidang.engine.people.models import Person
from haidang.engine.people.rights import may
from haidang.engine.submissions import actions, comparing, forms, grid, stating, withdrawing
from haidang.engine.submissions import periods_owed as owed
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.shelf import shelf
from haidang.engine.submissions.strays import strays_of
from haidang.engine.submissions.wording import language, period_words

if TYPE_CHECKING:
    pass

State = Submission.State


@dataclass(frozen=True, slots=True)
class Rights:
    """What one person may do with one version, as it stands now."""

    submit: bool
    approve: bool
    own_signature: bool
    personal: bool

    @classmethod
    def of(cls, person: Person, row: Submission) -> Rights:
        where: dict[str, Any] = {"office": row.office, "domain": row.domain}
        submit, approve = may(person, "sheet.submit", **where), may(person, "sheet.approve", **where)
        return cls(
            submit=submit,
            approve=approve,
            own_signature=row.signed_by_id == person.pk,
            # Who keeps the file or answers for it has its bytes; everybody else needs the right to look.
            personal=submit or approve or may(person, "personal.see"),
        )


def version_page(
    row: Submission, person: Person, request: HttpRequest, *, clear: bool = False
) -> dict[str, Any]:
    """Everything of one version that this person may see."""
    contract = shelf().contracts.get(row.contract)
    rights = Rights.of(person, row)
    remarks = stretch(grid.remarks_of(row).select_related("submission"), request, grid.REMARKS, "nx")
    history = list(
        row.of_the_period().select_related("signed_by", "approved_by", "handed_in_by").order_by("-number")
    )
    unexplained = len(actions.unexplained(row)) if row.warnings else 0
    later_warned = grid.warned_later(row)
    standing = next((one for one in history if one.state not in Submission.NEVER_STANDS), history[0])
    is_newest = standing.pk == row.pk
    later = [one for one in history if one.number > row.number]
    edits = len(row.pending_edits())
    asks = rights.submit and stating.is_asked(row)
    may_edit = rights.submit and is_newest and row.state in (State.DRAFT, State.RETURNED)
    return {
        "row": row,
        "title": shelf().title(row.contract),
        "period_words": period_words(row.when),
        "due": owed.due_on(contract, row.when) if contract and row.when else None,
        "sums": grid.sums_of(row),
        "fates": FATES_WORDS,
        "grid": grid.grid_of(row, contract, request, clear=clear) if row.cells else None,
        "remarks": remarks,
        "remarked": grid.remarked(remarks.rows, row, contract, clear=clear),
        "unexplained": unexplained,
        "later_warned": later_warned,
        "explained": row.warnings - unexplained,
        "history": history,
        "is_newest": is_newest,
        "standing": standing,
        "unread": next((one for one in later if one.state == State.UNREADABLE), None) if is_newest else None,
        "may_withdraw": rights.submit and row.state in withdrawing.TAKEN_BACK,
        "may_state_period": asks,
        "may_use_again": rights.submit and not withdrawing.refused(row, later),
        "takes_back": any(one.state not in Submission.NEVER_STANDS for one in later),
        "edits": edits,
        "may_edit": may_edit,
        "why_unreadable": why_unreadable(row),
        # Before a file is judged there is nothing behind a mask.
        "has_personal": bool(row.cells)
        and (row.strays != [] or contract is None or contract.personal_data != "none"),
        "strays": strays_of(row.strays),
        "is_clear": clear,
        "rights": rights,
        "next": what_is_next(
            row, rights, unexplained, standing=standing, edits=edits, later_warned=len(later_warned)
        ),
        "forms": {
            "back": forms.SendBackForm(auto_id="back-%s"),
            "reveal": forms.RevealForm(),
            "withdraw": forms.WithdrawForm(auto_id="withdraw-%s"),
            "period": forms.PeriodForm(auto_id="period-%s", terms=contract) if contract and asks else None,
        },
        **_for_approver(row, contract, rights),
    }


def _for_approver(row: Submission, contract: SheetContract | None, rights: Rights) -> Mapping[str, Any]:
    """What changed, for whoever decides; the office sees it too, where the version was signed."""
    judged = row.state in (State.SUBMITTED, State.APPROVED)
    if contract is None or not (judged or rights.approve) or not row.cells:
        return {"last_version": None, "last_period": None}
    return {
        "last_version": comparing.against_last_version(row, contract),
        "last_period": comparing.against_last_period(row, contract),
    }


FATES_WORDS = {
    "value": gettext_lazy("số liệu"),
    "header": gettext_lazy("tiêu đề"),
    "label": gettext_lazy("nhãn"),
    "note": gettext_lazy("ghi chú"),
    "total": gettext_lazy("dòng tổng"),
    "ignored": gettext_lazy("không dùng"),
}


def why_unreadable(row: Submission) -> str:
    """Fault and remedy of a file that could not be read."""
    return said(row.reason, row.reason_args, language()) if row.state == State.UNREADABLE else ""


@dataclass(frozen=True, slots=True)
class Next:
    """The next act: `act` is sign, judge_again, approve, publish or empty; `words` say what is waited for or stands in its way."""

    act: str
    words: str


def what_is_next(
    row: Submission,
    rights: Rights,
    unexplained: int,
    *,
    standing: Submission,
    edits: int = 0,
    later_warned: int = 0,
) -> Next:
    """What this person can do with the version now, or why nothing; `standing`: the version the period stands at."""
    if row.state in Submission.NEVER_STANDS and standing.pk != row.pk:
        if standing.state in Submission.NEVER_STANDS:
            return Next("", _("Kỳ này chưa có bản nào dùng được."))
        return Next("", _("Kỳ này không dùng bản này: bản %(n)d vẫn dùng được.") % {"n": standing.number})
    if standing.pk != row.pk:
        return Next("", _("Đã có bản mới hơn của kỳ này: làm việc với bản đó."))
    if row.state in (State.DRAFT, State.RETURNED):
        if edits and rights.submit:
            return Next("judge_again", _("Đã sửa %(n)d ô trên lưới: chấm lại thành bản mới.") % {"n": edits})
        return _next_of_office(row, rights, unexplained)
    if row.state == State.SUBMITTED:
        if not rights.approve:
            return Next("", _("Đã ký gửi, chờ người duyệt."))
        if rights.own_signature:
            return Next("", _("Bạn đã ký gửi bản này: cần người khác duyệt."))
        if later_warned and unexplained:
            told = _("Đọc %(n)d ô cảnh báo thêm sau khi ký, rồi duyệt hoặc trả lại để cơ quan giải trình.")
            return Next("approve", told % {"n": later_warned})
        return Next("approve", _("Đọc thay đổi và giải trình, rồi duyệt hoặc trả lại."))
    if row.state == State.APPROVED:
        return Next("publish" if rights.approve else "", _("Đã duyệt, chờ công bố."))
    if rights.submit and stating.is_asked(row):
        return Next("", _("Chọn kỳ của tệp: tệp được chấm ngay, không phải gửi lại."))
    words = {
        State.RECEIVED: _("Đang chấm, thường mất vài giây."),
        State.UNREADABLE: _("Sửa tệp theo lý do bên dưới rồi gửi lại."),
        State.PUBLISHED: _("Số liệu của bản này đang dùng trên các bảng."),
        State.WITHDRAWN: _("Bản này đã rút: gửi tệp khác, hoặc dùng lại bản này."),
        State.CORRECTED: _("Số liệu của bản này đã được bản sau thay thế."),
    }
    return Next("", words[State(row.state)])


def _next_of_office(row: Submission, rights: Rights, unexplained: int) -> Next:
    if row.faults:
        return Next(
            "", _("Sửa %(n)d ô đỏ trên lưới hoặc trong Excel; ô lỗi không ký được.") % {"n": row.faults}
        )
    if unexplained:
        return Next("", _("Giải trình %(n)d ô vàng, rồi ký gửi.") % {"n": unexplained})
    if not rights.submit:
        return Next("", _("Chờ cơ quan ký gửi."))
    return Next("sign", _("Không còn ô lỗi hay chưa giải trình: ký gửi được."))
