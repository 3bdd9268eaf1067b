""" "Vì sao?" of points: by which version of which decision, row by row, down to the counts and where they were told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haidang.engine.boards import writing
from haidang.engine.boards.asof import looks_back
from haidang.engine.boards.statistics import words
from haidang.engine.boards.statistics.of_line import of_line
from haidang.engine.boards.statistics.score_asking import ScoreAsked, score_asked_of
from haidang.engine.boards.statistics.score_shown import two
from haidang.engine.boards.statistics.scorecard import score_at
from haidang.engine.boards.statistics.terms import Node, Terms
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.scored import PeriodScore
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.people.rights import requires
from haidang.engine.places.names import comparable
from haidang.engine.scorecards.definition import Amount, Row, ScorecardVersion, Side, names_of
from haidang.engine.scorecards.scoring import STATUS, Counts, RowScore, Score, Sum


@dataclass(frozen=True, slots=True)
class RowWalk:
    """One row: what is divided by what, in words and in numbers, what it earns, and its counts down to their cells."""

    code: str
    title: str
    form: str
    share: str
    points: str
    note: str
    is_verified: bool
    nodes: Sequence[Node]
    # Counts of which nothing was ever told.
    lacking: Sequence[str]


@dataclass(slots=True)
class ScoreWalk:
    """Everything the drawer shows."""

    title: str
    subject: str
    period: str
    value: str
    unit: str
    version: ScorecardVersion
    sum_text: str = ""
    rows: Sequence[RowWalk] = field(default_factory=list)


@require_safe
@requires("figure.see")
@shared_fragment
@looks_back
def why_score(request: HttpRequest) -> HttpResponse:
    """The drawer, or a page of its own where it is opened as one."""
    asked = score_asked_of(request)
    in_drawer = bool(request.headers.get("HX-Request"))
    context = {"walk": _walk(asked), "q": asked, "as_of": asked.look.as_of, "in_drawer": in_drawer}
    name = "why_score_drawer" if in_drawer else "why_score"
    return render(request, f"boards/statistics/{name}.html", context)


def _walk(asked: ScoreAsked) -> ScoreWalk:
    at = periods.end_of(asked.period)
    found = score_at(asked.card, asked.look, asked.home, at)
    if found is None:
        raise Http404(asked.address)
    score, counts = _of(asked, found)
    if asked.row:
        if asked.row not in score.rows:
            raise Http404(asked.row)
        return _of_row(asked, found, score, counts)
    if asked.group and asked.group not in score.groups:
        raise Http404(asked.group)
    return _of_sum(asked, found, score, counts)


def _of(asked: ScoreAsked, found: PeriodScore) -> tuple[Score, Counts]:
    """Of the province, or of the centre that is asked about."""
    if not asked.centre:
        return found.scored.score, found.scored.counts
    wanted = comparable(asked.centre)
    centre = next((one for one in found.scored.centres if comparable(one.name) == wanted), None)
    if centre is None:
        raise Http404(asked.centre)
    return centre.score, centre.counts


def _named(asked: ScoreAsked, title: str, value: str, unit: str, version: ScorecardVersion) -> ScoreWalk:
    subject = ", ".join(one for one in (asked.centre, asked.home.place.name) if one)
    return ScoreWalk(title, subject, words.period(asked.period), value, unit, version)


def _of_row(asked: ScoreAsked, found: PeriodScore, score: Score, counts: Counts) -> ScoreWalk:
    one = score.rows[asked.row]
    value, unit = (_share(one), "") if asked.number == "share" else (_points(one), _("điểm"))
    walk = _named(asked, f"{one.code} {one.row.title}", value, unit, found.version)
    walk.rows = _rows(asked, found, [one], counts)
    return walk


def _of_sum(asked: ScoreAsked, found: PeriodScore, score: Score, counts: Counts) -> ScoreWalk:
    """Of a group, or of the whole card: the rows with points, those that could be scored first."""
    total = score.groups[asked.group] if asked.group else score.total
    title = str(found.version.groups[asked.group].title if asked.group else asked.card.title)
    rows = [one for one in score.rows.values() if one.row.is_scored and asked.group in ("", one.row.group)]
    rows.sort(key=lambda one: one.score is None)
    value, unit, text = _sum(asked, total, sum(one.score is not None for one in rows))
    walk = _named(asked, title, value, unit, found.version)
    walk.sum_text, walk.rows = text, _rows(asked, found, rows, counts)
    return walk


def _sum(asked: ScoreAsked, total: Sum, many: int) -> tuple[str, str, str]:
    """The number as the board writes it, its unit, and how it comes out."""
    whole = not asked.group and not asked.centre
    score, covered = (
        writing.number(two(total.score), None if whole else 2),
        writing.number(two(total.covered)),
    )
    if asked.number == "covered":
        return (
            covered,
            _("điểm"),
            _("cộng điểm tối đa của %(n)d dòng tính được = %(sum)s") % {"n": many, "sum": covered},
        )
    if asked.number == "points":
        text = _("cộng điểm của %(n)d dòng tính được = %(sum)s") % {"n": many, "sum": score}
        return (score if many else writing.NONE), _("điểm"), text
    share = total.of_covered
    value = writing.number(None if share is None else two(share), 1)
    return value, "%", f"{score} ÷ {covered} × 100 = {value}%"


# --- rows -----------------------------------------------------------------------------------------------------
def _rows(asked: ScoreAsked, found: PeriodScore, rows: Sequence[RowScore], counts: Counts) -> list[RowWalk]:
    """With the figures of all their counts; what is the same of several rows is read once."""
    nodes = _nodes(asked, found.places, found.at, [one.row for one in rows])
    return [_row(one, nodes, counts.get(one.code, {})) for one in rows]


def _nodes(
    asked: ScoreAsked, places: Mapping[str, int], at: datetime, rows: Sequence[Row]
) -> dict[str, Node]:
    """Indicator → its figure with all it is made of, of the centre that is asked about."""
    named = dict.fromkeys(one for row in rows for one in row.figures.values() if one in places)
    subjects = [Subject(one, places[one], at) for one in named]
    known = figure_rows.read(named, places.values(), [at], asked.look.epoch)
    nodes = Terms(asked.look).nodes({one: known.get(one) for one in subjects})
    if asked.centre:
        nodes = [of_line(one, asked.centre, asked.look) for one in nodes]
    return {one.subject.indicator: one for one in nodes}


def _row(one: RowScore, nodes: Mapping[str, Node], counts: Mapping[str, float | None]) -> RowWalk:
    row = one.row
    title = {name: str(text) for name, text in row.counts.items()}
    there = {name: address for name, address in row.figures.items() if address in nodes}
    return RowWalk(
        code=one.code,
        title=str(row.title),
        form=_form(row, title.__getitem__),
        share=_reckoned(one, counts),
        points=_earned(one),
        note=str(row.note) if row.note else "",
        is_verified=row.verified,
        nodes=[replace(nodes[address], title=title[name]) for name, address in there.items()],
        lacking=[title[name] for name in title if name not in there],
    )


def _share(one: RowScore) -> str:
    value = writing.number(None if one.ratio is None else two(one.ratio), 2)
    return f"{value}%" if not one.row.unit else f"{value} {writing.unit(one.row.unit)}"


def _points(one: RowScore) -> str:
    return writing.number(None if one.score is None else two(one.score), 2)


def _reckoned(one: RowScore, counts: Mapping[str, float | None]) -> str:
    """`47 ÷ 48 × 100 = 97,92%`; empty where a count is not known."""
    if one.ratio is None:
        return ""
    return f"{_form(one.row, lambda name: writing.number(counts.get(name)))} = {_share(one)}"


def _earned(one: RowScore) -> str:
    """How its share becomes points, or why it does not."""
    if one.score is None or one.ratio is None:
        return f"{STATUS[one.status]} ({one.why})" if one.why else str(STATUS[one.status])
    full, limit = writing.number(one.row.points), Fraction(str(one.row.threshold or 100))
    told = {"limit": writing.number(float(limit)), "full": full}
    if one.ratio >= limit:
        return _("từ %(limit)s%% trở lên được cả %(full)s điểm") % told
    return _("%(share)s ÷ %(limit)s × %(full)s = %(points)s điểm") % {
        **told,
        "share": writing.number(two(one.ratio), 2),
        "points": _points(one),
    }


def _form(row: Row, write: Callable[[str], str]) -> str:
    """What is divided by what; `write` says each count by its title or by its number."""
    if row.kind == "yes_no":
        return f"{write(next(iter(row.counts)))} × 100"
    if row.kind == "rest":
        shares = " + ".join(_quotient(one.numerator, one.denominator, write) for one in row.shares)
        return f"100 − ({shares}) × 100"
    told = _quotient(row.numerator, row.denominator, write)
    if row.kind == "mean":
        return told
    return f"{told} × 100 × {write(row.factor)}" if row.factor else f"{told} × 100"


def _quotient(numerator: Side, denominator: Side, write: Callable[[str], str]) -> str:
    return f"{_side(numerator, write)} ÷ {_side(denominator, write)}"


def _side(side: Side, write: Callable[[str], str]) -> str:
    if isinstance(side, Amount) and side.largest_of:
        return _("số lớn nhất của (%(names)s)") % {"names": "; ".join(write(one) for one in side.largest_of)}
    minus = side.minus if isinstance(side, Amount) else []
    plus = side.plus if isinstance(side, Amount) else names_of(side)
    text = " + ".join(write(one) for one in plus) + "".join(f" − {write(one)}" for one in minus)
    return f"({text})" if len(plus) + len(minus) > 1 else text
