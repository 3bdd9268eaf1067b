"""The simulated province: the same on every run, with every kind of trouble, written as stations write."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from haidang.demo import faults, plan
from haidang.demo.history import BLOCK_H, block, order
from haidang.demo.line import Line
from haidang.demo.province import Episode, Province
from haidang.demo.quantities import AIR, plume, values
from haidang.demo.report import LOCAL, Report, Value, file_bytes, file_name, message
from haidang.demo.run import Simulator
from haidang.demo.senders import NotTaken, Push
from haidang.demo.station import Doors, Login, Outside, Station, read, write

NINE = 1_795_226_400.0  # 2026-11-21 09:00 in Viet Nam
COMMUNES = [
    plan.Commune(
        f"{25000 + n}",
        "Phường" if n % 3 == 0 else "Xã",
        f"Tên {n}",
        11 + (n % 9) * 0.08,
        106 + (n // 9) * 0.08,
    )
    for n in range(80)
]


def outside(stations: list[Station], **more: object) -> Outside:
    login = [
        Login("environment.station_readings", "mqtt", "m", "p", "k", None),
        Login("environment.station_readings", "push", "h", "p", "k", None),
        *(Login(plan.FILES[kind], "ftp", f"f-{kind}", "p", "k", None) for kind in plan.FILES),
    ]
    doors = Doors("http://127.0.0.1:9", "127.0.0.1", 9, "127.0.0.1", 9)
    return Outside("dat-moi", "Đất Mới", 7, doors, stations, login, **more)  # type: ignore[arg-type]


@pytest.fixture
def province() -> Province:
    return Province(outside(plan.stations("Đất Mới", COMMUNES, seed=7)))


def hour(province: Province) -> list[tuple[Station, Report]]:
    found = province.outside.stations
    return [(s, r) for s in found for _, r in province.reports(s, NINE, NINE + 3600)]


def test_a_province_without_a_file_gets_forty_stations_at_all_three_doors_and_one_stranger(
    province: Province,
) -> None:
    stations = province.outside.stations
    registered = [s for s in stations if s.is_registered]
    assert Counter(s.kind for s in registered) == {"air": 24, "water": 16}
    assert {s.door for s in registered} == {"ftp", "mqtt", "push"}
    assert len({s.code for s in stations}) == 41
    assert {s.code[:3] for s in stations} == {"DM_"}
    assert {s.commune for s in stations} <= {c.code for c in COMMUNES}


def test_the_written_down_province_names_only_communes_that_exist() -> None:
    with pytest.raises(LookupError, match="has no commune 'Tân Ninh'"):
        plan.stations("Tây Ninh", COMMUNES, seed=7)


def test_every_station_belongs_to_an_office_of_the_plan(province: Province) -> None:
    offices = {o.key for o in plan.owners("Đất Mới", province.outside.stations, COMMUNES)}
    assert {s.office for s in province.outside.stations} <= offices


def test_the_same_seed_and_time_give_the_same_reports_whenever_asked(province: Province) -> None:
    again = Province(outside(plan.stations("Đất Mới", COMMUNES, seed=7)))
    station = again.outside.stations[0]
    late = list(again.reports(station, NINE + 1200, NINE + 3600))
    whole = list(province.reports(station, NINE, NINE + 3600))
    assert late == whole[-len(late) :]
    assert hour(province) == hour(again)


def test_another_seed_gives_another_province() -> None:
    at = np.arange(NINE, NINE + 86400, 300, dtype=np.float64)
    a, b = (values(seed, "DM_KK_01", "urban", AIR[0], at) for seed in (1, 2))
    assert not np.array_equal(a, b)


def test_a_day_has_its_rush_hours(province: Province) -> None:
    no2 = next(q for q in AIR if q.name == "NO2")
    at = NINE - 7200 + 86400.0 * np.arange(30, dtype=np.float64)  # 07:00 of thirty days
    morning, night = (values(7, "DM_KK_01", "urban", no2, at + shift).mean() for shift in (0, -4 * 3600))
    assert morning > 1.3 * night


def test_within_an_hour_every_kind_of_trouble_shows(province: Province) -> None:
    reports = hour(province)
    statuses = {v.status for _, r in reports for v in r.values}
    assert statuses >= {"00", "01", "02"}
    times_of = Counter((s.code, r.at) for s, r in reports if not r.raw)
    assert max(times_of.values()) == 2, "somebody sends twice"
    assert any(s.faults == ["stranger"] for s, _ in reports)
    dark = next(s for s in province.outside.stations if "gap" in s.faults)
    minutes = {int((r.at - NINE) // 60) for s, r in reports if s == dark}
    assert not minutes & set(range(*faults.GAP))
    spoiled = [r for s, r in reports if "clumsy" in s.faults and _is_spoiled(r)]
    assert len(spoiled) >= 6


def _is_spoiled(report: Report) -> bool:
    first = report.values[0]
    return (
        bool(report.raw)
        or first.parameter == "DUST"
        or first.value < 0
        or first.unit == "ppb"
        or first.status == "07"
        or report.at > NINE + 7200
    )


@pytest.mark.parametrize("mistake", faults.FILE_MISTAKES)
def test_each_mistake_in_a_file_leaves_its_other_lines_alone(mistake: str, province: Province) -> None:
    station = next(s for s in province.outside.stations if s.door == "ftp" and s.kind == "air")
    good = province.report(station, NINE)
    spoiled = faults.spoil(station, good, mistake)
    assert file_bytes(spoiled) != file_bytes(good)
    if mistake != "future":
        assert file_bytes(spoiled).split(b"\r\n")[1:] == file_bytes(good).split(b"\r\n")[1:]


@pytest.mark.parametrize("mistake", faults.MESSAGE_MISTAKES)
def test_each_mistake_in_a_message_changes_it(mistake: str, province: Province) -> None:
    station = next(s for s in province.outside.stations if s.door == "push")
    good = province.report(station, NINE)
    spoiled = faults.spoil(station, good, mistake)
    assert (spoiled.raw or spoiled) != good


def test_an_episode_lifts_raw_values_over_250_twice_an_hour_at_its_heart_only(province: Province) -> None:
    over = Counter(
        s.code
        for s, r in hour(province)
        for v in r.values
        if v.parameter == "PM2.5" and v.value > 250 and v.status == "00"
    )
    heart = next(s for s in province.outside.stations if s.episode == 1)
    assert set(over) == {heart.code}
    stamps = [
        int((r.at - NINE) // 60)
        for s, r in hour(province)
        if s == heart
        for v in r.values
        if v.value > 250 and v.parameter == "PM2.5"
    ]
    assert any(m < 30 for m in stamps)
    assert any(m >= 30 for m in stamps)


def test_a_plume_rises_stays_and_falls() -> None:
    at = np.array([-1.0, 15, 50, 90, 101])
    assert plume(at, 0, 100, 200).round(6).tolist() == [0, 200, 200, 80, 0]


def test_a_file_is_written_as_the_circular_asks() -> None:
    report = Report("DM_KK_01", NINE, (Value("PM2.5", 31.2, "µg/m3"), Value("CO", 1.05, "mg/m3", "01")))
    assert file_name(report) == "DM_KK_01_20261121090000.txt"
    assert file_bytes(report) == (
        b"PM2,5\t31.2\tug/Nm3\t20261121090000\t00\r\nCO\t1.05\tmg/Nm3\t20261121090000\t01\r\n"
    )


def test_a_message_is_one_object_with_its_zone() -> None:
    report = Report("DM_KK_02", NINE, (Value("PM2.5", 31.2, "µg/m3"),))
    assert message(report) == {
        "station": "DM_KK_02",
        "readings": [
            {
                "parameter": "PM2.5",
                "value": 31.2,
                "unit": "µg/m3",
                "at": "2026-11-21T09:00:00+07:00",
                "status": "00",
            }
        ],
    }
    assert report.stamp.tzinfo is LOCAL


def test_history_sends_the_newest_block_first_and_then_from_the_oldest(province: Province) -> None:
    assert order(4) == [3, 0, 1, 2]
    body, records = block(province, NINE, 60, 59)
    lines = [json.loads(line) for line in body.splitlines()]
    assert len(lines) == 40 * BLOCK_H
    assert records == sum(len(line["readings"]) for line in lines)
    stamps = [line["readings"][0]["at"] for line in lines]
    assert stamps == sorted(stamps)
    assert stamps[-1] == "2026-11-21T09:00:00+07:00"
    assert {line["station"] for line in lines} == {
        s.code for s in province.outside.stations if s.is_registered
    }


class Notebook:
    """A sender that writes down what it is given; refuses as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.sent: list[Report] = []
        self.failures = failures

    def send(self, report: Report) -> None:
        if self.failures:
            self.failures -= 1
            raise NotTaken("the centre is away", 0)
        self.sent.append(report)

    def close(self) -> None: ...


def test_what_a_cut_line_held_is_sent_oldest_first_before_the_new() -> None:
    book = Notebook()
    line = Line("test", book)  # type: ignore[arg-type]
    for minute in (10, 5):
        line.put(Report("S", minute, ()), is_cut=True)
    line.put(Report("S", 15, ()))
    assert [r.at for r in line.queue] == [5, 10, 15]
    assert line.counts["late"] == 2


def test_what_was_not_acknowledged_stays_first_in_the_queue() -> None:
    book = Notebook(failures=2)
    line = Line("test", book)  # type: ignore[arg-type]
    line.put(Report("S", 5, ()))
    for _ in range(3):
        line._send_first()
    assert [r.at for r in book.sent] == [5]
    assert line.counts["not taken"] == 2
    assert not line.queue


def test_an_episode_asked_for_speaks_at_once(tmp_path: Path) -> None:
    now = [NINE + 100.0]  # between the planned episodes
    simulator = Simulator(outside(plan.stations("Đất Mới", COMMUNES, 7)), tmp_path, clock=lambda: now[0])
    (tmp_path / "episode").touch()
    now[0] += 0.2
    simulator.look()
    heart = next(s for s in simulator.outside.stations if s.code == simulator.province.asked[0].heart)
    assert heart.episode == 0, "the alarm of the planned episodes may still be active there"
    said = [r for r in simulator.line_of[heart.code].queue if r.station == heart.code]
    assert next(v.value for v in said[-1].values if v.parameter == "PM2.5") > 250
    assert isinstance(simulator.province.asked[0], Episode)
    simulator.close()


def test_outside_json_holds_passwords_and_only_its_owner_reads_it(tmp_path: Path, province: Province) -> None:
    path = tmp_path / "demo" / "outside.json"
    write(path, province.outside)
    assert read(path) == province.outside
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_push_sender_names_the_source_in_its_address() -> None:
    push = Push(
        Doors("http://127.0.0.1:9", "", 0, "", 0),
        Login("environment.station_readings", "push", "", "", "k", None),
    )
    assert push.address == "http://127.0.0.1:9/api/v1/sources/environment.station_readings/deliveries"
    push.close()


def test_the_simulator_loads_neither_django_nor_the_engine() -> None:
    code = (
        "import sys, haidang.demo.run; print([m for m in sys.modules"
        " if m.split('.')[0] == 'django' or m.startswith(('haidang.engine', 'haidang.domains'))])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
