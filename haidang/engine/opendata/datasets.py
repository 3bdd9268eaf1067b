"""The data sets: each open statistic is one. Everything else of the content is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from haidang.engine import clock
from haidang.engine.assets.simulated import is_simulated
from haidang.engine.boards.content import Library, library
from haidang.engine.boards.writing import BARE
from haidang.engine.contracts.definition import Domain
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.unit_words import unit_words
from haidang.engine.indicators.opening import LICENCES, Cycle, Licence, Open
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.opendata import rules
from haidang.engine.places.names import fold, vn_sort_key

SIMULATED = Text(vi="DỮ LIỆU MÔ PHỎNG", en="SIMULATED DATA")


@dataclass(frozen=True)
class Dataset:
    """One open statistic with what its content says of it."""

    address: str
    statistic: Statistic
    open: Open
    domain: Text
    # Title of the office's report, where it is stated in one.
    source: Text | None
    # Who answers for the numbers.
    owner: Text | None
    sha256: str
    is_of_communes: bool

    @property
    def title(self) -> Text:
        return self.statistic.title

    @property
    def domain_name(self) -> str:
        return self.address.partition(".")[0]

    @property
    def licence(self) -> Licence:
        return LICENCES[self.open.licence]

    @property
    def update(self) -> Cycle:
        return self.open.update or self.statistic.period

    @property
    def code(self) -> str:
        """Its id in SDMX, where a dot may not stand: `economy$iip`."""
        return self.address.replace(".", "$")

    @property
    def legal_basis(self) -> str:
        return self.statistic.legal_basis

    @cached_property
    def is_simulated(self) -> bool:
        """What leaves a simulated province says so itself: a file forgets the page it was taken from."""
        return is_simulated()

    @cached_property
    def description(self) -> Text:
        """What it is, and before that whether it is real."""
        said = self._described
        if not self.is_simulated:
            return said
        return Text(vi=f"{SIMULATED.vi}. {said.vi}", en=f"{SIMULATED.en}. {said.en or said.vi}")

    @property
    def _described(self) -> Text:
        """As its content describes it; else what the words of the content come to."""
        if self.statistic.description is not None:
            return self.statistic.description
        unit = self.statistic.unit
        vi, en = (unit_words(unit, language) if unit not in BARE else "" for language in ("vi", "en"))
        return Text(
            vi=f"{self.title.vi}, đơn vị tính: {vi or 'không có'}. Lĩnh vực: {self.domain.vi}.",
            en=f"{self.title.en or self.title.vi}, unit: {en or 'none'}. Field: {self.domain.en or self.domain.vi}.",
        )

    @cached_property
    def searched(self) -> str:
        """What is searched, without tones."""
        words = [self.title, self.description, self.domain, self.open.publisher, *self.open.keywords]
        return fold(" ".join([self.address, *(f"{one.vi} {one.en}" for one in words)]))

    def answers(self, query: str) -> bool:
        return all(word in self.searched for word in fold(query).split())


def opened(day: date | None = None, content: Library | None = None) -> dict[str, Dataset]:
    """What is open on a day (today), by address, in the Vietnamese order of domains and titles."""
    content = content or library()
    catalogue = content.statistics
    today = day or clock.local(clock.now()).date()
    found = [
        _dataset(address, entry.statistic, entry.statistic.open, entry.sha256, content)
        for address, entry in catalogue.entries.items()
        if entry.statistic.open is not None
        and entry.statistic.open.since <= today
        and not list(rules.faults(address, catalogue, content.sheets))
    ]
    found.sort(key=lambda one: (vn_sort_key(one.domain.vi), vn_sort_key(one.title.vi), one.address))
    return {one.address: one for one in found}


def _dataset(address: str, statistic: Statistic, said: Open, sha256: str, content: Library) -> Dataset:
    contract = content.sheets.get(statistic.contract)
    name = address.partition(".")[0]
    domains: Mapping[str, Domain] = content.domains
    return Dataset(
        address, statistic, said,
        domain=domains[name].title if name in domains else Text(vi=name),
        source=contract.title if contract else None,
        owner=statistic.office or (contract.office if contract else None),
        sha256=sha256,
        is_of_communes=content.statistics.level(address) == "commune",
    )  # fmt: skip
