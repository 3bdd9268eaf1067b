"""A folder on a real SFTP server: each file once, none half, whatever its time says; and only on the machine we meant."""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from haidang.engine import clock
from haidang.engine.connectors.pull.sealing import Secret
from haidang.engine.connectors.pull.trial import Bench, Lost
from haidang.engine.connectors.pull.trouble import told

HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")
OWN_KEY = asyncssh.generate_private_key("ssh-ed25519")
OLD = 10_000  # seconds ago


class _Logins(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - asyncssh's signature
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("tam", "geheim")

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002
        return key.get_fingerprint() == OWN_KEY.get_fingerprint()


@dataclass
class Folder:
    path: Path
    port: int = 0

    def put(self, name: str, text: str | bytes = "a\tb\n", age_s: float = OLD) -> None:
        path = self.path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(path, (clock.timestamp() - age_s,) * 2)

    def pull(self, **more: Any) -> dict[str, Any]:
        keys = [HOST_KEY.get_fingerprint()]
        url = f"sftp://127.0.0.1:{self.port}/tram%20do"
        return {"kind": "sftp", "url": url, "host_keys": keys, "pattern": "*.txt", "settle": 60, **more}


class _Sick(asyncssh.SFTPServer):
    """One with a file at which the line breaks."""

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:  # type: ignore[override]
        name = Path(os.fsdecode(file_obj.name)).name
        if name == "cut.txt":
            self.channel.get_connection().abort()
        found = super().read(file_obj, offset, size)
        assert isinstance(found, bytes)
        return found


@asynccontextmanager
async def served(folder: Folder) -> AsyncIterator[Folder]:
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_host_keys=[HOST_KEY], server_factory=_Logins,
        sftp_factory=lambda channel: _Sick(channel, chroot=str(folder.path.parent)),
    )  # fmt: skip
    folder.port = server.sockets[0].getsockname()[1]
    try:
        yield folder
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    found = Folder(tmp_path / "server" / "tram do")
    found.path.mkdir(parents=True)
    return found


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path / "home", form="lines")
    bench.home.mkdir()
    bench.let_in(Secret(user="tam", password="geheim"))
    return bench


def names(bench: Bench) -> list[str]:
    return [arrival.name for arrival in bench.arrivals]


async def test_each_file_is_taken_once_and_again_when_it_is_another_one(bench: Bench, folder: Folder) -> None:
    folder.put("b.txt", "2\n3\n", OLD)
    folder.put("a.txt", "1\n", OLD - 1)
    folder.put("c.csv")
    folder.put("d.txt", "new\n", 1)
    (folder.path / "e.txt").mkdir()
    (folder.path / "f.txt").symlink_to("/etc/passwd")
    async with served(folder):
        report = await bench.run(folder.pull())
        assert (report.state, report.records, report.deliveries) == ("done", 3, 2)
        assert names(bench) == ["b.txt", "a.txt"]
        assert bench.bodies() == [b"2\n3\n", b"1\n"]
        # d.txt has not changed since: nobody writes to it. A file with an older time comes too, and a changed one.
        folder.put("g.txt", "9\n", 10 * OLD)
        folder.put("a.txt", "1\n4\n", OLD - 2)
        assert (await bench.run(folder.pull())).deliveries == 3
        assert names(bench)[2:] == ["g.txt", "a.txt", "d.txt"]
        assert (await bench.run(folder.pull())).deliveries == 0
        (folder.path / "b.txt").unlink()
        await bench.run(folder.pull())
    assert set(bench.memory.seen) == {"a.txt", "d.txt", "g.txt"}


async def test_a_file_that_grows_while_it_is_read_waits(bench: Bench, folder: Folder) -> None:
    folder.put("a.txt", "1\n", 5)
    async with served(folder):
        assert (await bench.run(folder.pull())).deliveries == 0
        folder.put("a.txt", "1\n2\n", 4)
        assert (await bench.run(folder.pull())).deliveries == 0
        assert (await bench.run(folder.pull())).deliveries == 1
    assert bench.bodies() == [b"1\n2\n"]


async def test_a_cut_run_brings_at_most_one_file_again(bench: Bench, folder: Folder) -> None:
    for number in range(5):
        folder.put(f"{number}.txt", f"{number}\n", OLD - number)
    async with served(folder):
        bench.memory.lost_at_move = 3
        with pytest.raises(Lost):
            await bench.run(folder.pull())
        assert (await bench.run(folder.pull())).deliveries == 3
    assert names(bench) == ["0.txt", "1.txt", "2.txt", "2.txt", "3.txt", "4.txt"]


async def test_a_bad_file_holds_up_no_other_and_is_named(bench: Bench, folder: Folder) -> None:
    folder.put("1.txt", b"x" * ((1 << 20) + 1), OLD)
    folder.put("2.txt", b"", OLD - 1)
    folder.put("3.txt", "3\n", OLD - 2)
    folder.put("4.txt.gz", gzip.compress(b"4\n"), OLD - 3)
    async with served(folder):
        report = await bench.run(folder.pull(size_mb=1, pattern="*.txt*"))
    assert report.trouble
    assert (report.trouble.reason, report.trouble.detail["host"]) == ("too_large", "127.0.0.1 (1.txt)")
    assert names(bench) == ["3.txt", "4.txt"]
    assert bench.bodies()[1] == b"4\n"
    assert not list((bench.home / "files" / "incoming").iterdir())


async def test_a_line_that_breaks_is_no_fault_of_its_file(bench: Bench, folder: Folder) -> None:
    folder.put("cut.txt")
    async with served(folder):
        report = await bench.run(folder.pull())
    assert report.trouble
    assert (report.trouble.reason, report.trouble.is_of_one) == ("broken_off", False)


async def test_a_folder_that_is_empty_for_a_while_is_not_taken_anew(bench: Bench, folder: Folder) -> None:
    folder.put("a.txt")
    folder.put("b.txt")
    async with served(folder):
        assert (await bench.run(folder.pull())).deliveries == 2
        away = folder.path.rename(folder.path.parent / "away")
        folder.path.mkdir()
        assert (await bench.run(folder.pull())).state == "done"
        folder.path.rmdir()
        away.rename(folder.path)
        assert (await bench.run(folder.pull())).deliveries == 0


async def test_rows_of_files_become_messages(bench: Bench, folder: Folder) -> None:
    bench.form = "json"
    folder.put("a.csv", "tram,luc,so\nA,2026-11-01 07:00,1\nA,2026-11-01 08:00,2\n")
    folder.put("b.csv", "tram,luc\nA,2026-11-01 07:00\n", OLD - 1)
    fields = {"station": "tram", "at": "luc", "parameter": {"text": "P"}, "value": "so"}
    async with served(folder):
        report = await bench.run(folder.pull(pattern="*.csv", fields=fields))
    assert report.trouble
    words = told(report.trouble.reason, report.trouble.detail)
    assert "127.0.0.1 (b.csv)" in words.vi
    assert "dòng 1 thiếu so; có tram, luc" in words.vi
    assert bench.values() == ["1", "2"]
    assert set(bench.memory.seen) == {"a.csv"}


async def test_a_key_lets_in_and_every_refusal_has_its_words(bench: Bench, folder: Folder) -> None:
    folder.put("a.txt")

    async def reason(**more: Any) -> str:
        report = await bench.run(folder.pull(**more))
        return report.trouble.reason if report.trouble else ""

    async with served(folder):
        bench.let_in(Secret(user="tam", password="wrong"))
        assert await reason() == "refused_us"
        bench.let_in(Secret(user="tam"))
        assert await reason() == "no_credential"
        bench.let_in(Secret(user="tam", private_key="nonsense"))
        assert await reason() == "bad_key"
        other = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint()
        bench.let_in(Secret(user="tam", password="geheim"))
        assert await reason(host_keys=[other]) == "host_key"
        assert await reason(url=f"sftp://127.0.0.1:{folder.port}/none") == "not_as_expected"
        assert await reason(url=f"sftp://127.0.0.2:{folder.port}/none") == "closed_address"
        bench.internal = ""
        assert await reason() == "closed_address"
        bench.internal = "127.0.0.1"
        pem = OWN_KEY.export_private_key("pkcs8-pem", passphrase="geheim-2").decode()
        bench.let_in(Secret(user="tam", private_key=pem, password="geheim-2"))
        assert await reason() == ""
    assert names(bench) == ["a.txt"]
    assert await reason() == "unreachable"
