"""Where each record of a delivered body stands: the same division for checking, for refusals and for `trace`.

A record is one reading of a JSON message, or one line of a file. Whatever cannot be divided is one record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import msgspec


class _Envelope(msgspec.Struct):
    """A message whose readings are found but not yet read."""

    readings: list[msgspec.Raw]
    station: msgspec.Raw = msgspec.Raw(b"null")


class Record(msgspec.Struct, frozen=True, gc=False):
    """One record of a body: its bytes are `body[start:end]`. `whole` means it could not be divided further."""

    start: int
    end: int
    place_vi: str
    station: str | None = None
    whole: str = ""  # why it could not be divided, in the decoder's words
    garbled: str = ""  # why the station's name cannot be read as UTF-8, see `strange`

    def text(self, body: bytes, limit: int = 400) -> str:
        """The record as people read it, at most `limit` characters."""
        return (
            body[self.start : min(self.end, self.start + 4 * limit)]
            .decode("utf-8", "replace")[:limit]
            .replace("\x00", "␀")
        )


BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

_any = msgspec.json.Decoder(_Envelope | list[msgspec.Raw])
_one = msgspec.json.Decoder(_Envelope)


def divide(body: bytes, form: str) -> list[Record]:
    """Records of `body` in order; at least one, whatever the bytes. `form` is json, ndjson, lines or sheet."""
    return list(divided(body, form))


def divided(body: bytes, form: str) -> Iterator[Record]:
    """The same, one after the other: who asks for some of many pays for these only."""
    if form == "sheet":  # a file of cells is one record; its cells have a record of their own
        return iter([Record(0, len(body), "tệp")])
    if body.startswith(_UTF_16):  # cut at the byte LF its lines would be neither text nor lines
        return iter([Record(0, len(body), "nội dung", whole="UTF-16")])
    if form == "lines":
        return _or_empty(_lines(body, _LINE), body, "tệp rỗng")
    first = len(BOM) if body.startswith(BOM) else 0
    if form == "ndjson":
        parts = (
            _message(body, start, line.end, line.place_vi)
            for line in _lines(body, _LF_LINE)
            if (start := max(line.start, first)) < line.end
        )
        return _or_empty(chain.from_iterable(parts), body, "nội dung rỗng")
    return _message(body, first, len(body), "")


def _or_empty(records: Iterator[Record], body: bytes, place: str) -> Iterator[Record]:
    found = next(records, None)
    if found is None:
        yield Record(0, len(body), place, whole="empty")
        return
    yield found
    yield from records


def strange(piece: bytes) -> str:
    """The first byte that keeps `piece` from being a line of UTF-8 text; empty when it is one."""
    try:
        piece.decode()
    except UnicodeDecodeError as error:
        return f"0x{piece[error.start]:02X}"
    # UTF-16 without its mark is UTF-8 by accident, every second byte NUL.
    return "0x00" if b"\0" in piece else ""


# Files may end their lines with CR, LF or both; NDJSON knows only LF.
_LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_LF_LINE = re.compile(rb"([^\n]*)(?:\n|\Z)")


def _lines(body: bytes, pattern: re.Pattern[bytes]) -> Iterator[Record]:
    """Non-blank lines."""
    for number, line in enumerate(pattern.finditer(body), 1):
        text = line[1].rstrip(b"\r")
        if text.strip():
            start = line.start()
            yield Record(start, start + len(text), f"dòng {number}")


def _message(body: bytes, start: int, end: int, place: str) -> Iterator[Record]:
    piece = body[start:end]
    where = f"{place}, " if place else ""
    try:
        decoded = _any.decode(piece)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        yield Record(start, end, place or "nội dung", whole=str(error) or "too deep")
        return
    if isinstance(decoded, _Envelope):
        yield from _readings(body, decoded, start, end, where, place)
        return
    if not decoded:
        yield Record(start, end, place or "nội dung", whole="empty")
    at = start
    for number, raw in enumerate(decoded):
        inner = bytes(raw)
        at = max(body.find(inner, at, end), at)
        name = f"{where}phần tử {number + 1}"
        try:
            message = _one.decode(inner)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            yield Record(at, at + len(inner), name, whole=str(error) or "too deep")
        else:
            yield from _readings(body, message, at, at + len(inner), f"{name}, ", name)
        at += len(inner)


def _readings(
    body: bytes, message: _Envelope, start: int, end: int, where: str, place: str
) -> Iterator[Record]:
    if not message.readings:
        yield Record(start, end, place or "nội dung", whole="empty")
        return
    station, garbled = None, ""
    try:
        station = msgspec.json.decode(message.station, type=str)
    except UnicodeDecodeError:
        garbled = strange(bytes(message.station))
    except (msgspec.DecodeError, RecursionError):
        pass
    at = start
    for number, raw in enumerate(message.readings):
        inner = bytes(raw)
        at = max(body.find(inner, at, end), at)
        yield Record(at, at + len(inner), f"{where}readings[{number}]", station, garbled=garbled)
        at += len(inner)
