"""The wizard: a file is uploaded, what it would be as a contract is shown with reasons and changed, then confirmed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.engine.audit.actions import record
from haidang.engine.boards.content import library
from haidang.engine.boards.mapping import province_code
from haidang.engine.boards.statistics.home import named
from haidang.engine.contracts.reading import Text
from haidang.engine.drafts import actions, placing
from haidang.engine.drafts.files import Decided
from haidang.engine.drafts.forms import DraftForm, UploadForm
from haidang.engine.drafts.measures import measures_of
from haidang.engine.drafts.models import Draft
from haidang.engine.people.deciding import decided
from haidang.engine.people.models import Office
from haidang.engine.people.rights import Anyone, may, person_of, requires
from haidang.engine.people.sessions import fresh_required

# Whoever manages sources says what offices are to send; there is no draft for anybody else.
ACT = "source.manage"


@require_http_methods(["GET", "POST"])
@requires(ACT)
def index(request: HttpRequest) -> HttpResponse:
    """Drafts that are open or done, and the form to begin another with a file."""
    bound = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if bound else UploadForm()
    begun: list[Draft] = []

    def begin() -> None:
        file = form.cleaned_data["file"]
        begun.append(
            actions.begin(
                body=file.read(),
                name=file.name,
                by=person_of(request),
                prefer=province_code() or named(library()),
                request=request,
            )
        )

    if bound and decided(form, begin):
        return redirect(begun[0])
    context = {
        "form": form,
        "drafts": Draft.objects.exclude(state=Draft.State.DROPPED).select_related(
            "changed_by", "confirmed_by"
        )[:50],
        "folder": placing.writable(),
        "folders": placing.outside(),
    }
    return render(request, "drafts/index.html", context, status=422 if bound else 200)


@require_http_methods(["GET", "POST"])
@requires(ACT)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft: every proposal with its reason, in fields; what is typed is kept also where it does not hold yet."""
    found = _visible(pk)
    if found.state != Draft.State.OPEN:
        return render(request, "drafts/done.html", _done(found, request.user))
    if request.method == "POST":
        answers = _answers(request.POST)
        actions.save(draft=found, answers=answers, by=person_of(request), request=request)
        form = _form(found, answers)
        if request.POST.get("act") == "save":
            messages.success(request, _("Đã lưu bản thảo."))
            return redirect(found)
        if form.is_valid():
            return redirect("drafts:confirm", found.pk)
        return render(request, "drafts/draft.html", _page(found, form), status=422)
    return render(request, "drafts/draft.html", _page(found, _form(found, found.answers)))


@require_http_methods(["GET", "POST"])
@requires(ACT)
@fresh_required
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The files as they would be written and what `haidang check` says of them; then they are written and loaded."""
    found = _visible(pk)
    if found.state != Draft.State.OPEN:
        return redirect(found)
    form = _form(found, found.answers or None)
    if not form.is_bound or not form.is_valid():
        return redirect(found)
    wanted = _decided(form)
    refused: list[placing.Finding] = []
    why = ""
    if request.method == "POST":
        try:
            actions.confirm(draft=found, decided=wanted, by=person_of(request), request=request)
        except placing.NotPlaced as error:
            refused, why = error.findings, _why(error.code)
        except ValidationError as error:
            why = " ".join(error.messages)
        except OSError as error:
            why = _("Không ghi được vào thư mục: %(why)s.") % {"why": error.strerror or error}
        else:
            return redirect(found)
    made, trial = actions.files(found, wanted)
    if not refused:
        try:
            refused = placing.findings(made, wanted.proposal.domain)
        except OSError as error:
            why = why or _("Không đọc được thư mục: %(why)s.") % {"why": error.strerror or error}
    context = {
        "draft": found,
        "it": wanted,
        "files": [(name, body.decode()) for name, body in made.items() if name.endswith((".yml", ".json"))],
        "joins": wanted.joins,
        "content": sum(name.endswith(".yml") for name in made),
        "beside": sum(not name.endswith(".yml") for name in made),
        "all": len(made),
        "others": [name for name in made if not name.endswith((".yml", ".json"))],
        "findings": refused,
        "why": why,
        "trial": trial,
        "folder": placing.writable(),
        "folders": placing.outside(),
    }
    return render(request, "drafts/confirm.html", context, status=422 if why else 200)


@require_safe
@requires(ACT)
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """The folder of the domain as one .zip, before it is written or after."""
    found = _visible(pk)
    if found.state == Draft.State.CONFIRMED:
        made, name = _written(found), found.domain
    else:
        form = _form(found, found.answers or None)
        if not form.is_bound or not form.is_valid():
            raise Http404(_("Bản thảo chưa đủ để lập tệp."))
        wanted = _decided(form)
        made, name = actions.files(found, wanted)[0], wanted.proposal.domain
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in made.items():
            archive.writestr(f"{name}/{path}", body)
    record(person=person_of(request), verb="draft.take", object=found, detail={"name": name}, request=request)
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


@require_POST
@requires(ACT)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.drop(draft=_visible(pk), by=person_of(request), request=request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Đã bỏ bản thảo; tệp tải lên không còn được giữ."))
    return redirect("drafts:index")


# --- shared -----------------------------------------------------------------------------------------------
def _visible(pk: int) -> Draft:
    return get_object_or_404(Draft.objects.exclude(state=Draft.State.DROPPED), pk=pk)


def _answers(posted: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(value)[:1000]
        for name, value in posted.items()
        if name not in {"csrfmiddlewaretoken", "act"}
    }


def _form(found: Draft, answers: Mapping[str, str] | None) -> DraftForm:
    return DraftForm(answers or None, proposal=found.proposed)


def _page(found: Draft, form: DraftForm) -> dict[str, Any]:
    return {
        "draft": found,
        "form": form,
        "it": found.proposed,
        "folder": placing.writable(),
        "folders": placing.outside(),
        "joinable": placing.joinable(),
    }


def _decided(form: DraftForm) -> Decided:
    found, said = form.decided_proposal(), form.cleaned_data
    office = Office.objects.get(code=said["office"])
    value = form.proposal.column(said.get("value_column", ""))
    return Decided(
        proposal=found,
        joins=placing.own(found.domain) is not None,
        domain_title=Text(said["domain_title"], said["domain_title_en"]),
        office=(office.code, office.name),
        legal_basis=said["legal_basis"],
        value_column=said[f"c{value.index}-key"] if value else "",
        measures=measures_of(found, said[f"c{value.index}-key"] if value else ""),
    )


def _why(code: str) -> str:
    return {
        "no_folder": _("Chưa có thư mục lĩnh vực riêng ghi được."),
        "taken": _("Vừa có lĩnh vực cùng khóa: không ghi đè. Đổi khóa lĩnh vực."),
        "unsound": _("Kiểm tra nội dung chưa đạt: chưa ghi gì cả."),
    }[code]


def _written(found: Draft) -> dict[str, bytes]:
    root = placing.taken(found.domain)
    if root is None:
        raise Http404(_("Thư mục của lĩnh vực không còn."))
    kept = (
        path for path in sorted(root.rglob("*")) if path.is_file() and not _is_hidden(path.relative_to(root))
    )
    return {str(path.relative_to(root)): path.read_bytes() for path in kept}


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


def _done(found: Draft, person: Anyone) -> dict[str, Any]:
    """Where to go on: hand in the file of a period, and see the board. An administrator hands in nothing."""
    content = library()
    board = found.contract if found.contract in content.boards else ""
    sheet = content.sheets.get(found.contract)
    source = next((one for one in content.sources.values() if one.contract == found.contract), None)
    office = Office.objects.filter(code=source.office).first() if source else None
    return {
        "draft": found,
        "board": board,
        "sheet": sheet,
        "office": office,
        "may_submit": may(person, "sheet.submit", office=office, domain=found.domain),
        "period": found.answers.get("sample_period", ""),
    }
