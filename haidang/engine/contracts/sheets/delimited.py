"""Text files of columns (.csv, .txt) as a sheet: whatever encoding and separator, every value stays the text it is.

Which number “1.234” is, is then asked as of any text; nothing is turned into days or numbers on the way as Excel does.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from haidang.engine.contracts.sheets.book import ERRORS, Error, Sheet, Value
from haidang.engine.contracts.sheets.lettering import clean, is_syllable

SEPARATORS = ";\t,|"
_LOOKED_AT = 40


@dataclass(slots=True)
class DelimitedSheet(Sheet):
    text: str = ""

    def prepare(self) -> None:
        """Nothing stands around the rows of a text."""

    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        lines = self.text.splitlines(keepends=True)
        for number, cells in enumerate(csv.reader(lines, delimiter=separator(self.text)), 1):
            values: list[Value] = [(Error(c) if c.strip() in ERRORS else c) or None for c in cells]
            while values and values[-1] is None:
                values.pop()
            if values:
                yield number, values


def sheet_of(path: Path) -> DelimitedSheet | None:
    """The file as one sheet; None when it is no text of columns."""
    text = decoded(path.read_bytes())
    lines = [line for line in (text or "").splitlines()[:_LOOKED_AT] if line.strip()]
    if text is None or sum(separator(text) in line for line in lines) < 2:
        return None
    return DelimitedSheet(name=path.stem[:31].strip(), text=text)  # as long as a workbook allows


def separator(text: str) -> str:
    """The sign that divides most lines into the same number of columns; quoted text aside."""
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]

    def rank(sign: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
        columns, times = max(counts.items(), key=lambda one: (one[0] > 1, one[1], one[0]))
        return (times if columns > 1 else 0, columns)

    return max(SEPARATORS, key=rank)


def decoded(data: bytes) -> str | None:
    """UTF-16 and UTF-8 by mark or by what holds; else the old code page whose words are Vietnamese."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        tried = [data.decode(name, errors="replace") for name in ("cp1258", "cp1252")]
        return max(tried, key=_vietnamese)


def _vietnamese(text: str) -> float:
    """The share of words beyond ASCII that are Vietnamese syllables once old fonts are undone."""
    words = [
        word for line in text.splitlines()[:200] for word in clean(line)[0].split() if not word.isascii()
    ]
    return sum(is_syllable(word.strip(".,;:()\"'")) for word in words) / max(len(words), 1)
