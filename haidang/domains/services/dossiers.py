"""Dossiers counted: received, in time, late, online, paid online, by centre; and those that will soon be due.

A dossier is judged by days, as its list has only days: returned before its due day it is early, on it on time, after it
late. A due day on which nobody works lasts until the next working day (Bộ luật Dân sự 2015, Điều 148). What the list does not say is not guessed: it is counted apart, and a sum it would have gone into is unknown (None).
Who applied is never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from haidang.engine.contracts.sheets.centres import Centre, Centres
from haidang.engine.workdays.calendar import WHOLE, Workdays

# Column of the contract `services.dossiers` → value, as the judging of a file gives it.
Values = Mapping[str, object]


class Dossier(NamedTuple):
    """One line of the list. `due` and `received` are days; `returned` is None while it is open."""

    code: str
    procedure: str
    centre: Centre
    received: date
    due: date
    returned: date | None
    channel: str
    state: str
    fee: float | None
    payment: str | None


class Standing(StrEnum):
    """Where a dossier stands on a day."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    RUNNING = "running"
    OVERDUE = "overdue"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    # Said to be done, without the day.
    UNDATED = "undated"


class Incomplete(ValueError):
    """A line that cannot be counted; its text is the columns it lacks, with commas."""


# Without these a line cannot be counted.
NEEDED = ("code", "procedure", "office", "received", "due", "channel", "state")


def dossier(values: Values, centres: Centres) -> Dossier:
    """A judged line. Raises Incomplete where a value it needs was at fault or is not there."""
    if lacking := [name for name in NEEDED if values.get(name) is None]:
        raise Incomplete(", ".join(lacking))
    fee, payment = values.get("fee"), values.get("payment")
    received, due = _day(values["received"]), _day(values["due"])
    if received is None or due is None:
        raise Incomplete("received, due")
    return Dossier(
        code=str(values["code"]),
        procedure=str(values["procedure"]),
        centre=centres.of(str(values["office"])),
        received=received,
        due=due,
        returned=_day(values.get("returned")),
        channel=str(values["channel"]),
        state=str(values["state"]),
        fee=float(fee) if isinstance(fee, int | float) else None,
        payment=None if payment is None else str(payment),
    )


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def standing(one: Dossier, on: date, workdays: Workdays) -> Standing:
    """On the evening of a day: what was returned later was still open then."""
    if one.state == "withdrawn":
        return Standing.WITHDRAWN
    last = workdays.counted_from(one.due)
    if one.returned is not None and one.returned <= on:
        if one.returned > last:
            return Standing.LATE
        return Standing.EARLY if one.returned < one.due else Standing.ON_TIME
    if one.returned is None and one.state in {"done", "refused"}:
        return Standing.UNDATED
    if one.state == "paused":
        return Standing.PAUSED
    return Standing.RUNNING if on <= last else Standing.OVERDUE


@dataclass(slots=True)
class Tally:
    """Dossiers of one centre, or of several together. Every dossier received is in exactly one standing."""

    received: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    running: int = 0
    overdue: int = 0
    paused: int = 0
    withdrawn: int = 0
    undated: int = 0
    refused: int = 0
    online: int = 0
    with_fee: int = 0
    paid_online: int = 0
    # It may have been paid online, but the list leaves open how, or whether there was a fee; and without a word about a fee.
    payment_unknown: int = 0
    fee_unknown: int = 0
    # Working days from receipt to return, of those returned.
    half_days: int = field(default=0)

    @property
    def returned(self) -> int:
        """Finished on a known day."""
        return self.early + self.on_time + self.late

    @property
    def in_time(self) -> int:
        return self.early + self.on_time

    @property
    def handled(self) -> int:
        """Received and not withdrawn."""
        return self.received - self.withdrawn

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)))

    def as_dict(self) -> dict[str, float | None]:
        """With the sums; paid online is unknown where the list leaves it open."""
        counts: dict[str, float | None] = {
            one.name: getattr(self, one.name) for one in fields(Tally) if one.name != "half_days"
        }
        counts["paid_online"] = None if self.payment_unknown else self.paid_online
        return {
            **counts,
            "returned": self.returned,
            "in_time": self.in_time,
            "working_days": self.half_days / WHOLE,
        }

    def index_counts(self) -> dict[str, dict[str, float | None]]:
        """What these dossiers give to the rows of QĐ 766. Rows they say nothing about are not there.

        A dossier that waits for the citizen counts as within its term; one that was withdrawn counts nowhere.
        """
        sure = not self.undated
        return {
            "2.1": {
                "in_time": self.in_time + self.running + self.paused if sure else None,
                "handled": self.handled,
            },
            "2.2": {
                "days": self.half_days / WHOLE if sure else None,
                "finished": self.returned if sure else None,
            },
            "3.6": {
                "paid_online": None if self.payment_unknown else self.paid_online,
                "with_fee": None if self.fee_unknown else self.with_fee,
            },
            "5.4": {"overdue": self.late + self.overdue if sure else None, "dossiers": self.handled},
        }


def tally(dossiers: Iterable[Dossier], on: date, workdays: Workdays) -> dict[Centre, Tally]:
    """Counts by centre on the evening of a day; dossiers received after it are not there yet."""
    found: dict[Centre, Tally] = {}
    for one in dossiers:
        if one.received <= on:
            _count(found.setdefault(one.centre, Tally()), one, standing(one, on, workdays), workdays)
    return found


def _count(counts: Tally, one: Dossier, stands: Standing, workdays: Workdays) -> None:
    counts.received += 1
    setattr(counts, stands.value, getattr(counts, stands.value) + 1)
    counts.online += one.channel == "online"
    counts.refused += one.state == "refused"
    if stands in {Standing.EARLY, Standing.ON_TIME, Standing.LATE} and one.returned:
        counts.half_days += workdays.count(one.received, one.returned)
    counts.fee_unknown += one.fee is None
    if one.fee is None or one.fee > 0:
        is_paid = one.fee is not None and one.payment == "online"
        counts.with_fee += one.fee is not None
        counts.paid_online += is_paid
        # What was paid at the counter was not paid online, whatever the fee.
        counts.payment_unknown += not is_paid and one.payment in (None, "online")


class Due(NamedTuple):
    """An open dossier and the working days that are left of it: 0 on its last day, negative when it is over; on the days
    off behind its last day it is over and still at 0.
    """

    dossier: Dossier
    left: float
    is_over: bool


def close_to_due(dossiers: Iterable[Dossier], on: date, workdays: Workdays, within: float = 2) -> list[Due]:
    """Open dossiers that are overdue or have at most `within` working days left, most urgent first.

    Those that wait for the citizen are not among them: their time stands.
    """
    found = [
        Due(one, workdays.count(on, workdays.counted_from(one.due)) / WHOLE, stands is Standing.OVERDUE)
        for one in dossiers
        if one.received <= on
        and (stands := standing(one, on, workdays)) in {Standing.RUNNING, Standing.OVERDUE}
    ]
    return sorted(
        (due for due in found if due.left <= within),
        key=lambda due: (due.left, due.dossier.due, due.dossier.code),
    )


def due_on_days_off(dossiers: Iterable[Dossier], workdays: Workdays) -> Iterator[Dossier]:
    """Dossiers that were promised for a day on which nobody works: an error of the system that made the date."""
    return (one for one in dossiers if not workdays.sessions(one.due))
