"""Numbers and units as offices write them; what can be read in two ways is asked, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from haidang.engine.places.names import fold

# Empty by intent. “-” says that nothing occurred, “…” that it is not known: neither is zero.
NOTHING = frozenset({"-", "–", "—", "--", "_", "/", "khong", "khong phat sinh", "khong co", "0 co"})
UNKNOWN = frozenset(
    {"…", "...", "..", ".", "x", "n/a", "na", "#n/a", "chua co", "chua co so lieu", "null", "none", "?"}
)

_MONEY = {
    "đồng": Decimal(1),
    "nghìn đồng": Decimal(1000),
    "triệu đồng": Decimal(1_000_000),
    "tỷ đồng": Decimal(1_000_000_000),
    "nghìn tỷ đồng": Decimal(1_000_000_000_000),
}
_SPELLINGS = {
    "đồng": "d, dong, vnd, vnđ, dong viet nam, ₫",
    "nghìn đồng": "nghin dong, ngan dong, 1000 dong, 1.000 dong, 1,000 dong, nghin d, ngan d, k, nghin, ngan, 1000d",
    "triệu đồng": "trieu dong, tr.d, trd, tr d, tr.dong, tr dong, tr, trieu, trieu d, 1000000 dong, 1.000.000 dong, tr. dong, tr. d",
    "tỷ đồng": "ty dong, ti dong, ty, ti, ty d, ti d, tyd, ty.d",
    "nghìn tỷ đồng": "nghin ty dong, ngan ty dong, nghin ty, ngan ty, nghin ti dong",
}
_BY_SPELLING = {
    fold(word.strip()): unit
    for unit, words in _SPELLINGS.items()
    for word in words.split(",")
    if word.strip()
}
_BY_SPELLING |= {"1,000 dong": "nghìn đồng"}


def unit_of(text: str) -> tuple[str, Decimal] | None:
    """A unit of money by any of its spellings: its name and what one of it is in đồng."""
    unit = _BY_SPELLING.get(fold(text).strip(" .()[]:"))
    return (unit, _MONEY[unit]) if unit else None


def unit_key(text: str) -> str:
    """What units are compared in: USD and usd, m2 and m², “Tỷ đồng” and “tỷ đ” are the same."""
    money = unit_of(text)
    if money:
        return money[0]
    plain = fold(text.replace("²", "2").replace("³", "3")).strip(" .()[]:")
    return {"phan tram": "%", "tan.": "tan"}.get(plain, plain)


def factor(written: str, wanted: str, spellings: dict[str, str]) -> Decimal | None:
    """What turns a number in the unit `written` into `wanted`; None when they do not fit."""
    for one, meant in spellings.items():
        if unit_key(one) == unit_key(written):
            written = meant
    if unit_key(written) == unit_key(wanted):
        return Decimal(1)
    ours, theirs = unit_of(wanted), unit_of(written)
    return theirs[1] / ours[1] if ours and theirs else None


@dataclass(frozen=True, slots=True)
class Numeral:
    """What a text says: `value` in the unit `unit` (empty: the column's), or why not.

    `fault` is a code of `sentences`; `other` is the second reading of an ambiguous text.
    """

    value: Decimal | None = None
    unit: str = ""
    fault: str = ""
    other: Decimal | None = None


_BODY = re.compile(
    r"([-+−–]?)\s*(\(?)\s*([-+−–]?)\s*(\d[\d.,' \u00a0\u2009\u202f]*(?:[eE][-+]?\d{1,3})?|[.,]\d+)\s*(\)?)\s*(.*)",
    re.DOTALL,
)
# A mark of a footnote; “(1)” is none, it may be a number of its own (12 cases, 1 death).
_FOOTNOTE = re.compile(r"\s*(?:\*{1,3}|\(\*{1,3}\)|†)\s*$")
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'](?=\d{3}(?!\d))")


def read_number(text: str, *, whole: bool = False) -> Numeral:
    """A number with its unit, if it has one. Nothing and unknown give neither value nor fault."""
    text = text.strip(" \t\r\n\u00a0\u200b\ufeff'")
    folded = fold(text)
    if not folded or folded in NOTHING:
        return Numeral(unit="nothing" if folded else "")
    if folded in UNKNOWN:
        return Numeral(unit="unknown")
    found = _BODY.fullmatch(text)
    if found is None or bool(found[2]) != bool(found[5]):
        return Numeral(fault="not_a_number")
    sign, bracket, inner, body, _, unit = found.groups()
    unit = _FOOTNOTE.sub("", unit)
    # A letter O or l behind digits is a digit mistyped, and digits are no part of a unit but in m2 and m3.
    if unit in {"O", "o", "l", "I"} or re.search(r"\d", re.sub(r"\bm[23]\b", "", unit)):
        return Numeral(fault="not_a_number")
    first, second = _readings(_SPACES.sub("", body.strip()), whole=whole)
    if first is None:
        return Numeral(fault="not_a_number")
    negative = bool(bracket) != ((sign or inner) in {"-", "−", "–"} and bool(sign or inner))
    if negative:
        first, second = -first, (-second if second is not None else None)
    unit = unit.strip()
    if second is not None:
        return Numeral(unit=unit, fault="two_readings", value=first, other=second)
    if whole and first != first.to_integral_value():
        return Numeral(value=first, unit=unit, fault="not_whole")
    return Numeral(value=first, unit=unit)


_GROUPED = {sign: re.compile(rf"\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+") for sign in ".,"}


def _readings(body: str, *, whole: bool) -> tuple[Decimal | None, Decimal | None]:
    """The value, and a second one where the text can mean that too (`1.234` in a column of decimals)."""
    if any(character in body for character in " \u00a0\u2009\u202f'"):
        return None, None  # spaces that group nothing
    point, comma = body.rfind("."), body.rfind(",")
    if point >= 0 and comma >= 0:
        decimal, group = (".", ",") if point > comma else (",", ".")
        head, _, tail = body.rpartition(decimal)
        if not _GROUPED[group].fullmatch(head) or not tail.isdigit():
            return None, None
        return _decimal(head.replace(group, "") + "." + tail), None
    if point < 0 and comma < 0:
        return _decimal(body), None
    sign = "." if point >= 0 else ","
    if body.count(sign) > 1:
        return (_decimal(body.replace(sign, "")) if _GROUPED[sign].fullmatch(body) else None), None
    plain, grouped = _decimal(body.replace(sign, ".")), None
    if _GROUPED[sign].fullmatch(body) and not body.startswith("0"):
        grouped = _decimal(body.replace(sign, ""))
        return (grouped, None) if whole else (grouped, plain)
    return plain, None


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 300 else None


def vietnamese(value: float | Decimal) -> str:
    """A number as people here write it: 1.234.567,89; no digit is lost."""
    text = format(Decimal(repr(value)) if isinstance(value, float) else value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    head, _, tail = text.partition(".")
    digits = head.lstrip("-")
    groups = f"{int(digits or 0):,}".replace(",", ".")
    return ("-" if head.startswith("-") else "") + groups + (f",{tail}" if tail else "")
