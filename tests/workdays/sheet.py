"""The same deadlines as a workbook of formulas, written from the law; LibreOffice computes it.

Sheet `Lịch` holds what the decisions say: free weekdays, Saturdays that are worked, all other Saturdays. With these three
lists WORKDAY.INTL and NETWORKDAYS.INTL know the Vietnamese calendar: only Sunday is their weekend (11), and the other
Saturdays are days off like holidays. Half a Saturday has no function: a column of days is summed up instead.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.workdays.examples import FREE, WORKED_SATURDAYS, Example, moment

_FIRST, _LAST = date(2024, 1, 1), date(2026, 12, 31)
_MORNING, _AFTERNOON = ("TIME(7,30,0)", "TIME(11,30,0)"), ("TIME(13,30,0)", "TIME(17,0,0)")
# Days after the receipt that are laid out for a term without a function of its own.
_DAYS = 40
# Days from the due day on which one asks what is left.
REMAINING = (-9, -1, 0, 3)


class Deadlines:
    """Writes one column block of cells for each example and remembers where its answer stands."""

    def __init__(self, path: Path) -> None:
        self.book = Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss"})
        self.lists: dict[str, str] = {}
        self._calendar()
        self.answers: Worksheet = self.book.add_worksheet("Kết quả")
        self._written = 0

    def add(self, example: Example) -> None:
        """One row of `Kết quả`: name, answer; the way to it stands on a sheet of its own."""
        sheet = self.book.add_worksheet(f"Ví dụ {self._written + 1}")
        cells = _Cells(sheet)
        if example.unit == "working_days":
            answer = self._working_days(cells, example)
        elif example.unit == "days":
            answer = self._days(cells, example)
        elif example.unit == "hours":
            answer = self._hours(cells, example)
        else:
            answer = self._working_hours(cells, example)
        self.answers.write_string(self._written, 0, example.name)
        self.answers.write_formula(self._written, 1, f"='{sheet.name}'!{answer}", value="")
        if "days" in example.unit:
            for column, days in enumerate(REMAINING, 2):
                left = self._left(cells, answer, days, example)
                self.answers.write_formula(self._written, column, f"='{sheet.name}'!{left}", value="")
        self._written += 1

    def _calendar(self) -> None:
        sheet = self.book.add_worksheet("Lịch")
        span = (_LAST - _FIRST).days + 1
        saturdays = [d for n in range(span) if (d := _FIRST + timedelta(days=n)).weekday() == 5]
        free_saturdays = [d for d in saturdays if d not in WORKED_SATURDAYS]
        columns = {
            "holidays": FREE,
            "worked": WORKED_SATURDAYS,
            "free": [*FREE, *free_saturdays],
            # For half Saturdays: no Saturday but an ordinary one.
            "holidays_and_worked": [*FREE, *WORKED_SATURDAYS],
        }
        for column, (name, days) in enumerate(columns.items()):
            for row, day in enumerate(days):
                sheet.write_datetime(row, column, datetime.combine(day, time.min))
            letter = "ABCD"[column]
            self.lists[name] = f"Lịch!${letter}$1:${letter}${len(days)}"

    # --- the day on which an event counts: on a day off or after hours it is the next day with hours -------
    def _event(self, cells: _Cells, words: str, example: Example) -> str:
        at = cells.moment(words)
        if not example.half_saturdays:
            free = self.lists["free"]
            is_in_hours = (
                f"AND(NETWORKDAYS.INTL(INT({at}),INT({at}),11,{free})=1,MOD({at},1)<={_AFTERNOON[1]})"
            )
            return cells.put(f"IF({is_in_hours},INT({at}),WORKDAY.INTL(INT({at}),1,11,{free}))")
        # These offices are open every Saturday; an ordinary one closes at noon.
        holidays, worked = self.lists["holidays"], self.lists["worked"]
        is_short = f"AND(WEEKDAY({at},2)=6,COUNTIF({worked},INT({at}))=0)"
        closes = f"IF({is_short},{_MORNING[1]},{_AFTERNOON[1]})"
        is_in_hours = f"AND(NETWORKDAYS.INTL(INT({at}),INT({at}),11,{holidays})=1,MOD({at},1)<={closes})"
        return cells.put(f"IF({is_in_hours},INT({at}),WORKDAY.INTL(INT({at}),1,11,{holidays}))")

    # --- ngày làm việc ------------------------------------------------------------------------------------
    def _used(self, since: str, until: str, example: Example) -> str:
        """Working days after `since` up to and with `until`."""
        if not example.half_saturdays:
            return f"IF({until}>{since},NETWORKDAYS.INTL({since}+1,{until},11,{self.lists['free']}),0)"
        weekdays = f"NETWORKDAYS.INTL({since}+1,{until},1,{self.lists['holidays']})"
        worked = f'COUNTIFS({self.lists["worked"]},">"&{since},{self.lists["worked"]},"<="&{until})'
        saturdays = f'NETWORKDAYS.INTL({since}+1,{until},"1111101",{self.lists["holidays_and_worked"]})'
        return f"IF({until}>{since},{weekdays}+{worked}+{saturdays}/2,0)"

    def _end(self, cells: _Cells, since: str, left: str, example: Example) -> str:
        """The day on which the rest of the term is used up; `since` itself for no rest."""
        if not example.half_saturdays and example.amount == int(example.amount):
            return cells.put(f"WORKDAY.INTL({since},{left},11,{self.lists['free']})")
        days, sums = [], []
        for n in range(1, _DAYS + 1):
            days.append(cells.put(f"{since}+{n}"))
            sums.append(cells.put(self._used(since, days[-1], example), column=1))
        # The sums only grow: the first that is enough comes after all that are not.
        enough = f'COUNTIF({sums[0]}:{sums[-1]},"<"&{left})+1'
        return cells.put(f"IF({left}=0,{since},INDEX({days[0]}:{days[-1]},{enough}))")

    def _working_days(self, cells: _Cells, example: Example) -> str:
        start = self._event(cells, example.received, example)
        left = cells.put(str(example.amount))
        end = self._end(cells, start, left, example)
        for since, until in example.waits:
            asked = cells.put(f"MAX(INT({cells.moment(since)}),{start})")
            answered = self._event(cells, until, example)
            counts = cells.put(f"{asked}<={end}")  # a request after the end changes nothing
            used = cells.put(f"IF({counts},{self._used(start, asked, example)},0)")
            left = cells.put(f"MAX(0,{left}-{used})")
            start = cells.put(f"IF({counts},{answered},{start})")
            end = self._end(cells, start, left, example)
        return end

    def _left(self, cells: _Cells, due: str, days: int, example: Example) -> str:
        """What is left so many days after the due day; negative when it is over."""
        at = cells.put(f"{due}+{days}")
        if example.unit == "days":
            return cells.put(f"{due}-{at}")
        return cells.put(f"{self._used(at, due, example)}-{self._used(due, at, example)}")

    # --- ngày ---------------------------------------------------------------------------------------------
    def _days(self, cells: _Cells, example: Example) -> str:
        start = self._event(cells, example.received, example)
        left = cells.put(str(example.amount))
        for since, until in example.waits:
            used = cells.put(f"INT({cells.moment(since)})-{start}")
            left = cells.put(f"{left}-{used}")
            start = self._event(cells, until, example)
        # Điều 148: a last day that is off moves to the next working day.
        return cells.put(f"WORKDAY.INTL({start}+{left}-1,1,11,{self.lists['free']})")

    # --- giờ ----------------------------------------------------------------------------------------------
    def _hours(self, cells: _Cells, example: Example) -> str:
        parts = [cells.moment(example.received), f"{example.amount}/24"]
        for since, until in example.waits:
            parts.append(f"({cells.moment(until)}-{cells.moment(since)})")
        return cells.put("+".join(parts))

    # --- giờ làm việc -------------------------------------------------------------------------------------
    def _working_hours(self, cells: _Cells, example: Example) -> str:
        """Every session from the receipt on, what of it can be used, and where the sum reaches the term."""
        received = cells.moment(example.received)
        waits = [(cells.moment(since), cells.moment(until)) for since, until in example.waits]
        closes, sums = [], []
        for n in range(_DAYS):
            for number, (opens, shuts) in enumerate((_MORNING, _AFTERNOON)):
                day = cells.put(f"INT({received})+{n}")
                begin, end = cells.put(f"{day}+{opens}", column=1), cells.put(f"{day}+{shuts}", column=2)
                is_open = f"NETWORKDAYS.INTL({day},{day},11,{self.lists['free']})"
                if example.half_saturdays and number == 0:
                    is_open = f"NETWORKDAYS.INTL({day},{day},11,{self.lists['holidays']})"
                usable = f"MAX(0,{end}-MAX({begin},{received}))"
                for since, until in waits:
                    usable += f"-MAX(0,MIN({end},{until})-MAX({begin},{since},{received}))"
                used = cells.put(f"{is_open}*({usable})*24", column=3)
                before = sums[-1] if sums else "0"
                sums.append(cells.put(f"ROUND({before}+{used},6)", column=4))
                closes.append(end)
        enough = f'COUNTIF({sums[0]}:{sums[-1]},"<{example.amount}")+1'
        over = f"(INDEX({sums[0]}:{sums[-1]},{enough})-{example.amount})/24"
        return cells.put(f"INDEX({closes[0]}:{closes[-1]},{enough})-{over}")


class _Cells:
    """Cells below one another; a column of its own for each kind of thing, so that ranges hold together."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self._next: dict[int, int] = {}

    def put(self, formula: str, column: int = 0) -> str:
        row = self._next.get(column, 0)
        self._next[column] = row + 1
        # Without a remembered value LibreOffice computes it.
        self.sheet.write_formula(row, column, f"={formula}", value="")
        return f"${'ABCDEFGH'[column]}${row + 1}"

    def moment(self, words: str) -> str:
        row = self._next.get(7, 0)
        self._next[7] = row + 1
        self.sheet.write_datetime(row, 7, moment(words))
        return f"$H${row + 1}"


def as_moment(value: object) -> datetime:
    """A day or an instant of a cell, to the second: floats of days are a little off."""
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, int | float):
        found = moment("1899-12-30") + timedelta(days=value)
    else:
        raise TypeError(f"LibreOffice answered {value!r}: no moment")
    return (found + timedelta(milliseconds=500)).replace(microsecond=0)
