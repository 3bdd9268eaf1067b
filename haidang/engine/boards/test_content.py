from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings
from django.test import RequestFactory
from msgspec.structs import replace

from haidang.engine.boards.content import library
from haidang.engine.boards.definition import AnyTile, Board, Menu
from haidang.engine.boards.frame import Frame
from haidang.engine.contracts.reading import ContentError, Text, read


def test_every_kind_of_tile_is_documented() -> None:
    text = (settings.PROJECT / "docs" / "howto" / "add-a-board.md").read_text(encoding="utf-8")
    kinds = {tile.__struct_config__.tag for tile in get_args(AnyTile)}
    assert {kind for kind in kinds if f"| `{kind}` |" not in text} == set()


def test_every_class_of_every_scale_has_its_colours_in_the_styles() -> None:
    styles = "".join(
        p.read_text(encoding="utf-8") for p in (settings.PROJECT / "web" / "styles").glob("_*.css")
    )
    for table in library().tables.values():
        for step in table.scale:
            assert f".{step.colour} {{" in styles
            assert f"--{step.colour}:" in styles


def test_mild_classes_are_a_strip_and_grave_ones_fill_the_ground() -> None:
    air = [library().classify("environment.aqi_hour", value) for value in (50, 51, 100, 101, 500, 501)]
    assert [c.word for c in air if c] == ["Tốt", "Trung bình", "Trung bình", "Kém", "Nguy hại", "Nguy hại"]
    assert [c.full for c in air if c] == [False, False, False, True, True, True]
    water = [library().classify("environment.wqi_hour", value) for value in (95, 80, 60, 5)]
    assert [c.full for c in water if c] == [False, False, True, True]


def test_a_limit_says_whose_it_is() -> None:
    bounds = library().bounds("SO2")
    assert bounds
    assert all(bound.basis.startswith("QCVN 05") for bound in bounds)


def test_the_navigation_holds_the_boards_whose_files_ask_for_it(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = library()
    air = known.boards["environment.air"]
    lake = replace(air, menu=Menu(place=-1, title=Text(vi="Hồ chứa", en="Reservoirs")))
    monkeypatch.setattr(
        known, "boards", {**known.boards, "ho.nuoc": lake, "environment.air": replace(air, menu=None)}
    )
    names = [address for _act, _name, (address,), _word in Frame(rf.get("/"))._boards]
    assert names == ["ho.nuoc", "leaders.leaders", "economy.economy"]


@pytest.mark.parametrize("layout", ["wall", "overview"])
def test_what_is_no_page_has_no_place_in_the_navigation(tmp_path: Path, layout: str) -> None:
    path = tmp_path / "w.yml"
    path.write_text(
        f"title: {{vi: a, en: b}}\nlayout: {layout}\nmenu: {{place: 1, title: {{vi: a, en: b}}}}\ntiles: []\n"
    )
    with pytest.raises(ContentError, match=r"w.yml:3.*is no page among the boards"):
        read(path, Board)
