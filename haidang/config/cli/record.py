"""Commands that run and read the record: ingest, figure, readings, trace, replay, doctor."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import click

from haidang.config import written
from haidang.config.cli import json_option, print_json, print_list, setup
from haidang.config.cli.naming import unknown
from haidang.engine import clock


class Instant(click.ParamType[datetime]):
    """A time with zone; without one, on Vietnamese clocks. A bare date stands for the end of that day."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            if len(value) == 10:
                return datetime.combine(date.fromisoformat(value), time(), clock.LOCAL) + timedelta(days=1)
            found = datetime.fromisoformat(value)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a time; write 2026-11-21T10:05:00+07:00 or 2026-11-21", param, ctx)
        if not 1900 <= found.year <= 2200:
            self.fail(f"{value!r} is no time of ours: give a year between 1900 and 2200", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=clock.LOCAL)


INSTANT = Instant()


@contextmanager
def future_told(as_of: datetime | None) -> Iterator[None]:
    """What we shall know cannot be asked now: one line instead of a fault."""
    from haidang.engine.store.epochs import FutureQuestion

    try:
        yield
    except FutureQuestion:
        raise click.ClickException(
            f"--as-of {as_of} lies in the future: what will be known then cannot be asked now;"
            f" it is {clock.local(clock.now()):%Y-%m-%dT%H:%M:%S%z}"
        ) from None


def _asset(code: str) -> Any:
    from haidang.engine.assets.models import Asset

    try:
        return Asset.objects.get(code=code)
    except Asset.DoesNotExist:
        near = Asset.objects.filter(code__iexact=code).values_list("code", flat=True).first()
        hint = f"did you mean {near}?" if near else "see: haidang station list"
        raise click.ClickException(f"station {code!r} is not registered; {hint}") from None


@click.command()
def ingest() -> None:
    """Run ingest until it is stopped. One works on a record; a second stands by and takes over."""
    import asyncio

    setup()
    from django.conf import settings

    from haidang.config.addresses import nats_url
    from haidang.engine.ingest.process import Process

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    home = settings.HAIDANG_HOME
    url = nats_url(home)
    if not url:
        raise click.ClickException(
            f"No stream is known in {home}: start the centre with haidang up, or set NATS_URL."
        )
    asyncio.run(Process(url, home / "run").run())


@click.command()
@click.argument("address")
@click.option("--station", help="Code of the station.")
@click.option("--at", type=INSTANT, help="A time within the period; a bare date means that day.")
@click.option("--place", help="Of what offices report: code of the province or commune.")
@click.option("--period", metavar="P", help="Of what offices report: 2026-10, 2026-Q4, 2026-W47 or 2026.")
@click.option("--as-of", type=INSTANT, help="What was known at that time.")
@json_option
def figure(
    address: str, station: str | None, at: datetime | None, place: str | None, period: str | None,
    as_of: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """Print one figure and what it was made of: of a station at a time, or of a place in a period."""
    if place and period and not station and not at:
        _statistic(address, place, period, as_of, as_json)
    elif station and at and not place and not period:
        _of_station(address, station, at, as_of, as_json)
    else:
        raise click.UsageError("give --station and --at, or for what offices report --place and --period")


def _statistic(address: str, place: str, period: str, as_of: datetime | None, as_json: bool) -> None:
    setup()
    from haidang.config import statistics

    with future_told(as_of):
        catalogue, answer, compared = statistics.read(address, place, period, as_of)
        by_line = statistics.by_line(catalogue, answer, as_of)
    if as_json:
        print_json(statistics.as_json(answer, compared, by_line))
        return
    for line in statistics.lines(answer, compared, by_line):
        click.echo(line)


def _of_station(address: str, station: str, at: datetime, as_of: datetime | None, as_json: bool) -> None:
    setup()
    from haidang.engine.indicators.book import load_book
    from haidang.engine.indicators.figures import figure as read

    book = load_book()
    if address not in book.entries:
        raise click.ClickException(unknown("indicator / chỉ tiêu", address, book.entries, "indicators"))
    with future_told(as_of):
        answer = read(book, address, _asset(station), at, as_of)
    value = {
        "indicator": answer.indicator, "station": answer.asset_code, "at": clock.local(answer.at).isoformat(),
        "value": answer.value, "unit": answer.unit, "status": answer.status, "version": answer.version,
        "formula_sha256": answer.formula_sha256, "epoch": answer.epoch, "detail": answer.detail, "inputs": answer.inputs,
    }  # fmt: skip
    if as_json:
        print_json(value)
        return
    shown = "không có dữ liệu" if answer.value is None else written.amount(answer.value, answer.unit)
    click.echo(
        f"{address} {station} {clock.local(answer.at):%H:%M %d/%m/%Y}: {shown} ({answer.status}, {answer.version})"
    )
    for item in answer.inputs:
        click.echo(f"  {item['parameter']:8} {item['hour']}  {written.number(item['mean'], digits=6)}")


@click.command()
@click.option("--station", help="Only this station.")
@click.option("--source", help="Only this source.")
@click.option("--parameter", help="Only this parameter.")
@click.option("--after", type=INSTANT, help="Measured after this time; a bare date: after that day.")
@click.option("--until", type=INSTANT, help="Measured at this time at the latest; a bare date: that day too.")
@click.option("--as-of", type=INSTANT, help="What was known at that time.")
@click.option("--versions", is_flag=True, help="Every version, also those replaced by corrections.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many; all of them without it.")
@json_option
def readings(
    station: str | None, source: str | None, parameter: str | None, after: datetime | None, until: datetime | None,
    as_of: datetime | None, versions: bool, limit: int | None, as_json: bool,
) -> None:  # fmt: skip
    """List stored readings, the oldest first."""
    setup()
    from haidang.config import listing

    wanted = listing.Wanted(station, source, parameter, after, until, versions)
    with future_told(as_of):
        rows = listing.rows(wanted, as_of)
        shown = rows if limit is None else islice(rows, limit)
        count = print_list(shown) if as_json else _print_readings(shown)
    if limit is not None and next(rows, None) is not None:
        click.echo(f"Cut at {limit} readings: there are more; raise --limit or leave it out.", err=True)
    for hint in () if count else listing.unknown(wanted):
        click.echo(hint, err=True)


def _print_readings(rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is how many there were
        value = written.amount(row["value"], row["unit"])
        click.echo(f"{row['at']}  {row['station']:16} {row['parameter']:10} {value} {row['status']}")
    return count


@click.command()
@click.argument("what")
@click.option("--station", help="With an indicator's address: whose figure.")
@click.option("--at", type=INSTANT, help="With an indicator's address: when.")
@click.option("--place", help="With the address of what offices report: whose figure.")
@click.option(
    "--period",
    metavar="P",
    help="With the address of what offices report: 2026-10, 2026-Q4, 2026-W47 or 2026.",
)
@json_option
def trace(
    what: str, station: str | None, at: datetime | None, place: str | None, period: str | None, as_json: bool
) -> None:
    """Walk back to the delivered line or cell, and on to orders and proof. WHAT is an indicator's address with --station
    and --at or with --place and --period, or delivery:ID[/RECORD], alarm:ID, incident:ID or CODE, order:ID, document:ID
    or CODE.
    """
    setup()
    from haidang.config import statistics, tracing

    if bool(place) != bool(period) or (place and (station or at)):
        raise click.UsageError("--place and --period stand together, and not with --station or --at")
    found = statistics.steps(what, place, period) if place and period else tracing.steps(what, station, at)
    if as_json:
        print_json(found)
        return
    for step in found:
        click.echo(f"{'  ' * step['depth']}{step['what']}: {step['text']}")


@click.command()
@click.argument("refusals", nargs=-1, type=int)
@click.option("--source", help="All open refusals of this source.")
@click.option("--reason", help="Only with this reason.")
@click.option("--station", help="Only of this station.")
@json_option
def replay(
    refusals: tuple[int, ...], source: str | None, reason: str | None, station: str | None, as_json: bool
) -> None:
    """Send refused records through ingest again, by id or by source."""
    setup()
    from django.conf import settings

    from haidang.config.addresses import nats_url
    from haidang.engine.contracts.reasons import REASONS
    from haidang.engine.ingest.replay import NothingToReplay, StreamAway
    from haidang.engine.ingest.replay import replay as send
    from haidang.engine.store.models import Refusal, Source

    if source and not Source.objects.filter(address=source).exists():
        raise click.ClickException(f"there is no source {source!r}; see: haidang source list")
    if reason and reason not in REASONS:
        raise click.ClickException(f"there is no reason {reason!r}; there are: {', '.join(sorted(REASONS))}")
    chosen = Refusal.objects.filter(replayed_at=None)
    if refusals:
        chosen = chosen.filter(pk__in=refusals)
    elif source:
        chosen = chosen.filter(source__address=source)
    elif not reason and not station:
        raise click.UsageError("name refusals by id, or give --source, --reason or --station")
    if reason:
        chosen = chosen.filter(reason=reason)
    if station:
        chosen = chosen.filter(asset_code=station)
    ids = list(chosen.values_list("pk", flat=True))
    try:
        count = send(ids, None, nats_url=nats_url(settings.HAIDANG_HOME))
    except NothingToReplay as error:
        if not as_json:
            raise click.ClickException(str(error) if ids else "no open refusal is meant by this") from None
        count = 0
    except StreamAway as error:
        raise click.ClickException(
            f"the stream takes nothing now ({error}): nothing was sent again; see haidang doctor"
        ) from None
    print_json({"replayed": count}) if as_json else click.echo(f"{count} records sent again")


@click.command()
@json_option
@click.option("--wait", default=0.0, help="Wait up to so many seconds until nothing is on its way any more.")
def doctor(as_json: bool, wait: float) -> None:
    """Check that the sums close, the stream takes messages, clock, disk and fsync rate."""
    setup()
    from haidang.config.health import examine

    report = examine(wait)
    if as_json:
        print_json(report)
    else:
        _print_report(report)
    raise SystemExit(0 if report["ok"] else 1)


def _print_report(report: dict[str, Any]) -> None:
    for source in report["sources"]:
        sign = "ok " if source["ok"] else "SAI"
        click.echo(
            f"{sign} {source['address']}: nhận {source['received']} = lưu {source['stored']} + trùng {source['duplicate']}"
            f" + từ chối {source['refused']} + lỗi {source['failed']}"
            + (f" + đang chờ {source['waiting']}" if source["waiting"] else "")
        )
    for check in report["checks"]:
        sign = "SAI" if not check["ok"] else "!  " if check.get("warning") else "ok "
        click.echo(f"{sign} {check['name']}: {check['text']}")
    click.echo("ổn" if report["ok"] else "CÓ VẤN ĐỀ")
