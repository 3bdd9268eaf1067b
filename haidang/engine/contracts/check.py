"""Check what arrived against its contract: columns of good readings, and a fault for each of the others.

The common case is decoded and validated in one pass and costs about a microsecond a reading. Only a message that
does not fit is walked record by record, so that each record gets its own reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts.definition import Contract, Lines
from haidang.engine.contracts.records import BOM, Record, divide, strange
from haidang.engine.contracts.values import iso_instant, number, patterned_instant

STATUS = {"measuring": 0, "calibration": 1, "fault": 2}
_YEAR_2000 = 946_684_800_000_000
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Reading(msgspec.Struct, gc=False):
    """One reading of a message: what, how much, in which unit, when, in which state."""

    parameter: str
    at: str
    value: float | None = None
    unit: str = ""
    status: str = "00"


class Message(msgspec.Struct, gc=False):
    """What a station sends in one message."""

    station: str
    readings: list[Reading]


class Fault(msgspec.Struct, frozen=True):
    """Why one record of a delivery is refused: a code of `reasons`, with its arguments, place and bytes as text."""

    delivery: int
    ordinal: int
    reason: str
    args: Mapping[str, object]
    excerpt: str
    station: str = ""


class Misfit(msgspec.Struct, frozen=True):
    """A resolver's answer for a station, parameter or unit it does not know."""

    reason: str
    args: Mapping[str, object]


class Resolver(Protocol):
    """What the registry knows, asked by the check."""

    codes: dict[str, int]

    def slots_of(self, station: str) -> dict[tuple[str, str], int]:
        """(parameter, unit) as written → slot, for one station; grows as spellings are met."""

    def resolve(self, station: str, parameter: str, unit: str) -> int | Misfit:
        """Slot of a spelling not met before, or why there is none."""

    def code_of(self, station: str) -> str:
        """The registered code that a spelling of it means."""

    def station_of_file(self, name: str) -> str | None:
        """Station code in a file name, by the contract's or the station's own pattern."""


class Times(dict[str, int]):
    """Stamps of ISO times met in one batch; −1 marks a text that needs the slow way."""

    def __missing__(self, text: str) -> int:
        try:
            stamp = iso_instant(text)
        except LookupError:
            stamp = None
        self[text] = -1 if stamp is None else stamp
        return self[text]


@dataclass(slots=True)
class Batch:
    """Columns of a whole batch while it is checked; `runs` says which delivery and ordinals the rows belong to."""

    slots: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    runs: list[tuple[int, int, int]] = field(default_factory=list)  # delivery, first ordinal, how many rows
    faults: list[Fault] = field(default_factory=list)
    times: Times = field(default_factory=Times)

    def add(self, delivery: int, ordinal: int, slot: int, at: int, value: float | None, status: int) -> None:
        """One good reading found on the slow way."""
        self.slots.append(slot)
        self.at.append(at)
        self.values.append(value)
        self.statuses.append(status)
        self.runs.append((delivery, ordinal, 1))


def status_codes(contract: Contract) -> dict[str, int]:
    """Status as written → 0 measuring, 1 calibration, 2 fault."""
    return {text: STATUS[name] for text, name in contract.statuses.items()}


_message = msgspec.json.Decoder(Message | list[Message])
_readings = msgspec.json.Decoder(list[Reading])
_lines_decoder = msgspec.json.Decoder(Message)


def check_arrival(
    arrival: Arrival, body: bytes, contract: Contract, known: Resolver, batch: Batch, delivery: int, base: int
) -> int:
    """Check one arrival into `batch`; returns how many records it held (each is a row or a fault).

    `base` is the ordinal of its first record within the delivery.
    """
    if arrival.format == "lines":
        return _check_lines(arrival, body, contract, known, batch, delivery, base)
    text = body.removeprefix(BOM)
    try:
        if arrival.format == "ndjson":
            messages: Sequence[Message] = _lines_decoder.decode_lines(text)
        else:
            decoded = _message.decode(text)
            messages = decoded if isinstance(decoded, list) else [decoded]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        messages = ()
    mark = (len(batch.slots), len(batch.runs))
    ordinal = base
    for message in messages:
        if not message.readings or not _fast(message, arrival, known, batch, delivery, ordinal):
            break
        ordinal += len(message.readings)
    else:
        if messages:
            return ordinal - base
    # Something does not fit: take back what was added and go record by record.
    _cut(batch, *mark)
    return _check_records(arrival, body, known, batch, delivery, base)


def _cut(batch: Batch, rows: int, runs: int) -> None:
    for column in (batch.slots, batch.at, batch.values, batch.statuses):
        del column[rows:]
    del batch.runs[runs:]


def _fast(
    message: Message,
    arrival: Arrival,
    known: Resolver,
    batch: Batch,
    delivery: int,
    ordinal: int,
) -> bool:
    """Add a whole message; False when any of its readings needs the slow way."""
    station, readings = message.station, message.readings
    if arrival.stations is not None and station not in arrival.stations:
        return False
    slots_of = known.slots_of(station)
    codes = known.codes
    try:
        slots = [slots_of[r.parameter, r.unit] for r in readings]
        statuses = [codes[r.status] for r in readings]
    except KeyError:
        return False
    times = batch.times
    at = [times[r.at] for r in readings]
    if min(at) < 0:
        return False
    batch.slots += slots
    batch.statuses += statuses
    batch.at += at
    batch.values += [r.value for r in readings]
    batch.runs.append((delivery, ordinal, len(readings)))
    return True


def _check_records(
    arrival: Arrival, body: bytes, known: Resolver, batch: Batch, delivery: int, base: int
) -> int:
    records = divide(body, arrival.format)
    _one_by_one(arrival, body, records, known, batch, delivery, base)
    return len(records)


def _one_by_one(
    arrival: Arrival,
    body: bytes,
    records: Sequence[Record],
    known: Resolver,
    batch: Batch,
    delivery: int,
    base: int,
) -> None:
    for number_, record in enumerate(records):
        answer = _one_record(record, body, arrival, known)
        if isinstance(answer, Misfit):
            fault(batch, delivery, base + number_, answer, record, body)
        else:
            batch.add(delivery, base + number_, *answer)


def check_some(
    arrival: Arrival,
    body: bytes,
    records: Sequence[Record],
    contract: Contract,
    known: Resolver,
    batch: Batch,
    delivery: int,
    base: int,
) -> None:
    """Check some consecutive records of one arrival into `batch`; `base` is the ordinal of the first of them."""
    if arrival.format == "lines":
        _line_by_line(arrival, body, records, contract, known, batch, delivery, base)
    elif not _fast_some(arrival, body, records, known, batch, delivery, base):
        _one_by_one(arrival, body, records, known, batch, delivery, base)


def _fast_some(
    arrival: Arrival,
    body: bytes,
    records: Sequence[Record],
    known: Resolver,
    batch: Batch,
    delivery: int,
    base: int,
) -> bool:
    """Add all of these readings; False, and none added, when any of them needs the slow way."""
    stations = {record.station or "" for record in records}
    if "" in stations or (arrival.stations is not None and not stations.issubset(arrival.stations)):
        return False
    slots_of = {station: known.slots_of(station) for station in stations}
    codes, times = known.codes, batch.times
    try:
        readings = _readings.decode(b"[" + b",".join([body[r.start : r.end] for r in records]) + b"]")
        slots = [
            slots_of[record.station or ""][reading.parameter, reading.unit]
            for record, reading in zip(records, readings, strict=True)
        ]
        statuses = [codes[reading.status] for reading in readings]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, KeyError):
        return False
    at = [times[reading.at] for reading in readings]
    if min(at) < 0:
        return False
    batch.slots += slots
    batch.statuses += statuses
    batch.at += at
    batch.values += [reading.value for reading in readings]
    batch.runs.append((delivery, base, len(readings)))
    return True


def fault(batch: Batch, delivery: int, ordinal: int, misfit: Misfit, record: Record, body: bytes) -> None:
    """Note why a record is refused, with its place and text."""
    args = {"place": _as_sentence(record.place_vi), **misfit.args}
    station = str(misfit.args.get("station", record.station or ""))
    batch.faults.append(Fault(delivery, ordinal, misfit.reason, args, record.text(body), station[:60]))


def _as_sentence(place: str) -> str:
    return place if place.startswith("readings") else place[:1].upper() + place[1:]


def _one_record(
    record: Record, body: bytes, arrival: Arrival, known: Resolver
) -> tuple[int, int, float | None, int] | Misfit:
    if record.whole or record.station is None:
        return _no_reading(record)
    piece = body[record.start : record.end]
    try:
        entry = msgspec.json.decode(piece)
    except UnicodeDecodeError:
        return Misfit("encoding", {"found": strange(piece)})
    except (msgspec.DecodeError, RecursionError) as error:
        return Misfit(
            "not_a_number" if "out of range" in str(error) else "unreadable",
            {"detail": str(error)[:200], "value": _out_of_range(piece)},
        )
    if not isinstance(entry, dict):
        return Misfit("bad_field", {"field": "readings", "detail": "mỗi phần tử phải là đối tượng"})
    for name in ("parameter", "at"):
        if name not in entry:
            return Misfit("missing_field", {"field": name})
        if not isinstance(entry[name], str):
            return Misfit("bad_field", {"field": name, "detail": "phải là chuỗi"})
    fields = {"status": "00", "unit": "", **entry}
    for name in ("unit", "status"):
        if not isinstance(fields[name], str):
            return Misfit("bad_field", {"field": name, "detail": "phải là chuỗi"})
    try:
        stamp = iso_instant(fields["at"])
    except LookupError:
        return Misfit("no_zone", {"at": fields["at"][:40]})
    if stamp is None:
        return Misfit("bad_time", {"at": fields["at"][:40], "pattern": "2026-11-21T10:05:00+07:00"})
    return _reading(
        record.station,
        fields["parameter"],
        entry.get("value"),
        fields["unit"],
        stamp,
        fields["status"],
        arrival,
        known,
    )


def _out_of_range(piece: bytes) -> str:
    """The number that no computer's number can hold, as it was written."""
    found = re.search(rb'"value"\s*:\s*([-+.\deE]{1,40})', piece)
    return found[1].decode() if found else "…"


def _no_reading(record: Record) -> Misfit:
    if found := record.garbled or (record.whole if record.whole == "UTF-16" else ""):
        return Misfit("encoding", {"found": found})
    if not record.whole:
        return Misfit("missing_field", {"field": "station"})
    reason = "no_readings" if record.whole == "empty" or "readings" in record.whole else "unreadable"
    return Misfit(reason, {"detail": record.whole[:200]})


def _reading(
    station: str,
    parameter: str,
    value: object,
    unit: str,
    stamp: int,
    status: str,
    arrival: Arrival,
    known: Resolver,
) -> tuple[int, int, float | None, int] | Misfit:
    """The parts that files and messages share; the ranges are checked later on whole columns."""
    if (
        arrival.stations is not None
        and station not in arrival.stations
        and known.code_of(station) not in arrival.stations
    ):
        return Misfit("not_your_station", {"station": station[:60]})
    code = known.codes.get(status)
    if code is None:
        return Misfit("bad_status", {"status": status[:20]})
    slot = known.slots_of(station).get((parameter, unit))
    if slot is None:
        found = known.resolve(station, parameter, unit)
        if isinstance(found, Misfit):
            return found
        slot = found
    if isinstance(value, str):
        amount = number(value)
        if amount is None and (code == 0 or value.strip() not in ("", "-", "NA", "N/A", "NaN", "nan")):
            return Misfit("not_a_number", {"value": value[:40]})
        return slot, stamp, amount, code
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        try:
            return slot, stamp, None if value is None else float(value), code
        except OverflowError:  # a whole number of hundreds of digits
            return Misfit("not_a_number", {"value": f"{str(value)[:20]}…"})
    return Misfit("bad_field", {"field": "value", "detail": "phải là số"})


def _check_lines(
    arrival: Arrival, body: bytes, contract: Contract, known: Resolver, batch: Batch, delivery: int, base: int
) -> int:
    records = divide(body, "lines")
    _line_by_line(arrival, body, records, contract, known, batch, delivery, base)
    return len(records)


def _line_by_line(
    arrival: Arrival,
    body: bytes,
    records: Sequence[Record],
    contract: Contract,
    known: Resolver,
    batch: Batch,
    delivery: int,
    base: int,
) -> None:
    form = contract.lines or Lines(fields=["parameter", "value", "unit", "at", "status"])
    station = None if "station" in form.fields else known.station_of_file(arrival.original or arrival.name)
    stamps: dict[str, int | None] = {}
    for number_, record in enumerate(records):
        answer = _one_line(record, body, arrival, form, station, known, stamps)
        if isinstance(answer, Misfit):
            fault(batch, delivery, base + number_, answer, record, body)
        else:
            batch.add(delivery, base + number_, *answer)


_SEPARATORS = {"\t": "TAB", ";": "dấu chấm phẩy", ",": "dấu phẩy", "|": "|"}


def _one_line(
    record: Record,
    body: bytes,
    arrival: Arrival,
    form: Lines,
    station: str | None,
    known: Resolver,
    stamps: dict[str, int | None],
) -> tuple[int, int, float | None, int] | Misfit:
    if record.whole:
        return _no_reading(record)
    piece = body[record.start : record.end]
    if found := strange(piece):
        return Misfit("encoding", {"found": found})
    text = piece.decode("utf-8-sig" if record.start == 0 else "utf-8")
    cells = [cell.strip() for cell in text.split(form.separator)]
    while len(cells) > len(form.fields) and not cells[-1]:
        cells.pop()  # some loggers end each line with the separator
    if len(cells) != len(form.fields):
        names = ", ".join(form.fields)
        return Misfit(
            "field_count",
            {
                "found": len(cells),
                "wanted": len(form.fields),
                "fields": names,
                "separator": _SEPARATORS.get(form.separator, form.separator),
            },
        )
    row = dict(zip(form.fields, cells, strict=True))
    station = row.get("station", station)
    if station is None:
        return Misfit(
            "no_station",
            {"name": arrival.name[:120], "pattern": form.file_name or "<MÃ TRẠM>_<YYYYMMDDhhmmss>.txt"},
        )
    stamp_text = row["at"]
    if stamp_text not in stamps:
        stamps[stamp_text] = patterned_instant(stamp_text, form.time, ZoneInfo(form.zone))
    stamp = stamps[stamp_text]
    if stamp is None:
        return Misfit("bad_time", {"at": stamp_text[:40], "pattern": form.time})
    return _reading(
        station,
        row["parameter"],
        row["value"],
        row.get("unit", ""),
        stamp,
        row.get("status", "00"),
        arrival,
        known,
    )


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the registry holds per slot, as columns."""

    factor: np.ndarray
    low: np.ndarray
    high: np.ndarray
    tolerance_us: np.ndarray


@dataclass(slots=True)
class Columns:
    """Good readings of a batch, one row each, in the order they arrived."""

    slot: np.ndarray  # int32
    at: np.ndarray  # int64, microseconds since 1970
    value: np.ndarray  # float64, NaN where there is none; in the contract's unit
    status: np.ndarray  # int16
    delivery: np.ndarray  # int32, index within the batch
    ordinal: np.ndarray  # int32

    def __len__(self) -> int:
        return len(self.slot)

    def take(self, rows: np.ndarray) -> Columns:
        """The rows of a mask or an index array."""
        return Columns(
            self.slot[rows],
            self.at[rows],
            self.value[rows],
            self.status[rows],
            self.delivery[rows],
            self.ordinal[rows],
        )


def columns_of(batch: Batch) -> Columns:
    """The lists of a checked batch as columns."""
    runs = np.array(batch.runs, dtype=np.int64).reshape(-1, 3)
    counts = runs[:, 2]
    starts = np.repeat(runs[:, 1] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    return Columns(
        slot=np.array(batch.slots, dtype=np.int32),
        at=np.array(batch.at, dtype=np.int64),
        value=np.array(batch.values, dtype=np.float64),  # None becomes NaN
        status=np.array(batch.statuses, dtype=np.int16),
        delivery=np.repeat(runs[:, 0], counts).astype(np.int32),
        ordinal=(starts + np.arange(len(starts))).astype(np.int32),
    )


def bound(rows: Columns, bounds: Bounds, now_us: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Convert units in place; which rows are good, and the rows that are not, by reason.

    Values outside the possible range count only while measuring: a device that reports a fault may send anything.
    """
    rows.value *= bounds.factor[rows.slot]
    measuring = rows.status == 0
    bad = {
        "future_time": rows.at > now_us + bounds.tolerance_us[rows.slot],
        "too_old": rows.at < _YEAR_2000,
        "not_a_number": measuring & ~np.isfinite(rows.value),
        "impossible_value": measuring
        & ((rows.value < bounds.low[rows.slot]) | (rows.value > bounds.high[rows.slot])),
    }
    good = ~np.logical_or.reduce(list(bad.values()))
    return good, bad


def clock_text(stamp: int) -> str:
    """A stamp as Vietnamese clocks show it."""
    minute, second = divmod(stamp // 1_000_000, 60)
    return _minute_text(minute).replace("ss", f"{second:02}", 1)


@lru_cache(4096)
def _minute_text(minute: int) -> str:
    """A minute since 1970, with `ss` where its seconds stand. Viet Nam's clocks have whole minutes since 1911; what is older
    is no measurement, and shown as if they always had.
    """
    try:
        return datetime.fromtimestamp(minute * 60, ZONE).strftime("%H:%M:ss %d/%m/%Y")
    except (ValueError, OverflowError, OSError):
        return "ngoài lịch" if minute < 0 else "sau năm 9999"
