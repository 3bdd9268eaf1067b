"""Lines of lists in the store: put there ready to be counted, and read as they stood at an epoch.

A line is never changed. Which lists count, from when to when, says `CountedList`; of a dossier that stands in several
lists the one taken in last holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection, transaction

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.book import Book
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.counting.models import CountedList
from haidang.engine.submissions.judging import workbook
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.placing import Places

AT_ONCE = 2000
_COPY = (
    'COPY counting_countedline (list_id, contract, key, sheet, "row", "column", months, "values") FROM STDIN'
)


class Line(NamedTuple):
    """One line where it stands, with the values it was judged to have."""

    id: int
    submission: int
    sheet: str
    row: int
    column: int
    key: str
    values: dict[str, Any]
    province: int


# --- writing ---------------------------------------------------------------------------------------------------
@transaction.atomic
def lay_ready(submission: Submission, contract: SheetContract) -> CountedList:
    """Read the file's lines into the store, once; nobody counts them yet. The epoch is not held meanwhile: a list of
    200,000 lines takes seconds. Raises ValidationError where its province is not known, trace.BytesGone, Unreadable.
    """
    if known := CountedList.objects.filter(submission=submission).first():
        return known
    province = Places(submission, contract).province
    made = CountedList.objects.create(
        submission=submission, contract=submission.contract, province_id=province, lines=0
    )
    with (
        workbook(submission) as path,
        Book(path) as book,
        connection.cursor() as cursor,
        cursor.copy(_COPY) as copy,
    ):
        for row in _rows(submission, contract, book):
            copy.write_row(row)
            made.lines += 1
    made.save(update_fields=["lines"])
    return made


def _rows(submission: Submission, contract: SheetContract, book: Book) -> Iterator[tuple[Any, ...]]:
    kept = [
        name
        for name, column in contract.columns.items()
        if column.personal_data == "none" and column.type not in ("order", "note", "unit")
    ]
    for block in Examination(contract, submission.when).blocks(book):
        columns = {name: column for column, name in block.layout.columns.items()}
        for place, (row, _) in enumerate(block.rows):
            values = {name: found for name in kept if (found := _value(block, name, place)) is not None}
            key = " · ".join(str(values[name]) for name in contract.key if name in values)
            if key:
                yield (
                    submission.pk, submission.contract, key, block.sheet.name, row, columns.get(contract.key[0], 0),
                    _months(values, contract), msgspec.json.encode(values).decode(),
                )  # fmt: skip


def _value(block: Block, name: str, place: int) -> Any:
    found = block.values.get(name)
    value = found[place] if found else None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.replace("\0", "␀")  # the record knows no NUL
    return value if isinstance(value, int | float) else None


def _months(values: dict[str, Any], contract: SheetContract) -> list[int]:
    """Months in which one of the line's days lies."""
    days = (
        values[name] for name, column in contract.columns.items() if column.type == "date" and name in values
    )
    return sorted({int(day[:4]) * 12 + int(day[5:7]) - 1 for day in days})


# --- reading ---------------------------------------------------------------------------------------------------
def visible(alias: str, epoch: int | None) -> str:
    """SQL condition: the lists that count at `epoch` (None: now)."""
    if epoch is None:
        return f"({alias}.epoch IS NOT NULL AND {alias}.superseded IS NULL)"
    until = f"({alias}.superseded IS NULL OR {alias}.superseded > {int(epoch)})"
    return f"({alias}.epoch <= {int(epoch)} AND {until})"


def months_of(period: Period) -> list[int]:
    """The months of the calendar it touches."""
    first = date.fromordinal(period.before.last_day.toordinal() + 1)
    last = period.last_day
    return list(range(first.year * 12 + first.month - 1, last.year * 12 + last.month))


def of_months(contract: str, months: Sequence[int], epoch: int | None, after: int = 0) -> Iterator[Line]:
    """Lines with a day in these months, in the order they came, those behind line `after`. Streams as `standing` does."""
    return standing(contract, "n.months && %s::int[] AND n.id > %s", [list(months), after], epoch)


def standing(contract: str, narrowed: str, values: Sequence[Any], epoch: int | None) -> Iterator[Line]:
    """Lines of the lists that count for which a condition in SQL (over `n`) holds, in the order they came; of a key in
    several lists the one taken in last. Streams: call it within a transaction.
    """
    sql = (
        'SELECT n.id, n.list_id, n.sheet, n."row", n."column", n.key, n."values"::text, l.province_id'
        " FROM counting_countedline n JOIN counting_countedlist l ON l.submission_id = n.list_id"
        f" WHERE n.contract = %s AND {narrowed} AND {visible('l', epoch)} AND NOT EXISTS ({_newer(epoch)}) ORDER BY n.id"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [contract, *values])
        while found := cursor.fetchmany(AT_ONCE):
            for number, submission, sheet, row, column, key, told, province in found:
                yield Line(number, submission, sheet, row, column, key, msgspec.json.decode(told), province)


def _newer(epoch: int | None) -> str:
    """SQL: the same key in a list that was taken in later."""
    return (
        "SELECT 1 FROM counting_countedline o JOIN counting_countedlist m ON m.submission_id = o.list_id"
        " WHERE o.contract = n.contract AND o.key = n.key AND o.list_id <> n.list_id"
        f" AND {visible('m', epoch)} AND m.epoch > l.epoch"
    )


def told_anew(contract: str, column: str, period: Period) -> int:
    """How many lines with a day of the period in a column do not count, because a list taken in later has their key."""
    first, last = period.before.last_day.isoformat(), period.last_day.isoformat()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM counting_countedline n JOIN counting_countedlist l ON l.submission_id = n.list_id"
            f" WHERE n.contract = %s AND n.months && %s::int[] AND {visible('l', None)}"
            ' AND n."values"->>%s > %s AND n."values"->>%s <= %s'
            f" AND EXISTS ({_newer(None)})",
            [contract, months_of(period), column, first, column, last],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def provinces(contract: str) -> list[str]:
    """Codes of the provinces whose lists count, each once."""
    found = CountedList.objects.filter(contract=contract, epoch__isnull=False, superseded=None)
    return sorted(set(found.values_list("province__code", flat=True)))


def days_touched(submission: int, former: Iterable[int], column: str) -> set[str]:
    """The days in a column of every line that a list brings or takes away: its own, those of the lists whose place it takes, and those of the same keys in other lists that count."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT DISTINCT n."values"->>%(column)s FROM counting_countedline n WHERE n.list_id = ANY(%(own)s)'
            ' UNION SELECT DISTINCT o."values"->>%(column)s FROM counting_countedline n'
            " JOIN counting_countedline o ON o.contract = n.contract AND o.key = n.key AND o.list_id <> n.list_id"
            " JOIN counting_countedlist m ON m.submission_id = o.list_id"
            f" WHERE n.list_id = ANY(%(own)s) AND {visible('m', None)}",
            {"column": column, "own": [submission, *former]},
        )
        return {day for (day,) in cursor.fetchall() if day}


def days_of(contract: str, column: str) -> set[str]:
    """The days in a column of all lists that count."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT DISTINCT n."values"->>%s FROM counting_countedline n'
            " JOIN counting_countedlist l ON l.submission_id = n.list_id"
            f" WHERE n.contract = %s AND {visible('l', None)}",
            [column, contract],
        )
        return {day for (day,) in cursor.fetchall() if day}
