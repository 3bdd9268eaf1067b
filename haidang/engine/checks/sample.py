"""What becomes of a source's sample, found by the same resolver and check as in ingest, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from haidang.engine.assets.models import Asset
from haidang.engine.both import Both, both
from haidang.engine.clock import LOCAL
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.connectors.pull.kinds import as_delivered
from haidang.engine.contracts.batch import Batch, status_codes
from haidang.engine.contracts.check import check_arrival
from haidang.engine.contracts.columns import Columns, bound, columns_of
from haidang.engine.contracts.definition import Contract, SourceDefinition
from haidang.engine.contracts.reading import read
from haidang.engine.contracts.tree import Entry
from haidang.engine.contracts.values import from_microseconds, microseconds
from haidang.engine.store.models import Source
from haidang.engine.store.registry import Registry, Slot, SourceView
from haidang.engine.store.terms import Terms


class Outcome(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What became, or must become, of one record: either `refused` with a code of `reasons`, or the reading."""

    refused: str = ""
    station: str = ""
    parameter: str = ""
    at: str = ""
    value: float | None = None
    unit: str = ""
    status: str = ""


class Expected(msgspec.Struct, forbid_unknown_fields=True):
    """`<source>.expected.json`: how the sample arrives, and one outcome per record in its order."""

    # The centre's clock when the sample arrives.
    received_at: datetime
    records: list[Outcome]
    # Registered stations with their kind.
    stations: dict[str, str]
    # File name or topic; the station of a file stands in its name.
    name: str = ""


@dataclass(slots=True)
class _Shelf(Registry):
    """A registry of the stations of one sample, that makes its series in memory."""

    units: list[tuple[str, str]] = field(default_factory=list)

    def station(self, code: str) -> Asset | None:
        return self.stations.get(code)

    def patterns(self) -> list[tuple[str, str]]:
        return []  # a check needs no centre

    def slot(self, view: SourceView, asset: Asset, parameter: str, factor: float) -> int:
        definition = view.terms.contract.of_kind(asset.kind).parameters[parameter]
        self.slots.append(Slot(len(self.slots), 0, asset.code, parameter, 0, 1, definition.unit))
        self._factor.append(factor)
        self._low.append(definition.min)
        self._high.append(definition.max)
        self._tolerance.append(int(view.terms.contract.future_tolerance * 1_000_000))
        return len(self.slots) - 1


def read_expected(path: Path) -> Expected:
    """The file; raises ContentError. JSON is YAML, so mistakes are named by line."""
    return read(path, Expected)


def outcomes(
    source: Entry[SourceDefinition], contract: Entry[Contract], body: Path, expected: Expected
) -> list[Outcome]:
    """One outcome per record of the sample."""
    shelf = _Shelf(
        terms={},
        stations={code: Asset(code=code, kind=kind) for code, kind in expected.stations.items()},
    )
    view = SourceView(
        shelf, Source(address=source.address), Terms(source.thing, contract.thing, contract.sha256)
    )
    form = "ndjson" if body.suffix == ".ndjson" else str(source.thing.format)
    if source.thing.pull is None:
        content = body.read_bytes()
    else:
        content, form = as_delivered(source.thing.pull, body, form)
    arrival = Arrival(
        source=source.address,
        door=source.thing.doors[0] if source.thing.doors else "push",
        received_at=expected.received_at.timestamp(),
        credential="",
        name=expected.name or body.name,
        format=form,
    )
    batch = Batch()
    count = check_arrival(arrival, content, contract.thing, view, batch, 0, 0)
    rows = columns_of(batch)
    bad: dict[str, np.ndarray] = {}
    if len(rows):
        _, bad = bound(rows, shelf.bounds(), microseconds(expected.received_at))
    found: dict[int, Outcome] = {fault.ordinal: Outcome(refused=fault.reason) for fault in batch.faults}
    for row in range(len(rows)):
        reason = next((name for name, mask in bad.items() if mask[row]), "")
        found[int(rows.ordinal[row])] = (
            Outcome(refused=reason) if reason else _reading(rows, row, shelf, contract.thing)
        )
    return [found[ordinal] for ordinal in range(count)]


def _reading(rows: Columns, row: int, shelf: _Shelf, contract: Contract) -> Outcome:
    slot = shelf.slots[int(rows.slot[row])]
    codes = {number: text for text, number in reversed(status_codes(contract).items())}
    value = float(rows.value[row])
    return Outcome(
        station=slot.asset_code,
        parameter=slot.parameter,
        at=from_microseconds(int(rows.at[row])).astimezone(LOCAL).isoformat(),
        value=None if np.isnan(value) else value,
        unit=slot.unit,
        status=codes[int(rows.status[row])],
    )


def difference(got: Outcome, wanted: Outcome) -> str:
    """What differs, in words; empty when nothing does."""
    found = [
        (name, _say(one), _say(other))
        for name, one, other in (
            (name, getattr(got, name), getattr(wanted, name)) for name in Outcome.__struct_fields__
        )
        if one != other
        and not (isinstance(one, float) and isinstance(other, float) and np.isclose(one, other))
    ]
    if not found:
        return ""
    return both(
        "; ".join(f"{name} is {one.en}, expected {other.en}" for name, one, other in found),
        # i18n: data – both languages stand beside each other
        "; ".join(f"{name} là {one.vi}, mong đợi {other.vi}" for name, one, other in found),
    )


def _say(value: Any) -> Both:
    return both("nothing", "(không có)") if value in ("", None) else both(str(value), str(value))
