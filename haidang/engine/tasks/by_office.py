"""Orders by the office that answers for them: open, late, done in time and late. Each number is the length of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from haidang.engine import clock
from haidang.engine.incidents.models import Order
from haidang.engine.incidents.narrowing import GROUNDS, STANDINGS, in_year
from haidang.engine.people.models import Office
from haidang.engine.people.rights import Anyone

COUNTED = ("giao", "dang-lam", "tre", "xong", "xong-tre")


@dataclass(frozen=True, slots=True)
class Cell:
    """One number and the list it counts."""

    standing: str
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One office, or all of them where `office` is None; `late_share` in per cent of what was given."""

    office: Office | None
    cells: list[Cell]
    late_share: float

    def number(self, standing: str) -> int:
        return next(cell.number for cell in self.cells if cell.standing == standing)

    @property
    def rank(self) -> tuple[float, int, bytes]:
        """The largest share of late ones first, then the most of them."""
        return -self.late_share, -self.number("tre"), bytes(self.office.sort_key) if self.office else b""


@dataclass(frozen=True, slots=True)
class Table:
    lines: list[Line]
    total: Line
    as_of: datetime


def table(person: Anyone, *, ground: str = "", year: int | None = None) -> Table:
    """Of the orders this person sees."""
    now = clock.now()
    where = (GROUNDS[ground] if ground else Q()) & (in_year(year) if year else Q())
    counts = {_name(name): Count("pk", filter=STANDINGS[name](now)) for name in COUNTED}
    mine = Order.objects.for_user(person).filter(where)
    rows: Any = mine.order_by().values("office").annotate(**counts)
    found = {row["office"]: row for row in rows}
    asked = {"tu": ground, "nam": str(year or "")}
    lines = [
        _line(office, [found[office.pk][_name(name)] for name in COUNTED], asked)
        for office in Office.objects.filter(pk__in=found)
    ]
    lines = sorted((line for line in lines if line.number("giao")), key=lambda line: line.rank)
    sums = [sum(line.number(name) for line in lines) for name in COUNTED]
    return Table(lines, _line(None, sums, asked), now)


def _name(standing: str) -> str:
    return "n_" + standing.replace("-", "_")


def _line(office: Office | None, numbers: Sequence[int], asked: dict[str, str]) -> Line:
    cells = []
    for name, number in zip(COUNTED, numbers, strict=True):
        wanted = {"xem": name, "co-quan": office.code if office else "", **asked}
        query = urlencode({key: value for key, value in wanted.items() if value})
        cells.append(Cell(name, number, f"{reverse('incidents:orders')}?{query}"))
    given, late = numbers[0], numbers[2] + numbers[4]
    return Line(office, cells, 100 * late / given if given else 0.0)
