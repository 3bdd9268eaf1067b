"""What is expected next of a statistic, as boards show it: with interval, past error, and the naive forecast beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards import writing
from haidang.engine.boards.shown import Point
from haidang.engine.boards.statistics import stats, words
from haidang.engine.boards.statistics.home import Home
from haidang.engine.boards.tiles import Look
from haidang.engine.forecasting import running
from haidang.engine.forecasting.models import Forecast
from haidang.engine.indicators import periods
from haidang.engine.indicators.statistic import Statistic


@dataclass(frozen=True, slots=True)
class Reach(Point):
    """A point of a chart with the ends of its interval."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One coming period, written."""

    period: str
    of_period: str
    at: datetime
    middle: str
    inner: str  # of 80 %
    outer: str  # of 95 %
    naive: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A forecast ready to be shown, or in `note` the sentence why there is none."""

    title: str
    unit: str
    row: Forecast | None
    why_url: str = ""
    steps: Sequence[Step] = ()
    verdict: str = ""
    brief: str = ""
    note: str = ""

    @property
    def first(self) -> Step | None:
        return self.steps[0] if self.steps else None


def method_name(name: str) -> str:
    """As it is said within a sentence."""
    return {
        "naive": _("kỳ trước lặp lại"),
        "seasonal_naive": _("cùng kỳ lặp lại"),
        "theta": "Theta",
        "holt_winters": _("san mũ Holt–Winters có tắt dần"),
    }.get(name, name)


def ahead_of(
    addresses: Iterable[str], look: Look, home: Home, known: dict[str, stats.Known]
) -> dict[str, Ahead]:
    """For each of these the stored forecast; one query. `known` tells whether it follows from what is shown."""
    wanted = list(dict.fromkeys(addresses))
    rows = running.current(wanted, [home.place.pk], look.epoch) if wanted else {}
    found = {}
    for address in wanted:
        one, row = known[address], rows.get((address, home.place.pk))
        found[address] = _ahead(address, one, row, look, home)
    return found


def _ahead(address: str, one: stats.Known, row: Forecast | None, look: Look, home: Home) -> Ahead:
    title, unit = str(one.statistic.title), writing.unit(one.statistic.unit)
    if one.newest is None:
        return Ahead(title, unit, None)
    if row is None or _is_behind(row, one):
        return Ahead(title, unit, None, note=_("Dự báo đang được tính lại theo số mới công bố."))
    url = why_forecast_url(look, address, home.place.pk)
    if row.status == Forecast.Status.TOO_SHORT:
        return Ahead(title, unit, row, url, note=too_short(row))
    told = verdict(row, one.statistic), brief(row, one.statistic)
    return Ahead(title, unit, row, url, steps_of(row, one.statistic), *told)


def _is_behind(row: Forecast, one: stats.Known) -> bool:
    """Whether something that is shown became known after it, or it looked at another newest period."""
    newer = any(value.epoch > row.epoch for value in one.figures.values())
    return newer or row.until is None or row.until != one.newest


def too_short(row: Forecast) -> str:
    return _("Chưa dự báo: mới có %(there)d kỳ liền nhau không thiếu số, cần ít nhất %(needed)d.") % {
        "there": row.periods,
        "needed": row.needed,
    }


def steps_of(row: Forecast, statistic: Statistic) -> list[Step]:
    def number(value: float) -> str:
        return writing.number(value, statistic.decimals)

    found = []
    for point in row.points:
        at = clock.local(datetime.fromisoformat(point["at"]))
        period = periods.ending(at, statistic.period)
        inner, outer = (
            f"{number(point[f'low{level}'])} – {number(point[f'high{level}'])}" for level in (80, 95)
        )
        found.append(
            Step(
                words.period(period), words.of_period(period), at, number(point["middle"]), inner, outer,
                number(point["naive"]),
            )
        )  # fmt: skip
    return found


def verdict(row: Forecast, statistic: Statistic) -> str:
    """Which forecast this is and how wrong it was, beside the naive one. The naive one says why it is shown."""
    unit = writing.unit(statistic.unit)
    ours, base = row.errors[row.shown], row.errors[row.reference]
    told = {
        "method": method_name(row.shown),
        "naive": method_name(row.reference),
        "error": f"{_error(ours['mae'], statistic)} {unit}".strip(),
        "base": f"{_error(base['mae'], statistic)} {unit}".strip(),
        "gain": writing.number(100 * row.gain, 0),
        "n": row.origins,
    }
    if row.is_better:
        return (
            _(
                "Phương pháp %(method)s: %(n)d lần thử trên quá khứ sai trung bình %(error)s, ít hơn %(gain)s%% so với dự báo đơn giản"
                " (%(naive)s: %(base)s)."
            )
            % told
        )
    return (
        _(
            "Dùng dự báo đơn giản (%(naive)s): qua %(n)d lần thử trên quá khứ không phương pháp nào hơn chắc chắn;"
            " sai trung bình %(base)s."
        )
        % told
    )


def brief(row: Forecast, statistic: Statistic) -> str:
    """The same on a tile: which forecast, and both errors."""
    ours, base = (_error(row.errors[name]["mae"], statistic) for name in (row.shown, row.reference))
    if row.is_better:
        return _("Sai số trước đây %(error)s, của dự báo đơn giản %(base)s.") % {"error": ours, "base": base}
    return _(
        "Dự báo đơn giản (%(naive)s), vì không phương pháp nào hơn chắc chắn; sai số trước đây %(base)s."
    ) % {"naive": method_name(row.reference), "base": base}


def _error(value: float, statistic: Statistic) -> str:
    """With a digit more where it would be nothing."""
    more = 0 < value < 0.5 * 10**-statistic.decimals
    return writing.number(value, statistic.decimals + (2 if more else 0))


def lines_of(one: Ahead, last: Point) -> list[tuple[str, Sequence[Point]]]:
    """From the last published number on: the forecast with its band of 80%, and the naive one where that is another."""
    if one.row is None or not one.steps:
        return []
    ends = [step.at for step in one.steps]
    band: list[Point] = [Reach(last.at, last.value, low=last.value, high=last.value)]
    band += [
        Reach(at, p["middle"], low=p["low80"], high=p["high80"])
        for at, p in zip(ends, one.row.points, strict=True)
    ]
    name = _("Dự báo: %(title)s (khoảng 80%%)") % {"title": one.title}
    if not one.row.is_better:
        name = _("Dự báo đơn giản: %(title)s (khoảng 80%%)") % {"title": one.title}
    found: list[tuple[str, Sequence[Point]]] = [(name, band)]
    if one.row.is_better:
        plain = [Point(last.at, last.value)]
        plain += [Point(at, p["naive"]) for at, p in zip(ends, one.row.points, strict=True)]
        found.append((_("Dự báo đơn giản: %(how)s") % {"how": method_name(one.row.reference)}, plain))
    return found


def why_forecast_url(look: Look, address: str, place_id: int) -> str:
    asked = {"indicator": address, "place": str(place_id)}
    if look.as_of:
        asked["as_of"] = look.as_of.isoformat()
    return f"{reverse('boards:why_forecast')}?{urlencode(asked)}"
