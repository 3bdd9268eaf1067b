"""The looks cells of an .xlsx share, by number: which are days, and which say something of a value (ECMA-376 part 1, 18.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from haidang.engine.contracts.sheets.book import Mark
from haidang.engine.contracts.sheets.formats import mark_of, shown_part

_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


@dataclass(slots=True)
class Styles:
    """What styles say beyond looks, by the number a cell gives; ordinary ones are in neither."""

    dates: set[str] = field(default_factory=set)
    special: dict[str, Mark] = field(default_factory=dict)


def styles_of(root: ET.Element | None) -> Styles:
    styles = Styles()
    if root is None:
        return styles
    formats = {e.get("numFmtId"): e.get("formatCode", "") for e in root.iter("numFmt")}
    fonts = [
        (
            next((e.get("val", "") for e in font if e.tag == "name"), ""),
            any(e.tag == "strike" and e.get("val", "1") in {"1", "true"} for e in font),
        )
        for font in root.iterfind("fonts/font")
    ]
    for number, style in enumerate(root.iterfind("cellXfs/xf")):
        code = style.get("numFmtId", "0")
        shown = shown_part(formats.get(code, ""))
        if int(code) in _DATE_FORMATS or (
            code in formats and re.search(r"[dmyhs]", shown.lower().replace("general", ""))
        ):
            styles.dates.add(str(number))
        font_id = int(style.get("fontId", "0"))
        font, struck = fonts[font_id] if font_id < len(fonts) else ("", False)
        mark = mark_of(int(code), formats.get(code, ""), font, struck=struck)
        if mark != Mark():
            styles.special[str(number)] = mark
    return styles
