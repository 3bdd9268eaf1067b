"""`haidang trace` of a counted number ends on lists and lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from haidang.config import statistics
from haidang.engine import clock
from haidang.engine.contracts.tree import load_tree
from haidang.engine.counting import running
from haidang.engine.counting.conftest import Publish
from haidang.engine.counting.conftest import cast as cast  # noqa: PLC0414 - fixtures of the stage
from haidang.engine.counting.conftest import publish as publish  # noqa: PLC0414
from haidang.engine.counting.test_counting import LINES


@pytest.fixture(autouse=True)
def _in_december() -> Iterator[None]:
    clock.set_source(datetime(2026, 12, 6, 2, tzinfo=UTC).timestamp)
    yield
    clock.set_source(None)


@pytest.mark.django_db
def test_a_share_is_walked_to_the_lines_its_counts_are_made_of(publish: Publish) -> None:
    made = publish("2026-11", LINES)
    running.count_all(load_tree(kinds=running.KINDS))
    told = statistics.steps("services.paid_online_share", "80", "2026-11")
    assert [(one["depth"], one["what"]) for one in told] == [
        (0, "figure"),
        (1, "figure"), (2, "submission"), (4, "delivery"), (3, "line"),
        (1, "figure"), (2, "submission"), (4, "delivery"), (3, "line"), (3, "line"),
    ]  # fmt: skip
    assert "đếm 1 trong 7 dòng, cách đếm bản 1" in told[1]["text"]
    assert told[3]["id"] == made.delivery_id
    assert [one["cell"] for one in told if one["what"] == "line"] == ["B3", "B3", "B6"]
    # Whose dossier it is, no trace says.
    assert not any("Người nộp" in one["text"] for one in told)
