"""A number of the province where only its communes are counted: their roll-up by the statistic's own rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from haidang.engine.boards.statistics import values
from haidang.engine.boards.statistics.home import Home
from haidang.engine.boards.statistics.values import Stretch, Value
from haidang.engine.boards.tiles import Look
from haidang.engine.indicators import periods
from haidang.engine.indicators.combining import CannotCombine, combine

ROLLED = "rolled"


# The values of the communes that have one, by place, and the communes of that time.
Parts = tuple[dict[int, Value], list[int]]


def rolled_up(addresses: Sequence[str], look: Look, home: Home, after: datetime) -> Stretch:
    """Only of periods for which every commune has its number: a part is no whole."""
    catalogue = look.library.statistics
    found: Stretch = {}
    for address in addresses:
        if catalogue.level(address) != "commune":
            continue
        rule = catalogue.over_places(address)
        found[address] = {}
        for at, (those, expected) in _parts(address, look, home, after).items():
            there = [those[one].value for one in expected if one in those]
            if not expected or len(there) < len(expected):
                continue
            try:
                total = combine(rule, [one for one in there if one is not None])
            except CannotCombine:
                continue
            epoch = max(one.epoch for one in those.values())
            found[address][at] = Value(home.place.pk, total, ROLLED, epoch, 0, "", "")
    return found


def newest_part(address: str, look: Look, home: Home, after: datetime) -> tuple[datetime, int, int] | None:
    """The last period any commune has a number for: its end, how many have one, of how many. None: none has, or the number
    is not one of communes.
    """
    if look.library.statistics.level(address) != "commune":
        return None
    parts = _parts(address, look, home, after)
    at = max(parts, default=None)
    if at is None:
        return None
    those, expected = parts[at]
    return at, sum(one in those for one in expected), len(expected)


def _parts(address: str, look: Look, home: Home, after: datetime) -> dict[datetime, Parts]:
    members = home.communes(periods.last_day(look.now))
    found: dict[datetime, dict[int, Value]] = defaultdict(dict)
    for at, one in values.of_places(address, members, after, look.epoch, look.until):
        if one.value is not None:
            found[at][one.place_id] = one
    return {at: (those, list(home.communes(periods.last_day(at)))) for at, those in found.items()}
