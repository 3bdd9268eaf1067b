"""What the content packs say of a source: its promise, a sample to send, and what would break without it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.boards.definition import Board, ReadingTile
from haidang.engine.contracts.definition import Contract, SourceDefinition
from haidang.engine.contracts.standing import words
from haidang.engine.contracts.tree import Tree
from haidang.engine.indicators.definition import Indicator
from haidang.engine.indicators.kinds import KINDS
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.rules.definition import Rule
from haidang.engine.store.content import standing_tree

Terms = tuple[SourceDefinition, Contract]


@cache
def tree() -> Tree:
    """All content, read once per process."""
    return standing_tree({**KINDS, "rules": Rule, "boards": Board})


def terms() -> Mapping[str, Terms]:
    """Source and contract by the source's address; a source whose contract is broken is left out."""
    content = tree()
    return {
        address: (entry.thing, content.contracts[entry.thing.contract].thing)
        for address, entry in content.sources.items()
        if entry.thing.contract in content.contracts
    }


def broken() -> list[str]:
    """Content files that do not hold, with line and what it means; the folder of the machine is left out."""
    content = tree()
    return [
        words(content, replace(problem, path=Path(*problem.path.parts[-3:]))) for problem in content.problems
    ]


# --- what hangs on a source -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Impact:
    """Titles of what goes dark when the source dies."""

    indicators: list[str]
    boards: list[str]
    rules: list[str]
    backups: list[str]

    @property
    def short(self) -> str:
        """`6 chỉ tiêu, 2 bảng, 4 quy tắc`; empty when nothing hangs on it."""
        parts = []
        if count := len(self.indicators):
            parts.append(ngettext("%(n)d chỉ tiêu", "%(n)d chỉ tiêu", count) % {"n": count})
        if count := len(self.boards):
            parts.append(ngettext("%(n)d bảng", "%(n)d bảng", count) % {"n": count})
        if count := len(self.rules):
            parts.append(ngettext("%(n)d quy tắc", "%(n)d quy tắc", count) % {"n": count})
        return ", ".join(parts)

    @property
    def sentence(self) -> str:
        """Said in the present: what is at stake, before it happens."""
        if not self.short:
            return _("Nếu nguồn này chết: không chỉ tiêu, bảng hay quy tắc nào hỏng theo.")
        if self.backups:
            words = {"parts": self.short, "backups": ", ".join(self.backups)}
            return _("Nếu nguồn này chết: %(parts)s chỉ còn dựa vào %(backups)s.") % words
        return _("Nếu nguồn này chết: %(parts)s bị ảnh hưởng.") % {"parts": self.short}


def impact(address: str) -> Impact:
    """Indicators that read its parameters, boards that show those or its domain, rules that judge either."""
    content = tree()
    found = terms().get(address)
    if found is None:
        source = content.sources.get(address)
        return of_contract(source.thing.contract) if source else Impact([], [], [], [])
    contract = found[1]
    indicators = {
        name: entry.thing
        for name, entry in content.of("indicators").items()
        if isinstance(entry.thing, Indicator)
        and entry.thing.asset_kind in contract.asset_kinds
        and set(entry.thing.parameters) & set(contract.of_kind(entry.thing.asset_kind).parameters)
    }
    rules = [
        str(entry.thing.title)
        for entry in content.of("rules").values()
        if _judges(entry.thing, contract, indicators)
    ]
    boards = [
        str(entry.thing.title)
        for entry in content.of("boards").values()
        if set(entry.thing.indicators) & set(indicators) or _reads(entry.thing, contract)
    ]
    return Impact([str(i.title) for i in indicators.values()], boards, rules, _backups(address, contract))


def of_contract(contract: str) -> Impact:
    """Statistics whose cells stand in this contract, formulas over them, the boards that show any of these, and the rules that judge them."""
    content = tree()
    things = {address: entry.thing for address, entry in content.of("indicators").items()}
    statistics = {address: one for address, one in things.items() if isinstance(one, Statistic)}
    lost = {name for name, one in statistics.items() if ("contracts", contract) in one.builds_on()}
    while more := {
        name
        for name, one in statistics.items()
        if name not in lost and any(kind == "indicators" and other in lost for kind, other in one.builds_on())
    }:
        lost |= more
    boards = [str(one.thing.title) for one in content.of("boards").values() if _shows(one.thing) & lost]
    rules = [str(one.thing.title) for one in content.of("rules").values() if one.thing.indicator in lost]
    return Impact([str(statistics[name].title) for name in sorted(lost)], boards, rules, [])


def _shows(board: Board) -> set[str]:
    found: set[str] = set()
    for tile in board.tiles:
        found |= {getattr(tile, "indicator", ""), *getattr(tile, "indicators", ())}
    return {name.partition("@")[0] for name in found if name}


def _judges(rule: Rule, contract: Contract, indicators: Mapping[str, Indicator]) -> bool:
    if rule.indicator:
        return rule.indicator in indicators
    if rule.asset_kind and rule.asset_kind not in contract.asset_kinds:
        return False
    return rule.kind == "absence" or rule.parameter in contract.of_kind(rule.asset_kind).parameters


def _backups(address: str, contract: Contract) -> list[str]:
    """Other live sources that speak of the same parameters of the same kinds of asset."""
    from haidang.engine.boards.sources.ledger import NO_RHYTHM_S

    return [
        str(other.title)
        for name, (other, theirs) in terms().items()
        if name != address
        and theirs.silent_after < NO_RHYTHM_S
        and set(contract.asset_kinds) <= set(theirs.asset_kinds)
        and set(contract.parameters) <= set(theirs.parameters)
    ]


def _reads(board: Board, contract: Contract) -> bool:
    """Whether the board shows a raw value of this contract."""
    return any(
        isinstance(tile, ReadingTile)
        and tile.parameter in contract.of_kind(tile.asset_kind).parameters
        and tile.asset_kind in contract.asset_kinds
        for tile in board.tiles
    )


# --- what to send -----------------------------------------------------------------------------------------
# The parameters people meet first; a contract without them shows its own first ones.
_FIRST = ("PM2.5", "PM10", "CO", "O3", "pH", "DO", "TSS")


def sample(address: str, station: str) -> str:
    """What a correct delivery looks like now, in the form of this source."""
    definition, contract = terms()[address]
    kind = Asset.objects.filter(code=station).values_list("kind", flat=True).first()
    contract = contract.of_kind(kind if kind in contract.asset_kinds else contract.asset_kinds[0])
    now = clock.local(clock.now()).replace(second=0, microsecond=0)
    names = [name for name in _FIRST if name in contract.parameters][:2] or list(contract.parameters)[:2]
    if definition.format == "lines" and contract.lines:
        cells = {"at": now.strftime(contract.lines.time), "status": "00", "station": station}
        rows = [
            {
                **cells,
                "parameter": name,
                "value": _example(contract, name),
                "unit": contract.parameters[name].unit,
            }
            for name in names
        ]
        fields, separator = contract.lines.fields, contract.lines.separator
        return "\n".join(separator.join(str(row[field]) for field in fields) for row in rows)
    readings = [
        {
            "parameter": name,
            "value": _example(contract, name),
            "unit": contract.parameters[name].unit,
            "at": now.isoformat(timespec="seconds"),
            "status": "00",
        }
        for name in names
    ]
    return json.dumps({"station": station, "readings": readings}, ensure_ascii=False)


def _example(contract: Contract, name: str) -> float:
    """A believable value: low in the possible range, with the contract's decimals."""
    parameter = contract.parameters[name]
    believable = {"PM2.5": 31.2, "PM10": 58.4, "CO": 1.15, "O3": 62.0, "pH": 7.2, "DO": 5.6, "TSS": 28.0}
    fallback = parameter.min + 0.05 * (parameter.max - parameter.min)
    return round(believable.get(name, fallback), parameter.decimals)


def file_name(station: str) -> str:
    """A file name of the usual pattern."""
    return f"{station}_{clock.local(clock.now()):%Y%m%d%H%M}00.txt"
