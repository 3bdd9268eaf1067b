"""A counted figure: its rule in words, the lists it was counted from, and its lines, a stretch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haidang.engine.boards import writing
from haidang.engine.boards.asof import looks_back
from haidang.engine.boards.statistics import words
from haidang.engine.boards.statistics.asking import LONGEST_LINE, Asked, asked_of
from haidang.engine.boards.statistics.of_line import of_line
from haidang.engine.boards.statistics.papers import HIDDEN, Signature, way_of
from haidang.engine.boards.statistics.stats import why_url
from haidang.engine.boards.statistics.terms import Terms
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.verdict import address as cell_address
from haidang.engine.counting import shown, wording
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.figure_rows import Row
from haidang.engine.people.rights import may, requires
from haidang.engine.submissions.models import Submission

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

FEW, MANY = 5, 50  # lines in the drawer, and on a page
# i18n: data – words of an address
SHOWN: dict[str, shown.Show] = {"chua-ro": "unknown", "tat-ca": "all"}
PEOPLE = ("office", "handed_in_by", "signed_by", "approved_by", "published_by")


@dataclass(frozen=True, slots=True)
class ListPart:
    """One list with how many of its lines were counted; `url` for whoever may see it."""

    submission: Submission
    lines: int
    of: int
    way: list[Signature]
    url: str


@dataclass(frozen=True, slots=True)
class LinePart:
    """One line: where it stands, and its columns as they are headed, none where its list is closed; personal data are hidden."""

    sheet: str
    cell: str
    number: int  # of the version of its list
    delivery: int
    url: str
    values: Sequence[str]
    counts: bool | None


@dataclass(frozen=True, slots=True)
class CentrePart:
    """What a centre is of the province's figure; `url` leads to its lines."""

    name: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class CountPart:
    """How a figure was counted; `rule` is empty where its text is no more kept."""

    rule: Sequence[str]
    lists: Sequence[ListPart]
    moved: Sequence[tuple[str, str]]
    counted: int
    of: int
    unknown: int
    heads: Sequence[str]
    lines: Sequence[LinePart]
    centres: Sequence[CentrePart]
    url: str
    unknown_url: str
    all_url: str
    # The one whose lines these are: `counted`, `of` and `unknown` are not known of it alone.
    centre: str = ""
    is_known: bool = True


def part(
    asked: Asked, row: Row, value: float | None, decimals: int, person: Anyone
) -> tuple[CountPart, shown.Way | None]:
    """What the drawer shows, and the text the figure came by. `value`: of the centre that is asked about, or the whole."""
    library, detail = asked.look.library, row.detail
    way, contract = shown.way_of(library.statistics, row), library.sheets.get(str(detail.get("contract")))
    lists = _lists(row, person)
    lines: Sequence[LinePart] = ()
    if way and contract:
        # Where nothing counts, the lines that were looked at say why.
        is_zero = not detail.get("counted") and not detail.get("unknown")
        is_zero = value == 0 if asked.line else is_zero
        show: shown.Show = "all" if is_zero else "counted"
        found = shown.stretch(way, row, contract, most=FEW, centre=asked.line, show=show)
        lines = [_line(one, contract, lists) for one in found.lines]
    made = CountPart(
        rule=wording.sentences(way.count, contract) if way and contract else (),
        lists=list(lists.values()),
        moved=[(_day(off), _day(until)) for off, until in detail.get("moved", {}).items()],
        counted=int(detail.get("counted", 0)),
        of=int(detail.get("of", 0)),
        unknown=int(detail.get("unknown", 0)),
        heads=_heads(contract),
        lines=lines,
        centres=[
            CentrePart(name, writing.number(value, decimals), lines_url(asked, trung_tam=name))
            for name, _cell, value in sorted(detail.get("lines", []), key=lambda one: (-one[2], one[0]))
            if not asked.line
        ],
        url=lines_url(asked),
        unknown_url=lines_url(asked, xem="chua-ro"),
        all_url=lines_url(asked, xem="tat-ca"),
        centre=asked.line,
        is_known=value is not None,
    )
    return made, way


def lines_url(asked: Asked, **more: str) -> str:
    """The page of the lines of a figure, or of the centre asked about, as known then."""
    then = [("as_of", asked.look.as_of.isoformat())] if asked.look.as_of else []
    return f"{reverse('boards:counted_lines')}?{urlencode([*asked.fields, *then, *more.items()])}"


@require_safe
@requires("figure.see")
@looks_back
def counted_lines(request: HttpRequest) -> HttpResponse:
    """The lines a figure was counted from: all, those of one centre, or those that the list leaves open."""
    asked = asked_of(request)
    row = figure_rows.read([asked.address], [asked.place.pk], [asked.at], asked.look.epoch).get(asked.subject)
    library = asked.look.library
    contract = library.sheets.get(str(row.detail.get("contract"))) if row else None
    way = shown.way_of(library.statistics, row) if row and shown.is_counted(row.detail) else None
    if row is None or way is None or contract is None:
        raise Http404(asked.address)
    after, centre = request.GET.get("sau", ""), asked.line or request.GET.get("trung_tam", "")[:LONGEST_LINE]
    show = SHOWN.get(request.GET.get("xem", ""), "counted")
    is_number = after.isascii() and after.isdecimal() and len(after) < 19
    found = shown.stretch(
        way, row, contract, after=int(after) if is_number else 0, most=MANY, centre=centre, show=show
    )  # fmt: skip
    lists = _lists(row, request.user)
    value = (
        of_line(Terms(asked.look).nodes({asked.subject: row})[0], centre, asked.look).value
        if centre
        else row.value
    )
    query = request.GET.copy()
    query.pop("sau", None)
    first = f"?{query.urlencode()}"
    query["sau"] = str(found.following)
    lines = [_line(one, contract, lists) for one in found.lines]
    context = {
        "q": asked,
        "title": str(asked.statistic.title),
        "period": words.period(periods.ending(asked.at, asked.statistic.period)),
        "value": writing.number(value, asked.statistic.decimals),
        "unit": asked.statistic.unit,
        "counted": row.detail.get("counted", 0),
        "unknown": row.detail.get("unknown", 0),
        "centre": centre,
        "heads": _heads(contract) if any(one.values for one in lines) else [],
        "lines": lines,
        "is_closed": any(not one.values for one in lines),
        "following": f"?{query.urlencode()}" if found.following else "",
        "first": first if is_number and int(after) else "",
        "show": show,
        "why": why_url(
            asked.look, asked.address, asked.place.pk, asked.at, **({"dong": centre} if centre else {})
        ),
    }
    return render(request, "boards/statistics/counted_lines.html", context)


def _lists(row: Row, person: Anyone) -> dict[int, ListPart]:
    counts = {int(number): (int(counted), int(of)) for number, counted, of in row.detail.get("lists", [])}
    known = Submission.objects.filter(pk__in=counts).select_related(*PEOPLE).order_by("epoch", "pk")
    seen: set[int] = set()
    if may(person, "sheet.see"):
        seen = set(Submission.objects.for_user(person).filter(pk__in=counts).values_list("pk", flat=True))
    return {
        one.pk: ListPart(one, *counts[one.pk], way_of(one), one.get_absolute_url() if one.pk in seen else "")
        for one in known
    }


def _line(told: shown.Told, contract: SheetContract, lists: dict[int, ListPart]) -> LinePart:
    """Where a line stands is everybody's to know; what it says, with the code of somebody's case, is for those who may see
    its list.
    """
    line = told.line
    own = lists.get(line.submission)
    values = [
        HIDDEN if column.personal_data != "none" else _written(name, line.values.get(name), contract)
        for name, column in contract.columns.items()
        if own and own.url and _is_shown(contract, name)
    ]
    return LinePart(
        line.sheet,
        cell_address(line.row, line.column),
        own.submission.number if own else 0,
        own.submission.delivery_id if own else 0,
        own.url if own else "",
        values,
        told.counts,
    )


def _written(name: str, value: object, contract: SheetContract) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return writing.number(float(value), None)
    return wording.value_of(name, value, contract)


def _is_shown(contract: SheetContract, name: str) -> bool:
    return contract.columns[name].type not in ("order", "note", "unit")


def _heads(contract: SheetContract | None) -> list[str]:
    names = contract.columns if contract else ()
    return (
        [str(contract.columns[name].title) for name in names if _is_shown(contract, name)] if contract else []
    )


def _day(text: str) -> str:
    return f"{text[8:10]}/{text[5:7]}/{text[:4]}"
