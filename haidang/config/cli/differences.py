"""`haidang differences`: what two sources tell differently, from the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from haidang.config.cli import json_option, print_json, setup

if TYPE_CHECKING:
    from haidang.engine.reconciliation.models import Difference


@click.command()
@click.option(
    "--compare", is_flag=True, help="Compare first what changed since the last time, as `work` does."
)
@click.option("--all", "everything", is_flag=True, help="Also the settled ones and those that are gone.")
@click.option(
    "--pair", default="", metavar="ADDRESS", help="Only of this pair, for example economy.domestic_revenue."
)
@json_option
def differences(compare: bool, everything: bool, pair: str, as_json: bool) -> None:
    """List the differences between two sources that nobody has settled yet, the nearest deadline first."""
    setup()
    from haidang.engine.reconciliation import running
    from haidang.engine.reconciliation.models import Difference

    ran = running.run() if compare else None
    if ran is not None:
        click.echo(
            f"{ran.compared} periods compared: {ran.found} found, {ran.changed} changed, {ran.gone} gone.",
            err=True,
        )
    rows = Difference.objects.order_by("due_date", "pk")
    rows = rows if everything else rows.open()
    found = rows.filter(pair=pair) if pair else rows
    if as_json:
        print_json([_row(one) for one in found.select_related("left_office", "right_office")])
        return
    for one in found:
        click.echo(
            f"{one.pk:>6}  {one.due_date:%d/%m/%Y}  {one.get_state_display()}  {one.told_vi} {one.remedy_vi}"
        )


def _row(one: Difference) -> dict[str, Any]:
    return {
        "id": one.pk,
        "pair": one.pair,
        "period": one.period,
        "kind": one.kind,
        "state": one.state,
        "places": one.cases,
        "units": [one.left_unit, one.right_unit],
        "sources": [one.left_source_vi, one.right_source_vi],
        "offices": [office.code if office else None for office in (one.left_office, one.right_office)],
        "told": one.told_vi,
        "remedy": one.remedy_vi,
        "told_en": one.told_en,
        "remedy_en": one.remedy_en,
        "found_at": one.found_at,
        "found_epoch": one.found_epoch,
        "due_date": one.due_date,
        "gone_at": one.gone_at,
        "gone_epoch": one.gone_epoch,
        "outcome": one.outcome or None,
    }
