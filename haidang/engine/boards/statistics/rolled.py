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


def rolled_up(addresses: Sequence[str], look: Look, home: Home, after: datetime) -> Stretch:
    """Only of periods for which every commune has its number: a part is no whole."""
    catalogue = look.library.statistics
    counted = [one for one in addresses if catalogue.level(one) == "commune"]
    members = home.communes(periods.last_day(look.now)) if counted else []
    found: Stretch = {}
    for address in counted:
        rule = catalogue.over_places(address)
        parts: dict[datetime, dict[int, Value]] = defaultdict(dict)
        for at, one in values.of_places(address, members, after, look.epoch, look.until):
            parts[at][one.place_id] = one
        found[address] = {}
        for at, those in parts.items():
            expected = home.communes(periods.last_day(at))
            numbers = [those[one].value for one in expected if one in those]
            there = [one for one in numbers if one is not None]
            if not expected or len(there) < len(expected):
                continue
            try:
                total = combine(rule, there)
            except CannotCombine:
                continue
            epoch = max(one.epoch for one in those.values())
            found[address][at] = Value(home.place.pk, total, ROLLED, epoch, 0, "", "")
    return found
