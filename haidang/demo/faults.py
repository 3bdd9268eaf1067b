"""The trouble real stations have, on the clock: the same trouble at the same minute on every run."""

from __future__ import annotations

from dataclasses import replace

from haidang.demo.report import Report, Value, file_bytes, message_bytes
from haidang.demo.rhythm import chance
from haidang.demo.station import Station

# Minutes of the hour, from and to.
OUTAGE = (8, 34)  # the line is cut; what was measured is sent afterwards, oldest first
GAP = (36, 48)  # the station has no power: nothing is measured, nothing comes later
CALIBRATION = (20, 31)
EPISODES = ((8, 20), (38, 50))  # twice an hour
CLUMSY_MINUTES = (5, 25, 45)

# Which instrument is the bad one: by kind of station.
FAULTY = {"air": "SO2", "water": "COD"}
CALIBRATED = {"air": "O3", "water": "pH"}


def _within(at: float, span: tuple[int, int]) -> bool:
    return span[0] <= at % 3600 / 60 < span[1]


def is_cut(station: Station, now: float) -> bool:
    """No line to the centre at this moment; the stations concerned take turns, one an hour."""
    is_its_turn = int(now // 3600) % 3 == int(station.code[-2:]) % 3
    return "outage" in station.faults and is_its_turn and _within(now, OUTAGE)


def is_dark(station: Station, at: float) -> bool:
    """Nothing was measured at this stamp: the hourly gap, or now and then a single missed cycle."""
    return ("gap" in station.faults and _within(at, GAP)) or chance(0.004, station.code, at)


def is_twice(station: Station, at: float) -> bool:
    """The sender lost the acknowledgement and sends the same thing again."""
    return "duplicate" in station.faults and chance(0.15, station.code, at, "again")


def marked(station: Station, at: float, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Statuses as the station's own self-test gives them: 02 on a broken instrument, 01 while calibrating."""
    bad = FAULTY[station.kind] if "faulty" in station.faults else ""
    tuned = CALIBRATED[station.kind] if "calibration" in station.faults and _within(at, CALIBRATION) else ""
    # Every station zeroes one instrument once a night, each at its own quarter of an hour.
    if int(at // 900) % 96 == 68 + hash_of(station.code) % 12:
        tuned = CALIBRATED[station.kind]
    return tuple(
        replace(v, value=0.0, status="02") if v.parameter == bad
        else replace(v, value=round(v.value * 0.1, 2), status="01") if v.parameter == tuned
        else v
        for v in values
    )  # fmt: skip


def hash_of(code: str) -> int:
    return sum(code.encode())


def clumsy(station: Station, report: Report) -> Report | None:
    """A report as a badly set-up logger writes it: another mistake each time. None when it writes well."""
    at = report.at
    if "clumsy" not in station.faults or int(at % 3600 // 60) not in CLUMSY_MINUTES or int(at) % 300:
        return None
    mistakes = FILE_MISTAKES if station.door == "ftp" else MESSAGE_MISTAKES
    name = mistakes[int(at // 1200) % len(mistakes)]
    return spoil(station, report, name)


FILE_MISTAKES = ("field_count", "parameter", "impossible", "unit", "encoding", "number", "future")
MESSAGE_MISTAKES = ("parameter", "impossible", "unit", "future", "json", "zone", "status")


def spoil(station: Station, report: Report, mistake: str) -> Report:
    """The report with one mistake in its first line or reading; the rest stays good."""
    first, *rest = report.values
    if mistake == "future":
        return Report(report.station, report.at + 86400, report.values[:1])
    changed = {
        "parameter": replace(first, parameter="DUST"),
        "impossible": replace(first, value=-9999.0),
        "unit": replace(first, unit="ppb"),
        "status": replace(first, status="07"),
    }
    if mistake in changed:
        return replace(report, values=(changed[mistake], *rest))
    good = file_bytes(report) if station.door == "ftp" else message_bytes(report)
    spoiled = {
        "field_count": good.replace(b"\t00\r\n", b"\r\n", 1),
        "encoding": "Bụi".encode("utf-16-le") + good,
        "number": good.replace(f"\t{first.value:g}\t".encode(), b"\t#N/A\t", 1),
        "json": good[:-2],
        "zone": good.replace(b"+07:00", b"", 1),
    }
    return replace(report, raw=spoiled[mistake])
