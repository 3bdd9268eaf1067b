"""Files on their way in: handed to the stream by the page, registered by ingest as the next number of their period."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import nats.errors
from django.conf import settings
from django.db import transaction
from nats.js.errors import APIError
from procrastinate.contrib.django import app

from haidang.engine import clock
from haidang.engine.connectors.arrival import BODY_BYTES, INLINE_BYTES, Arrival, Receipt, Refused
from haidang.engine.connectors.files import FileStore
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.values import from_microseconds
from haidang.engine.people.models import Office, Person
from haidang.engine.store.models import Source
from haidang.engine.store.terms import SheetTerms
from haidang.engine.submissions import periods_owed
from haidang.engine.submissions.models import Submission
from haidang.engine.wire import envelope, stream

CONNECT_S, PUBLISH_S = 5, 10
# Before the files that came by themselves, in the queue of jobs.
FIRST = 10
# The job, and the lock that lets one run at a time. Ingest knows it by name: the task itself would bring all that judges.
JUDGE = "submissions.judge"


class StreamAway(OSError):
    """The stream cannot take anything now: nothing was handed in."""


# --- in the page or command that takes a file -----------------------------------------------------------------
def wire_url() -> str:
    """Where the stream is: by setting, else where the supervisor of this home wrote it down.

    Raises OSError when nobody answers there: the client of the stream itself would try for ever.
    """
    recorded = Path(settings.HAIDANG_HOME) / "run" / "nats-url"
    url = settings.NATS_URL or (
        recorded.read_text().strip() if recorded.exists() else "nats://127.0.0.1:4222"
    )
    there = urlsplit(url)
    socket.create_connection((there.hostname or "127.0.0.1", there.port or 4222), timeout=1).close()
    return str(url)


def hand_in(
    body: bytes,
    *,
    source: Source,
    period: str,
    office: Office | None,
    person: Person | None,
    name: str,
    nats_url: str,
    mended_from: int | None = None,
) -> Receipt:
    """Make the file durable in the stream, as a door does; returns when it is. `mended_from`: number of the version it was
    made of in the grid. Raises StreamAway, Refused.
    """
    if not body:
        raise Refused("empty")
    if len(body) > BODY_BYTES:
        raise Refused("too_large", limit_mb=BODY_BYTES >> 20)
    about = {"period": period} if period else {}
    if office:
        about["office"] = office.code
    if person:
        about["person"] = str(person.pk)
    if mended_from:
        about["mended_from"] = str(mended_from)
    inline = len(body) <= INLINE_BYTES
    arrival = Arrival(
        source=source.address, door="web", received_at=clock.timestamp(), credential="", name=name[-255:],
        format="sheet", body=body if inline else None, file=None if inline else _kept(body), size=len(body), about=about,
    )  # fmt: skip
    try:
        return asyncio.run(_publish(arrival, nats_url))
    except (nats.errors.Error, APIError, OSError, TimeoutError) as error:
        raise StreamAway(str(error)) from error


def _kept(body: bytes) -> str:
    """The body as a file named by its SHA-256, beside those of the doors but with drafts of its own: the doors clear
    away their own when they start.
    """
    store = FileStore(Path(settings.HAIDANG_HOME) / "files", drafts="incoming-web")
    store.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    return store.keep(body)


async def _publish(arrival: Arrival, nats_url: str) -> Receipt:
    client = await asyncio.wait_for(stream.connect(nats_url, name="hand-in"), CONNECT_S)
    try:
        birth = await stream.wait_for(client)
        payload = envelope.encode(envelope.Envelope(arrivals=[arrival]))
        done = await client.jetstream(timeout=PUBLISH_S).publish(stream.subject(arrival.source), payload)
        return Receipt(seq=done.seq, part=0, birth=birth)
    finally:
        await client.close()


# Of these the same file may come once more.
SENT_AGAIN = (Submission.State.RETURNED, Submission.State.WITHDRAWN)


# --- in the transaction of ingest -----------------------------------------------------------------------------
class Handed(NamedTuple):
    """A file as ingest knows it: which record of which delivery, and what its source promised."""

    delivery_id: int
    ordinal: int
    arrival: Arrival
    source: Source
    terms: SheetTerms


def register(handed: Handed) -> Submission | None:
    """The next number of its contract, period and office; None when the last one is the same file."""
    arrival, terms = handed.arrival, handed.terms
    digest = arrival.file or hashlib.sha256(arrival.body or b"").hexdigest()
    office = Office.objects.filter(code=arrival.about.get("office", "")).first() or handed.source.office
    period = period_of(terms.contract, arrival.about.get("period", ""), arrival.name)
    contract = terms.source.contract
    same = Submission.objects.filter(contract=contract, period=period, office=office)
    number = number_after(same.order_by("-number").first(), digest)
    received_at = from_microseconds(round(arrival.received_at * 1e6))
    if number is None or (not period and _placed_before(contract, office, digest, received_at)):
        return None
    by, of = arrival.about.get("person", ""), arrival.about.get("mended_from", "")
    made = Submission.objects.create(
        contract=contract,
        domain=contract.partition(".")[0],
        source=handed.source,
        period=period,
        office=office,
        number=number,
        mended_from=int(of) if arrival.door == "web" and of.isdecimal() else None,
        delivery_id=handed.delivery_id,
        ordinal=handed.ordinal,
        name=arrival.name.replace("\0", "␀")[-255:],
        sha256=digest,
        size=arrival.size,
        received_at=received_at,
        handed_in_by=Person.objects.filter(pk=int(by)).first() if by.isdecimal() else None,
        contract_sha256=terms.contract_sha256,
    )
    # Somebody waits before the page for one sent there.
    queue(made, priority=FIRST if arrival.door == "web" else 0)
    return made


def number_after(last: Submission | None, digest: str) -> int | None:
    """The number a file takes after the last one of its contract, period and office; None when that is the same file."""
    if last is None:
        return 1
    is_same = last.sha256 == digest and last.state not in SENT_AGAIN
    return None if is_same else last.number + 1


def _placed_before(contract: str, office: Office | None, digest: str, then: datetime) -> bool:
    """Whether this office has said the period of the very same file, which a machine may send every day without one.

    Once the following period is over, the file may be meant for that one: the office is asked anew, once.
    """
    known = Submission.objects.filter(contract=contract, office=office, sha256=digest)
    said = known.exclude(period_said_at=None).exclude(state__in=SENT_AGAIN).values_list("period", flat=True)
    day = clock.local(then).date()
    return any(day <= periods_owed.following(Period.parse(code)).last_day for code in said)


def give_to_offices() -> int:
    """Versions that came while their source was nobody's belong to the office it has been given to; how many. One that is
    published stays as it is where that office has published the same period itself.
    """
    orphans = Submission.objects.filter(office=None).exclude(source__office=None).order_by("pk")
    return sum(_given(pk) for pk in orphans.values_list("pk", flat=True))


def _given(pk: int) -> bool:
    with transaction.atomic():
        row = Submission.objects.select_for_update(of=("self",)).select_related("source__office").get(pk=pk)
        row.office = row.source.office
        others = row.of_the_period()
        is_published = Submission.State.PUBLISHED
        if row.state == is_published and others.filter(state=is_published).exists():
            return False
        if last := others.order_by("-number").first():
            row.number = last.number + 1
        row.save(update_fields=["office", "number"])
    return True


def queue(row: Submission, *, priority: int) -> None:
    """Have it judged. In the running transaction: the job is there when the file is."""
    app.configure_task(JUDGE, lock=JUDGE, priority=priority).defer(waiting=row.pk)


def period_of(contract: SheetContract, said: str, name: str) -> str:
    """The period in its own form: as it was said, or as the file's name or folder begins (`2026-10/thu.xlsx`,
    `2026-10 thu.xlsx`); empty where neither tells.
    """
    if contract.period == "none":
        return ""
    parts = [said, *(word for part in name.split("/") for word in (part[:8], part[:7], part[:4]))]
    for text in parts:
        try:
            period = Period.parse(text)
        except ValueError:
            continue
        if period.kind == contract.period:
            return period.code
    return ""
