"""Pages below /chuan-ket-noi/: the connection standard as page, PDF, ODCS and sample."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files

import typst
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haidang.engine import clock
from haidang.engine.boards.sources import content, standard
from haidang.engine.boards.writing import unit
from haidang.engine.contracts.odcs import as_yaml
from haidang.engine.fonts import fonts, writable_in
from haidang.engine.people.rights import may, requires

TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".txt": "text/plain; charset=utf-8",
}


@require_safe
@requires("source.see")
def index(request: HttpRequest) -> HttpResponse:
    """Every contract of the sources one may see."""
    context = {"standards": standard.all_for(request.user), "may_draft": may(request.user, "source.manage")}
    return render(request, "boards/sources/standards.html", context)


def _found(request: HttpRequest, contract: str) -> standard.Standard:
    found = standard.one_for(request.user, contract)
    if found is None:
        raise Http404(contract)
    return found


@require_safe
@requires("source.see")
def page(request: HttpRequest, contract: str) -> HttpResponse:
    """What to send, how and when."""
    return render(request, "boards/sources/standard.html", {"it": _found(request, contract)})


@require_safe
@requires("source.see")
def as_pdf(request: HttpRequest, contract: str) -> HttpResponse:
    """The same on paper."""
    found = _found(request, contract)
    return _file(_pdf(found), f"{contract}.pdf", "application/pdf")


@require_safe
@requires("source.see")
def as_odcs(request: HttpRequest, contract: str) -> HttpResponse:
    """The same for tools: Open Data Contract Standard 3.1."""
    _found(request, contract)
    tree = content.tree()
    entry = tree.sheets.get(contract) or tree.contracts[contract]
    return _file(as_yaml(entry).encode(), f"{contract}.odcs.yaml", "application/yaml; charset=utf-8")


@require_safe
@requires("source.see")
def sample(request: HttpRequest, contract: str) -> HttpResponse:
    """A file as it should look; its numbers are invented."""
    path = _found(request, contract).sample
    if path is None:
        raise Http404(contract)
    name = f"{contract}.{path.name.split('.', 1)[1]}"
    return _file(path.read_bytes(), name, TYPES.get(path.suffix, "application/octet-stream"))


def _file(body: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pdf(found: standard.Standard) -> bytes:
    data = {name: value for name, value in asdict(found).items() if name not in ("ways", "sample")}
    for one in [*data["fields"], *data["lines"]]:
        one["unit"] = unit(one["unit"])
    data["ways"] = [
        {"source": way.source.address, "door": str(way.door), "steps": str(way.steps), "command": way.command}
        for way in found.ways
    ]
    words = {
        "standard": _("Chuẩn kết nối dữ liệu"), "contract": _("Hợp đồng"), "version": _("bản"),
        "fields": _("Nội dung gửi"), "lines": _("Các dòng của tệp"), "checks": _("Kiểm tra khi nhận"),
        "ways": _("Cách gửi"), "name": _("Tên"), "code": _("Ký hiệu"), "kind": _("Kiểu"), "unit": _("Đơn vị"),
        "allowed": _("Được nhận"), "required": _("bắt buộc"), "also": _("cũng nhận"), "order": _("STT"),
        "private": _("dữ liệu cá nhân"), "sum": _("Bằng tổng"), "page": _("Trang"),
        "printed": _("In ngày %(day)s") % {"day": f"{clock.local(clock.now()):%d/%m/%Y}"},
    }  # fmt: skip
    source = files("haidang.engine.boards").joinpath("papers/standard.typ").read_bytes()
    plain = json.loads(json.dumps(data, default=str))
    inputs = {
        "data": json.dumps(writable_in(plain), ensure_ascii=False),
        "words": json.dumps(words, ensure_ascii=False, default=str),
        "lang": (get_language() or "vi")[:2],
    }
    pdf: bytes = typst.compile(source, sys_inputs=inputs, font_paths=fonts(), pdf_standards="a-2b")
    return pdf
