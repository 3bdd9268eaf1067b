"""The files of a domain, made of what a person decided: contract, source, sample, template, indicators, board."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from haidang.engine.contracts.proposing.proposal import Figure, Proposal
from haidang.engine.contracts.proposing.terms import Trial, built, contract_of, text_of, tried
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.verdict import Cell
from haidang.engine.drafts.board import board_of


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person made of a proposal; `office` is code and name of whoever owes the file, `joins` whether the domain
    is there already and gets a contract more.
    """

    proposal: Proposal
    joins: bool
    domain_title: Text
    office: tuple[str, str]
    legal_basis: str
    # Of items: the column that holds the value, and by name those beside it.
    value_column: str = ""
    measures: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Stat:
    """One statistic to be written: its stem, and where its value stands."""

    key: str
    title: Text
    unit: str
    decimals: int
    figure: Figure
    column: str
    item: str = ""


def stats_of(decided: Decided) -> list[Stat]:
    """What was picked, in the order of the file."""
    found = decided.proposal
    if found.lines == "items":
        return [
            Stat(item.key, item.title, item.unit, 2, item.figure, decided.value_column, item.key)
            for item in found.items
            if item.figure and item.figure.pick
        ]
    return [
        Stat(one.key, one.title, one.unit, one.decimals, one.figure, one.key)
        for one in found.columns
        if one.use and one.figure and one.figure.pick
    ]


def files_of(decided: Decided, workbook: Path, made_on: str) -> tuple[dict[str, bytes], Trial]:
    """Path within the folder of the domain → bytes, and what the contract makes of its sample. Raises Unreadable."""
    # What writes workbooks takes a tenth of a second to come, and pages do without it.
    from haidang.engine.contracts.sheets.template import Told, write_template
    from haidang.engine.drafts.sample import sample_of

    found = decided.proposal
    terms = contract_of(found, office=decided.office[1], legal_basis=decided.legal_basis)
    contract = built(terms)
    stem = f"contracts/{found.contract}"
    sample = sample_of(workbook, found)
    with TemporaryDirectory(prefix="haidang-") as folder:
        beside, template = Path(folder) / "sample.xlsx", Path(folder) / "template.xlsx"
        beside.write_bytes(sample)
        trial = tried(beside, contract, found.sample_period)
        told = Told(f"{found.domain}.{found.contract}", Period.parse(found.sample_period), *decided.office)
        write_template(template, contract, told)
        empty = template.read_bytes()
    head = f"# Lập từ tệp “{found.file}” ngày {made_on}. Sửa tay được; chạy `haidang check` sau khi sửa.\n"  # i18n: data
    expected = {"period": found.sample_period, "records": trial.records, "remarks": trial.remarks}
    stats = stats_of(decided)
    made = {
        "domain.yml": _yaml({"title": text_of(decided.domain_title)}, head),
        f"{stem}.yml": _yaml(terms, head),
        f"{stem}.sample.xlsx": sample,
        f"{stem}.template.xlsx": empty,
        f"{stem}.expected.json": json.dumps(expected, ensure_ascii=False, indent=2).encode() + b"\n",
        f"sources/{found.contract}_files.yml": _yaml(_source(decided), head),
        f"boards/{found.contract}.yml": _yaml(board_of(decided, stats), head),
    }
    if decided.joins:
        del made["domain.yml"]  # the domain has its own
    for stat in stats:
        made[f"indicators/{stat.key}.yml"] = _yaml(_indicator(decided, stat, trial), head)
    return made, trial


def _source(decided: Decided) -> dict[str, Any]:
    found = decided.proposal
    return {
        "title": text_of(found.title),
        "contract": f"{found.domain}.{found.contract}",
        "doors": ["web", "push", "ftp"],
        "format": "sheet",
        "office": decided.office[0],
    }


def _indicator(decided: Decided, stat: Stat, trial: Trial) -> dict[str, Any]:
    found = decided.proposal
    origin = {"contract": f"{found.domain}.{found.contract}", "column": stat.column}
    if stat.item:
        origin["item"] = stat.item
    elif found.lines == "names":
        origin["lines"] = "sum"
    first = Period.parse(found.sample_period)
    made: dict[str, Any] = {
        "title": text_of(stat.title), "kind": "statistic", "unit": stat.unit, "period": found.period,
        "direction": stat.figure.direction, "over_places": stat.figure.over_places, "over_time": stat.figure.over_time,
        "from": origin, "measures": dict(decided.measures or {}), "decimals": stat.decimals,
        "versions": [
            {
                "version": "1", "valid_from": first.before.last_day.replace(day=1).isoformat(),
                "basis": decided.legal_basis, "verified": True, "examples": _examples(found, stat, trial),
            }
        ],
    }  # fmt: skip
    return {key: value for key, value in made.items() if value not in ({}, [])}


def _examples(found: Proposal, stat: Stat, trial: Trial) -> list[dict[str, Any]]:
    """What the sample says: of its first and its last line, or the sum of all where lines are added up."""
    cells = [
        cell
        for cell in trial.values
        if cell.field == stat.column and cell.item == stat.item and isinstance(cell.value, float)
    ]
    if not cells:
        return []
    if found.lines == "names":
        span = f"{cells[0].address}:{cells[-1].address}"
        total = sum(_exact(cell) for cell in cells)
        # i18n: data – for the file of an indicator
        name = f"Cộng {len(cells)} dòng của tệp mẫu"
        return [{"name": name, "cells": span, "expect": round(total, 6)}]
    ends = cells[:1] if len(cells) == 1 else [cells[0], cells[-1]]
    return [
        {"name": f"Ô {cell.address} của tệp mẫu", "cells": cell.address, "expect": cell.value}  # i18n: data
        for cell in ends
    ]


def _exact(cell: Cell) -> float:
    return cell.value if isinstance(cell.value, float) else 0.0


class _Dumper(yaml.SafeDumper):
    """Short things on one line, as the content of this project is written."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    """YAML 1.1 writes `1e3` and `12` of texts bare where our reader sees numbers: what is not plainly a word is quoted."""
    plain = (
        value[:1].isalpha()
        and not set(value) & set(":#{}[],&*!|>'\"%@`\n")
        and value not in {"true", "false", "null", "no", "yes"}
    )
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


_Dumper.add_representer(str, _text)


def _yaml(value: dict[str, Any], head: str) -> bytes:
    text = yaml.dump(
        _whole(value), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=118, default_flow_style=None
    )
    return (head + text).encode()


def _whole(value: Any) -> Any:
    """2000.0 as 2000."""
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
