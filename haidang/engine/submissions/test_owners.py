"""Whose a source is: its definition names an office, which may be here before it, after it, or never."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.people.models import Office, Person
from haidang.engine.store.content import give_to_offices
from haidang.engine.store.models import Source
from haidang.engine.submissions import intake
from haidang.engine.submissions.conftest import FILES, Cast, add_person, sample
from haidang.engine.submissions.shelf import ways
from haidang.engine.submissions.test_views import browser


def mine(person: Person) -> set[str]:
    return {way.source.address for way in ways(person, "sheet.submit")}


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """A day stored and a day asked for later are the same one."""
    clock.set_source(datetime(2026, 11, 28, 5, tzinfo=UTC).timestamp)
    yield
    clock.set_source(None)


@pytest.fixture
def nobodys(cast: Cast) -> Source:
    """As a centre leaves it whose content was loaded before any office was there."""
    Source.objects.filter(address=FILES).update(office=None, connected_date=date(2026, 1, 1))
    return Source.objects.get(address=FILES)


def test_a_source_whose_office_is_not_here_yet_is_open_to_nobody(nobodys: Source, cast: Cast) -> None:
    assert nobodys.office_named == "so-tai-chinh"
    assert FILES not in mine(cast.clerk) | mine(cast.stranger) | mine(cast.head)
    assert give_to_offices() == 0
    assert browser(cast.stranger).get("/so-lieu/mau/economy.monthly.xlsx").status_code == 404


def test_the_office_named_has_its_sources_once_it_is_here(nobodys: Source, cast: Cast) -> None:
    office = Office.objects.create(code="so-tai-chinh", name="Sở Tài chính tỉnh", short_name="Sở TC")
    assert give_to_offices() > 0
    nobodys.refresh_from_db()
    # What was due before there was anybody to owe it was not owed.
    assert (nobodys.office, nobodys.connected_date) == (office, clock.today())
    Person.objects.filter(pk=cast.clerk.pk).update(office=office)
    cast.clerk.grants.update(office=office)
    assert FILES in mine(Person.objects.get(pk=cast.clerk.pk))
    assert FILES not in mine(cast.stranger)


def test_what_came_before_the_office_was_here_follows_its_source(nobodys: Source, cast: Cast) -> None:
    body = sample()
    made = cast.take(body, office="")
    office = Office.objects.create(code="so-tai-chinh", name="Sở Tài chính tỉnh", short_name="Sở TC")
    clerk = add_person("moi", "officer", office)
    give_to_offices()
    assert intake.give_to_offices() == 1
    assert browser(clerk).get(made.get_absolute_url()).status_code == 200
    # The same file again is the same version.
    with pytest.raises(AssertionError, match="the same file again"):
        cast.take(body, office="so-tai-chinh")
    assert Act.objects.get(verb="source.give", object_id=str(nobodys.pk)).detail["office"] == str(office)


def test_a_source_given_to_another_office_stays_there(cast: Cast) -> None:
    Office.objects.create(code="so-tai-chinh", name="Sở Tài chính tỉnh", short_name="Sở TC")
    give_to_offices()
    assert Source.objects.get(address=FILES).office == cast.office


def test_a_form_that_is_not_ones_own_is_not_another_one(cast: Cast) -> None:
    client: Client = browser(cast.clerk)
    assert client.get("/so-lieu/gui/?hop-dong=economy.monthly").status_code == 200
    assert client.get("/so-lieu/gui/?hop-dong=health.monthly").status_code == 404
