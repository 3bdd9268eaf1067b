"""Who a station says it is, checked against the roster's hashes; shared by the doors that ask for a password."""

from __future__ import annotations

import asyncio
import hashlib
import secrets

import bcrypt

from haidang.engine.connectors.roster import Pass, Roster

# A hash takes a tenth of a second by design; guessers must not take every core from those who deliver.
_AT_ONCE = 2
_REMEMBERED = 4000


def matches(given: str, password_hash: str) -> bool:
    """Is this the password? bcrypt reads 72 bytes."""
    try:
        return bcrypt.checkpw(given.encode("utf-8", "replace")[:72], password_hash.encode())
    except ValueError:
        return False


class Passwords:
    """Answers at once for a login that was right before: stations come back after every cut, forty at a time."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._salt = secrets.token_bytes(16)
        self._right: dict[bytes, None] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def check(self, user: str, password: str) -> Pass | None:
        """The credential of this user, or None when there is none or the password is another."""
        allowed = self._roster.by_user(user)
        if allowed is None:
            return None
        # Together with the hash it was checked against: a credential made anew is checked anew.
        seen = hashlib.blake2b(
            f"{user}\0{password}\0{allowed.password_hash}".encode("utf-8", "replace"), key=self._salt
        ).digest()
        if seen not in self._right:
            async with self._turns:
                if not await asyncio.to_thread(matches, password, allowed.password_hash):
                    return None
            if len(self._right) >= _REMEMBERED:
                self._right.pop(next(iter(self._right)))
            self._right[seen] = None
        return allowed
