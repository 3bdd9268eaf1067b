"""The worked examples of QĐ 1459, sent as stations send them: files over FTP, out of order, twice,
corrected.
"""

from __future__ import annotations

import ftplib
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from haidang.config.supervisor.trial import Trial
from haidang.engine.clock import LOCAL

SOURCE = "environment.air_station_files"
PM25 = [26.9, 24.7, 20.5, 23.5, 19.5, 16.5, 19.0, 16.5, 20.3, 22.4, 19.6, 20.6]
O3 = (
    "15.7 14.2 17.7 18.9 19.3 15.7 19.7 22.6 27.1 29.0 31.9 25.3 34.7 35.2 41.6 45.7 49.2 55.8 69.6 78.3 91.5"
    " 97.7 81.2 71.8 43.5 34.3 21.5 20.5 19.4 20.4 21.3"
)
O3_MEANS = (
    "18.0 19.4 21.2 23.0 23.8 25.8 28.2 30.9 33.8 36.6 39.9 44.7 51.3 58.4 66.2 71.1 74.4 73.7 71.0 65.0 57.8"
    " 48.7 39.1 31.6"
)
EVENING = datetime(2026, 11, 18, 20, tzinfo=LOCAL)
MIDNIGHT = datetime(2026, 11, 19, tzinfo=LOCAL)
Line = tuple[str, str, str, datetime, str]

pytestmark = pytest.mark.xdist_group("centre")


class Station:
    """One station with its own FTP login."""

    def __init__(self, centre: Trial, code: str) -> None:
        self.centre, self.code = centre, code
        centre.station(code)
        self.key = centre.key(SOURCE, code)
        self.before, self.sent = self._outcomes(), 0

    def send(self, *lines: Line) -> None:
        """One file, named by the station's code and the newest time in it."""
        body = "".join(
            f"{parameter}\t{value}\t{unit}\t{at.astimezone(LOCAL):%Y%m%d%H%M%S}\t{status}\r\n"
            for parameter, value, unit, at, status in lines
        )
        newest = max(at for *_, at, _ in lines).astimezone(LOCAL)
        with ftplib.FTP() as ftp:
            ftp.connect("127.0.0.1", self.centre.port("ftp"), timeout=30)
            ftp.login(self.key["user"], self.key["password"])
            ftp.storbinary(f"STOR {self.code}_{newest:%Y%m%d%H%M%S}.txt", io.BytesIO(body.encode()))
        self.sent += len(lines)

    def settle(self) -> None:
        """Wait until every record sent so far has its outcome."""
        wanted = self.before + self.sent
        self.centre.wait_for(
            lambda: self._outcomes() >= wanted, patience_s=60, what=f"outcomes of {self.code}"
        )

    def _outcomes(self) -> int:
        query = (
            "SELECT coalesce(sum(t.stored + t.duplicate + t.refused + t.failed), 0) FROM store_tally t"
            " JOIN store_source s ON s.id = t.source_id WHERE s.address = %s"
        )
        return int(self.centre.sql(query, SOURCE)[0][0])

    def figure(self, stem: str, at: datetime, *more: str) -> dict[str, Any]:
        found: dict[str, Any] = self.centre.json(
            "figure", f"environment.{stem}", "--station", self.code, "--at", at.isoformat(), *more
        )
        return found


def hours(parameter: str, values: list[float], unit: str, end: datetime) -> list[Line]:
    """Hourly values, the last one at `end`, with a decimal comma as many loggers write it."""
    first = end - timedelta(hours=len(values) - 1)
    return [
        (parameter, str(value).replace(".", ","), unit, first + timedelta(hours=number), "00")
        for number, value in enumerate(values)
    ]


def test_the_hour_of_the_decision_comes_out_from_files_resent_oldest_first(centre: Trial) -> None:
    station = Station(centre, "WE-HOUR")
    lines = hours("PM2,5", PM25, "ug/Nm3", EVENING)
    station.send(
        *lines[6:], ("O3", "136.1", "µg/m3", EVENING, "00"), ("NO2", "118,7", "μg/Nm³", EVENING, "00")
    )
    for line in lines:  # after an outage everything is sent again, oldest first
        station.send(line)
    # Calibration and fault do not count, whatever they say.
    station.send(("SO2", "9000", "ug/m3", EVENING, "01"), ("CO", "", "mg/Nm3", EVENING, "02"))
    station.settle()

    found = station.figure("aqi_hour", EVENING)
    parts = found["detail"]["parameters"]
    assert found["value"] == 59
    assert found["version"] == "1459/2019"
    assert parts["NO2"]["exact"] == 59.35
    assert (parts["O3"]["exact"], parts["O3"]["index"]) == (42.53, 43)
    assert parts["PM2.5"]["index"] == 41
    assert not {"SO2", "CO"} & set(parts)
    assert len(found["inputs"]) == 14
    nowcast = station.figure("nowcast_pm25", EVENING)
    assert nowcast["value"] == 20.27
    assert nowcast["unit"] == "µg/m3"


def test_carbon_monoxide_in_milligrams_and_micrograms_are_the_same_value(centre: Trial) -> None:
    station = Station(centre, "WE-CO")
    station.send(
        *hours("PM-10", [10.0, 10.0], "ug/m3", EVENING),
        ("CO", "29.0", "mg/Nm3", EVENING - timedelta(minutes=10), "00"),
        ("CO", "31000", "ug/Nm3", EVENING - timedelta(minutes=5), "00"),
    )
    station.settle()
    found = station.figure("aqi_hour", EVENING)
    assert found["value"] == 100
    assert found["detail"]["parameters"]["CO"]["concentration"] == 30_000


def test_the_day_of_the_decision_with_its_24_means_of_eight_hours(centre: Trial) -> None:
    station = Station(centre, "WE-DAY")
    station.send(
        *hours("O3", [float(value) for value in O3.split()], "ug/m3", MIDNIGHT),
        *hours("PM-2-5", [55.7] * 24, "µg/Nm3", MIDNIGHT),
        *hours("NO2", [40.0] * 12 + [130.8] + [40.0] * 11, "µg/m3", MIDNIGHT),
    )
    station.settle()
    day = station.figure("aqi_day", datetime(2026, 11, 18, 12, tzinfo=LOCAL))
    assert day["at"] == MIDNIGHT.isoformat()
    assert day["value"] == 110
    parts = day["detail"]["parameters"]
    assert parts["NO2"]["exact"] == 65.4
    printed = [float(value) for value in O3_MEANS.split()]
    assert parts["O3"]["means_8h"] == pytest.approx(printed, abs=0.1)
    assert parts["O3"]["max_8h"] == 74.39
    mean = station.figure("o3_mean_8h", MIDNIGHT.replace(day=18, hour=17))
    assert mean["value"] == 74.39


def test_a_correction_makes_a_new_version_and_as_of_gives_the_old_one(centre: Trial) -> None:
    station = Station(centre, "WE-AS-OF")
    pm10 = hours("PM10", [20.0, 20.0, 20.0], "ug/m3", EVENING)
    station.send(*pm10, ("NO2", "50", "ug/m3", EVENING, "00"))
    station.settle()
    assert station.figure("aqi_hour", EVENING)["value"] == 25
    before = datetime.now(UTC)
    station.send(*pm10, ("NO2", "150", "ug/m3", EVENING, "00"))
    station.settle()

    assert station.figure("aqi_hour", EVENING)["value"] == 75
    old = station.figure("aqi_hour", EVENING, "--as-of", before.isoformat())
    assert old["value"] == 25
    assert station.figure("aqi_hour", EVENING, "--as-of", before.isoformat()) == old


def test_without_particles_there_is_no_index_and_a_gap_is_not_a_zero(centre: Trial) -> None:
    station = Station(centre, "WE-GAP")
    station.send(("O3", "136.1", "ug/m3", EVENING, "00"))
    station.settle()
    found = station.figure("aqi_hour", EVENING)
    assert found["value"] is None
    assert found["status"] == "missing"
    assert found["detail"]["reason"] == "no_particles"
