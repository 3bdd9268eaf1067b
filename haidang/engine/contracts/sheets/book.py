"""A file of spreadsheets: sheets, their rows, and what they hide. Other formats than .xlsx through calamine."""

from __future__ import annotations

import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from haidang.engine.contracts.sheets.lettering import clean

if TYPE_CHECKING:
    from haidang.engine.contracts.sheets.unsaid import Unsaid

LARGEST_FILE = 64 << 20
LARGEST_CONTENT = 1 << 30
MOST_CELLS = 20_000_000
# Spreadsheets of one repeated word shrink to a hundredth; bombs to a thousandth and more.
_SHORTEST_PART = 64
MOST_SHRUNK, FREE_OF_RATIO = 200, 16 << 20
# How files begin that are sent in place of a workbook, and parts of those that are archives as well.
_DOCUMENTS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"{\\rtf": "RTF",
}
_DOCUMENT_PARTS = {"word/document.xml": "Word", "ppt/presentation.xml": "PowerPoint"}
LARGEST_NUMBER = 1e308
ERRORS = frozenset(
    {"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)


class Error(str):
    """What a formula left instead of a value; empty when it left nothing."""

    __slots__ = ()


def number_of(text: str | float) -> float | Error:
    """A number as a file holds it. What no spreadsheet can hold (NaN, 1E400) is the error Excel shows for it."""
    value = float(text)
    return value if -LARGEST_NUMBER < value < LARGEST_NUMBER else Error("#NUM!")


class Clock(str):
    """A time of day or a span, as it is written; `held` is what the file holds."""

    __slots__ = ("held",)

    held: time | timedelta

    @classmethod
    def of(cls, held: time | timedelta) -> Clock:
        made = cls(held)
        made.held = held
        return made


Value = str | float | bool | date | datetime | Error | None


class Mark(NamedTuple):
    """What is out of the ordinary with a cell: shown as a share, by thousands, with a unit, with a minus it does not have or
    not at all, in an old font or struck out, or computed.
    """

    percent: bool = False
    thousands: int = 0
    font: str = ""
    formula: str = ""
    unit: str = ""
    struck: bool = False
    unshown: bool = False
    negative: bool = False


class Unreadable(Exception):
    """The file cannot be read; `code` is one of `sentences`."""

    def __init__(self, code: str, args: dict[str, object]) -> None:
        super().__init__(code)
        self.code, self.arguments = code, args


@dataclass(slots=True)
class Sheet(ABC):
    """One sheet. Rows count from 1, columns from 0; merged ranges are row, column, row, column, both ends in."""

    name: str
    visible: bool = True
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    # Filled while the rows are read.
    hidden_rows: set[int] = field(default_factory=set)
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    # Row → column → old font its text is written in.
    fonts: dict[int, dict[int, str]] = field(default_factory=dict)
    # Its numbers of days count from 1904, as those of old Macintoshes do.
    since_1904: bool = False

    def words(self, number: int, cells: list[Value]) -> list[Value]:
        """A row with the text of old fonts as Unicode: what it says, not what stands in it."""
        if number not in self.fonts:
            return cells
        said = list(cells)
        for column, font in self.fonts[number].items():
            if isinstance(text := cells[column], str):
                said[column] = clean(text, font)[0]
        return said

    @abstractmethod
    def prepare(self) -> None:
        """Read what stands around the rows; asked for once, before them."""

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        """Row number and values, the empty ones None, without the empty end."""


def safely(sheet: Sheet) -> Iterator[tuple[int, list[Value]]]:
    """The rows of a prepared sheet; raises Unreadable where the file turns out to be damaged on the way."""
    try:
        sheet.prepare()
        yield from sheet.rows()
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("damaged", {"detail": f"{sheet.name}: {error}"[:120]}) from error


@cache
def column_number(letters: str) -> int:
    """0 for A."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


@cache
def column_letters(number: int) -> str:
    """A for 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Book:
    """An opened file; close it, or use it as a context."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._archive: zipfile.ZipFile | None = None
        self.format, self.sheets = self._open()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        if self._archive:
            self._archive.close()

    def _open(self) -> tuple[str, list[Sheet]]:
        if not self.path.is_file():
            raise Unreadable("no_file", {"name": self.path.name})
        size = self.path.stat().st_size
        if size > LARGEST_FILE:
            raise Unreadable("too_large", {"size": size >> 20, "limit": LARGEST_FILE >> 20})
        with self.path.open("rb") as stream:
            start = stream.read(4096)
        if not start:
            raise Unreadable("empty_file", {"name": self.path.name})
        if start.startswith(b"PK"):
            return self._open_archive()
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            from haidang.engine.contracts.sheets.unsaid import is_locked

            if is_locked(self.path):
                raise Unreadable("password", {})
            return "xls", self._through_calamine("xls")
        if kind := next((kind for sign, kind in _DOCUMENTS.items() if start.startswith(sign)), ""):
            raise Unreadable("document", {"name": self.path.name, "kind": kind})
        found = _disguise(start)
        if found in {"text_file", "not_a_sheet"} and start:
            from haidang.engine.contracts.sheets.delimited import sheet_of

            if sheet := sheet_of(self.path):
                return "csv", [sheet]
        raise Unreadable(found, {"name": self.path.name})

    def _open_archive(self) -> tuple[str, list[Sheet]]:
        try:
            try:
                self._archive = archive = zipfile.ZipFile(self.path)
            except zipfile.BadZipFile as error:
                # What it holds is listed at its end; only where it began as an archive does one say that the end is missing.
                whole = self.path.stat().st_size > _SHORTEST_PART
                raise Unreadable(
                    "cut_off" if whole else "damaged", {"detail": "không phải tệp nén"}
                ) from error
            _refuse_bombs(archive, self.path.stat().st_size)
            names = set(archive.namelist())
            if kind := next((kind for part, kind in _DOCUMENT_PARTS.items() if part in names), ""):
                raise Unreadable("document", {"name": self.path.name, "kind": kind})
            if "content.xml" in names:
                _refuse_unread(archive)
                return "ods", self._through_calamine("ods")
            if any(name.endswith("workbook.bin") for name in names):
                return "xlsb", self._through_calamine("xlsb")
            from haidang.engine.contracts.sheets.xlsx import sheets_of

            return "xlsx", list(sheets_of(archive))
        except Unreadable:
            raise
        except Exception as error:
            raise Unreadable("damaged", {"detail": str(error)[:120]}) from error

    def _through_calamine(self, form: str) -> list[Sheet]:
        import python_calamine

        from haidang.engine.contracts.sheets.unsaid import of_xls
        from haidang.engine.contracts.sheets.unsaid_ods import of_ods

        # Refuses what calamine would lay out in memory.
        unsaid = of_ods(self.path) if form == "ods" else []
        try:
            # By what the file holds: an .xls called .xlsx is an .xls.
            with self.path.open("rb") as stream:
                book = python_calamine.CalamineWorkbook.from_filelike(stream)
            worksheet = python_calamine.SheetTypeEnum.WorkSheet
            visible = python_calamine.SheetVisibleEnum.Visible
            if form == "xls":
                unsaid = of_xls(self.path)
            return [
                _CalamineSheet(
                    name=one.name, visible=one.visible == visible, inner=book.get_sheet_by_name(one.name),
                    unsaid=unsaid[number] if number < len(unsaid) else None,
                )
                for number, one in enumerate(book.sheets_metadata)
                if one.typ == worksheet
            ]  # fmt: skip
        except python_calamine.PasswordError as error:
            raise Unreadable("password", {}) from error
        except Exception as error:
            if "assword" in str(error) or "ncrypt" in str(error):
                raise Unreadable("password", {}) from error
            raise Unreadable("damaged", {"detail": str(error)[:120]}) from error


@dataclass(slots=True)
class _CalamineSheet(Sheet):
    inner: object = None
    unsaid: Unsaid | None = None

    def prepare(self) -> None:
        if self.unsaid:
            self.hidden_rows, self.hidden_columns = self.unsaid.hidden_rows, self.unsaid.hidden_columns
            self.since_1904 = self.unsaid.since_1904
            self.merges += self.unsaid.merges
        for (r1, c1), (r2, c2) in getattr(self.inner, "merged_cell_ranges", None) or ():
            self.merges.append((r1 + 1, c1, r2 + 1, c2))

    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        for number, cells in enumerate(self.inner.to_python(skip_empty_area=False), 1):  # type: ignore[attr-defined]
            values: list[Value] = [_value(cell) for cell in cells]
            if self.unsaid:
                self._say(number, values, self.unsaid)
            while values and values[-1] is None:
                values.pop()
            if values:
                yield number, values

    def _say(self, number: int, values: list[Value], unsaid: Unsaid) -> None:
        """Put in what calamine left out of a row, and remember what is out of the ordinary with its cells."""
        left_out = (
            unsaid.errors.get(number, {}) | unsaid.truths.get(number, {}) | unsaid.texts.get(number, {})
        )
        for column, other in left_out.items():
            values.extend([None] * (column + 1 - len(values)))
            values[column] = other
        for column, value in enumerate(values):
            if value is not None and (mark := unsaid.marks.get((number, column))):
                self.marks[number, column] = mark
                if mark.font:
                    self.fonts.setdefault(number, {})[column] = mark.font


def _value(cell: object) -> Value:
    if isinstance(cell, str):
        return (Error(cell) if cell in ERRORS else cell) or None
    if isinstance(cell, bool | date):
        return cell
    if isinstance(cell, int | float):
        return number_of(cell)
    return Clock.of(cell) if isinstance(cell, time | timedelta) else None


def _disguise(start: bytes) -> str:
    """What a file is that only calls itself Excel."""
    head = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table")):
        return "html"
    if head.startswith(b"<?xml"):
        return "xml_2003"
    return "text_file" if start and b"\0" not in start else "not_a_sheet"


def _refuse_bombs(archive: zipfile.ZipFile, size: int) -> None:
    parts = archive.infolist()
    whole, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
    if whole > LARGEST_CONTENT or packed > size or len(parts) > 10_000:
        raise Unreadable("bomb", {"size": whole >> 20})
    if any(
        p.file_size > FREE_OF_RATIO and p.file_size > MOST_SHRUNK * max(p.compress_size, 1) for p in parts
    ):
        raise Unreadable("bomb", {"size": whole >> 20})
    if any(p.filename.startswith("/") or ".." in p.filename.split("/") for p in parts):
        raise Unreadable("bomb", {"size": whole >> 20})
    if any(p.flag_bits & 1 for p in parts):
        raise Unreadable("password", {})


def _refuse_unread(archive: zipfile.ZipFile) -> None:
    """An .ods that is locked, or says more than it holds."""
    manifest = "META-INF/manifest.xml"
    if manifest in archive.NameToInfo and b"encryption-data" in archive.read(manifest):
        raise Unreadable("password", {})
    with archive.open("content.xml") as stream:
        start = stream.read(1 << 16)
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise Unreadable("entities", {"part": "content.xml"})
