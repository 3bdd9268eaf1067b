"""How a source is pulled, and how far it has been: for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from haidang.engine.connectors.pull.definition import Pull
from haidang.engine.connectors.pull.run import BREAKER
from haidang.engine.connectors.pull.trouble import told
from haidang.engine.contracts.definition import SourceDefinition
from haidang.engine.said import either
from haidang.engine.store.models import Pull as PullState
from haidang.engine.store.models import PullCredential


@dataclass(frozen=True, slots=True)
class Pulling:
    """`state` is None before the first run."""

    pull: Pull
    state: PullState | None
    message: str
    remedy: str
    credential_at: datetime | None
    # What happened in the last run and did not end it: the words and what to do.
    notes: list[tuple[str, str]]

    @property
    def host(self) -> str:
        return self.pull.place().host

    @property
    def is_open(self) -> bool:
        """Has it failed so often in a row that it is asked rarely?"""
        return self.state is not None and self.state.failures >= BREAKER

    @property
    def places(self) -> list[tuple[str, str]]:
        """The cursor, part by part, as it is kept."""
        return (
            [(name, str(value)[:120]) for name, value in sorted(self.state.place.items())]
            if self.state
            else []
        )


def pulling(address: str, definition: SourceDefinition | None) -> Pulling | None:
    """None where this source is sent to us."""
    if definition is None or definition.pull is None:
        return None
    state = PullState.objects.filter(address=address).first()
    message = remedy = ""
    if state is not None and state.reason:
        message, remedy = _said(state.reason, state.detail)
    notes = [_said(note["reason"], note["detail"]) for note in state.notes] if state is not None else []
    set_at = PullCredential.objects.filter(address=address).values_list("set_at", flat=True).first()
    return Pulling(definition.pull, state, message, remedy, set_at, notes)


def _said(reason: str, detail: dict[str, str]) -> tuple[str, str]:
    words = told(reason, detail)
    return either(words.vi, words.en), either(words.mend_vi, words.mend_en)
