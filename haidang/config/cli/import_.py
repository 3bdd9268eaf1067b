"""`haidang import FILE`: is this Excel file what its contract promises?"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from haidang.config.cli import json_option, print_list, setup
from haidang.config.cli.naming import unknown

if TYPE_CHECKING:
    from haidang.engine.contracts.sheets.book import Unreadable
    from haidang.engine.contracts.sheets.comparative import Beside
    from haidang.engine.contracts.sheets.days import Period
    from haidang.engine.contracts.sheets.definition import SheetContract
    from haidang.engine.contracts.sheets.judging import Examination


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--contract", "address", required=True, metavar="ADDRESS", help="For example economy.monthly.")
@click.option("--period", "text", default="", metavar="P", help="2026-10, 2026-Q4, 2026-W47 or 2026.")
@click.option("--previous", type=click.Path(path_type=Path), help="The last period's file, to compare with.")
@click.option(
    "--office",
    default="",
    metavar="CODE",
    help="Whose file it is: compared with what is published of its province. Without it, that of the contract's office, "
    "while the centre of this home runs.",
)
@click.option("--province", default="", help="Two-digit code, where the contract's is not meant.")
@click.option(
    "--answer",
    type=click.Path(path_type=Path),
    metavar="OUT.xlsx",
    help="Write the file back with red cells and comments.",
)
@click.option(
    "--alone",
    is_flag=True,
    help="Judge the file by itself: compare with nothing that is published, also while the centre runs.",
)
@json_option
def import_(
    file: Path,
    address: str,
    text: str,
    previous: Path | None,
    office: str,
    province: str,
    answer: Path | None,
    alone: bool,
    as_json: bool,
) -> None:
    """Judge every cell of an Excel file (.xlsx, .xlsm, .xlsb, .xls, .ods, .csv) against a contract. Nothing is stored.

    Exits with 0 when no cell is at fault, 1 when one is, 2 when the file cannot be understood.
    """
    from haidang.engine.contracts.sheets.answer import write_answer
    from haidang.engine.contracts.sheets.book import Book, Unreadable
    from haidang.engine.contracts.sheets.judging import Examination, values_of
    from haidang.engine.contracts.sheets.origin import HandedIn
    from haidang.engine.contracts.sheets.verdict import Cell, Level, Remark

    contract = _contract(address)
    if province:
        contract = msgspec.structs.replace(contract, province=province)
    period = _period(contract, text)
    kept: list[Cell] = []
    broken: list[Unreadable] = []
    try:
        earlier = values_of(previous, contract, period.before) if previous and period else {}
        told = _published(contract, address, period, office, alone=alone)
        examination = Examination(contract, period, earlier, HandedIn(address), told)

        def kept_of(cells: Iterator[Cell]) -> Iterator[Cell]:
            """Keeps what the answer marks; a file that breaks off says so at the end of what was read."""
            began = False
            try:
                for cell in cells:
                    began = True
                    if answer and cell.level:
                        kept.append(cell)
                    yield cell
            except Unreadable as error:
                if not began:
                    raise
                broken.append(error)
                said = [Remark(Level.FAULT, error.code, error.arguments)]
                yield Cell("", 0, -1, None, "missing", remarks=said)

        with Book(file) as book:
            cells = kept_of(examination.cells(book))
            if as_json:
                print_list(cell.as_dict() for cell in cells)
            else:
                _print(cells)
    except Unreadable as error:
        _unreadable(error, as_json)
        sys.exit(2)
    if broken:
        sys.exit(2)
    if answer:
        write_answer(file, answer, kept)
        click.echo(f"{answer}: {len(kept)} ô có nhận xét / cells with remarks.", err=True)
    _sum_up(examination, as_json=as_json, is_compared=told is not None)
    sys.exit(1 if examination.faults else 0)


def _sum_up(examination: Examination, *, as_json: bool, is_compared: bool) -> None:
    if not as_json:
        click.echo(f"{examination.records} dòng, {examination.faults} ô lỗi / rows, cells at fault.")
    if is_compared:
        # i18n: data – the command line says both
        click.echo(
            "Đã so với số liệu đã công bố của trung tâm đang chạy; --alone: chấm riêng tệp này."
            " / Compared with what the running centre has published; --alone: the file by itself.",
            err=True,
        )


def _contract(address: str) -> SheetContract:
    from haidang.engine.contracts.tree import default_folders, load_tree, templates

    tree = load_tree([*default_folders(), *templates(default_folders()[0])])
    entry = tree.sheets.get(address)
    if entry is None:
        broken = [str(p) for p in tree.problems if p.path.stem == address.rpartition(".")[2]]
        none = unknown("contract of kind sheet / hợp đồng biểu", address, tree.sheets, "contracts")
        raise click.UsageError("\n".join(broken) or none)
    return entry.thing


def _period(contract: SheetContract, text: str) -> Period | None:
    from haidang.engine.contracts.sheets.days import Period

    if contract.period == "none":
        return None
    try:
        period = Period.parse(text)
    except ValueError:
        period = None
    if period is None or period.kind != contract.period:
        form = {"month": "2026-10", "quarter": "2026-Q4", "week": "2026-W47", "year": "2026"}[contract.period]
        raise click.UsageError(f"this contract is for a {contract.period}: --period {form}")
    return period


def _published(
    contract: SheetContract, address: str, period: Period | None, code: str, *, alone: bool
) -> Beside | None:
    """What compares the file with the record of this centre; None where it does not run."""
    if alone and code:
        raise click.UsageError("--alone compares with nothing, --office says with whose figures: give one")
    if alone or period is None or not (code or _runs()):
        return None
    setup()
    from haidang.engine.indicators.catalogue import load_catalogue
    from haidang.engine.people.models import Office
    from haidang.engine.submissions.models import Submission
    from haidang.engine.submissions.published import beside
    from haidang.engine.submissions.shelf import every_way

    office = Office.objects.filter(code=code).first()
    if code and office is None:
        raise click.UsageError(f"no office {code}; see: haidang office list")
    if office is None:
        office = next((way.office for way in every_way() if way.contract == address and way.office), None)
    row = Submission(contract=address, period=period.code, office=office)
    return beside(row, contract, load_catalogue())


def _runs() -> bool:
    """Whether the database of this home answers."""
    from haidang.config import settings
    from haidang.config.addresses import postgres_socket

    path = Path(postgres_socket(settings.HAIDANG_HOME)) / ".s.PGSQL.5432"
    if not path.exists():
        return False
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(str(path)) == 0


def _print(cells: Iterator[Any]) -> None:
    for cell in cells:
        if cell.level:
            click.echo(f"{cell.sheet}!{cell.address or '–'}  {cell.level}: {cell.reason()}")


def _unreadable(error: Unreadable, as_json: bool) -> None:
    from haidang.engine.contracts.sheets.sentences import said

    reason, reason_en = (said(error.code, error.arguments, language) for language in ("vi", "en"))
    if as_json:
        row = {
            "sheet": "", "cell": "", "raw": None, "value": None, "unit": "", "verdict": "lỗi",
            "reason": reason, "reason_en": reason_en, "fate": "unreadable", "field": "", "item": "", "codes": [error.code],
        }  # fmt: skip
        print_list([row])
    else:
        click.echo(f"{reason}\n{reason_en}", err=True)
