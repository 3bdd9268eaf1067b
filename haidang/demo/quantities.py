"""What the simulated instruments measure: level, rhythm and noise of each parameter.

Levels are ordinary for the dry season of the south; they claim nothing about any real place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from haidang.demo.rhythm import Floats, drift, seed_of, wave


@dataclass(frozen=True, slots=True)
class Quantity:
    """One parameter: its level, rhythm and noise, in the unit the centre wants."""

    name: str
    unit: str
    level: float
    # share of the level added at the morning peak, the evening peak, and at two in the afternoon
    morning: float = 0.0
    evening: float = 0.0
    noon: float = 0.0
    # share of the level by which days, hours and single readings differ
    days: float = 0.15
    hours: float = 0.1
    reading: float = 0.03
    low: float = 0.0
    high: float = 1e6
    decimals: int = 1
    grows_with_site: bool = True


AIR = (
    Quantity("PM2.5", "µg/m3", 24, 0.35, 0.4, -0.15, 0.4, 0.18, 0.05, low=2),
    Quantity("PM10", "µg/m3", 42, 0.35, 0.4, -0.1, 0.35, 0.15, 0.05, low=5),
    Quantity("SO2", "µg/m3", 18, 0.1, 0.15, 0.1, 0.2, 0.25, 0.05, low=1),
    Quantity("NO2", "µg/m3", 26, 0.6, 0.7, -0.2, 0.2, 0.2, 0.05, low=2),
    Quantity("CO", "mg/m3", 1.15, 0.45, 0.5, -0.1, 0.2, 0.12, 0.04, low=0.15, decimals=2),
    Quantity("O3", "µg/m3", 38, -0.4, -0.3, 1.1, 0.15, 0.12, 0.04, low=3, grows_with_site=False),
)

WATER = (
    Quantity("Temp", "°C", 28.4, 0, 0.02, 0.05, 0.02, 0.01, 0.002, low=18, high=36, grows_with_site=False),
    Quantity(
        "pH", "-", 7.1, 0, 0, 0.02, 0.02, 0.015, 0.004, low=5.8, high=8.8, decimals=2, grows_with_site=False
    ),
    Quantity(
        "DO",
        "mg/l",
        5.4,
        -0.05,
        0,
        0.18,
        0.08,
        0.05,
        0.01,
        low=1.5,
        high=11,
        decimals=2,
        grows_with_site=False,
    ),
    Quantity("TSS", "mg/l", 32, 0, 0, 0, 0.3, 0.15, 0.05, low=4),
    Quantity("COD", "mg/l", 13, 0.05, 0.05, 0, 0.2, 0.1, 0.03, low=2),
    Quantity("N-NH4", "mg/l", 0.32, 0.05, 0.05, 0, 0.3, 0.15, 0.04, low=0.02, decimals=3),
    Quantity("Coliform", "MPN/100ml", 3200, 0.1, 0.1, -0.1, 0.3, 0.2, 0.05, low=200, decimals=0),
)

OF_KIND = {"air": AIR, "water": WATER}

# How much dirtier than the open country each kind of site is.
SITE = {"urban": 1.15, "industry": 1.45, "country": 0.8, "river": 1.0, "canal": 1.3, "reservoir": 0.6}


def values(seed: int, station: str, site: str, quantity: Quantity, at: Floats) -> Floats:
    """What a healthy instrument reads at the instants `at` (seconds since 1970), in the contract's unit."""
    here = seed_of(seed, station, quantity.name)
    shared = seed_of(seed, quantity.name)  # weather is one for the province
    shape = (
        1
        + quantity.morning * wave(at, 7.3, 1.8)
        + quantity.evening * wave(at, 18.6, 2.2)
        + quantity.noon * wave(at, 14.0, 3.0)
        + quantity.days * (0.7 * drift(shared, at, 86400 * 1.7) + 0.3 * drift(here, at, 86400))
        + quantity.hours * drift(here + 1, at, 5400)
        + quantity.reading * drift(here + 2, at, 240)
    )
    own = 1 + 0.12 * drift(here + 3, np.zeros(1), 1.0)[0]
    level = quantity.level * own * (SITE[site] if quantity.grows_with_site else 1)
    read = np.clip(level * shape, quantity.low, quantity.high)
    return np.asarray(np.round(read, quantity.decimals))


def plume(at: Floats, begins: float, lasts: float, top: float) -> Floats:
    """What an episode adds to PM2.5: a quick rise, a plateau at `top`, a slower fall."""
    part = (at - begins) / lasts
    rise, fall = np.clip(part / 0.15, 0, 1), np.clip((1 - part) / 0.25, 0, 1)
    return np.asarray(np.where((part >= 0) & (part <= 1), top * np.minimum(rise, fall), 0.0))
