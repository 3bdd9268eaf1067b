"""Numbers and units as offices write them; what can be read in two ways is asked, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from haidang.engine.contracts.sheets.plain import grouped
from haidang.engine.contracts.sheets.wording import in_full
from haidang.engine.places.names import fold

# Empty by intent. “-” says that nothing occurred, “…” that it is not known: neither is zero.
NOTHING = frozenset(
    {
        "khong",
        "ko",
        "khong phat sinh",
        "khong ps",
        "kps",
        "k.p.s",
        "khong co",
        "khong thu",
        "khong chi",
        "mien",
        "mien phi",
        "khong thu phi",
        "0 co",
        "kct",
        "khong chiu thue",
        "khong giao",
        "khong co ca",
        "khong co ca mac",
        "khong ghi nhan",
        "khong ghi nhan ca",
        "khong ghi nhan ca mac",
    }
)
UNKNOWN = frozenset(
    {
        "x",
        "n/a",
        "na",
        "#n/a",
        "chua co",
        "chua co so lieu",
        "khong co so lieu",
        "chua bao cao",
        "chua giao",
        "chua thong ke",
        "chua tong hop",
        "chua cap nhat",
        "dang tong hop",
        "dang cap nhat",
        "cho so lieu",
        "null",
        "none",
        "?",
    }
)
# What may stand around a number and says nothing; the stroke is Excel's own sign for a text.
BLANKS = " \t\r\n\u00a0\u2009\u202f\u200b\ufeff'"
# Strokes and dots, however many: a line drawn through the cell, or points that wait for a number.
_STROKES, _DOTS = re.compile(r"[-–—―‒−_/\\]+(?: [-–—―‒−_/\\]+)*"), re.compile(r"[.…]+(?: [.…]+)*")

_MONEY = {
    "đồng": Decimal(1),
    "nghìn đồng": Decimal(1000),
    "triệu đồng": Decimal(1_000_000),
    "tỷ đồng": Decimal(1_000_000_000),
    "nghìn tỷ đồng": Decimal(1_000_000_000_000),
}
_SPELLINGS = {
    "đồng": "đồng việt nam, việt nam đồng, ₫",
    "nghìn đồng": "k, nghìn, ngàn",
    "triệu đồng": "tr, triệu",
    "tỷ đồng": "tỷ, tỉ",
    "nghìn tỷ đồng": "nghìn tỷ, ngàn tỷ, nghìn tỉ, ngàn tỉ",
}
# How offices shorten the words before the đồng (“ngđ”, “tr.VNĐ”, “1.000 đ”), and the đồng itself. “tđ” may be a million or
# a thousand times as much, and “KD” is business: neither is known.
_SHORTENED = {
    "đồng": "",
    "nghìn đồng": "nghin ngan ngh ng thousand thous 1000 1.000 1,000 10^3",
    "triệu đồng": "trieu tr million mill mln 1000000 1.000.000 1,000,000 10^6",
    "tỷ đồng": "ty ti billion bill bn 1000000000 1.000.000.000 1,000,000,000 10^9",
    "nghìn tỷ đồng": "nghinty nganty nghinti nganti ngty 1000ty 1.000ty",
}
_DONG = ("d", "dong", "vnd", "vnds", "dongs", "vn dong", "vn d", "dong vn", "viet nam dong")
_NO_LETTER = re.compile(r"[\s()\[\]:–-]+|(?<!\d)\.|\.(?!\d)")


def _bare(text: str) -> str:
    """A unit without what may stand between its words: “Tr. đ”, “(tr.đ)” and “trđ” are one."""
    return _NO_LETTER.sub("", fold(text))


_BY_SPELLING = {_bare(word): unit for unit, words in _SPELLINGS.items() for word in words.split(",")}
_BY_SPELLING |= {
    _bare(short) + _bare(dong): unit
    for unit, words in _SHORTENED.items()
    for short in words.split() or [""]
    for dong in _DONG
}


@lru_cache(4096)
def unit_of(text: str) -> tuple[str, Decimal] | None:
    """A unit of money by any of its spellings: its name and what one of it is in đồng."""
    unit = _BY_SPELLING.get(_bare(text))
    return (unit, _MONEY[unit]) if unit else None


def near_unit(unit: str, step: int) -> str:
    """The unit of money a thousand times smaller (−1) or larger (1); empty when there is none."""
    money, names = unit_of(unit), list(_MONEY)
    place = names.index(money[0]) + step if money else -1
    return names[place] if 0 <= place < len(names) else ""


@lru_cache(4096)
def unit_key(text: str) -> str:
    """What units are compared in: USD and usd, m2 and m², “Tỷ đồng” and “tỷ đ” are the same."""
    money = unit_of(text)
    if money:
        return money[0]
    plain = fold(text.replace("²", "2").replace("³", "3")).strip(" .()[]:")
    return {"phan tram": "%", "tan.": "tan"}.get(plain, plain)


_SCALES = {
    "nghin": Decimal(1000), "ngan": Decimal(1000), "1000": Decimal(1000), "1.000": Decimal(1000), "1,000": Decimal(1000),
    "trieu": Decimal(1_000_000), "tr": Decimal(1_000_000), "ty": Decimal(1_000_000_000), "ti": Decimal(1_000_000_000),
}  # fmt: skip
_SCALED = re.compile(r"(nghin|ngan|trieu|tr|ty|ti|1[.,]?000)(?:\. ?| |(?<=0)(?=[a-z]))(?=\S)(.+)")
# What is counted by the thousand; other words behind “tỷ” or “tr.” are no unit (tỷ lệ, tr. tiểu học).
_COUNTED = frozenset(
    {"nguoi", "luot", "luot khach", "luot nguoi", "khach", "ho", "nhan khau", "lao dong", "hoc sinh", "con", "cay", "ca", "usd", "do la",
     "do la my", "us$", "ho so", "van ban", "san pham", "lit", "kwh", "m3", "thu tuc", "dich vu", "phan anh", "doanh nghiep"}
)  # fmt: skip
_PARTED = frozenset({"usd", "do la", "do la my", "us$", "lit", "kwh", "m3"})
# One of each in the first of its kind.
_MEASURES = {
    "m2": ("m2", Decimal(1)), "ha": ("m2", Decimal(10_000)), "hecta": ("m2", Decimal(10_000)), "km2": ("m2", Decimal(1_000_000)),
    "m": ("m", Decimal(1)), "km": ("m", Decimal(1000)),
    "kg": ("kg", Decimal(1)), "yen": ("kg", Decimal(10)), "ta": ("kg", Decimal(100)), "tan": ("kg", Decimal(1000)),
}  # fmt: skip
_SAME = {
    "do la": "usd",
    "do la my": "usd",
    "us$": "usd",
    "$": "usd",
    "luot khach": "luot",
    "luot nguoi": "luot",
}


@lru_cache(4096)
def scaled(text: str) -> tuple[str, Decimal]:
    """What is counted or measured, and how many of it one of the unit is: “nghìn người” → người, 1000; “ha” → m², 10.000.

    A bare “nghìn” counts what the column counts: its name is empty.
    """
    if money := unit_of(text):
        return ("" if fold(text).strip(" .()[]:") in _SCALES else "đồng"), money[1]
    plain = unit_key(text)
    if plain in _SCALES:
        return "", _SCALES[plain]
    times = Decimal(1)
    if found := _SCALED.fullmatch(plain):
        times, plain = _SCALES[found[1]], found[2].strip()
        if money := unit_of(plain):  # “tỷ VNĐ”
            return "đồng", times * money[1]
    plain = _SAME.get(plain, plain)
    name, size = _MEASURES.get(plain, (plain, Decimal(1)))
    return name, times * size


@lru_cache(4096)
def counts_by_one(text: str) -> bool:
    """Whether a unit counts things that have no parts, one by one: 510.000 “lượt khách” are no 510."""
    return unit_key(text) in _COUNTED - _PARTED


def is_counted(text: str) -> bool:
    """Whether a word is what tables count: “hộ”, “người”."""
    return unit_key(text) in _COUNTED


@lru_cache(4096)
def is_known_unit(text: str) -> bool:
    """A unit that is sure to be one by itself: of money, a share, thousands of something, or one that is measured."""
    plain = unit_key(text)
    if (
        unit_of(text) is not None
        or plain in {"%", "usd"}
        or (plain in _MEASURES and plain not in {"m", "ta", "tan", "yen"})
    ):
        return True
    found = _SCALED.fullmatch(plain)
    return found is not None and (
        found[2] in _COUNTED or found[2] in _MEASURES or unit_of(found[2]) is not None
    )


def factor(written: str, wanted: str, spellings: Mapping[str, str]) -> Decimal | None:
    """What turns a number in the unit `written` into `wanted`; None when they do not fit."""
    for one, meant in spellings.items():
        if unit_key(one) == unit_key(written):
            written = meant
    if unit_key(wanted) in {unit_key(written), in_full(unit_key(written))}:  # “1333 hs”
        return Decimal(1)
    ours, theirs = unit_of(wanted), unit_of(written)
    if ours and theirs:
        return theirs[1] / ours[1]
    name, size = scaled(written)
    wanted_name, wanted_size = scaled(wanted)
    for one, meant in spellings.items():  # “nghìn lượt khách” is “nghìn lượt”: so is “lượt khách” one “lượt”
        if scaled(one)[0] == name and scaled(meant)[0] == wanted_name:
            name, size = wanted_name, size / scaled(one)[1] * scaled(meant)[1]
            break
    countable = wanted_name not in {"", "%", "đồng"}
    return size / wanted_size if name == wanted_name or (not name and countable) else None


def one_of(stated: str, wanted: str, spellings: Mapping[str, str]) -> str:
    """Which of the units a line over the table states (“triệu đồng, %”) is that of a column; all of them where none fits."""
    parts = [part.strip() for part in re.split(r",(?!\d)|;|\bvà\b", stated)]
    return next((part for part in parts if part and factor(part, wanted, spellings) is not None), stated)


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
_CURRENCY = re.compile(r"(₫|đ|VNĐ|VND|USD|\$)\s*(?=\d)", re.IGNORECASE)
# A mark of a footnote; “(1)” is none, it may be a number of its own (12 cases, 1 death).
_FOOTNOTE = re.compile(r"\s*(?:\*{1,3}|\(\*{1,3}\)|†|(?<![^\W\d])[¹²³⁰-⁹⁽⁾]+)\s*$")
# A unit is a word or a sign for one; “90-” has none.
_WORDLESS = re.compile(r"[^\w%₫$°‰]+")
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'](?=\d{3}(?!\d))")


def is_drawn(text: str) -> bool:
    """Whether a text is nothing but strokes or dots."""
    plain = fold(text.strip(BLANKS))
    return _STROKES.fullmatch(plain) is not None or _DOTS.fullmatch(plain) is not None


def says_nothing(text: str) -> bool:
    """Whether a text stands for an empty cell: a stroke, dots, “x”, “không có”; also a text without a letter to see."""
    plain = fold(text.strip(BLANKS))
    return not plain or plain in NOTHING or plain in UNKNOWN or is_drawn(text)


def read_number(text: str, *, whole: bool = False) -> Numeral:
    """A number with its unit, if it has one. Nothing and unknown give neither value nor fault."""
    text = text.strip(BLANKS)
    folded = fold(text)
    if not folded or folded in NOTHING or _STROKES.fullmatch(folded.strip("()")):
        return Numeral(unit="nothing" if folded else "")
    if folded in UNKNOWN or _DOTS.fullmatch(folded):
        return Numeral(unit="unknown")
    if before := _CURRENCY.match(text):  # “₫100.000”, “VND 100,000”
        text = f"{text[before.end() :]} {before[1]}"
    found = _BODY.fullmatch(text)
    if found is None or bool(found[2]) != bool(found[5]):
        return Numeral(fault="not_a_number")
    sign, bracket, inner, body, _, unit = found.groups()
    unit = _FOOTNOTE.sub("", unit)
    if _WORDLESS.fullmatch(unit):
        return Numeral(fault="not_a_number")
    # A letter O or l behind digits is a digit mistyped, and digits are no part of a unit but in m2 and m3.
    if re.fullmatch(r"[OolI]+", unit) or re.search(r"\d", re.sub(r"\b[kcd]?m[23]\b|\b1[.,]?000\b", "", unit)):
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
    if body.endswith(",") or any(character in body for character in " \u00a0\u2009\u202f'"):
        return None, None  # spaces that group nothing; digits that were cut off
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
    text = repr(value) if isinstance(value, float) else format(value, "f")
    if "e" in text or "n" in text:
        text = format(Decimal(text), "f")
    return grouped(text)


def shown_raw(raw: object) -> dict[str, object]:
    """What stands in a cell as the argument `raw` of a remark, and whether it is a number, which English writes otherwise."""
    if isinstance(raw, float | Decimal):
        return {"raw": vietnamese(raw), "raw_number": True}
    return {"raw": str(raw)}
