"""Loads the dated register of units and their succession from the committed files; safe to call at every start."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from haidang.engine import clock
from haidang.engine.places.models import LoadedData
from haidang.engine.places.names import fold, vn_sort_key

DATA = Path(__file__).parent / "data"
NAME = "register"
# Raised when the way of loading changes, so that the same files are loaded again.
_REVISION = b"1"
_LEVELS = {2: "province", 3: "district", 5: "commune"}
_LAST_OLD_DAY, _FIRST_NEW_DAY = "2025-06-30", "2025-07-01"
_LOCK = 0x706C61636573  # one loader at a time, whatever process it runs in

_UPSERT_PLACES = """
INSERT INTO places_place AS kept
       (level, code, kind, name, folded, sort_key, valid_from_date, valid_to_date, basis, lat, lon, area_km2)
SELECT level, code, kind, name, folded, sort_key, valid_from, valid_to, basis, lat, lon, area_km2 FROM register_in
ON CONFLICT (level, code, valid_from_date) DO UPDATE SET
       kind = excluded.kind, name = excluded.name, folded = excluded.folded, sort_key = excluded.sort_key,
       valid_to_date = excluded.valid_to_date, basis = excluded.basis,
       lat = excluded.lat, lon = excluded.lon, area_km2 = excluded.area_km2
"""
# A unit hangs on the row its parent had on the unit's own last day.
_SET_PARENTS = """
UPDATE places_place AS child SET parent_id = parent.id
  FROM register_in AS line
  JOIN places_place AS parent ON parent.level = line.parent_level AND parent.code = line.parent
 WHERE child.level = line.level AND child.code = line.code
   AND child.valid_from_date IS NOT DISTINCT FROM line.valid_from
   AND coalesce(parent.valid_from_date, '-infinity') <= coalesce(line.valid_to, 'infinity')
   AND coalesce(parent.valid_to_date, 'infinity') >= coalesce(line.valid_to, 'infinity')
   AND child.parent_id IS DISTINCT FROM parent.id
"""
_UPSERT_SUCCESSION = """
INSERT INTO places_succession (old_id, new_id, share, is_estimate, basis)
SELECT old.id, new.id, line.share, line.is_estimate, line.basis
  FROM succession_in AS line
  JOIN places_place AS old ON old.level = line.old_level AND old.code = line.old AND old.valid_to_date = %s
  JOIN places_place AS new ON new.level = line.new_level AND new.code = line.new AND new.valid_from_date = %s
ON CONFLICT (old_id, new_id) DO UPDATE SET
       share = excluded.share, is_estimate = excluded.is_estimate, basis = excluded.basis
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    places: int
    successions: int
    was_current: bool


def ensure_loaded() -> Loaded:
    """Loads the files unless this very version of them is loaded already (then one short query)."""
    version = _version()
    if LoadedData.objects.filter(name=NAME, version=version).exists():
        return Loaded(0, 0, was_current=True)
    return load_register()


def load_register() -> Loaded:
    """Writes every row again; rows keep their ids, so what points at them stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _copy_places(cursor)
        cursor.execute(_UPSERT_PLACES)
        places = cursor.rowcount
        cursor.execute(_SET_PARENTS)
        _copy_succession(cursor)
        cursor.execute(_UPSERT_SUCCESSION, [_LAST_OLD_DAY, _FIRST_NEW_DAY])
        successions = cursor.rowcount
        cursor.execute("DROP TABLE register_in, succession_in")
        mark_loaded(NAME, _version())
    return Loaded(places, successions, was_current=False)


def mark_loaded(name: str, version: str) -> None:
    LoadedData.objects.update_or_create(name=name, defaults={"version": version, "loaded_at": clock.now()})


def _version() -> str:
    digest = hashlib.sha256(_REVISION)
    for name in ("register.csv", "succession.csv"):
        digest.update((DATA / name).read_bytes())
    return digest.hexdigest()


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _copy_places(cursor: Any) -> None:
    cursor.execute(
        "CREATE TEMP TABLE register_in (level text, code text, kind text, name text, folded text, sort_key bytea,"
        " parent_level text, parent text, valid_from date, valid_to date, basis text,"
        " lat float8, lon float8, area_km2 float8)"
    )
    with cursor.copy("COPY register_in FROM STDIN") as copy:
        for line in _lines("register.csv"):
            name, parent = line["name"], line["parent"]
            numbers = (float(line[column]) if line[column] else None for column in ("lat", "lon", "area_km2"))
            unit = (line["level"], line["code"], line["kind"], name, fold(name), vn_sort_key(name))
            span = (_LEVELS.get(len(parent)), parent or None, line["from"] or None, line["to"] or None)
            copy.write_row((*unit, *span, line["basis"], *numbers))


def _copy_succession(cursor: Any) -> None:
    cursor.execute(
        "CREATE TEMP TABLE succession_in (old_level text, old text, new_level text, new text,"
        " share float8, is_estimate bool, basis text)"
    )
    with cursor.copy("COPY succession_in FROM STDIN") as copy:
        for line in _lines("succession.csv"):
            old, new, share = line["old"], line["new"], line["share"]
            estimate = share.startswith("~")
            basis = "ước: phần chính tính gấp đôi mỗi phần khác" if estimate else "nhập nguyên vẹn"
            levels = _LEVELS[len(old)], _LEVELS[len(new)]
            copy.write_row((levels[0], old, levels[1], new, float(share.lstrip("~")), estimate, basis))
