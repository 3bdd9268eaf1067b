"""Numbers with their “Vì sao?”, days and periods as an official paper writes them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards import writing
from haidang.engine.reports.paper import Number


def number(
    value: float | None, decimals: int | None, unit: str, why: str, *, text: str = "", of: str = ""
) -> Number:
    """A number as the board writes it; `of` names the asset where its address does not."""
    asked = parse_qs(urlsplit(why).query)

    def one(name: str) -> str:
        return asked.get(name, [""])[0]

    return Number(
        text=text or writing.number(value, decimals),
        value=value,
        unit=unit,
        why=why,
        indicator=one("indicator"),
        place=int(one("place") or 0),
        asset=one("asset") or of,
    )


def public(path: str, epoch: int) -> str:
    """The address of a page for whoever holds the paper. `as_of` in it says what was known; the epoch names that."""
    if not path:
        return ""
    joined = "&" if "?" in path else "?"
    return f"{settings.HAIDANG_PUBLIC_URL}{path}{joined}epoch={epoch}"


def day_text(instant: datetime) -> str:
    """`ngày 09 tháng 02 năm 2026`: days below ten and the first two months with a nought (NĐ 30/2020)."""
    day = clock.local(instant)
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    said = {"day": f"{day.day:02d}", "month": month, "year": day.year}
    return _("ngày %(day)s tháng %(month)s năm %(year)d") % said


def moment_text(instant: datetime) -> str:
    """`14:05 ngày 29/11/2026`."""
    local = clock.local(instant)
    return _("%(time)s ngày %(day)s") % {"time": f"{local:%H:%M}", "day": f"{local:%d/%m/%Y}"}
