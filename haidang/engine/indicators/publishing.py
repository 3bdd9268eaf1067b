"""Publish what an approved sheet states: figures of places, and everything that follows from them.

Called in the transaction that publishes, with its epoch. Nothing is overwritten: a changed figure is a new version.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from haidang.engine.indicators import deriving, figure_rows, periods
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.figure_rows import New, Row, Subject
from haidang.engine.indicators.statistic import bare


@dataclass(frozen=True, slots=True)
class Stated:
    """One value as an office states it. `detail` says where it stands (docs/decisions/0016):
    `{"kind": "stated", "submission": 12, "sheet": "T10", "cell": "D14", "raw": "1.234,5"}`, or `"kind": "summed"` with
    what each line says.
    """

    indicator: str  # address, with its measure: economy.revenue@plan
    place_id: int
    at: datetime  # end of the period: periods.end_of
    value: float  # in the statistic's unit
    detail: Mapping[str, Any]

    @property
    def subject(self) -> Subject:
        return Subject(self.indicator, self.place_id, self.at)


@dataclass(frozen=True, slots=True)
class Correction:
    """The submission a new one takes the place of: its number in the record, its contract, the end of its period."""

    submission: int
    contract: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A figure that has a new version."""

    indicator: str
    place_id: int
    at: datetime
    value: float | None
    status: str
    id: int
    is_correction: bool = False  # it replaces another value


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication changed. `unchanged` values stood in the same cell of the same submission before."""

    stated: list[NewFigure]
    derived: list[NewFigure]
    unchanged: int


def publish(
    catalogue: Catalogue, stated: Sequence[Stated], epoch: int, *, corrects: Correction | None = None
) -> Published:
    """Write these values in the running transaction, then the formulas that look at them.

    What the corrected submission stated and the new one states no more becomes `missing`. Raises ValueError for a
    value that is none of the catalogue's, stated twice, no number, or not at the end of a period.
    """
    for one in stated:
        _check(catalogue, one)
    for subject, times in Counter(one.subject for one in stated).items():
        if times > 1:
            raise ValueError(f"{subject.indicator} of place {subject.place_id} is stated {times} times")
    current = figure_rows.read(
        {one.indicator for one in stated}, {one.place_id for one in stated}, {one.at for one in stated}
    )
    rows = [
        New(one.subject, one.value, "ok", catalogue.entries[bare(one.indicator)].sha256, one.detail)
        for one in stated
        if not _is_known(one, current.get(one.subject))
    ]
    unchanged = len(stated) - len(rows)
    if corrects is not None:
        gone = _no_more(catalogue, corrects, {one.subject for one in stated})
        current |= gone
        withdrawn = {"kind": "withdrawn", "submission": corrects.submission}
        rows += [New(subject, None, "missing", detail=withdrawn) for subject in gone]
    ids = figure_rows.write(rows, epoch)
    news = [_news(row, number, current.get(row.subject)) for row, number in zip(rows, ids, strict=True)]
    followed = deriving.derive(catalogue, (row.subject for row in rows), epoch)
    return Published(news, [_news(one.row, one.id, one.before) for one in followed], unchanged)


def _check(catalogue: Catalogue, one: Stated) -> None:
    if one.indicator not in catalogue:
        raise ValueError(f"{one.indicator} is no statistic of the content")
    if not math.isfinite(one.value):
        raise ValueError(f"{one.indicator} of place {one.place_id} is {one.value}: no number")
    periods.ending(one.at, catalogue.entries[bare(one.indicator)].statistic.period)


def _is_known(one: Stated, row: Row | None) -> bool:
    return row is not None and row.value == one.value and dict(row.detail) == dict(one.detail)


def _no_more(catalogue: Catalogue, corrects: Correction, stated: set[Subject]) -> dict[Subject, Row]:
    """What the corrected submission stated, and the new one does not."""
    addresses = [one for those in catalogue.cells_of(corrects.contract).values() for one in those]
    return {
        row.subject: row
        for row in figure_rows.at_end(addresses, corrects.at)
        if row.detail.get("submission") == corrects.submission
        and row.detail.get("kind") in ("stated", "summed")
        and row.subject not in stated
    }


def _news(row: New, number: int, before: Row | None) -> NewFigure:
    is_correction = before is not None and before.value != row.value
    return NewFigure(*row.subject, row.value, row.status, number, is_correction)
