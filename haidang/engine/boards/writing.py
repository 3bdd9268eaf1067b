"""How numbers, instants and ages are written on screens: 1.234,5 · 21/11/2026 · 14:05 · 2 giờ 12 phút."""

from __future__ import annotations

import math
from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.contracts.unit_words import unit_words
from haidang.engine.rounding import rounded

NONE = "–"
# How contracts write that a quantity has no unit.
BARE = ("", "-", "1")
MINUTE, HOUR, DAY = 60, 3600, 86400


def number(value: float | None, decimals: int | None = None) -> str:
    """`1.234,56`; without `decimals` as many as the value needs, at most two; half is
    rounded up, as the Excel files show it. None and NaN are a dash.
    """
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{rounded(value, 2 if decimals is None else decimals):,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if get_language() != "en":
        text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "−")


def date(instant: datetime | None) -> str:
    return f"{clock.local(instant):%d/%m/%Y}" if instant else NONE


def hour_minute(instant: datetime | None) -> str:
    return f"{clock.local(instant):%H:%M}" if instant else NONE


def clock_time(instant: datetime | None) -> str:
    return f"{clock.local(instant):%H:%M:%S}" if instant else NONE


def moment(instant: datetime | None, now: datetime | None = None) -> str:
    """The shortest form that cannot be misread: `14:05`, `18/11 14:05`, `31/12/2025 14:05`."""
    if instant is None:
        return NONE
    there, here = clock.local(instant), clock.local(now or clock.now())
    if there.date() == here.date():
        return f"{there:%H:%M}"
    return f"{there:%d/%m %H:%M}" if there.year == here.year else f"{there:%d/%m/%Y %H:%M}"


def stamp(instant: datetime | None, now: datetime | None = None) -> str:
    """To the second, with the day when it is not today: `14:05:33`, `18/11 14:05:33`."""
    return f"{moment(instant, now)}:{clock.local(instant):%S}" if instant else NONE


def weekday(instant: datetime) -> str:
    names = (_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ Nhật"))
    return names[clock.local(instant).weekday()]


def span(seconds: float) -> str:
    """In a list: `40 giây`, `2 ph`, `1 giờ`, `3 ngày`."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return ngettext("%(n)d giây", "%(n)d giây", whole) % {"n": whole}
    if whole < HOUR:
        return _("%(n)d ph") % {"n": whole // MINUTE}
    if whole < 2 * DAY:
        return ngettext("%(n)d giờ", "%(n)d giờ", whole // HOUR) % {"n": whole // HOUR}
    return ngettext("%(n)d ngày", "%(n)d ngày", whole // DAY) % {"n": whole // DAY}


def span_long(seconds: float) -> str:
    """Where the minutes matter: `2 giờ 12 phút`, `48 phút`, `10 giây`."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return span(whole)
    days, rest = divmod(whole, DAY)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    parts = []
    if days:
        parts.append(ngettext("%(n)d ngày", "%(n)d ngày", days) % {"n": days})
    if hours:
        parts.append(ngettext("%(n)d giờ", "%(n)d giờ", hours) % {"n": hours})
    if minutes and not days:
        parts.append(ngettext("%(n)d phút", "%(n)d phút", minutes) % {"n": minutes})
    return " ".join(parts)


def unit(text: str) -> str:
    """As it is read: `µg/m3` → `µg/m³`, nothing for a bare number. The record keeps the plain form."""
    if text == "phút":  # i18n: data
        return _("phút")
    said = "" if text in BARE else text.replace("m3", "m³").replace("m2", "m²")
    return unit_words(said, get_language() or "vi")


def size(byte_count: int) -> str:
    """`213 byte`, `4,2 KB`, `1,5 MB`."""
    if byte_count < 1000:
        return f"{number(byte_count, 0)} byte"
    if byte_count < 1_000_000:
        return f"{number(byte_count / 1000, 1)} KB"
    return f"{number(byte_count / 1_000_000, 1)} MB"
