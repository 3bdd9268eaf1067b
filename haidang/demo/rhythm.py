"""Noise that is the same for the same seed and time, however one arrives at that time.

A generator with a state would give other values after a restart; here each value is a hash of where it
stands, so 60 days of history and the live minute come from one function.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def seed_of(*names: object) -> int:
    """A seed from names, the same on every machine."""
    text = "\x1f".join(map(str, names)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


def lattice(seed: int, index: npt.NDArray[np.int64]) -> Floats:
    """Independent numbers in [0, 1) at whole-number places (splitmix64)."""
    with np.errstate(over="ignore"):
        x = index.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed & 0xFFFFFFFFFFFFFFFF)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return (x >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def drift(seed: int, at: Floats, span: float) -> Floats:
    """Smooth noise in [−1, 1] that wanders once per `span` seconds."""
    place = at / span
    left = np.floor(place).astype(np.int64)
    part = place - left
    ease = part * part * (3 - 2 * part)
    before, after = lattice(seed, left), lattice(seed, left + 1)
    return np.asarray(2 * (before * (1 - ease) + after * ease) - 1)


def wave(at: Floats, peak_hour: float, width_h: float) -> Floats:
    """A hump in [0, 1] once a day, highest at `peak_hour` of Vietnamese time."""
    hour = (at / 3600 + 7) % 24
    away = np.minimum(np.abs(hour - peak_hour), 24 - np.abs(hour - peak_hour))
    return np.asarray(np.exp(-((away / width_h) ** 2)))


def chance(share: float, *names: object) -> bool:
    """True for about `share` of all names, always the same ones."""
    return seed_of(*names) / 2**64 < share
