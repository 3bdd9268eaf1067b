"""A small living province in the database: stations with a day of readings, an alarm, an incident, an order.

Everything goes the way it goes in a centre: bodies through the conductor, decisions through actions.
"""

from __future__ import annotations

import io
import json
import math
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection, transaction
from openpyxl import Workbook, load_workbook

from haidang.config.content import load
from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.assets.actions import register_station
from haidang.engine.assets.models import Asset
from haidang.engine.boards.models import WallScreen
from haidang.engine.boards.walls.actions import add_screen
from haidang.engine.connectors import counting
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.tree import default_folders
from haidang.engine.counting import running as counts
from haidang.engine.drafts import actions as drafts
from haidang.engine.drafts.models import Draft
from haidang.engine.forecasting import making
from haidang.engine.forecasting import running as forecasts
from haidang.engine.incidents import actions as incidents
from haidang.engine.incidents import conclusion_actions as conclusions
from haidang.engine.incidents import days
from haidang.engine.incidents import order_actions as orders
from haidang.engine.incidents import order_extending as extending
from haidang.engine.incidents.models import Conclusion, Incident, Order
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.ingest.incoming import Incoming
from haidang.engine.ingest.process import conductor
from haidang.engine.onboarding import actions as onboarding
from haidang.engine.onboarding.models import Connection
from haidang.engine.people.actions import add_office, add_person, add_shift
from haidang.engine.people.models import Office, Person
from haidang.engine.places.models import Place
from haidang.engine.reconciliation import running
from haidang.engine.reconciliation.models import Difference
from haidang.engine.reports import cycles, sending
from haidang.engine.reports.models import Report, Schedule
from haidang.engine.rules import evaluation
from haidang.engine.store import epochs
from haidang.engine.store.content import standing_tree
from haidang.engine.store.models import Source
from haidang.engine.submissions import actions as submissions
from haidang.engine.submissions import judging
from haidang.engine.submissions.models import Submission
from haidang.engine.wire import envelope

PASSWORD = "mat-khau-dung-thu-1"
SOURCE = "environment.station_readings"
SHEETS, DOSSIERS = "economy.monthly_files", "services.dossier_files"
AIR = {"KK-TN1": "Trạm Tân Ninh", "KK-TĐ2": "Trạm Trảng Bàng", "KK-GD3": "Trạm Gò Dầu"}
WATER = {"NM-VC1": "Trạm sông Vàm Cỏ Đông", "NM-DT2": "Trạm hồ Dầu Tiếng"}
UNITS = {"PM2.5": "µg/m3", "PM10": "µg/m3", "NO2": "µg/m3", "SO2": "µg/m3", "O3": "µg/m3", "CO": "µg/m3"}

# What an office sends before anybody has described it, row by row.
UNKNOWN_FILE: tuple[tuple[str | int | float | None, ...], ...] = (
    ("BÁO CÁO DU LỊCH THÁNG 10 NĂM 2026",),
    ("STT", "Xã, phường", "Số lượt khách", "Doanh thu (tỷ đồng)", "Điện thoại"),
    (1, "Phường Tân Ninh", 12500, 31.25, "0912345678"),
    (2, "Phường Long An", "8.300", "4,15", "0987654321"),
    ("Tổng cộng", None, 20800, 35.4),
)


@dataclass(slots=True)
class Province:
    """Who and what a test may use by name."""

    people: dict[str, Person] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    stations: list[Asset] = field(default_factory=list)
    alarm: Alarm | None = None
    incident: Incident | None = None
    order: Order | None = None
    conclusion: Conclusion | None = None
    task: Order | None = None
    screen: WallScreen | None = None
    difference: Difference | None = None
    submission: Submission | None = None
    # Of the leader: a report that came by a schedule of his.
    report: Report | None = None
    schedule: Schedule | None = None
    connection: Connection | None = None
    draft: Draft | None = None
    _sent: count[int] = field(default_factory=lambda: count(1))

    def send(self, body: object) -> None:
        """One push body, from the door's message to stored rows, figures and alarms."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        arrival = Arrival(
            source=SOURCE, door="push", received_at=clock.timestamp(), credential="tester", format="json", body=raw,
            size=len(raw), records=counting.count(raw, "json"),
        )  # fmt: skip
        message = Incoming(next(self._sent), envelope.encode(envelope.Envelope(arrivals=[arrival])))
        conductor().take([message])

    def read(self, station: str, parameter: str, value: float, at: datetime | None = None) -> None:
        self.send({"station": station, "readings": [_reading(parameter, value, at or clock.now())]})


def _reading(parameter: str, value: float, at: datetime) -> dict[str, object]:
    stamp = clock.local(at).isoformat(timespec="seconds")
    return {
        "parameter": parameter,
        "value": round(value, 2),
        "unit": UNITS[parameter],
        "at": stamp,
        "status": "00",
    }


def settle() -> Province:
    """Make the province. The database must be migrated and otherwise empty."""
    with connection.cursor() as cursor:
        # Django empties only the tables of managed models between tests.
        cursor.execute(
            "TRUNCATE store_delivery, store_observation, store_hour, store_closing, indicators_figure, indicators_due"
        )
    load(say=lambda _line: None)
    evaluation.reload()
    province = Province()
    _people(province)
    _stations(province)
    _day_of_readings(province)
    _trouble(province)
    _document(province)
    _two_sources(province)
    _five_years()
    _sheet(province)
    _dossiers(province)
    _report(province)
    _draft(province)
    return province


def _report(province: Province) -> None:
    """A schedule that has sent the air board once, and could not send it to the crew."""
    leader = province.people["leader"]
    schedule = Schedule.objects.create(
        title="Không khí mỗi sáng", address="environment.air", cycle=Schedule.Cycle.DAILY, owner=leader, starts_at=clock.now()
    )  # fmt: skip
    schedule.recipients.set([leader, province.people["crew"]])
    sending.begin(schedule, cycles.Turn(clock.now(), ""))
    sending.send_waiting()
    province.schedule, province.report = schedule, Report.objects.get(recipient=leader)


def _people(province: Province) -> None:
    department = add_office(
        code="so-nnmt", name="Sở Nông nghiệp và Môi trường", short_name="Sở NN&MT", phone="0276.3822.000"
    )
    commune = add_office(
        code="p-tan-ninh", name="UBND phường Tân Ninh", short_name="P. Tân Ninh", phone="0276.3822.111"
    )
    province.offices = {"department": department, "commune": commune}
    cast = {
        "administrator": ("Phạm Quốc Quản", None),
        "leader": ("Lê Thị Lãnh", None),
        "duty_chief": ("Đặng Minh Trực", None),
        "operator": ("Nguyễn Văn An", None),
        "officer": ("Trần Thị Bình", commune),
        "crew": ("Võ Văn Cường", commune),
        "analyst": ("Hồ Thị Dung", None),
    }
    for role, (name, office) in cast.items():
        province.people[role] = add_person(
            email=f"{role}@tayninh.example", name=name, password=PASSWORD, role=role,
            office=office or department, within=office, phone="0901.234.567",
        )  # fmt: skip
    # Administrators see nothing before they have a second factor.
    TOTP.activate(province.people["administrator"], "JBSWY3DPEHPK3PXP")
    now = clock.now()
    add_shift(
        name="Ca ngày", starts_at=now - timedelta(hours=2), ends_at=now + timedelta(hours=6),
        chief=province.people["duty_chief"], members=[province.people["operator"]], phone="0276.3822.999",
    )  # fmt: skip


def _stations(province: Province) -> None:
    place = Place.objects.filter(name="Tân Ninh", parent__name="Tây Ninh", valid_to_date=None).first()
    for kind, names in (("air", AIR), ("water", WATER)):
        for number, (code, name) in enumerate(names.items()):
            asset, _ = register_station(
                code=code.replace("Đ", "D"), name=name, kind=kind, lat=11.31 + number / 20, lon=106.09 + number / 15,
                place=place, office=province.offices["department"],
            )  # fmt: skip
            province.stations.append(asset)


def _day_of_readings(province: Province) -> None:
    """Thirty hours by the half hour, with a daily rhythm, so that hours, days and trends exist."""
    end = clock.now().replace(minute=0, second=0, microsecond=0)
    base = {"PM2.5": 32.0, "PM10": 58.0, "NO2": 24.0, "SO2": 9.0, "O3": 61.0, "CO": 780.0}
    for number, asset in enumerate(a for a in province.stations if a.kind == "air"):
        readings = []
        for half in range(60):
            at = end - timedelta(minutes=30 * half)
            swing = 1 + 0.3 * math.sin(clock.local(at).hour / 24 * 2 * math.pi + number)
            readings += [_reading(name, value * swing * (1 + number / 8), at) for name, value in base.items()]
        province.send({"station": asset.code, "readings": readings[::-1]})


def _trouble(province: Province) -> None:
    """One station smokes: an alarm, an incident from it, an order to the commune."""
    now = clock.now().replace(second=0, microsecond=0)
    province.read("KK-TN1", "PM10", -7.0, now - timedelta(minutes=3))  # refused, kept with its reason
    province.read("KK-TN1", "PM2.5", 171.0, now - timedelta(minutes=2))
    province.alarm = Alarm.objects.order_by("-pk").first()
    operator = province.people["operator"]
    if province.alarm is None:
        raise RuntimeError("a reading of 171 µg/m³ raised no alarm; is environment.pm25_high still a rule?")
    province.incident = incidents.open_incident(
        by=operator, title="Khói dày đặc quanh trạm Tân Ninh", priority=2, alarms=[province.alarm],
        place=province.alarm.place,
    )  # fmt: skip
    province.order = orders.issue_order(
        incident=province.incident, by=operator, office=province.offices["commune"],
        text="Kiểm tra điểm đốt rác sau chợ, chụp ảnh hiện trường.", deadline_at=now + timedelta(hours=1),
    )  # fmt: skip
    province.screen, _token = add_screen(
        name="Tường phòng điều hành", where="Tầng 2", wall="environment", by=province.people["administrator"]
    )


def _document(province: Province) -> None:
    """A conclusion of the leader with a task for each office; the commune has received its own and asks for more time."""
    commune, department = province.offices["commune"], province.offices["department"]
    today = clock.local(clock.now()).date()
    tasks = [
        {"office": commune, "text": "Dọn các điểm rác tự phát quanh chợ Tân Ninh.", "deadline_at": days.end_of(today + timedelta(days=10)), "helpers": [department]},
        {"office": department, "text": "Trình phương án thu gom rác cho ba phường.", "deadline_at": days.end_of(today), "needs_proof": False},
    ]  # fmt: skip
    province.conclusion = conclusions.register(
        by=province.people["leader"], code="215/TB-UBND", dated_on=today, signer="Lê Thị Lãnh", office=department,
        title="Kết luận phiên họp về rác thải sinh hoạt", tasks=tasks,
        file=io.BytesIO(b"%PDF-1.7 ket luan"), file_name="215-TB-UBND.pdf",
    )  # fmt: skip
    officer = province.people["officer"]
    province.task = orders.receive(order=province.conclusion.orders.get(number=1), by=officer)
    extending.ask(
        order=province.task, by=officer, until_at=province.task.deadline_at + timedelta(days=5),
        reason="Xe cuốn ép đang sửa.",
    )  # fmt: skip


def _two_sources(province: Province) -> None:
    """October's domestic revenue by the department of finance, a thousand times what the communes come to."""
    day, at = Period.parse("2026-10"), periods.end_of(Period.parse("2026-10"))
    here = Place.objects.on(day.last_day).get(level=Place.Level.PROVINCE, code="80")
    told = [("economy.revenue_domestic", here.pk, 960_000.0)]
    communes = Place.objects.communes_of("80", day.last_day)
    told += [("economy.commune_revenue", commune.pk, 10_000.0) for commune in communes]
    stated = [
        Stated(
            name,
            place,
            at,
            value,
            {"kind": "stated", "submission": 0, "sheet": "T10", "cell": "D14", "raw": value},
        )
        for name, place, value in told
    ]
    with transaction.atomic():
        publish(load_catalogue(), stated, epochs.take("tests"))
    running.run()
    # The pair's own offices are not of this small cast.
    left, right = province.offices["commune"], province.offices["department"]
    Difference.objects.update(left_office=left, right_office=right)
    province.difference = Difference.objects.get()


def _five_years() -> None:
    """Months of three numbers with their forecasts: revenue has trend and season, retail is a walk, exports fell at last.
    Of last month's communes there are numbers too, so that their change can be taken apart.
    """
    last, chance = Period.parse("2026-10"), random.Random(8)  # noqa: S311 - the same numbers every time
    here = Place.objects.on(last.last_day).get(level=Place.Level.PROVINCE, code="80")
    told, walk = [], 18_000.0
    for month in range(60):
        at = periods.end_of(periods.back(last, 59 - month))
        season = 1 + 0.12 * math.sin(2 * math.pi * month / 12)
        walk += chance.gauss(0, 160)
        told.append(
            ("economy.revenue", here.pk, at, (825_000 + 4_600 * month) * season * (1 + chance.gauss(0, 0.02)))
        )
        told.append(("economy.retail", here.pk, at, walk))
        fall = 0.6 if month == 59 else 1
        told.append(("economy.export", here.pk, at, (1000 + 6 * month) * fall * (1 + chance.gauss(0, 0.03))))
    before = periods.end_of(periods.back(last, 1))
    for number, commune in enumerate(Place.objects.communes_of("80", last.last_day)):
        told.append(("economy.commune_revenue", commune.pk, before, 8_000.0 + 50 * (number * 29 % 97)))
    stated = [
        Stated(name, place, at, round(value, 1), {"kind": "stated", "submission": 0, "sheet": "T", "cell": "D14", "raw": value})
        for name, place, at, value in told
    ]  # fmt: skip
    catalogue = load_catalogue()
    with transaction.atomic():
        epoch = epochs.take("tests")
        publish(catalogue, stated, epoch)
    for name in ("economy.revenue", "economy.retail", "economy.export", "economy.commune_revenue"):
        forecasts.keep(making.make(catalogue, name, here, epoch))


def _dossiers(province: Province) -> None:
    """October's list of dossiers, published by the service centre and counted."""
    centre = add_office(
        code="hcc", name="Trung tâm Phục vụ hành chính công", short_name="TT PVHCC", phone="0276.3822.333"
    )
    centre.place = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
    centre.save(update_fields=["place"])
    clerk = add_person(
        email="mot-cua@tayninh.example",
        name="Ngô Thị Hồ",
        password=PASSWORD,
        role="officer",
        office=centre,
        within=centre,
    )
    body = (default_folders()[0] / "services/contracts/dossiers.sample.xlsx").read_bytes()
    arrival = Arrival(
        source=DOSSIERS, door="web", received_at=clock.timestamp(), credential="", format="sheet", body=body,
        size=len(body), name="danh-sach-thang-10.xlsx", about={"period": "2026-10", "office": centre.code},
    )  # fmt: skip
    conductor().take([Incoming(next(province._sent), envelope.encode(envelope.Envelope(arrivals=[arrival])))])
    made = judging.judge(Submission.objects.get(contract="services.dossiers"))
    submissions.sign(submission=made, by=clerk)
    submissions.approve(submission=made, by=province.people["leader"])
    submissions.publish(submission=made, by=province.people["leader"])
    # Not by way of what this process remembers of another province.
    counts.count_all(standing_tree(counts.KINDS))


def _sheet(province: Province) -> None:
    """The department's monthly file, judged: one cell at fault, one to be explained."""
    Source.objects.filter(address=SHEETS).update(office=province.offices["department"])
    sample = default_folders()[0] / "economy/contracts/monthly.sample.xlsx"
    book, out = load_workbook(sample), io.BytesIO()
    book.active["F9"] = "1.234"  # one thousand and some, or one and a bit?
    book.active["F6"] = book.active["E6"].value * 2
    book.save(out)
    body = out.getvalue()
    arrival = Arrival(
        source=SHEETS, door="web", received_at=clock.timestamp(), credential="", format="sheet", body=body,
        size=len(body), name="bao-cao-thang-10.xlsx", about={"period": "2026-10"},
    )  # fmt: skip
    conductor().take([Incoming(next(province._sent), envelope.encode(envelope.Envelope(arrivals=[arrival])))])
    province.connection = onboarding.ask(
        source=Source.objects.get(address=SHEETS), office=province.offices["department"],
        by=province.people["administrator"], reference="12/SNNMT-VP",
    )  # fmt: skip
    onboarding.try_file(
        connection=province.connection,
        by=province.people["administrator"],
        body=body,
        name="thu.xlsx",
        period="2026-10",
    )
    province.submission = judging.judge(Submission.objects.get(source__address=SHEETS))


def _draft(province: Province) -> None:
    """A file nobody has described, about to become a contract; one of its columns holds telephone numbers."""
    book, out = Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in UNKNOWN_FILE:
        sheet.append(row)
    book.save(out)
    province.draft = drafts.begin(
        body=out.getvalue(), name="du-lich-thang-10.xlsx", by=province.people["administrator"]
    )
