"""Columns that repeat or compare: the last period, the same one of last year, the sum since January, growth in percent.

What such a column says can be told from figures that are published; who compares is a stage that knows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Literal

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.book import Value
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.headings import heading
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.numerals import read_number
from haidang.engine.contracts.sheets.wording import spelled_out
from haidang.engine.places.names import fold

# `…_percent`: of the value against the last period, against last year, and of the sum since January against last year's.
Role = Literal[
    "previous", "year_before", "cumulative", "cumulative_before",
    "previous_percent", "year_percent", "cumulative_percent",
]  # fmt: skip
# Says of the lines of a block what is to be said beside other periods; answers which cells (row, column) it spoke of.
Beside = Callable[[Block], Collection[tuple[int, int]]]

# Codes of what is said of a cell that is not what is published.
DIFFERS = frozenset({"stated_differs", "stated_sum_differs", "stated_growth_differs", "stated_points_differ"})

_OTHER = re.compile(r"\b(ke hoach|du toan|muc tieu|dinh muc|chi tieu giao|dat|uoc ca nam)\b")
_AGAINST = re.compile(r"\b(so voi|so sanh|toc do|tang|giam|ty le|ti le|chi so)\b")
_SINCE = re.compile(r"\b(luy ke|cong don|tu dau nam)\b")
_BEFORE = re.compile(r"\b(?:ky|thang|quy|tuan) truoc\b")
_POINTS = re.compile(r"\bdiem\b")
_CHANGE = re.compile(r"\b(tang|giam|toc do)\b")
# More decimals than people write: computed, and shown with fewer.
MOST_DECIMALS = 6


def role_of(title: str, period: Period) -> Role | None:
    """What a heading says of a column, in a file of `period`; None where it compares nothing, or is not clear."""
    plain = heading(spelled_out(title), period)
    if _OTHER.search(plain):
        return None
    last_year = "cung ky" in plain or (period.kind == "year" and "nam truoc" in plain)
    before, since = bool(_BEFORE.search(plain)), bool(_SINCE.search(plain))
    if "%" in title:
        if last_year:
            return "cumulative_percent" if since else "year_percent"
        return "previous_percent" if before and not since else None
    if _AGAINST.search(plain):
        return None  # a difference, or a share without its sign
    if since:
        return "cumulative_before" if last_year else None if before else "cumulative"
    return "year_before" if last_year else "previous" if before else None


def says_change(title: str) -> bool:
    """Whether “4,9” is meant where another column says “104,9”."""
    return bool(_CHANGE.search(heading(title, None)))


def says_points(title: str) -> bool:
    """Whether a share is set against another one by its points: “tăng 0,5 điểm %”."""
    return bool(_POINTS.search(fold(title)))


def number_in(raw: Value) -> float | None:
    """What stands in a cell that no column of the contract reads; None where it is not one number for sure."""
    if isinstance(raw, float):
        return raw
    if not isinstance(raw, str):
        return None
    found = read_number(clean(raw)[0])
    return None if found.fault or found.value is None else float(found.value)


def step_of(raw: Value, value: float, decimals: int) -> float:
    """What the last digit of a cell is worth, in the unit of `value`; of a computed one that of `decimals`."""
    written = _written(raw)
    shown = (
        max(0, -int(written.normalize().as_tuple().exponent)) if written is not None else MOST_DECIMALS + 1
    )
    if written is None or shown > MOST_DECIMALS:
        return float(10**-decimals)
    times = abs(value / float(written)) if written and value else 1.0
    return float(10**-shown * times)


def _written(raw: Value) -> Decimal | None:
    if isinstance(raw, float):
        return Decimal(repr(raw))
    found = read_number(clean(raw)[0]) if isinstance(raw, str) else None
    return None if found is None or found.fault else found.value
