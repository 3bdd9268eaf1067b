"""What a map does with more than it has room for."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from haidang.engine.places.labels import Box, Ground
from haidang.engine.places.markers import SEARCHING, Marker, place_markers, with_others
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
    told = {one.marker.label for one in marks if any("Cao" in words.text for words in one.words)}
    assert told == {str(n) for n in range(SEARCHING)}
    assert {one.marker.priority for one in marks[-SEARCHING:]} == {1}
    plain = {(int(m.lon // DESK.swatch), int(m.lat // DESK.swatch)) for m in (one.marker for one in marks)}
    assert plain == {(int(m.lon // DESK.swatch), int(m.lat // DESK.swatch)) for m in events}
    assert len(marks) < len(events) / 2
    assert all(one.dot is None for one in marks[:-SEARCHING]), "they stand on their spots"
    assert sum(one.marker.number for one in marks) == len(events)


def test_of_incidents_that_would_cover_each_other_one_is_drawn_with_their_number() -> None:
    far = [event(n, 1) for n in range(SEARCHING)]
    alone = replace(event(0, 2), lat=590, lon=590, label="Một mình", url="/su-viec/1/")
    near = [
        replace(event(0, 2), lat=300 + n / 4, lon=301 + n / 4, label=f"Gần {n}", url=f"/su-viec/{n + 2}/")
        for n in range(3)
    ]
    several = with_others(replace(near[0], lat=302, lon=301.5, label="Hai ở đây", priority=3), 2)
    drawn = place_markers(
        [*far, alone, *near, several], DESK, PLAIN, Ground(Box(0, 0, 600, 600)), "/ban-do/?o={area}"
    )
    assert sum(one.marker.number for one in drawn) == SEARCHING + 6
    found = {one.marker.url: one for one in drawn[:-SEARCHING]}
    mark = found.pop("/ban-do/?o=300.0,301.0,302,301.5")
    assert (mark.title, mark.marker.number) == ("Gần 0 và 4 việc nữa ở đây · Cao (5)", 5)
    assert [words.text for words in mark.words] == ["(5)"]
    assert found.keys() == {"/su-viec/1/"}
    assert not found["/su-viec/1/"].words
    assert with_others(several, 4).word == "Cao (4)", "counted anew, not once more"


def test_few_incidents_are_drawn_as_they_were() -> None:
    drawn = place_markers([event(n, 2) for n in range(SEARCHING)], DESK, PLAIN, Ground(Box(0, 0, 600, 600)))
    assert len(drawn) == SEARCHING
    assert all(one.words for one in drawn)
