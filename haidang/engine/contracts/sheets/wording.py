"""Words of headings and labels in the forms they are compared in: folded, with abbreviations written out, without bullets."""

from __future__ import annotations

import re
from functools import lru_cache

from haidang.engine.contracts.sheets.lettering import clean, is_syllable
from haidang.engine.places.names import fold


@lru_cache(65536)
def folded(text: str) -> str:
    """A text in the form words are compared in, whatever its encoding."""
    return fold(clean(text)[0])


_SHORT = {
    "kh": "ke hoach",
    "dt": "du toan",
    "th": "thuc hien",
    "uth": "uoc thuc hien",
    "lk": "luy ke",
    "ck": "cung ky",
}
_SHORT_WORD = re.compile(rf"\b({'|'.join(_SHORT)})\b\.?")


def spelled_out(text: str) -> str:
    """A folded heading with the usual abbreviations written out: “LK 10T” → “luy ke 10 thang”, “KH 2026” → “ke hoach nam 2026”."""
    words = re.sub(r"\bt\.? ?(\d{1,2})\b", r"thang \1", folded(text))
    words = re.sub(r"\b(\d{1,2}) ?t(?:h)?\b", r"\1 thang", words)
    words = _SHORT_WORD.sub(lambda found: _SHORT[found[1]], words)
    return re.sub(r"\b(ke hoach|du toan) (20\d\d)\b", r"\1 nam \2", words)


_BULLET = re.compile(
    r"^(?:(?:[ivx]{1,4}|[a-z]|\d{1,2}(?:\.\d{1,2})*)[.)/]\s+|(?:[ivx]{1,4}|\d{1,2})\s*-\s*|[-+*•–\s]+)+"
)


# Abbreviations every office uses, folded.
_IN_FULL = {
    "nsnn": "ngan sach nha nuoc", "nsdp": "ngan sach dia phuong", "nstw": "ngan sach trung uong", "ns": "ngan sach",
    "sxcn": "san xuat cong nghiep", "xnk": "xuat nhap khau", "xk": "xuat khau", "nk": "nhap khau", "dn": "doanh nghiep",
    "dtc": "dau tu cong", "vdt": "von dau tu", "gtsx": "gia tri san xuat", "tmbl": "tong muc ban le", "dtpt": "dau tu phat trien",
    "bhyt": "bao hiem y te", "bhxh": "bao hiem xa hoi", "sxh": "sot xuat huyet", "tcm": "tay chan mieng", "hs": "hoc sinh",
    "vb": "van ban", "bq": "binh quan", "gv": "giao vien", "mn": "mam non", "nnt": "nguoi nop thue", "sx": "san xuat", "hh": "hang hoa",
    "dtdv": "doanh thu dich vu",
}  # fmt: skip
_ABBREVIATION = re.compile(rf"\b({'|'.join(_IN_FULL)})\b")


def in_full(word: str) -> str:
    """A folded label with its abbreviations written out: “thu nsnn tren dia ban” → “thu ngan sach nha nuoc tren dia ban”."""
    return _ABBREVIATION.sub(lambda found: _IN_FULL[found[1]], word)


_OF_WHICH = re.compile(r"^(?:trong do|trd|t/d) ")


def bare_label(word: str) -> str:
    """A folded label without bullet, signs, marks of footnotes and “trong đó”."""
    words = re.sub(r"[^\w%]+|[¹²³⁰-⁹]+", " ", _BULLET.sub("", word))
    return _OF_WHICH.sub("", " ".join(words.split()))


_ENGLISH = re.compile(
    r"^(.+?)(?:\s*\n\s*|\s+[-–/|]\s+)([A-Za-z][A-Za-z\s.,&'’%/-]*)(\([^()]*\))?\s*$", re.DOTALL
)
# English words that Vietnamese syllables are like.
_SHORT_ENGLISH = {"No", "Area"}


# English before the Vietnamese: “Revenue / Thu ngân sách”. Capitals alone may be an abbreviation (“GRDP – Nông nghiệp”).
_ENGLISH_FIRST = re.compile(
    r"^\s*([A-Za-z][A-Za-z\d\s.,&'’%-]*?)(?:\s*\n\s*|\s+[-–|]\s+|\s*/\s*)(\S.*)$", re.DOTALL
)
_LONGEST_SHORT = 5


def without_english(text: str) -> str:
    """The Vietnamese of a heading in two languages, as yearbooks have it: “Chỉ tiêu – Indicators”, “TT\\nNo.”."""
    found = _ENGLISH.match(text)
    if found is None:
        first = _ENGLISH_FIRST.match(text)
        words = re.findall(r"[A-Za-z]+", first[1]) if first else []
        long = [word for word in words if not word.isupper() or len(word) > _LONGEST_SHORT]
        if first and not first[2].isascii() and any(not is_syllable(word.lower()) for word in long):
            return first[2].strip()
        return text
    words = re.findall(r"[A-Za-z]+", found[2])
    if not any(word in _SHORT_ENGLISH or not is_syllable(word.lower()) for word in words):
        return text
    return f"{found[1].strip()} {found[3] or ''}".strip()
