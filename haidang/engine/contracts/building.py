"""Content that takes values from other content: a contract from contracts, an indicator from tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable


class BuildError(ValueError):
    """What a thing builds on does not fit; `keys` lead to the line to blame, or `word` stands on it."""

    def __init__(self, word: str, message: str, keys: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)  # as `args[0]` it keeps both languages, as `str` it is one text
        self.word, self.keys = word, keys


@runtime_checkable
class Builds(Protocol):
    """A thing the tree completes once everything is read."""

    def builds_on(self) -> list[tuple[str, str]]:
        """Kind and address of what it takes from."""

    def completed(self, things: Mapping[str, Any]) -> Any:
        """Itself with what it takes; raises BuildError. `things` are those it named, by address."""
