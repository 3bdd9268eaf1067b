"""Worked examples of deadlines, worked out by hand with the law and a paper calendar beside.

Our code and a LibreOffice sheet written from the same law must both come to `due`. The free days below are copied from
the decisions of 2024, 2025 and 2026, not from our content and not from the package `holidays`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

# Weekdays that are free.
FREE_2024 = "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03"
FREE_2025 = "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02"
FREE_2026 = "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24"
FREE = [
    date.fromisoformat(f"{year}-{day}")
    for year, days in ((2024, FREE_2024), (2025, FREE_2025), (2026, FREE_2026))
    for day in days.split()
]
WORKED_SATURDAYS = [date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)]


@dataclass(frozen=True)
class Example:
    name: str
    received: str
    amount: float
    unit: str
    # A day for terms in days, an instant for those in hours.
    due: str
    waits: tuple[tuple[str, str], ...] = ()
    half_saturdays: bool = False

    def __str__(self) -> str:
        return self.name


def moment(words: str) -> datetime:
    """As people write it, without zone: LibreOffice knows none."""
    return datetime.fromisoformat(words)


_WAIT = ("2026-10-07T15:00", "2026-10-14T10:00")
EXAMPLES = [
    Example("five days over Tết 2026", "2026-02-13T16:00", 5, "working_days", "2026-02-27"),
    Example("received after hours before Tết", "2026-02-13T17:30", 5, "working_days", "2026-03-02"),
    Example("received on a Saturday before Tết", "2026-02-14T10:00", 5, "working_days", "2026-03-02"),
    Example("received in the lunch break", "2026-10-05T12:00", 1, "working_days", "2026-10-06"),
    Example("received before the office opens", "2026-10-05T06:00", 1, "working_days", "2026-10-06"),
    Example("a day over the New Year of 2026, swapped", "2025-12-31T09:00", 1, "working_days", "2026-01-05"),
    Example("the Saturday worked for it", "2026-01-08T09:00", 2, "working_days", "2026-01-10"),
    Example("the swapped Saturday is worked", "2026-08-20T09:00", 2, "working_days", "2026-08-22"),
    Example("received on the swapped Saturday", "2026-08-22T10:00", 1, "working_days", "2026-08-24"),
    Example("received on an ordinary Saturday", "2026-08-15T10:00", 1, "working_days", "2026-08-18"),
    Example("31 August is off", "2026-08-28T09:00", 1, "working_days", "2026-09-03"),
    Example("a fortnight over both", "2026-08-19T09:00", 10, "working_days", "2026-09-04"),
    Example("Giỗ Tổ is made up for, then 30/4 and 1/5", "2026-04-24T09:00", 3, "working_days", "2026-05-04"),
    Example("24 November 2026", "2026-11-23T09:00", 1, "working_days", "2026-11-25"),
    Example("the swap of 2025", "2025-04-25T09:00", 1, "working_days", "2025-04-26"),
    Example("the swap of 2024", "2024-04-26T09:00", 2, "working_days", "2024-05-03"),
    Example("half a day", "2026-10-05T09:00", 0.5, "working_days", "2026-10-06"),
    Example("days run over a weekend", "2026-10-01T09:00", 5, "days", "2026-10-06"),
    Example("days that end on a day off", "2026-08-28T09:00", 3, "days", "2026-09-03"),
    Example("days that end on a Sunday", "2026-10-02T09:00", 2, "days", "2026-10-05"),
    Example("days that end on the swapped Saturday", "2026-08-20T09:00", 2, "days", "2026-08-22"),
    Example("days that end in Tết", "2026-02-13T16:00", 5, "days", "2026-02-23"),
    Example("two half Saturdays make a day", "2026-06-04T09:00", 10, "working_days", "2026-06-17", half_saturdays=True),
    Example("a term that ends on half a Saturday", "2026-06-04T09:00", 1.5, "working_days", "2026-06-06", half_saturdays=True),
    Example("received on a worked Saturday morning", "2026-06-06T10:00", 1, "working_days", "2026-06-08", half_saturdays=True),
    Example("received on a Saturday afternoon", "2026-06-06T12:00", 1, "working_days", "2026-06-09", half_saturdays=True),
    Example("the swapped Saturday is whole", "2026-08-21T09:00", 1, "working_days", "2026-08-22", half_saturdays=True),
    Example("half Saturdays over Tết", "2026-02-13T16:00", 5, "working_days", "2026-02-26", half_saturdays=True),
    Example("waiting once", "2026-10-05T09:00", 10, "working_days", "2026-10-26", (_WAIT,)),
    Example("waiting twice, the answer after hours", "2026-10-05T09:00", 10, "working_days", "2026-10-29", (_WAIT, ("2026-10-20T09:00", "2026-10-22T18:00"))),
    Example("asked on the last day", "2026-10-05T09:00", 2, "working_days", "2026-10-12", (("2026-10-07T09:00", "2026-10-12T09:00"),)),
    Example("asked when it was over", "2026-10-05T09:00", 2, "working_days", "2026-10-07", (("2026-10-08T09:00", "2026-10-12T09:00"),)),
    Example("asked on the day of receipt", "2026-10-05T09:00", 2, "working_days", "2026-10-09", (("2026-10-05T16:00", "2026-10-07T09:00"),)),
    Example("waiting over Tết", "2026-02-09T09:00", 5, "working_days", "2026-02-27", (("2026-02-11T10:00", "2026-02-24T09:00"),)),
    Example("answered on a Sunday", "2026-10-05T09:00", 3, "working_days", "2026-10-14", (("2026-10-06T10:00", "2026-10-11T20:00"),)),
    Example("waiting with half Saturdays", "2026-08-20T09:00", 5, "working_days", "2026-09-03", (("2026-08-21T09:00", "2026-08-25T10:00"),), half_saturdays=True),
    Example("days while one waits", "2026-10-01T09:00", 10, "days", "2026-10-14", (("2026-10-06T09:00", "2026-10-09T09:00"),)),
    Example("days, answered on a Sunday", "2026-10-01T09:00", 10, "days", "2026-10-19", (("2026-10-06T09:00", "2026-10-11T09:00"),)),
    Example("eight working hours over Tết", "2026-02-13T16:00", 8, "working_hours", "2026-02-23T16:30"),
    Example("working hours over lunch", "2026-10-05T11:00", 1, "working_hours", "2026-10-05T14:00"),
    Example("working hours from the evening", "2026-10-05T19:00", 2, "working_hours", "2026-10-06T09:30"),
    Example("working hours on half a Saturday", "2026-06-05T16:30", 3, "working_hours", "2026-06-06T10:00", half_saturdays=True),
    Example("working hours on the swapped Saturday", "2026-08-21T16:30", 8, "working_hours", "2026-08-22T17:00"),
    Example("working hours while one waits", "2026-10-05T08:00", 4, "working_hours", "2026-10-06T10:30", (("2026-10-05T09:00", "2026-10-06T07:30"),)),
    Example("hours run through the night", "2026-10-05T22:00", 12, "hours", "2026-10-06T10:00"),
    Example("hours run through Tết", "2026-02-16T08:00", 24, "hours", "2026-02-17T08:00"),
    Example("hours while one waits", "2026-10-05T22:00", 12, "hours", "2026-10-06T13:00", (("2026-10-06T01:00", "2026-10-06T04:00"),)),
]  # fmt: skip
