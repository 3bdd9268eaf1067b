"""The last step of "Vì sao?": the delivered file, the line in it, and its bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from haidang.engine.boards.content import Library
from haidang.engine.store.trace import Line, line_of

WIDTH = 12  # bytes in one row of the hex view
MOST_ROWS = 7
AROUND = 160  # characters of a message shown on each side of the record


@dataclass(frozen=True, slots=True)
class Byte:
    hex: str
    shown: str
    on: bool


@dataclass(frozen=True, slots=True)
class HexRow:
    offset: str
    cells: list[Byte]
    blank: int


@dataclass(frozen=True, slots=True)
class TableRow:
    number: int
    cells: list[str]
    on: bool


@dataclass(frozen=True, slots=True)
class FilePart:
    """One delivery and where in it the record stands."""

    delivery: int
    ordinal: int
    name: str
    door: str
    source_title: str
    credential: str
    received_at: datetime
    size: int
    sha256: str
    heads: list[str]
    rows: list[TableRow]
    before: str
    text: str
    after: str
    line: int
    start: int
    hex: list[HexRow]
    cut: bool


def _field_words() -> dict[str, str]:
    return {
        "parameter": _("Ký hiệu"),
        "value": _("Giá trị"),
        "unit": _("Đơn vị"),
        "at": _("Thời điểm đo"),
        "status": _("TT"),
        "station": _("Trạm"),
    }


def file_part(lib: Library, source: str, delivery: int, ordinal: int) -> FilePart:
    """Raises LookupError when the bytes are not there any more."""
    line = line_of(delivery, ordinal)
    definition = lib.sources.get(source)
    contract = lib.contracts.get(definition.contract) if definition else None
    heads: list[str] = []
    rows: list[TableRow] = []
    if contract and contract.lines and definition and definition.format == "lines":
        words = _field_words()
        heads = [words[name] for name in contract.lines.fields]
        separator = contract.lines.separator
        rows = [TableRow(n, text.split(separator), on) for n, text, on in line.surrounding(5, 6)]
        if any(len(row.cells) > len(heads) + 2 for row in rows):
            heads, rows = [], []
    before, text, after = ("", "", "") if rows else _excerpt(line)
    hex_rows, cut = hex_view(line.body, line.record.start, line.record.end)
    return FilePart(
        delivery=delivery,
        ordinal=ordinal,
        name=line.name or _("bản tin không tên"),
        door={"mqtt": "MQTT", "push": "HTTP", "ftp": "FTP", "pull": _("kéo về")}.get(line.door, line.door),
        source_title=str(lib.source_titles.get(source, source)),
        credential=line.credential,
        received_at=line.received_at,
        size=line.size,
        sha256=line.sha256,
        heads=heads,
        rows=rows,
        before=before,
        text=text,
        after=after,
        line=line.number,
        start=line.record.start,
        hex=hex_rows,
        cut=cut,
    )


def _excerpt(line: Line) -> tuple[str, str, str]:
    """The record with some of what stands before and after it."""
    body, record = line.body, line.record
    before = body[max(0, record.start - AROUND) : record.start].decode("utf-8", "replace")
    after = body[record.end : record.end + AROUND].decode("utf-8", "replace")
    if record.start > AROUND:
        before = "…" + before
    if record.end + AROUND < len(body):
        after += "…"
    return before, line.text, after


def hex_view(body: bytes, start: int, end: int) -> tuple[list[HexRow], bool]:
    """Rows of bytes around `body[start:end]`, and whether the record goes on behind them."""
    first = max(0, (start - 1) // WIDTH * WIDTH)
    last = min(len(body), first + WIDTH * MOST_ROWS, -(-(end + 1) // WIDTH) * WIDTH)
    rows = []
    for offset in range(first, last, WIDTH):
        piece = body[offset : min(offset + WIDTH, len(body))]
        cells = [
            Byte(f"{byte:02X}", chr(byte) if 32 < byte < 127 else "·", start <= offset + n < end)
            for n, byte in enumerate(piece)
        ]
        rows.append(HexRow(f"{offset:04X}", cells, WIDTH - len(cells)))
    return rows, end > last


def original(delivery: int, ordinal: int) -> tuple[bytes, str]:
    """The bytes of the arrival that holds this record, and a file name that is safe to give."""
    line = line_of(delivery, ordinal)
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", line.name.rsplit("/", 1)[-1])[:120].lstrip(".")
    return line.body, name or f"lan-nhan-{delivery}.bin"
