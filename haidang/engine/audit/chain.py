"""The log as a hash chain: seal what is written, export anchors, find what was changed.

A seal covers all acts since the seal before it and that seal's digest. Whoever rewrites the database rewrites
the seals too; therefore the head of the chain is also written outside the database (an anchor), at best to
another machine or to paper. Acts not sealed yet (a minute at most) are not protected.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, transaction

from haidang.engine import clock
from haidang.engine.audit.actions import WRITING
from haidang.engine.audit.models import Act, Seal

START = "0" * 64
BATCH = 10_000  # acts under one seal at most: a fault is named within that many


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain at one time: enough to know later that nothing up to it was touched."""

    last_act: int
    digest: str
    seals: int
    acts: int
    sealed_at: str


@dataclass(frozen=True, slots=True)
class Fault:
    first_act: int
    last_act: int
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    acts: int
    seals: int
    unsealed: int
    anchors: int
    faults: list[Fault]

    @property
    def ok(self) -> bool:
        return not self.faults


def canonical(act: Act) -> bytes:
    """One act as bytes: every column, keys in order, so that any change of any column changes the digest."""
    return json.dumps(
        {
            "id": act.pk,
            "at": act.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "person": act.person_id,
            "actor": act.actor,
            "verb": act.verb,
            "object_type": act.object_type,
            "object_id": act.object_id,
            "detail": act.detail,
            "address": act.address,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def digest_of(previous: str, acts: Iterable[Act]) -> tuple[str, int]:
    """The digest over the previous one and these acts, and how many they were."""
    sha, count = hashlib.sha256(previous.encode()), 0
    for act in acts:
        line = canonical(act)
        # The length before each line: two acts cannot be moved across their border unseen.
        sha.update(len(line).to_bytes(8, "big") + line)
        count += 1
    return sha.hexdigest(), count


def seal() -> int:
    """Close the acts written since the last seal; returns how many. Run every minute by the process `work`.

    Waits at most two seconds for writers that have not committed; then leaves it to the next turn.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING])
            sealed = sum(iter(_seal_batch, 0))
    except OperationalError as error:
        if "lock timeout" not in str(error):
            raise
        return 0
    if sealed:
        export()
    return sealed


def _seal_batch() -> int:
    last = Seal.objects.order_by("-last_act").first()
    after, previous = (last.last_act, last.digest) if last else (0, START)
    acts = list(Act.objects.filter(pk__gt=after).order_by("pk")[:BATCH])
    if not acts:
        return 0
    digest, count = digest_of(previous, acts)
    Seal.objects.create(
        first_act=acts[0].pk,
        last_act=acts[-1].pk,
        count=count,
        digest=digest,
        previous=previous,
        sealed_at=clock.now(),
    )
    return count


# --- anchors ------------------------------------------------------------------------------------------------
def head() -> Anchor | None:
    """The anchor of this moment; `None` while nothing is sealed."""
    last = Seal.objects.order_by("-last_act").first()
    if last is None:
        return None
    seals = Seal.objects.filter(last_act__lte=last.last_act)
    return Anchor(
        last_act=last.last_act,
        digest=last.digest,
        seals=seals.count(),
        acts=sum(seals.values_list("count", flat=True)),
        sealed_at=last.sealed_at.isoformat(),
    )


def export(path: Path | None = None) -> Path | None:
    """Write the anchor to `path`, or to the day's file in the home folder; returns where, or `None`."""
    anchor = head()
    if anchor is None:
        return None
    if path is None:
        folder = Path(settings.HAIDANG_HOME) / "anchors"
        path = folder / f"{clock.local(clock.now()):%Y-%m-%d}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(anchor), indent=1) + "\n")
    draft.replace(path)
    return path


def read_anchor(path: Path) -> Anchor:
    """Raises ValueError with what is wrong when the file is not an anchor."""
    try:
        return Anchor(**json.loads(path.read_text()))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path} is not an anchor: {error}") from None


def kept_anchors() -> list[Path]:
    return sorted((Path(settings.HAIDANG_HOME) / "anchors").glob("*.json"))


# --- verifying ----------------------------------------------------------------------------------------------
def verify(anchors: Iterable[Anchor] = ()) -> Verdict:
    """Walk the whole chain and compare it with the anchors."""
    anchors = list(anchors)
    seals = list(Seal.objects.order_by("pk"))
    with transaction.atomic():
        faults = [*_walk(seals), *_compare(seals, anchors)]
        last = max((seal.last_act for seal in seals), default=0)
        return Verdict(
            acts=Act.objects.count(),
            seals=len(seals),
            unsealed=Act.objects.filter(pk__gt=last).count(),
            anchors=len(anchors),
            faults=faults,
        )


def _walk(seals: list[Seal]) -> Iterator[Fault]:
    after, previous = 0, START
    for seal in seals:
        if seal.previous != previous or seal.last_act <= after:
            yield Fault(seal.first_act, seal.last_act, "a seal before this one was removed, changed or moved")
        acts = Act.objects.filter(pk__gt=after, pk__lte=seal.last_act).order_by("pk").iterator()
        digest, count = digest_of(seal.previous, acts)
        if count < seal.count:
            yield Fault(seal.first_act, seal.last_act, f"{seal.count - count} removed")
        elif count > seal.count:
            yield Fault(seal.first_act, seal.last_act, f"{count - seal.count} inserted")
        elif digest != seal.digest:
            yield Fault(seal.first_act, seal.last_act, "changed or reordered")
        after, previous = seal.last_act, seal.digest


def _compare(seals: list[Seal], anchors: list[Anchor]) -> Iterator[Fault]:
    by_end = {seal.last_act: seal for seal in seals}
    for anchor in anchors:
        seal = by_end.get(anchor.last_act)
        if seal is None:
            yield Fault(
                anchor.last_act, anchor.last_act, f"cut off before the end anchored at {anchor.sealed_at}"
            )
        elif seal.digest != anchor.digest:
            yield Fault(1, anchor.last_act, f"differs from what was anchored at {anchor.sealed_at}")
