"""Stations, alarms, incidents and units on the map: how each looks and where it and its words stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from django.utils.translation import gettext as _

from haidang.engine.places.chart import Line, Rect, Words, number
from haidang.engine.places.labels import Box, Ground, Numbers, as_rows, overlap, text_width
from haidang.engine.places.profiles import Profile
from haidang.engine.places.projection import Projection

_RINGS = (0.0, 1.7, 2.8, 4.0, 5.5, 7.5, 10.0)  # in heights of a swatch
_ANGLES = np.arange(16) * np.pi / 8
# How much it costs to cover the dot of another place, and the thread that leads a moved symbol home.
_DOT, _THREAD = 1.0, 0.8
# So many alarms and incidents look for room for themselves and their words. 300 did so for nine seconds, each against the
# threads of all before it; there is no room by then.
SEARCHING = 60
Kind = Literal["station", "alarm", "incident", "unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """One thing on the map. Numbers and words come ready to read, in the language of the page."""

    lat: float
    lon: float
    label: str
    kind: Kind = "station"
    value: str = ""  # the number in a station's swatch, "191"
    band: int = 0  # 1–6: the legal class of that number; 0: it has none
    word: str = ""  # the word of the class or priority: "Xấu", "Khẩn cấp"
    priority: int = 0  # 1–3 of an alarm or incident
    is_acknowledged: bool = False
    stale: str = ""  # "CŨ 48 phút": the station is drawn hatched
    layer: str = ""  # which switch of the legend hides it
    url: str = ""
    id: str = ""
    number: int = 1  # how many things it stands for
    alone: tuple[str, str] = ("", "")  # of several: label and word of the gravest without the others
    home: tuple[float, float] | None = None  # latitude, longitude of its place, where it is drawn elsewhere

    @property
    def place(self) -> tuple[float, float]:
        return self.home or (self.lat, self.lon)


def with_others(marker: Marker, number: int) -> Marker:
    """The gravest of `number` things, with how many they are in its words."""
    if number == 1:
        return marker
    label, word = marker.alone if marker.number > 1 else (marker.label, marker.word)
    words = _("%(title)s và %(n)d việc nữa ở đây") % {"title": label, "n": number - 1}
    return replace(marker, label=words, word=f"{word} ({number})", number=number, alone=(label, word))


Spotted = tuple[Marker, tuple[float, float]]  # with where it lies in the picture


@dataclass(frozen=True, slots=True)
class Drawn:
    """A marker with its place; every coordinate ready for SVG."""

    marker: Marker
    css: str
    title: str
    box: Rect | None
    strip: Rect | None
    rule: Line | None
    hatch: str
    shape: str
    dot: tuple[str, str] | None
    lead: Line | None
    words: list[Words]


@dataclass(frozen=True, slots=True)
class _Form:
    """What is placed: a symbol of this size with words beside it."""

    width: float
    height: float
    text: str
    text_width: float
    is_dot: bool = False
    # What each square pixel it covers costs: a dot is its spot, an alarm belongs on it, a swatch makes way.
    care: float = 3


def place_markers(
    markers: Iterable[Marker], profile: Profile, projection: Projection, ground: Ground, area_url: str = ""
) -> list[Drawn]:
    """The gravest first, so that they stand nearest to where they belong. Alarms and incidents beyond the first stand on
    their spots without words; of those that would lie on each other one, with the number of all. `area_url`: where that
    one leads, its `{area}` filled in as `south,west,north,east` in degrees.
    """
    ordered = [(marker, projection.point(marker.lat, marker.lon)) for marker in sorted(markers, key=_gravity)]
    events = [one for one in ordered if _is_event(one[0])]
    crowd = _apart(events[SEARCHING:], profile, area_url)
    searching = [*events[:SEARCHING], *(one for one in ordered if not _is_event(one[0]))]
    for x, y in {
        (round(x, 1), round(y, 1)) for _one, (x, y) in searching
    }:  # an alarm and its station share one
        ground.take(_dot(x, y, profile), _DOT)
    drawn = [_placed(marker, spot, profile, ground) for marker, spot in searching]
    drawn[SEARCHING:SEARCHING] = [_on_spot(marker, spot, profile) for marker, spot in crowd]
    return drawn[::-1]  # the gravest are drawn last, over the others


def _is_event(marker: Marker) -> bool:
    return marker.kind in ("alarm", "incident")


def _apart(events: Iterable[Spotted], profile: Profile, area_url: str) -> list[Spotted]:
    """The gravest of each layer within each square of the size of a symbol stands for the others, which it would cover."""
    found: dict[tuple[str, int, int], list[Spotted]] = {}
    for marker, (x, y) in events:
        square = int(x // profile.swatch), int(y // profile.swatch)
        found.setdefault((marker.layer, *square), []).append((marker, (x, y)))
    return [(_for_all([one for one, _spot in near], area_url), near[0][1]) for near in found.values()]


def _for_all(near: Sequence[Marker], area_url: str) -> Marker:
    """The first of them, which stands for all and leads to the list of where they are."""
    first = near[0]
    if len(near) == 1:
        return first
    lats, lons = zip(*(one.place for one in near), strict=True)
    area = ",".join(repr(degree) for degree in (min(lats), min(lons), max(lats), max(lons)))
    url = area_url.replace("{area}", area)
    return replace(with_others(first, sum(one.number for one in near)), url=url)


def _on_spot(marker: Marker, spot: tuple[float, float], profile: Profile) -> Drawn:
    form = _form(marker, profile)
    symbol = Box(spot[0] - form.width / 2, spot[1] - form.height / 2, form.width, form.height)
    return _drawn(marker, form, symbol, "", spot, profile)


def _dot(x: float, y: float, profile: Profile) -> Box:
    return Box(x - profile.dot, y - profile.dot, 2 * profile.dot, 2 * profile.dot)


def _gravity(marker: Marker) -> tuple[int, int, int, str]:
    return (0 if _is_event(marker) else 1, marker.priority or 9, -marker.band, marker.label)


def _form(marker: Marker, profile: Profile) -> _Form:
    height, font = profile.swatch, profile.font
    if _is_event(marker):
        text = " ".join(part for part in (str(marker.priority or ""), marker.word or marker.label) if part)
        return _Form(height, height, text, text_width(text, font, strong=True), care=0.4)
    if marker.kind == "unit":
        return _Form(height * 0.5, height * 0.5, marker.label, text_width(marker.label, font))
    if marker.stale:
        text = f"{marker.label} {marker.stale}"
        return _Form(height * 0.73, height * 0.73, text, text_width(text, font, strong=True))
    if not marker.value:
        return _Form(
            profile.dot * 2,
            profile.dot * 2,
            marker.label,
            text_width(marker.label, font),
            is_dot=True,
            care=0,
        )
    text = f"{marker.label} · {marker.word}" if marker.band >= 3 and marker.word else marker.label
    strong = marker.band >= 3
    width = text_width(marker.value, font, strong=True) + height * (0.55 if strong else 0.85)
    return _Form(max(width, height * 1.3), height, text, text_width(text, font, strong))


def _placed(marker: Marker, spot: tuple[float, float], profile: Profile, ground: Ground) -> Drawn:
    form = _form(marker, profile)
    symbol, side = _best(form, spot, profile, ground, keeps_words=marker.band >= 3 or marker.priority > 0)
    words_box = _beside(symbol, form, side, profile)
    ground.take(symbol.grown(1))
    if words_box:
        ground.take(words_box)
    middle = (symbol.x + symbol.width / 2, symbol.y + symbol.height / 2)
    if max(abs(middle[0] - spot[0]), abs(middle[1] - spot[1])) > max(form.width, form.height):
        ground.take_line(spot, middle, _THREAD)
    return _drawn(marker, form, symbol, side, spot, profile)


def _best(
    form: _Form, spot: tuple[float, float], profile: Profile, ground: Ground, *, keeps_words: bool
) -> tuple[Box, str]:
    """The cheapest of: on the spot, then rings around it; words at a side, or (if they may go) none.

    Rings are tried outwards and no further than where the way alone costs more than the best place so far.
    A dot stays on its spot: it is the spot.
    """
    best = (float("inf"), spot[0], spot[1], "")
    own = as_rows([_dot(*spot, profile)])  # the dot of its own place it may cover
    sides = ("right", "left", "above", "below") if form.is_dot else ("right", "left")
    for ring in _RINGS[:1] if form.is_dot else _RINGS:
        radius = ring * profile.swatch
        toll = profile.pull * radius * profile.font
        if best[0] <= toll:
            break
        angles = _ANGLES if ring else _ANGLES[:1]
        x, y = spot[0] + 1.3 * radius * np.cos(angles), spot[1] + radius * np.sin(angles)
        boxes = _rows(x, y, form.width + 2, form.height + 2)
        covered = ground.cost(boxes) - _DOT * overlap(boxes, own)[:, 0]
        symbol = toll + form.care * covered + (_thread(spot, x, y, ground) if ring else 0)
        nameless = profile.font**2 * (1.2 if form.is_dot else profile.names_worth)
        ways = [(symbol + nameless, "")] if not keeps_words else []
        for index, side in enumerate(sides):
            away_x, away_y = _away(form, side, profile)
            words = ground.cost(_rows(x + away_x, y + away_y, form.text_width, profile.font * 1.3))
            turned = np.where(np.cos(angles) >= -0.01, index, abs(1 - index)) if index < 2 else index
            ways.append((symbol + words + 40 * turned, side))
        for cost, side in ways:
            at = int(np.argmin(cost))
            if cost[at] < best[0]:
                best = (float(cost[at]), float(x[at]), float(y[at]), side)
    _cost, x_best, y_best, side = best
    return Box(x_best - form.width / 2, y_best - form.height / 2, form.width, form.height), side


def _thread(spot: tuple[float, float], x: Numbers, y: Numbers, ground: Ground) -> Numbers:
    """What the way home from each candidate would run over, felt at three places between."""
    felt = np.zeros_like(x)
    for share in (0.4, 0.65, 0.9):
        way_x, way_y = spot[0] + (x - spot[0]) * share, spot[1] + (y - spot[1]) * share
        felt += ground.cost(_rows(way_x, way_y, 5, 5))
    return felt * 2


def _rows(x: Numbers, y: Numbers, width: float, height: float) -> Numbers:
    """Boxes of one size around centres."""
    rows: Numbers = np.column_stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2])
    return rows


def _away(form: _Form, side: str, profile: Profile) -> tuple[float, float]:
    """From the middle of the symbol to the middle of its words."""
    across = form.width / 2 + profile.font * 0.3 + form.text_width / 2
    down = form.height / 2 + profile.font * 0.65
    return {"right": (across, 0.0), "left": (-across, 0.0), "above": (0.0, -down), "below": (0.0, down)}[side]


def _beside(symbol: Box, form: _Form, side: str, profile: Profile) -> Box | None:
    if not side:
        return None
    away_x, away_y = _away(form, side, profile)
    x, y = symbol.x + symbol.width / 2 + away_x, symbol.y + symbol.height / 2 + away_y
    height = profile.font * 1.3
    return Box(x - form.text_width / 2, y - height / 2, form.text_width, height)


def _drawn(
    marker: Marker, form: _Form, symbol: Box, side: str, spot: tuple[float, float], profile: Profile
) -> Drawn:
    font = profile.font
    middle = symbol.y + symbol.height / 2
    moved = max(abs(symbol.x + symbol.width / 2 - spot[0]), abs(middle - spot[1])) > 1
    words = []
    if side:
        words.append(_words(marker, form, symbol, side, profile))
    elif marker.number > 1:  # nothing of what it stands for is seen
        middle_x = number(symbol.x + symbol.width / 2)
        words.append(Words(f"({marker.number})", middle_x, number(middle + font * 0.36), "middle", "m-pl b"))
    box = strip = rule = None
    hatch = shape = ""
    if _is_event(marker):
        shape = _shape(marker.priority, symbol)
    elif marker.kind == "unit":
        box = Rect.of(symbol)
    elif marker.stale:
        box, hatch = Rect.of(symbol), _hatch(symbol)
    elif marker.value:
        box = Rect.of(symbol)
        number_x = symbol.x + symbol.width / 2
        if marker.band >= 3:
            strip = Rect.of(symbol.grown(-1))
        elif marker.band:
            edge = symbol.x + 1 + symbol.height * 0.23
            strip = Rect.of(Box(symbol.x + 1, symbol.y + 1, symbol.height * 0.23, symbol.height - 2))
            rule = Line(
                number(edge + 0.5), number(symbol.y + 1), number(edge + 0.5), number(symbol.bottom - 1)
            )
            number_x += symbol.height * 0.13
        number_css = f"b o{marker.band}" if marker.band else "b"
        words.insert(
            0, Words(marker.value, number(number_x), number(middle + font * 0.36), "middle", number_css)
        )
    is_dot = moved or not (box or shape)
    return Drawn(
        marker=marker,
        css=_css(marker),
        title=_title(marker),
        box=box,
        strip=strip,
        rule=rule,
        hatch=hatch,
        shape=shape,
        dot=(number(spot[0]), number(spot[1])) if is_dot else None,
        lead=_lead(symbol, spot) if moved else None,
        words=words,
    )


def _words(marker: Marker, form: _Form, symbol: Box, side: str, profile: Profile) -> Words:
    place = _beside(symbol, form, side, profile) or symbol
    x, anchor = {
        "right": (place.x, "start"),
        "left": (place.right, "end"),
    }.get(side, (place.x + place.width / 2, "middle"))
    return Words(form.text, number(x), number(place.y + profile.font), anchor, _words_css(marker))


def _css(marker: Marker) -> str:
    names = ["mk", f"mk-{marker.kind}"]
    if marker.layer:
        names.append(f"layer-{marker.layer}")
    if marker.stale:
        names.append("is-stale")
    return " ".join(names)


def _words_css(marker: Marker) -> str:
    if _is_event(marker):
        return f"m-pl b w{marker.priority}"
    if marker.stale:
        return "m-pl m-old"
    return "m-pl b" if marker.band >= 3 else "m-pl"


def _title(marker: Marker) -> str:
    parts = (marker.label, marker.value, marker.word, marker.stale)
    return " · ".join(part for part in parts if part)


def _shape(priority: int, box: Box) -> str:
    """▲ ◆ ● ○, by their corners: one path, so that every priority is drawn alike."""
    left, right, top, bottom = box.x, box.right, box.y, box.bottom
    x, y = (left + right) / 2, (top + bottom) / 2
    if priority == 1:
        return f"M{x:.1f} {top:.1f}L{right:.1f} {bottom:.1f}H{left:.1f}Z"
    if priority == 2:
        return f"M{x:.1f} {top:.1f}L{right:.1f} {y:.1f}L{x:.1f} {bottom:.1f}L{left:.1f} {y:.1f}Z"
    radius = box.width * 0.36
    arc = f"a{radius:.1f} {radius:.1f} 0 1 0"
    return f"M{x - radius:.1f} {y:.1f}{arc} {2 * radius:.1f} 0{arc} {-2 * radius:.1f} 0Z"


def _hatch(box: Box) -> str:
    size = box.width
    starts: Sequence[tuple[float, float, float]] = (
        (0.06, 0.62, 0.56),
        (0.25, 0.94, 0.69),
        (0.62, 0.94, 0.32),
    )
    return "".join(
        f"M{box.x + dx * size:.1f} {box.y + dy * size:.1f}l{length * size:.1f} {-length * size:.1f}"
        for dx, dy, length in starts
    )


def _lead(symbol: Box, spot: tuple[float, float]) -> Line:
    """From the spot to the nearest point of the symbol's edge."""
    x = min(max(spot[0], symbol.x), symbol.right)
    y = min(max(spot[1], symbol.y), symbol.bottom)
    return Line(number(spot[0]), number(spot[1]), number(x), number(y))
