"""Judge silence: of a station, of a source, of a whole door. Runs in `work`, never in the path of data.

A silent door hides its sources and a silent source its stations, so one cut line is one alarm. The larger
silence is judged sooner than a station's own, else its stations would have spoken one by one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import connection

from haidang.engine.rules.book import Placed
from haidang.engine.rules.judgement import Judgement, Subject
from haidang.engine.rules.machine import Track
from haidang.engine.rules.memory import Key


@dataclass(frozen=True, slots=True)
class Listening:
    """When one station was last heard in one source, through which door, and how often it promised to
    speak.
    """

    asset_id: int
    asset_kind: str
    source_id: int
    domain: str
    door: str
    last_us: int
    every_us: int
    silent_after_us: int

    @property
    def overdue_us(self) -> int:
        """Silence after which it counts towards a silent source or door.

        Stations of one line speak within one interval of each other, so at this age of the latest of them
        the first has not reached its own alarm yet.
        """
        return max(self.every_us, self.silent_after_us - self.every_us)


@dataclass(slots=True)
class Silence:
    """One look at all stations. `since_us`: when this process began to listen; our own pause is nobody's
    silence.
    """

    stations: list[Listening]
    tracks: dict[Key, Track]
    touch: Callable[[Key], None]
    since_us: int
    now_us: int

    def heard_us(self, station: Listening, floor_us: int = 0) -> int:
        return max(station.last_us, self.since_us, floor_us)

    def is_group_silent(self, stations: list[Listening]) -> bool:
        """Nothing from anyone for so long that two or more must have spoken. One alone speaks for itself."""
        quiet_us = self.now_us - max(self.heard_us(station) for station in stations)
        return sum(quiet_us > station.overdue_us for station in stations) >= 2

    def judge(
        self, placed: Placed, subject: Subject, stations: list[Listening], *, is_silent: bool
    ) -> list[Judgement]:
        """Raise when silent and not told; let return when something was heard after it was told."""
        key = (placed.address, subject.name)
        track = self.tracks.get(key)
        last_us = max(s.last_us for s in stations)
        minutes = (self.now_us - last_us) / 60e6
        if track and track.announced:
            if last_us <= track.announced_us:
                return []
            track.announced, track.announced_us = False, self.now_us
            self.touch(key)
            return [_said("clear", placed, subject, last_us, None)]
        if not is_silent:
            # The time of recovery is kept while it matters as a floor for the stations behind it.
            if track and self.now_us - track.announced_us > 2 * max(s.silent_after_us for s in stations):
                del self.tracks[key]
                self.touch(key)
            return []
        track = self.tracks.setdefault(key, Track.new(last_us))
        track.announced, track.announced_us = True, self.now_us
        self.touch(key)
        return [_said("raise", placed, subject, last_us, round(minutes, 1))]

    def recovered_us(self, rules: list[Placed], subject: str) -> int:
        """When the silence of this door or source last ended: its stations get a full interval from then."""
        tracks = (self.tracks.get((placed.address, subject)) for placed in rules)
        return max((track.announced_us for track in tracks if track and not track.announced), default=0)


def judge_silence(rules: dict[str, list[Placed]], silence: Silence) -> list[Judgement]:
    """Judgements of the absence rules (by scope), the larger silence before the smaller one it hides."""
    said: list[Judgement] = []
    dead_doors: set[tuple[str, str]] = set()
    dead_sources: set[int] = set()
    for (domain, door), group in _grouped(silence.stations, lambda s: (s.domain, s.door)):
        if silence.is_group_silent(group):
            dead_doors.add((domain, door))
        for placed in _of_domain(rules["door"], domain):
            subject = Subject(f"door:{door}")
            said += silence.judge(placed, subject, group, is_silent=(domain, door) in dead_doors)
    for source_id, group in _grouped(silence.stations, lambda s: s.source_id):
        is_silent = silence.is_group_silent(group)
        is_hidden = bool(rules["door"]) and all((s.domain, s.door) in dead_doors for s in group)
        if is_silent:
            dead_sources.add(source_id)
        for placed in _of_domain(rules["source"], group[0].domain):
            subject = Subject(f"source:{source_id}", source_id=source_id)
            said += silence.judge(placed, subject, group, is_silent=is_silent and not is_hidden)
    for station in _closest(silence.stations):
        is_hidden = (bool(rules["door"]) and (station.domain, station.door) in dead_doors) or (
            bool(rules["source"]) and station.source_id in dead_sources
        )
        floor_us = max(
            silence.recovered_us(rules["door"], f"door:{station.door}"),
            silence.recovered_us(rules["source"], f"source:{station.source_id}"),
        )
        is_silent = silence.now_us - silence.heard_us(station, floor_us) > station.silent_after_us
        for placed in _of_domain(rules["asset"], station.domain):
            if placed.rule.asset_kind in ("", station.asset_kind):
                subject = Subject(f"asset:{station.asset_id}", None, station.asset_id, station.source_id)
                said += silence.judge(placed, subject, [station], is_silent=is_silent and not is_hidden)
    return said


def _closest(stations: list[Listening]) -> list[Listening]:
    """One line for each asset: of its sources the one that promised the most, and of those the latest heard.

    An archive that is read in once promises nothing for years; it must neither raise nor end an alarm.
    """
    found: dict[int, Listening] = {}
    for station in sorted(stations, key=lambda s: (s.silent_after_us, -s.last_us)):
        found.setdefault(station.asset_id, station)
    return list(found.values())


def _of_domain(rules: list[Placed], domain: str) -> list[Placed]:
    return [placed for placed in rules if placed.address.partition(".")[0] == domain]


def _grouped(stations: Iterable[Listening], key: Callable[[Listening], object]) -> list[tuple]:
    groups: dict[object, list[Listening]] = {}
    for station in stations:
        groups.setdefault(key(station), []).append(station)
    return list(groups.items())


def _said(kind: str, placed: Placed, subject: Subject, at_us: int, value: float | None) -> Judgement:
    return Judgement(
        kind, placed.address, placed.sha256, subject.name, at_us, value,  # type: ignore[arg-type]
        None, subject.asset_id, subject.source_id, at_us,
    )  # fmt: skip


def stations_heard() -> list[Listening]:
    """Every active station of every active source that has ever been heard, from the store."""
    with connection.cursor() as cursor:
        cursor.execute(_HEARD)
        return [Listening(*row) for row in cursor.fetchall()]


# The door is that of the delivery which brought the station's latest value.
_HEARD = """
SELECT a.id, a.kind, src.id, src.domain, coalesce(latest.door, ''),
  (extract(epoch FROM heard.recorded_at) * 1000000)::bigint, src.every_s * 1000000::bigint,
  src.silent_after_s * 1000000::bigint
FROM (
  SELECT DISTINCT ON (source_id, asset_id) source_id, asset_id, id AS series_id, last_at,
    max(last_recorded_at) OVER (PARTITION BY source_id, asset_id) AS recorded_at
  FROM store_series WHERE last_recorded_at IS NOT NULL
  ORDER BY source_id, asset_id, last_recorded_at DESC, id
) heard
JOIN store_source src ON src.id = heard.source_id AND src.is_active
JOIN assets_asset a ON a.id = heard.asset_id AND a.is_active AND NOT a.is_trial
LEFT JOIN LATERAL (
  SELECT d.door FROM store_observation o JOIN store_delivery d ON d.id = o.delivery_id
  WHERE o.series_id = heard.series_id AND o.at = heard.last_at AND o.superseded IS NULL LIMIT 1
) latest ON true
ORDER BY a.id, src.id
"""
