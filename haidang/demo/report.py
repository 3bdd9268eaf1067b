"""What a station has to say at one stamp, and how it writes it: a file of TT 10/2021 or a JSON object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

LOCAL = timezone(timedelta(hours=7))
FILE_UNITS = {"µg/m3": "ug/Nm3", "mg/m3": "mg/Nm3", "°C": "oC", "-": "-"}
FILE_NAMES = {"PM2.5": "PM2,5", "N-NH4": "NH4"}


@dataclass(frozen=True, slots=True)
class Value:
    """One reading; `status` as TT 10/2021: 00 measuring, 01 calibration, 02 fault."""

    parameter: str
    value: float
    unit: str
    status: str = "00"


@dataclass(frozen=True, slots=True)
class Report:
    """The readings of one station at one stamp. `raw` stands in where a clumsy sender spoils the text."""

    station: str
    at: float
    values: tuple[Value, ...]
    raw: bytes | None = None

    @property
    def stamp(self) -> datetime:
        return datetime.fromtimestamp(self.at, LOCAL)


def file_name(report: Report) -> str:
    return f"{report.station}_{report.stamp:%Y%m%d%H%M%S}.txt"


def file_bytes(report: Report) -> bytes:
    """Five fields separated by TAB, lines ended by CRLF; loggers write `PM2,5`, `ug/Nm3` and CO in mg/Nm³."""
    if report.raw is not None:
        return report.raw
    return "".join(file_line(report, value) for value in report.values).encode()


def file_line(report: Report, value: Value) -> str:
    name, unit = FILE_NAMES.get(value.parameter, value.parameter), FILE_UNITS.get(value.unit, value.unit)
    return f"{name}\t{value.value:g}\t{unit}\t{report.stamp:%Y%m%d%H%M%S}\t{value.status}\r\n"


def message(report: Report) -> dict[str, Any]:
    """One object per message, as the contract of station messages asks."""
    at = report.stamp.isoformat(timespec="seconds")
    readings = [
        {"parameter": v.parameter, "value": v.value, "unit": v.unit, "at": at, "status": v.status}
        for v in report.values
    ]
    return {"station": report.station, "readings": readings}


def message_bytes(report: Report) -> bytes:
    if report.raw is not None:
        return report.raw
    return json.dumps(message(report), ensure_ascii=False, separators=(",", ":")).encode()
