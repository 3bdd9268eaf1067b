"""Tinos, of the measures of Times New Roman (NĐ 30/2020 asks for it), shipped: a paper looks the same on every machine."""

from functools import cache
from pathlib import Path

import typst

FOLDER = Path(__file__).parent
FAMILY = "Tinos"


@cache
def fonts() -> typst.Fonts:
    """Read once for a process. What the system has is left out: the same paper must give the same bytes everywhere."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FOLDER])
