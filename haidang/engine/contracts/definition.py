"""What a contract and a source promise: the structures behind `contracts/*.yml` and `sources/*.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from haidang.engine.both import both
from haidang.engine.connectors.pull.definition import Pull
from haidang.engine.contracts.building import BuildError
from haidang.engine.contracts.reading import Seconds, Text

T = TypeVar("T")

StatusName = Literal["measuring", "calibration", "fault"]
DoorName = Literal["mqtt", "push", "ftp", "web", "pull"]
# Where something stands in a file, key within key.
Keys = tuple[str | int, ...]
# As long as the record's columns for them.
Symbol = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Unit = Annotated[str, msgspec.Meta(max_length=20)]


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One measured quantity. Values outside `min`…`max` are impossible and refused; limits of law are rules."""

    title: Text
    unit: Unit
    min: float
    max: float
    aliases: list[str] = []
    # Other units a sender may use for this parameter, with the factor that turns them into `unit`.
    convert: dict[str, float] = {}
    decimals: int = 1


def _is_readable(pattern: str) -> bool:
    """Whether a moment written by this pattern can be read again, to the minute."""
    moment = datetime(2026, 11, 21, 10, 5)  # noqa: DTZ001 - the zone stands beside the pattern
    try:
        return datetime.strptime(moment.strftime(pattern), pattern) == moment  # noqa: DTZ007
    except (ValueError, re.error):
        return False


class Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Text files of one reading per line."""

    fields: list[Literal["parameter", "value", "unit", "at", "status", "station"]]
    separator: str = "\t"
    time: str = "%Y%m%d%H%M%S"
    zone: str = "Asia/Ho_Chi_Minh"
    # Names the station when the lines do not; per-station patterns are set on the asset's registration.
    file_name: str = ""

    def faults(self) -> Iterator[tuple[str, str]]:
        """What no file could be read by: the key to blame, and why."""
        for name in ("parameter", "value", "at"):
            if name not in self.fields:
                yield "fields", both(f"fields lack {name}", f"fields thiếu {name}")
        if not self.separator:
            yield "separator", both("separator is empty", "separator trống")
        try:
            ZoneInfo(self.zone)
        except (OSError, ValueError, LookupError):
            yield (
                "zone",
                both(
                    f"zone {self.zone!r} is unknown; write for example Asia/Ho_Chi_Minh",
                    f"không biết múi giờ {self.zone!r}; viết ví dụ Asia/Ho_Chi_Minh",
                ),
            )
        if not _is_readable(self.time):
            yield (
                "time",
                both(
                    f"time {self.time!r} does not name a moment; write for example %Y%m%d%H%M%S",
                    f"time {self.time!r} không chỉ một thời điểm; viết ví dụ %Y%m%d%H%M%S",
                ),
            )
        try:
            pattern = re.compile(self.file_name)
        except (re.error, RecursionError, OverflowError) as error:
            yield (
                "file_name",
                both(
                    f"file_name is not a regular expression: {error}",
                    f"file_name không phải biểu thức chính quy: {error}",
                ),
            )
            return
        if self.file_name and "station" not in self.fields and "station" not in pattern.groupindex:
            yield (
                "file_name",
                both(
                    "file_name names no station: write the part that is its code as (?P<station>…)",
                    "file_name không chỉ ra trạm: viết phần là mã trạm thành (?P<station>…)",
                ),
            )


class Contract(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="readings"
):
    """What a source promises to send: values of parameters over time. Files of offices: `sheets.definition`."""

    title: Text
    asset_kinds: list[str]
    every: Seconds
    silent_after: Seconds
    parameters: dict[Symbol, Parameter] = {}
    # Addresses of contracts whose parameters, units and spellings hold here too, each for its own kinds of asset;
    # `parameters` above settles what two of them write alike for one kind. The tree fills them in, see `Combined`.
    parameters_of: list[str] = []
    description: Text | None = None
    legal_basis: str = ""
    # Spellings of units that mean the same: written form → the contract's form.
    units: dict[str, str] = {}
    statuses: dict[str, StatusName] = msgspec.field(
        default_factory=lambda: {"00": "measuring", "01": "calibration", "02": "fault"}
    )
    lines: Lines | None = None
    future_tolerance: Seconds = Seconds(600)
    personal_data: Literal["none", "basic", "sensitive"] = "none"
    volume_per_day: list[int] = []
    version: str = "1.0"

    def of_kind(self, asset_kind: str) -> Contract:  # noqa: ARG002 - what it says holds for all its kinds
        """What it says for one kind of asset: NO2 is a gas at an air station and nitrite at one in the river."""
        return self

    def measured(self) -> list[tuple[str, Parameter, list[str]]]:
        """Symbol, parameter and the kinds of asset where the symbol means that; a symbol may stand here twice."""
        found: list[tuple[str, Parameter, list[str]]] = []
        for kind in self.asset_kinds:
            for symbol, parameter in self.of_kind(kind).parameters.items():
                kinds = next((k for s, p, k in found if (s, p) == (symbol, parameter)), None)
                if kinds is None:
                    found.append((symbol, parameter, [kind]))
                else:
                    kinds.append(kind)
        return found

    def faults(self) -> Iterator[tuple[Keys, str]]:
        if self.lines:
            for key, message in self.lines.faults():
                yield ("lines", key), message

    def builds_on(self) -> list[tuple[str, str]]:
        return [("contracts", address) for address in self.parameters_of]

    def completed(self, things: Mapping[str, Any]) -> Contract:
        """With the parameters and spellings of units of the contracts it builds on."""
        bases: dict[str, Contract] = {}
        for address in self.parameters_of:
            base = things.get(address)
            if not isinstance(base, Contract):
                continue  # the tree has said that it does not exist
            if base.parameters_of:
                raise BuildError(
                    address,
                    both(
                        f"contract {address} builds on others itself; name those instead",
                        f"hợp đồng {address} cũng dựa trên hợp đồng khác; ghi thẳng các hợp đồng đó",
                    ),
                )
            bases[address] = base
        if not bases:
            if not (self.parameters or self.parameters_of):
                raise BuildError(
                    "kind",
                    both(
                        "a contract needs `parameters` or `parameters_of`",
                        "hợp đồng cần `parameters` hoặc `parameters_of`",
                    ),
                )
            return self
        by_kind = {kind: self._for(kind, list(bases.values())) for kind in self.asset_kinds}
        said = {name: getattr(self, name) for name in self.__struct_fields__}
        said["parameters"] = _first_of(one.parameters for one in by_kind.values())
        said["units"] = _first_of(one.units for one in by_kind.values())
        return Combined(**said, by_kind=by_kind)

    def _for(self, kind: str, bases: list[Contract]) -> Contract:
        """For one kind: of the contracts that speak of it, or of all where none does."""
        parameters: dict[str, Parameter] = {}
        units: dict[str, str] = {}
        for base in [base for base in bases if kind in base.asset_kinds] or bases:
            if clash := sorted(parameters.keys() & base.parameters.keys() - self.parameters.keys()):
                message = both(
                    f"{', '.join(clash)} in two of these contracts: settle it under `parameters`",
                    f"{', '.join(clash)} có ở hai hợp đồng này: quyết định trong `parameters`",
                )
                raise BuildError("parameters_of", message)
            parameters |= base.parameters
            units |= base.units
        return msgspec.structs.replace(
            self, asset_kinds=[kind], parameters=parameters | self.parameters, units=units | self.units
        )


def _first_of(found: Iterable[dict[str, T]]) -> dict[str, T]:
    """All of them in their order; of equal keys the first."""
    merged: dict[str, T] = {}
    for one in found:
        for key, value in one.items():
            merged.setdefault(key, value)
    return merged


class Combined(Contract, frozen=True, kw_only=True):
    """A contract complete with what it builds on. `parameters` and `units` hold those of all kinds; where two kinds
    mean different things by a symbol, those of its first kind. No file can be one: only the tree makes them.
    """

    by_kind: dict[str, Contract]

    def of_kind(self, asset_kind: str) -> Contract:
        return self.by_kind.get(asset_kind, self)


class Domain(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`domain.yml`: what the folder is about and which kinds of asset it speaks of."""

    title: Text
    description: Text | None = None
    asset_kinds: dict[str, Text] = {}
    # One of ours to copy from: read only where it is named, never as part of a centre.
    template: bool = False


class SourceDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A registered way in: which contract, through which doors, written how."""

    title: Text
    contract: str
    doors: list[DoorName]
    # `sheet`: files people keep in Excel, judged as a whole after they are taken.
    format: Literal["lines", "json", "sheet"]
    office: str = ""
    # With the door `pull`: where we fetch it ourselves.
    pull: Pull | None = None
    # Lower comes first where two sources measure the same parameter at the same asset.
    precedence: Annotated[int, msgspec.Meta(ge=0, le=32767)] = 10

    def __post_init__(self) -> None:
        if len(self.title.vi) > 200:
            raise ValueError("title is longer than 200 letters")

    def faults(self) -> Iterator[tuple[Keys, str]]:
        if self.pull is None and "pull" in self.doors:
            yield (
                ("doors",),
                both(
                    "the door pull needs `pull:`: what to fetch, and how often",
                    "cửa pull cần `pull:`: kéo gì, bao lâu một lần",
                ),
            )
        if self.pull is not None:
            if "pull" not in self.doors:
                yield (
                    ("doors",),
                    both(
                        "`pull:` needs the door pull among these", "có `pull:` thì trong doors phải có pull"
                    ),
                )
            for keys, message in self.pull.faults():
                yield ("pull", *keys), message
            if self.pull.fields is not None and self.format != "json":
                yield (
                    ("pull", "fields"),
                    both(
                        f"with `fields` rows become messages: write format: json, not {self.format}",
                        f"có `fields` thì mỗi dòng thành một bản tin: viết format: json, không phải {self.format}",
                    ),
                )
