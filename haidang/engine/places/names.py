"""Vietnamese names: their right order and their search form, the same in every database.

No database we may rely on has a Vietnamese collation, so order is a stored key and search a stored folded
text; both are made here and nowhere else, for writing and for asking alike.
"""

from __future__ import annotations

import unicodedata

_ORDER = " _-,;:!?./'\"()[]{}@*&#%+<=>|~$0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {character: position + 2 for position, character in enumerate(_ORDER)}
_RANK["’"] = _RANK["'"]
_UNKNOWN = len(_ORDER) + 2
# huyền, hỏi, ngã, sắc, nặng: the order of tones in Vietnamese dictionaries
_TONES = "\u0300\u0309\u0303\u0301\u0323"


def vn_sort_key(text: str) -> bytes:
    """A key that orders as ICU `vi` does: letters first, tones break ties, then small before capital."""
    letters, tones, cases = [], [], []
    for character in unicodedata.normalize("NFC", text):
        base, *marks = list(unicodedata.normalize("NFD", character))
        tone = next((_TONES.index(mark) + 1 for mark in marks if mark in _TONES), 0)
        letter = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in _TONES))
        letters.append(_RANK.get(letter.lower(), _UNKNOWN))
        tones.append(tone + 2)
        cases.append(2 + (letter != letter.lower()))
    return bytes(letters) + b"\1" + bytes(tones) + b"\1" + bytes(cases)


def person_sort_key(full_name: str) -> bytes:
    """Vietnamese people sort by given name, the last word, then by the rest."""
    words = unicodedata.normalize("NFC", full_name).split()
    return vn_sort_key(", ".join([words[-1], " ".join(words[:-1])]) if words else "")


def fold(text: str) -> str:
    """The form in which text is searched: small letters, đ → d, no marks, single spaces."""
    small = unicodedata.normalize("NFC", text).lower().replace("đ", "d").replace("’", "'")
    bare = (letter for letter in unicodedata.normalize("NFD", small) if not unicodedata.combining(letter))
    return " ".join("".join(bare).split())


def comparable(text: str) -> str:
    """Like `fold` but with its marks: what an exact-tone match compares.

    A tone moves to one fixed place of its word, so the two spellings `hòa` and `hoà` are one.
    """
    return " ".join(_tone_last(word) for word in unicodedata.normalize("NFC", text).lower().split())


def _tone_last(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(mark for mark in decomposed if mark in _TONES)
    return (
        unicodedata.normalize("NFC", "".join(letter for letter in decomposed if letter not in _TONES)) + tones
    )
