"""A contract of files as Open Data Contract Standard 3.1, for tools of others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from haidang.engine.contracts.sheets.definition import NUMERIC, Column, SheetContract

_TYPES = {"number": "number", "whole": "integer", "percent": "number", "date": "date"}
_CLASSES = {"none": "public", "basic": "personal", "sensitive": "sensitive"}
_DAYS = {"week": 7.0, "month": 31.0, "quarter": 92.0, "year": 366.0}


def schema(contract: SheetContract) -> list[dict[str, Any]]:
    """One object: the table, a property for each column."""
    grain = "One line of the table" if not contract.key else f"One line for each {', '.join(contract.key)}"
    return [
        {
            "name": "sheet",
            "logicalType": "object",
            "physicalType": "file",
            "dataGranularityDescription": grain,
            "properties": [
                _property(name, column, contract)
                for name, column in contract.columns.items()
                if column.type != "order"
            ],
            "quality": list(_sums(contract)),
        }
    ]


def sla(contract: SheetContract) -> list[dict[str, Any]]:
    """How often, and by which day."""
    found: list[dict[str, Any]] = []
    if days := _DAYS.get(contract.period):
        words = f"One file each {contract.period}"
        found.append(_promise("frequency", days, words))
    words = "Days after the end of the period by which the file must be there"
    return [*found, _promise("latency", float(contract.due_days), words)]


def custom(contract: SheetContract) -> list[dict[str, Any]]:
    """What the standard has no word for."""
    columns = [
        {
            "name": name,
            "type": column.type,
            "unit": column.unit,
            "headings": [column.title.vi, *column.aliases],
            **({"min": column.min} if column.min is not None else {}),
            **({"max": column.max} if column.max is not None else {}),
            **_rules(column),
            **(
                {"choices": {code: one.title.vi for code, one in column.choices.items()}}
                if column.choices
                else {}
            ),
        }
        for name, column in contract.columns.items()
    ]
    lines = [
        {
            "code": code,
            "title": item.title.vi,
            "unit": item.unit,
            "required": item.required,
            "parts": item.parts,
            **({"min": item.min} if item.min is not None else {}),
            **({"max": item.max} if item.max is not None else {}),
            **({"jumpPercent": item.jump} if item.jump else {}),
            **({"atMost": item.at_most} if item.at_most else {}),
        }
        for code, item in contract.items.items()
    ]
    found: list[dict[str, Any]] = [
        {"property": "columns", "value": columns},
        {"property": "period", "value": contract.period},
        {"property": "unitSpellings", "value": dict(contract.units)},
    ]
    return [*found, {"property": "lines", "value": lines}] if lines else found


def _rules(column: Column) -> dict[str, Any]:
    """What a cell may not exceed, and when it must be there, as far as the contract says so."""
    when = column.needed_when
    said = {
        "jumpPercent": column.jump,
        "atMost": column.at_most,
        "askedAbove": column.asked_above,
        "shareOf": list(column.share_of),
        "changeOf": list(column.change_of),
        "notBefore": column.not_before,
        "notAfter": column.not_after,
        "neededWhen": {"column": when.column, "oneOf": list(when.one_of)} if when else None,
    }
    return {name: value for name, value in said.items() if value}


def _property(name: str, column: Column, contract: SheetContract) -> dict[str, Any]:
    key = contract.key or ([contract.item_column] if contract.item_column else [])
    found: dict[str, Any] = {
        "name": name,
        "businessName": column.title.vi,
        "logicalType": _TYPES.get(column.type, "string"),
        "required": column.required,
        "classification": _CLASSES[column.personal_data],
    }
    if name in key:
        found |= {"primaryKey": True, "primaryKeyPosition": key.index(name) + 1}
    if column.unit:
        found["description"] = f"Unit: {column.unit}"
    if limits := _limits(column):
        found["logicalTypeOptions"] = limits
    if column.choices:
        words = [word for one in column.choices.values() for word in (one.title.vi, *one.aliases)]
        found["quality"] = [
            {
                "type": "library",
                "metric": "invalidValues",
                "description": "Only these words",
                "dimension": "conformity",
                "arguments": {"validValues": words},
                "mustBe": 0,
                "severity": "error",
            }
        ]
    return found


def _limits(column: Column) -> dict[str, Any]:
    if column.type in NUMERIC:
        both = {"minimum": column.min, "maximum": column.max}
        return {name: value for name, value in both.items() if value is not None}
    return {"pattern": column.pattern} if column.pattern else {}


def _sums(contract: SheetContract) -> list[dict[str, Any]]:
    parts = [
        (item.title.vi, [contract.items[part].title.vi for part in item.parts])
        for item in contract.items.values()
        if item.parts
    ]
    parts += [
        (column.title.vi, [contract.columns[part].title.vi for part in column.parts])
        for column in contract.columns.values()
        if column.parts
    ]
    return [
        {
            "type": "text",
            "description": words,
            "dimension": "consistency",
        }
        for words in [
            *(f"{whole} = {' + '.join(those)}" for whole, those in parts),
            *(f"{one.vi} ≤ {whole.vi}" for one, whole in contract.wholes),
            *_asked(contract),
        ]
    ]


def _asked(contract: SheetContract) -> Iterator[str]:
    """What is asked about, in words."""
    columns = contract.columns
    jumps = [(one.title.vi, one.jump) for one in columns.values() if one.jump]
    jumps += [(one.title.vi, one.jump) for one in contract.items.values() if one.jump]
    for title, percent in jumps:
        yield f"{title}: a change of more than {percent:g} % against the last period is explained"
    for column in columns.values():
        name = column.title.vi
        if column.asked_above:
            yield f"{name}: more than {columns[column.asked_above].title.vi} is explained"
        if column.share_of:
            yield f"{name} = {' : '.join(columns[other].title.vi for other in column.share_of)}"
        if column.change_of:
            yield f"{name} = {' : '.join(columns[other].title.vi for other in column.change_of)}, or that less 100 %"
        if column.not_before:
            yield f"{name}: not before {columns[column.not_before].title.vi}"
        if column.not_after:
            yield f"{name}: not after the day the file is sent"
        if when := column.needed_when:
            other = columns[when.column]
            states = ", ".join(other.choices[code].title.vi for code in when.one_of)
            yield f"{name}: needed where {other.title.vi} is {states}"


def _promise(name: str, days: float, words: str) -> dict[str, Any]:
    return {"property": name, "value": days, "unit": "d", "driver": "operational", "description": words}
