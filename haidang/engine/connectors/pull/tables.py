"""Files of rows: text with separators, and workbooks. A row is what stands under the names of the columns."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from haidang.engine.connectors.pull.definition import Table
from haidang.engine.connectors.pull.trouble import Trouble

# One cell of a row; more is no table.
_CELL = 1 << 20
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_READER_S = 120


def rows(path: Path, table: Table, wanted: Iterable[str], host: str) -> Generator[Any]:
    """Each row as a mapping by the names of its columns; one of another length as the list it is.

    Raises Trouble where the file is no table or lacks a column of `wanted`.
    """
    with path.open("rb") as file:
        is_book = file.read(4).startswith(_WORKBOOKS)
    wanted = list(wanted)
    cells = _of_book(path, table, host) if is_book else _of_text(path, table, host)
    try:
        for _ in range(table.header - 1):
            next(cells)
        names = [_name(cell) for cell in next(cells)]
    except StopIteration:
        raise Trouble("no_table", host=host, why="no_header", row=table.header) from None
    while names and not names[-1]:
        names.pop()
    _check(names, wanted, table, host)
    for row in cells:
        while len(row) > len(names) and row[-1] in (None, ""):
            row.pop()
        if all(cell in (None, "") for cell in row):
            continue
        # A shorter row ends in empty cells; a longer one holds something nobody named.
        yield dict(zip(names, row, strict=False)) if len(row) <= len(names) else row


def _name(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def _check(names: list[str], wanted: Iterable[str], table: Table, host: str) -> None:
    lacking = [name for name in wanted if name not in names]
    if lacking:
        shown = ", ".join(filter(None, names))[:120]
        raise Trouble(
            "no_table", host=host, why="lacks", row=table.header, columns=", ".join(lacking)[:80], found=shown
        )
    double = next((name for name in wanted if names.count(name) > 1), "")
    if double:
        raise Trouble("no_table", host=host, why="twice", row=table.header, columns=double)


def _of_text(path: Path, table: Table, host: str) -> Iterator[list[Any]]:
    encoding = "utf-8-sig" if table.encoding.lower() in ("utf-8", "utf8") else table.encoding
    try:
        with path.open(encoding=encoding, newline="") as file:
            separator = table.separator or _separator(file, table.header)
            file.seek(0)
            csv.field_size_limit(_CELL)
            yield from csv.reader(file, delimiter=separator, strict=True)
    except UnicodeError:
        raise Trouble("no_table", host=host, why="letters", encoding=table.encoding) from None
    except csv.Error as error:
        raise Trouble("no_table", host=host, why="no_text_table", cause=str(error)) from None


def _separator(lines: Iterable[str], header: int) -> str:
    names = next((line for number, line in enumerate(lines, 1) if number == header), "")
    return max(",;\t|", key=names.count)


def _of_book(path: Path, table: Table, host: str) -> Iterator[list[Any]]:
    """By a process of its own with bounds on memory and time: a workbook of a megabyte may unpack to gigabytes."""
    command = [sys.executable, "-m", "haidang.engine.connectors.pull.workbook", str(path), table.sheet]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None  # noqa: S101 - asked for above
    assert process.stderr is not None  # noqa: S101
    try:
        for line in process.stdout:
            yield msgspec.json.decode(line, type=list[Any])
        words = process.stderr.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        if process.wait(_READER_S):
            raise _said(words, host)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def _said(words: str, host: str) -> Trouble:
    """Why the reader ended, in its own words; it was stopped at its bounds where it said nothing."""
    trouble = Trouble("no_table", host=host, why="too_much")
    try:
        trouble.detail |= msgspec.json.decode(words, type=dict[str, str])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return trouble
    return trouble
