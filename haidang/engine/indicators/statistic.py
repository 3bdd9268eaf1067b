"""A statistic as content: a number that offices report once a period, or that follows from such numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import msgspec

from haidang.engine.both import KINDS_VI, both, english, vietnamese
from haidang.engine.contracts.building import BuildError
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.days import PeriodName
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.indicators import expression, units
from haidang.engine.indicators.count import Count
from haidang.engine.indicators.count_misfits import misfits
from haidang.engine.indicators.opening import Open
from haidang.engine.indicators.origin_fits import fits, none_of

# In months; 52 weeks are a year, and which weeks make a month or a year says `periods.within`.
LENGTHS: dict[str, int | Fraction] = {"week": Fraction(12, 52), "month": 1, "quarter": 3, "year": 12}
Keys = tuple[str | int, ...]


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The cell a value is taken from: a column, of the line known as `item` or of the line of each place.

    With `lines: sum` all cells of the column, whose lines are facilities or offices: a figure of the province that keeps
    what each line says.
    """

    contract: str
    column: str
    item: str = ""
    lines: Literal["", "sum"] = ""


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the same line says beside the value; its unit where that is another."""

    column: str
    unit: str | None = None


class Weighted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mean in which each value counts as often as another indicator says."""

    weighted: str


# How figures of several places, or of several periods, make one.
Rule = Literal["sum", "mean", "last", "none", "weighted"] | Weighted


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A worked example of a formula: values by address, each in its own unit, and what comes out. Where the value is
    stated by an office: `cells` of its contract's sample (`D14`, or `D6:D21` of lines that are added up); where it is
    counted: `lines`.
    """

    name: str
    inputs: dict[str, float | None] = {}
    cells: str = ""
    # Of a count: lines by hand, column → what stands there, and the period they are counted for.
    lines: list[dict[str, Any]] = []
    period: str = ""
    expect: float | None
    tolerance: float = 0.0


class Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way of counting, in force from a date on."""

    version: str
    valid_from: date
    basis: str
    verified: bool
    note: Text | None = None
    # Where it differs from the statistic's own.
    formula: str = ""
    count: Count | None = None
    examples: list[Example] = []


class Statistic(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="statistic"
):
    """A number of a place and a period: `from` a cell of an office's sheet, by a `formula` over other statistics, or a
    `count` of lines of a sheet.
    """

    title: Text
    unit: str
    period: PeriodName
    direction: Literal["down_is_good", "up_is_good", "neutral"]
    over_places: Rule
    over_time: Rule
    origin: Origin | None = msgspec.field(default=None, name="from")
    # Name → column of the same contract: `economy.revenue@plan`.
    measures: dict[str, str | Measure] = {}
    formula: str = ""
    count: Count | None = None
    # The indicator that says for how many a value is: shown as so much for each of them.
    per_head: str = ""
    decimals: int = 1
    description: Text | None = None
    # Where it is not that of the contract.
    office: Text | None = None
    legal_basis: str = ""
    # Without it nothing of this leaves but to people who may see it.
    open: Open | None = None
    versions: list[Version] = []

    def measure(self, name: str) -> Measure:
        """Raises KeyError."""
        found = self.measures[name]
        return Measure(column=found) if isinstance(found, str) else found

    def unit_of(self, measure: str = "") -> str:
        """Of the value, or of a measure."""
        own = self.measure(measure).unit if measure else None
        return self.unit if own is None else own

    @property
    def counts(self) -> list[tuple[Keys, Count]]:
        """Every way of counting with where it stands."""
        own: list[tuple[Keys, Count | None]] = [(("count",), self.count)]
        own += [(("versions", number, "count"), one.count) for number, one in enumerate(self.versions)]
        return [(keys, one) for keys, one in own if one is not None]

    @property
    def contract(self) -> str:
        """The contract its cells or lines stand in; empty of a formula."""
        if self.origin:
            return self.origin.contract
        return next((one.contract for _, one in self.counts), "")

    def version_on(self, day: date) -> Version | None:
        """The one in force on that day; None before the first."""
        valid = [one for one in self.versions if one.valid_from <= day]
        return max(valid, key=lambda one: one.valid_from, default=None)

    @property
    def formulas(self) -> list[tuple[Keys, str]]:
        """Every formula with where it stands."""
        own: list[tuple[Keys, str]] = [(("formula",), self.formula)]
        of_versions = [
            (("versions", number, "formula"), one.formula) for number, one in enumerate(self.versions)
        ]
        return [(keys, text) for keys, text in [*own, *of_versions] if text]

    @property
    def weights(self) -> list[tuple[Keys, str]]:
        """The indicators other figures are weighed or divided by, with where they are named."""
        found: list[tuple[Keys, str]] = [
            ((key, "weighted"), rule.weighted)
            for key, rule in (("over_places", self.over_places), ("over_time", self.over_time))
            if isinstance(rule, Weighted)
        ]
        return found + ([(("per_head",), self.per_head)] if self.per_head else [])

    # --- what holds without looking elsewhere -------------------------------------------------------------
    def faults(self) -> Iterator[tuple[Keys, str]]:
        """What does not hold within the file: the key to blame, and why."""
        if sum(map(bool, (self.origin, self.formulas, self.counts))) != 1:
            yield (
                ("title",),
                both(
                    "a statistic is either `from` a contract, made by a `formula` or by a `count`",
                    "số liệu lấy từ hợp đồng (`from`), từ công thức (`formula`) hoặc từ cách đếm (`count`): chọn một",
                ),
            )
        if self.measures and self.origin is None:
            yield (
                ("measures",),
                both(
                    "measures are columns beside the value: they need `from`",
                    "measures là các cột bên cạnh giá trị: cần có `from`",
                ),
            )
        for key, rule in (("over_places", self.over_places), ("over_time", self.over_time)):
            if rule == "weighted":
                yield (
                    (key,),
                    both(
                        f"{key} is weighted without a weight: write {{weighted: address of an indicator}}",
                        f"{key} tính có trọng số nhưng chưa ghi trọng số: viết {{weighted: địa chỉ chỉ tiêu}}",
                    ),
                )
        if self.over_places == "last":
            yield (
                ("over_places",),
                both(
                    "of places none is the last: write sum, mean, none or {weighted: …}",
                    "trong các địa bàn không có địa bàn cuối: viết sum, mean, none hoặc {weighted: …}",
                ),
            )
        if self.open is not None:
            yield from self.open.faults()
        yield from self._texts()
        yield from self._versions()

    def _texts(self) -> Iterator[tuple[Keys, str]]:
        """Units and formulas that cannot be read."""
        named: list[tuple[Keys, str]] = [(("unit",), self.unit)]
        named += [(("measures", name, "unit"), self.unit_of(name)) for name in self.measures]
        for keys, text in named:
            try:
                units.parse(text)
            except ValueError as error:
                yield keys, error.args[0]
        for keys, text in self.formulas:
            try:
                expression.parse(text)
            except expression.FormulaError as error:
                yield keys, error.args[0]

    def _versions(self) -> Iterator[tuple[Keys, str]]:
        for name in ("version", "valid_from"):
            seen: set[str] = set()
            for number, one in enumerate(self.versions):
                if (value := str(getattr(one, name))) in seen:
                    yield (
                        ("versions", number, name),
                        both(f"{name} {value} stands twice", f"{name} {value} ghi hai lần"),
                    )
                seen.add(value)
        if self.origin is None and not self.versions:
            blamed = "count" if self.counts else "formula"
            yield (
                (blamed,),
                both(
                    f"a {blamed} needs a version: `versions` with valid_from, basis and worked examples",
                    f"{blamed} cần một phiên bản: `versions` có valid_from, basis và ví dụ tính tay",
                ),
            )

    # --- what holds with what it names --------------------------------------------------------------------
    def builds_on(self) -> list[tuple[str, str]]:
        """The contract its cells stand in, and the indicators it looks at."""
        found = [("contracts", self.origin.contract)] if self.origin else []
        found += [("contracts", one.contract) for _, one in self.counts]
        for _, text in self.formulas:
            try:
                found += [("indicators", bare(address)) for address in expression.parse(text).inputs]
            except expression.FormulaError:
                continue  # `faults` says so
        return list(dict.fromkeys([*found, *(("indicators", bare(address)) for _, address in self.weights)]))

    def completed(self, things: Mapping[str, Any]) -> Statistic:
        """Itself; raises BuildError where it does not go together with what it names."""
        if self.origin and isinstance(contract := things.get(self.origin.contract), SheetContract):
            fits(self, self.origin, contract)
        elif self.origin and self.origin.contract in things:
            raise BuildError(
                self.origin.contract,
                both(
                    "this contract is no sheet of an office",
                    "hợp đồng này không phải biểu của cơ quan (kind: sheet)",
                ),
                ("from", "contract"),
            )
        for keys, count in self.counts:
            self._can_be_counted(keys, count, things)
        for keys, text in self.formulas:
            self._comes_out(keys, text, things)
        for keys, address in self.weights:
            _known(keys, address, things)
        return self

    def _can_be_counted(self, keys: Keys, count: Count, things: Mapping[str, Any]) -> None:
        """The rule asks for what its contract has; a sum is in the unit of its column."""
        contract = things.get(count.contract)
        if contract is None:
            return  # the tree has said that it does not exist
        if not isinstance(contract, SheetContract):
            message = both(
                f"{count.contract} is no list of an office (kind: sheet): nothing can be counted",
                f"{count.contract} không phải danh sách của cơ quan (kind: sheet): không đếm được",
            )
            raise BuildError(count.contract, message, (*keys, "contract"))
        for more, why in misfits(count, contract):
            raise BuildError(str(more[-1]), why, (*keys, *more))
        column = contract.columns.get(count.sum) if isinstance(count.sum, str) else None
        if column and units.parse(column.unit) != units.parse(self.unit):
            message = both(
                f"column {count.sum} is in {column.unit!r}, the indicator says {self.unit!r}",
                f"cột {count.sum} tính bằng {column.unit!r}, chỉ tiêu ghi {self.unit!r}",
            )
            raise BuildError("unit", message, ("unit",))

    def _comes_out(self, keys: Keys, text: str, things: Mapping[str, Any]) -> None:
        """The unit of what a formula gives is the one declared."""
        try:
            formula = expression.parse(text)
        except expression.FormulaError:
            return  # `faults` says so
        known: dict[str, units.Unit] = {}
        for address in formula.inputs:
            other = _known(keys, address, things)
            if other is None:
                return  # the tree has said that it does not exist
            known[address] = units.parse(other.unit_of(measure_of(address)))
            self._reaches(keys, address, other)
        try:
            got = formula.unit(known)
        except expression.FormulaError as error:
            raise BuildError(
                "formula",
                both(
                    f"formula {text!r}: {english(error.args[0])}",
                    f"công thức {text!r}: {vietnamese(error.args[0])}",
                ),
                keys,
            ) from error
        if not got.fits(units.parse(self.unit)):
            message = both(
                f"formula {text!r} comes out in {got}, the declared unit {self.unit!r} is {units.parse(self.unit)}",
                f"công thức {text!r} ra đơn vị {got}, đơn vị đã ghi {self.unit!r} là {units.parse(self.unit)}",
            )
            raise BuildError("unit", message, ("unit",))

    def _reaches(self, keys: Keys, address: str, other: Statistic) -> None:
        """An input of another period makes one of ours."""
        ours, theirs = LENGTHS[self.period], LENGTHS[other.period]
        if theirs > ours and other.over_time != "last":
            message = both(
                f"{address} is a {other.period}'s {other.over_time}: of it no {self.period} has a part",
                f"{address} là {other.over_time} của một {KINDS_VI[other.period]}: không chia về từng {KINDS_VI[self.period]} được",
            )
            raise BuildError("formula", message, keys)
        if theirs < ours and measure_of(address):
            message = both(
                f"{address} is beside the value of each {other.period}: measures do not add up to a {self.period}",
                f"{address} là số đo bên cạnh giá trị từng {KINDS_VI[other.period]}: số đo không cộng thành {KINDS_VI[self.period]}",
            )
            raise BuildError("formula", message, keys)
        if theirs < ours and other.over_time not in ("sum", "mean", "last"):
            message = both(
                f"{address} comes each {other.period} and does not add up to a {self.period}: its over_time is not sum, mean or last",
                f"{address} có số theo {KINDS_VI[other.period]} và không gộp thành {KINDS_VI[self.period]}: over_time của nó không phải sum, mean hay last",
            )
            raise BuildError("formula", message, keys)


def _known(keys: Keys, address: str, things: Mapping[str, Any]) -> Statistic | None:
    """The statistic behind an address; raises BuildError where it is none, or has no such measure."""
    other, measure = things.get(bare(address)), measure_of(address)
    if other is None:
        return None
    if not isinstance(other, Statistic):
        raise BuildError(
            bare(address),
            both(
                f"indicator {bare(address)} is no statistic",
                f"{bare(address)} không phải số liệu của cơ quan (kind: statistic)",
            ),
            keys,
        )
    if measure and measure not in other.measures:
        raise BuildError(address, none_of("measure", measure, other.measures, f"{bare(address)}: "), keys)
    return other


def bare(address: str) -> str:
    """`economy.revenue` of `economy.revenue@plan`."""
    return address.partition("@")[0]


def measure_of(address: str) -> str:
    """`plan` of `economy.revenue@plan`, empty without one."""
    return address.partition("@")[2]
