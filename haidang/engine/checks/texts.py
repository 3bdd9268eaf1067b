"""Vietnamese text: there, and Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from haidang.engine.both import both, english, vietnamese
from haidang.engine.contracts.reading import ContentError, Problem, Text, key_line, read
from haidang.engine.contracts.tree import Entry

_WORD = re.compile(r"[A-Za-z]{2,}")
# A word such as "station": a symbol (PM10, pH, VN_AQI, TSS) is the same in every language.
_ENGLISH_WORD = re.compile(r"\b[A-Z]?[a-z]{3,}\b")


def problems(entry: Entry) -> Iterator[Problem]:
    """Texts of one file that are empty, left in English or written without tone marks."""
    try:
        # As it stands in the file: a completed contract also holds the texts of those it builds on.
        thing = read(entry.path, type(entry.thing))
    except ContentError:
        return
    for keys, text in _texts(thing, ()):
        if why := wrong(text):
            field = f"{'.'.join(map(str, keys))}.vi"
            yield Problem(
                entry.path,
                key_line(entry.path, *keys, "vi"),
                both(f"{field} {english(why)}", f"{field} {vietnamese(why)}"),
            )


def wrong(text: Text) -> str | None:
    """What is the matter with a text, without the name of its field; None where it is Vietnamese."""
    words = text.vi.strip()
    if not words:
        return both("is empty: write it in Vietnamese", "trống: viết bằng tiếng Việt")
    if words == text.en.strip() and words.isascii() and _ENGLISH_WORD.search(words):
        return both(
            f"is the same as the English text ({words!r}): write it in Vietnamese",
            f"giống hệt phần tiếng Anh ({words!r}): viết bằng tiếng Việt",
        )
    if words.isascii() and len(_WORD.findall(words)) >= 3:
        return both(
            f"has no Vietnamese letters ({words!r}): write it in Vietnamese, with tone marks",
            f"không có chữ tiếng Việt ({words!r}): viết bằng tiếng Việt có dấu",
        )
    return None


def _texts(value: Any, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    if isinstance(value, Text):
        yield keys, value
    elif isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            yield from _texts(getattr(value, field.name), (*keys, field.encode_name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*keys, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*keys, number))
