"""A long list in stretches: which ones are shown, of how many, and the way to the older ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

T = TypeVar("T", bound=Model)
# Counting stops here: a list nobody reads to its end must not cost more than one that is read.
COUNTED = 10_000


def number_in(text: str) -> int | None:
    """A whole number as an address or a form gives it, below a milliard; None for what is none. Somebody else's text:
    `²` and a thousand digits are no number either.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """Rows `first` to `last` of `total`; `is_cut` when there are more than we counted."""

    rows: list[T]
    first: int
    total: int
    is_cut: bool
    newer_url: str
    older_url: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def is_part(self) -> bool:
        return bool(self.newer_url or self.older_url)


def stretch(rows: QuerySet[T], request: HttpRequest, size: int, name: str = "trang") -> Stretch[T]:
    """The stretch the address asks for by `name`, from 1; what is no page is the first one."""
    total = rows[:COUNTED].count()
    pages = max(1, -(-total // size))
    page = min(max(1, number_in(request.GET.get(name, "")) or 1), pages)
    start = (page - 1) * size

    def url(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"?{query.urlencode()}"

    return Stretch(
        rows=list(rows[start : start + size]),
        first=start + 1,
        total=total,
        is_cut=total == COUNTED,
        newer_url=url(page - 1) if page > 1 else "",
        older_url=url(page + 1) if page < pages else "",
    )
