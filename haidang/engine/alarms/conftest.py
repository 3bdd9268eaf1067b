"""A station with a series, an operator, an officer of the office that owns the station; a province whose offices publish
weeks of cases; and the rules of the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.db import transaction
from django.test import Client

from haidang.engine import clock
from haidang.engine.alarms import actions, tasks
from haidang.engine.alarms.models import Alarm, Event
from haidang.engine.assets.models import Asset
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import Catalogue, load_catalogue
from haidang.engine.indicators.publishing import Correction, Stated, publish
from haidang.engine.people.models import Grant, Office, Person
from haidang.engine.places.models import Place
from haidang.engine.rules import evaluation
from haidang.engine.rules.book import Placed
from haidang.engine.rules.definition import Rule
from haidang.engine.rules.judgement import Judgement, Kind
from haidang.engine.store import epochs
from haidang.engine.store.models import Series, Source
from haidang.engine.submissions.models import Submission

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


# --- figures of places --------------------------------------------------------------------------------------
OUTBREAK, EPIDEMIC = "health.dengue_outbreak", "health.dengue_epidemic"
CASES, DENGUE = "health.dengue_communes", "health.dengue"
# A Wednesday: week 47 was over three days ago.
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


@dataclass
class Centre:
    """What a test says by name: the places, who sees what, and files as offices publish them."""

    places: SimpleNamespace
    office: Office
    operator: Person
    numbers: Iterator[int]
    source: Source

    def submission(self, period: str) -> Submission:
        number = next(self.numbers)
        return Submission.objects.create(
            contract="health.epidemic_communes", domain="health", source=self.source, period=period, office=self.office,
            number=number, state="corrected", delivery_id=number, ordinal=0, sha256="0" * 64, size=1,
            received_at=clock.now(), contract_sha256="0" * 64,
        )  # fmt: skip

    def publish(
        self, week: str, cases: dict[int, float], indicator: str = CASES, corrects: Submission | None = None
    ) -> Submission:
        """One file with these cases by place; with `corrects` it takes the place of that one."""
        made, at = self.submission(week), periods.end_of(Period.parse(week))
        stated = [
            Stated(indicator, place, at, value, {"kind": "stated", "submission": made.pk, "sheet": "T", "cell": f"C{row}"})
            for row, (place, value) in enumerate(cases.items(), 5)
        ]  # fmt: skip
        old = Correction(corrects.pk, corrects.contract, at) if corrects else None
        with transaction.atomic():
            publish(catalogue(), stated, epochs.take("test"), corrects=old)
        return made

    def alarm(self, rule: str = OUTBREAK) -> Alarm:
        return Alarm.objects.get(rule=rule)

    def kinds(self, rule: str = OUTBREAK) -> list[str]:
        return [event.kind for event in Event.objects.filter(rule=rule).order_by("pk")]


@pytest.fixture
def centre(places: SimpleNamespace) -> Iterator[Centre]:
    clock.set_source(NOW.timestamp)
    evaluation.evaluator().memory.is_loaded = False
    Place.objects.filter(pk=places.north).update(lat=11.31, lon=106.10)
    office = Office.objects.create(code="cdc", name="Trung tâm KSBT", short_name="CDC")
    source = Source.objects.create(
        address="health.epidemic_commune_files", domain="health", title="CDC", every_s=604800, silent_after_s=1209600
    )  # fmt: skip
    operator = add_person("an@tayninh.example", "Nguyễn Văn An", "operator")
    yield Centre(places, office, operator, iter(range(1, 10_000)), source)
    clock.set_source(None)


def judge() -> int:
    return tasks.judge_published()


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def with_rule(monkeypatch: pytest.MonkeyPatch, address: str, **said: Any) -> Placed:
    """Another rule in the book of this process."""
    of = "2026-W47" if said.get("period", "week") == "week" else "2026-10"
    words = {
        "title": {"vi": "x"}, "consequence": {"vi": "x"}, "response": {"vi": "x"}, "basis": "x", "verified": True,
        "kind": "statistic", "priority": 3, "time_to_respond": 86400.0 * 60, "period": "week", "unit": "ca",
        "indicator": CASES,
        "tests": [{"name": str(fires), "fires": fires, "figures": [{"period": of}]} for fires in (True, False)],
    }  # fmt: skip
    rule = msgspec.convert({**words, **said}, Rule, dec_hook=lambda kind, value: kind(value))
    placed = Placed(address, rule, address.ljust(64, "0"))
    monkeypatch.setitem(evaluation.evaluator().book.rules, address, placed)
    return placed
