"""Answers a process remembers: what never changes is not worked out again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """So many answers; the oldest goes first. `held` are the things the key names by their `id()`: they are held with the
    answer, so that nothing else can come to have their number. Threads may share it: two that ask at once both work.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._answers: dict[Hashable, tuple[T, tuple[object, ...]]] = {}

    def answer(self, key: Hashable, held: tuple[object, ...], make: Callable[[], T]) -> T:
        """What was answered to this key, or what `make` gives."""
        known = self._answers.get((key, *map(id, held)))
        if known is not None:
            return known[0]
        made = make()
        for old in list(self._answers)[: max(0, len(self._answers) - self.most + 1)]:
            self._answers.pop(old, None)
        self._answers[key, *map(id, held)] = made, held
        return made
