"""What is said of places that are none of today's units."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.engine.contracts.sheets.communes import communes

TAY_NINH = communes("80", date(2026, 10, 31))


@pytest.mark.parametrize(
    ("written", "heirs"),
    [
        ("Phường 1", "Phường Tân Ninh (25459), Phường Long An (27694), Phường Kiến Tường (27787)"),
        ("Phường 1 (TP Tây Ninh cũ)", "Phường Tân Ninh (25459)"),
        ("Phường 1 (thuộc TP. Tây Ninh cũ)", "Phường Tân Ninh (25459)"),
        ("Phường 1, thành phố Tây Ninh, tỉnh Tây Ninh", "Phường Tân Ninh (25459)"),
        ("Xã Tân Bình, huyện Tân Biên", "Xã Tân Biên (25486)"),
        ("Xã Tân Bình - H. Tân Biên", "Xã Tân Biên (25486)"),
        ("Thị trấn Tân Biên (cũ)", "Xã Tân Biên (25486)"),
    ],
)
def test_a_unit_of_before_is_told_its_heirs_and_its_district_says_which_one_is_meant(written, heirs):
    assert TAY_NINH.why_none(written) == ("former_place", {"raw": written, "heirs": heirs})


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Phường 1, huyện Tân Biên", "unknown_place"),  # no such unit in that district
        ("Xã Tân Bình, huyện Không Có", "unknown_place"),
        ("Xã An Cư Không", "unknown_place"),
        ("Huyện Tân Biên", "district"),
    ],
)
def test_what_no_unit_of_before_was_called_has_no_heirs(written, code):
    assert TAY_NINH.why_none(written)[0] == code
