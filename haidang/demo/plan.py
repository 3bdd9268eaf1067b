"""Which stations a simulated province has: at real communes, with invented owners, at all three doors."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from haidang.demo.rhythm import lattice, seed_of
from haidang.demo.station import Commune, Door, Fault, Station

FILES = {"air": "environment.air_station_files", "water": "environment.water_station_files"}
MESSAGES = "environment.station_readings"
HISTORY = "environment.station_history"
COUNT = {"air": 24, "water": 16}
LETTERS = {"air": "KK", "water": "NM"}

# Door and faults by number of the station within its kind: one trouble each for some sixteen of the forty.
MQTT = {"air": {2, 4, 6, 10, 14, 15}, "water": {3, 5, 7, 11}}
PUSH = {"air": {8, 12, 17, 20}, "water": {9, 13, 15, 16}}
FAULTS: dict[Fault, dict[str, set[int]]] = {
    "duplicate": {"air": {3, 4}, "water": {9}},
    "outage": {"air": {7, 21}, "water": {2}},
    "gap": {"air": {9}, "water": {10}},
    "faulty": {"air": {11}, "water": {4}},
    "clumsy": {"air": {13, 20}, "water": {8}},
    "calibration": {"air": {16}, "water": {6}},
}
EVERY_MINUTE = {("air", 2), ("air", 6), ("air", 15), ("water", 3), ("water", 11)}


@dataclass(frozen=True, slots=True)
class Owner:
    """An office of the demo province. `parent` is the key of the one above it."""

    key: str
    name: str
    short_name: str
    parent: str
    phone: str
    commune: str = ""


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def slug(name: str) -> str:
    """`Tây Ninh` → `tay-ninh`."""
    return "-".join("".join(c if c.isalnum() else " " for c in folded(name)).split())


def letters_of(name: str) -> str:
    """`Tây Ninh` → `TN`, `Huế` → `HUE`."""
    words = folded(name).upper().split()
    return "".join(word[0] for word in words) if len(words) > 1 else words[0][:3]


def sites(slug_name: str, communes: list[Commune]) -> dict[str, list[dict[str, Any]]]:
    """Written down for some provinces, spread evenly over the communes for all others."""
    path = Path(__file__).parent / "provinces" / f"{slug_name}.yml"
    if path.exists():
        found: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return found
    return {"air": _spread_air(communes), "water": _spread_water(communes)}


def spread(communes: list[Commune], count: int) -> list[Commune]:
    """Farthest-point sampling: each next commune is the one farthest from those already taken."""
    if not communes:
        return []
    taken = [min(communes, key=lambda c: (c.kind != "phường", c.code))]
    while len(taken) < min(count, len(communes)):
        rest = [c for c in communes if c not in taken]
        taken.append(max(rest, key=lambda c: (min(_apart(c, t) for t in taken), c.code)))
    return taken


def _apart(a: Commune, b: Commune) -> float:
    return math.hypot(a.lat - b.lat, (a.lon - b.lon) * math.cos(math.radians(a.lat)))


def _near_first(communes: list[Commune]) -> list[Commune]:
    """Islands far out at sea would stretch the picture: stations stand where most communes are."""
    lat = sorted(c.lat for c in communes)[len(communes) // 2]
    lon = sorted(c.lon for c in communes)[len(communes) // 2]
    by_distance = sorted(communes, key=lambda c: math.hypot(c.lat - lat, c.lon - lon))
    return by_distance[: max(40, len(communes) * 95 // 100)]


def _spread_air(communes: list[Commune]) -> list[dict[str, Any]]:
    near = _near_first(communes)
    wards = [c for c in near if c.kind.lower() == "phường"]
    chosen = spread(wards, 12)
    chosen += spread([c for c in near if c not in chosen], COUNT["air"] - len(chosen))
    rows: list[dict[str, Any]] = []
    for number, commune in enumerate(chosen, 1):
        site = "industry" if number in {2, 6, 15, 17} else "urban" if commune in wards else "country"
        name = f"Cụm công nghiệp {commune.name}" if site == "industry" else commune.name
        row = {"commune": commune.name, "code": commune.code, "name": name, "site": site}
        rows.append(row | {"owner": commune.name} if site == "industry" else row)
    return rows


def _spread_water(communes: list[Commune]) -> list[dict[str, Any]]:
    rows = []
    for number, commune in enumerate(spread(list(reversed(_near_first(communes))), COUNT["water"]), 1):
        site = ("river", "canal", "river", "reservoir")[number % 4]
        word = {"river": "Sông", "canal": "Kênh", "reservoir": "Hồ"}[site]
        name = f"{word} tại {commune.name}"
        rows.append({"commune": commune.name, "code": commune.code, "name": name, "site": site})
    return rows


def stations(name: str, communes: list[Commune], seed: int) -> list[Station]:
    """About forty stations of one province, the same ones for the same seed."""
    prefix, wanted = letters_of(name), sites(slug(name), communes)
    by_name, by_code = {c.name: c for c in communes}, {c.code: c for c in communes}
    core = by_name.get(wanted["air"][1]["commune"])
    found: list[Station] = []
    for kind, rows in wanted.items():
        for number, row in enumerate(rows, 1):
            commune = by_code.get(row.get("code", "")) or by_name.get(row["commune"])
            if commune is None:
                raise LookupError(
                    f"{name} has no commune {row['commune']!r}; mend provinces/{slug(name)}.yml"
                )
            code = f"{prefix}_{LETTERS[kind]}_{number:02d}"
            door: Door = "mqtt" if number in MQTT[kind] else "push" if number in PUSH[kind] else "ftp"
            lat, lon = _beside(commune, seed, code)
            every = 60 if (kind, number) in EVERY_MINUTE else 300
            found.append(
                Station(
                    code=code,
                    name=row["name"],
                    kind=kind,
                    site=row["site"],
                    commune=commune.code,
                    lat=lat,
                    lon=lon,
                    office=_office(row, kind),
                    door=door,
                    source=FILES[kind] if door == "ftp" else MESSAGES,
                    every_s=every,
                    offset_s=_offset(seed, code, every),
                    faults=[fault for fault, where in FAULTS.items() if number in where[kind]],
                    episode=_episode(kind, number, commune, core),
                )
            )
    found.append(_stranger(prefix, found[1], seed))
    return found


def _office(row: dict[str, Any], kind: str) -> str:
    if owner := row.get("owner"):
        return f"kcn-{slug(owner)}"
    return "so-nnmt" if kind == "water" or row["site"] == "country" else f"ubnd-{slug(row['commune'])}"


def _offset(seed: int, code: str, every: int) -> float:
    """Each station sends at its own second, at most five minutes after its stamp as the circular asks."""
    share = float(lattice(seed_of(seed, code, "offset"), np.zeros(1, dtype=np.int64))[0])
    return round(2 + share * (20 if every == 60 else 100), 1)


def _beside(commune: Commune, seed: int, code: str) -> tuple[float, float]:
    """A few hundred metres from the centre of the commune, so that two stations of one commune lie apart."""
    shift = lattice(seed_of(seed, code, "place"), np.arange(2)) - 0.5
    return round(commune.lat + float(shift[0]) * 0.02, 5), round(commune.lon + float(shift[1]) * 0.02, 5)


def _episode(kind: str, number: int, commune: Commune, core: Commune | None) -> float:
    """The second air station carries the episode; its neighbours get what the wind leaves."""
    if kind != "air" or core is None:
        return 0.0
    if number == 2:
        return 1.0
    return 0.25 if _apart(commune, core) < 0.09 else 0.0


def _stranger(prefix: str, beside: Station, seed: int) -> Station:
    """A station nobody registered: its readings are refused until someone runs `haidang station add`."""
    code = f"{prefix}_KK_99"
    return Station(
        code=code,
        name="Trạm chưa đăng ký",
        kind="air",
        site="urban",
        commune=beside.commune,
        lat=beside.lat + 0.01,
        lon=beside.lon + 0.01,
        office="so-nnmt",
        door="push",
        source=MESSAGES,
        every_s=300,
        offset_s=_offset(seed, code, 300),
        faults=["stranger"],
        is_registered=False,
    )


def owners(name: str, found: list[Station], communes: list[Commune]) -> list[Owner]:
    """The offices that own stations or receive orders. Every telephone number is invented: 0276 000 …."""
    by_slug = {slug(c.name): c for c in communes}
    rows = [
        Owner("ubnd-tinh", f"Ủy ban nhân dân {name}", "UBND tỉnh", "", _phone(1)),
        Owner("ioc", f"Trung tâm điều hành {name}", "Trung tâm điều hành", "ubnd-tinh", _phone(201)),
        Owner("so-nnmt", "Sở Nông nghiệp và Môi trường", "Sở NN&MT", "ubnd-tinh", _phone(215)),
        Owner("doi-quan-trac", "Đội quan trắc môi trường", "Đội quan trắc", "so-nnmt", _phone(216)),
        Owner("so-y-te", "Sở Y tế", "Sở Y tế", "ubnd-tinh", _phone(218)),
        Owner("so-tai-chinh", "Sở Tài chính", "Sở Tài chính", "ubnd-tinh", _phone(221)),
        Owner("thue-tinh", "Thuế tỉnh", "Thuế tỉnh", "ubnd-tinh", _phone(222)),
        Owner("thong-ke-tinh", "Thống kê tỉnh", "Thống kê tỉnh", "ubnd-tinh", _phone(223)),
        Owner(
            "trung-tam-hcc", "Trung tâm Phục vụ hành chính công", "Trung tâm HCC", "ubnd-tinh", _phone(224)
        ),
        Owner("van-phong-ubnd", "Văn phòng UBND tỉnh", "VP UBND tỉnh", "ubnd-tinh", _phone(225)),
        Owner("cdc-tinh", "Trung tâm Kiểm soát bệnh tật tỉnh", "CDC tỉnh", "so-y-te", _phone(226)),
        Owner("so-gddt", "Sở Giáo dục và Đào tạo", "Sở GD&ĐT", "ubnd-tinh", _phone(227)),
        Owner("bql-kcn", "Ban quản lý các khu công nghiệp", "BQL KCN", "ubnd-tinh", _phone(231)),
    ]
    for number, key in enumerate(dict.fromkeys(s.office for s in found), 1):
        word, _, rest = key.partition("-")
        commune = by_slug.get(rest)
        if commune is None:
            continue
        if word == "kcn":
            full, short, above = (
                f"Công ty hạ tầng KCN {commune.name} (mô phỏng)",
                f"KCN {commune.name}",
                "bql-kcn",
            )
        else:
            unit = f"{commune.kind.lower()} {commune.name}"
            full, short, above = f"Ủy ban nhân dân {unit}", f"UBND {unit}", "ubnd-tinh"
        rows.append(Owner(key, full, short, above, _phone(300 + number), commune.code))
    return rows


def _phone(number: int) -> str:
    return f"0276 000 {number:04d}"
