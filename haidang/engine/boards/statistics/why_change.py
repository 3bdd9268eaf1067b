""" "Vì sao?" of a change of the province and of its communes' parts: what is taken from what, down to their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haidang.engine.boards import writing
from haidang.engine.boards.asof import as_of_from, instant_from, looks_back
from haidang.engine.boards.statistics import words
from haidang.engine.boards.statistics.change_parts import NUMBERS, Change, Number, change_of, sees_all
from haidang.engine.boards.statistics.stats import why_url
from haidang.engine.boards.tiles import Look
from haidang.engine.forecasting.decomposing import Part
from haidang.engine.indicators import periods
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.paging import number_in
from haidang.engine.people.rights import requires


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune that is in the number: its two figures, each with the way to its cell, and their difference."""

    name: str
    now: str
    now_url: str
    before: str
    before_url: str
    change: str


@dataclass(slots=True)
class ChangeWalk:
    """Everything the drawer shows. `whole_url` leads to the change of the whole, where only a part is asked about."""

    title: str
    subject: str
    period: str
    against: str
    value: str
    unit: str
    status: str = ""
    sum_text: str = ""
    whole: str = ""
    whole_url: str = ""
    communes: Sequence[Commune] = ()
    counted_in: str = ""  # unit of the numbers of the communes


@dataclass(frozen=True, slots=True)
class ChangeAsked:
    """What a form asks again beside `as_of`."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    now_url: str = ""


@require_safe
@requires("figure.see")
@shared_fragment
@looks_back
def why_change(request: HttpRequest) -> HttpResponse:
    """The drawer, or a page of its own where it is opened as one."""
    get, look = request.GET, Look.at(as_of_from(request), request.user)
    address, at, against = get.get("indicator", ""), instant_from(get.get("at", "")), get.get("voi", "")
    entry, number = look.library.statistics.entries.get(address), NUMBERS.get(get.get("so", ""))
    if entry is None or at is None or number is None or against not in ("last", "year"):
        raise Http404(address)
    try:
        periods.ending(at, entry.statistic.period)
    except ValueError:
        raise Http404(str(at)) from None
    if not sees_all(address, look):
        raise Http404(address)
    found = change_of(address, "last" if against == "last" else "year", look, at)
    if found is None:
        raise Http404(address)
    codes, after = get.getlist("xa"), number_in(get.get("sau", "")) or 0
    query = get.copy()
    query.pop("as_of", None)
    in_drawer = bool(request.headers.get("HX-Request"))
    context = {
        "walk": _walk(found, number, codes, after),
        "q": ChangeAsked(
            [(name, value) for name, those in query.lists() for value in those],
            f"{reverse('boards:why_change')}?{query.urlencode()}",
        ),
        "as_of": look.as_of,
        "in_drawer": in_drawer,
    }
    name = "why_change_drawer" if in_drawer else "why_change"
    return render(request, f"boards/statistics/{name}.html", context)


def _walk(found: Change, number: Number, codes: Sequence[str], after: int) -> ChangeWalk:
    by_code = {one.key: one for one in found.taken.parts}
    if not found.note and any(one not in by_code for one in codes):
        raise Http404(",".join(codes))
    parts = [by_code[one] for one in codes if one in by_code] if codes else list(found.taken.parts[after:])
    is_whole = not codes and not after
    names = ", ".join(found.names[one] for one in codes if one in found.names)
    against = words.of_period(found.earlier)
    walk = ChangeWalk(
        title=_title(found, number),
        subject=names or found.home.place.name,
        period=words.period(found.period),
        against=against,
        value=writing.NONE,
        unit="",
        status=found.note,
    )
    if found.note:
        return walk
    walk.value, walk.unit, walk.sum_text = _reckoned(found, number, parts, is_whole=is_whole)
    if not is_whole:
        walk.whole, walk.whole_url = found.signed(found.taken.change), found.url("change")
    walk.communes = [_commune(found, one) for one in parts]
    walk.counted_in = writing.unit(found.statistic.unit)
    return walk


def _title(found: Change, number: Number) -> str:
    told = {"title": str(found.statistic.title), "period": words.of_period(found.earlier)}
    if number == "now":
        return told["title"]
    if number == "before":
        return f"{told['title']}, {told['period']}"
    if number == "share":
        return _("%(title)s: phần của mức thay đổi so với %(period)s") % told
    if number == "points":
        return _("%(title)s: góp vào tổng, so với %(period)s") % told
    return _("%(title)s so với %(period)s") % told


def _reckoned(
    found: Change, number: Number, parts: Sequence[Part[str]], *, is_whole: bool
) -> tuple[str, str, str]:
    """The number as the board writes it, its unit, and how it comes out."""
    taken, unit = found.taken, writing.unit(found.statistic.unit)
    now, before, whole = found.number(taken.now), found.number(taken.before), found.signed(taken.change)
    if number in ("now", "before"):
        value = now if number == "now" else before
        return value, unit, _("cộng số của %(n)d xã, phường = %(sum)s") % {"n": len(parts), "sum": value}
    if number == "step":
        form = f"({now} − {before}) ÷ {before}" if found.step.unit == "%" else f"{now} − {before}"
        return found.step.text, "", f"{form} = {found.step.text}"
    change = found.change(parts)
    if number == "change":
        return change, unit, _difference(found, parts, change, is_whole=is_whole)
    if number == "share":
        value = found.share(parts)
        return value, "%", f"{change} ÷ {whole} × 100 = {value}%"
    value = found.points(parts)
    return value, _("điểm %"), f"{change} ÷ {before} × 100 = {value}"


def _difference(found: Change, parts: Sequence[Part[str]], change: str, *, is_whole: bool) -> str:
    if is_whole:
        return f"{found.number(found.taken.now)} − {found.number(found.taken.before)} = {change}"
    if len(parts) == 1:
        return f"{found.number(parts[0].now)} − {found.number(parts[0].before)} = {change}"
    return _("cộng thay đổi của %(n)d xã, phường = %(sum)s") % {"n": len(parts), "sum": change}


def _commune(found: Change, part: Part[str]) -> Commune:
    there, here = found.ids_now.get(part.key), found.ids_before.get(part.key)
    return Commune(
        name=found.names[part.key],
        now=found.number(part.now) if there else writing.NONE,
        now_url=why_url(found.look, found.address, there, found.at) if there else "",
        before=found.number(part.before) if here else writing.NONE,
        before_url=why_url(found.look, found.address, here, found.then) if here else "",
        change=found.signed(part.change),
    )
