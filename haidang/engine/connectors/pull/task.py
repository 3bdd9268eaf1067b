"""What a connector is given and what it hands on: one argument, portions one after the other."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from haidang.engine.connectors.body import Body
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.pull.definition import Pull
from haidang.engine.connectors.pull.guard import Guard
from haidang.engine.connectors.pull.sealing import Secret
from haidang.engine.connectors.pull.trouble import Trouble
from haidang.engine.connectors.pull.web import Web

T = TypeVar("T")
Cursor = dict[str, Any]
Pause = Callable[[float], Awaitable[None]]

TRIES = 3
# A run waits no longer than this for the next try; what asks for more ends it, and the next run comes later.
_LONGEST_PAUSE_S = 20.0


@dataclass(slots=True)
class Portion:
    """What goes to the wire at once. `cursor` holds only once that is on disk: it is where the next run goes on."""

    cursor: Cursor
    body: bytes | Body | None = None  # None: only the cursor moves
    form: str = "ndjson"
    name: str = ""
    # Files that are done once this is on disk, by name with what tells one state of it from another; and names that are
    # no longer there.
    done: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


@dataclass(slots=True)
class Task:
    """One run of one source."""

    source: str
    form: str  # json or lines: of what is taken as it is
    pull: Pull
    cursor: Cursor
    seen: Mapping[str, str]  # files that are done
    secret: Secret
    web: Web
    guard: Guard
    store: FileStore
    pause: Pause
    random: Callable[[], float] = field(default=random.random)
    # What whoever looks at this run should know though it goes on.
    notes: list[Trouble] = field(default_factory=list)

    async def wait(self, attempt: int) -> None:
        """Before another try of what was answered, but may have been a hiccup."""
        await self.pause(self._pause_s(attempt))

    def _pause_s(self, attempt: int) -> float:
        return 0.5 * 4.0**attempt * (0.5 + self.random())

    async def again(self, call: Callable[[], Awaitable[T]]) -> T:
        """Try a few times what may pass, with pauses that grow and differ among those who wait."""
        for attempt in range(TRIES):
            try:
                return await call()
            except Trouble as trouble:
                pause_s = self._pause_s(attempt)
                if trouble.wait_s is not None:
                    pause_s = max(pause_s, trouble.wait_s)
                if not trouble.passes or attempt == TRIES - 1 or pause_s > _LONGEST_PAUSE_S:
                    raise
                await self.pause(pause_s)
        raise AssertionError("unreachable")


Connector = Callable[[Task], AsyncIterator[Portion]]
