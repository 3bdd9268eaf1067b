"""Contracts of files: a sample as an office really makes it, and what must be said of its cells."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from haidang.engine.both import both
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
        lack = missing = "expected.json"
        if sample is None:
            # i18n: data – both languages stand beside each other
            lack, missing = (
                f"sample.xlsx ({what})" for what in ("a file as the office makes it", "tệp như cơ quan lập")
            )
        yield Problem(
            entry.path,
            1,
            both(f"no {entry.stem}.{lack} beside it", f"bên cạnh chưa có {entry.stem}.{missing}"),
        )
        return
    try:
        wanted = read(expected, Expected)
        period = Period.parse(wanted.period) if entry.thing.period != "none" else None
    except ContentError as error:
        yield from error.problems
        return
    except ValueError:
        yield Problem(
            expected,
            key_line(expected, "period"),
            both(
                "period is not like 2026-10, 2026-Q4, 2026-W47 or 2026",
                "period không viết như 2026-10, 2026-Q4, 2026-W47 hoặc 2026",
            ),
        )
        return
    examination = Examination(entry.thing, period)
    try:
        with Book(sample) as book:
            said_of = {c.address: c for c in examination.cells(book) if c.level}
    except Unreadable as error:
        yield Problem(
            sample, 1, both(said(error.code, error.arguments, "en"), said(error.code, error.arguments, "vi"))
        )
        return
    if examination.records != wanted.records:
        message = both(
            f"the sample holds {examination.records} lines of data, {wanted.records} are expected",
            f"tệp mẫu có {examination.records} dòng dữ liệu, mong đợi {wanted.records}",
        )
        yield Problem(expected, key_line(expected, "records"), message)
    for address, cell in said_of.items():
        codes = [remark.code for remark in cell.remarks if remark.level]
        if wanted.remarks.get(address) not in codes:
            yield Problem(
                expected,
                key_line(expected, "remarks", address),
                both(f"{', '.join(codes)}: {cell.reason('en')}", f"{', '.join(codes)}: {cell.reason('vi')}"),
            )
    for address, code in wanted.remarks.items():
        if address not in said_of:
            yield Problem(
                expected,
                key_line(expected, "remarks", address),
                both(
                    f"nothing is said of {address}, {code} is expected",
                    f"không có nhận xét gì về ô {address}, mong đợi {code}",
                ),
            )
