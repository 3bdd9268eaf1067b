"""When the next number of a statistic is due, and whether it is late: said by the contract, not guessed from an age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards.content import Library
from haidang.engine.boards.statistics import words
from haidang.engine.contracts.sheets.days import Period, PeriodName
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.statistic import bare
from haidang.engine.submissions.periods_owed import days_late


@dataclass(frozen=True, slots=True)
class Due:
    """The period that comes next and the last day on which it is on time."""

    period: Period
    on: date
    late_days: int
    is_over: bool  # the period itself

    @property
    def is_late(self) -> bool:
        return self.late_days > 0

    @property
    def ends_at(self) -> datetime:
        """The first instant at which it is late."""
        return datetime.combine(self.on + timedelta(days=1), time(), clock.LOCAL)

    @property
    def text(self) -> str:
        said = {"period": words.of_period(self.period), "day": words.day(self.on), "n": self.late_days}
        if self.is_late:
            return _("trễ %(n)d ngày: số %(period)s, hạn %(day)s") % said
        if self.is_over:
            return _("chờ số %(period)s, hạn %(day)s") % said
        return _("kỳ sau: %(period)s, hạn %(day)s") % said

    @property
    def short(self) -> str:
        """For a column of a table: `11/26, 20/12/2026`."""
        said = {"period": words.short_period(self.period), "day": words.day(self.on), "n": self.late_days}
        return _("%(period)s trễ %(n)d ngày") % said if self.is_late else f"{said['period']}, {said['day']}"


def next_due(
    kind: PeriodName, newest: datetime | None, grace_days: int, now: datetime, connected: date = date.min
) -> Due:
    """After the period that is over at `newest`; without any, the last one that had to be there by `now`. `connected`:
    the day its source was.
    """
    if newest is not None:
        following = periods.back(periods.ending(newest, kind), -1)
    else:
        following = periods.back(periods.holding(now, kind), 1)
    on = following.last_day + timedelta(days=grace_days)
    late = days_late(on, clock.local(now).date(), connected)
    return Due(following, on, late, now >= periods.end_of(following))


def contracts_of(catalogue: Catalogue, address: str) -> list[str]:
    """Contracts whose cells an indicator rests on, its own or those behind its formula."""
    found: list[str] = []
    todo, seen = [bare(address)], set()
    while todo:
        entry = catalogue.entries.get(one := todo.pop(0))
        if entry is None or one in seen:
            continue
        seen.add(one)
        if entry.statistic.contract:
            found.append(entry.statistic.contract)
        todo += [bare(name) for name in entry.inputs]
    return list(dict.fromkeys(found))


def grace(lib: Library, contracts: Iterable[str], kind: PeriodName) -> int:
    """Days after the end of a period; of several contracts of that period the slowest decides."""
    known = [lib.sheets[name] for name in contracts if name in lib.sheets]
    same = [one.due_days for one in known if one.period == kind]
    return max(same or [one.due_days for one in known], default=0)
