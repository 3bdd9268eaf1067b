"""Units as offices write them, and what comes of dividing and multiplying them.

`tỷ đồng / người` is 10⁹ of money for one person; `%` is a hundredth of nothing. A word we do not know is a quantity of
its own: hồ sơ, doanh nghiệp, lượt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from haidang.engine.both import both
from haidang.engine.contracts.sheets.numerals import unit_of
from haidang.engine.places.names import fold

_SCALES = {
    "nghin": 10**3, "ngan": 10**3, "van": 10**4, "trieu": 10**6, "ty": 10**9, "ti": 10**9,
    "nghin ty": 10**12, "ngan ty": 10**12, "chuc": 10, "tram": 100,
}  # fmt: skip
# Folded word → what it is of, how many of it, to which power.
_KNOWN: dict[str, tuple[str, Fraction, int]] = {
    "": ("", Fraction(1), 0), "lan": ("", Fraction(1), 0), "%": ("", Fraction(1, 100), 0),
    "phan tram": ("", Fraction(1, 100), 0), "‰": ("", Fraction(1, 1000), 0), "phan nghin": ("", Fraction(1, 1000), 0),
    "do la my": ("usd", Fraction(1), 1), "do la": ("usd", Fraction(1), 1), "dan": ("nguoi", Fraction(1), 1),
    "nhan khau": ("nguoi", Fraction(1), 1), "luot khach": ("luot", Fraction(1), 1), "dn": ("doanh nghiep", Fraction(1), 1),
    "km": ("m", Fraction(1000), 1), "m2": ("m", Fraction(1), 2), "km2": ("m", Fraction(10**6), 2), "ha": ("m", Fraction(10**4), 2),
    "hec ta": ("m", Fraction(10**4), 2), "m3": ("m", Fraction(1), 3), "kg": ("kg", Fraction(1), 1), "ta": ("kg", Fraction(100), 1),
    "tan": ("kg", Fraction(1000), 1), "kwh": ("kwh", Fraction(1), 1), "mwh": ("kwh", Fraction(1000), 1),
}  # fmt: skip
_MEASURED = {"m", "kg", "kwh"}
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?=\s|$)\s*")


@dataclass(frozen=True, slots=True)
class Unit:
    """So many (`scale`) of a product of powers, sorted by name; without any it is a bare number."""

    scale: Fraction = Fraction(1)
    powers: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        return self._with(other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return self._with(other, -1)

    def _with(self, other: Unit, sign: int) -> Unit:
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, 0) + sign * power
        left = tuple(sorted((name, power) for name, power in powers.items() if power))
        return Unit(self.scale * other.scale**sign, left)

    def fits(self, other: Unit) -> bool:
        """Whether both measure the same; how many of one make the other is a matter of `scale`."""
        return self.powers == other.powers

    @property
    def is_measured(self) -> bool:
        """Read from a scale and rounded there, not counted one by one: lengths, weights, energy."""
        return any(name in _MEASURED for name, _ in self.powers)

    def __str__(self) -> str:
        """For a complaint: `1000000000 · dong / nguoi`."""
        above = [_power(name, power) for name, power in self.powers if power > 0]
        below = [_power(name, -power) for name, power in self.powers if power < 0]
        scale = [str(self.scale)] if self.scale != 1 or not above else []
        return " / ".join([" · ".join([*scale, *above]), *below])


NUMBER = Unit()


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"


@lru_cache(1024)
def parse(text: str) -> Unit:
    """`triệu đồng/người`, `ca/100.000 dân`, `%`, `nghìn lượt`. Raises ValueError where nothing stands beside a slash."""
    first, *others = re.split(r"/|\btrên\b|\bper\b", text)  # i18n: data
    if others and not all(part.strip() for part in others):
        raise ValueError(
            both(
                f"unit {text!r} ends with a slash: behind it stands for whom it is counted",
                f"đơn vị {text!r} kết thúc bằng dấu gạch chéo: sau đó phải ghi tính cho ai",
            )
        )
    unit = _factor(first)
    for part in others:
        unit /= _factor(part)
    return unit


def _factor(text: str) -> Unit:
    """One word with its number and scale: `1.000 USD`, `nghìn lượt`, `tỷ đ`."""
    scale, text = Fraction(1), text.strip()
    if found := _NUMBER.match(text):
        scale, text = Fraction(found[1].replace(".", "")), text[found.end() :]
    # “nghìn” and “tr” alone are money in a column's heading; in a unit they wait for their word.
    money = unit_of(text) if text and fold(text) not in _SCALES else None
    if money is not None:
        return Unit(scale * Fraction(money[1]), (("dong", 1),))
    word = fold(text.replace("²", "2").replace("³", "3"))
    for name in sorted(_SCALES, key=len, reverse=True):
        if word.startswith(name + " "):
            scale, word = scale * _SCALES[name], word[len(name) + 1 :]
            break
    of, many, power = _KNOWN.get(word, (word, Fraction(1), 1))
    return Unit(scale * many, ((of, power),) if power else ())
