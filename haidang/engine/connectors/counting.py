"""How many records a delivery holds: the rule by which the door says *received*.

The contract check counts by the same rule in another process, so that the sum of outcomes can disagree with the
door when records are lost in between.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import msgspec

from haidang.engine.connectors.arrival import Refused

Format = str  # json, ndjson, lines, sheet
# What one delivery may hold: whoever divides it has an object for every record, line and value in memory.
RECORDS = 200_000
_VALUES = 2_000_000
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NONBLANK = re.compile(rb"\S[^\r\n]*")
_LINE = re.compile(rb"[^\n]+")


class _Readings(msgspec.Struct):
    readings: list[msgspec.Raw] = []


_object = msgspec.json.Decoder(_Readings)
_list = msgspec.json.Decoder(list[msgspec.Raw])


def _members(raw: bytes | msgspec.Raw) -> int:
    """Readings of one object; anything else, also an object without readings, is one record."""
    try:
        return len(_object.decode(raw).readings) or 1
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return 1


def _json(body: bytes) -> int:
    if not body.lstrip().startswith(b"["):
        return _members(body)
    try:
        # max: an empty list is one unreadable record, not none.
        return max(1, sum(map(_members, _list.decode(body))))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return 1


def count(body: bytes, format: Format) -> int:  # noqa: A002 - the word the contract uses
    """Records in `body`; at least 1, so that nothing arrives without a trace."""
    if format == "sheet" or body.startswith(_UTF_16):
        return 1  # a file is judged as a whole, and nobody can divide the other
    if format == "lines":
        return max(1, sum(1 for _ in _NONBLANK.finditer(body)))
    body = body.removeprefix(_BOM)  # some editors write it before JSON; lines keep theirs until they are read
    if format == "ndjson":
        return max(1, sum(_json(line) for line in map(re.Match.group, _LINE.finditer(body)) if line.strip()))
    return _json(body)


def admit(body: bytes, format: Format) -> int:  # noqa: A002
    """Records in `body`; refused when there are too many, before anything is made of each of them.

    Blank lines weigh as much as others where lines are divided, so they are held to the same bound.
    """
    if format == "sheet":
        return 1
    if format == "lines":
        lines, values = max(body.count(b"\n"), body.count(b"\r")), 0
    else:
        lines, values = body.count(b"\n") if format == "ndjson" else 0, body.count(b",")
    if lines > RECORDS or values > _VALUES or (records := count(body, format)) > RECORDS:
        raise Refused("too_many_records")
    return records


# Messages of a body from which on counting them would be felt by whoever else is answered meanwhile.
_FEW = 2_000


async def admitted(body: bytes, format: Format) -> int:  # noqa: A002
    """The same beside others' requests: what may hold very many messages is counted in a thread."""
    if body.count(b"," if format == "json" else b"\n") > _FEW and (format != "json" or body[:1] == b"["):
        return await asyncio.to_thread(admit, body, format)
    return admit(body, format)


# From this size on the decoder would hold the interpreter, and everyone who waits for it, for some milliseconds.
_APART_BYTES = 1 << 20
_TOO_MANY = 3


def admit_file(path: Path, format: Format) -> int:  # noqa: A002
    """The same of a file, a large one in a process of its own: a thread would not do, the decoder lets no other run."""
    if path.stat().st_size < _APART_BYTES:
        return admit(path.read_bytes(), format)
    command = [sys.executable, "-m", __name__, format, str(path)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode == _TOO_MANY:
        raise Refused("too_many_records")
    if done.returncode:
        # It found no memory, or was killed: the sender keeps the body and comes again.
        raise Refused("door_busy")
    return int(done.stdout)


def _tell(form: Format, path: str) -> int:
    """What the process apart does; its exit code."""
    try:
        records = admit(Path(path).read_bytes(), form)
    except Refused:
        return _TOO_MANY
    sys.stdout.write(str(records))
    return 0


if __name__ == "__main__":
    sys.exit(_tell(*sys.argv[1:]))
