"""Which unit a line means: by code, checked against its name and parent, on the day of its figures.

A name alone never decides: two communes of one province, even of one district, bear the same one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from haidang.engine.places.lineage import Lineage, Unit
from haidang.engine.places.names import comparable, fold

LEVELS = {2: "province", 3: "district", 5: "commune"}
_KIND = re.compile(
    r"^(?:thanh pho|thi tran|thi xa|dac khu|phuong|huyen|quan|tinh|xa|tp|tx|tt|dk|p|x|h|q)[. ]\s*(?=\D|\d+$)"
)
# The same words with their marks, for comparing with tones.
_MARKED_KIND = re.compile(
    r"^(?:thành phố|thị trấn|thị xã|đặc khu|phường|huyện|quận|tỉnh|xã|tp|tx|tt|đk|p|x|h|q)[. ]\s*(?=\D|\d+$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Meant:
    """The unit, or why none (a key of `unplaced.REASONS`) with those it might be."""

    unit: Unit | None
    why: str = ""
    candidates: tuple[Unit, ...] = ()


class Resolver:
    """Units of one day by code and by folded name."""

    def __init__(self, lineage: Lineage, day: date) -> None:
        self.lineage, self.day = lineage, day

    @cached_property
    def _by_name(self) -> dict[str, list[Unit]]:
        """Folded names, with and without the kind; made when the first line has a name and no code, or another name."""
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.lineage.units.values():
            if unit.stands_on(self.day):
                for word in {fold(unit.name), fold(str(unit))}:
                    found[word].append(unit)
        return found

    def meant(self, code: str, name: str = "", parent: str = "") -> Meant:
        """`parent` is a code or a name of any unit above, or several of them with commas ("Châu Thành, Long An")."""
        code, name, parent = code.strip(), name.strip(), parent.strip()
        if "," in name and not parent:
            name, _, parent = (part.strip() for part in name.partition(","))
        if code:
            return self._by_code(code, name, parent)
        if not name:
            return Meant(None, "no_code")
        found = self._named(name)
        if not parent:
            return Meant(None, "no_parent" if found else "unknown_name", tuple(found))
        inside = [unit for unit in found if self._lies_in(unit, parent)]
        exact = [unit for unit in inside if _same_with_tones(unit, name)]
        if len(exact) == 1:
            return Meant(exact[0])
        # Typed without any tone a name may still be clear; with another tone it is another name.
        if len(inside) == 1 and comparable(name) == fold(name):
            return Meant(inside[0])
        return Meant(None, "ambiguous" if inside else "unknown_name", tuple(inside or found))

    def _by_code(self, code: str, name: str, parent: str) -> Meant:
        level = LEVELS.get(len(code), "")
        unit = self.lineage.span(level, code, self.day)
        if unit is None:
            spans = self.lineage.spans(level, code)
            return Meant(None, "not_on_day" if spans else "unknown_code", tuple(spans))
        bare = _KIND.sub("", fold(name))
        if name and bare not in (fold(unit.name), fold(str(unit))) and fold(name) != fold(unit.name):
            return Meant(None, "disagrees", (unit, *self._named(name)))
        if parent and not self._lies_in(unit, parent):
            return Meant(None, "disagrees", (unit,))
        return Meant(unit)

    def _named(self, name: str) -> list[Unit]:
        whole = self._by_name.get(fold(name), [])
        return whole or self._by_name.get(_KIND.sub("", fold(name)), [])

    def _lies_in(self, unit: Unit, parent: str) -> bool:
        higher = [self.lineage.over(unit, level, self.day) for level in ("district", "province")]
        above = [one for one in higher if one and one.id != unit.id]
        return all(any(_is_meant(one, word.strip()) for one in above) for word in parent.split(","))


def _is_meant(unit: Unit, text: str) -> bool:
    if unit.code == text or _same_with_tones(unit, text):
        return True
    has_no_tones = comparable(text) == fold(text)
    return has_no_tones and bool({fold(text), _KIND.sub("", fold(text))} & {fold(unit.name), fold(str(unit))})


def _same_with_tones(unit: Unit, text: str) -> bool:
    words = {comparable(text), comparable(_MARKED_KIND.sub("", text))}
    return bool(words & {comparable(unit.name), comparable(str(unit))})
