"""Pages of a JSON service, one round of them: which were seen, whether they held still, and whether it was all there is.

An empty page may be the end or a hiccup of theirs, and nothing in it tells which. So an end is believed for what can be
seen beside it: their own count is reached, the last row stands alone where we ask for it again, or the last page is
shorter than all before it. Else it is asked for again, and the page after it too; and where nothing proves it, whoever
goes on by a mark leaves that where it was.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin

from haidang.engine.connectors.pull.definition import Paging, Rest
from haidang.engine.connectors.pull.guard import place_of
from haidang.engine.connectors.pull.login import Login
from haidang.engine.connectors.pull.rows import digest, find, rows_of
from haidang.engine.connectors.pull.since import Mark
from haidang.engine.connectors.pull.task import TRIES, Task
from haidang.engine.connectors.pull.trouble import Trouble

PAGES = 10_000
_LONGEST_TOKEN = 4_000
LINK = "link"
_LINKS = re.compile(r",\s*(?=<)")


@dataclass(slots=True)
class Page:
    rows: list[Any]
    whole: Any
    token: str = ""  # by which it was asked for; empty: the first one
    next: str = ""  # token or address of the page after this one
    digests: list[bytes] = field(default_factory=list)
    # Why what leads on from here cannot be used; the rows are good.
    wrong: Trouble | None = None

    @property
    def fingerprint(self) -> str:
        """Tells what stands on it from what may stand there later."""
        return digest([one.hex() for one in self.digests]).hex()


@dataclass(slots=True)
class Round:
    """What one reading of all pages has seen."""

    # The longest page that an earlier run met, where as many rows were asked for.
    full: int = 0
    order: list[bytes] = field(default_factory=list)
    known: set[bytes] = field(default_factory=set)
    lengths: list[int] = field(default_factory=list)
    has_moved: bool = False
    total: int | None = None
    # A page that stays empty, and there are rows after it.
    hole: str = ""
    # Nothing lies after what was seen, for a reason and not for an empty answer.
    is_whole: bool = False

    def take(self, page: Page) -> None:
        if not page.rows:
            return
        self.has_moved = self.has_moved or not self.known.isdisjoint(page.digests)
        self.known.update(page.digests)
        self.order += page.digests
        self.lengths.append(len(page.rows))

    def count(self, said: object) -> None:
        """What the service says it has: fewer than a moment ago means that later pages begin too late."""
        if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 19:
            said = int(said)
        if isinstance(said, int):
            self.has_moved = self.has_moved or (self.total is not None and said < self.total)
            self.total = said

    @property
    def is_counted(self) -> bool:
        return self.total is not None and len(self.order) >= self.total

    @property
    def longest(self) -> int:
        return max([self.full, *self.lengths])

    @property
    def ends_short(self) -> bool:
        """Is the last page shorter than a full one? Where they differ anyway, that says nothing."""
        if not self.lengths:
            return False
        *before, last = self.lengths
        return last < before[0] and min(before) == max(before) if before else last < self.full

    def held_still(self, before: Round | None) -> bool:
        if self.hole or (self.total is not None and not self.is_counted):
            return False
        # Rows may really stand there twice: then two rounds are alike.
        return not self.has_moved or (before is not None and before.order == self.order)


class Reader:
    """`expects`: rows should come, since nothing came yet or some should come again."""

    def __init__(self, task: Task, pull: Rest, login: Login, *, expects: bool) -> None:
        self._task, self._pull, self._login, self._expects = task, pull, login, expects
        self._place = pull.place()

    async def pages(self, mark: Mark, token: str, round_: Round) -> AsyncGenerator[Page]:
        """One round, of whose moves, holes and end `round_` learns; whoever reads takes each page into it."""
        paging = self._pull.paging
        if paging is None:
            page = await self._page(self._url(mark.parameters()))
            round_.is_whole = True
            yield page if page.rows or not self._expects else await self._again(self._url(mark.parameters()))
            return
        by = self._by_token if paging.kind in ("cursor", LINK) else self._by_number
        async with aclosing(by(paging, mark, token, round_)) as pages:
            async for page in pages:
                yield page

    async def _by_token(self, paging: Paging, mark: Mark, token: str, round_: Round) -> AsyncGenerator[Page]:
        met: set[str] = set()
        is_sparse, expects = False, self._expects or bool(token)
        while True:
            if paging.kind == LINK and token:
                url = self._link(token)
            else:
                more = {paging.parameter: token} if token else {}
                url = self._url({**mark.parameters(), **_size(paging), **more})
            page = await self._page(url)
            if not page.rows and (round_.order or expects):
                # Some services look through many rows for a page, and may find none: then each of them is asked once more.
                page = await self._again(url, 1 if is_sparse else TRIES - 1)
                is_sparse = not page.rows
            page.token = token
            yield page
            if page.wrong:
                raise page.wrong
            if not page.next:
                round_.is_whole = bool(page.rows) or round_.ends_short
                return
            if page.next in met or len(met) >= PAGES:
                raise Trouble("endless_pages", host=self._place.host, pages=len(met) + 1)
            met.add(page.next)
            token = page.next

    async def _by_number(self, paging: Paging, mark: Mark, _: str, round_: Round) -> AsyncGenerator[Page]:
        number = paging.first if paging.kind == "page" else 0
        last: list[bytes] = []
        for pages in range(PAGES):
            # Of an offset the last row is asked for again: there it must still be.
            overlap = 1 if paging.kind == "offset" and last else 0
            url = self._numbered(paging, mark, number - overlap)
            page = await self._page(url, may_end=pages > 0)
            if not page.rows and (pages or self._expects):
                number, page = await self._past_empty(paging, mark, number, overlap, round_)
            if page.rows and page.digests == last and not overlap:
                page = await self._page(url, may_end=True)  # a cache may have answered for another page
                if page.digests == last:
                    raise Trouble("endless_pages", host=self._place.host, pages=pages + 1)
            if overlap:
                if page.digests[:1] != last[-1:]:
                    round_.has_moved = True
                    return
                page = Page(page.rows[1:], page.whole, digests=page.digests[1:])
            if paging.total:
                round_.count(find(page.whole, paging.total))
            if not page.rows:
                round_.is_whole = round_.is_whole or bool(overlap)
                return
            # A page that came in part hides the rows up to the next one.
            is_part = round_.lengths and round_.lengths[-1] < max(round_.lengths)
            round_.has_moved = round_.has_moved or (not overlap and bool(is_part))
            yield page
            if round_.is_counted:
                round_.is_whole = True
                return
            last = page.digests
            number += 1 if paging.kind == "page" else len(page.rows)
        raise Trouble("endless_pages", host=self._place.host, pages=PAGES)

    async def _again(self, url: str, tries: int = TRIES - 1, *, may_end: bool = False) -> Page:
        """An empty answer may be a hiccup: what it is when asked a few times."""
        page = Page([], None)
        for attempt in range(tries):
            await self._task.wait(attempt)
            page = await self._page(url, may_end=may_end)
            if page.rows:
                break
        return page

    async def _past_empty(
        self, paging: Paging, mark: Mark, number: int, overlap: int, round_: Round
    ) -> tuple[int, Page]:
        """What stands where an empty page was answered: its rows after all, those of the page after it, or the end."""
        url = self._numbered(paging, mark, number - overlap)
        if overlap or not round_.order:
            return number, await self._again(url, may_end=bool(overlap))
        if await self._is_end(paging, mark, round_):
            round_.is_whole = True
            return number, Page([], None)
        page = await self._again(url, may_end=True)
        if not page.rows:
            after = await self._page(self._numbered(paging, mark, number + 1), may_end=True)
            if after.rows:
                round_.hole = str(number)
                return number + 1, after
        return number, page

    async def _is_end(self, paging: Paging, mark: Mark, round_: Round) -> bool:
        """After an empty page: whether what was seen before it is all there is.

        Where they let us choose, pages of another size are cut elsewhere: the last rows that we know then begin a page
        that is not full.
        """
        seen = len(round_.order)
        if round_.total is not None or round_.has_moved or round_.hole or not seen:
            return False
        if round_.ends_short:
            return True
        if not paging.size_parameter:
            return False
        size = _other_size(seen, max(round_.lengths))
        url = self._numbered(paging, mark, paging.first + seen // size, size)
        try:
            page = await self._page(url, may_end=True)
        except Trouble as trouble:
            if trouble.reason != "client_error":
                raise
            return False  # they take no such size: nothing is proven, and the page itself is asked for again
        return page.digests == round_.order[seen // size * size :]

    def _numbered(self, paging: Paging, mark: Mark, number: int, size: int | None = None) -> str:
        return self._url({**mark.parameters(), **_size(paging, size), paging.parameter: str(number)})

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

    async def _page(self, url: str, *, may_end: bool = False) -> Page:
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
            return Page([], None)
        rows, whole = rows_of(body, self._pull.rows, self._place.host)
        page = Page(rows, whole, digests=[digest(row) for row in rows])
        try:
            page.next = self._next(headers, whole)
        except Trouble as trouble:
            page.wrong = trouble  # before it is kept: the next run would begin with it
        return page

    def _next(self, headers: Mapping[str, str], whole: Any) -> str:
        """Raises Trouble where it is nothing to go on with."""
        paging = self._pull.paging
        if paging is None or paging.kind not in ("cursor", LINK):
            return ""
        if paging.next:
            found = find(whole, paging.next)
            token = "" if found in (None, False, "") else str(found)
        else:
            token = next_of(headers.get("link", ""))
        if len(token) > _LONGEST_TOKEN or "\0" in token:
            raise Trouble("not_as_expected", host=self._place.host, why="no_next")
        if paging.kind != LINK or not token:
            return token
        self._link(token)
        return self._login.without_query(token)


def next_of(header: str) -> str:
    """The address with rel="next" in a Link header (RFC 8288); empty where there is none."""
    for part in _LINKS.split(header):
        target, _, parameters = part.strip().lstrip("<").partition(">")
        for parameter in parameters.split(";"):
            name, _, value = parameter.strip().partition("=")
            if name.strip().lower() == "rel" and "next" in value.strip(' ",').lower().split():
                return target
    return ""


def _size(paging: Paging, size: int | None = None) -> dict[str, str]:
    return {paging.size_parameter: str(size or paging.size)} if paging.size_parameter else {}


def _other_size(seen: int, longest: int) -> int:
    """Of pages of which one begins before the last of `seen` rows and ends after it. Smaller ones where there are any:
    they may give no larger ones than they gave.
    """
    smaller = range(min(longest, seen) - 1, 1, -1)
    return next(size for size in chain(smaller, count(longest + 1)) if seen % size)
