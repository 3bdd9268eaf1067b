"""What ingest knows of sources, stations and series, kept in memory and filled from the record.

A *slot* is the row of one series in the columns below. New series are made in the running transaction; when that
transaction fails, the caller forgets the registry and a fresh one is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from haidang.engine.assets.file_names import fits
from haidang.engine.assets.models import Asset
from haidang.engine.contracts.batch import Misfit, status_codes
from haidang.engine.contracts.columns import Bounds
from haidang.engine.contracts.definition import Contract
from haidang.engine.contracts.values import microseconds, plain
from haidang.engine.store.models import Series, Source
from haidang.engine.store.terms import SheetTerms, Terms

_NEVER = -(2**62)


@dataclass(frozen=True, slots=True)
class Slot:
    """One spelling of one series. Spellings in another unit share the series and carry a factor."""

    series_id: int
    asset_id: int
    asset_code: str
    parameter: str
    source_id: int
    expected_per_hour: int
    unit: str


@dataclass(slots=True)
class Registry:
    """Resolves names; one per ingest process."""

    terms: Mapping[str, Terms]
    sheets: Mapping[str, SheetTerms] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    stations: dict[str, Asset] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    _factor: list[float] = field(default_factory=list)
    _low: list[float] = field(default_factory=list)
    _high: list[float] = field(default_factory=list)
    _tolerance: list[int] = field(default_factory=list)
    # Latest stored measuring time per series; a later one is certainly new and needs no look-up.
    last_at: dict[int, int] = field(default_factory=dict)
    _series: dict[tuple[int, int, str], Series] = field(default_factory=dict)
    _views: dict[str, SourceView] = field(default_factory=dict)
    _by_series: dict[int, Slot] | None = None
    _columns: tuple[int, Bounds, np.ndarray] | None = None
    _all: dict[str, list[Asset]] | None = None

    def load(self) -> Registry:
        """Read sources, stations and series from the record."""
        self.sources = {source.address: source for source in Source.objects.all()}
        self.stations = {asset.code: asset for asset in Asset.objects.filter(is_active=True)}
        for series in Series.objects.all():
            self._remember(series)
        return self

    def _remember(self, series: Series) -> None:
        self._series[series.source_id, series.asset_id, series.parameter] = series
        self.last_at[series.pk] = microseconds(series.last_at) if series.last_at else _NEVER

    def view(self, address: str) -> SourceView | None:
        """The resolver of one source; None when it is unknown, inactive or without content."""
        if address not in self._views:
            source, terms = self.sources.get(address), self.terms.get(address)
            if source is None or terms is None or not source.is_active:
                return None
            self._views[address] = SourceView(self, source, terms)
        return self._views[address]

    def of_sheets(self, address: str) -> tuple[Source, SheetTerms] | None:
        """The same for a source of files, which has no stations and no series."""
        source, terms = self.sources.get(address), self.sheets.get(address)
        return (source, terms) if source and terms and source.is_active else None

    def station(self, code: str) -> Asset | None:
        """The station of that code, in capitals or not where only one is meant; asks the record when it was not
        known at the start.
        """
        found = self.stations.get(code)
        if found is None:
            alike = self._registered().get(code.upper(), [])
            same = [asset for asset in alike if asset.code == code] or alike
            if len(same) == 1:
                self.stations[code] = found = same[0]
        return found

    def patterns(self) -> list[tuple[str, str]]:
        """Station and pattern of every station that names its files in its own way, as the record has it now."""
        stations = (asset for alike in self._registered().values() for asset in alike)
        return [(asset.code, asset.file_name_pattern) for asset in stations if asset.file_name_pattern]

    def look_again(self) -> None:
        """A new batch begins: whoever is a stranger in it is asked about in the record again."""
        self._all = None

    def _registered(self) -> dict[str, list[Asset]]:
        """Every station by its code in capitals. Read when a batch holds the first code that is not known, and once for
        all of its strangers: a delivery may name two hundred thousand of them.
        """
        if self._all is None:
            self._all = defaultdict(list)
            for asset in Asset.objects.filter(is_active=True).order_by("pk"):
                self._all[asset.code.upper()].append(asset)
        return self._all

    def slot(self, view: SourceView, asset: Asset, parameter: str, factor: float) -> int:
        """A new slot for a spelling; makes the series when it is the first of its kind."""
        contract = view.terms.contract.of_kind(asset.kind)
        definition = contract.parameters[parameter]
        series = self._series.get((view.source.pk, asset.pk, parameter))
        if series is None:
            series, _ = Series.objects.get_or_create(
                source=view.source,
                asset=asset,
                parameter=parameter,
                defaults={
                    "unit": definition.unit,
                    "every_s": int(contract.every),
                    "precedence": view.terms.source.precedence,
                },
            )
            self._remember(series)
        self.slots.append(
            Slot(
                series.pk,
                asset.pk,
                asset.code,
                parameter,
                view.source.pk,
                _expected(series),
                definition.unit,
            )
        )
        self._factor.append(factor)
        self._low.append(definition.min)
        self._high.append(definition.max)
        self._tolerance.append(int(contract.future_tolerance * 1_000_000))
        return len(self.slots) - 1

    def by_series(self) -> Mapping[int, Slot]:
        """Slots by series id; a series not spelled in this process yet is read from the record."""
        if self._by_series is None or len(self._by_series) != len(self._series):
            kinds = dict(Asset.objects.values_list("pk", "code"))
            self._by_series = {
                series.pk: Slot(
                    series.pk,
                    series.asset_id,
                    kinds.get(series.asset_id, ""),
                    series.parameter,
                    series.source_id,
                    _expected(series),
                    series.unit,
                )
                for series in self._series.values()
            }
        return self._by_series

    def bounds(self) -> Bounds:
        """Columns over all slots."""
        return self._as_columns()[1]

    def series_of(self) -> np.ndarray:
        """Series id per slot."""
        return self._as_columns()[2]

    def _as_columns(self) -> tuple[int, Bounds, np.ndarray]:
        if self._columns is None or self._columns[0] != len(self.slots):
            bounds = Bounds(
                np.array(self._factor),
                np.array(self._low),
                np.array(self._high),
                np.array(self._tolerance, dtype=np.int64),
            )
            self._columns = (
                len(self.slots),
                bounds,
                np.array([slot.series_id for slot in self.slots], dtype=np.int32),
            )
        return self._columns


def _expected(series: Series) -> int:
    return max(1, 3600 // max(series.every_s, 1))


class _Words:
    """What one kind of station may write: symbols and units, in the form they are compared in."""

    def __init__(self, contract: Contract) -> None:
        self.parameters = contract.parameters
        self._names = {plain(name): name for name in contract.parameters}
        for name, definition in contract.parameters.items():
            self._names |= {plain(alias): name for alias in definition.aliases}
        self._units = {plain(written): plain(meant) for written, meant in contract.units.items()}

    def name(self, symbol: str) -> str | None:
        """The parameter that is meant."""
        return self._names.get(plain(symbol))

    def factor(self, parameter: str, unit: str) -> float | None:
        """What turns a value in this unit into the contract's; None when the unit is another quantity's."""
        definition = self.parameters[parameter]
        meant = self._meant(unit)
        if not plain(unit) or meant == self._meant(definition.unit):
            return 1.0
        return next(
            (factor for other, factor in definition.convert.items() if meant == self._meant(other)), None
        )

    def _meant(self, unit: str) -> str:
        return self._units.get(plain(unit), plain(unit))


class SourceView:
    """`contracts.batch.Resolver` for one source."""

    def __init__(self, registry: Registry, source: Source, terms: Terms) -> None:
        self.registry, self.source, self.terms = registry, source, terms
        contract = terms.contract
        self.codes = status_codes(contract)
        self._words = {kind: _Words(contract.of_kind(kind)) for kind in contract.asset_kinds}
        self._known: dict[str, dict[tuple[str, str], int]] = {}
        self._pattern = re.compile(
            contract.lines.file_name
            if contract.lines and contract.lines.file_name
            else r"^(?P<station>.+)_\d{14}\.txt$"
        )

    def slots_of(self, station: str) -> dict[tuple[str, str], int]:
        if station not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()  # spellings of unregistered stations must not fill the memory
            self._known[station] = {}
        return self._known[station]

    def resolve(self, station: str, parameter: str, unit: str) -> int | Misfit:
        contract = self.terms.contract
        asset = self.registry.station(station)
        if asset is None:
            return Misfit("unknown_station", {"station": station[:60]})
        if asset.kind not in contract.asset_kinds:
            return Misfit(
                "station_kind",
                {"station": station, "kind": asset.kind, "wanted": ", ".join(contract.asset_kinds)},
            )
        words = self._words[asset.kind]
        name = words.name(parameter)
        if name is None:
            return self._unknown(asset, station, parameter)
        factor = words.factor(name, unit)
        if factor is None:
            wanted = words.parameters[name].unit
            return Misfit(
                "unit", {"parameter": name, "unit": unit[:20], "wanted": wanted, "station": station}
            )
        slot = self.registry.slot(self, asset, name, factor)
        self.slots_of(station)[parameter, unit] = slot
        return slot

    def _unknown(self, asset: Asset, station: str, parameter: str) -> Misfit:
        """No such symbol, or none at this kind of station."""
        known = ", ".join(self._words[asset.kind].parameters)
        args = {"parameter": parameter[:40], "known": known, "station": station}
        if any(words.name(parameter) for words in self._words.values()):
            return Misfit("not_of_kind", {**args, "kind": asset.kind})
        return Misfit("unknown_parameter", args)

    def code_of(self, station: str) -> str:
        """The registered code that is meant by a spelling of it; the spelling itself where none is."""
        asset = self.registry.station(station)
        return asset.code if asset else station

    def station_of_file(self, name: str) -> str | None:
        base = name.rsplit("/", 1)[-1]
        for asset in self.registry.stations.values():
            if asset.file_name_pattern and fits(asset.file_name_pattern, base, asset.code):
                return asset.code
        found = self._pattern.search(base)
        if found and (meant := self.registry.station(found["station"])):
            return meant.code
        # Perhaps a station registered a moment ago names its files in its own way.
        for code, pattern in self.registry.patterns():
            if fits(pattern, base, code):
                return code
        return found["station"] if found else None
