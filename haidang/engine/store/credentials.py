"""Keys of sources: made, shown once, revoked. Doors and broker learn of it within a second by a notice."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import bcrypt
from django.db import connection, transaction

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.people.models import Person
from haidang.engine.store.models import Credential, Pull, PullCredential, Source

CHANNEL = "haidang_credentials"
# The secrets are 140 random bits: the cost only slows down every connection of a station.
_ROUNDS = 5
# Legible over the telephone: no l, 1, o, 0.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Issued:
    """A new credential with its secrets, which nobody can read again."""

    credential: Credential
    password: str
    key: str

    @property
    def user(self) -> str:
        return self.credential.user

    @property
    def topics(self) -> list[str]:
        """Where it may publish."""
        base = "sources/" + self.credential.source.address.replace(".", "/")
        stations = self.credential.stations
        return [base] if stations is None else [f"{base}/{code}" for code in stations]


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def announce_change() -> None:
    """Tell the doors to read again, when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


@transaction.atomic
def issue(
    *,
    source: Source,
    label: str = "",
    stations: Sequence[str] | None = None,
    is_demo: bool = False,
    by: Person | None = None,
) -> Issued:
    """One more credential of a source; with `stations` it may speak only for these."""
    password, key = _random(28), f"hd_{_random(32)}"
    credential = Credential.objects.create(
        source=source,
        label=label[:100],
        user=f"{source.address.replace('.', '-')[:46]}-{_random(8)}",
        password_hash=bcrypt.hashpw(password.encode(), bcrypt.gensalt(_ROUNDS, prefix=b"2a")).decode(),
        key_sha256=hashlib.sha256(key.encode()).hexdigest(),
        stations=sorted(set(stations)) if stations is not None else None,
        created_at=clock.now(),
        is_demo=is_demo,
    )
    record(
        person=by,
        actor="" if by else "haidang source",
        verb="source.key",
        object=source,
        detail={"user": credential.user, "label": credential.label, "stations": credential.stations},
    )
    announce_change()
    return Issued(credential, password, key)


@transaction.atomic
def revoke(*, user: str, by: Person | None = None) -> bool:
    """No longer valid at any door; says whether there was a valid one."""
    changed = Credential.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())
    if changed:
        record(
            person=by, actor="" if by else "haidang source", verb="source.revoke", object=("credential", user)
        )
        announce_change()
    return bool(changed)


@transaction.atomic
def keep_pull_credential(*, source: Source, sealed: bytes | None, by: Person | None = None) -> None:
    """What we show to the system this source is pulled from, sealed; None takes it away. The next pull is at once."""
    if sealed is None:
        PullCredential.objects.filter(address=source.address).delete()
    else:
        PullCredential.objects.update_or_create(
            address=source.address, defaults={"sealed": sealed, "set_at": clock.now()}
        )
    Pull.objects.filter(address=source.address).update(next_at=None)
    record(
        person=by,
        actor="" if by else "haidang source",
        verb="source.pull_credential",
        object=source,
        detail={"set": sealed is not None},
    )
