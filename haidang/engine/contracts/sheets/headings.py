"""What headings mean: the words of a contract's columns, compared without unit, signs and the period's own number."""

from __future__ import annotations

import re

from haidang.engine.contracts.sheets.book import Value
from haidang.engine.contracts.sheets.days import Period, apart, relative
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.heads import heading_text, unique
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.spans import OF_ONE, Span
from haidang.engine.contracts.sheets.subject import Subject
from haidang.engine.contracts.sheets.unit_words import states_unit, unit_behind, without_brackets
from haidang.engine.contracts.sheets.wording import folded, in_full, spelled_out, without_english

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
            name, whole = self.named(texts)
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
            return self.named([*before, texts[0]])
        if len(texts) == 2 and _OF_WHICH.fullmatch(folded(texts[0]).rstrip(": ")):
            return self.named([*before, " ".join(texts)])
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
        return self.named(texts)[0]

    def named(self, texts: list[str]) -> tuple[str | None, bool]:
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
        if full != words and (found := self.named(full))[0]:
            return found
        spelled = [spelled_out(text) for text in texts]
        if spelled != words:
            return self.named(spelled)
        # An estimate of the month is what the month is reported with.
        bare = [re.sub(r"^uoc(?: tinh)? ", "", text) for text in spelled]
        if bare != spelled:
            return self.named(bare)
        # “Mắc trong tuần” under “Sởi” is “Sởi / Mắc”; “Kế hoạch trong tháng” is no plan of the year.
        bare = [self.span.without(text) for text in spelled]
        if bare != spelled and (name := self.named(bare)[0]) and not self.kinds[name]:
            return name, True
        own = [without_english(text) for text in texts]
        return self.named(own) if own != texts else (None, False)

    def _says_otherwise(self, name: str, above: list[str], key: str) -> bool:
        """Whether the headings above speak of another time or kind than the column does: “Cùng kỳ / Mắc”, “Kế hoạch / Tháng 10”."""
        if self.subject.is_other(above) or self.is_of_other_kind(name, above):
            return True
        if self.span.is_other(above, key, of_year=bool(self.kinds[name])):
            return True
        # “Tháng 10 / Kế hoạch” is a plan of the month, and no plan of the year.
        of_month = self.kinds[name] & {"ke hoach", "du toan", "muc tieu"} and any(
            word in OF_ONE or word == "ky truoc" for word in above
        )
        return bool(of_month)

    def is_of_other_kind(self, name: str, above: list[str]) -> bool:
        found = set(_OTHERWISE.findall(" ".join(above))) - self.kinds[name]
        return bool(found - _PLANNED if self.kinds[name] & _PLANNED else found)
