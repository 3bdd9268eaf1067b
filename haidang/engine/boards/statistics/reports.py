"""Who reports what, office by office: what was published last, what is awaited until when, what is late.

Late is what the desk and the matrix of connections call late: the office signed after the due day, or has not by now.
What it signed in time and nobody has published yet is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from haidang.engine.boards import definition as d
from haidang.engine.boards.statistics import due, words
from haidang.engine.boards.statistics.stats import sources_by_contract
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.indicators import periods
from haidang.engine.store.models import Source
from haidang.engine.submissions import desk
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.shelf import Way

# Periods looked at for the newest that is due, as in the matrix of connections.
NEWEST = 2


@dataclass(frozen=True, slots=True)
class Report:
    """One contract of one office."""

    title: str
    office: str
    phone: str
    last: str
    number: int
    following: due.Due
    # How the office stands with the newest period that is due; None: nothing was owed yet.
    standing: desk.Standing | None

    @property
    def late_days(self) -> int:
        return self.standing.days_late if self.standing else 0

    @property
    def awaited(self) -> str:
        """Which period comes next and until when, or what is late about the newest one that is due."""
        one = self.standing
        if one is None or one.kind == "waiting":
            return self.following.text
        said = {"period": words.of_period(one.period), "day": words.day(one.due), "n": one.days_late}
        if one.days_late:
            late = _("ký trễ %(n)d ngày: số %(period)s, hạn %(day)s")
            return (late if one.is_done else _("trễ %(n)d ngày: số %(period)s, hạn %(day)s")) % said
        if one.is_done and one.period.code >= self.following.period.code:
            return _("đã ký, chờ công bố: số %(period)s") % said
        return self.following.text


@dataclass(frozen=True, slots=True)
class Reports:
    title: str
    rows: Sequence[Report]

    @property
    def late(self) -> int:
        return sum(one.late_days > 0 for one in self.rows)


def reports(tile: d.ReportsTile, look: Look, domain: str) -> Reports:
    """Late ones first, then by the day they are due."""
    domains = tile.domains or [domain]
    sources = sources_by_contract(look)
    sheets = {
        address: contract
        for address, contract in look.library.sheets.items()
        if address.partition(".")[0] in domains and address in sources and contract.period != "none"
    }
    known = _published(list(sheets), look)
    standing = _standings({address: sources[address] for address in sheets}, look)
    rows = [
        _report(sheet, known.get(address), sources[address], standing.get(address), look)
        for address, sheet in sheets.items()
    ]
    return Reports(
        str(tile.title), sorted(rows, key=lambda one: (-one.late_days, one.following.on, one.title))
    )


def _standings(sources: Mapping[str, Source], look: Look) -> dict[str, desk.Standing]:
    """Contract → the newest period that is due; of several offices that owe it the latest one."""
    ways = [Way(contract, source) for contract, source in sources.items()]
    rows = desk.newest_due(desk.standings(ways, None, NEWEST, look.as_of))
    return {one.way.contract: one for one in sorted(rows, key=lambda one: one.days_late)}


def _published(contracts: Sequence[str], look: Look) -> dict[str, Submission]:
    """The last period of each contract that was published by then."""
    then = Q(published_at__isnull=False)
    if look.as_of is not None:
        then &= Q(published_at__lte=look.as_of)
    rows = Submission.objects.filter(then, contract__in=contracts).order_by("contract", "-period", "-number")
    return {one.contract: one for one in rows.distinct("contract").select_related("office")}


def _report(
    sheet: SheetContract, last: Submission | None, source: Source, standing: desk.Standing | None, look: Look
) -> Report:
    kind = sheet.period if sheet.period != "none" else "month"
    period = Period.parse(last.period) if last else None
    following = due.next_due(
        kind, periods.end_of(period) if period else None, sheet.due_days, look.now, source.connected_date
    )
    office = last.office if last and last.office else source.office
    return Report(
        title=str(sheet.title),
        office=office.short_name if office else str(sheet.office or _("chưa giao cơ quan")),
        phone=office.phone if office else "",
        last=words.period(period) if period else "",
        number=last.number if last else 0,
        following=following,
        standing=standing,
    )
