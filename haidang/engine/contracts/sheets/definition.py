"""What a contract of kind `sheet` promises: the columns and lines of a file that people keep in Excel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import msgspec

from haidang.engine.both import both
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.numerals import unit_of
from haidang.engine.places.names import fold

ColumnType = Literal["number", "whole", "percent", "text", "date", "place", "choice", "unit", "note", "order"]
NUMERIC = frozenset({"number", "whole", "percent"})
PersonalData = Literal["none", "basic", "sensitive"]
Keys = tuple[str | int, ...]
Unit = Annotated[str, msgspec.Meta(max_length=20)]


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of the words a column takes; its key is the code that is kept."""

    title: Text
    aliases: list[str] = []


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Lines whose `column`, one of choices, holds `one_of` these."""

    column: str
    one_of: Annotated[list[str], msgspec.Meta(min_length=1)]


class Long(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """More than `days` days before the day of one of the `columns`."""

    columns: Annotated[list[str], msgspec.Meta(min_length=1)]
    days: Annotated[int, msgspec.Meta(gt=0)]


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line the file must have, known by the words in the contract's `item_column`."""

    title: Text
    aliases: list[str] = []
    unit: Unit = ""
    min: float | None = None
    max: float | None = None
    # Change against the last period, in percent, beyond which the office says why.
    jump: Annotated[float, msgspec.Meta(gt=0)] | None = None
    required: bool = True
    # Lines whose sum this one is, in every additive column.
    parts: list[str] = []
    # The line of which this one counts a part: in no additive column is it larger.
    at_most: str = ""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One column. `order` is the running number, `note` what people explain, `unit` the unit of each line."""

    title: Text
    type: ColumnType
    # Other headings; compared without case and tones. Of two header rows both, joined by " / ".
    aliases: list[str] = []
    unit: Unit = ""
    required: bool = False
    min: float | None = None
    max: float | None = None
    decimals: Annotated[int, msgspec.Meta(ge=0, le=6)] = 1
    choices: dict[str, Choice] = {}
    # A regular expression the whole text matches.
    pattern: str = ""
    # A text that matches it, to be shown to people.
    example: str = ""
    # For dates: the column whose day comes first.
    not_before: str = ""
    # For dates: what has happened when the file is sent lies in no future.
    not_after: Literal["", "now"] = ""
    # For dates: of some lines at least the day lies in the period; a list without any is perhaps that of another one.
    of_period: bool = False
    # For dates: a day so long before others is asked about.
    asked_before: Long | None = None
    # An optional cell that is asked for in such lines.
    needed_when: When | None = None
    # One that is asked about in such lines where it is filled: an open dossier has no day of its return.
    empty_when: When | None = None
    # The column of which this one counts a part: in no line is it larger.
    at_most: str = ""
    # The same where it may happen and is then explained: deaths of a week beside its cases.
    asked_above: str = ""
    # Two columns, the first of which is so many percent of the second; for numbers: so many for each of the second.
    share_of: Annotated[list[str], msgspec.Meta(max_length=2)] = []
    # For percents: two columns, the first of which is the second after this change, written as 103,1 or as 3,1.
    change_of: Annotated[list[str], msgspec.Meta(max_length=2)] = []
    # Columns whose sum this one is, line by line.
    parts: list[str] = []
    # The column that repeats the last period's value, and the change in percent that needs a note.
    previous: str = ""
    jump: Annotated[float, msgspec.Meta(gt=0)] | None = None
    # For lines known by name: how many periods it may hold; their ranges hold so many times.
    spans: Annotated[float, msgspec.Meta(gt=0)] = 1
    # Whether a total row holds its sum; shares and running numbers do not add up.
    additive: bool = True
    personal_data: PersonalData = "none"


class SheetContract(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="sheet"
):
    """What an office sends once a period as a file with one table."""

    title: Text
    period: Literal["week", "month", "quarter", "year", "none"]
    columns: dict[str, Column]
    # For a year in which a school year begins or ends: 2026 is 2026–2027 or 2025–2026.
    school_year: Literal["", "begins", "ends"] = ""
    # Columns that together stand once in the file.
    key: list[str] = []
    item_column: str = ""
    items: dict[str, Item] = {}
    # Titles of the sheet that is meant; without them the one whose headings fit.
    sheets: list[str] = []
    # Two-digit code of the province whose units `place` columns name; needed where they give names, not codes.
    province: str = ""
    # Spellings of units that mean the same: written form → the contract's form.
    units: dict[str, str] = {}
    # Days after the end of the period by which it must be there.
    due_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 20
    office: Text | None = None
    description: Text | None = None
    legal_basis: str = ""
    version: str = "1.0"

    @property
    def personal_data(self) -> PersonalData:
        """That of its most private column."""
        found = {column.personal_data for column in self.columns.values()}
        return "sensitive" if "sensitive" in found else "basic" if "basic" in found else "none"

    @property
    def number_units(self) -> tuple[str, ...]:
        """Of its columns and lines, each once."""
        found = [column.unit for column in self.columns.values()] + [
            item.unit for item in self.items.values()
        ]
        return tuple(sorted({unit for unit in found if unit}))

    @property
    def wholes(self) -> list[tuple[Text, Text]]:
        """Columns and lines that count a part, each with what it is never larger than."""
        columns = [
            (one.title, self.columns[one.at_most].title) for one in self.columns.values() if one.at_most
        ]
        return columns + [
            (one.title, self.items[one.at_most].title) for one in self.items.values() if one.at_most
        ]

    def faults(self) -> Iterator[tuple[Keys, str]]:
        """What does not hold within the contract: the key to blame, and why."""
        yield from self._names()
        yield from self._headings()
        for name, column in self.columns.items():
            for key, message in [*_column_faults(column, self.columns), *_limit_faults(name, self)]:
                yield ("columns", name, key), message
        for name, item in self.items.items():
            if unknown := sorted(set(item.parts) - self.items.keys()):
                yield (
                    ("items", name, "parts"),
                    both(f"no item {', '.join(unknown)}", f"không có dòng {', '.join(unknown)} trong items"),
                )
            if item.at_most and (fault := _at_most_fault(name, item.at_most, self.items, "item")):
                yield ("items", name, "at_most"), fault
            if item.min is not None and item.max is not None and item.min > item.max:
                yield (
                    ("items", name, "min"),
                    both(
                        f"{name}: min {item.min:g} is above max {item.max:g}",
                        f"{name}: min {item.min:g} lớn hơn max {item.max:g}",
                    ),
                )

    def _names(self) -> Iterator[tuple[Keys, str]]:
        if self.school_year and self.period != "year":
            yield (
                ("school_year",),
                both(
                    f"only a period of a year is a school year, this one is {self.period}",
                    f"chỉ kỳ năm (year) mới là năm học, kỳ này là {self.period}",
                ),
            )
        if not self.columns:
            yield ("columns",), both("a sheet needs columns", "biểu phải có cột (columns)")
        for number, name in enumerate(self.key):
            if name not in self.columns:
                yield ("key", number), both(f"no column {name}", f"không có cột {name}")
        if self.items and (self.item_column not in self.columns):
            yield (
                ("item_column",),
                both(
                    "items need item_column: the column that names them",
                    "items cần item_column: cột ghi tên các dòng",
                ),
            )
        if self.item_column and not self.items:
            yield ("item_column",), both("item_column without items", "có item_column mà không có items")
        if self.province and not re.fullmatch(r"\d\d", self.province):
            yield (
                ("province",),
                both(
                    "province is a code of two digits in quotes",
                    "province là mã hai chữ số đặt trong ngoặc kép",
                ),
            )

    def _headings(self) -> Iterator[tuple[Keys, str]]:
        """Two columns, or two items, may not be written alike."""
        for part, things in (("columns", self.columns), ("items", self.items)):
            owners: dict[str, str] = {}
            for name, thing in things.items():
                for number, word in enumerate([thing.title.vi, *thing.aliases]):
                    owner = owners.setdefault(fold(word), name)
                    if owner != name:
                        keys: Keys = (part, name, "aliases", number - 1) if number else (part, name, "title")
                        yield (
                            keys,
                            both(
                                f"{word!r} of {name} already means {owner}",
                                f"{word!r} của {name} đã là của {owner}",
                            ),
                        )


def _column_faults(column: Column, columns: dict[str, Column]) -> Iterator[tuple[str, str]]:
    if column.min is not None and column.max is not None and column.min > column.max:
        yield (
            "min",
            both(
                f"min {column.min:g} is above max {column.max:g}",
                f"min {column.min:g} lớn hơn max {column.max:g}",
            ),
        )
    for key in ("previous", "not_before"):
        other = getattr(column, key)
        if other and other not in columns:
            yield key, both(f"no column {other}", f"không có cột {other}")
    if unknown := sorted(set(column.parts) - columns.keys()):
        yield "parts", both(f"no column {', '.join(unknown)}", f"không có cột {', '.join(unknown)}")
    if (column.type == "choice") != bool(column.choices):
        yield (
            "choices",
            both(
                "a column of type choice, and no other, lists its choices (lines are `items`)",
                "chỉ cột kiểu choice, và phải có, liệt kê choices (các dòng thì là `items`)",
            ),
        )
    if column.unit and column.type not in NUMERIC:
        yield (
            "unit",
            both(f"a column of type {column.type} has no unit", f"cột kiểu {column.type} không có đơn vị"),
        )
    if column.type in NUMERIC and "đồng" in column.unit and unit_of(column.unit) is None:
        yield (
            "unit",
            both(
                f"unit {column.unit!r} is no unit of money: đồng, nghìn đồng, triệu đồng, tỷ đồng",
                f"{column.unit!r} không phải đơn vị tiền: đồng, nghìn đồng, triệu đồng, tỷ đồng",
            ),
        )
    try:
        re.compile(column.pattern)
        if column.example and not re.fullmatch(column.pattern, column.example):
            yield (
                "example",
                both(
                    f"example {column.example!r} does not match the pattern",
                    f"ví dụ {column.example!r} không đúng pattern",
                ),
            )
    except re.error as error:
        yield (
            "pattern",
            both(
                f"pattern is not a regular expression: {error}",
                f"pattern không phải biểu thức chính quy: {error}",
            ),
        )


def _limit_faults(name: str, contract: SheetContract) -> Iterator[tuple[str, str]]:
    """Of what a cell may not exceed, and when it must be there."""
    column, columns = contract.columns[name], contract.columns
    for key in ("at_most", "asked_above"):
        other = getattr(column, key)
        if other and (fault := _at_most_fault(name, other, columns, "column")):
            yield key, fault
    for key, types in (("share_of", ("percent", "number")), ("change_of", ("percent",))):
        others = getattr(column, key)
        if others and (column.type not in types or len(others) != 2):
            yield (
                key,
                both(
                    f"a column of type {' or '.join(types)} has {key} two columns: [part, whole]",
                    f"cột kiểu {' hoặc '.join(types)} có {key} gồm hai cột: [phần, tổng]",
                ),
            )
        for other in others:
            if other not in columns or columns[other].type not in NUMERIC:
                yield key, both(f"no column of numbers {other}", f"không có cột số {other}")
    yield from _day_faults(column, columns)
    yield from _choice_faults(column, columns)


def _day_faults(column: Column, columns: dict[str, Column]) -> Iterator[tuple[str, str]]:
    for key in ("not_after", "of_period", "asked_before"):
        if getattr(column, key) and column.type != "date":
            yield (
                key,
                both(
                    f"only a column of type date has {key}, this one is of type {column.type}",
                    f"chỉ cột kiểu date có {key}, cột này kiểu {column.type}",
                ),
            )
    others = column.asked_before.columns if column.asked_before else []
    if unknown := ", ".join(one for one in others if one not in columns or columns[one].type != "date"):
        yield "asked_before", both(f"no column of days {unknown}", f"không có cột ngày {unknown}")


def _choice_faults(column: Column, columns: dict[str, Column]) -> Iterator[tuple[str, str]]:
    for key in ("needed_when", "empty_when"):
        when: When | None = getattr(column, key)
        if when is None:
            continue
        if when.column not in columns:
            yield key, both(f"no column {when.column}", f"không có cột {when.column}")
        elif unknown := ", ".join(sorted(set(when.one_of) - columns[when.column].choices.keys())):
            yield (
                key,
                both(f"{when.column} has no choice {unknown}", f"{when.column} không có giá trị {unknown}"),
            )
        if column.required:
            yield (
                key,
                both(
                    "a required column is needed in every line",
                    "cột bắt buộc (required) vốn phải có ở mọi dòng",
                ),
            )


def _at_most_fault(
    name: str, other: str, things: Mapping[str, Column] | Mapping[str, Item], kind: str
) -> str | None:
    """Why the numbers of the two cannot be compared."""
    if other not in things:
        return both(f"no {kind} {other}", f"không có {'cột' if kind == 'column' else 'dòng'} {other}")
    if other == name:
        return both(f"{name} is never above itself", f"{name} không bao giờ lớn hơn chính nó")
    one, whole = things[name], things[other]
    for called, thing in ((name, one), (other, whole)):
        if isinstance(thing, Column) and thing.type not in NUMERIC:
            return both(
                f"{called} is of type {thing.type}, only numbers are compared",
                f"{called} kiểu {thing.type}, chỉ so được số",
            )
    if one.unit != whole.unit and not (_counts(one) and _counts(whole)):
        return both(
            f"{name} is in {one.unit or 'no unit'}, {other} in {whole.unit or 'no unit'}",
            f"{name} tính bằng {one.unit or '(không đơn vị)'}, {other} bằng {whole.unit or '(không đơn vị)'}",
        )
    return None


def _counts(thing: Column | Item) -> bool:
    """Whether it counts things one by one, as households and people are: a household has somebody."""
    return (
        isinstance(thing, Column)
        and thing.type == "whole"
        and bool(thing.unit)
        and unit_of(thing.unit) is None
        and not thing.unit.startswith(("nghìn", "triệu", "tỷ"))
    )
