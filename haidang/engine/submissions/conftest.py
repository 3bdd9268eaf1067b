"""An office that owes a monthly file, its clerk and its head, a stranger, and files as they lie in the record."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from django.conf import LazySettings
from openpyxl import load_workbook

from haidang.engine import clock
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.tree import Tree, default_folders, load_tree
from haidang.engine.indicators import periods, publishing
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.people.models import Grant, Office, Person
from haidang.engine.places.models import Place
from haidang.engine.store import epochs
from haidang.engine.store.content import load_content, sheet_terms_of
from haidang.engine.store.models import Delivery, Source
from haidang.engine.submissions import intake, judging
from haidang.engine.submissions.models import Submission
from haidang.engine.wire import envelope

MONTHLY, FILES = "economy.monthly", "economy.monthly_files"
PERIOD = "2026-10"
Publish = Callable[..., None]


@cache
def content() -> Tree:
    return load_tree()


def sample(contract: str = MONTHLY, **cells: object) -> bytes:
    """The contract's sample with some cells changed: `sample(F9="1.234")`."""
    domain, _, name = contract.partition(".")
    book, out = (
        load_workbook(default_folders()[0] / domain / "contracts" / f"{name}.sample.xlsx"),
        io.BytesIO(),
    )
    for address, value in cells.items():
        book.active[address] = value
    book.save(out)
    return out.getvalue()


@dataclass
class Cast:
    """What a test says by name."""

    office: Office
    clerk: Person
    head: Person
    stranger: Person
    analyst: Person
    take: Callable[..., Submission]


def add_person(name: str, role: str, office: Office | None) -> Person:
    email = f"{name}@thu.example"
    person = Person.objects.create(
        email=email, username=email, name=name.title(), password="!", office=office
    )
    Grant.objects.create(person=person, role=role, office=office)
    return person


@pytest.fixture
def cast(db: None, tmp_path: Path, settings: LazySettings) -> Cast:
    settings.HAIDANG_HOME = tmp_path
    load_content(content())
    office = Office.objects.create(code="stc", name="Sở Tài chính", short_name="Sở TC")
    other = Office.objects.create(code="syt", name="Sở Y tế", short_name="Sở YT")
    # October, due on 20/11, is the first period that is owed.
    Source.objects.filter(address=FILES).update(office=office, connected_date=date(2026, 11, 1))
    numbers = count(1)

    def take(
        body: bytes, *, source: str = FILES, period: str = PERIOD, name: str = "thang-10.xlsx", **about: str
    ) -> Submission:
        """A file as ingest leaves it, then judged."""
        arrival = Arrival(
            source=source, door="web", received_at=clock.timestamp(), credential="", name=name, format="sheet",
            body=body, size=len(body), about={"period": period, "office": "stc", **about},
        )  # fmt: skip
        number = next(numbers)
        row = Source.objects.select_related("office").get(address=source)
        delivery = Delivery.objects.create(
            source=row, wire_stream=1, wire_seq=number, door="web", name=name, sha256=b"", size=len(body),
            body=envelope.encode(envelope.Envelope(arrivals=[arrival])), received_at=clock.now(), epoch=1,
            received=1, stored=1, duplicate=0, refused=0, failed=0,
        )  # fmt: skip
        terms = sheet_terms_of(content())[source]
        made = intake.register(intake.Handed(delivery.pk, 0, arrival, row, terms))
        assert made is not None, "the same file again"
        return judging.judge(made)

    return Cast(
        office=office,
        clerk=add_person("clerk", "officer", office),
        head=add_person("head", "leader", office),
        stranger=add_person("stranger", "officer", other),
        analyst=add_person("analyst", "analyst", None),
        take=take,
    )


@pytest.fixture
def publish(cast: Cast) -> Publish:
    """`publish("economy.revenue", **{"2026-09": 3056.2})`: figures of the office's province, as a desk publishes them."""
    cast.office.place = Place.objects.create(
        code="97", level="province", kind="province", name="Tỉnh Thử", folded="tinh thu", sort_key=b"97",
        valid_from_date=date(2025, 7, 1),
    )  # fmt: skip
    cast.office.save()

    def done(address: str, **values: float) -> None:
        at = {periods.end_of(Period.parse(code)): value for code, value in values.items()}
        detail = {"kind": "stated", "submission": 0, "sheet": "KTXH", "cell": "F9", "raw": ""}
        told = [
            publishing.Stated(address, cast.office.place_id, end, value, detail) for end, value in at.items()
        ]
        publishing.publish(load_catalogue(), told, epochs.take("test"))

    return done
