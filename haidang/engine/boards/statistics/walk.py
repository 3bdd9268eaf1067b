""" "Vì sao?" of a figure of a period: from the number, or a comparison, to the cell and the people who answer for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haidang.engine.boards import writing
from haidang.engine.boards.asof import looks_back
from haidang.engine.boards.statistics import counted, papers, words
from haidang.engine.boards.statistics.asking import KINDS, Asked, asked_of
from haidang.engine.boards.statistics.of_line import of_line
from haidang.engine.boards.statistics.terms import Node, Terms, Version, history
from haidang.engine.boards.statistics.values import Papers, Value
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.counting import shown
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.comparing import Comparison, compare
from haidang.engine.indicators.figure_rows import Row
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.indicators.statistic import Version as FormulaVersion
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.people.rights import may, requires, within
from haidang.engine.places.models import Place
from haidang.engine.submissions.models import Submission

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone


@dataclass(slots=True)
class Walk:
    """Everything the drawer shows, from the number down."""

    title: str
    subject: str
    period: str
    value: str
    unit: str
    root: Node | None = None
    # How a comparison or a roll-up comes out, in one line.
    sum_text: str = ""
    terms: list[Node] = field(default_factory=list)
    formula: FormulaVersion | None = None
    sha256: str = ""
    count: counted.CountPart | None = None
    cell: papers.CellPart | None = None
    explained: str = ""
    history: list[Version] = field(default_factory=list)
    owner: str = ""
    phone: str = ""
    version_url: str = ""
    file_url: str = ""
    status: str = ""


@require_safe
@requires("figure.see")
@shared_fragment
@looks_back
def why_statistic(request: HttpRequest) -> HttpResponse:
    """The drawer, or a page of its own where it is opened as one."""
    asked = asked_of(request)
    walk = _comparison(asked) if asked.term else _figure(asked, request.user)
    _links(walk, request.user)
    in_drawer = bool(request.headers.get("HX-Request"))
    context = {"walk": walk, "q": asked, "as_of": asked.look.as_of, "in_drawer": in_drawer}
    template = "boards/statistics/why_drawer.html" if in_drawer else "boards/statistics/why.html"
    return render(request, template, context)


# --- one figure -----------------------------------------------------------------------------------------------
def _figure(asked: Asked, person: Anyone) -> Walk:
    terms = Terms(asked.look)
    row = figure_rows.read([asked.address], [asked.place.pk], [asked.at], asked.look.epoch).get(asked.subject)
    if row is None and not asked.line and _is_rolled(asked):
        return _rolled(asked, terms)
    root = terms.nodes({asked.subject: row})[0]
    if asked.line:
        root = of_line(root, asked.line, asked.look)
    walk = _walk(asked, root.title, writing.number(root.value, root.decimals), root.unit)
    walk.root, walk.history = root, [] if asked.line else history(asked.subject, asked.look)
    if row is None:
        walk.status = _("Lúc đó chưa công bố số này.") if asked.look.as_of else _("Chưa công bố số này.")
        return walk
    if asked.line:
        # A part may be known where the whole is not.
        walk.status = "" if root.value is not None else _("Kỳ này chưa có số của dòng này.")
    elif row.status == "missing":
        walk.status = _("Chưa đủ số để tính.") if root.kind == "derived" else _("Số này đã được rút.")
    if asked.line and root.value is None and root.kind in ("stated", "summed"):
        return walk  # the cell of the whole says nothing about a line it has not
    if root.kind == "derived":
        _into_formula(walk, asked, root, row)
    elif shown.is_counted(root.detail):
        _into_count(walk, asked, row, person)
    elif root.submission:
        _into_cell(walk, asked, root)
    elif root.kind == "stated":
        walk.status = _("Sổ không còn bản số liệu mà số này được lấy từ đó.")
    return walk


def _walk(asked: Asked, title: str, value: str, unit: str) -> Walk:
    period = words.period(periods.ending(asked.at, asked.statistic.period))
    subject = ", ".join(one for one in (asked.line, asked.place.name) if one)
    return Walk(title, subject, period, value, unit)


def _into_formula(walk: Walk, asked: Asked, root: Node, row: Row) -> None:
    walk.formula = next((one for one in asked.statistic.versions if one.version == root.version), None)
    walk.sha256, walk.terms = row.formula_sha256, root.parts
    numbers = [
        f"{writing.number(one.value, one.decimals)} {writing.unit(one.unit)}".strip() for one in root.parts
    ]
    if len(numbers) <= 3:
        walk.sum_text = " · ".join(numbers)
    walk.owner = str(asked.statistic.office or "")


def _into_count(walk: Walk, asked: Asked, row: Row, person: Anyone) -> None:
    value = walk.root.value if walk.root else None
    walk.count, way = counted.part(asked, row, value, asked.statistic.decimals, person)
    walk.sha256 = row.formula_sha256
    if way is not None:
        walk.formula = way.version
    contract = asked.look.library.sheets.get(asked.statistic.contract)
    walk.owner = str(asked.statistic.office or (contract.office if contract else "") or "")
    if row.status == "missing" and not asked.line:
        walk.status = (
            _("Danh sách để trống chỗ cần để đếm.")
            if walk.count.unknown
            else _("Không còn dòng nào của kỳ này.")
        )


def _into_cell(walk: Walk, asked: Asked, root: Node) -> None:
    if root.submission is None:
        return
    walk.cell = papers.part(asked.look.library, root.submission, root.detail)
    office = root.submission.office
    walk.owner, walk.phone = (office.short_name, office.phone) if office else ("", "")
    value = Value(root.subject.place_id, root.value, "", 0, root.submission.pk, root.sheet, root.cell)
    walk.explained = Papers.of([value]).explained(value)


def _is_rolled(asked: Asked) -> bool:
    """A number of the province that only its communes have."""
    is_counted = asked.look.library.statistics.level(asked.address) == "commune"
    return is_counted and asked.place.level == Place.Level.PROVINCE


def _rolled(asked: Asked, terms: Terms) -> Walk:
    node = terms.rolled(asked.address, asked.place, asked.at)
    walk = _walk(asked, node.title, writing.number(node.value, node.decimals), node.unit)
    walk.terms = node.parts
    there = sum(one.value is not None for one in node.parts)
    said = {"n": there, "all": len(node.parts), "rule": _rule(asked.statistic)}
    walk.sum_text = _("%(rule)s của %(n)d trong %(all)d xã, phường") % said
    if node.value is None:
        walk.status = _("Còn thiếu xã, phường: chưa có số của cả tỉnh.")
    return walk


def _rule(statistic: Statistic) -> str:
    return {"sum": _("Tổng"), "mean": _("Trung bình")}.get(str(statistic.over_places), _("Bình quân"))


# --- a comparison ---------------------------------------------------------------------------------------------
def _comparison(asked: Asked) -> Walk:
    """One comparison with all figures in it, as `comparing` finds them."""
    statistic, period = asked.statistic, periods.ending(asked.at, asked.statistic.period)
    every = compare(asked.look.library.statistics, asked.address, [asked.place.pk], period, asked.look.epoch)
    one = next((one for one in every[asked.place.pk] if one.kind == KINDS[asked.term]), None)
    if one is None:
        raise Http404(asked.term)
    walk = _walk(asked, _title(asked, period), writing.NONE, "")
    terms = Terms(asked.look)
    if asked.term == "goal":
        return _goal(walk, terms.nodes(dict(one.inputs[-1:])))
    walk.terms = terms.nodes(dict(one.inputs))
    walk.status = one.why
    if asked.term == "since":
        return _since(walk, one, asked)
    if one.value is None:
        return _difference(walk, one, asked)
    if asked.term == "plan":
        walk.value, walk.unit = writing.number(one.value, 1), "%"
        done, goal = _parts(one, asked, plan=True) or (_("đã đạt"), _("kế hoạch cả năm"))
        walk.sum_text = f"{done} ÷ {goal} = {walk.value}%"
        return walk
    digits = 1 if one.unit == "%" else statistic.decimals
    step = words.step(one.value, one.unit, digits)
    walk.value = step.text
    now, before = _parts(one, asked, plan=False) or (_("kỳ này"), _("kỳ kia"))
    form = f"({now} − {before}) ÷ {before}" if one.unit == "%" else f"{now} − {before}"
    walk.sum_text = f"{form} = {words.signed(step, digits)}"
    return walk


def _difference(walk: Walk, one: Comparison, asked: Asked) -> Walk:
    """A change no per cent can be told of, as the tile says it: what was before is zero, or below."""
    rows = [row.value for _subject, row in one.inputs if row is not None and row.value is not None]
    if asked.term == "plan" or one.difference is None or not rows:
        return walk
    statistic = asked.statistic
    now, before = rows[0], rows[0] - one.difference
    step = words.change(now, before, statistic.unit, statistic.decimals)
    walk.value = step.text
    written = [writing.number(value, statistic.decimals) for value in (now, before)]
    form = f"({written[0]} − {written[1]}) ÷ |{written[1]}|" if step.unit == "%" else " − ".join(written)
    walk.sum_text = f"{form} = {words.signed(step, 1 if step.unit == '%' else statistic.decimals)}"
    return walk


def _goal(walk: Walk, nodes: list[Node]) -> Walk:
    """The plan of the year as it was last stated, which a comparison names last."""
    walk.terms = nodes
    for goal in nodes:
        walk.value, walk.unit = writing.number(goal.value, goal.decimals), goal.unit
    return walk


def _since(walk: Walk, one: Comparison, asked: Asked) -> Walk:
    """The sum since January; as the office states it where months of it are not known."""
    is_ours = one.status == "ok" and one.value is not None
    value, decimals = one.value if is_ours else one.stated, asked.statistic.decimals
    if value is None:
        return walk
    walk.value, walk.unit = writing.number(value, decimals), asked.statistic.unit
    told = {"n": one.expected, "there": one.there, "sum": walk.value}
    if is_ours:
        walk.sum_text = _("cộng %(n)d kỳ từ đầu năm = %(sum)s") % told
    else:
        walk.sum_text = (
            _("mới có %(there)d trên %(n)d kỳ từ đầu năm; %(sum)s là số cơ quan ghi trong tệp") % told
        )
    return walk


def _parts(one: Comparison, asked: Asked, *, plan: bool) -> tuple[str, str] | None:
    """The two numbers of a comparison, written; None where one of them is itself added up from many."""
    rows = [row.value for _subject, row in one.inputs if row is not None and row.value is not None]
    if one.difference is None or not rows or (not plan and len(one.inputs) != 2):
        return None
    # Of a plan the figures come first and the plan last; a change names this period, then the other.
    first, second = (rows[-1] + one.difference, rows[-1]) if plan else (rows[0], rows[0] - one.difference)
    return writing.number(first, asked.statistic.decimals), writing.number(second, asked.statistic.decimals)


def _title(asked: Asked, period: Period) -> str:
    told: dict[str, object] = {"title": asked.statistic.title, "year": period.year}
    if asked.term == "goal":
        return _("%(title)s: kế hoạch năm %(year)d") % told
    if asked.term == "plan":
        return _("%(title)s so với kế hoạch năm %(year)d") % told
    if asked.term == "since":
        return _("%(title)s, lũy kế từ đầu năm %(year)d") % told
    before = periods.back(period, 1) if asked.term == "last" else periods.year_before(period)
    told["period"] = words.of_period(before)
    return _("%(title)s so với %(period)s") % told


# --- the file -------------------------------------------------------------------------------------------------
def _links(walk: Walk, person: Anyone) -> None:
    """To the version it was taken from and its file, for whoever may see, and take away, those of that office."""
    if walk.cell is None or not may(person, "sheet.see"):
        return
    seen = Submission.objects.for_user(person).filter(pk=walk.cell.submission.pk)
    if not seen.exists():
        return
    walk.version_url = reverse("submissions:version", args=[walk.cell.submission.pk])
    if seen.filter(within(person, "export", office="office", domain="domain")).exists():
        walk.file_url = reverse("submissions:original", args=[walk.cell.submission.pk])
