"""What an office reports and what is counted out of its list are two sources of one figure."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from haidang.engine import clock
from haidang.engine.contracts.tree import load_tree
from haidang.engine.counting import running as counts
from haidang.engine.counting.conftest import Publish
from haidang.engine.counting.conftest import cast as cast  # noqa: PLC0414 - fixtures of the stage before
from haidang.engine.counting.conftest import publish as publish  # noqa: PLC0414
from haidang.engine.counting.test_counting import LINES
from haidang.engine.indicators import kinds
from haidang.engine.reconciliation import book, running
from haidang.engine.reconciliation.definition import KINDS
from haidang.engine.reconciliation.models import Difference
from haidang.engine.reconciliation.pages import _origins
from haidang.engine.submissions import actions
from haidang.engine.submissions.conftest import Cast

GROUPS = book.groups_of(load_tree(kinds={**kinds.KINDS, **KINDS}))


@pytest.fixture(autouse=True)
def _in_december() -> Iterator[None]:
    clock.set_source(datetime(2026, 12, 6, 2, tzinfo=UTC).timestamp)
    yield
    clock.set_source(None)


def report(cast: Cast, received: int, returned: int, online: int) -> None:
    """The month as the Office of the People's Committee tells it, published."""
    made, kept = Workbook(), io.BytesIO()
    assert made.active is not None
    for line in (
        ["STT", "Nội dung", "ĐVT", "Số hồ sơ trong tháng"],
        [1, "Hồ sơ tiếp nhận", "Hồ sơ", received],
        [2, "Hồ sơ đã trả kết quả", "Hồ sơ", returned],
        [3, "Hồ sơ nộp trực tuyến", "Hồ sơ", online],
    ):
        made.active.append(line)
    made.save(kept)
    found = cast.take(
        kept.getvalue(), source="services.handling_files", period="2026-11", name="bao cao.xlsx"
    )
    actions.sign(submission=found, by=cast.clerk)
    actions.approve(submission=found, by=cast.head)
    actions.publish(submission=found, by=cast.head)


def test_one_death_more_is_a_difference_and_rounded_money_is_none() -> None:
    """What is counted has no rounding to hide in: told by the list or by an office, on either side."""
    pairs = {entry.address: entry.pair for group in GROUPS for entry in group.entries}
    for name in ("services.received", "services.returned", "services.online"):
        assert not pairs[name].agree(Decimal(0), Decimal(1)), name
    assert pairs["economy.domestic_revenue"].same(Decimal("1.2"), Decimal("1.25"))


@pytest.mark.django_db
def test_a_report_that_knows_of_a_dossier_less_is_found_and_one_that_agrees_is_not(
    publish: Publish, cast: Cast
) -> None:
    publish("2026-11", LINES)
    counts.count_all(load_tree(kinds=counts.KINDS))
    report(cast, received=7, returned=4, online=2)
    running.compare_groups(GROUPS)
    (found,) = Difference.objects.all()
    assert (found.pair, found.period) == ("services.online", "2026-11")
    (case,) = found.cases
    told = _origins([*case["left_figures"], *case["right_figures"]], found)
    origins = [line for one in told.values() for line in one.lines]
    assert "đếm 3 trong 7 dòng của kỳ, cách đếm bản 1" in origins
    assert any("2026-11 ho so.xlsx" in line for line in origins)
    assert any("trang “Sheet”, ô D4" in line for line in origins)


@pytest.mark.django_db
def test_a_corrected_list_that_agrees_closes_the_difference(publish: Publish, cast: Cast) -> None:
    publish("2026-11", LINES)
    counts.count_all(load_tree(kinds=counts.KINDS))
    report(cast, received=6, returned=4, online=2)
    running.compare_groups(GROUPS)
    assert set(Difference.objects.open().values_list("pair", flat=True)) == {
        "services.received",
        "services.online",
    }
    publish("2026-11", [one for one in LINES if one[0] != 6])
    counts.count_all(load_tree(kinds=counts.KINDS))
    running.compare_groups(GROUPS)
    assert not Difference.objects.open().exists()
