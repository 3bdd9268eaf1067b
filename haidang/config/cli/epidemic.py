"""`haidang epidemic ADDRESS`: how intense a week of a disease is beside its past seasons, by the moving epidemic method."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from haidang.config import written
from haidang.config.cli import json_option, print_json, setup
from haidang.config.cli.naming import unknown
from haidang.config.cli.record import INSTANT, future_told

if TYPE_CHECKING:
    from haidang.engine.contracts.sheets.days import Period

YEARS = 12  # of past weeks that are looked at: ten seasons and the running one
WORDS = {
    "baseline": "chưa vào mùa dịch", "low": "dịch ở mức thấp", "medium": "mức trung bình", "high": "mức cao", "very_high": "mức rất cao",
}  # fmt: skip


@click.command()
@click.argument("address")
@click.option("--place", required=True, metavar="CODE", help="Code of the province or commune.")
@click.option(
    "--period", "text", default="", metavar="W", help="2026-W47; the last week published by default."
)
@click.option(
    "--season-starts", "first_week", type=click.IntRange(1, 52), default=14, show_default=True, metavar="N",
    help="ISO week in which seasons begin: the quiet end of the dry season.",
)  # fmt: skip
@click.option("--as-of", type=INSTANT, help="What was known at that time.")
@json_option
def epidemic(
    address: str, place: str, text: str, first_week: int, as_of: datetime | None, as_json: bool
) -> None:
    """Compare a week of ADDRESS (health.dengue, health.dengue_rate) with thresholds from at least five past seasons.

    Exits with 1 where there are fewer, or the week has no number.
    """
    setup()
    from haidang.domains.health.rules import _moving_epidemic as epidemics

    unit, asked = _unit(address), _week(text)
    with future_told(as_of):
        weekly = _weekly(address, place, asked, as_of)
    week = asked or max(weekly, key=lambda one: (one.year, one.number), default=None)
    if week is None or week not in weekly:
        raise click.ClickException(f"{address} has no number of {week or 'any week'} at {place}")
    past = epidemics.seasons_of(weekly, first_week, week)
    try:
        found = epidemics.thresholds(list(past.values()))
    except epidemics.TooFewSeasons as error:
        raise click.ClickException(f"{address} at {place}: {error}") from None
    value, level = weekly[week], found.level(weekly[week])
    if as_json:
        told = {"indicator": address, "place": place, "period": week.code, "value": value, "unit": unit}
        told |= {"level": level, "thresholds": asdict(found), "seasons_from": [one.code for one in past]}
        print_json(told)
        return
    click.echo(f"{address} {week}: {written.amount(value, unit, digits=6)}, {WORDS[level]}")
    click.echo(
        f"  ngưỡng dịch {written.number(found.epidemic, digits=4)}; trung bình từ {written.number(found.medium, digits=4)}, cao từ {written.number(found.high, digits=4)},"
        f" rất cao từ {written.number(found.very_high, digits=4)} (MEM, {found.seasons} mùa)"
    )


def _unit(address: str) -> str:
    """Of a statistic of weeks."""
    from haidang.engine.indicators.catalogue import load_catalogue

    weekly = {
        name: one.statistic.unit
        for name, one in load_catalogue().entries.items()
        if one.statistic.period == "week"
    }
    if address not in weekly:
        raise click.ClickException(
            unknown("statistic of weeks / số liệu theo tuần", address, weekly, "indicators")
        )
    return weekly[address]


def _week(text: str) -> Period | None:
    from haidang.engine.contracts.sheets.days import Period

    if not text:
        return None
    try:
        found = Period.parse(text)
    except ValueError:
        found = None
    if found is None or found.kind != "week":
        raise click.UsageError(f"--period {text!r} is no week; write 2026-W47")
    return found


def _weekly(address: str, code: str, last: Period | None, as_of: datetime | None) -> dict[Period, float]:
    """Week → value, of the unit with this code in any of its shapes."""
    from haidang.engine import clock
    from haidang.engine.indicators import periods, statistics
    from haidang.engine.places.models import Place

    until = last or periods.holding(clock.now(), "week")
    ids = list(Place.objects.filter(code=code).values_list("pk", flat=True))
    if not ids:
        raise click.ClickException(f"no unit has the code {code!r}; see: haidang places search NAME")
    rows = statistics.series(
        [address], ids, periods.back(until, 52 * YEARS), until, statistics.epoch_of(as_of)
    )
    return {
        periods.ending(end, "week"): row.value
        for those in rows.values()
        for end, row in those.items()
        if row.value is not None
    }
