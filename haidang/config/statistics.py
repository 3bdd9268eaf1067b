"""A statistic's figure as the command line prints it, and the way back from it to the cell it was stated in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import click

from haidang.config import written
from haidang.config.cli.naming import unknown
from haidang.engine import clock
from haidang.engine.contracts.sheets.book import Book, Unreadable, column_letters, safely
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.verdict import address as cell_address
from haidang.engine.contracts.sheets.verdict import plain
from haidang.engine.counting import shown
from haidang.engine.indicators import comparing, figure_rows, periods, statistics
from haidang.engine.indicators.by_line import lines_of
from haidang.engine.indicators.catalogue import Catalogue, load_catalogue
from haidang.engine.indicators.comparing import Comparison
from haidang.engine.indicators.figure_rows import Row, Subject
from haidang.engine.indicators.gathering import Inputs, as_kept
from haidang.engine.indicators.statistic import bare
from haidang.engine.indicators.statistics import Answer
from haidang.engine.places.models import Place
from haidang.engine.store.content import standing_tree
from haidang.engine.store.trace import BytesGone
from haidang.engine.submissions.judging import workbook
from haidang.engine.submissions.models import Submission

Told = dict[str, Any]
LINES = 20  # of a count that a trace names


def read(
    address: str, place_code: str, period_text: str, as_of: datetime | None
) -> tuple[Catalogue, Answer, list[Comparison]]:
    """The figure, and what it can be compared with. Raises ClickException naming what does not exist."""
    catalogue = load_catalogue()
    if address not in catalogue:
        raise click.ClickException(unknown("statistic / số liệu", address, catalogue.entries, "indicators"))
    try:
        period = Period.parse(period_text)
    except ValueError:
        raise click.ClickException(
            f"--period {period_text!r} is none; write 2026-10, 2026-Q4, 2026-W47 or 2026"
        ) from None
    try:
        place = statistics.place_on(place_code, period)
    except Place.DoesNotExist:
        raise click.ClickException(
            f"no unit had the code {place_code!r} on {period.last_day:%d/%m/%Y}; see: haidang places search NAME"
        ) from None
    try:
        answer = statistics.figure(catalogue, address, place, period, as_of)
        if answer.value is None and (later := statistics.successor_of(place, period)):
            told = statistics.figure(catalogue, address, later, period, as_of)
            place, answer = (later, told) if told.value is not None else (place, answer)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if period.kind != catalogue.entries[bare(address)].statistic.period:
        return catalogue, answer, []
    epoch = statistics.epoch_of(as_of)
    return catalogue, answer, comparing.compare(catalogue, address, [place.pk], period, epoch)[place.pk]


def by_line(catalogue: Catalogue, answer: Answer, as_of: datetime | None) -> Mapping[str, float]:
    """What each facility or office is of it."""
    subject = Subject(answer.indicator, answer.place.pk, answer.at)
    return lines_of(catalogue, subject, statistics.epoch_of(as_of)) if answer.id else {}


# --- as JSON ----------------------------------------------------------------------------------------------
def as_json(answer: Answer, compared: Iterable[Comparison], by_line: Mapping[str, float]) -> Told:
    """Units by their codes, inputs as objects."""
    several = list(compared)
    kept = answer.detail.get("inputs", [])
    codes = _codes([*kept, *(as_kept(*one) for each in several for one in each.inputs)])
    return {
        "indicator": answer.indicator, "place": answer.place.code, "place_name": str(answer.place),
        "period": periods.written(answer.period), "at": clock.local(answer.at).isoformat(), "value": answer.value,
        "unit": answer.unit, "status": answer.status, "there": answer.there, "expected": answer.expected,
        "why": answer.why, "id": answer.id, "epoch": answer.epoch, "formula_sha256": answer.formula_sha256,
        "detail": {key: value for key, value in answer.detail.items() if key not in ("inputs", "lines")},
        "inputs": [_input(one, codes) for one in kept], "lines": dict(by_line),
        "comparisons": [
            {
                "kind": one.kind, "value": one.value, "unit": str(one.unit), "status": one.status,
                "difference": one.difference, "stated": one.stated, "there": one.there, "expected": one.expected,
                "why": one.why, "inputs": [_input(each, codes) for each in _kept(one.inputs)],
            }
            for one in several
        ],
    }  # fmt: skip


def _kept(inputs: Inputs) -> list[list[Any]]:
    return [as_kept(subject, row) for subject, row in inputs]


def _codes(kept: Iterable[list[Any]]) -> dict[int, str]:
    return dict(Place.objects.filter(pk__in={one[1] for one in kept}).values_list("pk", "code"))


def _input(kept: list[Any], codes: dict[int, str]) -> Told:
    address, place, at, number, value = kept
    return {"indicator": address, "place": codes.get(place, ""), "at": at, "figure": number, "value": value}


def lines(answer: Answer, compared: Iterable[Comparison], by_line: Mapping[str, float]) -> list[str]:
    """For people: the figure, then each comparison, then the lines of facilities or offices."""
    shown = "không có số liệu" if answer.value is None else written.amount(answer.value, answer.unit)
    made_of = f", {answer.there}/{answer.expected}" if answer.expected > 1 else ""
    head = f"{answer.indicator} {answer.place} {answer.period}: {shown} ({answer.status}{made_of})"
    found = [head, *([f"  {answer.why}"] if answer.why else [])]
    for one in compared:
        value = written.amount(one.value, str(one.unit), digits=6)
        part = f" ({one.there}/{one.expected})" if one.expected > 1 else ""
        found.append(f"  {one.kind:24} {value}{part} {one.why}".rstrip())
    return found + [
        f"  · {line}: {written.amount(value, answer.unit, digits=6)}" for line, value in by_line.items()
    ]


# --- the way back -----------------------------------------------------------------------------------------
def steps(address: str, place_code: str, period_text: str, as_of: datetime | None = None) -> list[Told]:
    """Figure → its inputs → submission → cell of the sheet as delivered, as rows of depth, what and text."""
    catalogue, answer, _ = read(address, place_code, period_text, as_of)
    shown = "không có số liệu" if answer.value is None else written.amount(answer.value, answer.unit)
    first = {
        "depth": 0, "what": "figure", "id": answer.id, "epoch": answer.epoch, "indicator": address,
        "text": f"{address} {answer.place} {answer.period} = {shown} ({answer.status}{_how(answer.detail)})",
    }  # fmt: skip
    row = next(iter(figure_rows.by_id([answer.id])), None) if answer.id else None
    return [first, *_Way(catalogue).below(answer.detail, 1, row)]


def _how(detail: Any) -> str:
    if detail.get("kind") == "derived":
        return f", công thức {detail['formula']}, bản {detail['version']}"
    if detail.get("kind") == "counted":
        return f", đếm {detail['counted']} trong {detail['of']} dòng, cách đếm bản {detail['version']}"
    return f", gộp theo {detail['rule']}" if detail.get("kind") == "rolled_up" else ""


class _Way:
    """One walk: each submission and workbook is opened once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._submissions: dict[int, Submission | None] = {}
        self._cells: dict[tuple[int, str, str], str] = {}

    def below(self, detail: Any, depth: int, row: Row | None = None) -> list[Told]:
        if detail.get("kind") in ("stated", "summed"):
            return self._stated(detail, depth)
        if detail.get("kind") == "withdrawn":
            text = f"bản {detail['submission']} từng nêu số này; bản sửa không nêu nữa"
            return [{"depth": depth, "what": "withdrawn", "id": detail["submission"], "text": text}]
        if detail.get("kind") == "counted":
            lists = [
                {"submission": number, "sheet": "", "cell": "", "raw": None}
                for number, *_lines in detail["lists"]
            ]
            return [*(step for one in lists for step in self._stated(one, depth)), *self._lines(row, depth)]
        kept = detail.get("inputs", [])
        rows = {row.id: row for row in figure_rows.by_id([one[3] for one in kept if one[3] is not None])}
        places = Place.objects.in_bulk({one[1] for one in kept})
        return [
            step for one in kept for step in self._input(one, rows.get(one[3]), places.get(one[1]), depth)
        ]

    def _input(self, kept: list[Any], row: Row | None, place: Place | None, depth: int) -> list[Told]:
        address, _, at, number, value = kept
        statistic = self.catalogue.entries.get(bare(address))
        end = datetime.fromisoformat(at)
        when = periods.ending(end, statistic.statistic.period) if statistic else clock.local(end).date()
        unit = self.catalogue.unit_text(address) if address in self.catalogue else ""
        shown = "chưa có số liệu" if value is None else written.amount(value, unit)
        how = _how(row.detail) if row else ""
        step = {
            "depth": depth, "what": "figure", "id": number, "epoch": row.epoch if row else None, "indicator": address,
            "text": f"{address} {place or ''} {when} = {shown}{how}",
        }  # fmt: skip
        return [step, *(self.below(row.detail, depth + 1, row) if row else [])]

    def _lines(self, row: Row | None, depth: int) -> list[Told]:
        """The first lines a figure counts; the page of the figure has all of them."""
        contract = standing_tree().sheets.get(row.detail["contract"]) if row else None
        way = shown.way_of(self.catalogue, row) if row else None
        if row is None or contract is None or way is None:
            return []
        found = shown.stretch(way, row, contract.thing, most=LINES)
        told = [
            {
                "depth": depth + 1, "what": "line", "submission": line.submission, "sheet": line.sheet,
                "cell": cell_address(line.row, line.column), "key": line.key,
                "text": f"trang “{line.sheet}” ô {cell_address(line.row, line.column)}: {line.key}"
                f"{'' if counts else ' (chưa rõ)'}",
            }
            for line, counts in ((one.line, one.counts) for one in found.lines)
        ]  # fmt: skip
        more = {
            "depth": depth + 1,
            "what": "more",
            "text": f"… và các dòng sau, tất cả {row.detail['counted']}",
        }
        return [*told, more] if found.following else told

    def _stated(self, detail: Any, depth: int) -> list[Told]:
        submission = self._submission(detail["submission"])
        if submission is None:
            text = f"bản số liệu {detail['submission']} không có trong sổ"
            return [{"depth": depth, "what": "submission", "id": detail["submission"], "text": text}]
        people = ", ".join(
            f"{word} {who.get_full_name()} {clock.local(at):%H:%M %d/%m/%Y}"
            for word, who, at in (
                ("ký", submission.signed_by, submission.signed_at),
                ("duyệt", submission.approved_by, submission.approved_at),
                ("công bố", submission.published_by, submission.published_at),
            )
            if who and at
        )
        return [
            {
                "depth": depth, "what": "submission", "id": submission.pk, "contract": submission.contract,
                "period": submission.period, "number": submission.number, "state": submission.state,
                "text": f"{submission.contract} {submission.period} số {submission.number}, {submission.office or '—'}: {people}",
            },
            *self._in_cells(submission, detail, depth + 1),
            {
                "depth": depth + 2, "what": "delivery", "id": submission.delivery_id, "record": submission.ordinal,
                "name": submission.name, "sha256": submission.sha256, "size": submission.size,
                "received_at": submission.received_at,
                "text": f"lần nhận {submission.delivery_id}, tệp {submission.name}"
                f" lúc {clock.local(submission.received_at):%H:%M:%S %d/%m/%Y}, SHA-256 {submission.sha256[:12]}…",
            },
        ]  # fmt: skip

    def _in_cells(self, submission: Submission, detail: Any, depth: int) -> list[Told]:
        """The cell a number stands in; of a sum those of its lines."""
        sheet = detail["sheet"]
        if not sheet:
            return []  # of a count: which lines, says the page of the figure
        lines = detail.get("lines", [["", detail["cell"], detail.get("raw")]])
        found = [(line, cell, raw, self._cell(submission, sheet, cell)) for line, cell, raw in lines]
        if not found:
            text = f"trang “{sheet}” ô {detail['cell']}: tổng của {detail['count']} dòng"
            return [{"depth": depth, "what": "cells", "sheet": sheet, "cell": detail["cell"], "text": text}]
        told: list[Told] = []
        for line, cell, raw, there in found:
            told.append({
                "depth": depth, "what": "cell", "sheet": sheet, "cell": cell, "raw": raw, "found": there,
                **({"line": line} if line else {}),
                "text": f"trang “{sheet}” ô {cell}{f' ({line})' if line else ''}: {raw!r}; trong tệp đã nhận: {there}",
            })  # fmt: skip
            told += [
                {
                    "depth": depth + 1, "what": "mended", "sheet": sheet, "cell": cell, "was": one.was, "typed": one.text,
                    "number": one.submission.number, "by": one.person.name, "at": one.at,
                    "text": f"{one.person.name} sửa ô {cell} trong lưới của bản {one.submission.number}: {one.was!r} thành"
                    f" {one.text!r}, {clock.local(one.at):%H:%M:%S %d/%m/%Y}",
                }
                for one in submission.mended_before(sheet, cell)
            ]  # fmt: skip
        return told

    def _submission(self, number: int) -> Submission | None:
        if number not in self._submissions:
            with_people = Submission.objects.select_related(
                "office", "signed_by", "approved_by", "published_by"
            )
            self._submissions[number] = with_people.filter(pk=number).first()
        return self._submissions[number]

    def _cell(self, submission: Submission, sheet: str, cell: str) -> str:
        """What stands in the delivered file at this place, read anew from its bytes."""
        if not any(key[:2] == (submission.pk, sheet) for key in self._cells):
            try:
                self._read(submission, sheet)
            except (BytesGone, Unreadable, LookupError) as error:
                return f"không mở được tệp: {error}"
        return self._cells.get((submission.pk, sheet, cell), "ô trống")

    def _read(self, submission: Submission, name: str) -> None:
        with workbook(submission) as path, Book(path) as book:
            sheet = next((one for one in book.sheets if one.name == name), None)
            if sheet is None:
                raise LookupError(f"không có trang “{name}”")
            for number, values in safely(sheet):
                for column, value in enumerate(values):
                    if value is not None:
                        self._cells[submission.pk, name, f"{column_letters(column)}{number}"] = repr(
                            plain(value)
                        )
