"""Cells of CSV: numbers as machines write them, texts that no spreadsheet takes for a formula."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

# A text that begins with one of these is a formula to a spreadsheet. Numbers are written by `number`, never guarded.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_QUOTED = frozenset('",\r\n')


def number(value: float | None) -> str:
    """Every digit that is kept, with a decimal point, without an exponent and without `.0`; empty for none."""
    if value is None:
        return ""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def text(value: str) -> str:
    """With an apostrophe before what would be a formula, as spreadsheets mark a text."""
    return f"'{value}" if value.startswith(FORMULA) else value


def record(cells: Iterable[str]) -> str:
    """One line by RFC 4180, its end included."""
    return ",".join(_quoted(cell) for cell in cells) + "\r\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.intersection(cell) else cell
