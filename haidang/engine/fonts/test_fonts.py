"""What stands on a paper in place of what its fonts lack."""

import pytest

from haidang.engine.fonts import writable


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("120 ㎡, 5 ㎏, 3 ㎥ và 12 ㎍/m³", "120 m², 5 kg, 3 m³ và 12 μg/m³"),
        ("35 ℃, 10 °C, m²", "35 ℃, 10 °C, m²"),
        ("đạt ９０％ ＂tốt＂", 'đạt 90% "tốt"'),
        ("xong 🙂 rồi", "xong rồi"),
        ("xong 🙂🙂 🙂 rồi", "xong rồi"),
        ("xong 🙂, rồi", "xong , rồi"),
        ("họ 𠀀 và 株", "họ (?) và (?)"),
        ("cột A    cột B 漢", "cột A    cột B (?)"),
        ("cột A    cột B 🙂", "cột A    cột B "),
        ("🙂", ""),
    ],
)
def test_units_are_written_out_and_only_pictures_are_left_out(typed: str, printed: str) -> None:
    assert writable(typed) == printed
