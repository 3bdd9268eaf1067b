"""A number ready to be shown. Without as-of time, source, owner and unit it cannot be made: it raises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards import writing


class UnattributedError(ValueError):
    """A number lacks what a reader needs to trust it."""


@dataclass(frozen=True, slots=True)
class Class:
    """One class of a scale: `token` names its colours in the style sheet (`a4`), `full` fills the ground."""

    token: str
    word: str
    full: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    at: datetime
    value: float | None
    # "", "calibration", "fault" or "flagged"
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One figure as `parts/figure.html` draws it. `value=None` is the honest "no data" state."""

    title: str
    value: float | None
    unit: str
    as_of: datetime
    source: str
    owner: str
    # The age from which the number is old.
    allowed_s: float
    # An index has no unit to print; it still says so to who asks.
    unitless: bool = False
    phone: str = ""
    decimals: int | None = None
    target: float | None = None
    # What the target is called: "trần" above which it is bad, "đích" below which it is bad.
    target_word: str = ""
    target_kind: Literal["ceiling", "floor", ""] = ""
    # Priority of a passed target; 0 draws no mark.
    priority: int = 0
    classed: Class | None = None
    badge: str = ""
    badge_kind: Literal["", "hand", "old"] = ""
    why_url: str = ""
    # Of a count: the list of what was counted, which is its why.
    list_url: str = ""
    url: str = ""
    note: str = ""
    points: Sequence[Point] = field(default_factory=tuple)
    now: datetime = field(default_factory=clock.now)
    key: str = ""

    def __post_init__(self) -> None:
        lacking = [name for name in ("title", "as_of", "source", "owner", "unit") if not getattr(self, name)]
        if lacking:
            raise UnattributedError(
                f"figure {self.title!r} has no {', '.join(lacking)}; a number is shown with all of them"
            )

    @property
    def age_s(self) -> float:
        return max(0.0, (self.now - self.as_of).total_seconds())

    @property
    def is_old(self) -> bool:
        return self.age_s > self.allowed_s

    @property
    def gap(self) -> float | None:
        """How far past the target: positive is bad."""
        if self.value is None or self.target is None or not self.target_kind:
            return None
        return self.value - self.target if self.target_kind == "ceiling" else self.target - self.value

    @property
    def is_bad(self) -> bool:
        return self.gap is not None and self.gap > 0 and not self.is_old

    @property
    def gap_words(self) -> str:
        if self.gap is None:
            return ""
        if self.gap <= 0:
            return _("đạt")
        word = _("vượt %(by)s") if self.target_kind == "ceiling" else _("thiếu %(by)s")
        return word % {"by": writing.number(self.gap, self.decimals)}
