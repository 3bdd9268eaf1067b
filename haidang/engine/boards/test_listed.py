"""A list beside a map has a length that does not grow with what happens, and says what it leaves out."""

from __future__ import annotations

from haidang.engine.boards.mapping import LISTED, Listed
from haidang.engine.places.drawing import Marker


def marked(kind: str, priority: int, label: str = "") -> Marker:
    return Marker(lat=11.31, lon=106.1, label=label, kind=kind, priority=priority)  # type: ignore[arg-type]


def test_of_thousands_the_gravest_are_listed_and_the_rest_are_counted() -> None:
    things = [(marked("incident", 3, str(n)), 1) for n in range(3000)]
    things += [(marked("alarm", 1), 4), (marked("alarm", 3), 2)]
    found = Listed.of(things, 3000, 6)
    assert [one.label for one in found.markers] == [*map(str, range(LISTED - 1)), ""]
    assert found.markers[-1].priority == 1, "an alarm is not left out for incidents that are less grave"
    assert (found.more_incidents, found.more_alarms) == (3000 - (LISTED - 1), 2)
    assert Listed.of(things[-2:], 0, 6) == Listed([one for one, _ in things[-2:]])
    assert Listed.of([], 0, 0).number == 0
