"""Make the forecast of a series from what was known at an epoch: the same epoch, the same forecast."""

from __future__ import annotations

from typing import Any

from haidang.engine import clock
from haidang.engine.forecasting import backtest, choosing
from haidang.engine.forecasting.backtest import Outlook
from haidang.engine.forecasting.choosing import Choice
from haidang.engine.forecasting.history import History, history_of
from haidang.engine.forecasting.models import Forecast
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.places.models import Place

# Of the methods: another one makes every forecast again.
EDITION = "1"


def make(catalogue: Catalogue, address: str, place: Place, epoch: int) -> Forecast:
    """A row that is not saved yet. Raises KeyError for an unknown indicator."""
    history = history_of(catalogue, address, place, epoch)
    made = Forecast(
        indicator=address,
        place=place,
        epoch=epoch,
        made_at=clock.now(),
        edition=EDITION,
        periods=len(history.ends),
        inputs_sha256=history.sha256,
        since=history.ends[0] if history.ends else None,
        until=history.ends[-1] if history.ends else None,
    )
    try:
        choice = choosing.choose(
            history.values, backtest.SEASON[history.kind], backtest.HORIZON[history.kind]
        )
    except backtest.TooShort as short:
        made.status, made.needed = Forecast.Status.TOO_SHORT, short.needed
        return made
    return _told(made, choice, history)


def _told(made: Forecast, choice: Choice, history: History) -> Forecast:
    made.status = Forecast.Status.OK
    made.shown, made.reference, made.best = choice.shown, choice.reference, choice.best
    made.is_better, made.gain = choice.is_better, choice.gain
    made.sureness = max(-99.0, min(99.0, choice.sureness))
    made.season, made.horizon = choice.plan.season, choice.plan.horizon
    made.origins = len(choice.plan.origins)
    made.parameters = choice.outlook.parameters
    made.points = points_of(
        choice.outlook, choice.naive, [end.isoformat() for end in history.coming(made.horizon)]
    )
    made.errors = {name: one.errors.kept() for name, one in choice.tested.items()}
    return made


def points_of(outlook: Outlook, naive: Outlook, ends: list[str]) -> list[dict[str, Any]]:
    """By period, as they are kept: to twelve digits, beyond which a logarithm there and back adds its own."""
    rows = {"middle": outlook.middle, "naive": naive.middle}
    rows |= {f"low{level}": low for level, low in outlook.low.items()}
    rows |= {f"high{level}": high for level, high in outlook.high.items()}
    return [
        {"at": end, **{name: float(f"{row[n]:.12g}") for name, row in rows.items()}}
        for n, end in enumerate(ends)
    ]
