"""Figures of old communes on the units of another day, by the indicator's own rule over places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.indicators.restated import restated
from haidang.engine.places.apportion import NotAdditive
from haidang.engine.places.lineage import Lineage, read_lineage
from haidang.engine.places.models import Place, Succession
from haidang.engine.store import epochs

OLD, NEW = Period("month", 2025, 6), date(2026, 11, 1)
Say = Callable[..., Stated]


@pytest.fixture
def lineage(db: None) -> Lineage:
    """Two old communes of one province: one whole in A, one a third in A and two thirds in B."""
    last, first = date(2025, 6, 30), date(2025, 7, 1)

    def place(code: str, level: str, name: str, parent: Place | None = None, **span: date) -> Place:
        return Place.objects.create(
            code=code, level=level, kind=level, name=name, folded=name, sort_key=code.encode(), parent=parent, **span
        )  # fmt: skip

    province = place("97", "province", "province")
    district = place("999", "district", "district", province, valid_to_date=last)
    one = place("97001", "commune", "one", district, valid_to_date=last)
    two = place("97002", "commune", "two", district, valid_to_date=last)
    a = place("97001", "commune", "A", province, valid_from_date=first)
    b = place("97009", "commune", "B", province, valid_from_date=first)
    for old, new, share in ((one, a, 1), (two, a, 0.3333), (two, b, 0.6667)):
        Succession.objects.create(old=old, new=new, share=share, is_estimate=share < 1, basis="ước: thử")
    return read_lineage()


def told(catalogue: Catalogue, lineage: Lineage, say: Say, values: dict[str, list[float]], day: str) -> None:
    by_name = {unit.name: unit.id for unit in lineage.units.values() if unit.code.startswith("97")}
    stated = [
        say(address, by_name[name], day, value)
        for address, those in values.items()
        for name, value in zip(("one", "two"), those, strict=True)
    ]
    with transaction.atomic():
        publish(catalogue, stated, epochs.take("test"))


def test_a_sum_is_dealt_out_to_its_last_decimal_and_marked(
    catalogue: Catalogue, lineage: Lineage, say: Say
) -> None:
    told(catalogue, lineage, say, {"e.commune_revenue": [100.0, 10.01]}, "2025-06")
    question, found = restated(catalogue, lineage, "e.commune_revenue", OLD, NEW)
    rows = {lineage.units[row.target].name: row for row in found.rows}
    assert {name: (str(row.value), row.is_estimate) for name, row in rows.items()} == {
        "A": ("103.34", True), "B": ("6.67", True),
    }  # fmt: skip
    assert (str(found.given), found.closes, question.decimals, found.left_out) == ("110.01", True, 2, [])
    _, whole = restated(catalogue, lineage, "e.commune_revenue", OLD, NEW, level="province")
    assert [(str(row.value), row.is_estimate) for row in whole.rows] == [("110.01", False)]


def test_a_mean_is_weighted_by_the_indicator_it_names(
    catalogue: Catalogue, lineage: Lineage, say: Say
) -> None:
    told(catalogue, lineage, say, {"p.people": [100, 300]}, "2024")
    told(catalogue, lineage, say, {"e.price": [10.0, 20.0]}, "2025-06")
    _, found = restated(catalogue, lineage, "e.price", OLD, NEW)
    assert {lineage.units[row.target].name: str(row.value) for row in found.rows} == {
        "A": "15.0",
        "B": "20.0",
    }
    assert (found.by, found.given, found.closes) == ("p.people", 400, True)


def test_what_does_not_add_up_and_other_periods_are_refused(
    catalogue: Catalogue, lineage: Lineage, say: Say
) -> None:
    with pytest.raises(NotAdditive):
        restated(catalogue, lineage, "e.revenue", OLD, NEW)
    with pytest.raises(ValueError, match="each month"):
        restated(catalogue, lineage, "e.commune_revenue", Period("year", 2025), NEW)
    _, nothing = restated(catalogue, lineage, "e.commune_revenue", OLD, NEW)
    assert (nothing.rows, nothing.closes) == ([], True)
