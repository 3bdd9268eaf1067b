"""Which office is connected by which source, how each stands now, and what would go dark with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards.sources import content, ledger
from haidang.engine.boards.sources.content import Impact, of_contract
from haidang.engine.people.models import Office
from haidang.engine.store.models import Source
from haidang.engine.submissions import desk
from haidang.engine.submissions.shelf import Way, shelf

if TYPE_CHECKING:
    from haidang.engine.people.models import Person

# The gravest first.
ORDER = ("silent", "wrong", "late", "open", "waiting", "ontime", "history")


@dataclass(frozen=True, slots=True)
class Cell:
    """One office at one source. `kind` as on the desk of files: ontime, late, wrong, open, silent, waiting, history."""

    office: Office
    source: Source
    title: str
    kind: str
    word: str
    when: str
    url: str
    impact: Impact


def matrix(person: Person) -> list[Cell]:
    """What this person may see of it, by office, the gravest first within each."""
    seen = {source.pk: source for source in ledger.sources_for(person).filter(is_active=True)}
    cells = [*_of_files(person, seen), *_of_stations(seen)]
    return sorted(cells, key=lambda one: (bytes(one.office.sort_key), ORDER.index(one.kind), one.title))


def _of_files(person: Person, seen: dict[int, Source]) -> list[Cell]:
    """By the newest period that is due, or else the present one."""
    ways = [
        Way(found.contract, source)
        for source in seen.values()
        if (found := shelf().sources.get(source.address)) is not None
    ]
    return [
        Cell(
            row.office, row.way.source, row.way.title, row.kind, row.word, row.period_words,
            row.newest.get_absolute_url() if row.newest else "", of_contract(row.way.contract),
        )
        for row in desk.newest_due(desk.standings(ways, person, 2))
    ]  # fmt: skip


def _of_stations(seen: dict[int, Source]) -> list[Cell]:
    now = clock.now()
    book, terms = ledger.books(now), content.terms()
    found = []
    for source in seen.values():
        if source.office is None or source.address not in terms:
            continue
        one = ledger.account(source, book, terms, now)
        kind = _kind(one)
        words = {
            "silent": _("im lặng"),
            "wrong": _("có bản ghi sai"),
            "late": _("%(n)s trạm trễ") % {"n": one.late_stations},
            "waiting": _("chưa gửi lần nào"),
            "ontime": _("đúng hạn"),
        }
        title = str(terms[source.address][0].title)
        impact = content.impact(source.address)
        found.append(Cell(source.office, source, title, kind, words[kind], "", "", impact))
    return found


def _kind(account: ledger.Account) -> str:
    if account.age_s is None:
        return "waiting"
    if account.is_silent:
        return "silent"
    if account.has_rhythm and account.late_stations > 0:
        return "late"
    return "wrong" if account.open_refusals else "ontime"
