"""What a check asks for and fills in: a batch of readings found good, and a fault for each of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from haidang.engine.contracts.definition import Contract
from haidang.engine.contracts.records import Record
from haidang.engine.contracts.values import iso_instant

STATUS = {"measuring": 0, "calibration": 1, "fault": 2}


class Fault(msgspec.Struct, frozen=True):
    """Why one record of a delivery is refused: a code of `reasons`, with its arguments, place and bytes as text."""

    delivery: int
    ordinal: int
    reason: str
    args: Mapping[str, object]
    excerpt: str
    station: str = ""


class Misfit(msgspec.Struct, frozen=True):
    """A resolver's answer for a station, parameter or unit it does not know."""

    reason: str
    args: Mapping[str, object]


class Resolver(Protocol):
    """What the registry knows, asked by the check."""

    codes: dict[str, int]

    def slots_of(self, station: str) -> dict[tuple[str, str], int]:
        """(parameter, unit) as written → slot, for one station; grows as spellings are met."""

    def resolve(self, station: str, parameter: str, unit: str) -> int | Misfit:
        """Slot of a spelling not met before, or why there is none."""

    def code_of(self, station: str) -> str:
        """The registered code that a spelling of it means."""

    def station_of_file(self, name: str) -> str | None:
        """Station code in a file name, by the contract's or the station's own pattern."""


class Times(dict[str, int]):
    """Stamps of ISO times met in one batch; −1 marks a text that needs the slow way."""

    def __missing__(self, text: str) -> int:
        try:
            stamp = iso_instant(text)
        except LookupError:
            stamp = None
        self[text] = -1 if stamp is None else stamp
        return self[text]


@dataclass(slots=True)
class Batch:
    """Columns of a whole batch while it is checked; `runs` says which delivery and ordinals the rows belong to."""

    slots: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    runs: list[tuple[int, int, int]] = field(default_factory=list)  # delivery, first ordinal, how many rows
    faults: list[Fault] = field(default_factory=list)
    times: Times = field(default_factory=Times)

    def add(self, delivery: int, ordinal: int, slot: int, at: int, value: float | None, status: int) -> None:
        """One good reading found on the slow way."""
        self.slots.append(slot)
        self.at.append(at)
        self.values.append(value)
        self.statuses.append(status)
        self.runs.append((delivery, ordinal, 1))


def status_codes(contract: Contract) -> dict[str, int]:
    """Status as written → 0 measuring, 1 calibration, 2 fault."""
    return {text: STATUS[name] for text, name in contract.statuses.items()}


def fault(batch: Batch, delivery: int, ordinal: int, misfit: Misfit, record: Record, body: bytes) -> None:
    """Note why a record is refused, with its place and text."""
    args = {"place": _as_sentence(record.place_vi), **misfit.args}
    station = str(misfit.args.get("station", record.station or ""))
    batch.faults.append(Fault(delivery, ordinal, misfit.reason, args, record.text(body), station[:60]))


def _as_sentence(place: str) -> str:
    return place if place.startswith("readings") else place[:1].upper() + place[1:]
