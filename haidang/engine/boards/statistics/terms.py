"""Figures with what they are made of: a formula's inputs down to the cells they stand in, each version as it was used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from haidang.engine.boards.statistics import words
from haidang.engine.boards.statistics.stats import why_url
from haidang.engine.boards.tiles import Look
from haidang.engine.indicators import periods
from haidang.engine.indicators.figure_rows import Row, Subject
from haidang.engine.indicators.rollup import over_places
from haidang.engine.indicators.statistic import Statistic, bare
from haidang.engine.places.models import Place
from haidang.engine.submissions.models import Submission

# Formulas may look at formulas; a circle cannot be published, so this only bounds a page.
DEEPEST = 6


@dataclass(slots=True)
class Node:
    """One figure with its terms. `submission` and `cell` where it was stated, `parts` where it follows from others."""

    subject: Subject
    title: str
    place: str
    period: str
    value: float | None
    unit: str
    decimals: int
    url: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    submission: Submission | None = None
    parts: list[Node] = field(default_factory=list)
    # Of which facility, office or centre it is; empty: of the whole place.
    line: str = ""

    @property
    def kind(self) -> str:
        return str(self.detail.get("kind", ""))

    @property
    def formula(self) -> str:
        return str(self.detail.get("formula", ""))

    @property
    def version(self) -> str:
        return str(self.detail.get("version", ""))

    @property
    def sheet(self) -> str:
        return str(self.detail.get("sheet", ""))

    @property
    def cell(self) -> str:
        return str(self.detail.get("cell", ""))

    @property
    def leaves(self) -> list[Node]:
        """Figures that were stated, of all depths."""
        return [self] if not self.parts else [leaf for one in self.parts for leaf in one.leaves]


class Terms:
    """Builds nodes; what they have in common is read once."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self._places: dict[int, Place] = {}
        self._submissions: dict[int, Submission] = {}

    def nodes(self, rows: Mapping[Subject, Row | None]) -> list[Node]:
        """These figures with all their terms; one round of questions for each depth of formulas."""
        roots = [self._node(subject, row) for subject, row in rows.items()]
        level = [one for one in roots if one.kind == "derived"]
        for _depth in range(DEEPEST):
            wanted = {
                (Subject(address, place, datetime.fromisoformat(at)), number)
                for one in level
                for address, place, at, number, _value in one.detail.get("inputs", [])
            }
            if not wanted:
                break
            known = versions(subject for subject, _number in wanted)
            for one in level:
                one.parts = [self._input(known, item) for item in one.detail.get("inputs", [])]
            level = [part for one in level for part in one.parts if part.kind == "derived"]
        self._name(roots)
        return roots

    def _input(self, known: Mapping[Subject, list[Row]], item: list[Any]) -> Node:
        """The very version that was used, also where it has been corrected since."""
        address, place, at, number, _value = item
        subject = Subject(address, place, datetime.fromisoformat(at))
        row = next((one for one in known.get(subject, []) if one.id == number), None)
        return self._node(subject, row)

    def _node(self, subject: Subject, row: Row | None) -> Node:
        statistic = self.statistic(subject.indicator)
        measure = subject.indicator.partition("@")[2]
        title = str(statistic.title) if statistic else subject.indicator
        if measure:
            title = f"{title}, {self.measure_title(subject.indicator)}"
        kind = statistic.period if statistic else "month"
        return Node(
            subject=subject,
            title=title,
            place="",
            period=words.period(periods.ending(subject.at, kind)),
            value=row.value if row else None,
            unit=statistic.unit_of(measure) if statistic else "",
            decimals=statistic.decimals if statistic else 1,
            url=why_url(self.look, subject.indicator, subject.place_id, subject.at),
            detail=row.detail if row else {},
        )

    def statistic(self, address: str) -> Statistic | None:
        entry = self.look.library.statistics.entries.get(bare(address))
        return entry.statistic if entry else None

    def measure_title(self, address: str) -> str:
        """A measure is a column of the contract: it is called as there."""
        statistic, name = self.statistic(address), address.partition("@")[2]
        if statistic is None or statistic.origin is None or name not in statistic.measures:
            return name
        contract = self.look.library.sheets.get(statistic.origin.contract)
        column = contract.columns.get(statistic.measure(name).column) if contract else None
        return str(column.title).lower() if column else name

    def _name(self, roots: list[Node]) -> None:
        """Names of places and the versions the cells stand in; two questions for all of them."""
        every = list(_all(roots))
        places = {one.pk: one for one in Place.objects.filter(pk__in={one.subject.place_id for one in every})}
        numbers = {int(one.detail["submission"]) for one in every if one.detail.get("submission")}
        people = ("office", "handed_in_by", "signed_by", "approved_by", "published_by")
        known = Submission.objects.filter(pk__in=numbers).select_related(*people) if numbers else []
        submissions = {one.pk: one for one in known}
        for one in every:
            place = places.get(one.subject.place_id)
            one.place = place.name if place else ""
            one.submission = submissions.get(int(one.detail.get("submission") or 0))

    def rolled(self, address: str, place: Place, at: datetime) -> Node:
        """A number of the province with the communes it was added up from; without one while any of them is missing."""
        statistic = self.look.library.statistics.entries[bare(address)].statistic
        period = periods.ending(at, statistic.period)
        total = over_places(self.look.library.statistics, address, place.pk, period, self.look.epoch)
        found = self._node(Subject(address, place.pk, at), None)
        found.place = place.name
        found.parts = self.nodes(dict(total.inputs))
        found.value = total.value if total.status == "ok" else None
        return found


def _all(nodes: Iterable[Node]) -> Iterable[Node]:
    for one in nodes:
        yield one
        yield from _all(one.parts)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a figure, with the instant from which it was known."""

    row: Row
    committed_at: datetime
    is_current: bool
    url: str


_FIELDS = "f.indicator, f.place_id, f.at, f.id, f.value, f.status, f.formula_sha256, f.detail, f.epoch"


def versions(subjects: Iterable[Subject]) -> dict[Subject, list[Row]]:
    """Every version of these figures, in the order of their epochs. One query."""
    wanted = sorted(set(subjects))
    if not wanted:
        return {}
    found: dict[Subject, list[Row]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_FIELDS} FROM unnest(%s::text[], %s::bigint[], %s::timestamptz[]) AS k(indicator, place_id, at)"
            " JOIN indicators_figure f ON f.indicator = k.indicator AND f.place_id = k.place_id AND f.at = k.at"
            # Both halves are named, because each has its index and the whole has none.
            " AND (f.superseded IS NULL OR f.superseded IS NOT NULL) ORDER BY f.epoch",
            list(map(list, zip(*wanted, strict=True))),
        )
        for indicator, place, at, number, value, status, sha256, detail, epoch in cursor.fetchall():
            told = msgspec.json.decode(detail) if isinstance(detail, str) else detail
            row = Row(Subject(indicator, place, at), number, value, status, sha256, told, epoch)
            found.setdefault(row.subject, []).append(row)
    return found


def history(subject: Subject, look: Look) -> list[Version]:
    """Versions of one figure that were known by then, the first one first; each leads to what was known at it."""
    epoch = look.epoch
    with connection.cursor() as cursor:
        rows = [one for one in versions([subject]).get(subject, []) if epoch is None or one.epoch <= epoch]
        cursor.execute(
            "SELECT id, committed_at FROM store_epoch WHERE id = ANY(%s)", [[one.epoch for one in rows]]
        )
        times = dict(cursor.fetchall())
    return [
        Version(
            one, times[one.epoch], one is rows[-1],
            why_url(look, subject.indicator, subject.place_id, subject.at, as_of=times[one.epoch].isoformat()),
        )
        for one in rows
    ]  # fmt: skip
