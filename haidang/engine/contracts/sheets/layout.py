"""Where the table of a contract stands in a sheet: its rows of headings and which column is which."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from haidang.engine.contracts.sheets.book import Sheet, Value
from haidang.engine.contracts.sheets.days import Period, apart, relative
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.heads import (
    DEEPEST,
    are_years,
    begun_above,
    filled,
    heading_text,
    is_title,
    may_be_heading,
    spread,
    titles_of,
    unique,
)
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.numerals import factor, is_known_unit, one_of, unit_key
from haidang.engine.contracts.sheets.spans import OF_ONE, Span
from haidang.engine.contracts.sheets.subject import Subject
from haidang.engine.contracts.sheets.unit_words import (
    BRACKET,
    SURE_UNIT,
    is_unit_word,
    stated_unit,
    states_unit,
    unit_behind,
    unit_beside,
    unit_in,
    without_brackets,
)
from haidang.engine.contracts.sheets.wording import folded, in_full, spelled_out, without_english

# So far down may the headings stand.
SEARCHED = 60
_LONGEST_GROUP = 4
Row = tuple[int, list[Value]]

# “Kỳ này (tháng 10)” says the same twice.
_TWICE = re.compile(r"\b(ky nay|ky truoc|luy ke|cung ky)(?: (?:den )?\1)+\b")
_SIGNS = re.compile(r"[^\w%/]+")
# Headings that make of “Mắc” or “Tháng 10” another thing.
_OTHERWISE = re.compile(
    r"\b(no|(?:tong |so )?chi(?! tieu| so)|mien giam|hoan thue|cung ky|nam truoc|(?:ky|tuan|thang|quy) truoc|luy ke|ke hoach|du toan|muc tieu|chi tieu giao|dinh muc|so sanh|so voi|ty le|ti le|tang|giam|20\d\d)\b|%"
)
# One word for another.
_PLANNED = {"ke hoach", "du toan", "muc tieu", "chi tieu giao"}
# Below a heading they say that it is the thing itself, and not its share or a part of it.
_ITSELF = {"so luong", "sl", "tong so", "tong", "tong cong", "so tuyet doi", "so tien", "gia tri"}
# What a column of communes is called anywhere.
_PLACES = ("Địa phương", "Tên địa phương", "Tên xã", "Xã", "Phường, xã", "Phường/xã", "Tên xã, phường", "Tên phường, xã", "Đơn vị hành chính cấp xã", "Tên đơn vị hành chính")  # fmt: skip
_OF_WHICH = re.compile(r"trong do\b")
_CODE = re.compile(r"ma\b")
_UNITS = {"dvt", "don vi tinh", "dv tinh", "don vi do"}


def heading(text: str, period: Period | None) -> str:
    """A heading in the form headings are compared in: without unit, signs and the period's own number."""
    if "\n" in text:
        text = "\n".join(line for line in text.splitlines() if not states_unit(line)) or text
    bare = apart(folded(without_brackets(text)))
    bare = re.sub(r"\b(?:don vi tinh|dvt)\s*:.*", " ", bare)
    if (unit := folded(unit_behind(clean(text)[0]))) and bare.rstrip().endswith(unit):
        bare = bare.rstrip().removesuffix(unit)
    bare = _TWICE.sub(r"\1", relative(" ".join(bare.split()), period))
    return " ".join(_SIGNS.sub(" ", bare).replace("/", " / ").split())


def _loose(key: str) -> str:
    """A heading without its signs and the year it is of anyway: “thuc hien / luy ke nam nay” → “thuc hien luy ke”."""
    key = re.sub(r"\bluy ke (?:den |den het |het )?ky nay\b", "luy ke", key.replace("nam nay", " "))
    key = re.sub(r"^ky nay (?=so voi )", "", key)
    return " ".join(word for word in key.split() if word != "/")


@dataclass(slots=True)
class Layout:
    """`columns` names the field of each column that has one; `titles` what stands over each column."""

    sheet: Sheet
    first: int
    last: int
    columns: dict[int, str]
    titles: dict[int, tuple[int, str]]
    head: list[Row]
    # Fields found twice: column → the column that has it.
    twice: dict[int, int] = field(default_factory=dict)
    # Columns under a group of headings nobody knows → what it says.
    strange: dict[int, str] = field(default_factory=dict)
    unit: str = ""
    unit_at: tuple[int, int] = (0, 0)
    # Where another unit of the same kind stands over the table, and which.
    second_unit: tuple[int, int, str] | None = None
    # Columns of no field whose heading is asked about, for all their cells.
    asked: set[int] = field(default_factory=set)
    # A column of units, where the contract has none.
    unit_column: int | None = None

    @property
    def fields(self) -> set[str]:
        return set(self.columns.values())


class Headings:
    """The words of a contract's columns for one period."""

    def __init__(self, contract: SheetContract, period: Period | None) -> None:
        self.contract, self.period = contract, period
        self.subject = Subject(contract)
        self.span = Span(contract.period)
        self.words: dict[str, str] = {}
        for name, column in contract.columns.items():
            for word in (column.title.vi, *column.aliases, column.title.en):
                if word:
                    self.words.setdefault(heading(word, period), name)
            if column.type == "unit":
                self.words.setdefault(heading("Đơn vị", period), name)
            if column.type == "order":
                self.words.setdefault("s t t", name)
        places = [name for name, column in contract.columns.items() if column.type == "place"]
        for word in _PLACES if len(places) == 1 else ():
            self.words.setdefault(heading(word, period), places[0])
        # The same without what does not matter, where that still means one column only.
        self.loosely: dict[str, str | None] = {}
        for word, name in self.words.items():
            known = self.loosely.setdefault(_loose(word), name)
            if known != name:
                self.loosely[_loose(word)] = None
        self.kinds: dict[str, set[str]] = {name: set() for name in contract.columns}
        for word, name in self.words.items():
            self.kinds[name].update(_OTHERWISE.findall(word))

    def find(self, sheet: Sheet, head: list[Row]) -> Layout | None:
        """The best place for headings among the first rows: most columns, fewest rows, highest up."""
        rows_at_top = filled(sheet, head)
        best: Layout | None = None
        overlaid = 0
        wanted = {name for name, column in self.contract.columns.items() if column.required}
        for start, (number, cells) in enumerate(rows_at_top):
            texts = sum(isinstance(cell, str) for cell in cells.values())
            if texts < 2 or is_title(cells, rows_at_top[start + 1 : start + 2]):
                continue
            if unit_beside(list(cells.items()), self.contract) and len(self.match([cells])[0]) < 2:
                continue
            if any(
                isinstance(text := cells.get(c), str) and self.name_of([text])
                for c in begun_above(sheet, number)
            ):
                continue  # what stands over it belongs to the headings
            for depth in range(1, DEEPEST + 1):
                rows = rows_at_top[start : start + depth]
                if len(rows) < depth or rows[-1][0] - number > depth + 1:
                    break
                below = rows_at_top[start + depth : start + depth + 1]
                # What stands over a title of the whole table is no heading of its columns.
                if depth > 1 and (not may_be_heading(rows[-1][1]) or is_title(rows[-1][1], below)):
                    break
                found = [cells for _, cells in rows]
                columns, twice, loose = self.match(found if sheet.merges else spread(found))
                divided = best is not None and best.first == number and best.twice and not twice
                # “2025 | 2026” below a heading over both says which of them is meant.
                divided = divided or (best is not None and best.first == number and are_years(rows[-1][1]))
                # A title over the column that names the lines is no heading of it; nor does one lend its columns to a
                # second table to the right.
                titled = sum(self.contract.columns[columns[c]].type not in NUMERIC for c in loose)
                equal = best is not None and len(columns) == len(best.columns)
                left = best is not None and sum(columns) < sum(best.columns)
                if len(columns) > (len(best.columns) if best else 0) or (
                    equal and (divided or left or titled < overlaid)
                ):
                    best = Layout(sheet, number, rows[-1][0], columns, titles_of(rows), head, twice)
                    overlaid = titled
            # Below a whole heading stands data; only a heading of several rows is looked at further.
            if best and wanted <= best.fields and number > best.last:
                break
        if best:
            spare = (
                c
                for c, (_, title) in best.titles.items()
                if c not in best.columns and folded(title) in _UNITS
            )
            best.unit_column = next(spare, None)
            self._of_other_groups(best, sheet)
            self._of_strange_groups(best, rows_at_top)
            self.units_below(best, rows_at_top)
            self._unit_above(best)
        return best

    def _of_strange_groups(self, layout: Layout, rows: list[tuple[int, dict[int, Value]]]) -> None:
        """Columns known by their last heading only, under one with words the contract does not have (“Số hoàn / Tháng 10”)."""
        over = [cells for number, cells in rows if layout.first <= number <= layout.last]
        for column in layout.columns:
            texts = unique([text for cells in over if (text := heading_text(cells.get(column)))])
            over_it = [BRACKET.sub(" ", text) for text in texts[:-1]]
            if len(texts) > 1 and not self._name(texts)[1] and self.subject.is_strange(over_it):
                layout.strange[column] = texts[0]

    def _of_other_groups(self, layout: Layout, sheet: Sheet) -> None:
        """Take out columns under a group of another kind in the row above (“Số nợ” merged over “Tháng 9 | Tháng 10”)."""
        above = dict(next((cells for n, cells in filled(sheet, layout.head) if n == layout.first - 1), {}))
        start = min(layout.columns)
        if not above or min(above) <= start:
            return  # a title, or headings that begin where the table does
        text = ""
        for column in range(start, max(layout.columns) + 1):
            word = above.get(column, None if sheet.merges else text)
            # Where no cells are merged at all, a group reaches up to the next one.
            text = (heading(word, self.period) if column in above else word) if isinstance(word, str) else ""
            name = layout.columns.get(column)
            # More words than these are a title.
            if name and 0 < len(text.split()) <= _LONGEST_GROUP and self._is_of_other_kind(name, [text]):
                del layout.columns[column]

    def units_below(self, layout: Layout, rows: list[tuple[int, dict[int, Value]]]) -> None:
        """A row of nothing but units under the headings (“(tr.đ)”, “người”, “%”) is one of them."""
        number, cells = next(((n, c) for n, c in rows if n > layout.last), (0, {}))
        called = [column for column, cell in cells.items() if is_unit_word(cell)]
        cells = {column: cell for column, cell in cells.items() if column not in called}
        mapped = {column: cell for column, cell in cells.items() if column in layout.columns}
        if not mapped or len(mapped) < len(cells):
            return
        if len(mapped) == 1 and (called or not self._is_unit_of_column(layout, number, mapped)):
            return
        said: dict[int, str] = {}
        for column, cell in mapped.items():
            inner = cell.strip().strip("()[] ") if isinstance(cell, str) else ""
            own = self.contract.columns[layout.columns[column]].unit
            in_brackets = isinstance(cell, str) and BRACKET.fullmatch(cell.strip()) and unit_in(cell)
            if not inner or not (in_brackets or is_known_unit(inner) or unit_key(inner) == unit_key(own)):
                return
            said[column] = inner
        layout.last = number
        for column, unit in said.items():
            layout.titles[column] = (number, f"{layout.titles[column][1]} ({unit})")

    def _is_unit_of_column(self, layout: Layout, number: int, mapped: dict[int, Value]) -> bool:
        """Whether a unit that stands alone right under the heading of a number is that of its column: “(tỷ đồng)”, and no “ĐVT: …”."""
        ((column, cell),) = mapped.items()
        return (
            number == layout.last + 1
            and self.contract.columns[layout.columns[column]].type in NUMERIC
            and isinstance(cell, str)
            and is_known_unit(cell.strip().strip("()[] "))
        )

    def match(self, rows: list[dict[int, Value]]) -> tuple[dict[int, str], dict[int, int], set[int]]:
        """What the columns of rows of headings mean; which say what another one did: column → the other; and which are known by
        some of their headings only.
        """
        columns: dict[int, str] = {}
        twice: dict[int, int] = {}
        owners: dict[str, int] = {}
        loose: set[int] = set()
        before: list[str] = []
        said: dict[int, str] = {}
        for column in sorted({c for cells in rows for c in cells}):
            texts = unique([text for cells in rows if (text := heading_text(cells.get(column)))])
            name, whole = self._name(texts)
            part = self._part_of(before, texts) if name is None and before else None
            if part:
                name, whole = part
            else:
                before = texts
            if name is None or self._is_share_of(name, texts):
                continue
            owner = owners.get(name)
            kind = self.contract.columns[name].type
            if owner is not None and kind == "order":
                continue  # a second number of the line says nothing
            if owner is not None and kind == "place":
                # Of “Mã đơn vị | Tên đơn vị” the name is meant.
                if _CODE.match(folded(texts[-1])):
                    continue
                if _CODE.match(folded(said[owner])):
                    del columns[owner]
                    owner = None
            if owner is not None and whole and owner in loose and kind in NUMERIC:
                # “Trong tuần / Mắc” is meant, and not the “Mắc” under another heading before it.
                del columns[owner]
                owner = None
            elif owner is not None and not whole and owner not in loose:
                continue
            if owner is not None:
                twice[column] = owner
                continue
            owners[name] = column
            columns[column], said[column] = name, texts[-1]
            if not whole:
                loose.add(column)
        return columns, twice, loose & columns.keys()

    def _part_of(self, before: list[str], texts: list[str]) -> tuple[str | None, bool] | None:
        """“Trong đó BHYT” beside the column it is a part of, also where the two words are one above the other; None for no such."""
        if len(texts) == 1 and _OF_WHICH.match(folded(texts[0])):
            return self._name([*before, texts[0]])
        if len(texts) == 2 and _OF_WHICH.fullmatch(folded(texts[0]).rstrip(": ")):
            return self._name([*before, " ".join(texts)])
        return None

    def _is_share_of(self, name: str, texts: list[str]) -> bool:
        """“%” alone under “Tháng 10” is a share of it, and not the number."""
        column = self.contract.columns[name]
        return (
            len(texts) > 1
            and texts[-1].strip(" ()[]") == "%"
            and column.type != "percent"
            and column.unit != "%"
        )

    def name_of(self, texts: list[str]) -> str | None:
        """The field that headings one above the other mean; None for none of the contract."""
        return self._name(texts)[0]

    def _name(self, texts: list[str]) -> tuple[str | None, bool]:
        """By all rows joined, else by the last, else by a row alone that nothing below divides; whether all rows say it."""
        keys = [heading(text, self.period) for text in texts]
        keys = [key for key in keys if key]
        if not keys:
            return None, False
        tried = (" / ".join(keys), " / ".join(reversed(keys)), " ".join(keys))
        for key in tried:
            if name := self.words.get(key) or self.loosely.get(_loose(key)):
                return name, True
        # “Sốt xuất huyết / Trong tuần” is what it says; “Kế hoạch / Trong tháng” is not the plan of the year.
        above = " / ".join(keys[:-1])
        name = self.words.get(above) if keys[-1] in self.span.now else None
        if keys[-1] in _ITSELF:
            name = self.words.get(above) or self.loosely.get(_loose(above))
        if name and not self.kinds[name]:
            return name, True
        tried_last = (
            (keys[:-1], keys[-1]),
            (keys[:-2], " / ".join(keys[-2:])),
            (keys[:-2], " / ".join(reversed(keys[-2:]))),
        )
        for rest, key in tried_last:
            if (name := self.words.get(key)) and not self._says_otherwise(name, rest, key):
                return name, False
        if len(keys) == 2 and not keys[1].strip("0123456789 =+"):
            return self.words.get(keys[0]), True
        return self._in_other_words(texts)

    def _in_other_words(self, texts: list[str]) -> tuple[str | None, bool]:
        """With abbreviations written out, and without what says nothing."""
        words = [folded(text) for text in texts]
        full = [in_full(word) for word in words]
        if full != words and (found := self._name(full))[0]:
            return found
        spelled = [spelled_out(text) for text in texts]
        if spelled != words:
            return self._name(spelled)
        # An estimate of the month is what the month is reported with.
        bare = [re.sub(r"^uoc(?: tinh)? ", "", text) for text in spelled]
        if bare != spelled:
            return self._name(bare)
        # “Mắc trong tuần” under “Sởi” is “Sởi / Mắc”; “Kế hoạch trong tháng” is no plan of the year.
        bare = [self.span.without(text) for text in spelled]
        if bare != spelled and (name := self._name(bare)[0]) and not self.kinds[name]:
            return name, True
        own = [without_english(text) for text in texts]
        return self._name(own) if own != texts else (None, False)

    def _says_otherwise(self, name: str, above: list[str], key: str) -> bool:
        """Whether the headings above speak of another time or kind than the column does: “Cùng kỳ / Mắc”, “Kế hoạch / Tháng 10”."""
        if self.subject.is_other(above) or self._is_of_other_kind(name, above):
            return True
        if self.span.is_other(above, key, of_year=bool(self.kinds[name])):
            return True
        # “Tháng 10 / Kế hoạch” is a plan of the month, and no plan of the year.
        of_month = self.kinds[name] & {"ke hoach", "du toan", "muc tieu"} and any(
            word in OF_ONE or word == "ky truoc" for word in above
        )
        return bool(of_month)

    def _is_of_other_kind(self, name: str, above: list[str]) -> bool:
        found = set(_OTHERWISE.findall(" ".join(above))) - self.kinds[name]
        return bool(found - _PLANNED if self.kinds[name] & _PLANNED else found)

    def _unit_above(self, layout: Layout) -> None:
        for number, cells in layout.head:
            if number > layout.last:
                return
            if number < layout.last and (beside := unit_beside(list(enumerate(cells)), self.contract)):
                self._take_unit(layout, "Đơn vị tính", beside[1], (number, beside[0]))
            for column, cell in enumerate(cells):
                # Among the headings only what calls itself one is the unit of all.
                if (
                    isinstance(cell, str)
                    and (number < layout.first or ":" in cell)
                    and (unit := stated_unit(cell))
                ):
                    self._take_unit(layout, cell, unit, (number, column))

    def _take_unit(self, layout: Layout, words: str, unit: str, at: tuple[int, int]) -> None:
        """“triệu đồng” beside “người” are units of different columns; beside “tỷ đồng” it leaves open which is meant."""
        spellings = self.contract.units
        fits = is_known_unit(unit) or any(
            factor(one_of(unit, one, spellings), one, spellings) is not None
            for one in self.contract.number_units
        )
        if not fits and (layout.unit or not SURE_UNIT.search(folded(words))):
            return  # “Đơn vị: Sở Tài chính” names who sends it
        times = factor(unit, layout.unit, spellings) if layout.unit else Decimal(1)
        if times is None:
            unit = f"{layout.unit}, {unit}"
        elif times != 1:
            layout.second_unit = (*layout.unit_at, layout.unit)
        layout.unit, layout.unit_at = unit, at
