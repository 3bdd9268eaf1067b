"""The communes of the simulated province in numbers: people, households, and what they pay into the budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from haidang.demo.rhythm import Floats, lattice, seed_of
from haidang.demo.sheets.economy import Economy
from haidang.demo.sheets.months import MERGED, Month
from haidang.demo.station import Commune

PEOPLE = 3_260_000  # of all communes at the end of 2025
GROWTH = 0.9  # percent a year
# Wards and what lies around industrial parks pay more for each of their people.
RICH = (
    "Tân An",
    "Long An",
    "Đức Hòa",
    "Mỹ Hạnh",
    "Bến Lức",
    "Cần Giuộc",
    "An Tịnh",
    "Trảng Bàng",
    "Phước Thạnh",
    "Tân Ninh",
)
AREA_KM2 = 89.0  # where the register knows none


@dataclass(frozen=True, slots=True)
class Row:
    """One commune in one month, in triệu đồng."""

    commune: Commune
    plan: float
    previous: float | None
    value: float
    cumulative: float
    payers: int


@dataclass(slots=True)
class Communes:
    """All communes in the order of their codes; months before there were any are not asked for."""

    seed: int
    communes: Sequence[Commune]
    economy: Economy
    _kept: dict[Month, list[float]] = field(default_factory=dict)

    def _random(self, what: str, place: int = 0) -> Floats:
        """One number in [0, 1) for each commune."""
        index = np.arange(len(self.communes), dtype=np.int64) + place * 1000
        return lattice(seed_of(self.seed, "communes", what), index)

    # --- people -------------------------------------------------------------------------------------------
    def people(self, year: int) -> list[int]:
        """On the last day of the year: dense in wards, thin on the border, together about what the province has."""
        area = np.array([one.area_km2 or AREA_KM2 for one in self.communes])
        ward = np.array([one.kind.lower() == "phường" for one in self.communes])
        dense = np.where(ward, 1350.0, 330.0) * (0.6 + 0.8 * self._random("density"))
        raw = np.clip(area * dense, 7_000, 115_000)
        many = raw / raw.sum() * PEOPLE * (1 + GROWTH / 100) ** (year - 2025)
        return [round(float(one)) for one in many]

    def households(self, year: int) -> list[int]:
        size = 3.2 + 0.5 * self._random("household")
        return [round(people / float(one)) for people, one in zip(self.people(year), size, strict=True)]

    def areas(self) -> list[float]:
        return [round(one.area_km2 or AREA_KM2, 1) for one in self.communes]

    # --- revenue ------------------------------------------------------------------------------------------
    def total(self, month: Month) -> float:
        """What the tax office counts: the domestic revenue of the finance office, in triệu đồng, but for some days
        of bookkeeping (under half a percent).
        """
        random = float(lattice(seed_of(self.seed, "books"), np.array([month.number]))[0])
        return self.economy.value("revenue_domestic", month) * 1000 * (1 + 0.008 * (random - 0.5))

    def revenue(self, month: Month) -> list[float]:
        """Whole triệu đồng of each commune."""
        if month not in self._kept:
            weight = np.array(self.people(2025)) * np.array(
                [4.0 if c.name in RICH else 1.0 for c in self.communes]
            )
            weight = (
                weight * (0.5 + self._random("wealth")) * (0.9 + 0.2 * self._random("month", month.number))
            )
            many = weight / weight.sum() * self.total(month)
            self._kept[month] = [float(round(float(one))) for one in many]
        return self._kept[month]

    def plan(self, year: int) -> list[float]:
        """Of the year, or of the half year the communes had in the year of the merger."""
        months = [
            Month.of(year, number) for number in range(1, 13) if Month.of(year, number).number >= MERGED
        ]
        comes = np.array([self.revenue(month) for month in months]).sum(axis=0)
        return [
            float(round(float(one) / 100) * 100) for one in comes * (0.9 + 0.2 * self._random("plan", year))
        ]

    def rows(self, month: Month) -> list[Row]:
        since = [one for one in month.since_january() if one.number >= MERGED]
        sums = np.array([self.revenue(one) for one in since]).sum(axis=0)
        before = self.revenue(month.before) if month.number > MERGED else None
        payers = np.array(self.people(2025)) * (0.035 + 0.03 * self._random("payers"))
        grown = 1 + 0.004 * (month.number - MERGED)
        return [
            Row(
                commune,
                plan,
                before[place] if before else None,
                self.revenue(month)[place],
                float(sums[place]),
                round(float(payers[place]) * grown),
            )
            for place, (commune, plan) in enumerate(zip(self.communes, self.plan(month.year), strict=True))
        ]
