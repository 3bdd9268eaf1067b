"""Rows of an .xlsx file as they stream by, with what a plain read of values hides.

Cells of the usual shape are read by one pattern, some forty times faster than by building a tree; a row in which the
pattern does not account for every cell is parsed as XML. Nothing is held but the row at hand, the shared strings and
what is out of the ordinary.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from haidang.engine.contracts.sheets.book import (
    ERRORS,
    Error,
    Mark,
    Sheet,
    Unreadable,
    Value,
    column_number,
    number_of,
)
from haidang.engine.contracts.sheets.days import from_serial
from haidang.engine.contracts.sheets.forms import Form, Forms, laid_out
from haidang.engine.contracts.sheets.parts_of_xlsx import bare, parse, relations
from haidang.engine.contracts.sheets.strings_of_xlsx import plain_text, rich_text, strings_of
from haidang.engine.contracts.sheets.styles_of_xlsx import Styles, styles_of

_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")? ?(?:/>|>(?:<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>|(.*?))</c>)',
    re.DOTALL,
)
# The same without what is rare: numbers and shared texts, and cells that only have a look.
_USUAL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="([ns])")? ?(?:/>|><v>([^<]*)</v></c>)',
)
_RESULT, _FORMULA = re.compile(r"<v(?: [^>]*)?>([^<]*)</v>"), re.compile(r"<f[ >/][^<]*")
_ORDINARY = Mark()
_ROW_NUMBER, _HIDDEN = re.compile(r'\br="(\d+)"'), re.compile(r'\bhidden="(?:1|true)"|\b(?:ht|width)="0"')
_MERGE = re.compile(r'<(?:\w+:)?mergeCell [^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_COLUMN = re.compile(r"<(?:\w+:)?col [^>]*>")
_PREFIX = re.compile(rb"<(\w+:)?sheetData")
_CHUNK = 1 << 20
_LARGEST_KEPT = 8 << 20


def sheets_of(archive: zipfile.ZipFile) -> list[Sheet]:
    """The worksheets in their order; their rows are read when asked for."""
    top = next(
        (part for kind, part in relations(archive, "").values() if kind == "officeDocument"),
        "xl/workbook.xml",
    )
    book = parse(archive, top)
    if book is None:
        raise Unreadable("no_workbook", {})
    named = relations(archive, top)
    parts = dict(named.values())
    since_1904 = any(e.tag == "workbookPr" and e.get("date1904") in {"1", "true"} for e in book.iter())
    styles = styles_of(parse(archive, parts.get("styles", "")))
    strings = strings_of(archive, parts.get("sharedStrings", ""))
    found: list[Sheet] = []
    for element in (e for e in book.iter() if e.tag == "sheet"):
        identity = next((value for key, value in element.attrib.items() if bare(key) == "id"), "")
        kind, part = named.get(identity, ("", ""))
        if kind == "worksheet":
            found.append(
                _XlsxSheet(
                    name=element.get("name", ""), visible=element.get("state", "visible") == "visible",
                    archive=archive, part=part, styles=styles, strings=strings, since_1904=since_1904,
                )
            )  # fmt: skip
    return found


class _Columns(dict[str, int]):
    """Letters → number, looked up without a call."""

    def __missing__(self, letters: str) -> int:
        self[letters] = number = column_number(letters)
        return number


_COLUMNS = _Columns()


@lru_cache(4096)
def _day(plain: str, since_1904: bool) -> date | datetime | float | Error:
    serial = number_of(plain)
    if isinstance(serial, Error):
        return serial
    return from_serial(serial, since_1904=since_1904) or serial


@dataclass(slots=True)
class _XlsxSheet(Sheet):
    archive: zipfile.ZipFile = field(kw_only=True)
    part: str = field(kw_only=True)
    styles: Styles = field(kw_only=True)
    strings: list[str] = field(kw_only=True)
    _forms: Forms = field(default_factory=Forms)
    _kept: bytes | None = None
    _prefix: str = ""

    def prepare(self) -> None:
        """Read what stands around the rows: hidden columns, merged cells, comments. One pass over the part."""
        head, tail = self._around()
        found = _PREFIX.search(head)
        self._prefix = (found[1] or b"").decode() if found else ""
        for column in _COLUMN.findall(head.decode("utf-8", errors="replace")):
            if _HIDDEN.search(column):
                first, last = (
                    int(m[1])
                    for m in (re.search(r'min="(\d+)"', column), re.search(r'max="(\d+)"', column))
                    if m
                )
                self.hidden_columns.update(range(first - 1, min(last, 16384)))
        for c1, r1, c2, r2 in _MERGE.findall(tail.decode("utf-8", errors="replace")):
            self.merges.append((int(r1), column_number(c1), int(r2), column_number(c2)))
        for kind, part in relations(self.archive, self.part).values():
            root = parse(self.archive, part) if kind == "comments" else None
            for comment in root.iter("comment") if root is not None else ():
                where = re.fullmatch(r"([A-Z]+)(\d+)", comment.get("ref", ""))
                if where:
                    text = "".join(t.text or "" for t in comment.iter("t")).strip()
                    self.comments[int(where[2]), column_number(where[1])] = text

    def _around(self) -> tuple[bytes, bytes]:
        """What stands before and after the rows; a small part is kept for reading them."""
        if self.archive.getinfo(self.part).file_size <= _LARGEST_KEPT:
            data = self._kept = self.archive.read(self.part)
            start, end = data.find(b"sheetData"), data.rfind(b"sheetData>")
            return data[: start + 10], data[end:] if end >= 0 else b""
        with self.archive.open(self.part) as stream:
            head = stream.read(_CHUNK)
            previous, tail, after = head, b"", False
            while chunk := stream.read(_CHUNK):
                window = previous[-20:] + chunk
                if after:
                    tail += chunk
                elif (end := window.find(b"sheetData>")) >= 0:
                    after, tail = True, window[end:]
                previous = chunk
        return head[: head.find(b"sheetData") + 10], tail

    def _segments(self) -> Iterator[str]:
        """The text of each row without its end, prefixes taken off."""
        end = f"</{self._prefix}row>"
        if self._kept is not None:
            pieces = self._kept.decode("utf-8").split(end)
            yield from map(self._unprefixed, pieces[:-1])
            return
        rest = b""
        with self.archive.open(self.part) as stream:
            while chunk := stream.read(_CHUNK):
                rest += chunk
                cut = rest.rfind(end.encode())
                if cut >= 0:
                    yield from map(self._unprefixed, rest[:cut].decode("utf-8").split(end))
                    rest = rest[cut + len(end) :]

    def _unprefixed(self, text: str) -> str:
        return (
            text.replace(f"<{self._prefix}", "<").replace(f"</{self._prefix}", "</") if self._prefix else text
        )

    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        number = 0
        for segment in self._segments():
            start = segment.rfind("<row")  # an empty row before it has no end of its own
            opening = segment.find(">", start)
            head = segment[start:opening]
            if head.startswith('<row r="'):
                number = int(head[8 : head.index('"', 8)])
            else:
                found = _ROW_NUMBER.search(head)
                number = int(found[1]) if found else number + 1
            if "h" in head and _HIDDEN.search(head):
                self.hidden_rows.add(number)
            yield number, self._values(number, segment[opening + 1 :])

    def _values(self, number: int, text: str) -> list[Value]:
        if found := self._forms.values_of(text):
            return self._formed(number, text, *found)
        self._forms.learn(text, self.styles.dates, self.styles.special)
        cells = _USUAL.findall(text) if "<f" not in text and "<is>" not in text else []
        if not cells or len(cells) != text.count("<c"):
            return self._odd_values(number, text)
        values: list[Value] = []
        strings, dates, special = self.strings, self.styles.dates, self.styles.special
        place = 0
        for letters, style, kind, plain in cells:
            if not plain:
                continue
            column = _COLUMNS[letters]
            if column != place:
                if column < place:
                    return self._odd_values(number, text)
                values += [None] * (column - place)
            place = column + 1
            if kind == "s":
                values.append(strings[int(plain)] or None)
            else:
                values.append(number_of(plain) if style not in dates else _day(plain, self.since_1904))
            if style in special:
                self._mark(number, column, special[style])
        return values

    def _formed(self, number: int, text: str, form: Form, groups: list[Any]) -> list[Value]:
        """A row whose form is known."""
        values = groups
        quoted = "&" in text or "_x" in text
        for column, group, (percent, thousands, font, _, unit, struck, unshown, negative) in form.formulas:
            words = plain_text(groups[group]) if quoted else groups[group]
            look = Mark(percent, thousands, font, "=" + words, unit, struck, unshown, negative)
            if font:
                self._mark(number, column, look)
            else:
                self.marks[number, column] = look
        for column, mark in form.looks:
            self._mark(number, column, mark)
        for place in form.numbers:
            values[place] = float(values[place])
        for place in form.shared:
            values[place] = self.strings[int(values[place])] or None
        for place in form.days:
            values[place] = _day(values[place], self.since_1904)
        if quoted:
            for place in form.own:
                values[place] = plain_text(values[place])
        return values if form.plain else laid_out(form, values)

    def _odd_values(self, number: int, text: str) -> list[Value]:
        """A row with cells that are not of the usual two kinds."""
        cells = _CELL.findall(text)
        if len(cells) != text.count("<c ") + text.count("<c>"):
            return self._tree_values(number, text)
        values: list[Value] = []
        strings, dates, special = self.strings, self.styles.dates, self.styles.special
        for letters, style, kind, plain, own, inner in cells:
            if not plain and not own and not inner:
                continue
            column = _COLUMNS[letters]
            if len(values) <= column:
                values.extend([None] * (column + 1 - len(values)))
            if own:
                values[column] = own if "&" not in own and "_x" not in own else plain_text(own)
            elif inner or (kind and kind != "s"):
                values[column] = self._odd(number, column, style, kind, plain, inner)
                continue
            elif kind:
                values[column] = strings[int(plain)] or None
            else:
                values[column] = number_of(plain) if style not in dates else _day(plain, self.since_1904)
            if style in special:
                self._mark(number, column, special[style])
        return values

    def _mark(self, row: int, column: int, mark: Mark) -> None:
        self.marks[row, column] = mark
        if mark.font:
            self.fonts.setdefault(row, {})[column] = mark.font

    def _odd(self, row: int, column: int, style: str, kind: str, plain: str, inner: str) -> Value:
        """A cell with a formula, an error, a text of its own or a truth value."""
        formula = ""
        mark = self.styles.special.get(style, _ORDINARY)
        if inner:
            if kind == "inlineStr":
                value: Value = rich_text(inner) or None
                if mark is not _ORDINARY:
                    self._mark(row, column, mark)
                return value
            found = _RESULT.search(inner)
            plain = found[1] if found else ""
            if formula_found := _FORMULA.search(inner):
                formula = (
                    "=" + plain_text(formula_found[0].partition(">")[2]) if ">" in formula_found[0] else "="
                )
        if formula or mark is not _ORDINARY:
            own = Mark(formula=formula) if mark is _ORDINARY else mark._replace(formula=formula)
            self._mark(row, column, own)
        if not plain:
            # A formula that came to an empty text has a result; one nobody computed has none.
            return ("" if kind == "str" else Error("")) if formula else None
        return self._typed(kind, plain, style)

    def _typed(self, kind: str, plain: str, style: str) -> Value:
        if kind == "s":
            return self.strings[int(plain)] or None
        if kind == "e" or plain in ERRORS:
            return Error(plain)
        if kind == "b":
            return plain in {"1", "true"}
        if kind == "str":
            return plain_text(plain) or None
        if kind == "d":
            return datetime.fromisoformat(plain)
        return number_of(plain) if style not in self.styles.dates else _day(plain, self.since_1904)

    def _tree_values(self, number: int, text: str) -> list[Value]:
        """A row of another shape than the usual one, read as XML."""
        bare = re.sub(r"(</?)\w+:", r"\1", re.sub(r' \w+:\w+="[^"]*"', "", text))
        values: list[Value] = []
        column = -1
        for cell in ET.fromstring(f"<row>{bare}</row>"):  # noqa: S314 - a fragment has no document type
            where = re.match(r"[A-Z]+", cell.get("r", ""))
            column = column_number(where[0]) if where else column + 1
            inner = "".join(ET.tostring(child, encoding="unicode") for child in cell)
            if not inner:
                continue
            if len(values) <= column:
                values.extend([None] * (column + 1 - len(values)))
            kind = cell.get("t", "n")
            values[column] = self._odd(
                number, column, cell.get("s", ""), "" if kind == "n" else kind, "", inner
            )
        return values
