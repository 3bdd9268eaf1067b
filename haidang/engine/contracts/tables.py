"""Tables of law as content (`tables/*.yml`): scales, breakpoints and limits for formulas and screens."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

from haidang.engine.contracts.reading import Text


class ScaleClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One class of an index: whole numbers `low`…`high`, its word, and its colour token on screens."""

    id: str
    low: int
    high: int
    title: Text
    colour: str
    # Red, green, blue as the law writes them, and the text colour that can be read on it.
    rgb: list[int] = []
    ink: Literal["black", "white"] = "black"
    effect: Text | None = None
    advice: Text | None = None
    advice_sensitive: Text | None = None


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One limit of a regulation. `verified` says whether somebody has read this number in the text itself."""

    parameter: str
    mean: Literal["1h", "8h", "24h", "year"]
    value: float
    unit: str
    valid_from: date
    verified: bool
    note: Text | None = None


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The numbers of one legal text. A formula that names it finds `data`, and the scale, in its window."""

    title: Text
    basis: str
    valid_from: date
    verified: bool
    note: Text | None = None
    data: dict[str, Any] = {}
    scale: list[ScaleClass] = []
    limits: list[Limit] = []

    def formula_data(self) -> dict[str, Any]:
        """What a formula sees of it: plain values, as they would stand in its own `data`."""
        scale: dict[str, Any] = {"scale": msgspec.to_builtins(self.scale)} if self.scale else {}
        return {**self.data, **scale}
