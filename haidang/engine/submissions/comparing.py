"""What an approver looks at first: numbers that differ from the last period and from the version before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.verdict import address
from haidang.engine.submissions import judging
from haidang.engine.submissions.grid import is_personal, mask_words
from haidang.engine.submissions.models import Cell, Submission

MOST = 40
# A page waits for the comparison: beyond so many cells it would be felt.
LARGEST = 20_000


@dataclass(frozen=True, slots=True)
class Change:
    """One number beside what it was; `before` is None where there was none."""

    address: str
    label: str
    title: str
    value: float
    before: float | None
    unit: str

    @property
    def percent(self) -> float | None:
        return (self.value - self.before) / abs(self.before) * 100 if self.before else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The largest changes, of how many."""

    changes: list[Change]
    total: int
    compared: int


def against_last_version(submission: Submission, contract: SheetContract) -> Comparison | None:
    """None for a first version and for long lists."""
    same = Submission.objects.filter(
        contract=submission.contract, period=submission.period, office=submission.office
    )
    before = same.filter(number__lt=submission.number, cells__gt=0, is_long=False).order_by("-number").first()
    if before is None or submission.is_long or submission.cells > LARGEST:
        return None
    return _compared(submission, contract, judging.numbers_of(before, contract), new_too=True)


def against_last_period(submission: Submission, contract: SheetContract) -> Comparison | None:
    """None where the office published nothing for the period before, and for lists whose lines never come again."""
    recurs = contract.items or any(contract.columns[name].type == "place" for name in contract.key)
    before = judging.earlier(submission, contract) if recurs and not submission.is_long else {}
    return _compared(submission, contract, before, new_too=False) if before else None


def _compared(
    submission: Submission,
    contract: SheetContract,
    before: dict[tuple[tuple[Any, ...], str], float],
    *,
    new_too: bool,
) -> Comparison:
    found, compared = [], 0
    for key, change in _numbers(submission, contract):
        known = before.get(key)
        compared += known is not None
        if known == change.value or (known is None and not new_too):
            continue
        found.append(Change(change.address, change.label, change.title, change.value, known, change.unit))
    found.sort(key=lambda one: -abs(one.percent if one.percent is not None else 1e9))
    return Comparison(found[:MOST], len(found), compared)


def _numbers(
    submission: Submission, contract: SheetContract
) -> Iterator[tuple[tuple[tuple[Any, ...], str], Change]]:
    """As `judging.numbers_of`, with where each stands and what its line is called."""
    names = [contract.item_column] if contract.items else contract.key
    lines: dict[tuple[str, int], list[Cell]] = {}
    wanted = [*names, *(name for name, column in contract.columns.items() if column.type in NUMERIC)]
    kept = Cell.objects.filter(submission=submission, fate__in=("value", "label"), field__in=wanted)
    for cell in kept.defer("remarks").order_by("pk"):
        lines.setdefault((cell.sheet, cell.row), []).append(cell)
    for cells in lines.values():
        by_field = {cell.field: cell for cell in cells if cell.field}
        keys = [by_field[name] for name in names if name in by_field]
        key = tuple(c.item if c.field == contract.item_column and c.item else c.value for c in keys)
        words = ((str(c.raw), is_personal(c, contract)) for c in keys if c.raw is not None)
        label = " · ".join(mask_words(word) if hide else word for word, hide in words)
        for cell in cells:
            column = contract.columns.get(cell.field)
            if column is None or column.type not in NUMERIC or not isinstance(cell.value, int | float):
                continue
            yield (
                (key, cell.field),
                Change(
                    address(cell.row, cell.column),
                    label,
                    str(column.title),
                    float(cell.value),
                    None,
                    cell.unit,
                ),
            )
