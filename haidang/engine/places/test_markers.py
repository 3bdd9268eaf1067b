"""What a map does with more than it has room for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from haidang.engine.places.labels import Box, Ground
from haidang.engine.places.markers import SEARCHING, Marker, place_markers
from haidang.engine.places.profiles import DESK

# A picture of 600 × 600 in which a degree is a pixel.
PLAIN: Any = SimpleNamespace(point=lambda lat, lon: (lon, lat))


def event(n: int, priority: int) -> Marker:
    return Marker(
        lat=(n * 37) % 600, lon=(n * 101) % 600, label=str(n), kind="incident", layer="incident", priority=priority, word="Cao"
    )  # fmt: skip


def test_thousands_of_incidents_mark_every_place_and_the_gravest_keep_their_words() -> None:
    events = [event(n, 1 if n < SEARCHING else 3) for n in range(3000)]
    stations = [Marker(lat=300, lon=20.0 * n, label=f"Trạm {n}", value="40", band=1) for n in range(1, 5)]
    drawn = place_markers([*events, *stations], DESK, PLAIN, Ground(Box(0, 0, 600, 600)))
    assert [one.marker.kind for one in drawn[:4]] == ["station"] * 4, "what happens lies over the stations"
    marks = drawn[4:]
    assert {one.marker.label for one in marks if one.words} == {str(n) for n in range(SEARCHING)}
    assert {one.marker.priority for one in marks[-SEARCHING:]} == {1}
    plain = {(int(m.lon // DESK.swatch), int(m.lat // DESK.swatch)) for m in (one.marker for one in marks)}
    assert plain == {(int(m.lon // DESK.swatch), int(m.lat // DESK.swatch)) for m in events}
    assert len(marks) < len(events) / 2
    assert all(one.dot is None for one in marks[:-SEARCHING]), "they stand on their spots"


def test_few_incidents_are_drawn_as_they_were() -> None:
    drawn = place_markers([event(n, 2) for n in range(SEARCHING)], DESK, PLAIN, Ground(Box(0, 0, 600, 600)))
    assert len(drawn) == SEARCHING
    assert all(one.words for one in drawn)
