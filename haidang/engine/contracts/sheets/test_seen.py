"""The line of each key is the one a dictionary would tell, however the keys come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from haidang.engine.contracts.sheets.seen import Seen


@given(some.lists(some.lists(some.integers(-(2**63), 2**63 - 1) | some.integers(0, 30), min_size=1, max_size=60), max_size=30))  # fmt: skip
def test_it_tells_what_a_dictionary_tells(blocks: list[list[int]]) -> None:
    seen, known, line = Seen(), dict[int, int](), 0
    for block in blocks:
        lines = list(range(line + 1, line + 1 + len(block)))
        line += len(block)
        assert seen.first_lines(block, lines) == [known.setdefault(key, n) for key, n in zip(block, lines, strict=True)]  # fmt: skip
