"""What stands in red for a leader: urgent alarms, orders past their deadline, late reports, plans in danger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from haidang.engine.alarms.models import Alarm
from haidang.engine.alarms.past import Past, open_at
from haidang.engine.boards import definition as d
from haidang.engine.boards.statistics.shown import Tile
from haidang.engine.boards.tiles import Look
from haidang.engine.incidents.models import Order

STANDING = ("unacked", "acked")
WORST = 2  # the lowest priority that is red


@dataclass(frozen=True, slots=True)
class Line:
    """One red thing: how grave, what, where or of whom, and where it is dealt with."""

    priority: int
    text: str
    of: str
    url: str


@dataclass(frozen=True, slots=True)
class Red:
    """`total` counts those that have no room too."""

    title: str
    lines: Sequence[Line]
    total: int
    # Orders are not told again as of an earlier instant: then this says so.
    note: str


def red(tile: d.RedTile, look: Look, tiles: Sequence[tuple[str, Tile]]) -> Red:
    """The gravest first, never more than `most` lines, all of them counted."""
    lines = [*_alarms(look), *_orders(look), *_statistics(tiles)]
    lines.sort(key=lambda line: line.priority)
    note = _("Lệnh quá hạn chỉ xem được ở hiện tại.") if look.as_of else ""
    return Red(str(tile.title), lines[: tile.most], len(lines), note)


def _alarms(look: Look) -> list[Line]:
    if look.person is None:
        return []
    if look.as_of is not None:
        rows = [
            one
            for one in open_at(look.person, look.as_of)
            if one.state in STANDING and not (one.alarm.asset and one.alarm.asset.is_trial)
        ]
    else:
        mine = Alarm.objects.for_user(look.person)
        open_now = (mine.in_state("unacked") | mine.in_state("acked")).filter(priority__lte=WORST)
        # What somebody tries out is no trouble of the province.
        open_now = open_now.exclude(asset__is_trial=True)
        rows = [
            Past.now(one)
            for one in open_now.select_related("asset", "source", "place").order_by("priority", "-raised_at")
        ]
    return [
        Line(one.priority, one.alarm.title, one.alarm.where_told, one.alarm.get_absolute_url())
        for one in rows
        if one.priority <= WORST
    ]


def _orders(look: Look) -> list[Line]:
    if look.person is None or look.as_of is not None:
        return []
    mine = Order.objects.for_user(look.person).unfinished()
    late = mine.filter(deadline_at__lt=look.now, done_at=None).select_related("office")
    return [
        Line(
            one.priority,
            _("Lệnh quá hạn: %(text)s") % {"text": one.text},
            one.office.short_name,
            one.get_absolute_url(),
        )
        for one in late.order_by("priority", "deadline_at")
    ]


def _statistics(tiles: Sequence[tuple[str, Tile]]) -> list[Line]:
    """Numbers of this board that are late, or behind their plan."""
    found = []
    for title, one in tiles:
        stat = one.stat
        if stat is None:
            continue
        if stat.is_late:
            found.append(Line(3, f"{title}: {stat.due.text}", stat.owner, stat.why_url))
        elif stat.is_behind and stat.progress:
            found.append(Line(3, f"{title}: {stat.progress.pace}", stat.owner, stat.progress.why_url))
    return found
