"""What calamine does not tell of an .xls: errors (it gives nothing), shares, old fonts, raised digits, what is hidden.

[MS-XLS] and [MS-CFB], records of BIFF8 and BIFF5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from haidang.engine.contracts.sheets.book import Error, Mark
from haidang.engine.contracts.sheets.formats import mark_of
from haidang.engine.contracts.sheets.strings_of_xls import rich_strings

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_BOF, _EOF, _BOUNDSHEET, _FONT, _FORMAT, _XF = 0x809, 0x0A, 0x85, 0x31, 0x41E, 0xE0
_DATE_MODE, _FILE_PASS = 0x22, 0x2F
_ROW, _COLUMNS, _MULRK, _BOOLERR, _FORMULA = 0x208, 0x7D, 0xBD, 0x205, 0x06
_STRINGS, _GOES_ON, _OF_STRING, _RAISED = 0xFC, 0x3C, 0xFD, 1
_WITH_LOOK = {_OF_STRING, 0x204, 0x203, 0x27E, _BOOLERR, _FORMULA}
_BIFF8, _STRUCK = 0x600, 0x08
# No font has this number, since ever.
_FONT_LEFT_OUT = 4
_END_OF_CHAIN, _MOST_SECTORS = 0xFFFFFFFA, 1 << 21


@dataclass(slots=True)
class Unsaid:
    """Of one sheet; rows count from 1, columns from 0."""

    errors: dict[int, dict[int, Error]] = field(default_factory=dict)
    truths: dict[int, dict[int, bool]] = field(default_factory=dict)
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    # Texts with raised or struck pieces: what they say.
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    since_1904: bool = False


# --- .xls ---------------------------------------------------------------------------------------------------
def of_xls(path: Path) -> list[Unsaid]:
    """In the order of the sheets; shorter where the file is of an older kind than BIFF5."""
    stream = _workbook(path.read_bytes())
    version, looks, fonts, starts, since_1904 = _BIFF8, _Looks(), list[tuple[str, bool]](), list[int](), False
    strings, of_pieces, before = list[bytes](), dict[int, tuple[bool, bool]](), 0
    for kind, body in _records(stream, 0):
        # What goes on with the strings is followed by what goes on with them too.
        is_strings = kind == _STRINGS or (kind == _GOES_ON and before == _STRINGS)
        if is_strings:
            strings.append(body)
        before = _STRINGS if is_strings else kind
        if kind == _BOF:
            version = int.from_bytes(body[:2], "little")
        elif kind == _BOUNDSHEET:
            starts.append(int.from_bytes(body[:4], "little"))
        elif kind == _DATE_MODE:
            since_1904 = body[:1] == b"\x01"
        elif kind == _FONT:
            raised, struck = body[8] == _RAISED, bool(body[2] & _STRUCK)
            if raised or struck:
                of_pieces[len(fonts) + (len(fonts) >= _FONT_LEFT_OUT)] = raised, struck
            fonts.append((_text(body, 14, version, 1), struck))
        elif kind == _FORMAT:
            looks.formats[int.from_bytes(body[:2], "little")] = _text(
                body, 2, version, 2 if version >= _BIFF8 else 1
            )
        elif kind == _XF:
            looks.styles.append(struct.unpack_from("<HH", body))
    looks.fonts = fonts
    looks.strings = rich_strings(strings, of_pieces)
    found = [_sheet_of(stream, start, looks) for start in starts]
    for one in found:
        one.since_1904 = since_1904
    return found


def is_locked(path: Path) -> bool:
    """Whether a compound file is a workbook under a password: an .xls, or an .xlsx packed into one."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        return True
    try:
        stream = _workbook(data)
    except (struct.error, IndexError):
        return False  # damaged: calamine says how
    return any(kind == _FILE_PASS for kind, _ in _records(stream, 0))


@dataclass(slots=True)
class _Looks:
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[tuple[int, int]] = field(default_factory=list)
    # Name, and whether struck out.
    fonts: list[tuple[str, bool]] = field(default_factory=list)
    # Number of a shared text → what it says, where it has raised or struck pieces.
    strings: dict[int, str] = field(default_factory=dict)

    def mark(self, style: int) -> Mark | None:
        if style >= len(self.styles):
            return None
        font, form = self.styles[style]
        font -= font > _FONT_LEFT_OUT
        name, struck = self.fonts[font] if font < len(self.fonts) else ("", False)
        found = mark_of(form, self.formats.get(form, ""), name, struck=struck)
        return found if found != Mark() else None


def _sheet_of(stream: bytes, start: int, looks: _Looks) -> Unsaid:
    found = Unsaid()
    for kind, body in _records(stream, start):
        if kind == _ROW and len(body) >= 16 and body[12] & 0x20:
            found.hidden_rows.add(int.from_bytes(body[:2], "little") + 1)
        elif kind == _COLUMNS and len(body) >= 10 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            found.hidden_columns.update(range(first, min(last, 16_383) + 1))
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", body)
            for number in range((len(body) - 6) // 6):
                _mark(
                    found, looks, row, column + number, int.from_bytes(body[4 + 6 * number :][:2], "little")
                )
        elif kind in _WITH_LOOK and len(body) >= 6:
            row, column, style = struct.unpack_from("<HHH", body)
            _mark(found, looks, row, column, style)
            if kind == _OF_STRING and looks.strings:
                said = looks.strings.get(int.from_bytes(body[6:10], "little"))
                if said is not None:
                    found.texts.setdefault(row + 1, {})[column] = said
            code = _error_in(kind, body)
            if code is not None:
                found.errors.setdefault(row + 1, {})[column] = Error(_ERRORS.get(code, "#N/A"))
    return found


def _mark(found: Unsaid, looks: _Looks, row: int, column: int, style: int) -> None:
    if mark := looks.mark(style):
        found.marks[row + 1, column] = mark


def _error_in(kind: int, body: bytes) -> int | None:
    if kind == _BOOLERR and body[7]:
        return body[6]
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """From a BOF to its EOF; charts inside, which have their own, are passed over."""
    place, depth = start, 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        place += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[place - length : place]


def _text(body: bytes, start: int, version: int, width: int) -> str:
    count = int.from_bytes(body[start : start + width], "little")
    start += width
    if version < _BIFF8:
        return body[start : start + count].decode("latin-1")
    wide = body[start] & 1
    raw = body[start + 1 : start + 1 + count * (1 + wide)]
    return raw.decode("utf-16-le" if wide else "latin-1", errors="replace")


def _workbook(data: bytes) -> bytes:
    """The stream “Workbook” of a compound file; empty where there is none."""
    size = 1 << int.from_bytes(data[30:32], "little")

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    tables = [n for n in struct.unpack_from("<109I", data, 76) if n < _END_OF_CHAIN]
    more = int.from_bytes(data[68:72], "little")
    while more < _END_OF_CHAIN and len(tables) < _MOST_SECTORS:
        *numbers, more = struct.unpack(f"<{size // 4}I", sector(more))
        tables += [n for n in numbers if n < _END_OF_CHAIN]
    table = [n for one in tables for n in struct.unpack(f"<{size // 4}I", sector(one))]

    def chain(number: int) -> bytes:
        parts: list[bytes] = []
        while number < _END_OF_CHAIN and len(parts) <= len(table):
            parts.append(sector(number))
            number = table[number]
        return b"".join(parts)

    def small(number: int) -> bytes:
        """A stream among the small ones: pieces of 64 bytes within the stream of the root entry, with a table of their own."""
        held = chain(int.from_bytes(entries[116:120], "little"))
        numbers = chain(int.from_bytes(data[60:64], "little"))
        following = struct.unpack(f"<{len(numbers) // 4}I", numbers)
        piece = 1 << int.from_bytes(data[32:34], "little")
        parts: list[bytes] = []
        while number < _END_OF_CHAIN and len(parts) <= len(following):
            parts.append(held[number * piece : (number + 1) * piece])
            number = following[number]
        return b"".join(parts)

    entries = chain(int.from_bytes(data[48:52], "little"))
    for place in range(0, len(entries), 128):
        entry = entries[place : place + 128]
        name = entry[: max(int.from_bytes(entry[64:66], "little") - 2, 0)].decode("utf-16-le")
        if name in {"Workbook", "Book"} and entry[66] == 2:
            length = int.from_bytes(entry[120:124], "little")
            smallest = int.from_bytes(data[56:60], "little")
            first = int.from_bytes(entry[116:120], "little")
            return (chain(first) if length >= smallest else small(first))[:length]
    return b""
