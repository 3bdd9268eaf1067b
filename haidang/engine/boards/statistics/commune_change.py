"""“Xã nào làm nên thay đổi”: a change of the province taken apart into those of its communes, down to the last decimal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haidang.engine.boards import definition as d
from haidang.engine.boards import writing
from haidang.engine.boards.statistics import breakdown, due, words
from haidang.engine.boards.statistics.change_parts import Change, Number, change_of, sees_all
from haidang.engine.boards.statistics.home import home_of
from haidang.engine.boards.statistics.linking import why_link
from haidang.engine.boards.statistics.stats import why_url
from haidang.engine.boards.tiles import Look
from haidang.engine.forecasting.decomposing import Part


@dataclass(frozen=True, slots=True)
class Cell:
    """One number as it is written; without `why` there is none."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One commune's part."""

    name: str
    now: Cell
    before: Cell
    change: Cell
    share: Cell
    points: Cell
    sign: words.Sign


@dataclass(frozen=True, slots=True)
class CommuneChange:
    """The parts of a change, the largest first; those that are not listed stand in `rest`. `note` says why there are none."""

    title: str
    unit: str
    period: str
    against: str
    note: str = ""
    sentence: str = ""
    now: Cell = Cell("")
    before: Cell = Cell("")
    change: Cell = Cell("")
    lines: Sequence[Line] = ()
    rest: Cell = Cell("")
    rest_communes: int = 0
    source: str = ""
    owner: str = ""
    due: due.Due | None = None
    is_denied: bool = False


def commune_change(tile: d.CommuneChangeTile, look: Look) -> CommuneChange:
    entry, home = look.library.statistics.entries.get(tile.indicator), home_of(look)
    title = str(tile.title)
    if entry is None or home is None:
        return CommuneChange(title, "", "", "", note=_("Chỉ tiêu này không tính được: nội dung đang có lỗi."))
    if not sees_all(tile.indicator, look):
        return CommuneChange(title, entry.statistic.unit, "", "", is_denied=True)
    found = change_of(tile.indicator, tile.against, look)
    if found is None:
        return CommuneChange(
            title, entry.statistic.unit, "", "", note=_("Chưa công bố số nào theo xã, phường.")
        )
    return _told(title, tile.most, found)


def _told(title: str, most: int, found: Change) -> CommuneChange:
    source, owner, following = breakdown.told(found.address, found.look, found.statistic, found.at)
    taken, rest = found.taken, found.taken.parts[most:]
    is_known = not found.note
    return CommuneChange(
        title=title,
        unit=writing.unit(found.statistic.unit),
        period=words.period(found.period),
        against=words.of_period(found.earlier),
        note=found.note,
        sentence=_sentence(found) if is_known else "",
        now=Cell(found.number(taken.now), found.url("now")),
        before=Cell(found.number(taken.before), found.url("before")),
        change=Cell(found.signed(taken.change), found.url("change")),
        lines=[_line(found, part) for part in taken.parts[:most]],
        rest=Cell(found.change(rest), found.url("change", after=most)),
        rest_communes=len(rest),
        source=source,
        owner=owner,
        due=following,
    )


def _line(found: Change, part: Part[str]) -> Line:
    there, here = found.ids_now.get(part.key), found.ids_before.get(part.key)

    def stated(value: float, place: int | None, end: str) -> Cell:
        if place is None:
            return Cell(writing.NONE)
        at = found.at if end == "now" else found.then
        return Cell(found.number(value), why_url(found.look, found.address, place, at))

    def reckoned(text: str, number: Number) -> Cell:
        return Cell(text, "" if text == writing.NONE else found.url(number, [part.key]))

    share = found.share([part])
    return Line(
        name=found.names[part.key],
        now=stated(part.now, there, "now"),
        before=stated(part.before, here, "before"),
        change=reckoned(found.signed(part.change), "change"),
        share=reckoned(share if share == writing.NONE else f"{share}%", "share"),
        points=reckoned(found.points([part]), "points"),
        sign="up" if part.change > 0 else "down" if part.change < 0 else "same",
    )


def _sentence(found: Change) -> str:
    """Who did most of it, and who went the other way; its numbers lead to their reasons."""
    taken, against = found.taken, words.of_period(found.earlier)
    if not taken.change:
        return _("Tổng không đổi so với %(period)s.") % {"period": against}
    same = [one for one in taken.parts if one.change * taken.change > 0][:3]
    other = [one for one in taken.parts if one.change * taken.change < 0]
    text = _linked(
        _("Tổng %(change)s so với %(period)s; nhiều nhất do %(names)s (%(share)s%% mức thay đổi)."),
        change=why_link(found.url("step"), found.step.text),
        period=against,
        names=", ".join(found.names[one.key] for one in same),
        share=why_link(found.url("share", [one.key for one in same]), found.share(same)),
    )
    if not other:
        return text
    by = why_link(found.url("change", [other[0].key]), found.signed(other[0].change))
    return text + _linked(
        " " + _("Ngược chiều: %(n)d xã, phường, nhiều nhất là %(name)s (%(by)s)."),
        n=len(other),
        name=found.names[other[0].key],
        by=SafeString(f"{by} {escape(writing.unit(found.statistic.unit))}".strip()),
    )


def _linked(form: str, **told: str | int) -> SafeString:
    """A sentence with links in it; what is no link is escaped."""
    return SafeString(
        escape(form)
        % {key: one if isinstance(one, int) else conditional_escape(one) for key, one in told.items()}
    )
