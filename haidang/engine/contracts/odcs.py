"""A contract as Open Data Contract Standard 3.1, for tools of others."""

from __future__ import annotations

from typing import Any

import yaml

from haidang.engine.contracts.definition import Contract
from haidang.engine.contracts.sheets import odcs as sheets
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.tree import Entry

API_VERSION = "v3.1.0"
_CLASSES = {"none": "public", "basic": "personal", "sensitive": "sensitive"}


def as_odcs(entry: Entry[Contract] | Entry[SheetContract]) -> dict[str, Any]:
    """The document: one object, the table of readings or of a file, with what the standard has no word for beside it."""
    contract = entry.thing
    description: dict[str, Any] = {"purpose": (contract.description or contract.title).vi}
    if contract.legal_basis:
        description["usage"] = contract.legal_basis
    head = {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": entry.address,
        "version": contract.version,
        "status": "active",
        "name": contract.title.vi,
        "domain": entry.domain,
        "description": description,
    }
    if isinstance(contract, SheetContract):
        return head | {
            "schema": sheets.schema(contract),
            "slaProperties": sheets.sla(contract),
            "customProperties": sheets.custom(contract),
        }
    return head | {
        "schema": [
            {
                "name": "readings",
                "logicalType": "object",
                "physicalType": "file" if contract.lines else "topic",
                "dataGranularityDescription": "One value of one parameter of one station at one time",
                "properties": _properties(contract),
                "quality": [_freshness(contract), *_volume(contract)],
            }
        ],
        "slaProperties": [
            _sla("frequency", contract.every, "One message of each station in this time"),
            _sla("latency", contract.silent_after, "Silence longer than this is an alarm"),
        ],
        "customProperties": _custom(contract),
    }


def as_yaml(entry: Entry[Contract] | Entry[SheetContract]) -> str:
    """The document as a YAML file."""
    return yaml.safe_dump(as_odcs(entry), allow_unicode=True, sort_keys=False, width=110)


def _properties(contract: Contract) -> list[dict[str, Any]]:
    known = sorted({word for symbol, p, _ in contract.measured() for word in (symbol, *p.aliases)})
    classed = {"classification": _CLASSES[contract.personal_data]}
    return [
        {
            "name": "station",
            "businessName": "Mã trạm",
            "logicalType": "string",
            "required": True,
            "primaryKey": True,
            "primaryKeyPosition": 1,
            **classed,
        },
        {
            "name": "parameter",
            "businessName": "Ký hiệu thông số",
            "logicalType": "string",
            "required": True,
            "primaryKey": True,
            "primaryKeyPosition": 2,
            **classed,
            "quality": [_none_invalid("Only symbols and spellings of this contract", known)],
        },
        {
            "name": "at",
            "businessName": "Thời điểm đo",
            "logicalType": "timestamp",
            "required": True,
            "primaryKey": True,
            "primaryKeyPosition": 3,
            **(
                {"logicalTypeOptions": {"timezone": True, "defaultTimezone": contract.lines.zone}}
                if contract.lines
                else {}
            ),
            **classed,
        },
        {
            "name": "value",
            "businessName": "Giá trị",
            "logicalType": "number",
            "description": "Empty only with a status other than measuring; ranges stand in customProperties.parameters",
            **classed,
        },
        {"name": "unit", "businessName": "Đơn vị", "logicalType": "string", **classed},
        {
            "name": "status",
            "businessName": "Trạng thái thiết bị",
            "logicalType": "string",
            **classed,
            "quality": [_none_invalid("Only statuses of this contract", sorted(contract.statuses))],
        },
    ]


def _none_invalid(words: str, values: list[str]) -> dict[str, Any]:
    return {
        "type": "library",
        "metric": "invalidValues",
        "description": words,
        "dimension": "conformity",
        "arguments": {"validValues": values},
        "mustBe": 0,
        "severity": "error",
    }


def _freshness(contract: Contract) -> dict[str, Any]:
    minutes = f"{contract.future_tolerance / 60:g}"
    words = f"A measuring time more than {minutes} minutes in the future is refused"
    return {"type": "text", "description": words, "dimension": "timeliness"}


def _volume(contract: Contract) -> list[dict[str, Any]]:
    if len(contract.volume_per_day) != 2:
        return []
    return [
        {
            "type": "library",
            "metric": "rowCount",
            "description": "Records of one station in one day",
            "dimension": "completeness",
            "mustBeBetween": contract.volume_per_day,
            "schedule": "0 0 * * *",
            "scheduler": "cron",
        }
    ]


def _sla(name: str, seconds: float, words: str) -> dict[str, Any]:
    return {
        "property": name,
        "value": float(seconds),
        "unit": "s",
        "driver": "operational",
        "description": words,
    }


def _custom(contract: Contract) -> list[dict[str, Any]]:
    parameters = [
        {
            "symbol": symbol,
            "title": parameter.title.vi,
            "unit": parameter.unit,
            "min": parameter.min,
            "max": parameter.max,
            "aliases": parameter.aliases,
            "convert": parameter.convert,
            "assetKinds": kinds,
        }
        for symbol, parameter, kinds in contract.measured()
    ]
    custom: list[dict[str, Any]] = [
        {"property": "parameters", "value": parameters},
        {"property": "assetKinds", "value": contract.asset_kinds},
        {"property": "unitSpellings", "value": dict(contract.units)},
        {"property": "statuses", "value": dict(contract.statuses)},
    ]
    if contract.lines:
        lines = {
            "fields": list(contract.lines.fields),
            "separator": contract.lines.separator,
            "time": contract.lines.time,
            "fileName": contract.lines.file_name,
        }
        custom.append({"property": "lines", "value": lines})
    return custom
