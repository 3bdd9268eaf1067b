"""A statistic ready to be shown. Without its period, source, owner and unit it cannot be made: it raises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from haidang.engine.boards import writing
from haidang.engine.boards.shown import Point, UnattributedError
from haidang.engine.boards.statistics.due import Due
from haidang.engine.boards.statistics.words import Sign


@dataclass(frozen=True, slots=True)
class Against:
    """One comparison: what with, how it stands, and the way to its terms. `text` is empty where one term is missing."""

    key: Literal["last", "year"]
    word: str
    text: str
    short: str
    sign: Sign
    # Whether this is the wanted direction; None where none is, and where nothing changed.
    is_good: bool | None
    why_url: str
    # In per cent, in points of per cent or in the unit of the figure, as `text` says; None where a term is missing.
    amount: float | None = None
    amount_unit: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What was reached of the year's plan, beside the part of the year that is over; both in per cent."""

    share: float
    elapsed: float
    plan: float
    done: float
    words: str
    pace: str
    is_behind: bool
    why_url: str
    plan_url: str  # to the cell of the plan alone

    @property
    def share_text(self) -> str:
        return f"{writing.number(self.share, 1)}%"

    @property
    def marked(self) -> str:
        """Behind the shape of a priority its number stands before the word."""
        return f"3 {self.pace}"

    @property
    def reached(self) -> str:
        """On a wall: how much of the plan, without its size."""
        return _("%(share)s%% kế hoạch năm") % {"share": writing.number(self.share, 1)}

    @property
    def marked_reached(self) -> str:
        return f"3 · {self.reached}"

    @property
    def marked_share(self) -> str:
        return f"3 · {self.share_text}"

    @property
    def bar(self) -> str:
        """Width of the bar: it ends at the whole."""
        return f"{max(0.0, min(100.0, self.share)):.1f}"

    @property
    def mark(self) -> str:
        return f"{self.elapsed:.1f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """One statistic of one place. `value=None`: the newest period has none, and `note` says why."""

    title: str
    address: str
    unit: str
    decimals: int
    value: float | None
    period: str
    at: datetime
    source: str
    owner: str
    due: Due
    now: datetime
    badge: str
    why_url: str
    phone: str = ""
    number: int = 0  # of the version it was taken from
    note: str = ""
    explained: str = ""
    against: Sequence[Against] = ()
    progress: Progress | None = None
    plan_lacks: str = ""  # why there is a plan and no progress
    # The sum since January, of what adds up over months and is known for all of them; else what the office states.
    since: float | None = None
    since_url: str = ""
    points: Sequence[Point] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        lacking = [name for name in ("title", "period", "source", "owner", "unit") if not getattr(self, name)]
        if lacking:
            raise UnattributedError(
                f"statistic {self.address} has no {', '.join(lacking)}; a number is shown with all of them"
            )

    @property
    def allowed_s(self) -> float:
        """From the end of its period until the next one is late."""
        return (self.due.ends_at - self.at).total_seconds()

    @property
    def is_late(self) -> bool:
        return self.due.is_late

    @property
    def badge_is_hand(self) -> bool:
        """Somebody typed it: the dashed badge."""
        return self.number > 0

    @property
    def is_behind(self) -> bool:
        return self.progress is not None and self.progress.is_behind and not self.is_late


@dataclass(frozen=True, slots=True)
class Tile:
    """What stands in the place of a tile: a number, or the sentence that is true."""

    title: str
    stat: Stat | None = None
    empty: str = ""
    due: str = ""
    is_denied: bool = False
