"""The chart around the map: graticule, graduated neat line, and the inset that names both archipelagos."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, floor

from haidang.engine.places.labels import Box, Ground
from haidang.engine.places.outlines import islands, sketched_provinces, vietnam
from haidang.engine.places.profiles import Profile
from haidang.engine.places.projection import Projection

# What the inset shows: west, south, east, north. Both archipelagos lie inside with room for their names.
INSET_VIEW = (101.9, 7.6, 117.9, 23.6)
_STEPS_MINUTES = (5, 10, 15, 20, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class Line:
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `anchor` as in SVG."""

    text: str
    x: str
    y: str
    anchor: str = "start"
    css: str = ""


@dataclass(frozen=True, slots=True)
class Rect:
    x: str
    y: str
    width: str
    height: str

    @classmethod
    def of(cls, box: Box) -> Rect:
        return cls(number(box.x), number(box.y), number(box.width), number(box.height))


@dataclass(frozen=True, slots=True)
class Frame:
    outside: str
    outer: Rect
    inner: Rect
    grid: list[Line]
    grads: list[Line]
    words: list[Words]


@dataclass(frozen=True, slots=True)
class Inset:
    x: str
    y: str
    box: Rect
    sea: Rect
    caption: Words
    vietnam: str
    province: str
    islands: list[tuple[str, str, str]]
    radius: str
    words: list[Words]


def number(value: float) -> str:
    """A coordinate as SVG writes it, whatever language the page speaks."""
    return f"{value:.1f}"


def frame_of(profile: Profile, projection: Projection, ground: Ground) -> Frame:
    inner = profile.frame
    outer = inner.grown(profile.band)
    west, south, east, north = projection.seen(inner)
    step = next((step for step in _STEPS_MINUTES if (north - south) * 60 / step <= 6), _STEPS_MINUTES[-1])
    grid = []
    for minutes in range(ceil(west * 60 / step) * step, floor(east * 60) + 1, step):
        x, _ = projection.point(north, minutes / 60)
        grid.append(_line(x, inner.y, x, inner.bottom))
    for minutes in range(ceil(south * 60 / step) * step, floor(north * 60) + 1, step):
        _, y = projection.point(minutes / 60, west)
        grid.append(_line(inner.x, y, inner.right, y))
    hole = f"M{inner.x} {inner.y}V{inner.bottom}H{inner.right}V{inner.y}Z"
    return Frame(
        outside=f"M0 0H{profile.width}V{profile.height}H0Z{hole}",
        outer=Rect.of(outer),
        inner=Rect.of(inner),
        grid=grid,
        grads=_graduation(profile, projection, step / 2),
        words=_parallel_named(profile, projection, ground, step),
    )


def _parallel_named(profile: Profile, projection: Projection, ground: Ground, step: int) -> list[Words]:
    """The latitude nearest to the middle whose words find room at the left edge."""
    inner, font = profile.frame, profile.font
    west, south, _, north = projection.seen(inner)
    parallels = range(ceil(south * 60 / step) * step, floor(north * 60) + 1, step)
    for minutes in sorted(parallels, key=lambda one: abs(one - (south + north) * 30)):
        x, y = inner.x + profile.pad / 2, projection.point(minutes / 60, west)[1]
        box = Box(x, y - font * 1.4, font * 4.6, font * 1.3)
        if ground.is_free(box):
            ground.take(box)
            return [
                Words(f"{minutes // 60}°{minutes % 60:02d}′B", number(x), number(y - font * 0.4), css="m-co")
            ]
    return []


def _graduation(profile: Profile, projection: Projection, step: float) -> list[Line]:
    """Every second span of the band between the neat lines is filled, as on a sea chart."""
    inner, half = profile.frame, profile.band / 2
    west, south, east, north = projection.seen(inner)
    lines = []
    for index in range(floor(west * 60 / step), ceil(east * 60 / step), 1):
        if index % 2 == 0:
            start = max(projection.point(north, index * step / 60)[0], inner.x)
            end = min(projection.point(north, (index + 1) * step / 60)[0], inner.right)
            if end > start:
                lines.append(_line(start, inner.y - half, end, inner.y - half))
                lines.append(_line(start, inner.bottom + half, end, inner.bottom + half))
    for index in range(floor(south * 60 / step), ceil(north * 60 / step), 1):
        if index % 2 == 0:
            start = min(projection.point(index * step / 60, west)[1], inner.bottom)
            end = max(projection.point((index + 1) * step / 60, west)[1], inner.y)
            if start > end:
                lines.append(_line(inner.x - half, start, inner.x - half, end))
                lines.append(_line(inner.right + half, start, inner.right + half, end))
    return lines


def _line(x1: float, y1: float, x2: float, y2: float) -> Line:
    return Line(number(x1), number(y1), number(x2), number(y2))


def inset_box(profile: Profile, corner: str) -> Box:
    """In the corner, moved up or down past what the page lays over the map there."""
    inner = profile.frame.grown(-profile.pad)
    x = inner.right - profile.inset_width if corner.startswith("right") else inner.x
    is_below = corner.endswith("bottom")
    y = inner.bottom - profile.inset_height if is_below else inner.y
    if corner == "left-bottom":  # the words on what kind of map this is stand there
        y -= profile.font * 2
    box = Box(x, y, profile.inset_width, profile.inset_height)
    gap = profile.font * 0.4
    for other in profile.reserved:
        if box.overlaps(other):
            box = replace(box, y=other.y - gap - box.height if is_below else other.bottom + gap)
            box = replace(box, y=box.y - profile.font * 2) if corner == "left-bottom" else box
    return box


def inset_corners(profile: Profile) -> list[str]:
    """The corners with room for the inset, the profile's own first."""
    first = profile.inset_first
    order = [first, *(one for one in ("right-bottom", "right-top", "left-bottom") if one != first)]
    frame = profile.frame

    def has_room(corner: str) -> bool:
        box = inset_box(profile, corner)
        is_inside = (
            box.y >= frame.y and box.bottom <= frame.bottom and box.x >= frame.x and box.right <= frame.right
        )
        return is_inside and not any(box.overlaps(other) for other in profile.reserved)

    return [corner for corner in order if has_room(corner)] or [first]


def inset_alone(profile: Profile, province: str) -> Inset:
    """The inset as a picture of its own, for maps the browser draws."""
    return replace(inset_of(profile, profile.inset_first, province), x="0", y="0")


@lru_cache(maxsize=200)
def inset_of(profile: Profile, corner: str, province: str) -> Inset:
    """Vietnam with Hoàng Sa and Trường Sa, named with the province each belongs to; drawn on every map."""
    box = inset_box(profile, corner)
    font, bar = profile.font, profile.inset_bar
    sea = Box(0, bar, box.width, box.height - bar)
    projection = Projection.fitting(INSET_VIEW, Box(0, bar, box.width, box.height - bar - 2.9 * font))
    right, line = box.width - font * 0.5, font * 1.18
    above = projection.point(17.1, 112)[1] - font * 0.45
    below = projection.point(7.75, 112)[1] + line
    words = [
        Words("Hoàng Sa", number(right), number(above - line), "end", "b"),
        Words("TP. Đà Nẵng", number(right), number(above), "end", "mu"),
        Words("Trường Sa", number(right), number(below), "end", "b"),
        Words("Khánh Hòa", number(right), number(below + line), "end", "mu"),
    ]
    points = []
    for island in islands():
        x, y = projection.point(island.lat, island.lon)
        points.append((number(x), number(y), f"{island.name} – {island.archipelago}"))
    return Inset(
        x=number(box.x),
        y=number(box.y),
        box=Rect.of(box),
        sea=Rect.of(sea),
        caption=Words("Hoàng Sa, Trường Sa" if bar else "", number(font * 0.5), number(font * 1.25), css="b"),
        vietnam=projection.path(vietnam(), 0.3),
        province=projection.path(sketched_provinces()[province], 0.3),
        islands=points,
        radius=number(max(1.7, font * 0.11)),
        words=words,
    )
