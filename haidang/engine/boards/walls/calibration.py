"""How large letters must be on a wall: from its width, its pixels and the farthest seat.

Capital height h = 2·d·tan(α/2) (NUREG-0700, ISO 9241); Inter's capitals are 0.728 em, so the font size is h / 0.728.
The wall is drawn in units of its own width: 96 units wide, 54 high; the root font size is one unit times a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, degrees, radians, tan
from typing import Final

CAPITALS: Final = 0.728
# Arc minutes below which nothing on a wall may be.
FLOOR: Final = 16.0
UNITS_WIDE, UNITS_HIGH = 96, 54
# The smallest words of the sheet (--wall-1).
SMALLEST_REM: Final = 1.1
# Root sizes in percent: a step up leaves less room, so the list of orders is cut; see `rows`.
STEPS: Final = (100, 105, 110, 115)
ROWS: Final = {100: 3, 105: 2, 110: 2, 115: 1}


def capital_mm(distance_m: float, minutes: float) -> float:
    """Height of capitals that are seen at this angle from this far."""
    return 2000 * distance_m * tan(radians(minutes / 60) / 2)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The measures of one wall."""

    width_mm: int
    width_px: int
    height_px: int
    seat_m: float

    @property
    def px_per_mm(self) -> float:
        return self.width_px / self.width_mm

    @property
    def width_m(self) -> float:
        return self.width_mm / 1000

    @property
    def unit_px(self) -> float:
        """The narrower of both directions decides, as in the style sheet."""
        return min(self.width_px / UNITS_WIDE, self.height_px / UNITS_HIGH)

    def needed_px(self, minutes: float = FLOOR) -> float:
        """Font size that is seen at this angle from the farthest seat."""
        return capital_mm(self.seat_m, minutes) / CAPITALS * self.px_per_mm

    def smallest_px(self, step: int) -> float:
        return SMALLEST_REM * self.unit_px * step / 100

    def minutes(self, font_px: float) -> float:
        """Angle at which this font size is seen from the farthest seat."""
        capital = font_px * CAPITALS / self.px_per_mm
        return degrees(2 * atan(capital / (2000 * self.seat_m))) * 60

    @property
    def step(self) -> int | None:
        """The smallest step at which everything can be read; None when none is enough."""
        return next((step for step in STEPS if self.minutes(self.smallest_px(step)) >= FLOOR), None)

    @property
    def fits_m(self) -> float:
        """The farthest seat from which the largest step can be read."""
        capital = self.smallest_px(STEPS[-1]) * CAPITALS / self.px_per_mm
        return capital / (2000 * tan(radians(FLOOR / 60) / 2))

    @property
    def width_needed_m(self) -> float:
        """How wide a wall of these pixels must be for the farthest seat."""
        return self.width_m * self.seat_m / self.fits_m

    @property
    def shown_px(self) -> int:
        return round(self.smallest_px(self.step or STEPS[-1]))

    @property
    def shown_minutes(self) -> int:
        """Rounded down: a wall never claims more than it has."""
        return int(self.minutes(self.smallest_px(self.step or STEPS[-1])) + 1e-9)

    @property
    def root_px(self) -> float:
        return self.unit_px * (self.step or STEPS[-1]) / 100
