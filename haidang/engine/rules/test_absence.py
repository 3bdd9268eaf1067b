"""One cut line is one alarm, not forty; and our own pause is nobody's silence."""

from haidang.engine.rules.absence import Listening, Silence, judge_silence
from haidang.engine.rules.book import Placed, load
from haidang.engine.rules.judgement import Judgement
from haidang.engine.rules.trial import START_US, Notebook

MINUTE = 60_000_000
RULES = load()


class Room:
    """Stations heard at given minutes, and the rules of the tree that judge their silence."""

    def __init__(self) -> None:
        self.memory = Notebook()
        self.heard: dict[int, tuple[int, str, float]] = {}
        self.since = 0.0

    def hear(self, minute: float, *assets: int, source: int = 1, door: str = "ftp") -> None:
        for asset in assets:
            self.heard[asset] = (source, door, minute)

    def stations(self) -> list[Listening]:
        return [
            Listening(asset, "air", source, "environment", door, us(last), 5 * MINUTE, 15 * MINUTE)
            for asset, (source, door, last) in sorted(self.heard.items())
        ]

    def judge(self, minute: float) -> list[Judgement]:
        silence = Silence(self.stations(), self.memory.tracks, self.memory.touch, us(self.since), us(minute))
        return judge_silence(scoped(), silence)

    def said(self, minute: float) -> list[tuple[str, str]]:
        return [(judgement.kind, judgement.subject) for judgement in self.judge(minute)]


def scoped() -> dict[str, list[Placed]]:
    absences = [placed for placed in RULES if placed.rule.kind == "absence"]
    return {scope: [p for p in absences if p.rule.scope == scope] for scope in ("door", "source", "asset")}


def us(minute: float) -> int:
    return START_US + round(minute * MINUTE)


def run(room: Room, start: int, end: int) -> list[tuple[str, str]]:
    return [said for minute in range(start, end) for said in room.said(minute)]


def test_forty_stations_behind_a_dead_door_are_one_alarm() -> None:
    room = Room()
    for asset in range(1, 41):
        room.hear(asset % 5, asset, source=1 + asset % 2)
    assert run(room, 5, 120) == [("raise", "door:ftp")]


def test_after_the_door_is_back_its_stations_get_a_full_interval() -> None:
    room = Room()
    room.hear(0, *range(1, 41))
    assert run(room, 5, 60) == [("raise", "door:ftp")]
    room.hear(60, 1)
    assert room.said(61) == [("clear", "door:ftp")]
    room.hear(65, *range(2, 40))
    room.hear(75, *range(1, 40))
    assert run(room, 62, 80) == [("raise", "asset:40")]


def test_a_dead_source_beside_a_living_one_on_the_same_door_is_one_alarm() -> None:
    room = Room()
    said = []
    room.hear(0, 1, 2, 3, source=1)
    for minute in range(60):
        if minute % 5 == 0:
            room.hear(minute, 4, 5, 6, source=2)
        said += room.said(minute)
    assert said == [("raise", "source:1")]


def test_one_dead_station_among_living_ones_is_its_own_alarm() -> None:
    room = Room()
    said = []
    room.hear(0, 1)
    for minute in range(60):
        if minute % 5 == 0:
            room.hear(minute, 2, 3)
        said += room.said(minute)
    assert said == [("raise", "asset:1")]


def test_stations_on_another_door_of_the_same_source_hide_nothing() -> None:
    room = Room()
    said = []
    room.hear(0, 1, 2, 3, door="mqtt")
    for minute in range(60):
        if minute % 5 == 0:
            room.hear(minute, 4, 5, door="push")
        said += room.said(minute)
    assert said == [("raise", "door:mqtt")]


def test_a_night_with_the_centre_switched_off_raises_nothing_at_start() -> None:
    room = Room()
    room.hear(0, *range(1, 41))
    room.since = 600
    assert run(room, 600, 605) == []
    room.hear(605, *range(1, 41))
    assert run(room, 605, 612) == []


def test_an_archive_read_in_once_is_nobodys_silence() -> None:
    room = Room()
    said = []
    archive = [
        Listening(n, "air", 9, "environment", "push", us(0), 60 * MINUTE, 5_000_000 * MINUTE)
        for n in (1, 2, 3)
    ]
    for minute in range(0, 300, 5):
        room.hear(minute, 1, 2, 3)
        stations = [*archive, *room.stations()]
        silence = Silence(stations, room.memory.tracks, room.memory.touch, us(0), us(minute))
        said += judge_silence(scoped(), silence)
    assert said == []
