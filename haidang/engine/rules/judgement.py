"""What a rule says to the alarms, and how the turns of a machine become sayings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from haidang.engine.rules.definition import Rule
from haidang.engine.rules.machine import Phase, Track

Kind = Literal["raise", "clear", "late", "corrected"]


@dataclass(frozen=True, slots=True)
class OfPlace:
    """What a judgement on a published figure says beside the others: of which place and period (as it is typed), by which
    limit, in which epoch the figure became known, and which office answers for it.
    """

    place_id: int
    period: str
    limit: float | None = None
    epoch: int | None = None
    office_id: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One saying of one rule on one subject: `series:<id>`, `asset:<id>`, `source:<id>`, `door:<name>` or `place:<id>`.

    `raise` opens an alarm, `clear` lets it return, `late` is an exceedance found too late to act on (an
    event, no alarm), `corrected` a new version of a reading which an alarm may rest on.
    """

    kind: Kind
    rule: str
    sha256: str
    subject: str
    at_us: int
    value: float | None
    series_id: int | None = None
    asset_id: int | None = None
    source_id: int | None = None
    since_us: int = 0
    count: int = 1
    of_place: OfPlace | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a rule judges."""

    name: str
    series_id: int | None = None
    asset_id: int | None = None
    source_id: int | None = None


def tell(
    rule: Rule, address: str, sha256: str, subject: Subject, track: Track, now_us: int
) -> list[Judgement]:
    """New turns of the track as judgements. Late ones are events; what the alarms believe ends as the tip
    stands.
    """
    oldest_us = now_us - round(rule.time_to_respond * 1e6)
    said: list[Judgement] = []

    def say(kind: Kind, at_us: int, value: float, since_us: int) -> None:
        said.append(
            Judgement(
                kind, address, sha256, subject.name, at_us, value,
                subject.series_id, subject.asset_id, subject.source_id, since_us,
            )
        )  # fmt: skip
        track.announced_us = max(track.announced_us, at_us)

    for turn in track.take_turns():
        if turn.at_us <= track.announced_us:
            continue
        if turn.opened and not track.announced:
            in_time = turn.at_us >= oldest_us
            say("raise" if in_time else "late", turn.at_us, turn.value, turn.since_us)
            track.announced = in_time
        elif not turn.opened and track.announced:
            say("clear", turn.at_us, turn.value, turn.since_us)
            track.announced = False
    tip = track.tip
    if tip.phase is Phase.OPEN and not track.announced and tip.beyond_us >= oldest_us:
        # It began too long ago to raise, or a late row brought it back; what is beyond the limit now is in
        # time.
        say("raise", tip.beyond_us, tip.beyond_value, tip.since_us)
        track.announced = True
    elif tip.phase is not Phase.OPEN and track.announced:
        # A late row showed that the episode had ended, or had never lasted long enough.
        say("clear", tip.last_us, float("nan"), tip.since_us)
        track.announced = False
    return said
