"""Excel files of boards and lists. Each is an act that is written down, with how many rows left."""

from __future__ import annotations

from collections.abc import Iterable
from tempfile import TemporaryFile

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.boards import definition as d
from haidang.engine.boards.asof import as_of_from, file_then
from haidang.engine.boards.content import library
from haidang.engine.boards.export import scored, tables
from haidang.engine.boards.export.heads import told
from haidang.engine.boards.export.lists import LISTS
from haidang.engine.boards.export.shapes import Sheet
from haidang.engine.boards.statistics import due_list
from haidang.engine.boards.statistics.tile_pages import tile_of
from haidang.engine.boards.tiles import Look
from haidang.engine.people.rights import may, person_of, refuse, requires

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@requires("export")
@file_then
def board_xlsx(request: HttpRequest, address: str) -> HttpResponseBase:
    """Every table of a board, a sheet each; also as it was known then."""
    found = library().boards.get(address)
    if found is None or found.layout != "board":
        raise Http404(address)
    if not may(request.user, "board.see"):
        return refuse(request)
    look = Look.at(as_of_from(request), request.user, also="export")
    return _given(request, address, tables.sheets_of(found, look), look)


@require_safe
@requires("export")
@file_then
def due_list_xlsx(request: HttpRequest, address: str) -> HttpResponseBase:
    """The open lines close to their last day, of all offices or of one; also as they were known then."""
    if not may(request.user, "board.see"):
        return refuse(request)
    _board, tile = tile_of(address, d.DueListTile)
    look = Look.at(as_of_from(request), request.user, also="export")
    view = due_list.due_list(tile, look, request.GET.get("noi", "")[:200])
    return _given(request, f"{address}-sap-han", [scored.due_sheet(view, look)], look)


@require_safe
@requires("export")
def list_xlsx(request: HttpRequest, name: str) -> HttpResponseBase:
    """A whole list, not only the page that is shown."""
    listed = LISTS.get(name)
    if listed is None:
        raise Http404(name)
    if not may(request.user, listed.act):
        return refuse(request)
    look = Look.at(None, request.user)
    sheet = Sheet(str(listed.title), told(look), listed.columns(), listed.rows(request.user))
    return _given(request, name, [sheet], look)


def _given(request: HttpRequest, name: str, sheets: Iterable[Sheet], look: Look) -> HttpResponseBase:
    # It brings what writes workbooks, a tenth of a second that pages do without.
    from haidang.engine.boards.export import book

    kept = TemporaryFile()  # noqa: SIM115 - the response closes it
    rows = book.write(kept, sheets)
    kept.seek(0)
    detail = {"name": name, "rows": rows} | ({"as_of": look.as_of.isoformat()} if look.as_of else {})
    record(person=person_of(request), verb="export", object=("board", name), detail=detail, request=request)
    file = f"{name}-{clock.local(look.now):%Y%m%d-%H%M}.xlsx"
    return FileResponse(kept, as_attachment=True, filename=file, content_type=XLSX)
