"""A simulated station: where it stands, through which door it speaks, and what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Door = Literal["ftp", "mqtt", "push"]
Fault = Literal["calibration", "faulty", "outage", "gap", "duplicate", "clumsy", "stranger"]


@dataclass(frozen=True, slots=True)
class Station:
    """`offset_s`: its own second of sending after each stamp; `episode`: its share of an episode."""

    code: str
    name: str
    kind: str
    site: str
    commune: str
    lat: float
    lon: float
    office: str
    door: Door
    source: str
    every_s: int
    offset_s: float
    faults: list[Fault] = field(default_factory=list)
    episode: float = 0.0
    is_registered: bool = True


@dataclass(frozen=True, slots=True)
class Commune:
    code: str
    kind: str
    name: str
    lat: float
    lon: float
    area_km2: float = 0.0  # 0: not known


@dataclass(frozen=True, slots=True)
class Login:
    """One credential of the centre, as it was shown once when it was made."""

    source: str
    door: str
    user: str
    password: str
    key: str
    stations: list[str] | None


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the centre listens."""

    push: str
    mqtt_host: str
    mqtt_port: int
    ftp_host: str
    ftp_port: int


@dataclass(frozen=True, slots=True)
class Outside:
    """All the simulator knows of the centre."""

    province: str
    name: str
    seed: int
    doors: Doors
    stations: list[Station]
    logins: list[Login]
    history_days: int = 60
    # Of a province whose offices also send Excel files; empty where no contract of theirs speaks of it.
    communes: list[Commune] = field(default_factory=list)

    def login_of(self, station: Station) -> Login:
        """The login this station speaks through; an unregistered one borrows a login for every station."""
        for login in self.logins:
            if (
                login.source == station.source
                and login.door == station.door
                and (login.stations is None or station.code in login.stations)
            ):
                return login
        raise LookupError(f"{station.code} has no login for {station.source} at {station.door}")


def read(path: Path) -> Outside:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Outside(
        **{
            **data,
            "doors": Doors(**data["doors"]),
            "stations": [Station(**one) for one in data["stations"]],
            "logins": [Login(**one) for one in data["logins"]],
            "communes": [Commune(**one) for one in data.get("communes", [])],
        }
    )


def write(path: Path, outside: Outside) -> None:
    """Whole or not at all, readable by its owner only: it holds passwords."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(outside), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(path)
