"""Rows of a file that is given whole each time: in portions, without those of the last time where they are few."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from haidang.engine.connectors.pull.rows import Mapper, digest
from haidang.engine.connectors.pull.task import Cursor, Portion

# Rows of one delivery: it is stored in slices, and a crash brings at most this many again.
PORTION = 20_000
_RECENT = 2_000


async def portions(
    found: Iterator[Any], mapper: Mapper, name: str, *, before: Cursor, after: Cursor
) -> AsyncGenerator[Portion]:
    """All rows of one file that the last one had not. `after` (with the file's `sha256`) holds once they are taken; until then `before`, with how
    many rows of this file are done.
    """
    known = {bytes.fromhex(one) for one in before.get("recent", ())}
    seen: dict[bytes, None] | None = {}
    done = int(before.get("row", 0)) if before.get("reading") == after["sha256"] else 0
    first = 0
    # One thread of its own: a generator is not closed while another thread is within it, as when a run is cut off.
    loop, reader = asyncio.get_running_loop(), ThreadPoolExecutor(1, "pull-rows")
    try:
        while batch := await loop.run_in_executor(reader, _some, found):
            marks = [digest(row) for row in batch]
            if seen is not None:
                seen.update(dict.fromkeys(marks))
                seen = seen if len(seen) <= _RECENT else None
            fresh = [
                row
                for number, (row, mark) in enumerate(zip(batch, marks, strict=True), first)
                if number >= done and mark not in known
            ]
            first += len(batch)
            if fresh:
                body = await asyncio.to_thread(mapper.lines, fresh)
                yield Portion({**before, "reading": after["sha256"], "row": first}, body, name=name)
    finally:
        if isinstance(found, Generator):
            await loop.run_in_executor(reader, found.close)
        reader.shutdown(wait=False)
    yield Portion({**after, "recent": [mark.hex() for mark in seen]} if seen else after)


def _some(found: Iterator[Any]) -> list[Any]:
    return list(islice(found, PORTION))
