"""A pair as content: the same figure from two offices, what may lie between them, and who settles the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec

from haidang.engine.both import KINDS_VI, both
from haidang.engine.contracts.building import BuildError
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.indicators.statistic import Keys, Statistic, bare, measure_of
from haidang.engine.reconciliation.past import SUMS, TITLES, Over
from haidang.engine.reconciliation.units import factor

SIDES = ("left", "right")


class Teller(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One side: which figure, who says it, and the code of the office that answers for it.

    On the left a `contract` in place of an indicator is everything its files state of other periods (`states`): each
    such measure is a pair of its own, and the right side is what is published of those periods.
    """

    indicator: str = ""
    source: Text
    office: str
    contract: str = ""
    states: list[Over] = []
    # On the right: the figures published of other periods, for a sum since January added up.
    over: Over | None = None
    # Figures of communes are added up to their province, once all of them are there.
    add_up: bool = False


class Tolerance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The wider of the two holds. `absolute` is in the unit of the left side, `relative` in percent."""

    absolute: Annotated[float, msgspec.Meta(ge=0)] = 0
    relative: Annotated[float, msgspec.Meta(ge=0, le=50)] = 0


class Reconciliation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Two tellers of one figure. Pairs of the same two sources are looked at together."""

    title: Text
    left: Teller
    right: Teller
    tolerance: Tolerance
    # Days from the finding of a difference to its settlement.
    days: Annotated[int, msgspec.Meta(ge=1, le=365)]
    legal_basis: str
    description: Text | None = None

    def faults(self) -> Iterator[tuple[Keys, str]]:
        """What does not hold within the file: the key to blame, and why."""
        yield from self._of_a_contract() if self.left.contract else self._of_a_pair()
        if self.left.office == self.right.office:
            yield (
                ("right", "office"),
                both(
                    "two people of different offices sign: name another office",
                    "hai người của hai cơ quan cùng ký: ghi cơ quan khác",
                ),
            )
        if not self.legal_basis.strip():
            yield (
                ("legal_basis",),
                both(
                    "legal_basis is empty: name what asks for the two figures to agree",
                    "legal_basis trống: ghi văn bản yêu cầu hai số phải khớp",
                ),
            )

    def _of_a_pair(self) -> Iterator[tuple[Keys, str]]:
        for side, teller in zip(SIDES, (self.left, self.right), strict=True):
            if not teller.indicator:
                yield (side,), both(f"{side} names no indicator", f"{side} chưa ghi chỉ tiêu")
            if teller.states or (side == "right" and teller.contract):
                yield (
                    (side,),
                    both(
                        "`contract` and `states` stand on the left, in place of an indicator",
                        "`contract` và `states` đặt ở left, thay cho chỉ tiêu",
                    ),
                )
        if self.left.indicator and self.left.indicator == self.right.indicator:
            message = both(
                f"both sides are {self.left.indicator}: a figure agrees with itself",
                f"hai bên đều là {self.left.indicator}: một số luôn khớp với chính nó",
            )
            yield ("right", "indicator"), message
        if self.left.over:
            yield (
                ("left", "over"),
                both(
                    "`over` stands on the right: what a file states is compared with what is published",
                    "`over` đặt ở right: số tệp nêu được so với số đã công bố",
                ),
            )
        if self.right.over and self.right.add_up:
            yield (
                ("right", "add_up"),
                both("`over` compares place by place: leave add_up out", "`over` so từng địa bàn: bỏ add_up"),
            )

    def _of_a_contract(self) -> Iterator[tuple[Keys, str]]:
        if self.left.indicator or self.left.add_up or self.left.over:
            yield (
                ("left",),
                both(
                    "`contract` stands in place of an indicator: leave indicator, add_up and over out",
                    "`contract` thay cho chỉ tiêu: bỏ indicator, add_up và over",
                ),
            )
        if not self.left.states:
            yield (
                ("left",),
                both(
                    f"say what is compared: `states`, of {', '.join(TITLES)}",
                    f"ghi so cái gì ở `states`, chọn trong {', '.join(TITLES)}",
                ),
            )
        if len(set(self.left.states)) < len(self.left.states):
            yield ("left", "states"), both("a statement stands twice", "một mục ghi hai lần")
        if self.right.indicator or self.right.contract or self.right.states or self.right.over:
            message = both(
                "the right side of a contract is what is published: leave its indicator, contract, states and over out",
                "bên right của hợp đồng là số đã công bố: bỏ indicator, contract, states và over ở đó",
            )
            yield ("right",), message

    def builds_on(self) -> list[tuple[str, str]]:
        """The indicators it compares, or the contract whose files it looks at."""
        if self.left.contract:
            return [("contracts", self.left.contract)]
        return [("indicators", address) for address in dict.fromkeys(map(bare, self._indicators)) if address]

    def completed(self, things: Mapping[str, Any]) -> Reconciliation:
        """Itself; raises BuildError where the two sides cannot be compared."""
        if self.left.contract:
            contract = things.get(self.left.contract)
            if contract is not None and not isinstance(contract, SheetContract):
                message = both(
                    f"{self.left.contract} is no sheet of an office: it states nothing of other periods",
                    f"{self.left.contract} không phải biểu của cơ quan (kind: sheet): không nêu số của kỳ khác",
                )
                raise BuildError(self.left.contract, message, ("left", "contract"))
            return self
        told: list[tuple[Statistic, str]] = []
        for side, address in zip(SIDES, self._indicators, strict=True):
            statistic, keys = things.get(bare(address)), (side, "indicator")
            if statistic is None:
                return self  # the tree has said that it does not exist
            if not isinstance(statistic, Statistic):
                raise BuildError(
                    address,
                    both(
                        f"indicator {bare(address)} is no statistic",
                        f"{bare(address)} không phải số liệu của cơ quan (kind: statistic)",
                    ),
                    keys,
                )
            if (name := measure_of(address)) and name not in statistic.measures:
                raise BuildError(
                    address,
                    both(f"{bare(address)} has no measure {name}", f"{bare(address)} không có số đo {name}"),
                    keys,
                )
            told.append((statistic, statistic.unit_of(measure_of(address))))
        (left, left_unit), (right, right_unit) = told
        try:
            factor(right_unit, left_unit)
        except ValueError as error:
            raise BuildError("unit", error.args[0], ("right", "indicator")) from error
        if left.period != right.period:
            message = both(
                f"{self.left.indicator} comes each {left.period}, {self.right.indicator} each {right.period}",
                f"{self.left.indicator} có số theo {KINDS_VI[left.period]}, {self.right.indicator} theo {KINDS_VI[right.period]}",
            )
            raise BuildError("period", message, ("right", "indicator"))
        for side, teller, statistic in zip(SIDES, (self.left, self.right), (left, right), strict=True):
            if teller.add_up and statistic.over_places != "sum":
                raise BuildError(
                    "add_up",
                    both(
                        f"{teller.indicator} does not add up over places",
                        f"{teller.indicator} không cộng được theo địa bàn",
                    ),
                    (side, "add_up"),
                )
        if self.right.over in SUMS and (measure_of(self.right.indicator) or right.over_time != "sum"):
            message = both(
                f"{self.right.indicator} does not add up over time: its months make no sum since January",
                f"{self.right.indicator} không cộng được theo thời gian: các tháng không thành lũy kế từ đầu năm",
            )
            raise BuildError("over", message, ("right", "over"))
        return self

    @property
    def _indicators(self) -> tuple[str, str]:
        return self.left.indicator, self.right.indicator


KINDS: dict[str, Any] = {"reconciliations": Reconciliation}
