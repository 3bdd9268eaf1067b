"""Which centre an office's name means: one of the province, or that of a commune.

Lists of one-stop systems name the office in words (“UBND phường Tân Ninh”). It is a commune's where what follows xã, phường
or đặc khu is a commune of the register; everything else belongs to the province.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from haidang.engine.contracts.sheets.communes import communes
from haidang.engine.places.names import comparable

Level = Literal["province", "commune"]
WORDS: dict[Level, str] = {"province": "cấp tỉnh", "commune": "cấp xã"}
_UNIT = re.compile(r"\b(?:phường|xã|đặc khu)\s+\S.*", re.IGNORECASE)
# What may follow the name: “phường Tân Ninh, tỉnh Tây Ninh”, “xã Tân Biên (cơ sở 2)”.
_END = re.compile(r"[,;(–]| - |\btỉnh\b|\bthành phố\b", re.IGNORECASE)


class Centre(NamedTuple):
    """A centre as the list names it first. `place` is the commune's code where the register knows one of that name."""

    name: str
    level: Level
    place: str = ""


class Centres:
    """Recognises offices by name on one day; spellings that differ in case and spaces only are one centre."""

    def __init__(self, province: str, day: date) -> None:
        self._communes = communes(province, day)
        self._known: dict[str, Centre] = {}

    def of(self, office: str) -> Centre:
        key = comparable(office)
        if key not in self._known:
            self._known[key] = self._recognised(" ".join(office.split()))
        return self._known[key]

    def _recognised(self, office: str) -> Centre:
        found = _UNIT.search(office)
        while found:
            codes = self._communes.find(_END.split(found[0])[0].strip())
            if codes:
                return Centre(office, "commune", codes[0] if len(codes) == 1 else "")
            # “Phòng Văn hóa – Xã hội phường Tân Ninh”: the first xã was no commune.
            found = _UNIT.search(office, found.start() + 1)
        return Centre(office, "province")
