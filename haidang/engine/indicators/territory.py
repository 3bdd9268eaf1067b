"""Which communes a province had on a day: what a roll-up over places waits for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import NamedTuple

from haidang.engine.places.models import Place

COMMUNE, PROVINCE = Place.Level.COMMUNE, Place.Level.PROVINCE


class _Span(NamedTuple):
    """A unit during one span of its validity; `province` is the code of the one it lies in, or its own."""

    id: int
    level: str
    province: str
    begin: date | None
    end: date | None

    def holds_on(self, day: date) -> bool:
        return (self.begin is None or self.begin <= day) and (self.end is None or self.end >= day)


class Territory:
    """The provinces of some places, with their communes as they stood on one day or another."""

    def __init__(self, place_ids: Iterable[int]) -> None:
        self._asked = set(place_ids)
        self._communes: dict[tuple[str, date], list[int]] = {}

    @cached_property
    def _spans(self) -> dict[int, _Span]:
        """Every span of the provinces and of all their communes; three short queries."""
        asked = Place.objects.filter(pk__in=self._asked).values_list("level", "code", "parent__code")
        codes = {parent if level == COMMUNE else code for level, code, parent in asked}
        dates = ("valid_from_date", "valid_to_date")
        provinces = Place.objects.filter(level=PROVINCE, code__in=codes).order_by("pk")
        found = {
            pk: _Span(pk, PROVINCE, code, *span)
            for pk, code, *span in provinces.values_list("pk", "code", *dates)
        }
        communes = Place.objects.filter(parent__in=list(found), level=COMMUNE).order_by("pk")
        for pk, parent, *span in communes.values_list("pk", "parent", *dates):
            found[pk] = _Span(pk, COMMUNE, found[parent].province, *span)
        return found

    def communes(self, province_id: int, day: date) -> list[int]:
        """Communes of a province on that day; none of a commune."""
        own = self._spans.get(province_id)
        if own is None or own.level != PROVINCE:
            return []
        key = own.province, day
        if key not in self._communes:
            self._communes[key] = [
                one.id
                for one in self._spans.values()
                if one.level == COMMUNE and one.province == own.province and one.holds_on(day)
            ]
        return self._communes[key]

    def province(self, place_id: int, day: date) -> int | None:
        """The province a commune lay in on that day; None for a province."""
        own = self._spans.get(place_id)
        if own is None or own.level != COMMUNE:
            return None
        return next(
            (
                one.id
                for one in self._spans.values()
                if one.level == PROVINCE and one.province == own.province and one.holds_on(day)
            ),
            None,
        )
