"""fsync before every acknowledgement, read from the system calls; and the same proof fails with default sync.

`kill -9` proves nothing about a power cut: the page cache outlives the process.
"""

from __future__ import annotations

import ftplib
import io
import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from haidang.config.supervisor.trial import Trial, sow
from tests.faults.load import FILES, READINGS, message

_CALLS = "fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg,rename,renameat,renameat2"


class Trace:
    """System calls of the whole centre, in the order in which they ended."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def calls(self) -> list[tuple[str, str]]:
        """(name, arguments and result). A call that was interrupted by others counts where it ended."""
        begun: dict[str, str] = {}
        found: list[tuple[str, str]] = []
        for line in self.path.read_text(errors="replace").splitlines():
            pid, _, text = line.partition(" ")
            text = text.strip()
            if text.endswith("<unfinished ...>"):
                begun[pid] = text.removesuffix("<unfinished ...>")
                if re.match(r"(?:write|writev|sendto|sendmsg)\(\d+<(?:socket|TCP)", text):
                    # An answer counts from where it began: the sender may read it before the call returns.
                    found.append(tuple(text.partition("(")[::2]))  # type: ignore[arg-type]
                    begun.pop(pid)
                continue
            if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", text):
                if pid not in begun:
                    continue
                text = begun.pop(pid) + resumed[1]
            if called := re.match(r"(\w+)\((.*)", text):
                found.append((called[1], called[2]))
        return found

    def synced_before(self, mark: str, stored_in: str, answer: str) -> bool:
        """Was the write that holds `mark`, to a file under `stored_in`, followed by an fsync of that file before
        the answer?"""
        file, synced = "", False
        for call, rest in self.calls():
            path = re.match(r"\d+<([^>]*)>", rest)
            where = path[1] if path else ""
            if call in {"pwrite64", "write"} and stored_in in where and mark in rest:
                file, synced = where, False
            elif call in {"fsync", "fdatasync"} and file and where == file and rest.rstrip().endswith("= 0"):
                synced = True
            elif call in {"write", "writev", "sendto", "sendmsg"} and answer in rest and file:
                return synced
        raise AssertionError(f"no write of {mark} in {stored_in} followed by {answer!r}")


@contextmanager
def traced(**env: str) -> Iterator[tuple[Trial, Trace]]:
    home = Path(tempfile.mkdtemp(prefix="haidang-trace-"))
    home.chmod(0o755)
    trace = Trace(home / "strace.out")
    # -D: the traced program stays our child, strace hangs on beside it.
    prefix = [
        "strace",
        "-D",
        "-f",
        "--seccomp-bpf",
        "-y",
        "-s",
        "2000",
        "-e",
        f"trace={_CALLS}",
        "-e",
        "signal=none",
    ]
    centre = Trial(home / "home", env=env, prefix=[*prefix, "-o", str(trace.path)])
    try:
        sow(centre.home)
        yield centre.start(patience_s=240), trace
    finally:
        centre.stop()
        shutil.rmtree(home, ignore_errors=True)


def by_push(centre: Trial, mark: str) -> None:
    key = centre.key(READINGS)["key"]
    answer = httpx.post(
        centre.deliveries_url(READINGS),
        content=message(mark, [datetime.now(UTC)]),
        headers={"X-Api-Key": key, "Content-Type": "application/json"},
        timeout=30,
    )
    assert answer.status_code == 202


def by_mqtt(centre: Trial, mark: str) -> None:
    key = centre.key(READINGS)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, mark)
    client.username_pw_set(key["user"], key["password"])
    client.connect("127.0.0.1", centre.port("mqtt"))
    client.loop_start()
    info = client.publish(key["topic"], message(mark, [datetime.now(UTC)]), qos=1)
    info.wait_for_publish(30)
    assert info.is_published()
    client.disconnect()
    client.loop_stop()


def by_ftp(centre: Trial, mark: str) -> None:
    key = centre.key(FILES)
    with ftplib.FTP(timeout=30) as line:
        line.connect("127.0.0.1", centre.port("ftp"))
        line.login(key["user"], key["password"])
        assert line.storbinary(
            f"STOR {mark}_20261121100000.txt", io.BytesIO(b"PM2.5\t1\tug/m3\t20261121100000\t00\n")
        )


WAYS: list[tuple[Callable[[Trial, str], None], str, str]] = [
    (by_push, "/WIRE/msgs/", "HTTP/1.1 202"),
    (by_mqtt, "/WIRE/msgs/", '"@\\2'),
    (by_ftp, "/WIRE/msgs/", '"226 stored'),
]


def _proofs(centre: Trial, trace: Trace) -> dict[str, bool]:
    found = {}
    for send, place, answer in WAYS:
        mark = f"MARK{uuid.uuid4().hex[:12]}"
        send(centre, mark)
        found[send.__name__] = trace.synced_before(mark, place, answer)
    return found


@pytest.mark.faults
def test_every_door_acknowledges_after_fsync_and_the_default_sync_would_not() -> None:
    with traced() as (centre, trace):
        assert _proofs(centre, trace) == {"by_push": True, "by_mqtt": True, "by_ftp": True}
        _a_large_body_is_synced_as_a_file_before_202(centre, trace)
    with traced(HAIDANG_WIRE_SYNC="2m") as (centre, trace):
        assert _proofs(centre, trace) == {"by_push": False, "by_mqtt": False, "by_ftp": False}


def _a_large_body_is_synced_as_a_file_before_202(centre: Trial, trace: Trace) -> None:
    before = len(trace.calls())
    key = centre.key(READINGS)["key"]
    body = message("BIG", [datetime.now(UTC)] * 5000)
    answer = httpx.post(
        centre.deliveries_url(READINGS),
        content=body,
        headers={"X-Api-Key": key, "Content-Type": "application/json"},
    )
    assert answer.status_code == 202
    steps = []
    for call, rest in trace.calls()[before:]:
        if call in {"fsync", "fdatasync"} and "/files/incoming/" in rest:
            steps.append("file")
        elif call.startswith("rename") and "/files/incoming/" in rest:
            steps.append("name")
        elif call in {"fsync", "fdatasync"} and re.search(r"/files/[0-9a-f]{2}>", rest):
            steps.append("folder")
        elif call in {"fsync", "fdatasync"} and "/WIRE/msgs/" in rest:
            steps.append("stream")
        elif "HTTP/1.1 202" in rest:
            steps.append("answer")
    order = [steps.index(step) for step in ("file", "name", "folder", "stream", "answer") if step in steps]
    assert len(order) == 5, steps
    assert order[:3] == sorted(order[:3])
    assert steps.index("answer") == max(order), steps
    assert "stream" in steps[steps.index("folder") : steps.index("answer")], steps
