"""An operator, a duty chief, officers of two offices, and an incident from an alarm."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from PIL import Image

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.assets.models import Asset
from haidang.engine.incidents import actions, order_actions
from haidang.engine.incidents.models import Incident, Order
from haidang.engine.people.models import Grant, Office, Person


@dataclass
class Cast:
    """What a test says by name."""

    operator: Person
    chief: Person
    officer: Person
    stranger: Person
    crew: Person
    commune: Office
    health: Office
    incident: Incident

    def order(self, **more: object) -> Order:
        wanted: dict = {
            "incident": self.incident, "by": self.operator, "office": self.commune, "text": "Đo nhanh dưới hướng gió",
            "deadline_at": clock.now() + timedelta(minutes=30), **more,
        }  # fmt: skip
        return order_actions.issue_order(**wanted)


def add_person(email: str, name: str, role: str, office: Office | None = None) -> Person:
    person = Person.objects.create(email=email, username=email, name=name, password="!", office=office)
    Grant.objects.create(person=person, role=role, office=office)
    return person


@pytest.fixture
def cast(db: None, tmp_path: Path, settings: LazySettings) -> Cast:
    settings.HAIDANG_HOME = tmp_path
    province = Office.objects.create(code="ubnd", name="UBND tỉnh", short_name="UBND tỉnh")
    commune = Office.objects.create(
        code="tb", name="UBND P. Trảng Bàng", short_name="Trảng Bàng", parent=province
    )
    health = Office.objects.create(code="so-yt", name="Sở Y tế", short_name="Sở Y tế", parent=province)
    operator = add_person("an@tayninh.example", "Nguyễn Văn An", "operator")
    station = Asset.objects.create(
        code="KK-1", name="Trạm An Tịnh", kind="air", domain="environment", lat=11.1, lon=106.3
    )
    alarm = Alarm.objects.create(
        rule="environment.pm25_dangerous", rule_sha256="0" * 64, domain="environment", subject=f"asset:{station.pk}",
        asset=station, priority=1, title_vi="PM2.5 năm phút trên 250 µg/m³", value=396, limit=250, unit="µg/m3",
        at=clock.now(), raised_at=clock.now(),
    )  # fmt: skip
    incident = actions.open_incident(by=operator, title="Cháy kho phế liệu", priority=1, alarms=[alarm])
    return Cast(
        operator=operator,
        chief=add_person("truc@tayninh.example", "Đặng Minh Trực", "duty_chief"),
        officer=add_person("binh@tayninh.example", "Trần Thị Bình", "officer", commune),
        stranger=add_person("dung@tayninh.example", "Hồ Thị Dung", "officer", health),
        crew=add_person("cuong@tayninh.example", "Võ Văn Cường", "crew", commune),
        commune=commune,
        health=health,
        incident=incident,
    )


def photo(*, width: int = 640, height: int = 480, exif: bool = True) -> io.BytesIO:
    """A JPEG as a phone makes it: with the place in its EXIF."""
    picture, out = Image.new("RGB", (width, height), "grey"), io.BytesIO()
    data = Image.Exif()
    data[0x010F] = "Phone"
    data.get_ifd(0x8825)[2] = (11.0, 6.0, 0.0)
    picture.save(out, "JPEG", **({"exif": data} if exif else {}))
    out.seek(0)
    return out
