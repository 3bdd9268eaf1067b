"""`haidang deadline`: when is it due, and was it in time? `haidang workdays`: which days of a year are worked?"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from haidang.config import written
from haidang.config.cli import json_option, print_json

if TYPE_CHECKING:
    from haidang.engine.workdays.book import Book
    from haidang.engine.workdays.calendar import Workdays
    from haidang.engine.workdays.deadline import Deadline, Suspension, Term
    from haidang.engine.workdays.rulers import Moment, Unit

_LENGTHS = {
    "working_days": "--days",
    "working_hours": "--working-hours",
    "days": "--calendar-days",
    "hours": "--hours",
}


@click.command()
@click.option("--received", required=True, metavar="T", help="2026-02-13T16:00, or only the day.")
@click.option("--days", type=float, help="Working days (ngày làm việc); halves are allowed.")
@click.option("--working-hours", type=float, help="Hours of the office (giờ làm việc).")
@click.option("--calendar-days", type=float, help="Days (ngày), days off included.")
@click.option("--hours", type=float, help="Hours (giờ), nights included.")
@click.option(
    "--suspended", multiple=True, metavar="FROM/TO", help="Waiting for the citizen; `FROM/` still is."
)
@click.option("--finished", metavar="T", help="When the result was given.")
@click.option("--at", metavar="T", help="Judge as of then instead of now.")
@click.option("--office", default="", metavar="CODE", help="The office whose hours hold.")
@click.option("--half-saturdays", is_flag=True, help="An office that works on Saturday mornings.")
@json_option
def deadline(
    received: str,
    days: float | None,
    working_hours: float | None,
    calendar_days: float | None,
    hours: float | None,
    suspended: tuple[str, ...],
    finished: str | None,
    at: str | None,
    office: str,
    half_saturdays: bool,
    as_json: bool,
) -> None:
    """Compute a deadline with holidays, swap days and suspensions, and say what it rests on."""
    from haidang.engine.clock import local, now
    from haidang.engine.workdays import deadline as terms

    given: dict[Unit, float | None] = {
        "working_days": days,
        "working_hours": working_hours,
        "days": calendar_days,
        "hours": hours,
    }
    term = _term(given)
    moment = _moment(at, "--at") if at else local(now())
    done = _moment(finished, "--finished") if finished else None
    waits = [_suspension(words) for words in suspended]
    start = _moment(received, "--received")
    try:
        workdays = _workdays(office, half_saturdays)
        if done is not None and _before(done, start):
            raise ValueError(f"--finished {finished} lies before --received {received}")
        found = terms.deadline(start, term, workdays, waits)
        answer = _answer(found, moment, done)
    except (ValueError, TypeError, LookupError) as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        print_json(answer)
    else:
        _print(answer)


@click.command()
@click.argument("year", type=int)
@json_option
def workdays(year: int, as_json: bool) -> None:
    """List the days of a year that are not what their weekday makes them, and the decision behind each."""
    from haidang.engine.workdays.calendar import OutOfCalendar

    calendar = _book().calendar
    try:
        special = calendar.days_of(year)
    except OutOfCalendar as error:
        raise click.UsageError(str(error)) from error
    decision = calendar.settled_by(year)
    rows = [
        {"day": str(day), "weekday": day.isoweekday(), "works": not one.is_off, "title": one.title.vi, "basis": one.basis}
        for day, one in special.items()
    ]  # fmt: skip
    status = "đã quyết định" if decision else "lịch dự kiến"
    basis = decision.basis if decision else ""
    if as_json:
        checked = bool(decision and decision.verified)
        print_json({"year": year, "status": status, "basis": basis, "verified": checked, "days": rows})
        return
    click.echo(" – ".join([f"{year}: {status}", *([basis] if basis else [])]))
    if decision and not decision.verified:
        click.echo("chưa đối chiếu văn bản gốc")
    for row in rows:
        what = "làm việc" if row["works"] else "nghỉ"
        click.echo(f"{date.fromisoformat(str(row['day'])):%d/%m/%Y}  {what:<8}  {row['title']}")


def _term(given: dict[Unit, float | None]) -> Term:
    from haidang.engine.workdays.deadline import Term

    named = [(unit, amount) for unit, amount in given.items() if amount is not None]
    if len(named) != 1:
        raise click.UsageError(f"give the term in one of {', '.join(_LENGTHS.values())}")
    unit, amount = named[0]
    return Term(amount, unit)


def _book() -> Book:
    from haidang.engine.contracts.tree import load_tree
    from haidang.engine.workdays.book import KINDS, Book

    tree = load_tree(kinds=KINDS)
    for problem in tree.problems:
        if problem.path.parent.name == "calendars":
            click.echo(f"{problem} (left out)", err=True)
    return Book(tree)


def _workdays(office: str, half_saturdays: bool) -> Workdays:
    book = _book()
    return book.with_half_saturdays() if half_saturdays else book.of_office(office)


def _moment(words: str, option: str) -> Moment:
    from haidang.engine.clock import LOCAL

    try:
        if len(words) == 10:
            return date.fromisoformat(words)
        found = datetime.fromisoformat(words)
    except ValueError:
        message = f"{option} {words!r} is no day and no moment: write 2026-02-13 or 2026-02-13T16:00"
        raise click.UsageError(message) from None
    return found if found.tzinfo else found.replace(tzinfo=LOCAL)


def _suspension(words: str) -> Suspension:
    from haidang.engine.workdays.deadline import Suspension

    since, slash, until = words.partition("/")
    if not slash:
        raise click.UsageError(f"--suspended {words!r}: write FROM/TO, or FROM/ while it lasts")
    return Suspension(_moment(since, "--suspended"), _moment(until, "--suspended") if until.strip() else None)


def _before(one: Moment, other: Moment) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return _day(one) < _day(other)


def _day(moment: Moment) -> date:
    from haidang.engine.clock import local

    return local(moment).date() if isinstance(moment, datetime) else moment


def _answer(found: Deadline, at: Moment, finished: Moment | None) -> dict[str, Any]:
    from haidang.engine.workdays.deadline import BASIS, UNITS, WORDS

    verdict = found.verdict(at, finished)
    hours = found.workdays.hours
    return {
        "received": _iso(found.received),
        "counted_from": _iso(found.counted_from),
        "term": {"amount": found.term.amount, "unit": found.term.unit, "words": UNITS[found.term.unit].vi},
        "suspensions": [[_iso(s.since), _iso(s.until)] for s in found.suspensions],
        "due": _iso(found.due),
        "due_on": _iso(found.due_on),
        "due_at": _iso(found.due_at),
        "at": _iso(at),
        "finished": _iso(finished),
        "remaining": found.remaining(at) if finished is None else None,
        "verdict": str(verdict),
        "verdict_words": WORDS[verdict].vi,
        "calendar": "lịch dự kiến" if found.plans else "lịch chính thức",
        "plans": list(found.plans),
        "days": [
            {"day": str(one.day), "counts": one.counts, "why": one.why.vi if one.why else "", "basis": one.basis}
            for one in found.trace()
        ],
        "basis": BASIS,
        "decisions": [
            {"year": year, "basis": one.basis, "verified": one.verified} for year, one in found.decisions().items()
        ],
        "hours": {"title": hours.title.vi, "basis": hours.basis, "verified": hours.verified},
    }  # fmt: skip


def _iso(moment: Moment | None) -> str | None:
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="minutes")
    return None if moment is None else str(moment)


def _print(answer: dict[str, Any]) -> None:
    due, unit = answer["due_at"], answer["term"]["words"]
    click.echo(
        f"Thời hạn {written.number(answer['term']['amount'])} {unit}, tính từ {answer['counted_from']}"
    )
    click.echo(f"Hạn trả: {due}" if due else "Hạn trả: chưa có, đang chờ công dân")
    left = answer["remaining"]
    rest = (
        ""
        if left is None
        else f", còn {written.number(left)} {unit}"
        if left >= 0
        else f" {written.number(-left)} {unit}"
    )
    click.echo(answer["verdict_words"] + rest)
    years = ", ".join(map(str, answer["plans"]))
    click.echo(answer["calendar"] + (f": năm {years} chưa có quyết định về ngày nghỉ" if years else ""))
    for one in answer["days"]:
        if one["why"]:
            what = {0.0: "không tính", 0.5: "tính nửa ngày"}.get(one["counts"], "tính")
            basis = f" ({one['basis']})" if one["basis"] else ""
            click.echo(f"  {one['day']}  {what}: {one['why']}{basis}")
    click.echo(f"Căn cứ: {answer['basis']}")
