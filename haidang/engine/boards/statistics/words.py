"""How periods, changes and shares of a plan are said: "Tháng 10/2026", "tăng 12,3%", "đạt 78,4% kế hoạch"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haidang.engine.boards import writing
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import units
from haidang.engine.rounding import rounded

Sign = Literal["up", "down", "same", ""]


def period(one: Period) -> str:
    """As a heading or an as-of: `Tháng 10/2026`, `Quý IV/2026`, `Năm 2026`; in English `October 2026`."""
    words = of_period(one)
    return words[:1].upper() + words[1:]


def of_period(one: Period) -> str:
    """Within a sentence: `tháng 10/2026`, in English `October 2026`."""
    return one.words(get_language())


def short_period(one: Period) -> str:
    """On the axis of a chart: `10/26`, `Q4/26`, `2026`."""
    return one.short(get_language())


def day(one: date) -> str:
    return f"{one:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class Change:
    """From one number to another: `amount` in `unit`, which is per cent, points of per cent or the figure's own."""

    amount: float
    unit: str
    sign: Sign
    text: str


def change(now: float, before: float, unit: str, decimals: int) -> Change:
    """In per cent; in points where the figure is a share, and in its own unit where a share would mean nothing."""
    if units.parse(unit) == units.parse("%"):
        return step(now - before, _("điểm %"), decimals)
    if before == 0 or (before < 0) != (now < 0):
        return step(now - before, writing.unit(unit), decimals)
    return step((now - before) / abs(before) * 100, "%", 1)


def written(amount: float, unit: str, decimals: int) -> str:
    """A number with its unit; the sign of per cent stands at the number."""
    gap = "" if unit == "%" else " "
    return f"{writing.number(amount, decimals)}{gap}{unit}".rstrip()


def step(amount: float, unit: str, decimals: int) -> Change:
    """A difference in words."""
    shown = rounded(amount, decimals)
    if shown == 0:
        return Change(amount, unit, "same", _("không đổi"))
    size = written(abs(amount), unit, decimals)
    if shown > 0:
        return Change(amount, unit, "up", _("tăng %(by)s") % {"by": size})
    return Change(amount, unit, "down", _("giảm %(by)s") % {"by": size})


def signed(one: Change, decimals: int) -> str:
    """For a column of a table: `+12,3%`."""
    sign = "+" if one.sign == "up" else ""
    digits = 1 if one.unit == "%" else decimals
    return sign + written(one.amount, one.unit, digits)
