"""`haidang dossiers FILE`: a list of dossiers counted by centre, scored as far as it goes, and what will soon be due."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from haidang.config import written
from haidang.config.cli import json_option, print_json, setup
from haidang.config.cli.naming import unknown
from haidang.config.cli.score import Centre as Scored
from haidang.config.cli.score import centre_json, load_card, print_ranking, ranked_of, ranking_json

if TYPE_CHECKING:
    from haidang.domains.services.dossiers import Due, Tally
    from haidang.domains.services.listing import Listing
    from haidang.engine.contracts.sheets.centres import Centre
    from haidang.engine.contracts.sheets.days import Period
    from haidang.engine.contracts.sheets.definition import SheetContract
    from haidang.engine.workdays.calendar import Workdays

WHOLE_PROVINCE = "Toàn tỉnh"


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--published", is_flag=True, help="Count the dossiers of the period by all published lists.")
@click.option("--period", "text", required=True, metavar="P", help="The month of the list: 2026-10.")
@click.option(
    "--on", "day", metavar="DAY", help="As of the evening of this day; the period's last by default."
)
@click.option("--province", default="", help="Two-digit code whose communes are named; all by default.")
@click.option(
    "--within", type=float, default=2, metavar="N", help="List what has at most N working days left."
)
@click.option("--least", type=int, default=0, metavar="N", help="Rank nobody with fewer dossiers.")
@click.option("--card", default="services.qd_766", metavar="ADDRESS", help="The scorecard.")
@click.option(
    "--counts", type=click.Path(path_type=Path), metavar="OUT.json", help="Write what `haidang score` reads."
)
@click.option(
    "--contract", "address", default="services.dossiers", metavar="ADDRESS", help="The list's contract."
)
@json_option
def dossiers(
    file: Path | None,
    published: bool,
    text: str,
    day: str | None,
    province: str,
    within: float,
    least: int,
    card: str,
    counts: Path | None,
    address: str,
    as_json: bool,
) -> None:
    """Count an office's list of dossiers (.xlsx, .xlsm, .xlsb, .xls, .ods, .csv), or those received in a period by the published lists, as
    the figures count them. Nothing is stored, nobody's name is read.

    Exits with 1 when a line could not be counted.
    """
    if (file is None) != published:
        raise click.UsageError("name a FILE, or ask for --published lists")
    period, on = _period_and_day(text, day)
    contract, workdays = _content(address)
    read = (
        _of_file(file, contract, period, province, on)
        if file
        else _published(address, contract, period, province, on)
    )
    found = _counted(*read, on, workdays, within)
    answer = _answer(found, card, least)
    if counts:
        centres = [
            {key: centre[key] for key in ("name", "level", "volume")} | {"counts": centre["index"]["counts"]}
            for centre in answer["centres"]
        ]
        words = json.dumps({"on": str(on), "centres": centres}, ensure_ascii=False, indent=2)
        counts.write_text(words + "\n", encoding="utf-8")
    if as_json:
        print_json(answer)
    else:
        _print(found, answer, card, least)
    raise SystemExit(1 if found.listing.unusable else 0)


@dataclass(frozen=True, slots=True)
class _Counted:
    on: date
    listing: Listing
    repeated: int
    centres: dict[Centre, Tally]
    due: list[Due]
    off: list[str]

    def whole(self, level: str = "") -> Tally:
        """Of all centres, or those of a level."""
        from haidang.domains.services.dossiers import Tally

        return sum((one for centre, one in self.centres.items() if level in {"", centre.level}), Tally())

    def scored(self) -> list[Scored]:
        """The province as a whole first, then each centre."""
        from haidang.engine.contracts.sheets.centres import WORDS

        whole = self.whole()
        rows = [Scored(name=WHOLE_PROVINCE, counts=whole.index_counts(), volume=whole.handled)]
        for centre, one in sorted(self.centres.items()):
            rows.append(
                Scored(
                    name=centre.name, level=WORDS[centre.level], volume=one.handled, counts=one.index_counts()
                )
            )
        return rows


def _of_file(
    file: Path, contract: SheetContract, period: Period, province: str, on: date
) -> tuple[Listing, int]:
    """What the file says; nothing of it can stand in another."""
    from haidang.domains.services.listing import read_list
    from haidang.engine.contracts.sheets.book import Unreadable
    from haidang.engine.contracts.sheets.centres import Centres
    from haidang.engine.contracts.sheets.sentences import said

    try:
        return read_list(file, contract, period, Centres(province or contract.province, on)), 0
    except Unreadable as error:
        raise click.ClickException(said(error.code, error.arguments, "vi")) from error


def _published(
    address: str, contract: SheetContract, period: Period, province: str, on: date
) -> tuple[Listing, int]:
    """The lines the figures of the period are counted from, and how many others of its dossiers a later list has told
    anew.
    """
    setup()
    from django.db import transaction

    from haidang.domains.services.listing import published
    from haidang.engine.contracts.sheets.centres import Centres
    from haidang.engine.counting import lines
    from haidang.engine.counting.running import awaited

    if waiting := awaited(address):
        raise click.ClickException(
            f"{len(waiting)} published lists of {address} are not counted yet ({', '.join(waiting)}): `haidang work` takes "
            "them in within ten seconds; ask again then"
        )
    if not lines.provinces(address):
        raise click.ClickException(f"no list of {address} is published")
    where = province or contract.province or lines.provinces(address)[0]
    with transaction.atomic():
        found = published(
            period,
            contract,
            Centres(where, on),
            ((one.row, one.values) for one in lines.of_months(address, lines.months_of(period), None)),
        )
        repeated = lines.told_anew(address, "received", period)
    if not found.dossiers and not found.unusable:
        raise click.ClickException(
            f"no dossier received in {period.code} is in a published list of {address}"
        )
    return found, repeated


def _counted(listing: Listing, repeated: int, on: date, workdays: Workdays, within: float) -> _Counted:
    from haidang.domains.services.dossiers import close_to_due, due_on_days_off, tally

    return _Counted(
        on,
        listing,
        repeated,
        tally(listing.dossiers, on, workdays),
        close_to_due(listing.dossiers, on, workdays, within),
        [one.code for one in due_on_days_off(listing.dossiers, workdays)],
    )


def _content(address: str) -> tuple[SheetContract, Workdays]:
    from haidang.engine.contracts.tree import load_tree
    from haidang.engine.workdays.book import KINDS, Book

    tree = load_tree(kinds=KINDS)
    entry = tree.sheets.get(address)
    if entry is None:
        raise click.UsageError(
            unknown("contract of kind sheet / hợp đồng biểu", address, tree.sheets, "contracts")
        )
    return entry.thing, Book(tree).of_office()


def _period_and_day(text: str, day: str | None) -> tuple[Period, date]:
    from haidang.engine.contracts.sheets.days import Period

    try:
        period = Period.parse(text)
    except ValueError:
        raise click.UsageError(f"--period {text!r}: write a month as 2026-10") from None
    try:
        return period, date.fromisoformat(day) if day else period.last_day
    except ValueError:
        raise click.UsageError(f"--on {day!r} is no day: write 2026-10-31") from None


def _answer(found: _Counted, card: str, least: int) -> dict[str, Any]:
    from haidang.engine.contracts.sheets.centres import WORDS
    from haidang.engine.scorecards.scoring import score

    try:
        version = load_card(card).on(found.on)
    except LookupError as error:
        raise click.UsageError(str(error)) from error
    scored = found.scored()
    scores = {one.name: score(version, one.counts) for one in scored}
    places = {centre.name: (centre, one) for centre, one in found.centres.items()}
    return {
        "on": str(found.on),
        "lines": len(found.listing.dossiers),
        "repeated": found.repeated,
        "unusable": [{"row": row, "columns": columns} for row, columns in found.listing.unusable],
        "basis": version.basis,
        "version": version.version,
        "levels": {WORDS[level]: found.whole(level).as_dict() for level in WORDS},
        "centres": [
            {
                "name": one.name,
                "level": one.level,
                "place": places[one.name][0].place if one.name in places else "",
                "volume": one.volume,
                "counts": (places[one.name][1] if one.name in places else found.whole()).as_dict(),
                "index": {**centre_json(one, scores[one.name]), "counts": one.counts},
            }
            for one in scored
        ],
        "ranking": ranking_json(ranked_of(scored[1:], scores, least)),
        "close_to_due": [
            {
                "code": due.dossier.code,
                "procedure": due.dossier.procedure,
                "centre": due.dossier.centre.name,
                "due": str(due.dossier.due),
                "working_days_left": due.left,
                "over": due.is_over,
            }
            for due in found.due
        ],
        "due_on_days_off": found.off,
    }


def _print(found: _Counted, answer: dict[str, Any], card: str, least: int) -> None:
    from haidang.engine.scorecards.scoring import score

    for centre in answer["centres"]:
        one = centre["counts"]
        paid = "chưa rõ" if one["paid_online"] is None else one["paid_online"]
        click.echo(
            f"{centre['name']}: nhận {one['received']}, đã trả {one['returned']} (sớm {one['early']}, đúng hạn "
            f"{one['on_time']}, trễ {one['late']}), đang xử lý {one['running']}, quá hạn {one['overdue']}, "
            f"trực tuyến {one['online']}, thanh toán trực tuyến {paid}/{one['with_fee']}"
        )
    version = load_card(card).on(found.on)
    scored = found.scored()[1:]
    print_ranking(ranked_of(scored, {one.name: score(version, one.counts) for one in scored}, least))
    click.echo(f"\nSắp đến hạn hoặc quá hạn: {len(found.due)}")
    for due in found.due[:20]:
        days = f"{written.number(abs(due.left))} ngày làm việc"
        left = f"quá {days}" if due.left < 0 else f"còn {days}"
        left = "vừa quá hạn" if due.is_over and not due.left else left
        click.echo(f"  {due.dossier.code}  hẹn {due.dossier.due:%d/%m/%Y}  {left}")
    if len(found.due) > 20:
        click.echo(f"  … và {len(found.due) - 20} hồ sơ nữa (--json)")
    if found.off:
        click.echo(f"Hẹn trả vào ngày nghỉ: {len(found.off)} hồ sơ")
    if found.repeated:
        click.echo(f"Danh sách sau đã báo lại, không đếm lần nữa: {found.repeated} hồ sơ")
    for row, columns in found.listing.unusable:
        click.echo(f"Dòng {row} không đếm được: {columns}", err=True)
