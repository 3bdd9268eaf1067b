"""Check what arrived against its contract: columns of good readings, and a fault for each of the others.

The common case is decoded and validated in one pass and costs about a microsecond a reading. Only a message that
does not fit is walked record by record, so that each record gets its own reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts.batch import Batch, Misfit, Resolver, fault
from haidang.engine.contracts.definition import Contract, Lines
from haidang.engine.contracts.records import BOM, Record, divide, strange
from haidang.engine.contracts.values import iso_instant, number, patterned_instant


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
