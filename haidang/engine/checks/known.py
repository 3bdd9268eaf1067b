"""What content may name: parameters by kind of asset, indicators, kinds of asset."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from haidang.engine.both import absent, both, did_you_mean
from haidang.engine.contracts.tree import Tree
from haidang.engine.indicators.catalogue import Catalogue, catalogue_of


class Known:
    """Names of a whole tree, for checks that look across files.

    A file that could not be read still names what it was to declare: one mistake is blamed once, where it is, and
    not again in every file that leans on it.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        # Contract → cell of its sample → field, item and value; filled by `checks.stated`.
        self.samples: dict[str, dict[str, tuple[str, str, object]]] = {}
        broken = {problem.path for problem in tree.problems if problem.path.suffix == ".yml"}
        read = {entry.path for entry in [*tree.all(), *tree.domains.values()]}
        self._unread = [path for path in sorted(broken - read) if path.is_file()]
        self.asset_kinds = {kind for domain in tree.domains.values() for kind in domain.thing.asset_kinds}
        # Asset kind → parameter → its unit in a contract that covers this kind.
        self.parameters: dict[str, dict[str, str]] = defaultdict(dict)
        for entry in tree.contracts.values():
            for kind in entry.thing.asset_kinds:
                for symbol, parameter in entry.thing.of_kind(kind).parameters.items():
                    self.parameters[kind].setdefault(symbol, parameter.unit)

    @cached_property
    def statistics(self) -> Catalogue:
        """Those of the whole tree that can be computed."""
        return catalogue_of(self.tree)

    def exists(self, kind: str, address: str) -> bool:
        """Whether there is such a file, readable or not."""
        if address in self.tree.of(kind):
            return True
        domain, _, stem = address.partition(".")
        return any(
            (p.parent.parent.name, p.parent.name, p.stem) == (domain, kind, stem) for p in self._unread
        )

    def missing(self, kind: str, address: str) -> str | None:
        """A sentence when there is no such file, with the names that are near."""
        return None if self.exists(kind, address) else absent(kind, address, self.tree.of(kind))

    def _declared_unread(self, folder: str, key: str) -> bool:
        """Whether an unreadable contract, or an unreadable domain.yml, has this key somewhere."""
        files = [
            p for p in self._unread if p.parent.name == folder or (not folder and p.name == "domain.yml")
        ]
        return any(f"{key}:" in path.read_text(encoding="utf-8", errors="replace") for path in files)

    def unit(self, asset_kind: str, parameter: str) -> str | None:
        """Unit of a parameter at this kind of asset (empty: at any); None when no contract has it."""
        kinds = [asset_kind] if asset_kind else list(self.parameters)
        return next(
            (self.parameters[k][parameter] for k in kinds if parameter in self.parameters.get(k, {})), None
        )

    def missing_parameter(self, asset_kind: str, parameter: str) -> str | None:
        """A sentence when no contract has this parameter for this kind of asset."""
        if self.unit(asset_kind, parameter) is not None or self._declared_unread("contracts", parameter):
            return None
        among = {
            name
            for kind in ([asset_kind] if asset_kind else self.parameters)
            for name in self.parameters[kind]
        }
        near = did_you_mean(parameter, sorted(among))
        where = f"for assets of kind {asset_kind}" if asset_kind else "at all"
        where_vi = f" cho loại {asset_kind}" if asset_kind else ""
        return both(
            f"no contract has the parameter {parameter} {where}{near.en}",
            f"không hợp đồng nào có thông số {parameter}{where_vi}{near.vi}",
        )

    def missing_kind(self, asset_kind: str) -> str | None:
        """A sentence when no domain declares this kind of asset."""
        if not asset_kind or asset_kind in self.asset_kinds or self._declared_unread("", asset_kind):
            return None
        return both(
            f"no domain.yml declares the asset kind {asset_kind} under `asset_kinds`",
            f"không domain.yml nào khai loại {asset_kind} trong `asset_kinds`",
        )
