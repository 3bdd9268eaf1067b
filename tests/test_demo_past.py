"""Two years of the demo's own files on the desk: what they state of other months is what was published, and nothing is invented.

The numbers are those of the files, without waiting for a centre to take them in one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import transaction

from haidang.demo.sheets.economy import LINES, Economy
from haidang.demo.sheets.months import Month
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.tree import load_tree
from haidang.engine.indicators import kinds, periods
from haidang.engine.indicators.catalogue import Catalogue, catalogue_of
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.places.models import Place
from haidang.engine.reconciliation import definition
from haidang.engine.reconciliation.book import Group, groups_of
from haidang.engine.reconciliation.models import Difference
from haidang.engine.reconciliation.running import compare_groups
from haidang.engine.store import epochs

OCTOBER = Month.of(2026, 10)
ECONOMY = Economy(7, "Tây Ninh")
TREE = load_tree(kinds={**kinds.KINDS, **definition.KINDS})
CATALOGUE: Catalogue = catalogue_of(TREE)


def groups(name: str) -> list[Group]:
    return [one for one in groups_of(TREE) if one.entries[0].address.startswith(f"{name}:")]


def place(code: str, level: str, parent: int | None = None) -> int:
    return Place.objects.create(
        code=code, level=level, kind=level, name=f"Nơi {code}", folded=code, sort_key=code.encode(), parent_id=parent,
        valid_from_date=date(2020, 1, 1) if level == "province" else date(2025, 7, 1),
    ).pk  # fmt: skip


def told(stated: list[tuple[str, int, Period, float]]) -> None:
    """One file, published."""
    file = [
        Stated(
            address, where, periods.end_of(period), value, {"kind": "stated", "submission": 1, "raw": value}
        )
        for address, where, period, value in stated
    ]
    with transaction.atomic():
        publish(CATALOGUE, file, epochs.take("test"))


def back(month: Month, many: int) -> Iterator[Month]:
    for _ in range(many):
        yield month
        month = month.before


def monthly(where: int, month: Month, value: Callable[[str, Month], float]) -> None:
    """What the monthly set of a month says of itself and of others."""
    period, rows = Period("month", month.year, month.month), []
    for name, line in LINES.items():
        address = f"economy.{name}"
        if address not in CATALOGUE:
            continue
        rows.append((address, where, period, value(name, month)))
        rows.append((f"{address}@previous", where, period, ECONOMY.value(name, month.before)))
        if not line.is_index:
            rows.append((f"{address}@cumulative", where, period, ECONOMY.since_january(name, month)))
    told(rows)


@pytest.mark.django_db
def test_two_years_of_the_monthly_set_have_the_one_difference_that_is_planted() -> None:
    where, wrong = place("97", "province"), Month.of(2025, 3)

    def value(name: str, month: Month) -> float:
        return ECONOMY.value(name, month) + 45.6 * (name == "retail" and month == wrong)

    for month in back(OCTOBER, 24):
        monthly(where, month, value)
    assert compare_groups(groups("economy.monthly_past")).compared == 24
    found = {(one.pair.rpartition(":")[2], one.period) for one in Difference.objects.all()}
    later = {("economy.retail@cumulative", f"2025-{number:02}") for number in range(3, 13)}
    assert found == later | {("economy.retail@previous", "2025-04")}
    monthly(where, wrong, ECONOMY.value)
    compare_groups(groups("economy.monthly_past"))
    assert not Difference.objects.open().exists()
