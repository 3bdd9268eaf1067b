"""Procedures as content: the steps an incident of some kind follows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import msgspec

from haidang.engine.contracts.reading import Seconds, Text
from haidang.engine.said import Said, said, told
from haidang.engine.store.content import standing_tree


class StepDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to do, who does it, within which time from opening, and what shows it done."""

    text: Text
    who: Text | None = None
    within: Seconds = Seconds(0)
    needs: Text | None = None
    required: bool = True


class ProcedureDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    title: Text
    code: str
    version: str
    basis: str
    # Addresses of rules whose incidents follow it.
    rules: list[str]
    steps: list[StepDefinition]


@dataclass(frozen=True, slots=True)
class Procedure:
    address: str
    definition: ProcedureDefinition

    def said(self) -> Said:
        """Its heading, to be kept with an incident."""
        title = {"vi": self.definition.title.vi, "en": self.definition.title.en}
        return said(
            "%(title)s · %(code)s bản %(n)s",
            title=title, code=self.definition.code, n=self.definition.version,
        )  # fmt: skip

    @property
    def heading(self) -> str:
        heading = self.said()
        return told(str(heading), heading.kept())


@lru_cache(maxsize=1)
def procedures() -> dict[str, Procedure]:
    """All procedures of the content tree by address."""
    tree = standing_tree({"procedures": ProcedureDefinition})
    return {address: Procedure(address, entry.thing) for address, entry in tree.of("procedures").items()}


def procedure_for(rule: str) -> Procedure | None:
    """The procedure that incidents from this rule follow, if one does."""
    return next((found for found in procedures().values() if rule in found.definition.rules), None)
