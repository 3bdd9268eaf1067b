"""Who may sign in at the FTP door, and what a guess costs."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import aioftp
import bcrypt

from haidang.engine import clock
from haidang.engine.connectors.arrival import Refused, TurnAway, Turned
from haidang.engine.connectors.roster import Roster

_GUESS_S = 1.0  # guessing passwords takes time


class Logins(aioftp.AbstractUserManager):
    """Users are the credentials of the roster."""

    def __init__(self, areas: Path, roster: Roster, turn_away: TurnAway) -> None:
        super().__init__()
        self._areas, self._roster, self._turn_away = areas, roster, turn_away

    async def get_user(self, login: str) -> tuple[Any, aioftp.User | None, str]:
        # Everyone is asked for a password: the answer must not tell which logins exist.
        area = self._areas / (login if re.fullmatch(r"[a-z0-9_-]{1,60}", login) else "nobody")
        user = aioftp.User(login, base_path=area)
        return self.GetUserResponse.PASSWORD_REQUIRED, user, "password required"

    async def authenticate(self, user: aioftp.User, password: str) -> bool:
        """True, or raises Refused with what is wrong."""
        login = user.login or ""
        allowed = self._roster.by_user(login)
        if allowed is not None:
            given = password.encode("utf-8", "replace")[:72]
            if await asyncio.to_thread(_matches, given, allowed.password_hash):
                way = self._roster.way(allowed.source)
                if way is not None and "ftp" in way.doors:
                    user.base_path.mkdir(mode=0o700, parents=True, exist_ok=True)
                    return True
                self._count("wrong_door", login, allowed.source)
                doors = ", ".join(way.doors) if way else "–"
                raise Refused("wrong_door", source=allowed.source, door="ftp", doors=doors)
        self._count("wrong_login", login, "")
        await asyncio.sleep(_GUESS_S)
        raise Refused("wrong_login")

    def _count(self, reason: str, user: str, source: str) -> None:
        self._turn_away(
            Turned(door="ftp", source=source, reason=reason, user=user[:60], at=clock.timestamp())
        )


def _matches(given: bytes, password_hash: str) -> bool:
    try:
        return bcrypt.checkpw(given, password_hash.encode())
    except ValueError:
        return False
