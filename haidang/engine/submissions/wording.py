"""Words of periods, places and cells in the language of the screen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.numerals import vietnamese
from haidang.engine.contracts.sheets.sentences import said
from haidang.engine.contracts.sheets.verdict import address


def language() -> str:
    return "en" if get_language() == "en" else "vi"


def period_words(period: Period | None, *, short: bool = False) -> str:
    """`tháng 10/2026`, in English `October 2026`, in a narrow column `10/26`."""
    if period is None:
        return _("chưa rõ kỳ")
    return period.short(language()) if short else period.words(language())


def number_words(value: float) -> str:
    """All digits, by the screen's language."""
    # A minus, as on every other page; who types it back is understood.
    text = vietnamese(value).replace("-", "−")
    return text.translate(str.maketrans(",.", ".,")) if language() == "en" else text


def value_words(value: Any) -> str:
    """A JSON value of a cell as people read it: numbers by their language, days as day/month/year."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("đúng") if value else _("sai")
    if isinstance(value, int | float):
        return number_words(float(value))
    text = str(value)
    if len(text) >= 10 and text[4:5] == "-" and text[7:8] == "-":
        try:
            return f"{date.fromisoformat(text[:10]):%d/%m/%Y}"
        except ValueError:
            return text
    return text


def remark_words(sheet: str, row: int, column: int, remark: list[Any]) -> str:
    """One kept remark `[level, code, arguments]` as a sentence."""
    _level, code, args = remark
    place = {
        "cell": address(row, column) if column >= 0 else _("dòng %(n)d") % {"n": row},
        "row": row,
        "sheet": sheet,
    }
    return said(code, {**place, **args}, language())
