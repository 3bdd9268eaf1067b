"""What a source needs to be let in elsewhere: kept encrypted, opened for one run, shown nowhere.

The key is a file of the home (`pull-key`, mode 600); what it seals lies in the record. A backup holds the sealed part
and not the key, so a stolen archive opens nothing.
"""

from __future__ import annotations

import base64
import contextlib
import os
from pathlib import Path
from urllib.parse import quote, quote_plus

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from haidang.engine.connectors.pull.trouble import Trouble

KEY_FILE = "pull-key"
_HIDDEN = "•••"


class Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, repr_omit_defaults=True):
    """All that any kind of system may want; empty where it does not."""

    user: str = ""  # also OAuth2's client id
    password: str = ""  # also OAuth2's client secret, the passphrase of `private_key`
    token: str = ""  # for bearer, header, query
    private_key: str = ""  # OpenSSH or PEM, for SFTP

    def __repr__(self) -> str:
        return "Secret(•••)"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self.user or self.password or self.token or self.private_key)

    def scrub(self, text: str) -> str:
        """The text without any of it, however it was written there."""
        for value in (self.password, self.token, self.private_key):
            if not value:
                continue
            forms = {value, quote(value), quote(value, safe=""), quote_plus(value), repr(value)[1:-1]}
            forms |= {
                _b64(value),
                _b64(f"{self.user}:{value}"),
                _b64(f"{quote_plus(self.user)}:{quote_plus(value)}"),
            }
            for form in sorted(forms, key=len, reverse=True):
                text = text.replace(form, _HIDDEN)
        return text


_secret = msgspec.msgpack.Decoder(Secret)


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _key(home: Path, *, make: bool) -> Fernet:
    path = home / KEY_FILE
    if make and not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        # Under another name first: two commands at once must end with one key.
        draft = path.with_name(f"{KEY_FILE}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return Fernet(path.read_bytes())


def seal(home: Path, secret: Secret) -> bytes:
    """As it is kept; makes the key of this home where there is none."""
    return _key(home, make=True).encrypt(msgspec.msgpack.encode(secret))


def unseal(home: Path, sealed: bytes, source: str) -> Secret:
    """Raises Trouble when the key is not here or is another one."""
    try:
        return _secret.decode(_key(home, make=False).decrypt(sealed))
    except (OSError, ValueError, InvalidToken, msgspec.MsgspecError):
        raise Trouble("sealed", file=KEY_FILE, source=source) from None
