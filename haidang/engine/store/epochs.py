"""Commit epochs: numbers and times given out in commit order, so that `as_of` answers the same for ever.

A transaction that changes knowledge takes the lock, then its epoch, then writes and commits; the lock ends with it.
So a lower epoch is always visible before a higher one is given out. A reader that resolves `as_of` waits for the
writer that may hold an earlier time, and no later writer can get a time that is not after the question, also when the
clock is set back in between.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from haidang.engine import clock

_LOCK = 0x4841_0001  # one key for the whole database; the audit log has its own


class FutureQuestion(ValueError):
    """`as_of` lies in the future: what we shall know then cannot be asked now."""


def take(actor: str) -> int:
    """The epoch of the running transaction; hold it as short as the writing takes."""
    if not connection.in_atomic_block:
        raise RuntimeError("an epoch belongs to a transaction: call inside transaction.atomic()")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        # The clock may be set back; epochs never run backwards.
        cursor.execute(
            """
            INSERT INTO store_epoch (committed_at, actor)
            SELECT greatest(
                %s, (SELECT committed_at + interval '1 microsecond' FROM store_epoch ORDER BY id DESC LIMIT 1)
            ), %s
            RETURNING id
            """,
            [clock.now(), actor],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def note(epoch: int, stages: Mapping[str, float]) -> None:
    """When each stage of its transaction was done (seconds since 1970), for whoever asks where the time went."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_epoch SET stages = %s WHERE id = %s", [json.dumps(dict(stages)), epoch])


def resolve(as_of: datetime) -> int:
    """The last epoch committed at or before `as_of`; 0 when nothing was known yet. Raises FutureQuestion.

    A question later than every epoch leaves one of its own behind, without a change of knowledge: when the clock is set
    back afterwards, the next epoch still comes after everything that was asked.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
        cursor.execute("SELECT committed_at >= %s FROM store_epoch ORDER BY id DESC LIMIT 1", [as_of])
        if cursor.fetchone() == (True,):
            return _last_before(cursor, as_of)
    if as_of > clock.now():
        raise FutureQuestion(as_of.isoformat())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "INSERT INTO store_epoch (committed_at, actor) SELECT %s, 'question'"
            " WHERE NOT EXISTS (SELECT 1 FROM store_epoch WHERE committed_at >= %s)",
            [as_of, as_of],
        )
        return _last_before(cursor, as_of)


def peek(as_of: datetime) -> int:
    """As `resolve`, and leaves nothing behind: for strangers, who may ask as much as they like. Raises FutureQuestion.

    A question later than every epoch is answered by the last one. Should the clock be set back after it, a new epoch may
    come before what was asked; so whoever wants the same answer for ever asks by the time of the epoch he was given.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
        cursor.execute("SELECT committed_at >= %s FROM store_epoch ORDER BY id DESC LIMIT 1", [as_of])
        if cursor.fetchone() != (True,) and as_of > clock.now():
            raise FutureQuestion(as_of.isoformat())
        return _last_before(cursor, as_of)


def _last_before(cursor: Any, as_of: datetime) -> int:
    cursor.execute(
        "SELECT id FROM store_epoch WHERE committed_at <= %s ORDER BY committed_at DESC LIMIT 1", [as_of]
    )
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def visible(alias: str, epoch: int | None) -> str:
    """SQL condition: the rows of `alias` that were the current ones at `epoch` (None: now)."""
    return f"({' OR '.join(f'({arm})' for arm in arms(alias, epoch))})"


def arms(alias: str, epoch: int | None) -> list[str]:
    """The same as conditions of which no row fulfils two, each of which implies the predicate of one partial index."""
    if epoch is None:
        return [f"{alias}.superseded IS NULL"]
    known = f"{alias}.epoch <= {int(epoch)}"
    return [
        f"{alias}.superseded IS NULL AND {known}",
        f"{alias}.superseded IS NOT NULL AND {alias}.superseded > {int(epoch)} AND {known}",
    ]
