"""From the cells of an approved file to the values that are published, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from haidang.engine.contracts.sheets.book import Book
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.verdict import address, plain
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.combining import combine
from haidang.engine.indicators.publishing import Stated
from haidang.engine.submissions.judging import workbook
from haidang.engine.submissions.models import Cell, Submission
from haidang.engine.submissions.placing import Line, Places

MOST_LINES = 400  # of one sum that are kept beside it: some thirty kilobytes


def stated(submission: Submission, contract: SheetContract, catalogue: Catalogue) -> list[Stated]:
    """Every number of the file that is a figure. Raises ValidationError where its place is not known."""
    wanted = catalogue.cells_of(submission.contract)
    if not wanted or submission.when is None:
        return []
    at = periods.end_of(submission.when)
    places = Places(submission, contract)
    found: list[Stated] = []
    parts: dict[str, list[Part]] = {}
    for line in _lines(submission, contract):
        for sheet, row, column, raw, value, field, item in line:
            names = wanted.get((item, field))
            if not names or isinstance(value, bool) or not isinstance(value, int | float):
                continue
            cell = address(row, column)
            detail = {"kind": "stated", "submission": submission.pk, "sheet": sheet, "cell": cell, "raw": raw}
            for name in names:
                if catalogue.adds_lines(name):
                    parts.setdefault(name, []).append(Part(sheet, _name(line, contract), cell, float(value)))
                else:
                    found.append(Stated(name, places.of(line), at, float(value), detail))
    return found + [
        Stated(
            name,
            places.province,
            at,
            combine("sum", [part.value for part in those]),
            _summed(submission, those),
        )
        for name, those in parts.items()
    ]


def must_be_alone(submission: Submission, values: Iterable[Stated]) -> None:
    """A sum over lines is of the whole province: the file of a second office would silently take the place of the first.
    Asked while the epoch is held. Raises ValidationError naming whose file is published.
    """
    if all(one.detail["kind"] != "summed" for one in values):
        return
    same = Submission.objects.filter(
        contract=submission.contract, period=submission.period, state=Submission.State.PUBLISHED
    )
    other = same.exclude(office=submission.office).select_related("office").first()
    if other is not None:
        words = _("Kỳ này đã có tệp của “%(office)s” được công bố cho cả tỉnh: gộp các dòng vào một tệp.")
        raise ValidationError(words % {"office": other.office or "—"})


class Part(NamedTuple):
    """What one line adds to a sum."""

    sheet: str
    line: str
    cell: str
    value: float


def _name(line: Line, contract: SheetContract) -> str:
    """A line by its key: the facility or office as the file writes it."""
    words = {field: str(value) for *_, value, field, _item in line if value is not None}
    return " · ".join(words[key] for key in contract.key if key in words)


def _summed(submission: Submission, parts: list[Part]) -> dict[str, Any]:
    """Where a sum stands: its column from the first to the last line; the lines themselves unless they are very many."""
    kept = parts if len(parts) <= MOST_LINES else []
    return {
        "kind": "summed", "submission": submission.pk, "sheet": parts[0].sheet,
        "cell": f"{parts[0].cell}:{parts[-1].cell}", "count": len(parts),
        "lines": [[part.line, part.cell, part.value] for part in kept],
    }  # fmt: skip


def _lines(submission: Submission, contract: SheetContract) -> Iterator[Line]:
    """Values and labels, line by line; those of a long list are read from the file again."""
    line: Line = []
    for cell in _cells(submission, contract):
        if line and (line[0][0], line[0][1]) != (cell[0], cell[1]):
            yield line
            line = []
        line.append(cell)
    if line:
        yield line


def _cells(
    submission: Submission, contract: SheetContract
) -> Iterator[tuple[str, int, int, Any, Any, str, str]]:
    names = ("sheet", "row", "column", "raw", "value", "field", "item")
    if not submission.is_long:
        kept = Cell.objects.filter(submission=submission, fate="value").order_by("sheet", "row", "column")
        yield from kept.values_list(*names)
        return
    with workbook(submission) as path, Book(path) as book:
        for cell in Examination(contract, submission.when).cells(book):
            if cell.fate == "value":
                yield (
                    cell.sheet,
                    cell.row,
                    cell.column,
                    plain(cell.raw),
                    plain(cell.value),
                    cell.field,
                    cell.item,
                )
