"""A province of three communes, and statistics of it as content would say them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import Catalogue, Entry
from haidang.engine.indicators.publishing import Stated
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.places.models import Place

COMMON = {
    "kind": "statistic",
    "period": "month",
    "direction": "up_is_good",
    "over_places": "sum",
    "over_time": "sum",
}
FORMULA = {
    "versions": [{"version": "1", "valid_from": date(2020, 1, 1), "basis": "Quy ước", "verified": True}]
}
CONTENT: dict[str, dict[str, Any]] = {
    "e.revenue": {
        "unit": "tỷ đồng", "over_places": "none", "per_head": "p.people",
        "from": {"contract": "e.monthly", "item": "revenue", "column": "value"},
        "measures": {"plan": "plan", "cumulative": "cumulative"},
    },
    "e.commune_revenue": {"unit": "triệu đồng", "from": {"contract": "e.communes", "column": "value"}},
    "p.people": {
        "unit": "người", "period": "year", "over_time": "last", "from": {"contract": "p.people", "column": "people"},
    },
    "e.price": {
        "unit": "%", "over_places": {"weighted": "p.people"}, "over_time": "none",
        "from": {"contract": "e.prices", "column": "value"},
    },
    "e.per_head": {"unit": "triệu đồng/người", "formula": "e.revenue / p.people", "over_places": "none", **FORMULA},
    "e.commune_per_head": {
        "unit": "nghìn đồng/người", "formula": "e.commune_revenue / p.people", "over_places": {"weighted": "p.people"}, **FORMULA,
    },
    "e.share": {"unit": "%", "formula": "e.per_head / e.year_per_head", "over_places": "none", "over_time": "none", **FORMULA},
    "e.year_per_head": {
        "unit": "đồng/người", "period": "year", "formula": "e.revenue / p.people", "over_places": "none", "over_time": "last", **FORMULA,
    },
}  # fmt: skip


def catalogue_from(content: dict[str, dict[str, Any]]) -> Catalogue:
    """A catalogue of these, with the address as title and as hash."""
    return Catalogue(
        Entry(
            address,
            msgspec.convert({**COMMON, "title": {"vi": address}, **said}, Statistic),
            address.ljust(64, "0"),
        )
        for address, said in content.items()
    )


@pytest.fixture
def catalogue() -> Catalogue:
    return catalogue_from(CONTENT)


@pytest.fixture
def places(db: None) -> SimpleNamespace:
    """Ids of a province and its three communes, of one that is no more, and of a commune elsewhere.

    Their codes are nobody's: beside these a test run may hold the real register.
    """
    begin = date(2025, 7, 1)
    made: dict[str, int] = {}

    def make(name: str, level: str, code: str, parent: int | None = None, until: date | None = None) -> None:
        made[name] = Place.objects.create(
            code=code, level=level, kind=level, name=name, folded=name, sort_key=code.encode(), parent_id=parent,
            valid_from_date=begin, valid_to_date=until,
        ).pk  # fmt: skip

    make("province", "province", "97")
    for number, name in enumerate(("north", "south", "west")):
        make(name, "commune", f"9700{number}", made["province"])
    make("gone", "commune", "97009", made["province"], date(2025, 9, 30))
    make("other_province", "province", "98")
    make("elsewhere", "commune", "98001", made["other_province"])
    return SimpleNamespace(**made, communes=[made["north"], made["south"], made["west"]])


@pytest.fixture
def say() -> Callable[..., Stated]:
    """A value as an office states it: address, place, period as it is typed, value, cell."""

    def stated(
        address: str, place: int, period: str, value: float, cell: str = "D14", submission: int = 1
    ) -> Stated:
        detail = {"kind": "stated", "submission": submission, "sheet": "T10", "cell": cell, "raw": str(value)}
        return Stated(address, place, periods.end_of(Period.parse(period)), value, detail)

    return stated
