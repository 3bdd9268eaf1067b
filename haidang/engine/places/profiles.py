"""Sizes of the map for a desk, a wall and a phone: the same drawing, other measures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from haidang.engine.places.labels import Box


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    width: float
    height: float
    font: float
    margin: float  # from the edge to the outer neat line
    band: float  # width of the graduated band between both neat lines
    pad: float  # what floats over the map keeps this far from the inner neat line
    swatch: float  # height of a station's swatch
    dot: float
    inset_width: float
    commune_names: int
    legend: tuple[float, float]  # width, height kept free at the top left
    scale: tuple[float, float]  # width, height kept free at the bottom left
    chips: tuple[float, float]  # width, height kept free at the top right
    inset_first: str = "right-bottom"
    # What a name that may go is worth, in squares of the type: little where there is little room.
    names_worth: float = 3
    # What each pixel away from its spot costs a symbol, in sizes of the type.
    pull: float = 0.18

    def sized(self, width: float | None, height: float | None) -> Profile:
        return replace(self, width=width or self.width, height=height or self.height)

    @property
    def frame(self) -> Box:
        """Inside of the inner neat line."""
        edge = self.margin + self.band
        return Box(edge, edge, self.width - 2 * edge, self.height - 2 * edge)

    @property
    def inset_bar(self) -> float:
        """Height of its caption; too narrow an inset has none, its words name both archipelagos anyway."""
        return self.font * 1.75 if self.inset_width > 11 * self.font else 0.0

    @property
    def inset_height(self) -> float:
        """Caption, then 16 degrees from the north to the last of Trường Sa, then its two lines of name."""
        degree = self.inset_width / 15.4
        return self.inset_bar + 16 * degree + 2.9 * self.font

    @property
    def reserved(self) -> list[Box]:
        """What the page lays over the map: legend, scale, chips."""
        inner = self.frame.grown(-self.pad)
        boxes = [
            Box(inner.x, inner.y, *self.legend),
            Box(inner.x, inner.bottom - self.scale[1], *self.scale),
            Box(inner.right - self.chips[0], inner.y, *self.chips),
        ]
        return [box for box in boxes if box.width and box.height]


DESK = Profile(
    "desk", 1006, 710, font=15, margin=16, band=6, pad=12, swatch=22, dot=4.5, inset_width=212,
    commune_names=14, legend=(252, 250), scale=(566, 34), chips=(200, 28),
)  # fmt: skip
WALL = Profile(
    "wall", 2210, 1740, font=52, margin=38, band=12, pad=36, swatch=72, dot=12, inset_width=580,
    commune_names=0, legend=(0, 0), scale=(0, 0), chips=(0, 0), inset_first="right-top",
)  # fmt: skip
PHONE = Profile(
    "phone", 358, 440, font=15, margin=6, band=4, pad=6, swatch=22, dot=4, inset_width=134,
    commune_names=3, legend=(0, 0), scale=(0, 0), chips=(0, 0),
)  # fmt: skip
# The map page and any export: nothing floats over it but its own inset.
SHEET = replace(
    DESK, name="sheet", width=1400, height=900, legend=(0, 0), scale=(0, 0), chips=(0, 0), commune_names=40
)
# Printed across a page: the type is that of small print.
PAPER = replace(
    DESK,
    name="paper",
    font=21,
    height=620,
    legend=(0, 0),
    scale=(0, 0),
    chips=(0, 0),
    inset_width=250,
    commune_names=12,
)

# A desk of 1366×768: less room, the same size of type.
SMALL = replace(
    DESK, name="small", width=644, height=456, margin=6, band=4, pad=10, inset_width=134, commune_names=3,
    legend=(468, 62), scale=(534, 34), chips=(128, 30), names_worth=0.3, pull=0.45,
)  # fmt: skip

# The strip an incident has there: nothing floats over it.
LOW = replace(SMALL, name="low", width=684, height=230, legend=(0, 0), scale=(0, 0), chips=(0, 0))

PROFILES = {profile.name: profile for profile in (DESK, SMALL, LOW, WALL, PHONE, SHEET, PAPER)}
