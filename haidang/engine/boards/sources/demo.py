"""What the simulated province tells about itself: how far its history is, and whether its plug is pulled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from haidang.engine import clock

UNPLUGGED_S = 60


@dataclass(frozen=True, slots=True)
class Demo:
    """`done` of `blocks` days of history; `unplugged_until` while ingest is held down."""

    done: int
    blocks: int
    records: int
    waiting: str
    unplugged_until: datetime | None

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.blocks) if self.blocks else 0

    @property
    def is_complete(self) -> bool:
        return self.blocks > 0 and self.done >= self.blocks


def folder() -> Path:
    return Path(settings.HAIDANG_HOME) / "demo"


def state() -> Demo | None:
    """None where no simulated province was prepared."""
    if not (folder() / "outside.json").exists():
        return None
    kept = _read(folder() / "history.json")
    days = int(kept.get("days", 0))
    return Demo(
        done=len(kept.get("done", [])),
        blocks=days,
        records=int(kept.get("records", 0)),
        waiting=str(kept.get("waiting", "")),
        unplugged_until=unplugged_until(),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):  # not begun, or replaced this very moment
        return {}
    return found if isinstance(found, dict) else {}


def _hold() -> Path:
    """The supervisor keeps a process down until the time written in this file."""
    return Path(settings.HAIDANG_HOME) / "run" / "hold-ingest"


def unplugged_until() -> datetime | None:
    """Until when ingest is held down, None when it runs."""
    try:
        until = datetime.fromtimestamp(float(_hold().read_text()), tz=clock.LOCAL)
    except (FileNotFoundError, ValueError):  # not asked for, or being written this very moment
        return None
    return until if until > clock.now() else None


def ask_unplug() -> None:
    """The supervisor sees the file, kills ingest and holds it down for a minute."""
    _hold().parent.mkdir(parents=True, exist_ok=True)
    draft = _hold().with_suffix(".new")
    draft.write_text(str(clock.timestamp() + UNPLUGGED_S))
    draft.replace(_hold())


def ask_episode() -> None:
    """The simulator sees the file and lets it smoke."""
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / "episode").touch()
