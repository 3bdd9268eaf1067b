"""Their rows as messages of readings: names are changed and times are written with their zone, nothing else.

What cannot be understood goes on as it stands and is refused by the contract with its reason; beside each reading
its row is kept as it came, so that whoever traces a figure sees both.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from haidang.engine.connectors.pull.definition import Field, Fields, Fixed
from haidang.engine.connectors.pull.trouble import Trouble

Row = Mapping[str, Any]
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:T|$)")
_encode = msgspec.json.Encoder(enc_hook=str).encode


def find(thing: Any, path: str) -> Any:
    """What stands at `a.b.c`; the key may also be written with dots itself. None when nothing does."""
    if isinstance(thing, Mapping) and path in thing:
        return thing[path]
    for key in path.split(".") if path else ():
        if isinstance(thing, Mapping):
            thing = thing.get(key)
        elif isinstance(thing, list) and key.isascii() and key.isdigit() and int(key) < len(thing):
            thing = thing[int(key)]
        else:
            return None
    return thing


def rows_of(answer: bytes, path: str, host: str) -> tuple[list[Any], Any]:
    """The list of rows in a JSON answer, and the whole answer for whoever asks what stands beside it."""
    try:
        whole = _decoded(answer)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Trouble("not_as_expected", host=host, why="no_json", cause=str(error)[:80]) from None
    rows = find(whole, path)
    if not isinstance(rows, list):
        raise Trouble("not_as_expected", host=host, why="no_rows", where=path, found=_kind(rows))
    return rows, whole


def _decoded(answer: bytes) -> Any:
    """JSON; and what is none, but written by many programs: NaN, Infinity, and numbers no computer holds. As texts they
    reach the contract, which refuses their rows, and the others are taken.
    """
    try:
        return msgspec.json.decode(answer)
    except msgspec.DecodeError as error:
        if not re.search(rb"\b(?:NaN|Infinity)\b", answer) and "out of range" not in str(error):
            raise
    return json.loads(answer, parse_constant=str, parse_float=_finite)


def _finite(text: str) -> float | str:
    return number if math.isfinite(number := float(text)) else text


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__


def digest(row: Any) -> bytes:
    """Tells one row from another."""
    return hashlib.blake2b(msgspec.json.encode(row, enc_hook=str, order="sorted"), digest_size=12).digest()


class Mapper:
    """Makes messages of rows by one `fields`."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._zone = ZoneInfo(fields.zone)
        self._instants: dict[str, str] = {}
        named = (fields.station, fields.at, fields.parameter, fields.value, fields.unit, fields.status)
        kept = [field for field in named if isinstance(field, str)]
        self._kept = list(dict.fromkeys([*kept, *fields.values.values(), *fields.keep]))

    @property
    def columns(self) -> list[str]:
        """The fields of their rows that are needed or kept."""
        return self._kept

    def lines(self, rows: Iterable[Any]) -> bytes:
        """NDJSON, one message a row."""
        return b"".join([self.line(row) + b"\n" for row in rows])

    def line(self, row: Any) -> bytes:
        """The message of one row. A row that is no object is sent as it is, and refused."""
        if not isinstance(row, Mapping):
            return _encode({"row": row, "readings": []})
        message: dict[str, Any] = {}
        station = _text(self._at(row, self._fields.station))
        if station is not None:
            message["station"] = station
        message["readings"] = [_without_nothing(reading) for reading in self._readings(row)]
        message["row"] = {name: find(row, name) for name in self._kept}
        return _encode(message)

    def _readings(self, row: Row) -> list[dict[str, Any]]:
        fields = self._fields
        common = {
            "at": self._instant(self._at(row, fields.at)),
            "status": _text(self._at(row, fields.status)),
        }
        if not fields.values:
            value = _number(self._at(row, fields.value))
            parameter, unit = self._at(row, fields.parameter), self._at(row, fields.unit)
            return [{"parameter": _text(parameter), "value": value, "unit": _text(unit), **common}]
        found = ((name, _number(find(row, field))) for name, field in fields.values.items())
        # An empty cell of a wide row is no reading; a row without any is refused for it.
        return [
            {"parameter": name, "value": value, "unit": fields.units.get(name), **common}
            for name, value in found
            if value not in (None, "")
        ]

    @staticmethod
    def _at(row: Row, field: Field | None) -> Any:
        return field.text if isinstance(field, Fixed) else None if field is None else find(row, field)

    def _instant(self, value: Any) -> Any:
        """A time with its zone where it can be read; else as it came."""
        if isinstance(value, str):
            if value not in self._instants:
                if len(self._instants) > 10_000:
                    self._instants.clear()
                self._instants[value] = self._read(value)
            return self._instants[value]
        if isinstance(value, datetime):
            return self._zoned(value).isoformat()
        if isinstance(value, date):
            return datetime.combine(value, time(), self._zone).isoformat()
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return self._read(str(value))
        return None if value is None else str(value)

    def _read(self, text: str) -> str:
        form = self._fields.time
        try:
            if form == "iso":
                return self._zoned(datetime.fromisoformat(text.strip())).isoformat()
            if form in ("seconds", "milliseconds"):
                seconds = Decimal(text) / (1000 if form == "milliseconds" else 1)
                whole = int(seconds)
                instant = datetime.fromtimestamp(whole, UTC) + timedelta(
                    microseconds=int((seconds - whole) * 1_000_000)
                )
                return instant.isoformat()
            if form == "period":
                return period_end(text, self._zone).isoformat()
            if _ISO.match(text):  # a cell of a workbook that is a date, whatever the others are
                return self._zoned(datetime.fromisoformat(text)).isoformat()
            return self._zoned(datetime.strptime(text.strip(), form)).isoformat()  # noqa: DTZ007 - zoned here
        except (ValueError, ArithmeticError, OverflowError, OSError):
            return text

    def _zoned(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)


def period_end(text: str, zone: ZoneInfo) -> datetime:
    """The first instant after a period as SDMX and yearbooks write it: 2026, 2026-S1, 2026-Q3, 2026-09, 2026-M09,
    2026-W05, 2026-09-14. Raises ValueError.
    """
    year, dash, part = text.strip().partition("-")
    if len(year) != 4 or not year.isdigit() or (dash and not part):
        raise ValueError(text)
    first = int(year)
    if not part or part == "A1":
        return datetime(first + 1, 1, 1, tzinfo=zone)
    letter, number = part[0].upper(), part[1:]
    if letter == "W" and number.isdigit():
        monday = date.fromisocalendar(first, int(number), 1) + timedelta(days=7)
        return datetime.combine(monday, time(), zone)
    if letter == "D" and number.isdigit() and 1 <= int(number) <= 366:
        return datetime.combine(date(first, 1, 1) + timedelta(days=int(number)), time(), zone)
    months = {"S": 6, "B": 6, "T": 4, "Q": 3, "M": 1}.get(letter)
    if months is None:
        if len(part) == 2 and part.isdigit():
            months, number = 1, part
        else:
            day = date.fromisoformat(text.strip()) + timedelta(days=1)
            return datetime.combine(day, time(), zone)
    if not number.isdigit() or not 1 <= int(number) * months <= 12:
        raise ValueError(text)
    last = int(number) * months
    return datetime(first + last // 12, last % 12 + 1, 1, tzinfo=zone)


def _text(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a workbook holds every number as one with decimals
    return value if value is None or isinstance(value, str) else str(value)


def _number(value: Any) -> Any:
    """As messages hold it; a text stays one: the contract reads decimal commas."""
    if not isinstance(value, Decimal | float):
        return value
    # JSON has no word for it and would say null, as if nothing had been sent.
    return number if math.isfinite(number := float(value)) else str(Decimal(value))


def _without_nothing(reading: Mapping[str, Any]) -> dict[str, Any]:
    """Without the parts their row does not have: which of them must be there, the contract says."""
    return {name: value for name, value in reading.items() if value is not None}
