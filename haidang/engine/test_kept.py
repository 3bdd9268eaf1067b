"""An answer is kept for its key and its things, and the oldest is forgotten."""

from __future__ import annotations

from haidang.engine.kept import Kept


def test_an_answer_is_worked_out_once_for_the_same_key_and_things():
    kept, asked = Kept[int](2), []
    first, second = object(), object()

    def made(name: str) -> int:
        asked.append(name)
        return len(asked)

    assert kept.answer(1, (first,), lambda: made("a")) == 1
    assert kept.answer(1, (first,), lambda: made("again")) == 1
    assert kept.answer(1, (second,), lambda: made("other thing")) == 2
    assert kept.answer(2, (first,), lambda: made("other key")) == 3
    assert kept.answer(1, (first,), lambda: made("forgotten")) == 4
    assert asked == ["a", "other thing", "other key", "forgotten"]


def test_a_thing_lives_as_long_as_its_answer_so_that_its_number_is_not_another_ones():
    kept, seen = Kept[str](1), []

    class Thing:
        def __del__(self) -> None:
            seen.append("gone")

    kept.answer("x", (Thing(),), lambda: "first")
    assert seen == []
    kept.answer("y", (), lambda: "second")
    assert seen == ["gone"]
