"""What calamine does not tell of an .ods: merged cells, errors, shares, truth values, what a format makes of a number, looks
of cells and of pieces of text, what is hidden.

ODF 1.3 part 3, and LibreOffice's `calcext`.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from haidang.engine.contracts.sheets.book import ERRORS, Error, Mark, Unreadable
from haidang.engine.contracts.sheets.numerals import counts_by_one, is_known_unit
from haidang.engine.contracts.sheets.pieces import Piece, joined
from haidang.engine.contracts.sheets.unsaid import Unsaid

_OFFICE, _TABLE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}", "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"  # fmt: skip
_TEXT, _STYLE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}", "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"  # fmt: skip
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
# “And so on a million times” takes a few bytes, and calamine would lay it out in memory.
_MOST_REPEATED = 2000
_RAISED = re.compile(r"super\b|[1-9]")


class _Look(NamedTuple):
    raised: bool = False
    struck: bool = False
    font: str = ""


_PLAIN = _Look()
_TRUTHS = {"TRUE": True, "FALSE": False, "ĐÚNG": True, "SAI": False}


def of_ods(path: Path) -> list[Unsaid]:
    """In the order of the sheets."""
    reading = _Reading()
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        for event, element in ET.iterparse(stream, ("start", "end")):  # noqa: S314 - calamine read it before; entities are refused
            reading.take(event, element)
    return reading.found


@dataclass(slots=True)
class _Reading:
    found: list[Unsaid] = field(default_factory=list)
    looks: dict[str, _Look] = field(default_factory=dict)
    # The style of cells without one, by column.
    columns: list[str] = field(default_factory=list)
    row: int = 0

    def take(self, event: str, element: ET.Element) -> None:
        if event == "start":
            if element.tag == f"{_TABLE}table":
                self.found.append(Unsaid())
                self.row, self.columns = 0, []
        elif element.tag == f"{_STYLE}style":
            self._style(element)
        elif element.tag == f"{_TABLE}table-column":
            place = len(self.columns)
            count = _repeated(element, "columns", self.found[-1].hidden_columns, place)
            style = element.get(f"{_TABLE}default-cell-style-name", "")
            self.columns += [style] * min(count, 16_384 - place)
        elif element.tag == f"{_TABLE}table-row":
            self._cells(element)
            # Rows count from 1.
            self.row += _repeated(element, "rows", self.found[-1].hidden_rows, self.row + 1)
            element.clear()

    def _style(self, element: ET.Element) -> None:
        said = element.find(f"{_STYLE}text-properties")
        if said is None:
            return
        look = _Look(
            _RAISED.match(said.get(f"{_STYLE}text-position", "")) is not None,
            said.get(f"{_STYLE}text-line-through-style", "none") != "none"
            or said.get(f"{_STYLE}text-line-through-type", "none") != "none",
            said.get(f"{_STYLE}font-name", ""),
        )
        if look != _PLAIN:
            self.looks[element.get(f"{_STYLE}name", "")] = look

    def _cells(self, line: ET.Element) -> None:
        lines = int(line.get(f"{_TABLE}number-rows-repeated", "1"))
        column = 0
        for cell in line:
            count = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            if (kind := cell.get(f"{_OFFICE}value-type")) is not None:
                if lines * count > _MOST_REPEATED:
                    raise Unreadable("bomb", {"size": lines * count >> 20})
                self._cell(cell, kind, [(self.row + 1 + r, column + c) for r in range(lines) for c in range(count)])  # fmt: skip
            column += count

    def _cell(self, cell: ET.Element, kind: str, places: list[tuple[int, int]]) -> None:
        found = self.found[-1]
        said = cell.findall(f"{_TEXT}p")
        text = "".join(said[0].itertext()) if said else ""
        column = places[0][1]
        style = cell.get(f"{_TABLE}style-name") or (
            self.columns[column] if column < len(self.columns) else ""
        )
        look = self.looks.get(style, _PLAIN)
        old = look.font if look.font.lower().startswith((".vn", "vni")) else ""
        number = kind in {"float", "currency"} and bool(said)
        truth = _TRUTHS.get(text.upper()) if number else None
        mark = Mark(percent=kind == "percentage", struck=look.struck, font=old)
        if number and truth is None:
            mark = _as_shown(mark, text, float(cell.get(f"{_OFFICE}value", "0")))
        self._merged(cell, *places[0])
        other = (
            "\n".join(map(self._words, said)) if kind == "string" and any(len(one) for one in said) else ""
        )
        error = Error(text if text in ERRORS else "#VALUE!") if _is_error(cell, text) else None
        for r, c in places:
            if mark != Mark():
                found.marks[r, c] = mark
            if kind == "boolean":
                found.truths.setdefault(r, {})[c] = cell.get(f"{_OFFICE}boolean-value") == "true"
            elif truth is not None:  # LibreOffice makes a formula of it
                found.truths.setdefault(r, {})[c] = truth
            elif error is not None:
                found.errors.setdefault(r, {})[c] = error
            elif other:
                found.texts.setdefault(r, {})[c] = other

    def _merged(self, cell: ET.Element, row: int, column: int) -> None:
        right = int(cell.get(f"{_TABLE}number-columns-spanned", "1")) - 1
        down = int(cell.get(f"{_TABLE}number-rows-spanned", "1")) - 1
        if right or down:
            self.found[-1].merges.append((row, column, row + down, column + right))

    def _words(self, paragraph: ET.Element) -> str:
        """A paragraph with its raised and struck pieces."""
        pieces = [Piece(paragraph.text or "")]
        for part in paragraph:
            look = self.looks.get(part.get(f"{_TEXT}style-name", ""), _PLAIN)
            pieces += [Piece(_spelled(part), look.raised, look.struck), Piece(part.tail or "")]
        return joined(pieces)


def _as_shown(mark: Mark, text: str, value: float) -> Mark:
    """What the format of a number makes of it: nothing, a unit, fewer digits."""
    digits = sum(letter.isdigit() for letter in text)
    if not digits:
        return mark._replace(unshown=True)
    words = re.sub(r"[\d.,\s()+−-]+", " ", text).strip()
    whole = len(f"{abs(value):.0f}")
    left_out = 0 if "E" in text else -(-max(whole - digits, 0) // 3)
    known = words != "%" and (is_known_unit(words) or counts_by_one(words))
    minus = value > 0 and re.match(r"\D*(?:[-−–]\s*\d|\(\s*[\d.,]+\s*\))", text) is not None
    return mark._replace(unit=words if known else "", thousands=left_out, negative=minus)


def _spelled(part: ET.Element) -> str:
    """The words of a piece; spaces beyond the first are said by their number."""
    if part.tag == f"{_TEXT}s":
        return " " * int(part.get(f"{_TEXT}c", "1"))
    if part.tag == f"{_TEXT}line-break":
        return "\n"
    return (part.text or "") + "".join(_spelled(one) + (one.tail or "") for one in part)


def _repeated(element: ET.Element, what: str, hidden: set[int], place: int) -> int:
    count = int(element.get(f"{_TABLE}number-{what}-repeated", "1"))
    if element.get(f"{_TABLE}visibility", "visible") != "visible":
        hidden.update(range(place, place + min(count, _MOST_REPEATED)))
    return count


def _is_error(cell: ET.Element, text: str) -> bool:
    if cell.get(f"{_CALCEXT}value-type") == "error":
        return True
    return cell.get(f"{_TABLE}formula") is not None and (
        text in ERRORS or re.fullmatch(r"Err:\d+", text) is not None
    )
