"""The board of a new domain: its figures, their way over time, by place or by line, and who owes what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from haidang.engine.contracts.proposing.terms import text_of
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.unit_words import unit_words

if TYPE_CHECKING:
    from haidang.engine.drafts.files import Decided, Stat

_MOST_FIGURES, _MOST_IN_CHART, _MOST_CHARTS, _MOST_BREAKDOWNS = 8, 4, 3, 4
_PERIODS = {"week": 52, "month": 24, "quarter": 12, "year": 10}


def board_of(decided: Decided, stats: list[Stat]) -> dict[str, Any]:
    """A board that holds with the statistics it is made of. Titles differ: nobody could tell equal tiles apart."""
    found = decided.proposal
    periods = _PERIODS[found.period]
    by_place = found.lines == "places"
    whole = [stat for stat in stats if not by_place or stat.figure.over_places != "none"]
    tiles: list[dict[str, Any]] = [
        {
            "kind": "statistic",
            "title": text_of(stat.title),
            "indicator": _of(decided, stat),
            "periods": periods,
        }
        for stat in whole[:_MOST_FIGURES]
    ]
    if by_place:
        tiles += _by_place(decided, stats)
    elif found.lines == "names":
        key = next(column for column in found.columns if column.use and column.in_key)
        title = _beside("Theo ", "By ", key.title)
        addresses = [_of(decided, stat) for stat in stats]
        tiles.append(
            {"kind": "line_table", "title": text_of(title), "of": text_of(key.title), "indicators": addresses}
        )
    else:
        every = {"vi": "Mọi chỉ tiêu trong kỳ", "en": "All indicators of the period"}  # i18n: data
        tiles.append(
            {"kind": "statistic_table", "title": every, "indicators": [_of(decided, stat) for stat in stats]}
        )
    tiles += _charts(decided, whole, periods)
    # i18n: data – for the file of a board
    reports = {"vi": "Báo cáo và hạn nộp", "en": "Reports and their deadlines"}
    tiles.append({"kind": "reports", "title": reports})
    # Two boards of one domain are told apart by what they are of.
    title = found.title if decided.joins else decided.domain_title
    return {"title": text_of(title), "tiles": tiles}


def _of(decided: Decided, stat: Stat) -> str:
    return f"{decided.proposal.domain}.{stat.key}"


def _charts(decided: Decided, stats: list[Stat], periods: int) -> list[dict[str, Any]]:
    """One chart has one unit."""
    by_unit: dict[str, list[Stat]] = {}
    for stat in stats:
        by_unit.setdefault(stat.unit, []).append(stat)
    charts = []
    for unit, some in list(by_unit.items())[:_MOST_CHARTS]:
        charts.append(
            {
                "kind": "period_chart",
                "title": {
                    "vi": f"Diễn biến qua các kỳ ({unit})",  # i18n: data
                    "en": f"By period ({unit_words(unit, 'en')})",
                },
                "indicators": [_of(decided, stat) for stat in some[:_MOST_IN_CHART]],
                "periods": periods,
            }
        )
    return charts


def _by_place(decided: Decided, stats: list[Stat]) -> list[dict[str, Any]]:
    first = stats[0]
    title = _beside("Bản đồ: ", "Map: ", first.title)  # i18n: data
    tiles: list[dict[str, Any]] = [
        {"kind": "commune_map", "title": text_of(title), "indicator": _of(decided, first)}
    ]
    for stat in stats[:_MOST_BREAKDOWNS]:
        title = _beside("Theo xã, phường: ", "By commune: ", stat.title)  # i18n: data
        tiles.append({"kind": "breakdown", "title": text_of(title), "indicator": _of(decided, stat)})
    return tiles


def _beside(vi: str, en: str, text: Text) -> Text:
    return Text(vi + text.vi[:1].lower() + text.vi[1:], en + text.en if text.en else "")
