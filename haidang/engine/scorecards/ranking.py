"""Who stands where, with the volume behind each place: 100 % of three dossiers is no better than 99 % of ten thousand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from haidang.engine.scorecards.scoring import Score


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is scored. `volume` is what the score rests on (dossiers); `level` keeps like with like."""

    name: str
    level: str
    volume: int
    score: Score


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in the list of one's level; equals share a rank. Without a rank: `why`."""

    candidate: Candidate
    rank: int | None
    why: str = ""


def ranking(candidates: Iterable[Candidate], least: int = 0) -> dict[str, list[Ranked]]:
    """By level, best first by percent earned of what could be scored, of equals the larger volume first.

    Whoever has fewer than `least`, or nothing that could be scored, stands at the end without a rank.
    """
    levels: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        levels.setdefault(candidate.level, []).append(candidate)
    return {level: _ranked(found, least) for level, found in levels.items()}


def _ranked(candidates: list[Candidate], least: int) -> list[Ranked]:
    placed: list[tuple[Fraction, Candidate]] = []
    rest: list[Ranked] = []
    for candidate in candidates:
        percent = candidate.score.total.of_covered
        if percent is None:
            rest.append(Ranked(candidate, None, "nothing_scored"))
        elif candidate.volume < least:
            rest.append(Ranked(candidate, None, "too_few"))
        else:
            placed.append((percent, candidate))
    placed.sort(key=lambda one: (-one[0], -one[1].volume, one[1].name))
    found: list[Ranked] = []
    for place, (percent, candidate) in enumerate(placed):
        is_equal = place > 0 and placed[place - 1][0] == percent
        found.append(Ranked(candidate, found[-1].rank if is_equal else place + 1))
    return found + sorted(rest, key=lambda one: (-one.candidate.volume, one.candidate.name))
