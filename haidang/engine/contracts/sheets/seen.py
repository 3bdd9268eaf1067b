"""On which line a key stood first: sixteen bytes for each, where a dictionary needs a hundred and thirty."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Seen:
    """Sorted runs of hashes with their lines; two runs of like length become one, so there are few."""

    def __init__(self) -> None:
        self._runs: list[tuple[NDArray[np.int64], NDArray[np.int32]]] = []

    def first_lines(self, hashes: list[int], lines: list[int]) -> list[int]:
        """The line each key stood on first, this or an earlier one; the keys are seen from now on."""
        import numpy as np

        found, numbers = np.array(hashes, np.int64), np.array(lines, np.int32)
        order = np.argsort(found, kind="stable")
        found, numbers = found[order], numbers[order]
        begins = np.ones(len(found), bool)
        begins[1:] = found[1:] != found[:-1]
        keys, first = found[begins], numbers[begins]
        fresh = np.ones(len(keys), bool)
        for run, run_lines in self._runs:
            place = np.minimum(np.searchsorted(run, keys), len(run) - 1)
            known = run[place] == keys
            first[known] = run_lines[place[known]]
            fresh &= ~known
        if fresh.any():
            self._keep(keys[fresh], first[fresh])
        told = np.empty(len(found), np.int32)
        told[order] = first[np.cumsum(begins) - 1]
        return told.tolist()

    def _keep(self, keys: NDArray[np.int64], lines: NDArray[np.int32]) -> None:
        import numpy as np

        self._runs.append((keys, lines))
        while len(self._runs) > 1 and len(self._runs[-2][0]) <= 2 * len(self._runs[-1][0]):
            (keys, lines), (more, more_lines) = self._runs.pop(), self._runs.pop()
            keys, lines = np.concatenate((more, keys)), np.concatenate((more_lines, lines))
            order = np.argsort(keys, kind="stable")
            self._runs.append((keys[order], lines[order]))
