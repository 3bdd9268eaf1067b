"""An indicator as content: its meaning, legal basis and worked examples; and what its formula sees and answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Literal, NamedTuple

import msgspec

from haidang.engine.both import both
from haidang.engine.contracts.building import BuildError
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.tables import Table


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A worked example of the legal text: hourly means by parameter, newest last, ending at the period's end."""

    name: str
    hours: dict[str, list[float | None]]
    # Expected entries of Result: `value`, `status` and any entry of `detail` (`parameters/PM2.5/index`).
    expect: dict[str, float | str | list[float | None] | None]
    tolerance: float = 0.0
    # What the printed text says where it is in error, and why ours differs.
    erratum: str = ""


class Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One formula in force from a date on, with the tables it uses."""

    version: str
    valid_from: date
    basis: str
    verified: bool
    note: Text | None = None
    data: dict[str, Any] = {}
    # Addresses of tables of law; their numbers join `data`, which may not contradict them.
    tables: list[str] = []
    examples: list[Example] = []


class Indicator(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="station"
):
    """A defined number of a station; what offices report: `statistic`. Its formula is `compute(window) -> Result` in the Python file of the same stem."""

    needs: ClassVar[str] = "compute"

    title: Text
    unit: str
    period: Literal["hour", "day"]
    asset_kind: str
    direction: Literal["down_is_good", "up_is_good", "neutral"]
    parameters: list[str]
    # How many hours, counted back from the period's end, the formula looks at.
    hours: int
    versions: list[Version]
    decimals: int = 0
    description: Text | None = None
    # Address of the table of law whose `scale` gives its values class, word and colour.
    scale: str = ""

    def builds_on(self) -> list[tuple[str, str]]:
        named = [table for version in self.versions for table in version.tables]
        return [
            ("tables", address) for address in dict.fromkeys([*named, *([self.scale] if self.scale else [])])
        ]

    def completed(self, things: Mapping[str, Any]) -> Indicator:
        """With the numbers of its tables in the `data` of each version."""
        versions = []
        for version in self.versions:
            data = dict(version.data)
            for address in version.tables:
                table = things.get(address)
                if not isinstance(table, Table):
                    continue  # the tree has said that it does not exist
                for key, value in table.formula_data().items():
                    if data.setdefault(key, value) is not value:
                        raise BuildError(
                            address,
                            both(
                                f"{key} stands in two of this version's tables or its data",
                                f"{key} có ở hai bảng của bản này hoặc trong data",
                            ),
                        )
            versions.append(msgspec.structs.replace(version, data=data))
        return msgspec.structs.replace(self, versions=versions)


@dataclass(frozen=True, slots=True)
class HourValue:
    """Hourly mean in the contract's unit. `flagged`: fewer than 75 % of the expected values were valid."""

    mean: float
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """What a formula sees: the hours of one asset that end at or before the period's end."""

    at: datetime
    # parameter → hours before `at` (0 is the hour that ends at `at`) → value; missing hours are absent.
    hours: Mapping[str, Mapping[int, HourValue]]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What a formula answers. `used` names the hours the value rests on, for lineage."""

    value: float | None
    status: Literal["ok", "flagged", "missing", "failed"]
    detail: dict[str, Any] = field(default_factory=dict)
    used: frozenset[tuple[str, int]] = frozenset()


def checked(answer: object) -> Result:
    """What a formula answered. Raises TypeError or ValueError where that is no result: no other figure may suffer."""
    if not isinstance(answer, Result):
        raise TypeError(f"compute() answered {type(answer).__name__}, not Result(value, status)")
    if answer.value is not None and not math.isfinite(answer.value):
        raise ValueError(f"compute() answered {answer.value}: no number")
    return answer


class Step(NamedTuple):
    """One step of the way to a value, as people read it: what, by which calculation, with which outcome."""

    label: str
    formula: str
    value: str


Formula = Callable[[Window], Result]
# Beside `compute`, a formula may have `explain(detail, language)`: the steps shown under "Vì sao?".
Explain = Callable[[Mapping[str, Any], str], list[Step]]
