"""Lines of a list that are its sums so far, and do not say so: counted as one more office they would count all twice."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.book import Value
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.verdict import Level, address
from haidang.engine.contracts.sheets.wording import folded

_COMPARES = re.compile(
    r"\W*(?:luy ke|cong don|binh quan|trung binh|so (?:voi|sanh|cung ky|ky truoc|thang truoc|nam truoc|ke hoach|du toan|lieu)|"
    r"(?:uoc )?thuc hien(?: (?:cung ky|thang|ky|quy|nam|trong|luy ke))|dat (?:ty le|ti le|\d)|(?:sau )?dieu chinh|quy (?:nay|truoc|[ivx\d]+)|ty le|ti le|cung ky|ky truoc|ky nay|thang (?:nay|truoc|\d)|tuan (?:nay|truoc|\d)|"
    r"nam (?:nay|truoc|20)|(?:tang|giam)(?=$| ?[,/+(-]| so | tang| giam)|chenh lech|chi tieu|muc tieu|con lai)\b|"
    # “Kế hoạch và Đầu tư”, “Kế hoạch – Tài chính” are departments.
    r"\W*ke hoach(?=\W*$| ?[(/]| (?:nam|thang|quy|tuan|ky|giao|duoc|da|dat|\d))"
)
_PART = re.compile(r"\s*(?:[-+*•–—·]|[a-zđ][.)])\s*\S|\s*(?:trong đó|gồm|bao gồm|chia ra)\b", re.IGNORECASE)
_PART_OF = re.compile(r"(\d{1,4})[.,]\d{1,3}\.?")
# Of so many lines at least, in so many columns, each of at least so much: below it sums are alike by chance.
LINES, COLUMNS, LEAST = 2, 2, 10


@dataclass(slots=True)
class Unnamed:
    """Of one file. Places are known by the register, and lines with names of their own by the contract: no list of these."""

    contract: SheetContract
    whole: dict[str, float] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    # Number of a line → where it is named.
    orders: dict[str, str] = field(default_factory=dict)
    lines: int = 0
    lines_since: int = 0

    def look(self, block: Block) -> None:
        """Say it of the cell that names the line."""
        contract = self.contract
        names = [
            name
            for name in block.values
            if contract.columns[name].type in NUMERIC
            and contract.columns[name].type != "percent"
            and contract.columns[name].additive
        ]
        key = contract.key[0] if contract.key else ""
        if contract.items or key not in block.values or contract.columns[key].type != "text":
            return
        column = next(c for c, name in block.layout.columns.items() if name == key)
        if names and not contract.columns[key].pattern:  # a code is no name
            self._odd(block, key, column)
        if len(names) < COLUMNS:
            return
        if not contract.columns[key].pattern:
            self._over_lines(block, names, column)
        for place, (number, _) in enumerate(block.rows):
            found = {name: v for name in names if isinstance(v := block.values[name][place], float)}
            tried = ((self.lines, self.whole), (self.lines_since, self.since))
            count = next((n for n, sums in tried if n >= LINES and _alike(found, sums)), 0)
            if count:
                block.say(number, column, Level.WARNING, "like_total", {"count": count})
                self.since, self.lines_since = {}, 0
                continue
            self.lines, self.lines_since = self.lines + 1, self.lines_since + 1
            for name, value in found.items():
                self.whole[name] = self.whole.get(name, 0.0) + value
                self.since[name] = self.since.get(name, 0.0) + value

    def _odd(self, block: Block, key: str, column: int) -> None:
        """Lines that compare (“Lũy kế từ đầu năm”, “Cùng kỳ”), and parts of the line above (“1.1” below “1”): each would be
        counted as one more office.
        """
        order = next(
            (c for c, n in block.layout.columns.items() if self.contract.columns[n].type == "order"), -1
        )
        owns = [cells[order] if 0 <= order < len(cells) else None for _, cells in block.rows]
        labels = [label if isinstance(label, str) else "" for label in block.values[key]]
        counted = sum(map(_is_counted, owns)) > 1
        bulleted = any(label and not _PART.match(label) for label in labels)
        for place, (number, _) in enumerate(block.rows):
            label, own = labels[place], owns[place]
            if _COMPARES.match(folded(label)):
                shown = {"raw": label, "title": self.contract.columns[key].title.vi}
                block.say(number, column, Level.WARNING, "like_comparison", shown)
            elif found := _PART_OF.fullmatch(
                f"{own:g}" if isinstance(own, float) else str(own or "").strip()
            ):
                if found[1] in self.orders:
                    block.say(number, column, Level.WARNING, "like_subline", {"above": self.orders[found[1]]})
            elif label and ((counted and not _is_counted(own)) or (bulleted and _PART.match(label))):
                block.say(number, column, Level.WARNING, "unnumbered", {"raw": label})
            elif own is not None:
                plain = f"{own:g}" if isinstance(own, float) else str(own).strip(" .)")
                self.orders[plain] = address(number, column)

    def _over_lines(self, block: Block, names: list[str], column: int) -> None:
        """Lines whose numbers are all the sums of those right below: the name of a group with its total beside it."""
        lines = [
            {n: v for n in names if isinstance(v := block.values[n][place], float)}
            for place in range(len(block.rows))
        ]
        for place, found in enumerate(lines):
            sums: dict[str, float] = {}
            for count, below in enumerate(lines[place + 1 :], 1):
                for name, value in below.items():
                    sums[name] = sums.get(name, 0.0) + value
                if count >= LINES and _alike(found, sums):
                    block.say(
                        block.rows[place][0], column, Level.WARNING, "like_total_below", {"count": count}
                    )
                if any(sums.get(name, 0.0) > value for name, value in found.items()) or not found:
                    break

    def total(self) -> None:
        """A line that calls itself a total ends what was added up."""
        self.since, self.lines_since = {}, 0


def _is_counted(order: Value) -> bool:
    """Whether a line has a number of its own."""
    return isinstance(order, float) or (isinstance(order, str) and order[:1].isdigit())


def _alike(found: dict[str, float], sums: dict[str, float]) -> bool:
    return sum(abs(value) >= LEAST for value in found.values()) >= COLUMNS and all(
        math.isclose(value, sums.get(name, 0.0), rel_tol=1e-9, abs_tol=1e-6) for name, value in found.items()
    )
