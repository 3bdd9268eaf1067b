"""An office with people of each role, and a source whose deliveries are counted at the door as the doors' own reader does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from haidang.engine import clock
from haidang.engine.connectors import counting
from haidang.engine.ingest.conftest import Sender, reading
from haidang.engine.ingest.conftest import sender as sender  # noqa: PLC0414 - the fixture of the stage before
from haidang.engine.people.actions import add_office, add_person
from haidang.engine.people.models import Office, Person
from haidang.engine.store.models import Delivery, DoorCount

ADDRESS = "environment.station_readings"


FILES = "environment.air_station_files"


@pytest.fixture
def department(db: None) -> Office:
    return add_office(
        code="so-nnmt", name="Sở Nông nghiệp và Môi trường", short_name="Sở NN&MT", phone="0276 000 0215"
    )


@pytest.fixture
def signed_in(department: Office, settings: Settings) -> Callable[[str], Client]:
    """Signs in somebody of a role, as an administrator, an operator, an officer …"""
    settings.HAIDANG_REQUIRE_TOTP = "nobody"

    def of(role: str, office: Office | None = None) -> Client:
        person = add_person(
            email=f"{role}{Person.objects.count()}@tay-ninh.example", name="Trần Thị Thử", role=role,
            password="mat-khau-dung-thu-1", office=office or department,
        )  # fmt: skip
        client = Client()
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return of


def now_text(minutes: int = 0) -> str:
    return (clock.local(clock.now()) - timedelta(minutes=minutes)).isoformat(timespec="seconds")


def deliver(sender: Sender, *readings: dict[str, object], station: str = "KK-1", **more: object) -> Delivery:
    """Through the conductor, counted at the door as the doors' own reader does."""
    delivery = sender.send({"station": station, "readings": list(readings)}, **more)
    count, _ = DoorCount.objects.get_or_create(source_address=ADDRESS, door="push")
    body = counting.count(b'{"readings":[' + b",".join([b"{}"] * len(readings)) + b"]}", "json")
    DoorCount.objects.filter(pk=count.pk).update(received=count.received + body)
    return delivery


@pytest.fixture
def settled(sender: Sender) -> Sender:
    """Three good readings, one sent twice, one with an unknown parameter, one of an unknown station."""
    first = reading("PM2.5", 31.2, now_text(2))
    deliver(sender, first, reading("PM10", 50, now_text(2)), reading("DUST", 1, now_text(2)))
    deliver(sender, first)
    deliver(sender, reading("PM2.5", 28, now_text(1)))
    deliver(sender, reading("PM2.5", 28, now_text(1)), station="KK-99")
    return sender
