"""What the desk reads of the content: contracts of files, the sources they come by, and which office owes each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from haidang.engine.contracts.definition import SourceDefinition
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.tree import Tree
from haidang.engine.people.models import Office
from haidang.engine.people.rights import Anyone, may, within
from haidang.engine.store.content import sheet_terms_of, standing_tree
from haidang.engine.store.models import Source


class Shelf:
    """Contracts of files by address, and the sources of each."""

    def __init__(self, tree: Tree) -> None:
        self.contracts: dict[str, SheetContract] = {a: e.thing for a, e in tree.sheets.items()}
        self.domains = {a: str(e.domain) for a, e in tree.sheets.items()}
        # The edition of each: the hash of its text.
        self.editions = {a: e.sha256 for a, e in tree.sheets.items()}
        self.sources: dict[str, SourceDefinition] = {
            address: terms.source for address, terms in sheet_terms_of(tree).items()
        }

    def title(self, contract: str) -> str:
        """As its content says it in the language of the screen; the address where it left the tree."""
        known = self.contracts.get(contract)
        return str(known.title) if known else contract


@cache
def shelf() -> Shelf:
    """The content this process started with."""
    return Shelf(standing_tree())


@dataclass(frozen=True)
class Way:
    """One way in: a contract, its source in the record, and the office that owes it (None: any office may send, where the
    definition names none).
    """

    contract: str
    source: Source

    @cached_property
    def terms(self) -> SheetContract:
        return shelf().contracts[self.contract]

    @property
    def title(self) -> str:
        return str(self.terms.title)

    @property
    def office(self) -> Office | None:
        return self.source.office


def every_way() -> list[Way]:
    """All of them, whoever may send: for the centre itself, which reminds of what is owed."""
    known = shelf().sources
    rows = Source.objects.filter(address__in=known, is_active=True).select_related("office__parent")
    return [Way(known[row.address].contract, row) for row in rows.order_by("address")]


def ways(person: Anyone, act: str = "sheet.see") -> list[Way]:
    """The ways within which this person may do `act`, by title."""
    known = shelf().sources
    rows = Source.objects.filter(address__in=known, is_active=True).select_related("office__place")
    mine = rows.filter(within(person, act, office="office", domain="domain"))
    # A source whose definition names no office is open to every office whose own people may send. One that names an office
    # not known here yet is open to nobody: it would be any office's to answer for.
    open_ones = [
        row for row in rows.filter(office=None, office_named="") if may(person, act, domain=row.domain)
    ]
    found = {row.pk: Way(known[row.address].contract, row) for row in [*mine, *open_ones]}
    # Forms of one's own office first, then those open to all.
    return sorted(found.values(), key=lambda way: (way.office is None, way.title, way.source.address))
