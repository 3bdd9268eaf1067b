"""The texts of an .xls that have pieces of several looks; [MS-XLS] 2.4.265, 2.5.293 and 2.5.129."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from haidang.engine.contracts.sheets.pieces import Piece, joined

_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08


@dataclass(slots=True)
class _Parts:
    """Bytes of a record and of those that go on with it; a text cut between two says anew how wide its letters are."""

    parts: Sequence[bytes]
    part: int = 0
    place: int = 0

    def _left(self) -> int:
        while self.part < len(self.parts) and self.place >= len(self.parts[self.part]):
            self.part, self.place = self.part + 1, 0
        if self.part >= len(self.parts):
            raise EOFError
        return len(self.parts[self.part]) - self.place

    def take(self, count: int) -> bytes:
        taken = b""
        while len(taken) < count:
            some = min(self._left(), count - len(taken))
            taken += self.parts[self.part][self.place : self.place + some]
            self.place += some
        return taken

    def text(self, count: int, *, wide: bool) -> str:
        said = ""
        while count:
            # The letters of a text that go on in a new part begin with their width.
            if self.place >= len(self.parts[self.part]):
                wide = bool(self.take(1)[0] & _WIDE)
            size = 2 if wide else 1
            some = min(self._left() // size, count)
            raw = self.take(some * size or size)
            said += raw.decode("utf-16-le" if wide else "latin-1", errors="replace")
            count -= some or 1
        return said


def rich_strings(parts: Sequence[bytes], looks: Mapping[int, tuple[bool, bool]]) -> dict[int, str]:
    """Number of a shared text → what it says, for those with raised or struck pieces. `looks`: font → raised, struck."""
    if not parts or not looks:
        return {}
    reading, found = _Parts(parts), dict[int, str]()
    (count,) = struct.unpack_from("<I", reading.take(8), 4)
    for number in range(count):
        try:
            length, flags = struct.unpack("<HB", reading.take(3))
            runs = int.from_bytes(reading.take(2), "little") if flags & _RICH else 0
            extended = int.from_bytes(reading.take(4), "little") if flags & _EXTENDED else 0
            text = reading.text(length, wide=bool(flags & _WIDE))
            starts = [struct.unpack("<HH", reading.take(4)) for _ in range(runs)]
            reading.take(extended)
        except EOFError:
            break  # cut off: calamine says so
        if any(font in looks for _, font in starts):
            found[number] = _said(text, starts, looks)
    return found


def _said(text: str, starts: Sequence[tuple[int, int]], looks: Mapping[int, tuple[bool, bool]]) -> str:
    begins = [(0, -1), *starts, (len(text), -1)]
    pieces = [
        Piece(text[start:end], *looks.get(font, (False, False)))
        for (start, font), (end, _) in pairwise(begins)
    ]
    return joined(pieces)
