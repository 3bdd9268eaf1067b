"""A station with a series, an operator, an officer of the office that owns the station – and the rules of
the tree.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from haidang.engine import clock
from haidang.engine.alarms import actions
from haidang.engine.alarms.models import Alarm
from haidang.engine.assets.models import Asset
from haidang.engine.people.models import Grant, Office, Person
from haidang.engine.rules import evaluation
from haidang.engine.rules.judgement import Judgement, Kind
from haidang.engine.store.models import Series, Source

HIGH, DANGEROUS = "environment.pm25_high", "environment.pm25_dangerous"


@dataclass
class Desk:
    """What a test says by name."""

    station: Asset
    series: Series
    operator: Person
    officer: Person

    def judge(self, kind: Kind, rule: str = HIGH, value: float = 171.0, ago_s: float = 60.0) -> Judgement:
        at_us = round((clock.timestamp() - ago_s) * 1e6)
        placed = evaluation.evaluator().book.rules[rule]
        name = f"series:{self.series.pk}"
        return Judgement(
            kind, rule, placed.sha256, name, at_us, value, self.series.pk, self.station.pk, None, at_us
        )

    def hear(self, *judgements: Judgement) -> None:
        actions.apply(judgements, 1)

    def open(self, rule: str = HIGH) -> Alarm:
        return Alarm.objects.open().get(rule=rule)


def add_person(email: str, name: str, role: str, office: Office | None = None) -> Person:
    person = Person.objects.create(email=email, username=email, name=name, password="!", office=office)
    Grant.objects.create(person=person, role=role, office=office)
    return person


@pytest.fixture
def desk(db: None) -> Desk:
    # Rules are read once per run; what they remember belongs to a database that is now empty.
    evaluation.evaluator().memory.is_loaded = False
    owner = Office.objects.create(code="so-nnmt", name="Sở Nông nghiệp và Môi trường", short_name="Sở NN&MT")
    other = Office.objects.create(code="so-yt", name="Sở Y tế", short_name="Sở Y tế")
    station = Asset.objects.create(
        code="KK-1", name="Trạm An Tịnh", kind="air", domain="environment", office=owner
    )
    source = Source.objects.create(
        address="environment.station_readings",
        domain="environment",
        title="Trạm gửi",
        every_s=300,
        silent_after_s=1200,
    )
    series = Series.objects.create(source=source, asset=station, parameter="PM2.5", unit="µg/m3", every_s=300)
    operator = add_person("an@tayninh.example", "Nguyễn Văn An", "operator")
    return Desk(
        station, series, operator, add_person("binh@tayninh.example", "Trần Thị Bình", "officer", other)
    )
