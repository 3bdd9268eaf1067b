"""`haidang forecast`: what comes next for a statistic, and how wrong such forecasts were, beside the naive one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from haidang.config import written
from haidang.config.cli import json_option, print_json, setup
from haidang.config.cli.naming import unknown
from haidang.config.cli.record import INSTANT, future_told

if TYPE_CHECKING:
    from haidang.engine.forecasting.choosing import Choice
    from haidang.engine.indicators.catalogue import Catalogue
    from haidang.engine.places.models import Place

Told = dict[str, Any]
NAMES = {
    "naive": "kỳ trước lặp lại", "seasonal_naive": "cùng kỳ lặp lại", "theta": "Theta", "holt_winters": "Holt–Winters tắt dần",
}  # fmt: skip
place_option = click.option(
    "--place", default="", metavar="CODE", help="Code of a province or commune; this centre's province by default."
)  # fmt: skip
as_of_option = click.option("--as-of", type=INSTANT, help="What was known at that time.")


class _ShowByDefault(click.Group):
    """`haidang forecast ADDRESS` is `haidang forecast show ADDRESS`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = args and (args[0] in self.commands or args[0] in ("--help", "-h"))
        return super().parse_args(ctx, args if named or not args else ["show", *args])


@click.group(cls=_ShowByDefault)
def forecast() -> None:
    """Forecast a statistic: `haidang forecast ADDRESS`; test the past: `haidang forecast backtest`."""


@forecast.command()
@click.argument("address")
@place_option
@as_of_option
@json_option
def show(address: str, place: str, as_of: datetime | None, as_json: bool) -> None:
    """The coming periods of ADDRESS with intervals of 80 and 95 %, and the past error beside the naive forecast's.

    Computed now from what was known then: it is the same as the stored one of that time. Exits with 1 where there is
    too little history.
    """
    setup()
    from haidang.engine.forecasting import making, running
    from haidang.engine.forecasting.models import Forecast

    catalogue = _catalogue(address)
    with future_told(as_of):
        epoch = _epoch(as_of)
    where = _place(place)
    made = making.make(catalogue, address, where, epoch)
    kept = running.current([address], [where.pk], epoch).get((address, where.pk))
    told = _as_told(catalogue, made, kept)
    if as_json:
        print_json(told)
    else:
        click.echo("\n".join(_lines(told)))
    if made.status == Forecast.Status.TOO_SHORT:
        raise click.exceptions.Exit(1)


def _as_told(catalogue: Catalogue, made: Any, kept: Any) -> Told:
    from haidang.engine import clock
    from haidang.engine.indicators import periods

    kind = catalogue.entries[made.indicator].statistic.period

    def named(at: datetime | None) -> str | None:
        return periods.written(periods.ending(at, kind)) if at else None

    fields = (
        "status", "epoch", "edition", "periods", "needed", "inputs_sha256", "shown", "reference", "best", "is_better",
        "gain", "sureness", "season", "horizon", "origins", "parameters", "errors",
    )  # fmt: skip
    same = kept is not None and all(
        getattr(kept, name) == getattr(made, name) for name in ("inputs_sha256", "edition", "points", "shown")
    )
    return {
        "indicator": made.indicator, "place": made.place.code, "place_name": str(made.place),
        "unit": catalogue.unit_text(made.indicator), "since": named(made.since), "until": named(made.until),
        **{name: getattr(made, name) for name in fields},
        "points": [
            {**point, "period": named(clock.local(datetime.fromisoformat(point["at"])))} for point in made.points
        ],
        "stored": {"epoch": kept.epoch, "same": same} if kept else None,
    }  # fmt: skip


def _lines(told: Told) -> Iterator[str]:
    yield f"{told['indicator']} {told['place_name']}: {told['periods']} kỳ liền nhau, số liệu đến {told['until'] or '–'}, mốc {told['epoch']}"
    if told["status"] != "ok":
        yield f"  chưa dự báo: cần ít nhất {told['needed']} kỳ liền nhau không thiếu số"
        return
    for point in told["points"]:
        bands = ", ".join(
            f"{level}%: {written.number(point[f'low{level}'], digits=6)} – {written.number(point[f'high{level}'], digits=6)}"
            for level in (80, 95)
        )
        yield f"  {point['period']}: {written.amount(point['middle'], told['unit'], digits=6)} ({bands}); dự báo đơn giản {written.number(point['naive'], digits=6)}"
    yield f"  phương pháp: {NAMES[told['shown']]}; {_verdict(told)}"
    yield from _table([(told["indicator"], told)])


def _verdict(told: Told) -> str:
    gain = written.number(100 * told["gain"], places=1)
    if told["is_better"]:
        return f"sai ít hơn dự báo đơn giản {gain}% qua {told['origins']} lần thử"
    sign = "+" if told["gain"] > 0 else ""
    return f"không phương pháp nào hơn chắc chắn dự báo đơn giản qua {told['origins']} lần thử (tốt nhất: {NAMES[told['best']]} {sign}{gain}%)"


# --- the past -------------------------------------------------------------------------------------------------
@forecast.command()
@click.argument("address", default="")
@click.option("--package-series", "series", default="", metavar="NAME", help="A public series shipped in statsmodels: elnino, co2, realgdp, unemp, nile, sunspots.")  # fmt: skip
@place_option
@as_of_option
def backtest(address: str, series: str, place: str, as_of: datetime | None) -> None:
    """Error of every method at up to 36 instants of the past, beside the naive one; the last line is JSON.

    Of ADDRESS, of a public series, or of every statistic of the place that has enough history.
    """
    if address and series:
        raise click.UsageError("give either ADDRESS or --package-series")
    if series:
        rows, skipped = [(series, _public(series))], 0
    else:
        setup()
        rows, skipped = _of_place(address, place, as_of)
    if not rows:
        raise click.ClickException("no statistic has enough history without a gap")
    click.echo("\n".join(_table(rows)))
    better = sum(told["is_better"] for _name, told in rows)
    click.echo(f"{len(rows)} chuỗi: {better} hơn dự báo đơn giản, {len(rows) - better} dùng dự báo đơn giản; {skipped} chưa đủ kỳ")  # fmt: skip
    told = [{"series": name, **one} for name, one in rows]
    click.echo(json.dumps({"series": told, "better": better, "too_short": skipped}, ensure_ascii=False))


def _public(name: str) -> Told:
    from haidang.engine.forecasting import backtest as testing
    from haidang.engine.forecasting import choosing, public_series

    try:
        series, values = public_series.load(name)
    except public_series.NotThere as error:
        raise click.ClickException(str(error)) from None
    kind = series.period
    chosen = choosing.choose(values, testing.SEASON[kind], testing.HORIZON[kind])
    return {"title": series.title, "unit": series.unit, "periods": len(values), **_choice(chosen)}


def _choice(chosen: Choice) -> Told:
    return {
        "shown": chosen.shown, "reference": chosen.reference, "best": chosen.best, "is_better": chosen.is_better,
        "gain": chosen.gain, "sureness": chosen.sureness, "season": chosen.plan.season, "horizon": chosen.plan.horizon,
        "origins": len(chosen.plan.origins), "errors": {name: one.errors.kept() for name, one in chosen.tested.items()},
    }  # fmt: skip


def _of_place(address: str, code: str, as_of: datetime | None) -> tuple[list[tuple[str, Told]], int]:
    from haidang.engine.forecasting import backtest as testing
    from haidang.engine.forecasting import choosing
    from haidang.engine.forecasting.history import history_of

    catalogue = _catalogue(address)
    with future_told(as_of):
        epoch = _epoch(as_of)
    where, found, skipped = _place(code), [], 0
    for name in [address] if address else sorted(catalogue.entries):
        history = history_of(catalogue, name, where, epoch)
        if not history.ends:
            continue
        try:
            chosen = choosing.choose(
                history.values, testing.SEASON[history.kind], testing.HORIZON[history.kind]
            )
        except testing.TooShort:
            skipped += 1
            continue
        about = {"unit": catalogue.unit_text(name), "place": where.code, "epoch": epoch}
        found.append((name, {**about, "periods": len(history.ends), **_choice(chosen)}))
    return found, skipped


def _table(rows: Sequence[tuple[str, Told]]) -> Iterator[str]:
    """One line for each method: MAE in the unit, MASE, sMAPE and how often its intervals held."""
    width = max(12, *(len(name) for name, _told in rows))
    yield f"{'':{width}}  {'':22} {'MAE':>11} {'/đơn giản':>10} {'MASE':>7} {'sMAPE':>8} {'80 %':>6} {'95 %':>6}"
    for name, told in rows:
        base = told["errors"][told["reference"]]["mae"]
        for number, (method, one) in enumerate(told["errors"].items()):
            head = (
                name if number == 0 else f"{told['periods']} kỳ, {told['origins']} lần" if number == 1 else ""
            )
            mark = "→" if method == told["shown"] else "=" if method == told["reference"] else " "
            share = written.number(one["mae"] / base if base else None, places=3)
            mase = written.number(one["mase"], places=3)
            cover = one["coverage"]
            yield (
                f"{head:{width}} {mark} {NAMES[method]:22} {written.number(one['mae'], digits=5):>11} {share:>10} {mase:>7}"
                f" {written.number(one['smape'], places=1):>6} % {cover['80']:6.0f} {cover['95']:6.0f}"
            )


# --- what is asked for ----------------------------------------------------------------------------------------
def _catalogue(address: str) -> Catalogue:
    from haidang.engine.indicators.catalogue import load_catalogue

    found = load_catalogue()
    if address and address not in found.entries:
        raise click.ClickException(unknown("statistic / số liệu", address, found.entries, "indicators"))
    return found


def _epoch(as_of: datetime | None) -> int:
    from haidang.engine.store import epochs
    from haidang.engine.store.models import Epoch

    if as_of is not None:
        return epochs.resolve(as_of)
    return Epoch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _place(code: str) -> Place:
    from haidang.engine import clock
    from haidang.engine.boards.statistics.home import home_of
    from haidang.engine.boards.tiles import Look
    from haidang.engine.places.models import Place

    if not code:
        home = home_of(Look.at(None))
        if home is None:
            raise click.UsageError("this centre knows no province yet: give --place CODE")
        return home.place
    found = Place.objects.on(clock.local(clock.now()).date()).filter(code=code).first()
    if found is None:
        raise click.ClickException(f"no unit has the code {code!r}; see: haidang places search NAME")
    return found
