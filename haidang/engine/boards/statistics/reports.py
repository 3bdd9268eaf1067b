"""Who reports what, office by office: what was published last, what is awaited until when, what is late."""

from __future__ import annotations

from collections.abc import Sequence
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
from haidang.engine.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class Report:
    """One contract of one office."""

    title: str
    office: str
    phone: str
    last: str
    number: int
    due: due.Due


@dataclass(frozen=True, slots=True)
class Reports:
    title: str
    rows: Sequence[Report]

    @property
    def late(self) -> int:
        return sum(one.due.is_late for one in self.rows)


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
    rows = [_report(sheet, known.get(address), sources[address], look) for address, sheet in sheets.items()]
    return Reports(str(tile.title), sorted(rows, key=lambda one: (-one.due.late_days, one.due.on, one.title)))


def _published(contracts: Sequence[str], look: Look) -> dict[str, Submission]:
    """The last period of each contract that was published by then."""
    then = Q(published_at__isnull=False)
    if look.as_of is not None:
        then &= Q(published_at__lte=look.as_of)
    rows = Submission.objects.filter(then, contract__in=contracts).order_by("contract", "-period", "-number")
    return {one.contract: one for one in rows.distinct("contract").select_related("office")}


def _report(sheet: SheetContract, last: Submission | None, source: object, look: Look) -> Report:
    kind = sheet.period if sheet.period != "none" else "month"
    period = Period.parse(last.period) if last else None
    following = due.next_due(kind, periods.end_of(period) if period else None, sheet.due_days, look.now)
    office = last.office if last and last.office else getattr(source, "office", None)
    return Report(
        title=str(sheet.title),
        office=office.short_name if office else str(sheet.office or _("chưa giao cơ quan")),
        phone=office.phone if office else "",
        last=words.period(period) if period else "",
        number=last.number if last else 0,
        due=following,
    )
