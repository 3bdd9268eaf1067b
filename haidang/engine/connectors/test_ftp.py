"""The FTP door with a real client; the wire behind it is a plain list."""

from __future__ import annotations

import asyncio
import contextlib
import ftplib
import gc
import io
import logging
import socket
import struct
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import bcrypt
import pytest

from haidang.engine.connectors import ftp_logins
from haidang.engine.connectors.arrival import Arrival, Receipt, Turned
from haidang.engine.connectors.counting import RECORDS
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.ftp import FtpDoor
from haidang.engine.connectors.roster import Content, Pass, Roster, Way

SOURCE = "environment.air_station_files"
PUSHED = "environment.station_readings"


class Bench:
    """A door with everything around it in one folder."""

    def __init__(self, folder: Path) -> None:
        self.arrivals: list[Arrival] = []
        self.turned: list[Turned] = []
        self.fault: Exception | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        password = bcrypt.hashpw(b"word", bcrypt.gensalt(4)).decode()
        roster, store = Roster(folder), FileStore(folder / "files")
        roster.write(
            Content(
                sources=[
                    Way(address=SOURCE, format="lines", doors=["ftp"]),
                    Way(address=PUSHED, format="json", doors=["push", "mqtt"]),
                ],
                credentials=[
                    Pass(user="one", source=SOURCE, password_hash=password, key_sha256=""),
                    Pass(user="push", source=PUSHED, password_hash=password, key_sha256="push"),
                ],
            )
        )
        store.prepare()
        (folder / "ftp").mkdir()
        self.door = FtpDoor(
            folder / "ftp", accept=self.accept, turn_away=self.turned.append, roster=roster, store=store,
            bind="127.0.0.1", port=self.port,
        )  # fmt: skip

    async def accept(self, arrival: Arrival) -> Receipt:
        if self.fault:
            raise self.fault
        self.arrivals.append(arrival)
        return Receipt(seq=len(self.arrivals), part=0)

    async def session(self, talk: Callable[[ftplib.FTP], None]) -> None:
        def whole() -> None:
            with ftplib.FTP(timeout=60) as line:  # noqa: S321 - the door under test
                line.connect("127.0.0.1", self.port)
                line.login("one", "word")
                talk(line)

        await asyncio.to_thread(whole)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    found = Bench(tmp_path)
    serving = asyncio.create_task(found.door.run())
    async with asyncio.timeout(10):
        while not getattr(found.door, "server", None):  # noqa: ASYNC110 - aioftp does not tell
            await asyncio.sleep(0.01)
    yield found
    serving.cancel()
    await asyncio.wait([serving])


async def test_a_file_is_never_taken_without_its_beginning(bench: Bench) -> None:
    def talk(line: ftplib.FTP) -> None:
        line.storbinary("STOR part.tmp", io.BytesIO(b"one\n"))
        for name, offset in (("missing.txt", 4), ("part.tmp", 3), ("part.tmp", 5)):
            with pytest.raises(ftplib.error_perm, match="554"):
                line.storbinary(f"STOR {name}", io.BytesIO(b"two\n"), rest=offset)
        line.storbinary("STOR part.tmp", io.BytesIO(b"two\n"), rest=4)
        line.rename("part.tmp", "whole.txt")

    await bench.session(talk)
    assert [(arrival.name, arrival.body) for arrival in bench.arrivals] == [("whole.txt", b"one\ntwo\n")]
    assert [turned.reason for turned in bench.turned] == ["bad_offset"] * 3


async def test_a_file_of_too_many_lines_is_refused(bench: Bench) -> None:
    def talk(line: ftplib.FTP) -> None:
        with pytest.raises(ftplib.error_perm, match="552"):
            line.storbinary("STOR many.txt", io.BytesIO(b"a\n" * (RECORDS + 1)))
        assert "many.txt" not in line.nlst()

    await bench.session(talk)
    assert not bench.arrivals
    assert [turned.reason for turned in bench.turned] == ["too_many_records"]


TRICKS = [
    "../../../x.txt",
    "/../../x.txt",
    "../beside/x.txt",
    "/../../../beside/x.txt",
    "..",
    "a\\..\\b.txt",
    "x" * 300,
    "D1_\x07.txt",
    "sub/dir/x.txt",
    "",
]


@pytest.mark.parametrize("name", TRICKS)
async def test_no_file_name_leaves_the_folder_of_its_login(bench: Bench, tmp_path: Path, name: str) -> None:
    # Another login's folder, and one beside all of them: what could be reached is there to be reached.
    for other in (tmp_path / "beside", tmp_path / "ftp" / "beside", tmp_path / "ftp" / "areas" / "beside"):
        other.mkdir(parents=True, exist_ok=True)
        (other / "x.txt").write_bytes(b"theirs")
    before = _outside(tmp_path)

    def talk(line: ftplib.FTP) -> None:
        with contextlib.suppress(ftplib.all_errors):
            line.storbinary(f"STOR {name}", io.BytesIO(b"mine\n"))
        with contextlib.suppress(ftplib.all_errors):
            line.storbinary("STOR own.tmp", io.BytesIO(b"mine\n"))
            line.rename("own.tmp", name)
        with contextlib.suppress(ftplib.all_errors):
            line.mkd(name)
        with contextlib.suppress(ftplib.all_errors):
            line.delete(name)

    await bench.session(talk)
    assert _outside(tmp_path) == before


def _outside(folder: Path) -> dict[str, bytes]:
    """Everything around the login's own folder, with its content."""
    own = folder / "ftp" / "areas" / "one"
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if path != own and not path.is_relative_to(own)
    }


def _rude(port: int, *lines: bytes) -> None:
    """Say something and vanish without reading the answers."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.recv(100)
        for said in lines:
            line.sendall(said)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def test_clients_that_hang_up_leave_nothing_in_the_log(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    login = b"USER one\r\nPASS word\r\n"
    for said in (
        [],
        [b"USER one\r\n"] * 20,
        [login],
        [login, *[b"PASV\r\n", b"LIST\r\n"] * 3],
        [b"\xff\xfe\r\n"],
    ):
        for _ in range(5):
            await asyncio.to_thread(_rude, bench.port, *said)
    async with asyncio.timeout(20):
        while bench.door.connections:  # noqa: ASYNC110 - aioftp does not tell
            await asyncio.sleep(0.01)
    gc.collect()
    assert [record.getMessage() for record in caplog.records] == []


async def _left_alone(error: Exception) -> None:
    """A future that fails and that nobody asks."""
    asyncio.get_running_loop().create_future().set_exception(error)
    gc.collect()
    await asyncio.sleep(0)


async def test_a_reset_that_nobody_waits_for_is_noted_quietly(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "haidang.ftp"):
        await _left_alone(ConnectionResetError("gone"))
    assert [(told.levelname, told.getMessage()) for told in caplog.records if told.name == "haidang.ftp"] == [
        ("DEBUG", "a client hung up: gone")
    ]
    assert not [told for told in caplog.records if told.levelno > logging.DEBUG]


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError("ours"), BrokenPipeError("ours"), ValueError("ours")]
)
async def test_other_errors_that_nobody_waits_for_are_told(
    bench: Bench, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    await _left_alone(error)
    assert [(told.name, told.levelname) for told in caplog.records] == [("asyncio", "ERROR")]
    assert f"{type(error).__name__}: ours" in caplog.text


async def test_a_reset_of_a_task_of_ours_is_told(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    async def call() -> None:
        raise ConnectionResetError("a server we called")

    task = asyncio.create_task(call())
    await asyncio.wait([task])
    del task
    gc.collect()
    assert [(told.name, told.levelname) for told in caplog.records] == [("asyncio", "ERROR")]
    assert "Task exception was never retrieved" in caplog.text


async def test_a_fault_of_ours_is_told(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.fault = ZeroDivisionError("of ours")

    def talk(line: ftplib.FTP) -> None:
        with pytest.raises((ftplib.Error, EOFError, OSError)):
            line.storbinary("STOR one.txt", io.BytesIO(b"one\n"))

    with contextlib.suppress(ftplib.Error, EOFError, OSError):
        await bench.session(talk)
    assert "ZeroDivisionError: of ours" in caplog.text


@pytest.mark.parametrize(
    ("user", "password", "reason", "words"),
    [
        ("one", "sai", "wrong_login", ("mật khẩu không đúng", "password is wrong")),
        ("nobody", "word", "wrong_login", ("mật khẩu không đúng", "password is wrong")),
        ("push", "word", "wrong_door", (f"Nguồn {PUSHED} không nhận qua cửa ftp", "Use: push, mqtt")),
    ],
)
async def test_who_may_not_sign_in_hears_why_in_both_languages(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    user: str,
    password: str,
    reason: str,
    words: tuple[str, str],
) -> None:
    monkeypatch.setattr(ftp_logins, "_GUESS_S", 0)

    def whole() -> str:
        with ftplib.FTP(timeout=60) as line:  # noqa: S321 - the door under test
            line.connect("127.0.0.1", bench.port)
            with pytest.raises(ftplib.error_perm) as told:
                line.login(user, password)
            return str(told.value)

    vietnamese, english = (await asyncio.to_thread(whole)).splitlines()
    assert vietnamese.startswith("530-")
    assert words[0] in vietnamese
    assert english.startswith("530 ")
    assert words[1] in english
    assert [turned.reason for turned in bench.turned] == [reason]
