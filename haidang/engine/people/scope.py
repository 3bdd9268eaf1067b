"""What one grant reaches: a role with the sets of offices and places below the ones it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from haidang.engine.people.models import Person


@dataclass(frozen=True, slots=True)
class Scope:
    """`None` stands for everywhere; ids, so that a check needs no further query."""

    role: str
    offices: frozenset[int] | None
    places: frozenset[int] | None
    domain: str

    def covers_office(self, office_id: int | None) -> bool:
        return self.offices is None or office_id in self.offices

    def covers_place(self, place_id: int | None) -> bool:
        return self.places is None or place_id in self.places

    def covers_domain(self, domain: str) -> bool:
        return not self.domain or domain == self.domain


def scopes_of(person: Person | AnonymousUser) -> list[Scope]:
    """All grants of one person, read once per object (and so once per request)."""
    if not person.is_authenticated or not person.is_active:
        return []
    known: list[Scope] | None = person.__dict__.get("_scopes")
    if known is None:
        known = person.__dict__["_scopes"] = [
            Scope(
                role=grant.role,
                offices=None if grant.office_id is None else below_office(grant.office_id),
                places=None if grant.place_id is None else below_place(grant.place_id),
                domain=grant.domain,
            )
            for grant in person.grants.all()
        ]
    return known


def below_office(root: int) -> frozenset[int]:
    """The office and all below it."""
    return _tree("SELECT id FROM people_office WHERE id = %s", "people_office", root)


def below_place(root: int) -> frozenset[int]:
    """The place and all below it, in all spans of time: the register has a row per span of the same code."""
    spans = (
        "SELECT span.id FROM places_place named JOIN places_place span"
        " ON (span.level, span.code) = (named.level, named.code) WHERE named.id = %s"
    )
    return _tree(spans, "places_place", root)


def _tree(roots: str, table: str, root: int) -> frozenset[int]:
    with connection.cursor() as cursor:
        # UNION, not UNION ALL: a circle in the tree ends the walk instead of hanging it.
        cursor.execute(
            f"WITH RECURSIVE tree AS ({roots} UNION SELECT child.id FROM {table} child"  # noqa: S608 - ours
            " JOIN tree ON child.parent_id = tree.id) SELECT id FROM tree",
            [root],
        )
        return frozenset(row[0] for row in cursor.fetchall())
