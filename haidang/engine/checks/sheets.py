"""Contracts of files: a sample as an office really makes it, and what must be said of its cells."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from haidang.engine.contracts.reading import ContentError, Problem, key_line, read
from haidang.engine.contracts.sheets.book import Book, Unreadable
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.sentences import said
from haidang.engine.contracts.tree import Entry


class Expected(msgspec.Struct, forbid_unknown_fields=True):
    """`<contract>.expected.json`: lines of data, and the codes said of the cells that are not simply good."""

    records: int
    remarks: dict[str, str]
    period: str = ""


def problems(entry: Entry[SheetContract]) -> Iterator[Problem]:
    """What does not hold between a contract and its sample."""
    sample, expected = entry.beside.get("sample.xlsx"), entry.beside.get("expected.json")
    if sample is None or expected is None:
        lack = "sample.xlsx (a file as the office makes it)" if sample is None else "expected.json"
        yield Problem(entry.path, 1, f"no {entry.stem}.{lack} beside it")
        return
    try:
        wanted = read(expected, Expected)
        period = Period.parse(wanted.period) if entry.thing.period != "none" else None
    except ContentError as error:
        yield from error.problems
        return
    except ValueError:
        yield Problem(
            expected, key_line(expected, "period"), "period is not like 2026-10, 2026-Q4, 2026-W47 or 2026"
        )
        return
    examination = Examination(entry.thing, period)
    try:
        with Book(sample) as book:
            said_of = {c.address: c for c in examination.cells(book) if c.level}
    except Unreadable as error:
        yield Problem(sample, 1, said(error.code, error.arguments, "en"))
        return
    if examination.records != wanted.records:
        message = f"the sample holds {examination.records} lines of data, {wanted.records} are expected"
        yield Problem(expected, key_line(expected, "records"), message)
    for address, cell in said_of.items():
        codes = [remark.code for remark in cell.remarks if remark.level]
        if wanted.remarks.get(address) not in codes:
            yield Problem(
                expected, key_line(expected, "remarks", address), f"{', '.join(codes)}: {cell.reason('en')}"
            )
    for address, code in wanted.remarks.items():
        if address not in said_of:
            yield Problem(
                expected,
                key_line(expected, "remarks", address),
                f"nothing is said of {address}, {code} is expected",
            )
