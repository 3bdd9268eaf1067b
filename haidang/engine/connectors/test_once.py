"""Requests with one key go one after the other, and nothing is left of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from haidang.engine.connectors.once import Once


async def test_a_key_is_held_by_one_at_a_time_also_when_some_fail_or_give_up(tmp_path: Path) -> None:
    once, inside, most = Once(tmp_path / "once.sqlite"), 0, 0

    async def request(number: int) -> None:
        nonlocal inside, most
        async with once.hold("a.b", "one", "k"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1
            if number % 3 == 0:
                raise ValueError

    calls = [asyncio.create_task(request(number)) for number in range(30)]
    await asyncio.sleep(0)
    calls[7].cancel()
    calls.append(asyncio.create_task(request(31)))
    await asyncio.gather(*calls, return_exceptions=True)
    once.close()
    assert (most, once._held) == (1, {})


async def test_a_request_that_fails_leaves_no_lock(tmp_path: Path) -> None:
    once = Once(tmp_path / "once.sqlite")
    with pytest.raises(ValueError, match="broken"):
        async with once.hold("a.b", "one", "k"):
            raise ValueError("broken")
    once.close()
    assert not once._held
