"""A table for the units of one day, told for the units of another: lines in, sums and remarks out.

What cannot be placed is listed with its reason and its figure; `Restated.closes` says that nothing was lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from haidang.engine.places import apportion
from haidang.engine.places.apportion import Placed
from haidang.engine.places.lineage import Descent, Lineage, Unit, Weights
from haidang.engine.places.resolving import Resolver


@dataclass(frozen=True, slots=True)
class Line:
    """One line as delivered; `group` keeps periods or items apart. `value` is None where it is no number."""

    number: int
    code: str
    name: str
    parent: str
    value: Decimal | None
    group: tuple[str, ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line, or the part `amount` of its figure, that has no place on the other day."""

    line: Line
    amount: Decimal
    why: str
    candidates: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Restated:
    """One group. Sums are of the figures, or of the weight `by` where they were averaged."""

    group: tuple[str, ...]
    rows: list[Placed]
    left_out: list[LeftOut]
    given: Decimal
    placed: Decimal
    unplaced: Decimal
    by: str = ""

    @property
    def closes(self) -> bool:
        return self.given == apportion.exact_sum([self.placed, self.unplaced])


@dataclass(frozen=True, slots=True)
class Question:
    """From the units of `start` to those of `day`; `level` empty: the level the units come to by themselves."""

    start: date
    day: date
    level: str = ""
    over_places: str = "sum"
    decimals: int = 0
    weights: Weights | None = None


def restate(lineage: Lineage, lines: Iterable[Line], question: Question) -> list[Restated]:
    """Each group by itself, in the order of its first line. Raises NotAdditive for means without a weight."""
    apportion.require_additive(question.over_places, question.weights)
    groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.group].append(line)
    resolver = Resolver(lineage, question.start)
    known: dict[str, Mapping[int, Descent]] = {}
    return [_group(resolver, group, found, question, known) for group, found in groups.items()]


def _group(
    resolver: Resolver,
    group: tuple[str, ...],
    lines: list[Line],
    question: Question,
    known: dict[str, Mapping[int, Descent]],
) -> Restated:
    lineage, left_out = resolver.lineage, []
    by_unit: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        meant = resolver.meant(line.code, line.name, line.parent)
        why = "not_a_number" if line.value is None else meant.why
        if why or meant.unit is None:
            left_out.append(LeftOut(line, line.value or Decimal(0), why, meant.candidates))
        else:
            by_unit[meant.unit.id].append(line)
    totals = _containing(lineage, by_unit, question.start)
    used: dict[int, Line] = {}
    for unit_id, found in by_unit.items():
        why = "twice" if len(found) > 1 else "contains_others" if unit_id in totals else ""
        if why:
            left_out += [LeftOut(line, line.value or Decimal(0), why) for line in found]
        else:
            used[unit_id] = found[0]
    descents = _descents(lineage, used.keys(), question, known)
    values = {unit_id: line.value for unit_id, line in used.items() if line.value is not None}
    if question.over_places == "sum" or question.weights is None:
        done = apportion.apportion(values, descents, decimals=question.decimals)
        refused = [line.amount for line in left_out]
    else:
        done = apportion.average(values, descents, decimals=question.decimals, weights=question.weights)
        refused = []  # what adds up is the weight, and a line without unit has none
    left_out += [LeftOut(used[one.source], one.amount, one.why) for one in done.unplaced]
    return Restated(
        group,
        sorted(done.placed, key=lambda row: lineage.units[row.target].code),
        left_out,
        apportion.exact_sum([done.given, *refused]),
        done.placed_sum,
        apportion.exact_sum([done.unplaced_sum, *refused]),
        done.by,
    )


def _containing(lineage: Lineage, units: Iterable[int], day: date) -> set[int]:
    """Units of the list in which others of the list lie: their lines are totals."""
    listed = set(units)
    found = set()
    for one in listed:
        unit = lineage.units[one]
        for level in ("district", "province"):
            above = lineage.over(unit, level, day)
            if above and above.id != one and above.id in listed:
                found.add(above.id)
    return found


def _descents(
    lineage: Lineage, used: Iterable[int], question: Question, known: dict[str, Mapping[int, Descent]]
) -> Mapping[int, Descent]:
    """Of the units with figures, and of every other of the finest level among them: so it is known what is lacking."""
    units = [lineage.units[one] for one in used]
    found: dict[int, Descent] = {}
    levels = {unit.level for unit in units}
    for level in levels:
        if level not in known:
            known[level] = _of_level(lineage, level, question)
    finest = next((level for level in ("commune", "district", "province") if level in levels), "")
    higher = {unit.id for unit in units if unit.level != finest}
    if not higher:
        return known[finest] if finest else found
    for one, descent in known[finest].items():
        above = [
            lineage.over(lineage.units[one], level, question.start) for level in ("district", "province")
        ]
        if not any(unit and unit.id in higher for unit in above):
            found[one] = descent
    return found | {unit.id: known[unit.level][unit.id] for unit in units}


def _of_level(lineage: Lineage, level: str, question: Question) -> Mapping[int, Descent]:
    start, day = question.start, question.day
    if day < start:
        # What is averaged is weighted by its own units; only a sum may be divided again by weights of the old ones.
        weights = question.weights if question.over_places == "sum" else None
        return lineage.ascents(start, day, of=level, level=question.level or level, weights=weights)
    return {
        unit.id: lineage.descent(unit, start, day, level=question.level, weights=question.weights)
        for unit in lineage.smallest(level, start)
    }
