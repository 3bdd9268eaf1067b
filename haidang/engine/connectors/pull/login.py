"""How a request shows who we are: headers or a query parameter, or OAuth2 with a token that is kept until refused."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import parse_qsl, quote_plus, urlencode

import msgspec

from haidang.engine import clock
from haidang.engine.connectors.pull.definition import Auth
from haidang.engine.connectors.pull.sealing import Secret
from haidang.engine.connectors.pull.trouble import Trouble
from haidang.engine.connectors.pull.web import Web

T = TypeVar("T")
# A token is renewed a little before it ends, so that it does not end on its way.
_MARGIN_S = 30.0
_LIFE_S = 300.0


class _Token(msgspec.Struct):
    access_token: str
    expires_in: float | str | None = None


_token = msgspec.json.Decoder(_Token)


class Tokens:
    """OAuth2 tokens by source, as long as the process lives; never written down."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, float]] = {}

    def of(self, source: str) -> str | None:
        token, until = self._kept.get(source, ("", 0.0))
        return token if clock.timestamp() < until else None

    def keep(self, source: str, token: str, life_s: float) -> None:
        self._kept[source] = token, clock.timestamp() + life_s - _MARGIN_S

    def forget(self, source: str) -> None:
        self._kept.pop(source, None)


class Login:
    """Of one source during one run."""

    def __init__(self, source: str, auth: Auth | None, secret: Secret, web: Web, tokens: Tokens) -> None:
        self._source, self._auth, self._secret = source, auth, secret
        self._web, self._tokens = web, tokens

    def without(self) -> Login:
        """Of another machine: without anything of ours."""
        return Login(self._source, None, self._secret, self._web, self._tokens)

    async def headers(self) -> dict[str, str]:
        auth, secret = self._auth, self._secret
        if auth is None or auth.kind == "query":
            return {}
        if auth.kind == "basic":
            return {"Authorization": _basic(self._need(secret.user), secret.password)}
        if auth.kind == "oauth2":
            return {"Authorization": f"Bearer {await self._token(auth)}"}
        token = self._need(secret.token)
        return {"Authorization": f"Bearer {token}"} if auth.kind == "bearer" else {auth.name: token}

    def with_query(self, url: str) -> str:
        """The address with the key in it, where their system wants it there. Never to be shown."""
        if self._auth is None or self._auth.kind != "query":
            return url
        return (
            f"{url}{'&' if '?' in url else '?'}{urlencode({self._auth.name: self._need(self._secret.token)})}"
        )

    def without_query(self, url: str) -> str:
        """A link of theirs without the key that they repeat in it: it is kept as the place to go on from."""
        if self._auth is None or self._auth.kind != "query":
            return url
        head, _, query = url.partition("?")
        pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != self._auth.name]
        return f"{head}?{urlencode(pairs)}" if pairs else head

    async def renewed(self, call: Callable[[], Awaitable[T]]) -> T:
        """Where a 401 may only mean that the token ended: once more with another one."""
        try:
            return await call()
        except Trouble as trouble:
            if self._auth is None or self._auth.kind != "oauth2" or trouble.detail.get("status") != "401":
                raise
        self._tokens.forget(self._source)
        return await call()

    def _need(self, value: str) -> str:
        if not value:
            raise Trouble("no_credential", source=self._source)
        return value

    async def _token(self, auth: Auth) -> str:
        if kept := self._tokens.of(self._source):
            return kept
        user, password = self._need(self._secret.user), self._need(self._secret.password)
        form = {"grant_type": "client_credentials"} | ({"scope": auth.scope} if auth.scope else {})
        mine: dict[str, str] = {}
        if auth.client == "header":
            mine["Authorization"] = _basic(quote_plus(user), quote_plus(password))
        else:
            form |= {"client_id": user, "client_secret": password}
        accept = {"Accept": "application/json"}
        async with self._web.ask(
            auth.token_url, accept, secret_headers=mine, form=urlencode(form).encode()
        ) as answer:
            host, body = answer.place.host, await answer.whole()
        try:
            token = _token.decode(body)
            life_s = float(token.expires_in or _LIFE_S)
        except (msgspec.MsgspecError, ValueError):
            raise Trouble("not_as_expected", host=host, why="no_token", source=self._source) from None
        self._tokens.keep(self._source, token.access_token, life_s)
        return token.access_token


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
