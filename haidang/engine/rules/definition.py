"""A rule as content: when a value or a silence is an alarm, why it matters, what to do, and tests that
prove it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from haidang.engine.both import KINDS_VI, both, english, vietnamese
from haidang.engine.contracts.complaints import InBoth
from haidang.engine.contracts.reading import Seconds, Text
from haidang.engine.contracts.sheets.days import Period

LONGEST_PAST = 30  # years


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One reading of a rule's test. `minute` is its measuring time; `arrives` its arrival, if later."""

    minute: float
    value: float | None = None
    status: str = "00"
    station: str = "A"
    door: str = "push"
    arrives: float | None = None


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One figure of a rule's test, or `values` of the periods from `period` on. `of` names another indicator than the
    rule's; `after` is how long after the end of its period it is published. The same period again corrects it; a figure
    without a value is withdrawn.
    """

    period: str | int
    value: float | None = None
    values: list[float] = []
    of: str = ""
    after: Seconds = Seconds(0)

    def __post_init__(self) -> None:
        try:
            Period.parse(str(self.period))
        except ValueError as error:
            raise InBoth(
                f"period {self.period!r} cannot be read: write 2026-10 or 2026-W47",
                f"không đọc được period {self.period!r}: viết 2026-10 hoặc 2026-W47",
            ) from error
        if self.values and self.value is not None:
            raise InBoth(
                "a figure has a value, or values of the periods from its own on",
                "một số liệu có value, hoặc values từ kỳ của nó trở đi",
            )


class RuleTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Readings, or published figures in the order of their publication, and whether the rule raises an alarm on them.
    `until` is the minute at which silence is judged.
    """

    name: str
    readings: list[Reading] = []
    figures: list[Given] = []
    fires: bool
    until: float | None = None
    every: Seconds = Seconds(300)
    silent_after: Seconds = Seconds(900)


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A limit that is no constant: so many times what another indicator says of the same place and period, or what
    `limit(past)` in the file of the same stem makes of the place's last `past_years` years. `data` is for that function.
    """

    indicator: str = ""
    times: float = 1.0
    past_years: int = 0
    data: dict[str, Any] = {}

    def __post_init__(self) -> None:
        if bool(self.indicator) == bool(self.past_years):
            raise InBoth(
                "a limit is of another `indicator`, or computed from `past_years`",
                "ngưỡng lấy từ một `indicator` khác, hoặc tính từ `past_years`",
            )
        if not 0 <= self.past_years <= LONGEST_PAST:
            raise InBoth(f"past_years is at most {LONGEST_PAST}", f"past_years tối đa {LONGEST_PAST}")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A judgement. `threshold` looks at one parameter or one indicator of stations, `absence` at who has stopped
    speaking, `statistic` at one indicator of places, as it is published.

    A rule without consequence, response and time to respond would only be an event, so all three are
    required.
    """

    title: Text
    kind: Literal["threshold", "absence", "statistic"]
    priority: Literal[1, 2, 3]
    consequence: Text
    response: Text
    time_to_respond: Seconds
    basis: str
    verified: bool
    tests: list[RuleTest]
    runbook: Text | None = None
    # What it looks at: assets of this kind (empty: any) and one of parameter and indicator.
    asset_kind: str = ""
    parameter: str = ""
    indicator: str = ""
    unit: str = ""
    # The limit, and the hysteresis: the value that ends it, held for `clear_for`.
    above: float | Limit | None = None
    below: float | Limit | None = None
    clear: float | None = None
    for_: Seconds = msgspec.field(name="for", default=Seconds(0))
    clear_for: Seconds = Seconds(0)
    # A pause between readings longer than this breaks off a duration that has not been reached.
    gap: Seconds = Seconds(900)
    # For absence: whose silence. A silent door hides its sources, a silent source its stations.
    scope: Literal["asset", "source", "door"] = "asset"
    # Of statistics: the period of the indicator, and of which places (empty: of all that have figures).
    period: Literal["", "week", "month", "quarter", "year"] = ""
    level: Literal["", "province", "commune"] = ""
    # Rules that say the same more urgently: while one of them is active on the asset, this one is suppressed.
    suppressed_by: list[str] = []

    def __post_init__(self) -> None:
        if not any(test.fires for test in self.tests) or all(test.fires for test in self.tests):
            raise InBoth(
                "a rule needs two tests at least: one that fires and one that does not",
                "quy tắc cần ít nhất hai phép thử (tests): một báo động và một không",
            )
        if not self.consequence.vi.strip() or not self.response.vi.strip():
            raise InBoth(
                "consequence and response must say something in Vietnamese",
                "consequence và response phải viết bằng tiếng Việt",
            )
        if self.time_to_respond <= 0:
            raise InBoth("time_to_respond must be longer than nothing", "time_to_respond phải lớn hơn 0")
        if (misplaced := self._misplaced()) is not None:
            raise InBoth(english(misplaced), vietnamese(misplaced))
        if self.kind == "threshold":
            self._check_threshold()
        elif self.kind == "statistic":
            self._check_statistic()
        elif any((self.parameter, self.indicator, self.above is not None, self.below is not None)):
            raise InBoth(
                "an absence rule has no parameter, indicator or limit",
                "quy tắc absence không có parameter, indicator hay ngưỡng",
            )

    def _misplaced(self) -> str | None:
        """Tests, or a limit, of the other sort of rule."""
        for test in self.tests:
            if self.kind == "statistic" and (test.readings or not test.figures):
                return both(
                    f"test “{test.name}”: a rule on statistics is tested with `figures`",
                    f"phép thử “{test.name}”: quy tắc trên số liệu thử bằng `figures`",
                )
            if self.kind != "statistic" and (test.figures or not test.readings):
                return both(
                    f"test “{test.name}”: a rule on stations is tested with `readings`",
                    f"phép thử “{test.name}”: quy tắc trên trạm thử bằng `readings`",
                )
        if self.kind != "statistic" and (self.period or self.level or self.limit_of):
            return both(
                "period, level, and a limit that is no number, are for rules of `kind: statistic`",
                "period, level và ngưỡng không phải số chỉ dành cho quy tắc `kind: statistic`",
            )
        return None

    def _check_threshold(self) -> None:
        if (self.above is None) == (self.below is None):
            raise InBoth(
                "a threshold rule has exactly one of above and below",
                "quy tắc ngưỡng có đúng một trong above và below",
            )
        if bool(self.parameter) == bool(self.indicator):
            raise InBoth(
                "a threshold rule looks at exactly one of parameter and indicator",
                "quy tắc ngưỡng xét đúng một trong parameter và indicator",
            )
        if self.clear is not None and self.exceeds(self.clear):
            raise InBoth(
                "clear must stand on the quiet side of the limit", "clear phải nằm ở phía yên của ngưỡng"
            )

    def _check_statistic(self) -> None:
        if (self.above is None) == (self.below is None):
            raise InBoth(
                "a rule on statistics has exactly one of above and below",
                "quy tắc trên số liệu có đúng một trong above và below",
            )
        if not self.indicator or self.parameter or self.asset_kind:
            raise InBoth(
                "a rule on statistics looks at an indicator, of no kind of station",
                "quy tắc trên số liệu xét một indicator, không thuộc loại trạm nào",
            )
        if self.clear is not None or self.for_ or self.clear_for:
            raise InBoth(
                "a period is judged as it is published: no clear, for or clear_for",
                "mỗi kỳ được xét khi công bố: bỏ clear, for và clear_for",
            )
        if not self.period:
            raise InBoth(
                "a rule on statistics names the period of its indicator: period: week",
                "quy tắc trên số liệu ghi kỳ của chỉ tiêu: period: week",
            )
        for test in self.tests:
            if any(Period.parse(str(given.period)).kind != self.period for given in test.figures):
                raise InBoth(
                    f"test “{test.name}”: every figure is of a {self.period}",
                    f"phép thử “{test.name}”: mọi số liệu phải theo {KINDS_VI[self.period]}",
                )

    @property
    def needs(self) -> str:
        """The function that must stand beside this file; empty where none must."""
        return "limit" if self.limit_of is not None and self.limit_of.past_years else ""

    @property
    def limit_of(self) -> Limit | None:
        """How the limit is found where it is no constant."""
        return next((one for one in (self.above, self.below) if isinstance(one, Limit)), None)

    @property
    def looks_at(self) -> Iterator[str]:
        """Addresses of the indicators it judges by."""
        if self.indicator:
            yield self.indicator
        if self.limit_of is not None and self.limit_of.indicator:
            yield self.limit_of.indicator

    @property
    def ceiling(self) -> float | None:
        """The constant it must not be above."""
        return None if isinstance(self.above, Limit) else self.above

    @property
    def floor(self) -> float | None:
        """The constant it must not be below."""
        return None if isinstance(self.below, Limit) else self.below

    @property
    def limit(self) -> float:
        """The constant, whichever side it is on; where there is none not a number."""
        found = self.ceiling if self.ceiling is not None else self.floor
        return float("nan") if found is None else found

    def exceeds(self, value: float, limit: float | None = None) -> bool:
        """Whether this value is beyond the limit, its own unless another was found."""
        limit = self.limit if limit is None else limit
        return value > limit if self.above is not None else value < limit

    def is_quiet(self, value: float) -> bool:
        """Whether this value ends an alarm, hysteresis included."""
        limit = self.limit if self.clear is None else self.clear
        return value <= limit if self.above is not None else value >= limit
