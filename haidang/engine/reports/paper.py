"""One paper, as PDF and Word are both drawn from it: blocks of words and tables in which every number is a `Number`.

A number carries the address of its “Vì sao?” page; the words around it carry none. What two makings of a paper are
compared by is `numbers`: path (block / row / column) → number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is what is printed; `value` is None where only a difference in words is known."""

    text: str
    value: float | None
    unit: str
    # Path on this centre, with `as_of`: the printed link is the public address before it.
    why: str
    # What its reader must be allowed to see: an indicator at a place, or an asset.
    indicator: str = ""
    place: int = 0
    asset: str = ""


Run = str | Number


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """`width` is a share of the sum of all; numbers stand to the right."""

    title: str
    unit: str = ""
    width: float = 1
    is_number: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A cell is a run of words and numbers. `note` stands small below the first words; `said` fills what cells there are
    none for.
    """

    cells: list[list[Run]]
    note: str = ""
    said: str = ""
    is_sum: bool = False


class Table(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """`told` is what all of its numbers have in common: period, source, office. `title` is empty where the block before
    it has said it.
    """

    title: str
    columns: list[Column]
    rows: list[Row]
    told: str = ""
    empty: str = ""


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a picture's legend."""

    colour: str
    text: str


class Picture(msgspec.Struct, frozen=True, kw_only=True, tag="picture"):
    """A chart or a map as SVG that needs no style sheet; `alt` says what it shows."""

    title: str
    svg: str
    alt: str
    told: str = ""
    keys: list[Key] = []


class Heading(msgspec.Struct, frozen=True, kw_only=True, tag="heading"):
    """A section of a drafted report."""

    text: str


class Paragraph(msgspec.Struct, frozen=True, kw_only=True, tag="paragraph"):
    runs: list[Run]


Block = Table | Picture | Heading | Paragraph


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around the content; kept with a report, so that it can be made again as it was."""

    authority: str  # the body above: UBND TỈNH TÂY NINH; empty where none is
    office: str  # who makes it
    place: str  # where, before the date
    recipient: str
    made_at: str  # ISO, with its zone
    made_text: str
    day_text: str  # ngày 29 tháng 11 năm 2026
    is_simulated: bool


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """`kind` is the word at the top (BÁO CÁO), `subject` what it is about."""

    head: Head
    kind: str
    subject: str
    known_text: str  # as of when, and of which epoch
    blocks: list[Block]
    filters: list[tuple[str, str]] = []
    # Numbers the reader may not see: they are said, not shown.
    denied: int = 0
    # Across the page: a list has many columns.
    is_wide: bool = False
    # Said below the title: what kind of paper this is.
    remark: str = ""


def spelled(paper: Paper, write: Callable[[str], str]) -> Paper:
    """The same paper with every text as a form of file can write it: people type what not every form can hold."""
    return msgspec.convert(_spelled(msgspec.to_builtins(paper), write), Paper)


def _spelled(thing: Any, write: Callable[[str], str]) -> Any:
    if isinstance(thing, str):
        return write(thing)
    if isinstance(thing, list | tuple):
        return [_spelled(one, write) for one in thing]
    return {name: _spelled(one, write) for name, one in thing.items()} if isinstance(thing, dict) else thing


def numbers(paper: Paper) -> dict[str, Number]:
    """Every number by its path; two of one path are counted."""
    found: dict[str, Number] = {}
    seen: Counter[str] = Counter()
    for path, number in _numbers(paper.blocks):
        seen[path] += 1
        found[path if seen[path] == 1 else f"{path} ({seen[path]})"] = number
    return found


def _numbers(blocks: list[Block]) -> Iterator[tuple[str, Number]]:
    section = ""
    for block in blocks:
        if isinstance(block, Heading):
            section = block.text
        elif isinstance(block, Paragraph):
            for run in block.runs:
                if isinstance(run, Number):
                    yield f"{section} / {run.indicator}", run
        elif isinstance(block, Table):
            section = block.title or section
            yield from _of_table(section, block)


def _of_table(section: str, table: Table) -> Iterator[tuple[str, Number]]:
    for row in table.rows:
        name = row_name(row)
        for column, cell in zip(table.columns, row.cells, strict=False):
            for run in cell:
                if isinstance(run, Number):
                    yield f"{section} / {name} / {column.title}", run


def row_name(row: Row) -> str:
    """The first words of a row that are no number of order."""
    for cell in row.cells:
        text = "".join(run for run in cell if isinstance(run, str)).strip()
        if text and not text.isdigit():
            return text
    return ""
