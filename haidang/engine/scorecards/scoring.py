"""Points from counts: exact, and honest about what is not known.

What is missing is not 0, and a share of nothing is no share: such a row earns no points and loses none. The total is over
what was scored, and says how many points of the whole that covers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from haidang.engine.contracts.reading import Text
from haidang.engine.rounding import rounded
from haidang.engine.scorecards.definition import Amount, Row, ScorecardVersion, Side, names_of

# Row → name → count; a count that nobody knows is None, or is not there.
Counts = Mapping[str, Mapping[str, float | None]]
Status = Literal["scored", "missing", "empty", "contradictory", "unscored"]
STATUS: dict[Status, Text] = {
    "scored": Text(vi="đã tính điểm", en="scored"),
    "missing": Text(vi="thiếu số liệu, không tính điểm", en="counts are missing, not scored"),
    "empty": Text(vi="mẫu số bằng 0, không tính điểm", en="the denominator is 0, not scored"),
    "contradictory": Text(
        vi="số liệu mâu thuẫn, không tính điểm", en="counts contradict each other, not scored"
    ),
    "unscored": Text(vi="chỉ theo dõi, không có điểm", en="shown only, it has no points"),
}


class UnknownCount(ValueError):
    """A row or a count that the scorecard does not have."""


@dataclass(frozen=True, slots=True)
class RowScore:
    """What came of one row. `ratio` is in percent, of a mean in its unit; `score` is in points."""

    code: str
    row: Row
    status: Status
    ratio: Fraction | None = None
    score: Fraction | None = None
    # Names of the counts that are not there, or what contradicts what.
    lacking: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """Points earned, and the points of the rows that could be scored, of all points."""

    score: Fraction
    covered: Fraction
    points: Fraction

    @property
    def coverage(self) -> Fraction:
        """Percent of the points that could be scored."""
        return self.covered / self.points * 100 if self.points else Fraction(0)

    @property
    def of_covered(self) -> Fraction | None:
        """Percent earned of what could be scored; None where nothing could."""
        return self.score / self.covered * 100 if self.covered else None


@dataclass(frozen=True, slots=True)
class Score:
    """All rows under one version of a scorecard."""

    version: ScorecardVersion
    rows: dict[str, RowScore]
    groups: dict[str, Sum]
    total: Sum

    def found(self, path: str) -> float | str | None:
        """What an example expects: `total`, `covered`, `groups/ID`, `rows/CODE`, `ratios/CODE`, `status/CODE`."""
        head, _, name = path.partition("/")
        if head in {"total", "covered"}:
            return float(self.total.score if head == "total" else self.total.covered)
        if head == "groups":
            return float(self.groups[name].score)
        row = self.rows[name]
        if head == "status":
            return row.status
        value = {"rows": row.score, "ratios": row.ratio}[head]
        return None if value is None else float(value)


def score(version: ScorecardVersion, counts: Counts) -> Score:
    """Raises UnknownCount where `counts` names what the version does not have: a slip there would be a lost count."""
    for code, named in counts.items():
        if code not in version.rows:
            raise UnknownCount(
                f"no row {code} in version {version.version}; there are {', '.join(version.rows)}"
            )
        if strangers := sorted(named.keys() - version.rows[code].counts.keys()):
            there = ", ".join(version.rows[code].counts)
            raise UnknownCount(f"row {code} has no count {', '.join(strangers)}; it has {there}")
    rows = {code: _row(code, row, counts.get(code, {})) for code, row in version.rows.items()}
    groups = {
        name: _sum((one for one in rows.values() if one.row.group == name), group.points)
        for name, group in version.groups.items()
    }
    return Score(version, rows, groups, _sum(rows.values(), version.points))


def half_up(value: Fraction, decimals: int = 2) -> Decimal:
    """As it is printed."""
    return rounded(Decimal(value.numerator) / Decimal(value.denominator), decimals)


def _sum(rows: Iterable[RowScore], points: float) -> Sum:
    scored = [row for row in rows if row.score is not None]
    if not scored:
        return Sum(Fraction(0), Fraction(0), _exact(points))
    earned = sum((row.score for row in scored if row.score is not None), Fraction(0))
    covered = sum((_exact(row.row.points or 0) for row in scored), Fraction(0))
    return Sum(earned, covered, _exact(points))


def _row(code: str, row: Row, given: Mapping[str, float | None]) -> RowScore:
    told = {name: value for name, value in given.items() if value is not None and math.isfinite(value)}
    if not told and row.counts:
        return RowScore(code, row, "missing", lacking=tuple(row.counts))
    known = {name: _exact(value) for name, value in told.items()}
    if lacking := tuple(name for name in row.counts if name not in known):
        return RowScore(code, row, "missing", lacking=lacking)
    if negative := [name for name, value in known.items() if value < 0]:
        return RowScore(code, row, "contradictory", why=f"{', '.join(negative)} < 0")
    if row.factor and known[row.factor] > 1:
        return RowScore(code, row, "contradictory", why=f"{row.factor} > 1")
    if row.kind == "yes_no" and not set(known.values()) <= {0, 1}:
        return RowScore(code, row, "contradictory", why="0 | 1")
    ratio = _ratio(row, known)
    if ratio is None:
        return RowScore(code, row, "empty")
    if row.kind != "mean" and not 0 <= ratio <= 100:
        return RowScore(code, row, "contradictory", ratio, why=f"{half_up(ratio)}%")
    if not row.is_scored:
        return RowScore(code, row, "unscored", ratio)
    return RowScore(code, row, "scored", ratio, _points(row, ratio))


def _points(row: Row, ratio: Fraction) -> Fraction:
    full = _exact(row.points or 0)
    threshold = _exact(100 if row.threshold is None else row.threshold)
    return full if ratio >= threshold else ratio / threshold * full


def _ratio(row: Row, known: Mapping[str, Fraction]) -> Fraction | None:
    """In percent (of a mean: in its unit); None where a denominator is 0."""
    if row.kind == "yes_no":
        return next(iter(known.values())) * 100
    if row.kind == "rest":
        shares = [_share(one.numerator, one.denominator, known) for one in row.shares]
        return None if None in shares else 100 * (1 - sum((s for s in shares if s is not None), Fraction(0)))
    share = _share(row.numerator, row.denominator, known)
    if share is None or row.kind == "mean":
        return share
    return share * 100 * (known[row.factor] if row.factor else 1)


def _share(numerator: Side, denominator: Side, known: Mapping[str, Fraction]) -> Fraction | None:
    whole = _amount(denominator, known)
    return _amount(numerator, known) / whole if whole else None


def _amount(side: Side, known: Mapping[str, Fraction]) -> Fraction:
    if isinstance(side, Amount):
        if side.largest_of:
            return max(known[name] for name in side.largest_of)
        return _total(side.plus, known) - _total(side.minus, known)
    return _total(names_of(side), known)


def _total(names: list[str], known: Mapping[str, Fraction]) -> Fraction:
    return sum((known[name] for name in names), Fraction(0))


@lru_cache(65536)  # a hundred centres have the same few counts, and a fraction of a text is dear
def _exact(value: float) -> Fraction:
    """The decimal that was written, not what binary made of it."""
    return Fraction(str(value))
