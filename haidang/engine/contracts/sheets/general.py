"""What is said, once and at its cell, of a unit that stands over a table and fits none of its numbers."""

from __future__ import annotations

from collections.abc import Iterable

from haidang.engine.contracts.sheets.columns import Reader
from haidang.engine.contracts.sheets.definition import NUMERIC
from haidang.engine.contracts.sheets.numerals import is_known_unit
from haidang.engine.contracts.sheets.verdict import Level, Remark


def of_general_unit(readers: Iterable[Reader]) -> Remark | None:
    """A fault where columns cannot be in it; a warning where no column is, though each may be read without it."""
    numeric = [one for one in readers if one.column.type in NUMERIC]
    refused = [one for one in numeric if one.stated.over and one.stated.fits_nothing()]
    if refused:
        shown = {
            "unit": refused[0].stated.written,
            "title": ", ".join(f"“{one.column.title.vi}”" for one in refused),
            "wanted": ", ".join(dict.fromkeys(one.stated.wanted() for one in refused)),
        }
        return Remark(Level.FAULT, "unit_over", shown)
    general = [one for one in numeric if one.stated.over]
    # “người” over a table of cases says what they are.
    if not general or not is_known_unit(general[0].stated.written):
        return None
    if any(one.stated.fits_some() for one in general):
        return None
    wanted = ", ".join(dict.fromkeys(one.stated.wanted() for one in general))
    return Remark(Level.WARNING, "unit_idle", {"unit": general[0].stated.written, "wanted": wanted})
