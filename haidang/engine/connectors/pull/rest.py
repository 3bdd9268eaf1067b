"""A JSON service, page by page. What must not happen is a gap, so a round of pages counts only when it held still.

Pages by number or offset shift when rows are added, taken away or sorted anew between two requests. Rows that come
twice, an overlapping row that is not where it was, or fewer rows than the service says it has, show that; the round is
read again, and the place from which the next run goes on moves only after one that held still and was seen to its end.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from haidang.engine.connectors.pull.definition import Fields, Rest
from haidang.engine.connectors.pull.login import Login
from haidang.engine.connectors.pull.pages import Page, Reader, Round
from haidang.engine.connectors.pull.rows import Mapper
from haidang.engine.connectors.pull.since import Mark
from haidang.engine.connectors.pull.task import Cursor, Portion, Task
from haidang.engine.connectors.pull.trouble import Trouble

ROUNDS = 3
# Of these a token is not the cause: they never saw it, asked to be left alone, or gave its page.
_NOT_THE_TOKEN = {
    "no_address", "unreachable", "tls", "closed_address", "closed_name", "scheme", "port", "no_credential",
    "asked_to_wait", "too_large",
}  # fmt: skip


async def portions(task: Task, login: Login, fields: Fields) -> AsyncGenerator[Portion]:
    """Rows as messages. The cursor is `since` (what was taken); within a round of pages by token also the `token` of the
    last page taken with its `fingerprint`. It is read once more, and what follows is what was to come only where its rows
    still stand there: many tokens are numbers of pages in disguise.
    """
    pull = task.pull
    assert isinstance(pull, Rest)  # noqa: S101 - chosen by kind
    mark = Mark.of(pull.since, fields.zone, task.cursor.get("since"))
    # What the last round took and would come again by its overlap, or because all is asked for each time.
    sent = {bytes.fromhex(one) for one in task.cursor.get("recent", ())}
    reader, mapper, host = (
        Reader(task, pull, login, expects=bool(sent) or not task.cursor),
        Mapper(fields),
        pull.place().host,
    )
    where = f"{host}{pull.place().rest.partition('?')[0]}"
    start = {
        name: value for name, value in task.cursor.items() if name not in ("token", "fingerprint", "high")
    }
    place, resumed = (
        (task.cursor, str(task.cursor["fingerprint"])) if "fingerprint" in task.cursor else (start, "")
    )
    token = str(task.cursor["token"]) if resumed else ""
    before: Round | None = None
    lost: Trouble | None = None
    rounds = 0
    while rounds < ROUNDS:
        round_ = Round(full=_full(task, pull))
        try:
            async with aclosing(reader.pages(mark, token, round_)) as pages:
                async for page in pages:
                    task.notes.extend(_anew(lost, host))
                    lost = None
                    if resumed:
                        if _is_known(page, resumed, host):
                            sent.update(page.digests)
                            mark.see_again(task.cursor.get("high"))
                        resumed = ""
                    round_.take(page)
                    mark.see(page.rows, page.digests)
                    fresh = [row for row, one in zip(page.rows, page.digests, strict=True) if one not in sent]
                    sent.update(page.digests)
                    if page.next and page.rows:
                        place = {
                            **start,
                            "token": page.token,
                            "fingerprint": page.fingerprint,
                            "high": mark.high,
                        }
                    if fresh:
                        first, last = len(round_.order) - len(page.rows) + 1, len(round_.order)
                        yield Portion(place, mapper.lines(fresh), name=f"{where} {first}–{last}")
        except Trouble as trouble:
            if resumed and token and trouble.reason not in _NOT_THE_TOKEN:
                # The token of an earlier run leads nowhere, and may never again, whatever it is answered with. From
                # the last mark on all comes again, and what was taken is a duplicate.
                place, token, resumed, lost = start, "", "", trouble
                continue
            if trouble.reason == "endless_pages" and "fingerprint" in place:
                yield Portion(start)  # nor may the next run begin within the circle
            raise
        if round_.held_still(before):
            yield _end(task, pull, mark, round_)
            return
        before, token, rounds = round_, "", rounds + 1
    if round_.hole:
        raise Trouble("hole_in_pages", host=host, page=round_.hole, rounds=ROUNDS)
    raise Trouble("unstable_pages", host=host, rounds=ROUNDS)


def _is_known(page: Page, kept: str, host: str) -> bool:
    """Is it the page that an earlier run took last? Raises Trouble where other rows stand there by now; the first page
    may well have changed, and what follows it is all there is.
    """
    if page.fingerprint != kept and page.token:
        raise Trouble("not_as_expected", host=host, why="moved")
    return page.fingerprint == kept


def _anew(lost: Trouble | None, host: str) -> list[Trouble]:
    if lost is None:
        return []
    if status := lost.detail.get("status"):
        return [Trouble("begun_anew", host=host, why="answered", status=status)]
    why = "moved" if lost.detail.get("why") == "moved" else "unusable"
    return [Trouble("begun_anew", host=host, why=why)]


def _end(task: Task, pull: Rest, mark: Mark, round_: Round) -> Portion:
    host = pull.place().host
    task.notes.extend(mark.check(host))
    if mark.is_ahead and not round_.is_whole:
        task.notes.append(Trouble("end_unproven", host=host, rows=len(round_.order)))
    cursor = mark.cursor() if round_.is_whole else mark.kept()
    return Portion(cursor | _length(pull, round_))


def _asked(pull: Rest) -> int:
    return pull.paging.size if pull.paging and pull.paging.size_parameter else 0


def _full(task: Task, pull: Rest) -> int:
    """How long a full page is, as far as earlier runs know that."""
    kept = task.cursor.get("page")
    asked, longest = kept if isinstance(kept, list) and len(kept) == 2 else (-1, 0)
    return int(longest) if asked == _asked(pull) else 0


def _length(pull: Rest, round_: Round) -> Cursor:
    """To know the next time that a page is not full."""
    if pull.since is None or pull.paging is None or pull.paging.kind == "offset" or not round_.longest:
        return {}
    return {"page": [_asked(pull), round_.longest]}
