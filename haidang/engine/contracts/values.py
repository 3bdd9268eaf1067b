"""Numbers and instants as people and devices in Viet Nam write them."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(
    r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,})(?:[.,]\d+)?(?:[eE][+-]?\d{1,3})?|[+-]?[.,]\d+"
)


def number(text: str) -> float | None:
    """A decimal written with point or comma; None when it is not a finite number.

    With both signs the last one is the decimal sign (`1.234,5`, `1,234.5`). One sign alone is the decimal sign:
    devices write no thousands separators, so `1.234` is one and a bit.
    """
    text = text.strip().replace("\u00a0", "").replace("\u2212", "-")
    point, comma = text.rfind("."), text.rfind(",")
    if point >= 0 and comma >= 0:
        thousands = "." if comma > point else ","
        whole = text[: max(point, comma)].lstrip("+-")
        if not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+", whole):
            return None
        text = text.replace(thousands, "")
    elif not _NUMBER.fullmatch(text):
        return None
    elif text.count(".") > 1 or text.count(",") > 1:
        text = text.replace(".", "").replace(",", "")
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z."""
    gap = instant - EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def from_microseconds(stamp: int) -> datetime:
    """The instant of a stamp made by `microseconds`."""
    return datetime.fromtimestamp(stamp // 1_000_000, UTC).replace(microsecond=stamp % 1_000_000)


def iso_instant(text: str) -> int | None:
    """Stamp of an ISO 8601 time with zone; None when it is not one. Raises LookupError when only the zone is missing."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        raise LookupError(text)
    try:
        return microseconds(instant)
    except OverflowError:
        return None


def patterned_instant(text: str, pattern: str, zone: ZoneInfo) -> int | None:
    """Stamp of a time written in a contract's own pattern, on the clocks of `zone`."""
    if pattern == "%Y%m%d%H%M%S" and len(text) != 14:
        return None  # strptime takes 2026112110500 for 10:50:00 with one digit missing
    try:
        return microseconds(datetime.strptime(text, pattern).replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return None


def plain(text: str) -> str:
    """A symbol or unit in the form it is compared in: NFC, no spaces, lower case, one kind of micro sign."""
    text = (
        unicodedata.normalize("NFC", text)
        .replace("\u03bc", "\u00b5")
        .replace("\u00b3", "3")
        .replace("\u00b2", "2")
    )
    return "".join(text.split()).casefold().replace("\u03bc", "\u00b5")


def clock_text(stamp: int) -> str:
    """A stamp as Vietnamese clocks show it."""
    minute, second = divmod(stamp // 1_000_000, 60)
    return _minute_text(minute).replace("ss", f"{second:02}", 1)


@lru_cache(4096)
def _minute_text(minute: int) -> str:
    """A minute since 1970, with `ss` where its seconds stand. Viet Nam's clocks have whole minutes since 1911; what is older
    is no measurement, and shown as if they always had.
    """
    try:
        return datetime.fromtimestamp(minute * 60, ZONE).strftime("%H:%M:ss %d/%m/%Y")
    except (ValueError, OverflowError, OSError):
        return "ngoài lịch" if minute < 0 else "sau năm 9999"
