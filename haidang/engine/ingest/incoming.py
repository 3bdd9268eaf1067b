"""Messages of the stream as ingest takes them, and how many of them make one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TOLD_APART = 10


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of the stream, as ingest needs it."""

    seq: int
    payload: bytes
    birth: int = 0  # of the stream: one that was made anew counts from 1 again
    source: str = ""  # as the subject names it
    published_at: float = 0.0  # by the stream's own clock


def published(messages: Sequence[Incoming]) -> dict[str, float]:
    """When the stream took each message; of a large batch nobody asks for one."""
    few = messages if len(messages) <= TOLD_APART else ()
    return {f"published:{m.seq}": m.published_at for m in few if m.published_at}


def pick(messages: Sequence[Incoming], most_bytes: int = 4_000_000) -> list[Sequence[Incoming]]:
    """Cut a batch into transactions of bearable size, in order."""
    groups: list[list[Incoming]] = [[]]
    size = 0
    for message in messages:
        if groups[-1] and size + len(message.payload) > most_bytes:
            groups.append([])
            size = 0
        groups[-1].append(message)
        size += len(message.payload)
    return [group for group in groups if group]
