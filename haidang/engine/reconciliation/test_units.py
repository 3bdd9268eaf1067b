"""Units as a reader of another language meets them."""

from __future__ import annotations

import pytest

from haidang.engine.contracts.tree import load_tree
from haidang.engine.contracts.unit_words import unit_words
from haidang.engine.indicators.kinds import KINDS
from tools.test_translations import VIETNAMESE


@pytest.mark.parametrize(
    ("unit", "english"),
    [
        ("tỷ đồng", "billion dong"),
        ("nghìn tỷ đồng", "trillion dong"),
        ("ngày làm việc", "working days"),
        ("ngày giường/lượt", "bed days/visit"),
        ("ngày/hồ sơ", "days/dossier"),
        ("giường/vạn dân", "beds/ten thousand people"),
        ("µg/m³", "µg/m³"),
    ],
)
def test_a_unit_is_said_in_english(unit: str, english: str) -> None:
    assert unit_words(unit, "en") == english
    assert unit_words(unit, "vi") == unit


def test_every_unit_of_our_domains_has_its_english() -> None:
    tree = load_tree(kinds=KINDS)
    units = {entry.thing.unit for entry in tree.of("indicators").values()}
    for entry in tree.sheets.values():
        units |= {column.unit for column in entry.thing.columns.values()}
        units |= {item.unit for item in entry.thing.items.values()}
    assert len(units) > 20
    assert {unit for unit in units if VIETNAMESE.search(unit_words(unit or "", "en"))} == set()
