"""Fans changes out to open screens: coalesced to one per object and second, alarms at once.

A message says what changed, never what it became. Nothing here touches the database or Django.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import msgspec
from prometheus_client import Counter, Gauge

# Alarms enter every screen at once; a burst of them is folded into one message per this many seconds.
URGENT_TOPICS = frozenset({"alarms"})
URGENT_PAUSE = 0.15
# The ordinary second is cut into slots: each screen has its own, so a thousand do not ask at the same moment.
SLOTS = 20
SLOT_PERIOD = 1.0
# A screen that has not taken this many messages is not reading: it is dropped and comes back by itself.
QUEUE_LENGTH = 100

SCREENS = Gauge("haidang_live_screens", "Open live streams")
SENT = Counter("haidang_live_messages_total", "Messages put into live streams")
DROPPED = Counter("haidang_live_dropped_total", "Live streams closed by the server", ["why"])

_encode = msgspec.json.Encoder().encode


class Change(msgspec.Struct, frozen=True):
    """One line of the outbox."""

    id: int
    topic: str
    object_id: str


@dataclass(eq=False, slots=True)
class Screen:
    """One open stream.

    `whole` is false for people of limited scope: they hear that a topic moved, not what moved in it.
    """

    session: str
    person_id: int
    proof: str
    topics: frozenset[str]
    whole: bool
    scope: str
    slot: int = 0
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))

    @property
    def audience(self) -> tuple[frozenset[str], bool]:
        """Screens of one audience get the same bytes."""
        return self.topics, self.whole


Pending = dict[tuple[str, str], int]


def message(changes: Iterable[tuple[tuple[str, str], int]], audience: tuple[frozenset[str], bool]) -> bytes:
    """The event for one audience, or nothing when none of the changes concerns it."""
    topics, whole = audience
    seen: Pending = {}
    for (topic, object_id), number in changes:
        if topic in topics:
            key = (topic, object_id if whole else "")
            seen[key] = max(number, seen.get(key, 0))
    if not seen:
        return b""
    body = _encode([[topic, object_id, number] for (topic, object_id), number in seen.items()])
    return b"id: %d\nevent: change\ndata: %b\n\n" % (max(seen.values()), body)


class Hub:
    """All open screens of this worker."""

    def __init__(self) -> None:
        self.screens: set[Screen] = set()
        self._of_session: dict[str, set[Screen]] = {}
        self._slots: list[Pending] = [{} for _ in range(SLOTS)]
        self._members: list[set[Screen]] = [set() for _ in range(SLOTS)]
        self._turn = itertools.cycle(range(SLOTS))
        self._urgent: Pending = {}
        self._urgent_after = 0.0
        self._urgent_timer: asyncio.TimerHandle | None = None
        self.closing = False

    # --- screens come and go -------------------------------------------------------------------------------
    def enter(self, screen: Screen) -> None:
        screen.slot = next(self._turn)
        self.screens.add(screen)
        self._members[screen.slot].add(screen)
        self._of_session.setdefault(screen.session, set()).add(screen)
        SCREENS.set(len(self.screens))

    def leave(self, screen: Screen) -> None:
        self.screens.discard(screen)
        self._members[screen.slot].discard(screen)
        others = self._of_session.get(screen.session, set())
        others.discard(screen)
        if not others:
            self._of_session.pop(screen.session, None)
        SCREENS.set(len(self.screens))

    def drop(self, screen: Screen, why: str) -> None:
        """End a stream from this side; the browser comes back by itself and is asked for its rights again."""
        if screen not in self.screens:
            return
        self.leave(screen)
        DROPPED.labels(why).inc()
        with contextlib.suppress(asyncio.QueueEmpty):
            while screen.queue.full():
                screen.queue.get_nowait()
        screen.queue.put_nowait(None)

    def close(self) -> None:
        self.closing = True
        for screen in list(self.screens):
            self.drop(screen, "shutdown")

    def scope_of(self, session: str) -> str | None:
        """The rights scope of a session that has a stream open; `None` when it has none."""
        return next((screen.scope for screen in self._of_session.get(session, ())), None)

    # --- changes go out ------------------------------------------------------------------------------------
    def publish(self, changes: Iterable[Change]) -> None:
        for change in changes:
            key = (change.topic, change.object_id)
            if change.topic in URGENT_TOPICS:
                self._urgent[key] = change.id
            else:
                for pending in self._slots:
                    pending[key] = change.id
        if self._urgent and self._urgent_timer is None:
            wait = max(0.0, self._urgent_after - asyncio.get_running_loop().time())
            if wait:
                self._urgent_timer = asyncio.get_running_loop().call_later(wait, self._flush_urgent)
            else:
                self._flush_urgent()

    def tell(self, event: bytes) -> None:
        """Something every screen must know, whatever its topics and rights."""
        self._put(self.screens, lambda _screen: event)

    def _flush_urgent(self) -> None:
        self._urgent_timer = None
        self._urgent_after = asyncio.get_running_loop().time() + URGENT_PAUSE
        pending, self._urgent = self._urgent, {}
        self._send(self.screens, pending)

    def _send(self, screens: Iterable[Screen], pending: Pending) -> None:
        encoded: dict[tuple[frozenset[str], bool], bytes] = {}

        def body_for(screen: Screen) -> bytes:
            if screen.audience not in encoded:
                encoded[screen.audience] = message(pending.items(), screen.audience)
            return encoded[screen.audience]

        self._put(screens, body_for)

    def _put(self, screens: Iterable[Screen], body_for: Callable[[Screen], bytes]) -> None:
        for screen in list(screens):
            if not (body := body_for(screen)):
                continue
            try:
                screen.queue.put_nowait(body)
                SENT.inc()
            except asyncio.QueueFull:
                self.drop(screen, "slow")

    async def run(self) -> None:
        """Serve one slot after the other, for as long as the process lives."""
        for slot in itertools.cycle(range(SLOTS)):
            await asyncio.sleep(SLOT_PERIOD / SLOTS)
            if pending := self._slots[slot]:
                self._slots[slot] = {}
                self._send(self._members[slot], pending)
