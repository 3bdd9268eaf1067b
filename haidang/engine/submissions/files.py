"""Files that leave: templates, the original as it was handed in, and the same file back with what was said of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.contracts.sheets import verdict
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.people.rights import person_of, refuse, requires
from haidang.engine.store import trace
from haidang.engine.submissions import judging, pages
from haidang.engine.submissions import periods_owed as owed
from haidang.engine.submissions.grid import remarks_of
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.sending import office_for
from haidang.engine.submissions.shelf import Way, shelf, ways
from haidang.engine.submissions.views import visible

# What writes workbooks is imported where one is written: pages come without it, and it takes a tenth of a second.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@requires("sheet.see")
def original(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The bytes as they came."""
    found = visible(request, pk)
    if not _may_take(request, found):
        return refuse(request)
    try:
        with judging.workbook(found) as path:
            body = path.read_bytes()
    except (trace.BytesGone, FileNotFoundError):
        raise Http404(_("Tệp gốc không còn trong kho.")) from None
    _taken(request, found, "original")
    return attachment(body, found.name or f"{found.pk}.xlsx", "application/octet-stream")


@require_safe
@requires("sheet.see")
def answer(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The office's own file with red and amber cells, the reasons in comments, and a list of them."""
    from haidang.engine.contracts.sheets.answer import write_answer

    found = visible(request, pk)
    if not _may_take(request, found):
        return refuse(request)
    if not found.cells:
        raise Http404(_("Tệp chưa chấm hoặc không đọc được nên không có gì để đánh dấu."))
    try:
        with judging.workbook(found) as path, TemporaryDirectory(prefix="haidang-") as folder:
            target = Path(folder) / "answer.xlsx"
            write_answer(path, target, judged_cells(found))
            body = target.read_bytes()
    except (trace.BytesGone, FileNotFoundError):
        raise Http404(_("Tệp gốc không còn trong kho.")) from None
    _taken(request, found, "answer")
    return attachment(body, f"{Path(found.name).stem or found.pk} {_('đã chấm')}.xlsx", XLSX)


@require_safe
@requires("sheet.submit")
def template(request: HttpRequest, contract: str) -> HttpResponse:
    """An empty workbook for one's own office and a period, with the last period in grey."""
    from haidang.engine.contracts.sheets.template import Told, write_template

    person = person_of(request)
    way = next((way for way in ways(person, "sheet.submit") if way.contract == contract), None)
    if way is None:
        raise Http404
    period = _asked_period(way, request.GET.get("ky", ""))
    office = office_for(way, person)
    due = _("Hạn nộp %(day)s") % {"day": f"{owed.due_on(way.terms, period):%d/%m/%Y}"} if period else ""
    before = Submission(contract=contract, office=office, period=period.code if period else "")
    told = Told(
        contract,
        period,
        office.code if office else "",
        office.name if office else "",
        due,
        judging.earlier(before, way.terms),
    )
    with TemporaryDirectory(prefix="haidang-") as folder:
        target = Path(folder) / "template.xlsx"
        write_template(target, way.terms, told)
        body = target.read_bytes()
    name = " ".join(filter(None, [period.code if period else "", way.terms.title.vi.replace("/", "-")]))
    return attachment(body, f"{name}.xlsx", XLSX)


def _asked_period(way: Way, text: str) -> Period | None:
    """The one the address names, where it is of the contract's kind; else the last that is over."""
    if way.terms.period == "none":
        return None
    try:
        period = Period.parse(text)
    except ValueError:
        period = None
    fits = period is not None and period.kind == way.terms.period
    return period if fits else owed.present(way.terms, clock.today()).before


def judged_cells(submission: Submission) -> Iterator[verdict.Cell]:
    """The kept cells with remarks, as they were judged."""
    for cell in remarks_of(submission).iterator(2000):
        said = [verdict.Remark(verdict.Level(level), code, args) for level, code, args in cell.remarks]
        yield verdict.Cell(
            cell.sheet, cell.row, cell.column, cell.raw, cell.fate,  # type: ignore[arg-type]
            cell.value, cell.unit, cell.field, cell.item, said,
        )  # fmt: skip


def attachment(body: bytes, name: str, kind: str) -> HttpResponse:
    """A file that is only ever taken away, never shown by our page."""
    from django.utils.http import content_disposition_header

    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _may_take(request: HttpRequest, found: Submission) -> bool:
    """A file with personal data, or one nobody could look into, goes only to those who may look at such."""
    contract = shelf().contracts.get(found.contract)
    is_open = contract is not None and contract.personal_data == "none" and found.strays == []
    return is_open or pages.Rights.of(person_of(request), found).personal


def _taken(request: HttpRequest, found: Submission, kind: str) -> None:
    detail = {
        "contract": found.contract,
        "period": found.period,
        "number": found.number,
        "name": found.name,
        "kind": kind,
    }
    record(person=person_of(request), verb="export", object=found, detail=detail, request=request)
