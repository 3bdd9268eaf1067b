"""One home has one doors process and one name at the broker."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from haidang.config import addresses
from haidang.config.doors import Doors, client_id
from haidang.config.supervisor.lock import take
from haidang.engine.wire import stream


def test_a_second_doors_of_one_home_is_refused_before_it_touches_anything(tmp_path: Path) -> None:
    held = take(tmp_path / "run" / "doors.lock")
    assert not isinstance(held, int)
    upload = tmp_path / "files" / "incoming" / "half"
    upload.parent.mkdir(parents=True)
    upload.touch()
    with held, pytest.raises(SystemExit, match=f"process {os.getpid()}"):
        asyncio.run(Doors(tmp_path).run())
    assert upload.exists()


def test_homes_have_different_names_at_a_broker_and_keep_them(tmp_path: Path) -> None:
    one, two = client_id(tmp_path / "one"), client_id(tmp_path / "two")
    assert one != two
    assert (client_id(tmp_path / "one"), client_id(tmp_path / "two")) == (one, two)


def test_a_home_of_before_keeps_the_session_its_broker_has(tmp_path: Path) -> None:
    (tmp_path / "doors").mkdir()
    (tmp_path / "doors" / "once.sqlite").touch()
    assert client_id(tmp_path) == "haidang-doors"


@pytest.mark.parametrize("silent", ["connect", "wait_for"])
async def test_doors_that_wait_for_the_stream_end_when_they_are_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: str
) -> None:
    reached = asyncio.Event()

    async def never(*_: object, **__: object) -> None:
        reached.set()
        await asyncio.Event().wait()

    async def connected(*_: object, **__: object) -> object:
        return object()

    monkeypatch.setattr(addresses, "nats_url", lambda _: "nats://127.0.0.1:1")
    monkeypatch.setattr(stream, "connect", connected)
    monkeypatch.setattr(stream, silent, never)
    running = asyncio.create_task(Doors(tmp_path).run())
    async with asyncio.timeout(20):
        await reached.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await running
