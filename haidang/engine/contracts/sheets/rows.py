"""What a row under the headings is: a line of data, a total, a heading again, the name of a section, or a note."""

from __future__ import annotations

import itertools
import re
from typing import Literal

from haidang.engine.contracts.sheets.book import Error, Value
from haidang.engine.contracts.sheets.communes import Communes
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.headings import Headings, heading
from haidang.engine.contracts.sheets.item_names import ItemNames
from haidang.engine.contracts.sheets.layout import Layout
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.numerals import BLANKS, read_number
from haidang.engine.contracts.sheets.plain import digits_of
from haidang.engine.contracts.sheets.row_words import (
    FOOTNOTE,
    GROUP,
    NOTE,
    OF_WHICH,
    PART,
    ROMAN,
    SIGNED,
    STROKE,
    SUM_OF_GROUP,
    is_sure,
    kind_of_units,
)
from haidang.engine.contracts.sheets.totals import is_total
from haidang.engine.contracts.sheets.wording import folded

Part = Literal["", "told", "stroke"]
Kind = Literal["record", "total", "header_again", "column_numbers", "section", "note", "stray", "other_table"]

_COLUMN_NUMBER = re.compile(r"\(?\[?([A-Za-z]|\d{1,2})\]?\)?(?:\s*=.*)?")


class Rows:
    """Tells the rows of one layout apart."""

    def __init__(
        self, contract: SheetContract, layout: Layout, headings: Headings, communes: Communes | None = None
    ) -> None:
        self.communes = communes
        self.contract, self.layout, self.headings = contract, layout, headings
        columns = contract.columns
        by_name = {name: column for column, name in layout.columns.items()}
        self.numeric = sorted(c for c, name in layout.columns.items() if columns[name].type in NUMERIC)
        order = [
            contract.item_column, *contract.key, *(n for n, c in columns.items() if c.required), *layout.columns.values(),
        ]  # fmt: skip
        self.anchor = next(by_name[name] for name in order if name in by_name)
        first = min(self.numeric, default=0)
        self._before = [column for column in range(first) if column != self.anchor]
        self.item_names = ItemNames(contract, headings.span)
        self.item = self.item_names.find
        self.titles = {folded(text) for _, title in layout.titles.values() for text in title.split(" / ")}
        self.raw_titles = {text for _, title in layout.titles.values() for text in title.split(" / ")}
        self.started = self.again = self.ended = self.signed = False
        # Whether the row before was a total, or one that says that parts of it follow.
        self.divides = self.announced = False
        # Of a total that is a part of one above: whether words (“Trong đó”) say so, or its stroke only.
        self.part: Part = ""
        # Lines with strokes right below a total, until one without stands there.
        self.below: list[int] | None = None
        self._places: dict[str, bool] = {}
        self.order = next((c for c, name in layout.columns.items() if columns[name].type == "order"), None)
        self.counted = self.order is not None and any(
            _is_number(self._order(cells)) for number, cells in layout.head if number > layout.last + 1
        )

    def kind(self, cells: list[Value]) -> Kind:
        if self.ended:
            return "stray" if any(isinstance(cell, float) for cell in cells) else "note"
        label = cells[self.anchor] if len(cells) > self.anchor else None
        if self.started and label is not None and len(cells) - cells.count(None) > 2:
            if not isinstance(label, str):
                return "record"
            order = self.order
            if (
                self.communes is None
                and label not in self.raw_titles
                and len(label) > 3
                and is_sure(label[:2])
                and not self.divides
                and not (
                    self.counted
                    and order is not None
                    and order < len(cells)
                    and isinstance(cells[order], str)
                )
            ):
                self.again = False
                return "record"
            if self.communes is not None and self._is_line_of_a_place(cells, label):
                self.again = False
                return "record"
        self.part = ""
        found = self._look(cells)
        told = found in {"section", "note"} and any(
            OF_WHICH.search(folded(cell)) for cell in cells if isinstance(cell, str)
        )
        self.announced = told or (self.announced and (found in {"section", "note"} or bool(self.part)))
        self.divides = found == "total" or (found in {"section", "note"} and (self.divides or told))
        if found == "total" and self.communes is None and not self.contract.items:
            self.below = []
        self.started = self.started or found in {"record", "total"}
        self.counted = self.counted or (found == "record" and _is_number(self._order(cells)))
        self.again = found == "header_again"
        return found

    def _is_line_of_a_place(self, cells: list[Value], label: str) -> bool:
        """A place, numbers, and nothing before them that could make the line another thing: most lines are so."""
        sure = self._places.get(label)
        if sure is None:
            known = self.communes is not None and bool(self.communes.clear(label))
            sure = self._places[label] = known and label not in self.raw_titles
        if not sure:
            return False
        for column in self._before:
            if isinstance(cells[column], str):
                return False
        for column in self.numeric:
            if column >= len(cells):
                return False
            cell = cells[column]
            if isinstance(cell, float) or (
                isinstance(cell, str) and cell[:1].isdigit() and cell[-1:].isdigit()
            ):
                return True
        return False

    def _look(self, cells: list[Value]) -> Kind:
        mapped = [c for c in self.layout.columns if c < len(cells) and cells[c] is not None]
        texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        if not mapped:
            return (
                "note"
                if any(NOTE.search(folded(t)) or FOOTNOTE.match(t) for t in texts) or not self.started
                else "stray"
            )
        if (not self.started or self.again) and self.numbers_columns(cells):
            return "column_numbers"
        if self._repeats(cells, mapped):
            return "header_again"
        if self.started and self._begins_another(cells):
            self.ended = True
            return "other_table"
        valued = self._valued(cells)
        label = self._label(cells)
        if self.contract.items and label is not None and self.item(label):
            return "record"
        if (
            any(isinstance(t, str) and (NOTE.search(folded(t)) or FOOTNOTE.match(t)) for t in texts)
            and not valued
        ):
            self.signed = self.signed or (self.started and any(SIGNED.search(folded(t)) for t in texts))
            return "note"
        if self.signed and not self.contract.items and not self._names_a_line(cells, label):
            return "stray" if valued else "note"
        if valued and (self._is_total(cells, label) or (label and self._is_section(cells, label))):
            return "total"
        if self.contract.items:
            return "record" if valued else "section"
        return (
            "record"
            if valued or len(mapped) >= max(2, min(3, len(self.layout.columns)))
            else self._alone(mapped, label)
        )

    def _names_a_line(self, cells: list[Value], label: str | None) -> bool:
        """Whether a row below the signatures is one of the table all the same."""
        if self.communes is None or label is None:
            return _is_number(self._order(cells)) or not self.counted
        return bool(self.communes.find(clean(label)[0])) or is_total(label)

    def _alone(self, mapped: list[int], label: str | None) -> Kind:
        """One or two cells without a number: a line whose values are missing where they name a place."""
        names = {self.layout.columns[c] for c in mapped}
        named = self.communes is not None and label is not None and bool(self.communes.find(clean(label)[0]))
        return "record" if named and set(self.contract.key) <= names else "section"

    def _is_section(self, cells: list[Value], label: str) -> bool:
        """A line with sums of its own over a group: “I | Khu vực phía Bắc | 3.000”, “Cộng tuyến xã | 3.000”."""
        if self.contract.items:
            return False
        if self.communes is None:
            order = self._order(cells)
            if _is_number(order):
                return False  # a line with a number of its own
            if self.is_part(cells, label):
                self.part = self._part_by(label)
                return True
            if SUM_OF_GROUP.fullmatch(clean(label)[0].strip()):
                return True
            return self.counted and bool(ROMAN.fullmatch(str(order or "").strip()))
        if self.communes.find(clean(label)[0]):
            return False
        if folded(label).strip(" .:*") in self.communes.wholes or kind_of_units(label):
            return True
        if SUM_OF_GROUP.fullmatch(clean(label)[0].strip()):
            return True
        if _is_number(self._order(cells)):
            return False  # a line with a number of its own
        if self.is_part(cells, label) and not self.communes.near(STROKE.sub("", folded(label))):
            self.part = self._part_by(label)
            return True
        before = [str(cell).strip() for cell in cells[: self.anchor] if isinstance(cell, str)]
        return any(ROMAN.fullmatch(word) for word in before) or bool(GROUP.match(folded(label)))

    def _part_by(self, label: str) -> Part:
        return "told" if self.announced or OF_WHICH.search(folded(label)) else "stroke"

    def summed(self, cells: list[Value]) -> tuple[str, Part]:
        """Of a total: the kind of units it sums up, and whether it is a part of a total above of which no line is known."""
        label = self._label(cells) or next((c for c in cells if isinstance(c, str)), "")
        return (kind_of_units(label) if self.communes else "", self.part)

    def is_part(self, cells: list[Value], label: str) -> bool:
        """“- Khối sở, ngành” under a total: in a list that numbers its lines one without a number is no line of it."""
        return self.divides and self.counted and not self._order(cells) and bool(PART.match(clean(label)[0]))

    def names(self, text: str) -> bool:
        """Whether a text names a line: where it is merged over the cells before it too, it stands in the first of them."""
        if self.contract.items:
            return self.item(text) is not None
        return self.communes is not None and bool(self.communes.find(clean(text)[0]))

    def is_bulleted(self, cells: list[Value]) -> bool:
        """“- Công lập”, “Trong đó: nữ”."""
        label = self._label(cells)
        return label is not None and bool(PART.match(clean(label)[0]))

    def _order(self, cells: list[Value]) -> Value:
        return cells[self.order] if self.order is not None and self.order < len(cells) else None

    def _label(self, cells: list[Value]) -> str | None:
        cell = cells[self.anchor] if self.anchor < len(cells) else None
        return cell if isinstance(cell, str) else None

    def _is_total(self, cells: list[Value], label: str | None) -> bool:
        """A total names itself left of the first number, also in cells merged from the first column on; “Cộng Hòa” is a
        place all the same.
        """
        first = min(self.numeric, default=len(cells))
        words = [cell for cell in cells[:first] if isinstance(cell, str)]
        if label is None and any(SUM_OF_GROUP.fullmatch(clean(word)[0].strip()) for word in words):
            return True
        return any(is_total(word) for word in [*words, label or ""])

    def _valued(self, cells: list[Value]) -> bool:
        """Whether a number, or what stands for one, is in a column of numbers."""
        for column in self.numeric:
            cell = cells[column] if column < len(cells) else None
            if isinstance(cell, str) and not isinstance(cell, Error):
                found = read_number(cell)
                if found.value is not None or found.unit in {"nothing", "unknown"}:
                    return True
            elif cell is not None:
                return True
        return False

    def _repeats(self, cells: list[Value], mapped: list[int]) -> bool:
        texts = [c for c in mapped if isinstance(cells[c], str)]
        if len(texts) < 2 or any(_is_figure(cells[c]) for c in self.numeric if c < len(cells)):
            return False
        again = sum(
            folded(str(cells[c])) in self.titles
            or self.headings.words.get(heading(str(cells[c]), self.headings.period)) == self.layout.columns[c]
            for c in texts
        )
        return again * 2 > len(texts)

    def moved(self, words: list[Value]) -> dict[int, str]:
        """Of headings that stand once more those that say another thing than at first: column → what was there."""
        found: dict[int, str] = {}
        period = self.headings.period
        for column, name in self.layout.columns.items():
            word = words[column] if column < len(words) else None
            if not isinstance(word, str) or not (key := heading(word, period)):
                continue
            title = self.layout.titles[column][1]
            same = {heading(piece, period) for piece in (title, *title.split(" / "))}
            if key not in same and self.headings.name_of([word]) != name:
                found[column] = title
        return found

    def _begins_another(self, cells: list[Value]) -> bool:
        """The headings of another table below: what the lines are called as here, other words over the numbers."""
        label = self._label(cells)
        if label is None or folded(label) not in self.titles or folded(label) in self.item_names.known:
            return False
        over = [cells[column] for column in self.numeric if column < len(cells) and cells[column] is not None]
        return bool(over) and all(isinstance(c, str) and read_number(c).fault == "not_a_number" for c in over)

    @staticmethod
    def numbers_columns(cells: list[Value]) -> bool:
        """`A | B | 1 | 2 | 3 = 1 + 2` under the headings."""
        found = [cell for cell in cells if cell is not None]
        numbers: list[float] = []
        for cell in found:
            if isinstance(cell, float):
                numbers.append(cell)
            elif not isinstance(cell, str) or not (sign := _COLUMN_NUMBER.fullmatch(cell.strip())):
                return False
            elif sign[1].isdigit():
                numbers.append(float(sign[1]))
        return (
            len(found) > 1
            and all(b - a == 1 for a, b in itertools.pairwise(numbers))
            and (not numbers or numbers[0] in {1.0, 2.0, 3.0})
        )


# A year can be a heading.
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")


def _is_figure(cell: Value) -> bool:
    """A number, also as text, in one of the forms most have."""
    if isinstance(cell, str):
        return digits_of(cell.strip(BLANKS), ones=True) is not None and not _YEAR.fullmatch(cell)
    return isinstance(cell, float)


def _is_number(order: Value) -> bool:
    return isinstance(order, float) or (isinstance(order, str) and order.strip(" .)").isdigit())
