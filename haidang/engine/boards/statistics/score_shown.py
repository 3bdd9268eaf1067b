"""A scorecard ready to be shown: what the tile, the page, the wall, Excel and paper draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext as _

from haidang.engine.boards import writing
from haidang.engine.boards.statistics import due
from haidang.engine.scorecards.scoring import Status, Sum, half_up


class Ways(NamedTuple):
    """Where the reasons of points are, of the points that could be scored, and of the share."""

    points: str
    covered: str
    share: str


@dataclass(frozen=True, slots=True)
class CountPart:
    """One count of a row; without a value `word` says why, and `why` may still lead to its lines."""

    title: str
    value: float | None
    decimals: int
    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class RowPart:
    """One line of points. `share` is in percent, or of a mean in `unit`."""

    code: str
    title: str
    status: Status
    status_word: str
    share: float | None
    unit: str
    points: float | None
    of: float
    before: float | None
    threshold: float | None
    is_verified: bool
    note: str
    counts: Sequence[CountPart]
    lacking: str
    ways: Ways
    before_ways: Ways

    @property
    def bar(self) -> str:
        """Width of the bar, in percent of its points."""
        return f"{100 * self.points / self.of:.1f}" if self.points is not None and self.of else "0"

    @property
    def is_missing(self) -> bool:
        return self.status in ("missing", "empty", "contradictory") and self.of > 0


@dataclass(frozen=True, slots=True)
class Points:
    """Points earned of those that could be scored, of all."""

    score: float
    covered: float
    points: float
    percent: float | None

    @property
    def is_known(self) -> bool:
        return self.covered > 0

    @property
    def is_whole(self) -> bool:
        """Everything could be scored."""
        return self.covered == self.points

    @property
    def bar(self) -> str:
        return f"{100 * self.score / self.points:.1f}" if self.points else "0"

    @property
    def bar_lost(self) -> str:
        """What could be scored and was not earned."""
        return f"{100 * (self.covered - self.score) / self.points:.1f}" if self.points else "0"


@dataclass(frozen=True, slots=True)
class GroupPart:
    title: str
    points: Points
    before: Points | None
    rows: Sequence[RowPart]
    ways: Ways


@dataclass(frozen=True, slots=True)
class Owed:
    """What one office has to send so that more can be scored."""

    contract: str
    office: str
    phone: str
    due: str
    is_late: bool
    counts: Sequence[str]


@dataclass(frozen=True, slots=True)
class PlacePart:
    rank: int | None
    name: str
    volume: int
    points: Points
    before: Points | None
    no_rank: str
    volume_why: str
    ways: Ways
    before_ways: Ways


@dataclass(frozen=True, slots=True)
class LevelPart:
    title: str
    places: Sequence[PlacePart]
    total: int

    @property
    def is_part(self) -> bool:
        return len(self.places) < self.total


@dataclass(frozen=True, slots=True)
class ScorecardView:
    """A whole scorecard of one period, with the period before."""

    title: str
    card_title: str
    address: str
    period: str
    code: str
    at: datetime
    version: str
    valid_from: date
    basis: str
    note: str
    total: Points
    before: Points | None
    before_period: str
    groups: Sequence[GroupPart]
    owed: Sequence[Owed]
    levels: Sequence[LevelPart]
    volume_title: str
    volume_unit: str
    owner: str
    due: due.Due
    unverified: int
    ways: Ways
    before_ways: Ways

    @property
    def allowed_s(self) -> float:
        return (self.due.ends_at - self.at).total_seconds()


@dataclass(frozen=True, slots=True)
class ScorecardTold:
    """What stands in the place of the tile: the card, or the sentence that is true."""

    title: str
    view: ScorecardView | None = None
    empty: str = ""
    is_denied: bool = False


def points_of(found: Sum) -> Points:
    """As it is printed: rounded half up."""
    percent = found.of_covered
    return Points(
        two(found.score), two(found.covered), two(found.points), None if percent is None else two(percent)
    )


def two(value: Fraction) -> float:
    """As it is printed."""
    return float(half_up(value))


def written(points: Points) -> str:
    """`68,4 trên 74 điểm tính được`."""
    if not points.is_known:
        return _("chưa tính được điểm nào")
    said = {"score": writing.number(points.score), "covered": writing.number(points.covered)}
    return _("%(score)s trên %(covered)s điểm tính được") % said
