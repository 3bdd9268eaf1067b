"""What the pages of reports show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards.content import library
from haidang.engine.boards.statistics import words
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.people.rights import may
from haidang.engine.reports import cycles
from haidang.engine.reports.content import templates
from haidang.engine.reports.making import NotToBeMade
from haidang.engine.reports.models import Report, Schedule
from haidang.engine.reports.paper import Number

if TYPE_CHECKING:
    from haidang.engine.people.models import Person


def subjects() -> list[tuple[str, str]]:
    """What can be reported: templates first, then boards."""
    drafts = [(address, str(one.title)) for address, one in sorted(templates().items())]
    boards = [
        (address, _("Bảng: %(title)s") % {"title": one.title})
        for address, one in sorted(library().boards.items())
        if one.layout == "board"
    ]
    return [*drafts, *boards]


def schedules_of(person: Person) -> QuerySet[Schedule]:
    """One's own; whoever manages people sees all, because an owner may be gone."""
    mine = Q() if may(person, "people.manage") else Q(owner=person)
    refused = Count(
        "runs__sendings",
        filter=Q(runs__sendings__state="refused", runs__sendings__told_at=None),
        distinct=True,
    )
    return (
        Schedule.objects.filter(mine)
        .annotate(refused=refused, people=Count("recipients", distinct=True))
        .order_by("-is_active", "title")
    )


def when(schedule: Schedule) -> str:
    """The cycle in words."""
    hour = _("%(hour)d giờ") % {"hour": schedule.hour}
    if schedule.cycle == Schedule.Cycle.DAILY:
        return _("%(hour)s mỗi ngày làm việc") % {"hour": hour}
    if schedule.cycle == Schedule.Cycle.WEEKLY:
        said = {"hour": hour, "day": weekday(schedule.weekday)}
        return _("%(hour)s %(day)s hằng tuần; gặp ngày nghỉ thì ngày làm việc kế tiếp") % said
    said_n = {"hour": hour, "n": schedule.days_after}
    return _("%(hour)s, %(n)d ngày làm việc sau hạn nộp số liệu tháng") % said_n


def weekday(number: int) -> str:
    names = (_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ Nhật"))
    return names[number - 1]


def next_at(schedule: Schedule) -> datetime | None:
    """When it is sent next; None while it stands still or its board is gone."""
    if not schedule.is_active:
        return None
    try:
        turn = cycles.next_turn(schedule, clock.now())
    except NotToBeMade:
        return None
    return turn.due_at if turn else None


def period_words(code: str) -> str:
    return words.period(Period.parse(code)) if code else _("mới nhất")


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a report with where it stands."""

    path: str
    number: Number


def lines_of(report: Report) -> Sequence[Line]:
    return [Line(path.replace(" / ", " › "), one) for path, one in report.known.items()]
