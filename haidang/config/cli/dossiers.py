"""`haidang dossiers FILE`: a list of dossiers counted by centre, scored as far as it goes, and what will soon be due."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from haidang.config.cli import json_option, print_json, setup
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
@click.option("--published", is_flag=True, help="Count the lists of the period that offices published.")
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
    """Count an office's list of dossiers (.xlsx, .xls, .ods), or those published for a period. Nothing is stored,
    nobody's name is read.

    Exits with 1 when a line could not be counted.
    """
    if (file is None) != published:
        raise click.UsageError("name a FILE, or ask for --published lists")
    period, on = _period_and_day(text, day)
    with _files(file, address, period) as paths:
        found = _counted(paths, address, period, on, province, within)
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


@contextmanager
def _files(file: Path | None, address: str, period: Period) -> Iterator[list[Path]]:
    """The file that was named, or those of the published versions, as they were handed in."""
    if file:
        yield [file]
        return
    setup()
    from haidang.engine.submissions.judging import workbook
    from haidang.engine.submissions.models import Submission

    found = Submission.objects.filter(
        contract=address, period=period.code, state=Submission.State.PUBLISHED
    ).order_by("pk")
    with ExitStack() as opened:
        paths = [opened.enter_context(workbook(submission)) for submission in found]
        if not paths:
            raise click.ClickException(f"no list of {address} is published for {period.code}")
        yield paths


def _counted(
    files: list[Path], address: str, period: Period, on: date, province: str, within: float
) -> _Counted:
    from haidang.domains.services.dossiers import close_to_due, due_on_days_off, tally
    from haidang.domains.services.listing import Listing, read_list
    from haidang.engine.contracts.sheets.book import Unreadable
    from haidang.engine.contracts.sheets.centres import Centres
    from haidang.engine.contracts.sheets.sentences import said

    contract, workdays = _content(address)
    listing, centres = Listing(), Centres(province or contract.province, on)
    try:
        for file in files:
            listing.add(read_list(file, contract, period, centres))
    except Unreadable as error:
        raise click.ClickException(said(error.code, error.arguments, "vi")) from error
    return _Counted(
        on,
        listing,
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
            f"no contract of kind sheet {address}; there are: {', '.join(sorted(tree.sheets))}"
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
        "repeated": found.listing.repeated,
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
        left = f"còn {due.left:g}" if due.left >= 0 else f"quá {-due.left:g}"
        click.echo(f"  {due.dossier.code}  hẹn {due.dossier.due:%d/%m/%Y}  {left} ngày làm việc")
    if len(found.due) > 20:
        click.echo(f"  … và {len(found.due) - 20} hồ sơ nữa (--json)")
    if found.off:
        click.echo(f"Hẹn trả vào ngày nghỉ: {len(found.off)} hồ sơ")
    if found.listing.repeated:
        click.echo(f"Đã có trong danh sách khác, không đếm lần nữa: {found.listing.repeated} hồ sơ")
    for row, columns in found.listing.unusable:
        click.echo(f"Dòng {row} không đếm được: {columns}", err=True)
