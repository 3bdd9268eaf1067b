"""Text files of columns (.csv, .txt) as a sheet: whatever encoding and separator, every value stays the text it is.

Which number “1.234” is, is then asked as of any text; nothing is turned into days or numbers on the way as Excel does.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from haidang.engine.contracts.sheets.book import ERRORS, Error, Mark, Sheet, Unreadable, Value
from haidang.engine.contracts.sheets.lettering import clean, is_syllable

SEPARATORS = ";\t,|"
_LOOKED_AT = 40
_DIVIDED = re.compile(rf"[\s{re.escape(SEPARATORS)}]+")
# Below this share of Vietnamese among the words with marks an old code page is none we know; fewer words say nothing.
_LEAST_VIETNAMESE, _FEWEST_WORDS = 0.5, 8


@dataclass(slots=True)
class DelimitedSheet(Sheet):
    text: str = ""
    # The old font the whole text is in; empty for Unicode.
    font: str = ""
    sign: str = ","
    # Cells of most of the first lines, and of each line that has another number, the empty end too.
    usual: int = 0
    odd: dict[int, int] = field(default_factory=dict)

    def prepare(self) -> None:
        """Which sign divides it."""
        self.sign = separator(self.text)
        lines = [line for line in self.text.splitlines()[:_LOOKED_AT] if line.strip()]
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=self.sign))
        self.usual = counts.most_common(1)[0][0] if counts else 0

    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        lines = self.text.splitlines(keepends=True)
        for number, cells in enumerate(csv.reader(lines, delimiter=self.sign), 1):
            if len(cells) != self.usual:
                self.odd[number] = len(cells)
            values: list[Value] = [(Error(c) if c.strip() in ERRORS else c) or None for c in cells]
            while values and values[-1] is None:
                values.pop()
            if self.font:
                self._mark(number, values)
            if values:
                yield number, values

    def width(self, number: int) -> int:
        """Cells of a line that was read, the empty end too."""
        return self.odd.get(number, self.usual)

    def _mark(self, number: int, values: list[Value]) -> None:
        for column, value in enumerate(values):
            if isinstance(value, str) and not value.isascii():
                self.marks[number, column] = Mark(font=self.font)
                self.fonts.setdefault(number, {})[column] = self.font


class _Decoded(NamedTuple):
    text: str
    font: str = ""
    is_known: bool = True


def sheet_of(path: Path) -> DelimitedSheet | None:
    """The file as one sheet; None when it is no text of columns. Raises Unreadable where its letters are unknown."""
    found = decoded(path.read_bytes())
    if found is None:
        return None
    lines = [line for line in found.text.splitlines()[:_LOOKED_AT] if line.strip()]
    if sum(separator(found.text) in line for line in lines) < 2:
        return None
    if not found.is_known:
        raise Unreadable("unknown_letters", {"name": path.name})
    # Its name is as long as a workbook allows.
    return DelimitedSheet(name=path.stem[:31].strip(), text=found.text, font=found.font)


def separator(text: str) -> str:
    """The sign that divides most lines into the same number of columns; quoted text aside."""
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]

    def rank(sign: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
        columns, times = max(counts.items(), key=lambda one: (one[0] > 1, one[1], one[0]))
        return (times if columns > 1 else 0, columns)

    return max(SEPARATORS, key=rank)


def decoded(data: bytes) -> _Decoded | None:
    """UTF-16 and UTF-8 by mark or by what holds; else the old code page or font whose words are Vietnamese."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _Decoded(data.decode("utf-16", errors="replace"))
    if b"\0" in data:
        return None
    try:
        return _Decoded(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        latin = data.decode("cp1252", errors="replace")
        tried = [
            _Decoded(data.decode("cp1258", errors="replace")),
            _Decoded(latin, ".VnTime"),
            _Decoded(latin, "VNI-Times"),
            _Decoded(latin),
        ]
        best = max(tried, key=lambda one: _vietnamese(one)[0])
        share, count = _vietnamese(best)
        return best._replace(is_known=share >= _LEAST_VIETNAMESE or count < _FEWEST_WORDS)


def _vietnamese(tried: _Decoded) -> tuple[float, int]:
    """The share of words beyond ASCII that are Vietnamese syllables once old fonts are undone, and how many words these are."""
    words = [
        word
        for line in tried.text.splitlines()[:200]
        for word in _DIVIDED.split(line)
        if word and not word.isascii()
    ]
    good = sum(is_syllable(clean(word, tried.font)[0].strip(".,:()\"'–-/%")) for word in words)
    return good / max(len(words), 1), len(words)
