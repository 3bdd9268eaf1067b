"""The ladder of reminders: which rung a thing stands on, and who is told there.

Before it is due and on the day: who does it. A working day late: also the head of his office. Three: also the chief on
duty and who gave it. Five: also the leaders of the province. Of files that offices owe the leaders are told from three
on: the desk has no right to see them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from haidang.engine import clock
from haidang.engine.incidents import days
from haidang.engine.people.duty import on_duty
from haidang.engine.people.models import Office, Person, Role
from haidang.engine.people.rights import may
from haidang.engine.tasks.models import Notice

if TYPE_CHECKING:
    from django.db.models import QuerySet

Rung, Level = Notice.Rung, Notice.Level
LATE = ((5, Rung.LATE_5), (3, Rung.LATE_3), (1, Rung.LATE_1))
BEFORE_DAYS = 2  # working days


@dataclass(frozen=True, slots=True)
class Thing:
    """An order or a file owed. `doers` and `givers` where they are known by name; `act` is what one needs to see it."""

    key: str
    text: str
    of: str
    office: Office
    due_on: date
    url: str
    act: str
    domain: str
    doers: tuple[Person, ...] = ()
    givers: tuple[Person, ...] = ()
    order: int | None = None
    calls_desk: bool = False
    # Orders of an incident are minutes long: nothing is said before they are late.
    only_late: bool = field(default=False)


def rung_of(thing: Thing, today: date) -> Notice.Rung | None:
    """Where it stands today; None while it is far off. Days off do not move it up."""
    late = days.between(thing.due_on, today, thing.office.code)
    for least, rung in LATE:
        if late >= least:
            return rung
    if thing.only_late or today > thing.due_on:
        return None
    if today == thing.due_on:
        return Rung.DAY
    return Rung.BEFORE if days.between(today, thing.due_on, thing.office.code) <= BEFORE_DAYS else None


def told(thing: Thing, rung: Notice.Rung) -> dict[Person, Notice.Level]:
    """Whom this rung reaches: everybody up to it who may see the thing, each at the first level he stands on."""
    found: dict[Person, Notice.Level] = {}
    for level, person in _reached(thing, rung):
        if may(person, thing.act, office=thing.office, domain=thing.domain):
            found.setdefault(person, level)
    return found


def _reached(thing: Thing, rung: Notice.Rung) -> Iterator[tuple[Notice.Level, Person]]:
    doers = thing.doers or tuple(_people(thing.office, Role.OFFICER, Role.CREW))
    yield from ((Level.OFFICER, person) for person in doers)
    if not doers or rung in (Rung.LATE_1, Rung.LATE_3, Rung.LATE_5):
        yield from ((Level.HEAD, person) for person in _heads(thing.office))
    if rung in (Rung.LATE_3, Rung.LATE_5):
        yield from ((Level.ABOVE, person) for person in (*thing.givers, *_chiefs(thing)))
    if rung == Rung.LATE_5 or (rung == Rung.LATE_3 and not thing.calls_desk):
        yield from ((Level.ABOVE, person) for person in _leaders())


def _people(office: Office, *roles: str) -> QuerySet[Person]:
    return (
        Person.objects.filter(is_active=True, office=office, grants__role__in=roles).distinct().order_by("pk")
    )


def _heads(office: Office) -> list[Person]:
    """Of the office, or of the nearest one above that has any: a reminder must not end in an empty chair."""
    seen: set[int] = set()
    above: Office | None = office
    while above is not None and above.pk not in seen:
        seen.add(above.pk)
        if found := list(_people(above, Role.LEADER)):
            return found
        above = above.parent
    return []


def _chiefs(thing: Thing) -> list[Person]:
    if not thing.calls_desk:
        return []
    shift = on_duty(clock.now())
    return [shift.chief] if shift else []


def _leaders() -> QuerySet[Person]:
    """Whose grant as a leader is narrowed by nothing."""
    whole = {"grants__role": Role.LEADER, "grants__office": None, "grants__place": None, "grants__domain": ""}
    return Person.objects.filter(is_active=True, **whole).distinct().order_by("pk")
