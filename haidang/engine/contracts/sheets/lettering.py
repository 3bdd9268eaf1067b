"""Vietnamese text of old fonts and other normal forms, made NFC; what was there is always said.

TCVN3 (.VnTime) and VNI text is Latin-1 that only its font shows as Vietnamese. The font decides where the file names
it; elsewhere text is converted only when it is no Vietnamese as it stands and every word is once converted.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Form = Literal["NFD", "TCVN3", "VNI", "Ð (eth)"]

_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
_ROUND = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HAT = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}


def _vni_table() -> dict[str, str]:
    table = {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ô": "ơ", "ö": "ư"}
    for letter in "aeouyôö":
        base = table.get(letter, letter)
        table |= {letter + mark: base + tone for mark, tone in _ROUND.items()}
    for letter in "aeo":
        table |= {letter + mark: letter + "\u0302" + tone for mark, tone in _HAT.items()}
    table |= {"a" + mark: "a\u0306" + tone for mark, tone in _BREVE.items()}
    table = {key: unicodedata.normalize("NFC", value) for key, value in table.items()}
    upper = {key.upper(): value.upper() for key, value in table.items()}
    mixed = {key[0].upper() + key[1:]: value.upper() for key, value in table.items() if len(key) == 2}
    return mixed | upper | table


_VNI = _vni_table()
_VNI_PIECE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
# Latin-1 letters and signs; text without any is the same in every encoding. ° ² ³ ± are signs in all of them.
_HIGH = re.compile("[\u00a1-\u00af\u00b4-\u00ff]")
# Letters no Latin-1 font has: text with one of them is Unicode.
_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9\u0300-\u0323]")
_ETH = re.compile("[Ðð]")
# “ÐVT”, “HÐND”.
_CAPITALS = re.compile(r"[^\w]*[A-ZĐ]+[^\w]*")
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|p|ph|qu|r|s|th?|tr|v|x)?"
    # Some vowels end their syllable, others can be closed.
    r"(?:(?:uya|uyu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|yêu|"
    r"ia|ua|ưa|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|uơ)|"
    r"(?:uyê|iê|yê|uô|ươ|oa|oă|oe|uê|uy|uâ|[aăâeêioôơuưy])(ch?|m|ng|nh|n|p|t)?)"
)
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def is_syllable(word: str) -> bool:
    """Whether a word is built as Vietnamese syllables are."""
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in letters if mark in _TONES]
    base = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES))
    found = _SYLLABLE.fullmatch(base)
    if found is None or len(tones) > 1:
        return False
    stopped = found[1] in {"c", "ch", "p", "t"}
    return not (stopped and tones and tones[0] not in "\u0301\u0323")


def from_tcvn3(text: str) -> str:
    """Text of a .VnTime font as Unicode."""
    return text.translate(_TCVN3)


def from_vni(text: str) -> str:
    """Text of a VNI font as Unicode."""
    return _VNI_PIECE.sub(lambda piece: _VNI[piece[0]], text)


@lru_cache(65536)
def clean(text: str, font: str = "") -> tuple[str, Form | None]:
    """The text as NFC, and which form it had when that was another one. `font` is the cell's, where known."""
    if text.isascii():
        return text, None
    if not font and _ETH.search(text) and (mended := _without_eth(text)):
        return mended, "Ð (eth)"
    if _HIGH.search(text) and not _UNICODE.search(text):
        if font.lower().startswith(".vn"):
            converted = from_tcvn3(text)
            return (converted.upper() if font.endswith("H") else converted), "TCVN3"
        if font.lower().startswith("vni"):
            return from_vni(text), "VNI"
        if guessed := _guess(text):
            return guessed
    normal = unicodedata.normalize("NFC", text)
    return normal, ("NFD" if normal != text else None)


def _without_eth(text: str) -> str:
    """With Đ for the Ð of Icelandic (U+00D0, U+00F0), which looks the same; empty where that makes no Vietnamese of it: in TCVN3 it is an é."""
    mended = unicodedata.normalize("NFC", text.replace("Ð", "Đ").replace("ð", "đ"))
    changed = [new for old, new in zip(text.split(), mended.split(), strict=True) if _ETH.search(old)]
    good = all(_is_vietnamese(word) or _CAPITALS.fullmatch(word) for word in changed)
    return mended if good else ""


def _guess(text: str) -> tuple[str, Form] | None:
    words = [word for word in text.split() if _HIGH.search(word)]
    if not words or all(_is_vietnamese(word) for word in words):
        return None
    tried: tuple[tuple[Form, str], ...] = (("TCVN3", from_tcvn3(text)), ("VNI", from_vni(text)))
    for form, converted in tried:
        changed = [new for old, new in zip(text.split(), converted.split(), strict=False) if old != new]
        long = any(sum(map(str.isalpha, word)) > 1 for word in changed)  # “90¹” is no word
        if changed and long and not _HIGH_SIGN.search(converted) and all(map(_is_vietnamese, changed)):
            return converted, form
    return None


# Signs that stay when text was converted by the wrong table.
_HIGH_SIGN = re.compile("[\u00a1-\u00af\u00b4-\u00bf\u00d7\u00f7]")


def _is_vietnamese(chunk: str) -> bool:
    """Whether all words of a chunk without spaces are Vietnamese syllables, and no stray sign stands in it."""
    words = _WORD.findall(chunk)
    return bool(words) and not _HIGH_SIGN.search(chunk) and all(map(is_syllable, words))
