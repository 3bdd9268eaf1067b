"""Columns of days that write the month first, as an Excel or a system set to English does: which of their texts cannot be told.

“10/28/2026” proves how its column is written; “10/05/2026” beside it is then 5 October, and never 10 May without a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from haidang.engine.contracts.sheets.book import Value
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.verdict import Level, Say

_NUMBERS = re.compile(r"\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*\d{2,4}\b")
_LAST_MONTH = 12
# So many months beside one and the same day are rather days of one month.
_SPREAD = 5


def ask_of_months(raws: Sequence[Value], values: list[Value], say: Say) -> None:
    """Takes out the texts of a column that has proved to write the month first and that can be read both ways; where it has not,
    but every text begins with the same number, asks for each.
    """
    pairs = {
        place: (int(found[1]), int(found[2]))
        for place, raw in enumerate(raws)
        if isinstance(raw, str) and (found := _NUMBERS.match(clean(raw)[0]))
    }
    if not pairs:
        return
    month_first = sum(one <= _LAST_MONTH < other for one, other in pairs.values())
    day_first = sum(other <= _LAST_MONTH < one for one, other in pairs.values())
    both = {p: (one, other) for p, (one, other) in pairs.items() if max(one, other) <= _LAST_MONTH}
    proved = month_first > day_first
    firsts, seconds = {one for one, _ in both.values()}, {other for _, other in both.values()}
    asked = not day_first and len(both) == len(pairs) and len(firsts) == 1 and len(seconds) >= _SPREAD
    if not (proved or asked):
        return
    for place, (one, other) in both.items():
        day = values[place]
        if one == other or not isinstance(day, date):
            continue
        shown = {"raw": str(raws[place]).strip(), "value": f"{day:%d/%m/%Y}"}
        shown["other"] = f"{other:02}/{one:02}/{day.year}"
        if proved:
            values[place] = None
            say(place, Level.FAULT, "months_first", shown)
        else:
            say(place, Level.WARNING, "maybe_month_first", shown)
