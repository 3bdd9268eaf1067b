""" "Vì sao?" of a figure of a period: from the number, or a comparison, to the cell and the people who answer for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haidang.engine import clock
from haidang.engine.boards import writing
from haidang.engine.boards.asof import as_of_from, instant_from, looks_back
from haidang.engine.boards.statistics import papers, words
from haidang.engine.boards.statistics.terms import Node, Terms, Version, history
from haidang.engine.boards.statistics.values import Papers, Value
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.comparing import Comparison, compare
from haidang.engine.indicators.figure_rows import Row, Subject
from haidang.engine.indicators.statistic import Statistic, bare
from haidang.engine.indicators.statistic import Version as FormulaVersion
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.people.rights import may, requires, within
from haidang.engine.places.models import Place
from haidang.engine.submissions.models import Submission

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

KINDS = {"last": "last_period", "year": "last_year", "plan": "plan_year"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure, of which place and period, and which comparison of it."""

    address: str
    place: Place
    at: datetime
    term: str
    look: Look
    statistic: Statistic

    @property
    def subject(self) -> Subject:
        return Subject(self.address, self.place.pk, self.at)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form asks again beside `as_of`."""
        told = [
            ("indicator", self.address),
            ("place", str(self.place.pk)),
            ("at", clock.local(self.at).isoformat()),
        ]
        return [*told, *([("term", self.term)] if self.term else [])]

    @property
    def now_url(self) -> str:
        return f"{reverse('boards:why_statistic')}?{urlencode(self.fields)}"


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
    cell: papers.CellPart | None = None
    explained: str = ""
    history: list[Version] = field(default_factory=list)
    owner: str = ""
    phone: str = ""
    version_url: str = ""
    file_url: str = ""
    status: str = ""


@require_GET
@requires("figure.see")
@shared_fragment
@looks_back
def why_statistic(request: HttpRequest) -> HttpResponse:
    """The drawer, or a page of its own where it is opened as one."""
    asked = _asked(request)
    walk = _comparison(asked) if asked.term else _figure(asked)
    _links(walk, request.user)
    in_drawer = bool(request.headers.get("HX-Request"))
    context = {"walk": walk, "q": asked, "as_of": asked.look.as_of, "in_drawer": in_drawer}
    template = "boards/statistics/why_drawer.html" if in_drawer else "boards/statistics/why.html"
    return render(request, template, context)


def _asked(request: HttpRequest) -> Asked:
    get = request.GET
    look = Look.at(as_of_from(request), request.user)
    at, address, number = instant_from(get.get("at", "")), get.get("indicator", ""), get.get("place", "")
    entry = look.library.statistics.entries.get(bare(address))
    place = Place.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if at is None or entry is None or place is None or address not in look.library.statistics:
        raise Http404(address)
    # The domain is the address's first word; the place decides too: a commune's officer sees his commune.
    if not may(request.user, "figure.see", place=place, domain=address.partition(".")[0]):
        raise Http404(address)
    try:
        periods.ending(at, entry.statistic.period)
    except ValueError:
        raise Http404(str(at)) from None
    term = get.get("term", "")
    return Asked(address, place, at, term if term in KINDS else "", look, entry.statistic)


# --- one figure -----------------------------------------------------------------------------------------------
def _figure(asked: Asked) -> Walk:
    terms = Terms(asked.look)
    row = figure_rows.read([asked.address], [asked.place.pk], [asked.at], asked.look.epoch).get(asked.subject)
    if row is None and _is_rolled(asked):
        return _rolled(asked, terms)
    root = terms.nodes({asked.subject: row})[0]
    walk = _walk(asked, root.title, writing.number(root.value, root.decimals), root.unit)
    walk.root, walk.history = root, history(asked.subject, asked.look)
    if row is None:
        walk.status = _("Lúc đó chưa công bố số này.") if asked.look.as_of else _("Chưa công bố số này.")
        return walk
    if row.status == "missing":
        walk.status = _("Chưa đủ số để tính.") if root.kind == "derived" else _("Số này đã được rút.")
    if root.kind == "derived":
        _into_formula(walk, asked, root, row)
    elif root.submission:
        _into_cell(walk, asked, root)
    elif root.kind == "stated":
        walk.status = _("Sổ không còn bản số liệu mà số này được lấy từ đó.")
    return walk


def _walk(asked: Asked, title: str, value: str, unit: str) -> Walk:
    period = words.period(periods.ending(asked.at, asked.statistic.period))
    return Walk(title, asked.place.name, period, value, unit)


def _into_formula(walk: Walk, asked: Asked, root: Node, row: Row) -> None:
    walk.formula = next((one for one in asked.statistic.versions if one.version == root.version), None)
    walk.sha256, walk.terms = row.formula_sha256, root.parts
    numbers = [
        f"{writing.number(one.value, one.decimals)} {writing.unit(one.unit)}".strip() for one in root.parts
    ]
    if len(numbers) <= 3:
        walk.sum_text = " · ".join(numbers)
    walk.owner = str(asked.statistic.office or "")


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
    walk.terms = terms.nodes(dict(one.inputs))
    walk.status = one.why
    if one.value is None:
        return walk
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
    if asked.term == "plan":
        return _("%(title)s so với kế hoạch năm %(year)d") % told
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
