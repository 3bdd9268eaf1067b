"""A JSON service, page by page. What must not happen is a gap, so a round of pages counts only when it held still.

Pages by number or offset shift when rows are added, taken away or sorted anew between two requests. Rows that come
twice, an overlapping row that is not where it was, or fewer rows than the service says it has, show that; the round is
read again, and the place from which the next run goes on moves only after one that held still.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin

from haidang.engine.connectors.pull.definition import Fields, Paging, Rest
from haidang.engine.connectors.pull.guard import place_of
from haidang.engine.connectors.pull.login import Login
from haidang.engine.connectors.pull.rows import Mapper, digest, find, rows_of
from haidang.engine.connectors.pull.since import Mark
from haidang.engine.connectors.pull.task import Cursor, Portion, Task
from haidang.engine.connectors.pull.trouble import Trouble

ROUNDS = 3
PAGES = 10_000
_LONGEST_TOKEN = 4_000
_LINK = "link"
_LINKS = re.compile(r",\s*(?=<)")


@dataclass(slots=True)
class _Page:
    rows: list[Any]
    whole: Any
    next: str = ""  # token or address of the page after this one
    digests: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class _Round:
    """What one reading of all pages has seen."""

    order: list[bytes] = field(default_factory=list)
    known: set[bytes] = field(default_factory=set)
    has_moved: bool = False
    total: int | None = None

    def take(self, page: _Page) -> None:
        self.has_moved = self.has_moved or not self.known.isdisjoint(page.digests)
        self.known.update(page.digests)
        self.order += page.digests

    def count(self, said: object) -> None:
        """What the service says it has: fewer than a moment ago means that later pages begin too late."""
        if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 19:
            said = int(said)
        if isinstance(said, int):
            self.has_moved = self.has_moved or (self.total is not None and said < self.total)
            self.total = said

    def held_still(self, before: _Round | None) -> bool:
        if self.total is not None and len(self.order) < self.total:
            return False
        # Rows may really stand there twice: then two rounds are alike.
        return not self.has_moved or (before is not None and before.order == self.order)


class _Reader:
    def __init__(self, task: Task, pull: Rest, login: Login) -> None:
        self._task, self._pull, self._login = task, pull, login
        self._place = pull.place()

    async def pages(self, mark: Mark, token: str, round_: _Round) -> AsyncIterator[_Page]:
        """One round; `round_.has_moved` is set where an overlapping row is not where it was."""
        paging = self._pull.paging
        if paging is None:
            yield await self._page(self._url(mark.parameters()))
        elif paging.kind in ("cursor", _LINK):
            async for page in self._by_token(paging, mark, token):
                yield page
        else:
            async for page in self._by_number(paging, mark, round_):
                yield page

    async def _by_token(self, paging: Paging, mark: Mark, token: str) -> AsyncIterator[_Page]:
        met: set[str] = set()
        while True:
            if paging.kind == _LINK and token:
                url = self._link(token)
            else:
                more = {paging.parameter: token} if token else {}
                url = self._url({**mark.parameters(), **_size(paging), **more})
            page = await self._page(url)
            yield page
            if not page.next:
                return
            if page.next in met or len(met) >= PAGES:
                raise Trouble("endless_pages", host=self._place.host, pages=len(met) + 1)
            met.add(page.next)
            token = page.next

    async def _by_number(self, paging: Paging, mark: Mark, round_: _Round) -> AsyncIterator[_Page]:
        number = paging.first if paging.kind == "page" else 0
        last: list[bytes] = []
        for count in range(PAGES):
            # Of an offset the last row is asked for again: there it must still be.
            overlap = 1 if paging.kind == "offset" and last else 0
            url = self._url({**mark.parameters(), **_size(paging), paging.parameter: str(number - overlap)})
            page = await self._page(url, may_end=count > 0)
            if page.whole is None:
                page = await self._page(url, may_end=True)  # an end is an end only when it is said twice
            if page.rows and page.digests == last and not overlap:
                page = await self._page(url, may_end=True)  # a cache may have answered for another page
                if page.digests == last:
                    raise Trouble("endless_pages", host=self._place.host, pages=count + 1)
            if overlap:
                if page.digests[:1] != last[-1:]:
                    round_.has_moved = True
                    return
                page = _Page(page.rows[1:], page.whole, digests=page.digests[1:])
            if paging.total:
                round_.count(find(page.whole, paging.total))
            if not page.rows:
                return
            yield page
            if round_.total is not None and len(round_.order) >= round_.total:
                return
            last = page.digests
            number += 1 if paging.kind == "page" else len(page.rows)
        raise Trouble("endless_pages", host=self._place.host, pages=PAGES)

    def _url(self, parameters: dict[str, str]) -> str:
        path, _, query = self._place.rest.partition("?")
        pairs = [
            (name, value)
            for name, value in parse_qsl(query, keep_blank_values=True)
            if name not in parameters
        ]
        pairs += parameters.items()
        base = self._place.url[: len(self._place.url) - len(self._place.rest)]
        return f"{base}{path}" + (f"?{urlencode(pairs)}" if pairs else "")

    def _link(self, text: str) -> str:
        """The next page's address: on the machine of the first, or our credential would go elsewhere."""
        url = urljoin(self._place.url, text)
        if (place := place_of(url, self._pull.schemes())).origin != self._place.origin:
            raise Trouble("other_place", host=place.host)
        return url

    async def _page(self, url: str, *, may_end: bool = False) -> _Page:
        async def once() -> tuple[int, Mapping[str, str], bytes]:
            # Services that count pages answer 404 for the one after the last.
            good = frozenset({404}) if may_end else frozenset()
            async with self._task.web.ask(
                self._login.with_query(url),
                {"Accept": "application/json", **self._pull.headers},
                secret_headers=await self._login.headers(),
                good=good,
            ) as answer:
                return answer.status, answer.headers, await answer.whole()

        status, headers, body = await self._task.again(lambda: self._login.renewed(once))
        if status == 404:
            return _Page([], None)
        rows, whole = rows_of(body, self._pull.rows, self._place.host)
        return _Page(rows, whole, self._next(headers, whole), [digest(row) for row in rows])

    def _next(self, headers: Mapping[str, str], whole: Any) -> str:
        paging = self._pull.paging
        if paging is None or paging.kind not in ("cursor", _LINK):
            return ""
        if paging.next:
            found = find(whole, paging.next)
            token = "" if found in (None, False, "") else str(found)
        else:
            token = next_of(headers.get("link", ""))
        if len(token) > _LONGEST_TOKEN or "\0" in token:
            raise Trouble("not_as_expected", host=self._place.host, why="no_next")
        return self._login.without_query(token) if paging.kind == _LINK else token


def next_of(header: str) -> str:
    """The address with rel="next" in a Link header (RFC 8288); empty where there is none."""
    for part in _LINKS.split(header):
        target, _, parameters = part.strip().lstrip("<").partition(">")
        for parameter in parameters.split(";"):
            name, _, value = parameter.strip().partition("=")
            if name.strip().lower() == "rel" and "next" in value.strip(' ",').lower().split():
                return target
    return ""


def _size(paging: Paging) -> dict[str, str]:
    return {paging.size_parameter: str(paging.size)} if paging.size_parameter else {}


async def portions(task: Task, login: Login, fields: Fields) -> AsyncGenerator[Portion]:
    """Rows as messages; the cursor is `since` (what was taken), and `token` within a round of pages by token."""
    pull = task.pull
    assert isinstance(pull, Rest)  # noqa: S101 - chosen by kind
    mark = Mark.of(pull.since, fields.zone, task.cursor.get("since"))
    token = str(task.cursor.get("token") or "")
    reader, mapper, host = _Reader(task, pull, login), Mapper(fields), pull.place().host
    where = f"{host}{pull.place().rest.partition('?')[0]}"
    # What the last round took and would come again by its overlap, or because all is asked for each time.
    sent = {bytes.fromhex(one) for one in task.cursor.get("recent", ())}
    before: _Round | None = None
    if token:
        mark.see_again(task.cursor.get("high"))
    for _ in range(ROUNDS):
        round_ = _Round()
        try:
            async for page in reader.pages(mark, token, round_):
                round_.take(page)
                mark.see(page.rows, page.digests, host)
                fresh = [row for row, one in zip(page.rows, page.digests, strict=True) if one not in sent]
                sent.update(page.digests)
                within: Cursor = (
                    {**task.cursor, "token": page.next, "high": mark.high} if page.next else task.cursor
                )
                if fresh:
                    first, last = len(round_.order) - len(page.rows) + 1, len(round_.order)
                    yield Portion(within, mapper.lines(fresh), name=f"{where} {first}–{last}")
        except Trouble as trouble:
            if not token or trouble.reason != "client_error":
                raise
            # The token has ended with the time between two runs: from the start, what comes twice is a duplicate.
            token = ""
            continue
        if round_.held_still(before):
            yield Portion(mark.cursor())
            return
        before, token = round_, ""
    raise Trouble("unstable_pages", host=host, rounds=ROUNDS)
