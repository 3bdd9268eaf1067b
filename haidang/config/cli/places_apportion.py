"""`haidang places apportion`: a table for the units of one day, shown on the units of another."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from haidang.config import written
from haidang.config.cli import json_option, print_json
from haidang.config.cli.naming import unknown

if TYPE_CHECKING:
    from haidang.engine.contracts.sheets.numerals import Numeral
    from haidang.engine.places.lineage import Lineage, Unit, Weights
    from haidang.engine.places.restating import LeftOut, Line, Question, Restated

_DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
# Folded headings people write; an option names any other.
_HEADINGS = {
    "code": ("code", "ma", "ma don vi", "ma xa", "ma huyen", "ma tinh"),
    "name": ("name", "ten", "ten don vi", "xa", "don vi", "dia ban"),
    "parent": ("parent", "cap tren", "huyen", "thuoc", "tinh"),
    "value": ("value", "gia tri", "so lieu"),
    "weight": ("weight", "quyen so"),
}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--from-date", "start", type=_DAY, required=True, help="The day whose units the file speaks of."
)
@click.option(
    "--to-date", "day", type=_DAY, required=True, help="The day whose units are wanted; it may be earlier."
)
@click.option("--to-level", "level", type=click.Choice(["commune", "district", "province"]), default=None)
@click.option("--value", "value_column", default="", help="Column of the figures, if not “value”.")
@click.option(
    "--by", "group_columns", multiple=True, help="Column that keeps periods or items apart; repeatable."
)
@click.option(
    "--over-places",
    type=click.Choice(["sum", "mean", "weighted", "last", "none"]),
    default="sum",
    show_default=True,
)
@click.option(
    "--weights",
    "weights_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV: code, weight.",
)
@click.option("--weights-name", default="", help="What the weight is, e.g. “dân số 01/04/2024”.")
@click.option(
    "--decimals",
    type=click.IntRange(0, 9),
    default=None,
    help="Of the result; default: the most in the file.",
)
@json_option
def apportion(
    file: Path,
    start: datetime,
    day: datetime,
    level: str | None,
    value_column: str,
    group_columns: tuple[str, ...],
    over_places: str,
    weights_file: Path | None,
    weights_name: str,
    decimals: int | None,
    as_json: bool,
) -> None:
    """Show a CSV of figures of old communes, districts or provinces on the units of another day, or back.

    Sums are kept to the last unit. Figures of divided units are marked “ước” with share and basis. What has no place
    is listed with its reason. Exits with 0 when everything found its place, 1 when something is left out.
    """
    from haidang.engine.places.apportion import NotAdditive
    from haidang.engine.places.lineage import read_lineage
    from haidang.engine.places.restating import Question, restate

    lineage = read_lineage()
    lines = list(_lines(file, value_column, group_columns))
    most = max((-int(one.value.as_tuple().exponent) for one in lines if one.value is not None), default=0)
    weights = (
        _weights(
            weights_file, weights_name, lineage, (min(start, day) if over_places == "sum" else start).date()
        )
        if weights_file
        else None
    )
    question = Question(
        start.date(),
        day.date(),
        level or "",
        over_places,
        max(0, most) if decimals is None else decimals,
        weights,
    )
    try:
        groups = restate(lineage, lines, question)
    except (NotAdditive, ValueError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json(_document(lineage, question, groups))
    else:
        for group in groups:
            _print(lineage, group)
    sys.exit(1 if any(group.left_out for group in groups) else 0)


@click.command()
@click.argument("address")
@click.argument("period_text", metavar="PERIOD")
@click.option(
    "--to-date", "day", type=_DAY, required=True, help="The day whose units are wanted; it may be earlier."
)
@click.option("--to-level", "level", type=click.Choice(["commune", "district", "province"]), default=None)
@json_option
def figures(address: str, period_text: str, day: datetime, level: str | None, as_json: bool) -> None:
    """Show an indicator's figures of a period (2024, 2024-Q4, 2024-10) on the units of another day.

    By its own rule over places; what is divided is marked “ước”, what has no place is listed. Exits as `apportion` does.
    """
    from haidang.engine.contracts.sheets.days import Period
    from haidang.engine.indicators.catalogue import load_catalogue
    from haidang.engine.indicators.restated import restated
    from haidang.engine.places.apportion import NotAdditive
    from haidang.engine.places.lineage import read_lineage

    catalogue, lineage = load_catalogue(), read_lineage()
    if address not in catalogue:
        raise click.ClickException(unknown("statistic / số liệu", address, catalogue.entries, "indicators"))
    try:
        period = Period.parse(period_text)
    except ValueError:
        raise click.ClickException(
            f"PERIOD {period_text!r} is none; write 2024-10, 2024-Q4 or 2024."
        ) from None
    try:
        question, group = restated(catalogue, lineage, address, period, day.date(), level=level or "")
    except (NotAdditive, ValueError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        unit = {"indicator": address, "period": period_text, "unit": catalogue.unit_text(address)}
        print_json(unit | _document(lineage, question, [group]))
    else:
        _print(lineage, group)
    sys.exit(1 if group.left_out else 0)


def _rows(file: Path) -> tuple[Sequence[str], Iterator[dict[str, str]], str]:
    """Headings, lines and the separator: Excel in Vietnamese separates by semicolons and writes 1.234,5."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: not UTF-8; save it as “CSV UTF-8”.") from error
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.DictReader(StringIO(text), delimiter=separator, restval="")
    return list(reader.fieldnames or []), reader, separator


def _column(headings: Sequence[str], wanted: str, named: str = "") -> str:
    from haidang.engine.places.names import fold

    if named:
        if named not in headings:
            raise click.ClickException(f"There is no column {named!r}; there are: {', '.join(headings)}.")
        return named
    return next((one for one in headings if fold(one) in _HEADINGS[wanted]), "")


def _lines(file: Path, value_column: str, group_columns: tuple[str, ...]) -> Iterator[Line]:
    from haidang.engine.contracts.sheets.numerals import read_number
    from haidang.engine.places.restating import Line

    headings, rows, separator = _rows(file)
    code, name, parent = (_column(headings, wanted) for wanted in ("code", "name", "parent"))
    value = _column(headings, "value", value_column)
    by = [_column(headings, "value", column) for column in group_columns]
    if not value or not (code or name):
        raise click.ClickException(
            f"{file}: columns “code” and “value” are needed (or name, parent, value); there are: {', '.join(headings)}."
        )
    for number, row in enumerate(rows, 2):
        raw = row[value].strip()
        cells = [row[column] if column else "" for column in (code, name, parent)]
        group = tuple(row[column] for column in by)
        yield Line(
            number, cells[0], cells[1], cells[2], _number(read_number(raw), raw, separator), group, raw
        )


def _number(read: Numeral, raw: str, separator: str) -> Decimal | None:
    """None where it is no number. `1.234` is read as its file writes: thousands only beside semicolons."""
    if read.unit or read.fault not in {"", "two_readings"}:
        return None
    if not read.fault:
        return read.value
    if separator == ";":
        return read.value if "." in raw else read.other
    return read.other if "." in raw else None


def _weights(file: Path, name: str, lineage: Lineage, day: date) -> Weights:
    from haidang.engine.places.lineage import Weights
    from haidang.engine.places.resolving import Resolver

    if not name:
        raise click.ClickException("--weights-name says what the weight is: it stands beside every estimate.")
    headings, rows, _ = _rows(file)
    code, weight = _column(headings, "code"), _column(headings, "weight") or _column(headings, "value")
    if not code or not weight:
        raise click.ClickException(f"{file}: columns “code” and “weight” are needed.")
    resolver, by_unit = Resolver(lineage, day), {}
    for number, row in enumerate(rows, 2):
        meant = resolver.meant(row[code])
        try:
            size = Decimal(row[weight])
        except ArithmeticError:
            size = Decimal(-1)
        if meant.unit is None or not size.is_finite() or size < 0:
            raise click.ClickException(
                f"{file}, line {number}: {row[code]!r} {row[weight]!r} is no weight of a unit of {day:%d/%m/%Y}."
            )
        by_unit[meant.unit.id] = size
    return Weights(name, by_unit)


def _unit(lineage: Lineage, unit: Unit) -> dict[str, Any]:
    above = lineage.units.get(unit.parent_id) if unit.parent_id is not None else None
    return {"code": unit.code, "name": str(unit), "parent": above.code if above else None}


def _document(lineage: Lineage, question: Question, groups: list[Restated]) -> dict[str, Any]:
    return {
        "from": question.start.isoformat(),
        "to": question.day.isoformat(),
        "over_places": question.over_places,
        "weight": question.weights.name if question.weights else None,
        "decimals": question.decimals,
        "groups": [_group(lineage, group) for group in groups],
    }


def _group(lineage: Lineage, group: Restated) -> dict[str, Any]:
    rows = []
    for row in group.rows:
        parts = [
            _unit(lineage, lineage.units[part.source])
            | {"value": str(part.value), "amount": str(part.amount), "share": float(part.share)}
            | {"estimate": part.is_estimate, "basis": list(part.bases)}
            for part in row.parts
        ]
        lacking = [_unit(lineage, lineage.units[one]) for one in row.lacking]
        told: dict[str, Any] = {
            "value": str(row.value),
            "estimate": row.is_estimate,
            "lacking": lacking,
            "parts": parts,
        }
        rows.append(_unit(lineage, lineage.units[row.target]) | told)
    sums = {
        "of": group.by or "value",
        "input": str(group.given),
        "placed": str(group.placed),
        "unplaced": str(group.unplaced),
        "closes": group.closes,
    }
    left_out = [_left_out(lineage, one) for one in group.left_out]
    return {"by": list(group.group), "sums": sums, "rows": rows, "unplaced": left_out}


def _left_out(lineage: Lineage, one: LeftOut) -> dict[str, Any]:
    from haidang.engine.places.unplaced import REASONS

    line, reason = one.line, REASONS[one.why]
    return {
        "line": line.number,
        "code": line.code,
        "name": line.name,
        "parent": line.parent,
        "value": line.raw,
        "amount": str(one.amount),
        "why": one.why,
        "reason": reason.vi,
        "reason_en": reason.en,
        "candidates": [_unit(lineage, unit) for unit in one.candidates],
    }


def _print(lineage: Lineage, group: Restated) -> None:
    from haidang.engine.places.unplaced import REASONS

    if group.group:
        click.echo(" · ".join(group.group))
    for row in group.rows:
        bases = "; ".join(dict.fromkeys(b for part in row.parts if part.is_estimate for b in part.bases))
        lacking = f"  (thiếu số của {len(row.lacking)} đơn vị cũ)" if row.lacking else ""
        unit = lineage.units[row.target]
        click.echo(
            f"{unit.code:>5}  {unit}  {written.number(row.value)}{f'  [{bases}]' if bases else ''}{lacking}"
        )
    for one in group.left_out:
        shown = one.line.code or one.line.name
        maybe = ", ".join(f"{unit.code} {unit}" for unit in one.candidates[:4])
        # What is no number is shown as it stands in the file.
        amount = f"“{one.line.raw}”" if one.line.value is None else written.number(one.amount)
        click.echo(
            f"dòng {one.line.number}: {shown} {amount}: {REASONS[one.why].vi}{f' ({maybe})' if maybe else ''}"
        )
    click.echo(
        f"{written.number(group.given)} = {written.number(group.placed)} + {written.number(group.unplaced)} (đã xếp + chưa xếp){'' if group.closes else '  LỆCH'}"
    )
