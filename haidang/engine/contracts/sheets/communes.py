"""Communes and wards by code or name, as they were on a day; from the register's file, without a database."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from functools import lru_cache
from pathlib import Path

from haidang.engine.places.names import comparable, fold

_REGISTER = Path(__file__).resolve().parents[3] / "engine" / "places" / "data" / "register.csv"
_KIND = re.compile(r"^(?:phuong|p|xa|x|thi tran|tt|dac khu|dk)[. ]\s*(?=\D|\d+$)")


class Communes:
    """Those of a province (of all where it is empty) on one day."""

    def __init__(self, province: str, day: date) -> None:
        self.codes: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._exact: dict[str, list[str]] = defaultdict(list)
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
        bare = text.strip()
        if bare.isdigit():
            code = bare.zfill(5)
            return [code] if code in self.codes else []
        for known, word in ((self._exact, comparable(bare)), (self._names, fold(bare))):
            if found := known.get(word):
                return sorted(set(found))
        return sorted(set(self._names.get(_KIND.sub("", fold(bare)), ())))


@lru_cache(8)
def communes(province: str, day: date) -> Communes:
    """Kept, because the register is fourteen thousand lines."""
    return Communes(province, day)
