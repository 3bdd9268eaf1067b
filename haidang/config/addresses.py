"""Where the embedded servers of a home can be reached. No Django here: every process reads it first."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

# sun_path holds 108 bytes with the closing zero; PostgreSQL appends its own file name.
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")


def socket_folder_fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER


def postgres_socket(home: Path) -> str:
    """Folder of the embedded server's socket: in the home, or the short one recorded there by the supervisor."""
    recorded = home / "pg-socket"
    return recorded.read_text().strip() if recorded.exists() else str(home / "pg")


def _recorded(home: Path, name: str) -> str:
    path = home / "run" / name
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def nats_url(home: Path) -> str:
    """NATS_URL, else the embedded server of this home; empty when it was never started."""
    return os.environ.get("NATS_URL") or _recorded(home, "nats-url")


def embedded_database_url(home: Path) -> str:
    """The socket of this home's own server, in libpq's form."""
    return f"postgresql://haidang@{quote(postgres_socket(home), safe='')}/haidang"


def database_url(home: Path) -> str:
    """DATABASE_URL, else this home's own server."""
    return os.environ.get("DATABASE_URL") or embedded_database_url(home)
