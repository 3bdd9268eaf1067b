"""One pair in one period: both sides place by place, and what of it is still unexplained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.reconciliation.findings import Case, Finding, Kind, Pair

# Percent for fraction, then thousand, million, milliard, and what đồng is to nghìn tỷ đồng.
SLIPS = tuple(Decimal(10) ** power for power in (2, 3, 6, 9, 12, -2, -3, -6, -9, -12))
# Fewer significant steps than this and a value says too little to recognise anything by.
TELLING = 10


@dataclass(slots=True)
class Table:
    """One pair in one period; all values in the left unit."""

    pair: Pair
    period: Period
    left: dict[str, Decimal]
    right: dict[str, Decimal]
    # Places whose difference has no explanation yet.
    open: set[str] = field(default_factory=set)

    # What few written digits explain besides, by place; in the left unit.
    coarse: dict[str, Decimal] = field(default_factory=dict)

    def agree(self, place: str) -> bool:
        """Whether both sides say the same of a place, as far as their digits tell."""
        left, right = self.left[place], self.right[place]
        slack = self.pair.rounding + self.coarse.get(place, Decimal(0))
        return self.pair.agree(left, right) or abs(left - right) <= slack

    def difference(self, place: str) -> Decimal:
        """Left less right; a side that says nothing counts as nothing."""
        return self.left.get(place, Decimal(0)) - self.right.get(place, Decimal(0))

    @property
    def shared(self) -> set[str]:
        """Unexplained places of which both sides speak."""
        return {place for place in self.open if place in self.left and place in self.right}

    def cases(self, places: Iterable[str]) -> tuple[Case, ...]:
        back = self.pair.to_left
        return tuple(
            Case(place, self.left.get(place), self.right[place] / back if place in self.right else None)
            for place in sorted(places)
        )

    def finding(self, kind: Kind, places: Iterable[str], **more: Any) -> Finding:
        """The finding for these places, which are explained by it."""
        named = sorted(places)
        self.open -= set(named)
        return Finding(kind, self.pair.name, self.period, self.cases(named), **more)


def level_of(place: str) -> int:
    """Codes of one level are equally long; that of a former unit has a stroke behind it (`00004′`)."""
    return len(place.rstrip("′"))
