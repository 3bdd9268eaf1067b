"""What became of each unit: spans and successions walked from one day to another, forward or back.

Everything here is a plain function of units and steps; `read_lineage` alone asks the database. A share is an exact
fraction of the old unit. Where one is an estimate, whatever comes of it is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from haidang.engine.places.models import Place, Succession

WHOLE = "nguyên vẹn"  # i18n: data
ONE = Fraction(1)
# Shares are stored with four decimals: three thirds make 0.9999, two parts of six 1.0001.
_ROUNDING = Fraction(1, 1000)
_RANK = {"commune": 0, "district": 1, "province": 2}


@dataclass(frozen=True, slots=True)
class Unit:
    """One span of one administrative unit; `id` is that of its row."""

    id: int
    level: str
    code: str
    kind: str
    name: str
    parent_id: int | None = None
    starts: date | None = None
    ends: date | None = None
    basis: str = ""

    def stands_on(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or self.ends >= day)

    def __str__(self) -> str:
        return self.name if self.name.startswith(self.kind) else f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Step:
    """A part of one unit became part of another."""

    old: int
    new: int
    share: Fraction
    is_estimate: bool = False
    basis: str = WHOLE


@dataclass(frozen=True, slots=True)
class Flow:
    """Which part of a unit's figure belongs to `target`, and how that is known."""

    target: int
    share: Fraction
    is_estimate: bool
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Descent:
    """All of a unit: its flows and what goes nowhere sum to one. `why` is a key of `unplaced.REASONS`."""

    flows: tuple[Flow, ...]
    lost: Fraction = Fraction(0)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """A size of units, by id, that divides what no act divides; its name is the basis people read."""

    name: str
    by_unit: Mapping[int, Decimal]


@dataclass(slots=True)
class _Bag:
    share: Fraction = Fraction(0)
    is_estimate: bool = False
    bases: dict[str, None] = field(default_factory=dict)


class Lineage:
    """Units by id, with the steps between their spans."""

    def __init__(self, units: Iterable[Unit], steps: Iterable[Step]) -> None:
        self.units: Mapping[int, Unit] = {unit.id: unit for unit in units}
        self.children: dict[int, list[Unit]] = defaultdict(list)
        self._spans: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        self._after: dict[int, list[Step]] = defaultdict(list)
        for unit in sorted(self.units.values(), key=lambda one: (one.code, one.starts or date.min)):
            self._spans[unit.level, unit.code].append(unit)
            if unit.parent_id is not None:
                self.children[unit.parent_id].append(unit)
        for step in steps:
            self._after[step.old].append(step)
        self._walked: dict[tuple[int, date], Descent] = {}

    def standing(self, level: str, day: date) -> list[Unit]:
        """Units of one level on a day, by code."""
        return [unit for unit in self.units.values() if unit.level == level and unit.stands_on(day)]

    def span(self, level: str, code: str, day: date) -> Unit | None:
        """The unit that bore a code on a day."""
        return next((unit for unit in self._spans.get((level, code), ()) if unit.stands_on(day)), None)

    def spans(self, level: str, code: str) -> list[Unit]:
        """Every span of a code, the oldest first."""
        return list(self._spans.get((level, code), ()))

    def over(self, unit: Unit, level: str, day: date) -> Unit | None:
        """The unit of `level` that `unit` is, or lay in, on that day."""
        while _RANK[unit.level] < _RANK[level]:
            parent = self.units.get(unit.parent_id) if unit.parent_id is not None else None
            if parent is None:
                return None
            # A row hangs on its parent's row of its own last day; on another day the parent may have had another kind.
            unit = self.span(parent.level, parent.code, day) or parent
        return unit if unit.level == level else None

    def descent(
        self, unit: Unit, start: date, day: date, *, level: str = "", weights: Weights | None = None
    ) -> Descent:
        """What of `unit`, standing on `start`, lies in which unit of `day`, on `level` (empty: as it comes)."""
        found = self._walk(unit, day)
        if found.why == "no_successor" and unit.level == "district":
            found = self._by_communes(unit, start, day, weights)
        if not level:
            return found
        flows = []
        for flow in found.flows:
            higher = self.over(self.units[flow.target], level, day)
            if higher is None:
                return Descent((), ONE, "finer")
            flows.append(Flow(higher.id, flow.share, flow.is_estimate, flow.bases))
        return Descent(_merged(flows), found.lost, found.why)

    def _walk(self, unit: Unit, day: date) -> Descent:
        known = self._walked.get((unit.id, day))
        if known is None:
            known = self._walked[unit.id, day] = self._walk_on(unit, day)
        return known

    def _walk_on(self, unit: Unit, day: date) -> Descent:
        if unit.stands_on(day):
            return Descent((Flow(unit.id, ONE, is_estimate=False, bases=()),))
        if unit.ends is None or unit.ends >= day:
            return Descent((), ONE, "later")
        steps, why = self._steps(unit, unit.ends)
        flows, lost = [], ONE - sum((step.share for step in steps), Fraction(0))
        for step in steps:
            rest = self._walk(self.units[step.new], day)
            lost += step.share * rest.lost
            why = why or rest.why
            flows += [
                Flow(
                    flow.target,
                    step.share * flow.share,
                    step.is_estimate or flow.is_estimate,
                    (step.basis, *flow.bases),
                )
                for flow in rest.flows
            ]
        return Descent(_merged(flows), lost, (why or "share_missing") if lost else "")

    def _steps(self, unit: Unit, ends: date) -> tuple[list[Step], str]:
        """The steps from a unit's end, their shares made to sum to one where only rounding keeps them from it."""
        steps = [step for step in self._after[unit.id] if (self.units[step.new].starts or date.min) > ends]
        if not steps:
            later = self.span(unit.level, unit.code, ends + timedelta(days=1))
            return (
                ([Step(unit.id, later.id, ONE, basis=later.basis or WHOLE)], "")
                if later
                else ([], "no_successor")
            )
        total = sum((step.share for step in steps), Fraction(0))
        if abs(total - 1) <= _ROUNDING:
            return [_shared(step, step.share / total) for step in steps], ""
        return (steps, "share_missing") if total < 1 else ([], "shares_above_one")

    def _by_communes(self, district: Unit, start: date, day: date, weights: Weights | None) -> Descent:
        """A district through the communes it had: certain where all lie in one unit, else by their weights."""
        parts = [unit for unit in self.children[district.id] if unit.stands_on(start)]
        if not parts:
            return Descent((), ONE, "no_successor")
        sizes, basis = [Fraction(1)] * len(parts), "ước: mỗi xã cũ của huyện tính như nhau"  # i18n: data
        if weights:
            if any(part.id not in weights.by_unit for part in parts):
                return Descent((), ONE, "no_weight")
            sizes = [Fraction(weights.by_unit[part.id]) for part in parts]
            basis = f"ước: chia theo {weights.name}"  # i18n: data
        total, flows, lost, why = sum(sizes, Fraction(0)), [], Fraction(0), ""
        if not total:
            return Descent((), ONE, "no_weight")
        for part, size in zip(parts, sizes, strict=True):
            rest = self._walk(part, day)
            lost, why = lost + size / total * rest.lost, why or rest.why
            flows += [Flow(f.target, size / total * f.share, True, (basis, *f.bases)) for f in rest.flows]
        return Descent(_merged(flows), lost, why if lost else "")

    def ascents(
        self, later: date, earlier: date, *, of: str, level: str, weights: Weights | None = None
    ) -> dict[int, Descent]:
        """The way back: for each unit of level `of` on `later`, in which units of `level` it lay on `earlier`.

        Certain where it was made of one such unit. Where it was made of several, only the weights of the smallest old
        units can divide it; without them it goes nowhere, and says so.
        """
        made_of: dict[int, list[tuple[Unit, Unit, Fraction]]] = defaultdict(list)
        for unit in self.smallest(of, earlier):
            higher = self.over(unit, level, earlier) if _RANK[unit.level] < _RANK[level] else unit
            for flow in self._walk(unit, later).flows if higher else ():
                made_of[flow.target].append((unit, higher or unit, flow.share))
        return {unit.id: _ascent(made_of[unit.id], weights) for unit in self.standing(of, later)}

    def smallest(self, level: str, day: date) -> list[Unit]:
        """Units of a level on a day; among communes also the islands, which were districts without communes."""
        found = self.standing(level, day)
        if level == "commune":
            found += [unit for unit in self.standing("district", day) if not self.children[unit.id]]
        return found


def _shared(step: Step, share: Fraction) -> Step:
    return Step(step.old, step.new, share, step.is_estimate, step.basis)


def _merged(flows: Iterable[Flow]) -> tuple[Flow, ...]:
    """One flow per target. What lies in one place whole is certain, however its parts were estimated."""
    bags: dict[int, _Bag] = defaultdict(_Bag)
    for flow in flows:
        bag = bags[flow.target]
        bag.share += flow.share
        bag.is_estimate |= flow.is_estimate
        bag.bases |= dict.fromkeys(flow.bases)
    return tuple(
        Flow(target, bag.share, is_estimate=False, bases=(WHOLE,))
        if bag.share == 1 and bag.is_estimate
        else Flow(target, bag.share, bag.is_estimate, tuple(bag.bases))
        for target, bag in bags.items()
    )


def _ascent(parts: list[tuple[Unit, Unit, Fraction]], weights: Weights | None) -> Descent:
    targets = {target.id for _, target, _ in parts}
    if len(targets) == 1:
        return Descent((Flow(targets.pop(), ONE, is_estimate=False, bases=(WHOLE,)),))
    if not targets:
        return Descent((), ONE, "no_predecessor")
    if weights is None:
        return Descent((), ONE, "merged")
    if any(unit.id not in weights.by_unit for unit, _, _ in parts):
        return Descent((), ONE, "no_weight")
    sizes = [Fraction(weights.by_unit[unit.id]) * share for unit, _, share in parts]
    total = sum(sizes, Fraction(0))
    if not total:
        return Descent((), ONE, "no_weight")
    basis = (f"ước: chia theo {weights.name}",)  # i18n: data
    return Descent(
        _merged(
            Flow(target.id, size / total, is_estimate=True, bases=basis)
            for (_, target, _), size in zip(parts, sizes, strict=True)
        )
    )


def read_lineage() -> Lineage:
    """The whole register: about 14,000 spans and 10,600 steps, in two queries."""
    columns = "id", "level", "code", "kind", "name", "parent_id", "valid_from_date", "valid_to_date", "basis"
    units = (Unit(*row) for row in Place.objects.values_list(*columns))
    rows = Succession.objects.values_list("old_id", "new_id", "share", "is_estimate", "basis")
    steps = (
        Step(old, new, Fraction(str(round(share, 6))), estimate, basis)
        for old, new, share, estimate, basis in rows
    )
    return Lineage(units, steps)
