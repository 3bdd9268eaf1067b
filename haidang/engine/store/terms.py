"""What the content of a source promised, with the hash of the text that says so."""

from __future__ import annotations

from dataclasses import dataclass

from haidang.engine.contracts.definition import Contract, SourceDefinition
from haidang.engine.contracts.sheets.definition import SheetContract


@dataclass(frozen=True, slots=True)
class Terms:
    """The content of one source: what it is and what it promised, with the hash of the contract's text."""

    source: SourceDefinition
    contract: Contract
    contract_sha256: str


@dataclass(frozen=True, slots=True)
class SheetTerms:
    """The same of a source of files."""

    source: SourceDefinition
    contract: SheetContract
    contract_sha256: str
