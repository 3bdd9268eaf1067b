"""Communes and wards by code or name, as they were on a day; from the register's file, without a database."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path

from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.unit_words import says_estimated
from haidang.engine.places.names import comparable, fold

_REGISTER = Path(__file__).resolve().parents[3] / "engine" / "places" / "data" / "register.csv"
_MOST_KEPT = 20_000
_SUCCESSION = _REGISTER.with_name("succession.csv")
_KIND = re.compile(r"^(phuong|p|xa|x|thi tran|tt|dac khu|dk)[. ]\s*(?=\D|\d+$)")
_KIND_WITH_TONES = re.compile(r"^(?:phường|xã|thị trấn|đặc khu|p|x|tt|đk)[. ]\s*(?=\D)")
_KINDS = {"p": "phuong", "x": "xa", "tt": "thi tran", "dk": "dac khu"}
_BEFORE = re.compile(r"^(?:ubnd|uy ban nhan dan|hdnd|dang uy) ")
# What an address adds: “…, huyện Châu Thành, tỉnh Tây Ninh”.
_PARENT = re.compile(r"\s*[,-]\s*(?:tinh|thanh pho|tp|t|huyen|h|thi xa|tx|q|quan)[. ].*$")
_DISTRICT = re.compile(r"[,-]\s*(?:thanh pho|tp|huyen|h|thi xa|tx|q|quan)[. ]")
_OF_PROVINCE = re.compile(r"[,-]\s*(?:tinh|thanh pho|tp|t)[. ]\s*([^,]+?)\s*$")
# The mark of a footnote; “(TX Hòa Thành cũ)” is none, it says that the unit of before is meant.
_BEHIND = re.compile(r"\s*(?:\*+|\((?:\*+|\d{1,2})\)|[¹²³⁰-⁹⁽⁾]+|[:.;,]+)\s*$")
# A number or stroke before a name, and a code beside it: “1. Phường Tân Ninh”, “25459 - Phường Tân Ninh”, “Bình Minh (25480)”.
_BULLET = re.compile(r"^(?:\d{1,3}[.)/]|[-+•*–])\s*(?=\D)")
_CODE_BEFORE, _CODE_BEHIND = (
    re.compile(r"^(\d{5})[\s.:–-]+(\D.+)$"),
    re.compile(r"^(\D.+?)[\s(–-]+(\d{5})\)?$"),
)
# An address of before 1 July 2025: “Xã Tân Bình, huyện Tân Biên”, “Phường 1 (TP Tây Ninh cũ)”; and “Phường 1 (cũ)”.
_IN_DISTRICT = re.compile(
    r"(.+?)\s*[,(-]\s*(?:thuoc )?((?:thanh pho|tp|huyen|h|thi xa|tx|quan|q)[. ]\s*[^,()]+?)\s*\)?\s*(?:,.*)?"
)
_OF_BEFORE = re.compile(r"\s*(?:\(cu\)|\bcu)$")
_CODE_AS_NUMBER = re.compile(r"(\d{4,5})[.,]0{1,2}")
# A bracket behind a name: “Phường Ninh Thạnh (ước)”.
_BRACKET_BEHIND = re.compile(r"^(\D.*?)\s*[(\[]([^()\[\]]+)[)\]]$")
_KIND_BEHIND = re.compile(r"^(.+?)\s*\((phuong|xa|dac khu|p|x)\.?\)$")


class Communes:
    """Those of a province (of all where it is empty) on one day."""

    def __init__(self, province: str, day: date) -> None:
        self.province = province
        self.codes: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._exact: dict[str, list[str]] = defaultdict(list)
        # A line is looked at twice, and the same names come every month.
        self._found: dict[str, list[str]] = {}
        # Texts looked at by `clear`: the code, or nothing.
        self.cleared: dict[str, str] = {}
        stamp = day.isoformat()
        with _REGISTER.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["level"] != "commune" or (province and row["parent"] != province):
                    continue
                if not ((row["from"] or "0") <= stamp <= (row["to"] or "9")):
                    continue
                self.codes[row["code"]] = f"{row['kind']} {row['name']}"
                self.parents[row["code"]] = row["parent"]
                for word in (row["name"], f"{row['kind']} {row['name']}"):
                    self._names[fold(word)].append(row["code"])
                    self._exact[comparable(word)].append(row["code"])

    def find(self, text: str) -> list[str]:
        """Codes a text may mean: one when it is clear."""
        found = self._found.get(text)
        if found is None:
            if len(self._found) > _MOST_KEPT:
                self._found.clear()
            found = self._found[text] = self._find(text)
        return found

    @cached_property
    def kinds(self) -> dict[object, str]:
        """Code → Phường, Xã or Đặc khu."""
        kinds = ("Phường", "Xã", "Đặc khu")
        return {code: next((k for k in kinds if name.startswith(k)), "") for code, name in self.codes.items()}

    def clear(self, text: str) -> str:
        """Code of the one unit a text names as it is called today, so that nothing need be said of it; empty otherwise."""
        code = self.cleared.get(text)
        if code is None:
            if len(self.cleared) > _MOST_KEPT:
                self.cleared.clear()
            found = [] if clean(text) != (text, None) else self.find(text)
            plain = len(found) == 1 and text == " ".join(text.split()) and not self.other_kind(text, found[0])
            code = self.cleared[text] = found[0] if plain else ""
        return code

    def _find(self, text: str) -> list[str]:
        bare = text.strip()
        if code_of := _CODE_AS_NUMBER.fullmatch(bare):
            bare = code_of[1]  # “25480.0”, as programs write numbers
        if bare.isdigit():
            code = bare.zfill(5)
            return [code] if code in self.codes else []
        exact = comparable(bare)
        tried = (
            (self._exact, exact),
            (self._names, fold(bare)),
            (self._exact, _KIND_WITH_TONES.sub("", exact)),
        )
        for known, word in tried:
            if found := known.get(word):
                return sorted(set(found))
        return sorted(set(self._names.get(_KIND.sub("", fold(bare)), ())))

    def find_within(self, text: str) -> list[str]:
        """Codes of the unit in an address or under an office's name: “UBND xã Truông Mít”, “Xã Châu Thành, tỉnh Tây Ninh”."""
        plain = fold(text)
        if self.other_province(text):
            return []
        for form, code, name in ((_CODE_BEFORE, 1, 2), (_CODE_BEHIND, 2, 1)):
            if both := form.match(text.strip()):
                # Code and name, where both mean the same.
                return [
                    one for one in self.find(both[name]) or self.find_within(both[name]) if one == both[code]
                ]
        bare = _BULLET.sub("", text.strip())
        if bare != text.strip():
            return self.find(bare) or self.find_within(bare)
        said = _BRACKET_BEHIND.match(bare)
        if said and says_estimated(fold(said[2].strip())):
            return self.find(said[1]) or self.find_within(said[1])
        if behind := _KIND_BEHIND.fullmatch(plain):
            plain = f"{_KINDS.get(behind[2], behind[2])} {behind[1]}"
        plain = _PARENT.sub("", _BEHIND.sub("", _BEFORE.sub("", plain)))
        # Cut from the text itself where that can be done, so that tones still count.
        start = fold(text).find(plain)
        cut = (
            text.strip()[start : start + len(plain)]
            if len(fold(text)) == len(text.strip()) and start >= 0
            else plain
        )
        return self.find(cut)

    def other_kind(self, text: str, code: str) -> bool:
        """Whether a text calls a unit by another kind than it is of, or by its district: a town that became a ward has other
        bounds too.
        """
        plain = fold(text)
        written = _KIND.match(plain)
        return bool(_DISTRICT.search(plain)) or (
            written is not None
            and not fold(self.codes[code]).startswith(_KINDS.get(written[1], written[1]) + " ")
        )

    def other_province(self, text: str) -> str:
        """The province an address names, where it is none of ours; empty otherwise."""
        named = _OF_PROVINCE.search(fold(text)) if self.province else None
        return self._others.get(named[1], "") if named else ""

    @cached_property
    def _others(self) -> dict[str, str]:
        """Provinces of today and before that did not become ours, by their folded names."""
        with _SUCCESSION.open(encoding="utf-8", newline="") as stream:
            own = {row["old"] for row in csv.DictReader(stream) if row["new"] == self.province}
        found, ours = {}, set()
        with _REGISTER.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["level"] == "province":
                    found[fold(row["name"])] = f"{row['kind']} {row['name']}"
                    if row["code"] in own | {self.province}:
                        ours.add(fold(row["name"]))
        return {name: known for name, known in found.items() if name not in ours}

    def why_none(self, text: str) -> tuple[str, dict[str, object]]:
        """Why a name is none of today's units: an old one, a district, or a slip of the pen."""
        if other := self.other_province(text):
            return "other_province", {"raw": text, "other": other}
        if heirs := self.heirs(text):
            return "former_place", {
                "raw": text,
                "heirs": ", ".join(f"{self.codes[c]} ({c})" for c in heirs[:4]),
            }
        if self.is_district(text):
            return "district", {"raw": text}
        near = self.near(text)
        return "unknown_place", {
            "raw": text,
            "near": f" (có phải “{near}”?)" if near else "",
            "near_en": f" (is it “{near}”?)" if near else "",
        }

    def heirs(self, text: str) -> list[str]:
        """Codes of the units that a unit of before took part in."""
        plain = fold(text)
        found = self._units_of_before(plain)
        if not found and (within := _IN_DISTRICT.fullmatch(plain)):
            # “Cư” may end a name too.
            names = (within[2], _OF_BEFORE.sub("", within[2]))
            districts = next((self._districts[name] for name in names if name in self._districts), set())
            found = [one for one in self._units_of_before(within[1]) if one["parent"] in districts]
        elif not found:
            found = self._units_of_before(_OF_BEFORE.sub("", plain))
        return sorted({new for old in found for new in self._successors.get(old["code"], ())})

    def _units_of_before(self, plain: str) -> list[dict[str, str]]:
        return self._former.get(plain) or self._former.get(_KIND.sub("", plain), [])

    @cached_property
    def wholes(self) -> set[str]:
        """What the whole province is called, folded: in these a line of it is a total."""
        with _REGISTER.open(encoding="utf-8", newline="") as stream:
            found = [
                (fold(row["kind"]), fold(row["name"]))
                for row in csv.DictReader(stream)
                if row["level"] == "province" and row["code"] == self.province and not row["to"]
            ]
        return {
            f"{before}{kind} {name}"
            for kind, name in found
            for before in ("", "toan ", "tong so ", "tong cong ", "cong toan ")
        }

    def is_district(self, text: str) -> bool:
        return fold(text) in self._districts

    def near(self, text: str) -> str:
        """The unit whose name is nearest; empty where none is near."""
        found = get_close_matches(_KIND.sub("", fold(text)), self._names, 1, 0.75)
        codes = self._names[found[0]] if found else []
        return self.codes[codes[0]] if len(set(codes)) == 1 else ""

    @cached_property
    def _successors(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        with _SUCCESSION.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["new"] in self.codes:
                    found[row["old"]].append(row["new"])
        return found

    @cached_property
    def _former(self) -> dict[str, list[dict[str, str]]]:
        """Abolished communes that live on in ours, by their folded names."""
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in _abolished("commune"):
            if row["code"] in self._successors:
                for word in (row["name"], f"{row['kind']} {row['name']}"):
                    found[fold(word)].append(row)
        return found

    @cached_property
    def _districts(self) -> dict[str, set[str]]:
        """Codes of the districts there were, by their folded names in full and as they are shortened."""
        short = {
            "Huyện": ("h.", "h"),
            "Thị xã": ("tx.", "tx"),
            "Thành phố": ("tp.", "tp"),
            "Quận": ("q.", "q"),
        }
        found: dict[str, set[str]] = defaultdict(set)
        for row in _abolished("district"):
            for kind in (row["kind"], *short.get(row["kind"], ())):
                for gap in (" ", "") if kind.endswith(".") else (" ",):
                    found[fold(f"{kind}{gap}{row['name']}")].add(row["code"])
        return found


def _abolished(level: str) -> list[dict[str, str]]:
    with _REGISTER.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["level"] == level and row["to"]]


@lru_cache(8)
def communes(province: str, day: date) -> Communes:
    """Kept, because the register is fourteen thousand lines."""
    return Communes(province, day)
