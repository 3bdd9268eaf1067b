"""A scorecard as content (`scorecards/*.yml`): groups and rows of points, each row a share of counts.

A row's share R is in percent. With a threshold T it earns all its points from R = T on and R/T of them below; without
one it earns R/100 of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from haidang.engine.both import both
from haidang.engine.contracts.reading import Text

Keys = tuple[str | int, ...]
Points = Annotated[float, msgspec.Meta(ge=0, le=1000)]


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number made of counts: some added, some taken away; or the largest of several."""

    plus: list[str] = []
    minus: list[str] = []
    largest_of: list[str] = []

    def names(self) -> list[str]:
        return [*self.plus, *self.minus, *self.largest_of]


# A list is a sum.
Side = list[str] | Amount


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a whole, both made of counts."""

    numerator: Side
    denominator: Side


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of points. `verified` says whether its formula was read as it stands here.

    `share`: numerator/denominator; `rest`: what the `shares` leave of 100 %; `mean`: numerator/denominator in `unit`,
    never scored; `yes_no`: all points where its one count is 1.
    """

    group: str
    title: Text
    counts: dict[str, Text]
    verified: bool
    kind: Literal["share", "rest", "mean", "yes_no"] = "share"
    # Without points, or with 0, a row is shown and not scored.
    points: Points | None = None
    numerator: Side = []
    denominator: Side = []
    # The count that multiplies the share: a coefficient between 0 and 1.
    factor: str = ""
    # Count → the indicator it is: what offices report, or what is counted out of their lists.
    figures: dict[str, str] = {}
    shares: list[Share] = []
    threshold: Annotated[float, msgspec.Meta(gt=0, le=100)] | None = None
    unit: str = ""
    # What the national portal calls it.
    portal: str = ""
    note: Text | None = None

    @property
    def is_scored(self) -> bool:
        return bool(self.points)

    def sides(self) -> list[tuple[str, Side]]:
        """Everything it computes with, by the key in the file."""
        named = [("numerator", self.numerator), ("denominator", self.denominator)]
        of_shares = [side for share in self.shares for side in (share.numerator, share.denominator)]
        return [*named, *(("shares", side) for side in of_shares)]


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Rows that are added up for themselves."""

    title: Text
    points: Points
    portal: str = ""


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A worked example. `expect` holds `total`, `covered`, `groups/ID`, `rows/CODE` (its points), `ratios/CODE` and
    `status/CODE`.
    """

    name: str
    counts: dict[str, dict[str, float | None]]
    expect: dict[str, float | str | None]
    tolerance: float = 0.0


class ScorecardVersion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Groups and rows in force from a day on."""

    version: str
    valid_from: date
    basis: str
    # How the version is called in English, where its name has Vietnamese words.
    version_en: str = ""
    groups: dict[str, Group]
    rows: dict[str, Row]
    examples: list[Example]
    points: Points = 100
    note: Text | None = None

    @property
    def name(self) -> Text:
        """What the version is called."""
        return Text(self.version, self.version_en)


class Scorecard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A set of points somebody decided on, in its versions."""

    title: Text
    versions: Annotated[list[ScorecardVersion], msgspec.Meta(min_length=1)]
    description: Text | None = None
    # How long a time its figures are of.
    period: Literal["week", "month", "quarter", "year"] = "month"
    # The indicator that says how much a centre's score rests on: its parts are the centres.
    volume: str = ""

    def on(self, day: date) -> ScorecardVersion:
        """The version in force on this day; raises LookupError where there was none yet."""
        held = [version for version in self.versions if version.valid_from <= day]
        if not held:
            first = min(version.valid_from for version in self.versions)
            raise LookupError(f"no version holds on {day:%d/%m/%Y}: the first is of {first:%d/%m/%Y}")
        return max(held, key=lambda version: version.valid_from)

    @property
    def indicators(self) -> list[str]:
        """Every indicator it looks at, in any version."""
        named = [
            one for version in self.versions for row in version.rows.values() for one in row.figures.values()
        ]
        return list(dict.fromkeys([*([self.volume] if self.volume else []), *named]))

    def faults(self) -> Iterator[tuple[Keys, str]]:
        seen: set[date] = set()
        for number, version in enumerate(self.versions):
            if version.valid_from in seen:
                yield (
                    ("versions", number, "valid_from"),
                    both(f"{version.valid_from} stands twice", f"{version.valid_from} ghi hai lần"),
                )
            seen.add(version.valid_from)
            for keys, message in _faults(version):
                yield ("versions", number, *keys), message


KINDS: dict[str, type] = {"scorecards": Scorecard}


def _faults(version: ScorecardVersion) -> Iterator[tuple[Keys, str]]:
    if not version.basis.strip():
        yield ("basis",), both("basis is empty: name the decision", "basis trống: ghi số quyết định")
    if not version.examples:
        yield (
            ("examples",),
            both(
                f"version {version.version} has no worked example",
                f"bản {version.version} chưa có ví dụ tính tay",
            ),
        )
    total = sum(group.points for group in version.groups.values())
    if total != version.points:
        yield (
            ("groups",),
            both(
                f"the groups have {total:g} points, the scorecard {version.points:g}",
                f"các nhóm cộng {total:g} điểm, cả bảng {version.points:g} điểm",
            ),
        )
    for name, group in version.groups.items():
        rows = [row for row in version.rows.values() if row.group == name]
        given = sum(row.points or 0 for row in rows)
        if given > group.points or (given < group.points and all(row.points is not None for row in rows)):
            yield (
                ("groups", name, "points"),
                both(
                    f"its rows have {given:g} points, the group {group.points:g}",
                    f"các dòng cộng {given:g} điểm, cả nhóm {group.points:g} điểm",
                ),
            )
    for code, row in version.rows.items():
        for key, message in _row_faults(row, version.groups):
            yield ("rows", code, key), message


def _row_faults(row: Row, groups: dict[str, Group]) -> Iterator[tuple[str, str]]:
    if row.group not in groups:
        yield "group", both(f"no group {row.group}", f"không có nhóm {row.group}")
    used = {name for _, side in row.sides() for name in names_of(side)} | (
        {row.factor} if row.factor else set()
    )
    if row.kind == "yes_no":
        if len(row.counts) != 1 or used:
            yield (
                "counts",
                both(
                    "a row of kind yes_no has one count and no formula",
                    "dòng kiểu yes_no có một số đếm và không có công thức",
                ),
            )
    elif unknown := sorted(used - row.counts.keys()):
        yield (
            "counts",
            both(
                f"the formula names {', '.join(unknown)}, which counts lacks",
                f"công thức gọi {', '.join(unknown)} mà counts không có",
            ),
        )
    elif idle := sorted(row.counts.keys() - used):
        yield (
            "counts",
            both(
                f"{', '.join(idle)} stands in no formula", f"{', '.join(idle)} không dùng trong công thức nào"
            ),
        )
    if strangers := sorted(row.figures.keys() - row.counts.keys()):
        yield (
            "figures",
            both(
                f"figures names {', '.join(strangers)}; the row has the counts {', '.join(row.counts)}",
                f"figures gọi {', '.join(strangers)}; dòng này có các số đếm {', '.join(row.counts)}",
            ),
        )
    wanted: dict[str, Any] = {"share": row.numerator and row.denominator, "mean": row.numerator and row.denominator, "rest": row.shares}  # fmt: skip
    if row.kind in wanted and not wanted[row.kind]:
        yield (
            "kind",
            both(
                f"a row of kind {row.kind} needs {'shares' if row.kind == 'rest' else 'numerator and denominator'}",
                f"dòng kiểu {row.kind} cần {'shares' if row.kind == 'rest' else 'numerator và denominator'}",
            ),
        )
    if row.kind == "mean" and row.is_scored:
        yield "points", both("a mean is shown, it has no points", "số trung bình chỉ để hiện, không có điểm")


def names_of(side: Side) -> list[str]:
    return side.names() if isinstance(side, Amount) else side
