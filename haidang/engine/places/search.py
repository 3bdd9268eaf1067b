"""Find a unit by what somebody types: with or without tones, with or without its kind and its parent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from haidang.engine import clock
from haidang.engine.places.models import Place
from haidang.engine.places.names import comparable, fold

# Folded words that say a kind rather than a name; "tp" and "tx" are how people write them.
_KINDS = ["thanh pho", "thi tran", "thi xa", "dac khu", "phuong", "huyen", "quan", "tinh", "xa"]
_KINDS += ["tp.", "tp", "tx", "tt", "p.", "x."]
_LEVELS = {Place.Level.PROVINCE: 0, Place.Level.COMMUNE: 1, Place.Level.DISTRICT: 2}


def search(text: str, *, day: date | None = None, include_past: bool = False, limit: int = 20) -> list[Place]:
    """Best first: the same word with the same tones, then the same without, then beginnings, then parts.

    Words that are not in the unit's own name may be in its parents' ("tan thanh tay ninh"). Among equals the
    Vietnamese order decides. With `include_past`, units that are no more follow those of the day.
    """
    wanted = fold(text)
    if not wanted:
        return []
    bare = _without_kind(wanted)
    units = Place.objects.all() if include_past else Place.objects.on(day or today())
    for word in bare.split():
        units = units.filter(
            Q(folded__contains=word)
            | Q(parent__folded__contains=word)
            | Q(parent__parent__folded__contains=word)
        )
    units = units.filter(Q(folded__contains=bare) | _own_name_first(bare))
    found = units.select_related("parent", "parent__parent")
    return sorted(found, key=lambda place: _rank(place, text, wanted, bare))[:limit]


def today() -> date:
    return clock.local(clock.now()).date()


def _without_kind(folded: str) -> str:
    for kind in _KINDS:
        if folded.startswith(kind + " "):
            rest = folded[len(kind) :].strip()
            return folded if rest.isdecimal() else rest  # "phường 4" is a name
    return folded


def _own_name_first(bare: str) -> Q:
    """The typed text is the unit's whole name and goes on with its parent's."""
    words = bare.split()
    return Q(folded__in=[" ".join(words[:count]) for count in range(1, len(words))])


def _rank(place: Place, text: str, wanted: str, bare: str) -> tuple[object, ...]:
    name, typed = comparable(place.name), comparable(text)
    full = comparable(str(place))
    if typed in (name, full):
        grade = 0
    elif place.folded in (wanted, bare):
        grade = 1
    elif name.startswith(typed) or full.startswith(typed):
        grade = 2
    elif place.folded.startswith(bare) or bare.startswith(place.folded + " "):
        grade = 3
    else:
        grade = 4
    is_kind = 0 if fold(str(place)).startswith(wanted) else 1
    is_past = place.valid_to_date is not None
    return grade, is_past, _LEVELS[Place.Level(place.level)], is_kind, bytes(place.sort_key), place.code


def spans_of(code: str, *, day: date | None = None) -> list[Place]:
    """Every span of a code (its level follows from its length), or the one that stood on a day."""
    spans: Iterable[Place] = Place.objects.filter(code=code).select_related("parent", "parent__parent")
    found = [place for place in spans if day is None or place.is_valid_on(day)]
    return sorted(
        found, key=lambda place: (place.valid_from_date or date.min, place.valid_to_date or date.max)
    )
