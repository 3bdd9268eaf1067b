"""Letters on a wall against the table of ergonomics: NUREG-0700 and ISO 9241."""

import pytest

from haidang.engine.boards.walls.calibration import Calibration, capital_mm

# Capital height in mm by distance and angle.
TABLE = {
    16: {0.7: 3.3, 3: 14, 4: 19, 5: 23, 6: 28, 8: 37, 10: 47},
    20: {0.7: 4.1, 3: 17.5, 4: 23, 5: 29, 6: 35, 8: 47, 10: 58},
    25: {0.7: 5.1, 3: 22, 4: 29, 5: 36, 6: 44, 8: 58, 10: 73},
}


@pytest.mark.parametrize("minutes", TABLE)
def test_capitals_are_as_high_as_the_table_says(minutes: int) -> None:
    for distance, height in TABLE[minutes].items():
        digits = 0.05 if height < 10 or height % 1 else 0.5
        assert capital_mm(distance, minutes) == pytest.approx(height, abs=digits + 0.01), distance


def test_the_drawn_wall_has_44_px_of_17_minutes_from_eight_metres() -> None:
    wall = Calibration(4800, 3840, 2160, 8)
    assert wall.step == 100
    assert (wall.shown_px, wall.shown_minutes) == (44, 17)
    assert wall.root_px == 40
    assert wall.needed_px() == pytest.approx(40.9, abs=0.05)
    assert wall.needed_px(20) == pytest.approx(51.1, abs=0.05)


def test_a_farther_seat_takes_a_larger_step_that_is_enough() -> None:
    wall = Calibration(4800, 3840, 2160, 9.5)
    assert wall.step == 115
    assert wall.minutes(wall.smallest_px(115)) >= 16 > wall.minutes(wall.smallest_px(110))


def test_the_pixels_of_the_same_wall_do_not_change_what_is_seen() -> None:
    fine, coarse = Calibration(4800, 7680, 4320, 8), Calibration(4800, 1920, 1080, 8)
    assert fine.shown_minutes == coarse.shown_minutes == 17
    assert fine.root_px == 4 * coarse.root_px


def test_too_far_a_seat_fits_no_step_and_says_what_would() -> None:
    wall = Calibration(4800, 3840, 2160, 14)
    assert wall.step is None
    assert Calibration(4800, 3840, 2160, wall.fits_m - 0.01).step == 115
    assert Calibration(round(wall.width_needed_m * 1000) + 1, 3840, 2160, 14).step == 115


def test_a_flat_wall_is_measured_by_its_height() -> None:
    assert Calibration(9600, 7680, 1080, 8).unit_px == 20
