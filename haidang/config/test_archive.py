"""What goes into an archive, and how what waited is read again."""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path

import msgspec
import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from haidang.config import archive
from haidang.config.archive import Counted, Waiting
from haidang.config.doors import client_id
from haidang.engine import clock
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.store.models import Delivery, DoorCount
from haidang.engine.wire import envelope


def _messages() -> list[Waiting]:
    return [Waiting(birth=7, seq=seq, subject="wire.in.0.a.b", payload=b"x" * seq * 1000) for seq in range(3)]


def test_what_waited_is_written_and_read_message_by_message(tmp_path: Path) -> None:
    with (tmp_path / "stream.frames").open("wb") as file:
        for message in _messages():
            archive._write(file, message)
    assert list(archive._waiting(tmp_path)) == _messages()


def test_archives_of_version_one_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "stream.msgpack").write_bytes(msgspec.msgpack.encode(_messages()))
    assert list(archive._waiting(tmp_path)) == _messages()


def test_what_opens_the_credentials_of_pulled_sources_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    for name in ("pull-key", "secret-key"):
        (tmp_path / name).write_text(name)
    (tmp_path / "files" / "incoming-pull").mkdir(parents=True)
    (tmp_path / "files" / "incoming-pull" / "half").write_text("half")
    assert [path.name for path in archive._files(tmp_path)] == ["secret-key"]
    assert [path.name for path in archive._files(tmp_path, with_key=True)] == ["pull-key", "secret-key"]


def test_idempotency_keys_are_left_out_and_thrown_away_when_an_old_archive_has_them(tmp_path: Path) -> None:
    doors = tmp_path / "home" / "doors"
    doors.mkdir(parents=True)
    for name in ("once.sqlite", "once.sqlite-wal", "once.sqlite-shm", "broker-log"):
        (doors / name).write_text(name)
    home = tmp_path / "home"
    assert [path.name for path in archive._files(home)] == ["broker-log"]

    file = tmp_path / "old.tar.gz"
    members: dict[str, str] = {}
    with tarfile.open(file, "w:gz") as tar:
        for path in sorted(doors.iterdir()):
            archive._put_file(tar, members, f"home/doors/{path.name}", path)
        manifest = msgspec.json.encode({"version": 1, "members": members})
        head = tarfile.TarInfo("manifest.json")
        head.size = len(manifest)
        tar.addfile(head, BytesIO(manifest))
    archive.unpack(tmp_path / "new", file)
    assert {path.name for path in (tmp_path / "new" / "doors").iterdir()} == {"broker-log", "mqtt-client-id"}
    assert client_id(tmp_path / "new") == "haidang-doors"


def _half_stored(seq: int, records: int, stored: int) -> Waiting:
    """A message of which the record has the first slices."""
    arrival = Arrival(source="a.b", door="push", received_at=1.0, credential="c", body=b"{}", records=records)
    payload = envelope.encode(envelope.Envelope(arrivals=[arrival]))
    Delivery.objects.create(
        wire_stream=7, wire_seq=seq, door="push", sha256=b"", size=2, body=payload, received_at=clock.now(), epoch=1,
        received=stored, stored=stored, duplicate=0, refused=0, failed=0, unfinished=True,
    )  # fmt: skip
    return Waiting(birth=7, seq=seq, subject="wire.in.1.a.b", payload=payload)


def test_a_delivery_stored_by_half_comes_again_and_the_sums_of_the_restored_close(
    transactional_db: None,
) -> None:
    before, after = _half_stored(5, records=9_000, stored=4_000), _half_stored(6, records=7_000, stored=2_000)
    # The first was counted before the backup began, the second was not.
    counted = Counted(birth=7, last_seq=5, counts=[("a.b", "push", 9_000, 1)])
    have = connection.settings_dict
    info = make_conninfo(dbname=have["NAME"], user=have["USER"], host=have["HOST"], port=have["PORT"] or None)
    with psycopg.connect(info) as direct:
        assert not any(archive._is_done(direct, message, counted) for message in (before, after))
        archive._mend_counts(direct, [before, after], counted)
    # What will come again is counted when it does; here stands what the record has of it.
    assert DoorCount.objects.get().received == 4_000 + 2_000
    assert not Delivery.objects.filter(unfinished=True).exists()
    Delivery.objects.filter(wire_stream=7).delete()
