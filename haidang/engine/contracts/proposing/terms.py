"""A proposal as the text of a contract, and what that contract makes of the file it was proposed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from haidang.engine.contracts.proposing.naming import key_of
from haidang.engine.contracts.proposing.proposal import Proposal, ProposedColumn, ProposedItem
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.book import Book
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.verdict import Cell


def contract_of(found: Proposal, *, office: str = "", legal_basis: str = "") -> dict[str, Any]:
    """The contract as its YAML file says it, without what is as by default."""
    columns = {one.key: _column(one) for one in found.columns if one.use}
    made: dict[str, Any] = {
        "title": text_of(found.title), "kind": "sheet", "period": found.period, "due_days": found.due_days,
        "office": {"vi": office} if office else None, "legal_basis": legal_basis,
        "key": [one.key for one in found.columns if one.use and one.in_key] if found.lines != "items" else [],
        "item_column": found.item_column if found.lines == "items" else "",
        "province": found.province,
        "columns": columns,
        "items": {item.key: _item(item) for item in found.items} if found.lines == "items" else {},
    }  # fmt: skip
    return {key: value for key, value in made.items() if value not in ("", None, [], {})}


def text_of(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en} if text.en else {"vi": text.vi}


def _column(one: ProposedColumn) -> dict[str, Any]:
    made: dict[str, Any] = {
        "title": text_of(one.title), "type": one.type, "unit": one.unit if one.is_numeric else "", "aliases": one.aliases,
        "required": one.required or None, "min": one.min if one.is_numeric else None,
        "max": one.max if one.is_numeric else None,
        "decimals": one.decimals if one.type in ("number", "percent") and one.decimals != 1 else None,
        "choices": _choices(one.choices) if one.type == "choice" else {},
        "pattern": one.pattern if one.type == "text" else "", "parts": one.parts,
        "additive": None if one.additive or not one.is_numeric else False,
        "personal_data": one.personal_data if one.personal_data != "none" else "",
    }  # fmt: skip
    return {key: value for key, value in made.items() if value not in ("", None, [], {})}


def _choices(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in words:
        found[key_of(word, found, "loai")] = {"title": {"vi": word}}
    return found


def _item(item: ProposedItem) -> dict[str, Any]:
    made: dict[str, Any] = {
        "title": text_of(item.title), "aliases": item.aliases, "unit": item.unit, "min": item.min, "max": item.max,
    }  # fmt: skip
    return {key: value for key, value in made.items() if value not in ("", None, [])}


def built(terms: dict[str, Any]) -> SheetContract:
    """The contract those terms make; raises msgspec.ValidationError where they make none."""
    return msgspec.convert(terms, SheetContract)


@dataclass(slots=True)
class Trial:
    """What a contract makes of a file: its cells, lines of data, and remarks by cell as `expected.json` names them."""

    sheet: str = ""
    records: int = 0
    faults: int = 0
    values: list[Cell] = field(default_factory=list)
    remarked: list[Cell] = field(default_factory=list)

    @property
    def remarks(self) -> dict[str, str]:
        return {
            cell.address: next(remark.code for remark in cell.remarks if remark.level == cell.level)
            for cell in self.remarked
        }


def tried(path: Path, contract: SheetContract, period: str) -> Trial:
    """Judge a file as one that is handed in would be; raises Unreadable."""
    examination = Examination(contract, Period.parse(period))
    trial = Trial()
    with Book(path) as book:
        for cell in examination.cells(book):
            if cell.level:
                trial.remarked.append(cell)
            if cell.fate == "value":
                trial.values.append(cell)
    trial.sheet = examination.sheet.name if examination.sheet else ""
    trial.records, trial.faults = examination.records, examination.faults
    return trial
