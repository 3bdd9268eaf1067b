"""A scorecard over figures: the points of the province, and of each centre its figures keep as a part. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from haidang.engine.contracts.sheets.centres import WORDS, Centres
from haidang.engine.places.names import comparable
from haidang.engine.scorecards.definition import ScorecardVersion
from haidang.engine.scorecards.ranking import Candidate, Ranked, ranking
from haidang.engine.scorecards.scoring import Counts, Score, score


class Number(NamedTuple):
    """A figure of the province in its plain unit (a percent is a hundredth), None where it is not known, and the parts
    of it that are: centre → value.
    """

    value: float | None
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Centre:
    """One centre with what it was scored by. `level` is in Vietnamese, as lists and files have it."""

    name: str
    level: str
    volume: int
    counts: Counts
    score: Score


@dataclass(frozen=True, slots=True)
class Scored:
    """The province and its centres under one version, by one set of figures."""

    counts: Counts
    score: Score
    volume: int | None
    centres: list[Centre] = field(default_factory=list)

    def ranked(self, least: int = 0) -> dict[str, list[Ranked]]:
        """Its centres by level; whoever has fewer than `least` has no rank."""
        return ranking((Candidate(one.name, one.level, one.volume, one.score) for one in self.centres), least)


def scored(
    version: ScorecardVersion, numbers: Mapping[str, Number], volume: str, centres: Centres | None = None
) -> Scored:
    """`numbers`: indicator → figure; one that is not there is not known. A centre is scored by the rows whose figures
    have parts: of what is told of the province alone it lacks the count.
    """
    counts = _counts(version, {address: one.value for address, one in numbers.items()})
    whole = numbers.get(volume)
    found = Scored(counts, score(version, counts), None if whole is None else _whole(whole.value))
    spelt, folded = dict[str, str](), dict[str, str]()
    parts: dict[str, dict[str, float]] = {}
    for address, one in numbers.items():
        for name, value in one.parts.items():
            if name not in spelt:
                spelt[name] = folded.setdefault(comparable(name), name)
            parts.setdefault(spelt[name], {})[address] = value
    for name in sorted(parts):
        own = _counts(version, parts[name])
        level = WORDS[centres.of(name).level] if centres else ""
        many = _whole(parts[name].get(volume)) or 0
        found.centres.append(Centre(name, level, many, own, score(version, own)))
    return found


def _counts(
    version: ScorecardVersion, values: Mapping[str, float | None]
) -> dict[str, dict[str, float | None]]:
    """Row → count → value, for the counts whose figure the version names."""
    return {
        code: {name: values.get(address) for name, address in row.figures.items()}
        for code, row in version.rows.items()
        if row.figures
    }


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def lacking(found: Score, code: str) -> Iterable[str]:
    """The indicators a row waits for, each once."""
    row = found.rows[code]
    return dict.fromkeys(row.row.figures[name] for name in row.lacking if name in row.row.figures)
