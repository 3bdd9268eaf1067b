"""What is compared, and what a comparison finds. Values are decimals in the unit of their own side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.reconciliation.units import factor


class Key(NamedTuple):
    """Which figure: the indicator's address, the unit's code, the period."""

    indicator: str
    place: str
    period: Period


class Version(NamedTuple):
    """A value a side held before, and when it was recorded."""

    value: Decimal
    recorded_at: datetime


class Kind(StrEnum):
    """What a difference looks like. Kinds are tried in this order; each figure has one."""

    LATE_REVISION = "late_revision"
    SWAPPED_COLUMNS = "swapped_columns"
    SWAPPED_ROWS = "swapped_rows"
    UNIT_SLIP = "unit_slip"
    DOUBLE_COUNT = "double_count"
    OLD_UNIT = "old_unit"
    MISSING = "missing"
    FOLLOWS = "follows"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Column:
    """One side of a pair: an indicator, its unit and the decimals it is published with."""

    indicator: str
    unit: str
    decimals: int = 0
    # Cases counted one by one: nobody has rounded them.
    is_counted: bool = False
    # How many published figures it is the sum of, each rounded for itself.
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """The same figure on two sides. `absolute` is in the left unit, `relative` a fraction of the larger value."""

    name: str
    left: Column
    right: Column
    absolute: Decimal = Decimal(0)
    relative: Decimal = Decimal(0)

    @property
    def to_left(self) -> Decimal:
        """What turns a right value into the left unit; ValueError where the units do not fit."""
        return factor(self.right.unit, self.left.unit)

    @property
    def rounding(self) -> Decimal:
        """How far two equal figures may lie apart by rounding alone, in the left unit."""
        return (_step(self.left) + _step(self.right) * self.to_left) / 2

    def agree(self, left: Decimal, right: Decimal) -> bool:
        """Whether two values, both in the left unit, are the same within tolerance and rounding."""
        allowed = max(self.absolute, self.relative * max(abs(left), abs(right)))
        return abs(left - right) <= allowed + self.rounding

    def same(self, left: Decimal, right: Decimal) -> bool:
        """Whether two values, both in the left unit, are the same but for rounding."""
        return abs(left - right) <= self.rounding


def _step(column: Column) -> Decimal:
    if column.is_counted:
        return Decimal(0)
    return Decimal(1).scaleb(-column.decimals) * column.parts


@dataclass(frozen=True, slots=True)
class Side:
    """What one source says, now and before."""

    values: Mapping[Key, Decimal]
    earlier: Mapping[Key, tuple[Version, ...]] = field(default_factory=dict)
    # Of sums over time: the periods they are made of, each with its value.
    parts: Mapping[Key, tuple[tuple[Period, Decimal], ...]] = field(default_factory=dict)
    # How far a value may lie off because it was written with fewer digits than its column has, in its own unit.
    coarse: Mapping[Key, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Structure:
    """How places hang together: totals with their parts, and old units with their successors and shares."""

    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    successors: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    def neighbours(self) -> dict[str, set[str]]:
        """For each new unit, the others that got a part of the same old unit."""
        found: dict[str, set[str]] = {}
        for new in self.successors.values():
            for one in new:
                found.setdefault(one, set()).update(set(new) - {one})
        return found


@dataclass(frozen=True, slots=True)
class Case:
    """One place of a finding, each value in its own side's unit; None where that side says nothing."""

    place: str
    left: Decimal | None
    right: Decimal | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference with all its places. `side` is whose figure it looks like, where that can be told.

    `times`: right = times × left (unit slip). `other`: the second pair of swapped columns. `part`: the place counted
    twice, or the old unit. `recorded_at`: when the version was recorded that one side still holds. `of`: the period that
    a sum since January holds twice, not at all, or `times` as large.
    """

    kind: Kind
    pair: str
    period: Period
    cases: tuple[Case, ...]
    side: str = ""
    times: Decimal | None = None
    other: str = ""
    part: str = ""
    recorded_at: datetime | None = None
    of: Period | None = None

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(case.place for case in self.cases)
