"""The index and the open lines on paper, in numbers whose reasons can be walked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from haidang.engine import clock
from haidang.engine.boards.content import library
from haidang.engine.boards.statistics.test_boards import browser
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.tree import load_tree
from haidang.engine.counting import running
from haidang.engine.counting.conftest import WARD, Publish, dossier
from haidang.engine.counting.conftest import cast as cast  # noqa: PLC0414 - the fixture of the stage before
from haidang.engine.counting.conftest import publish as publish  # noqa: PLC0414
from haidang.engine.people.models import Person, Role
from haidang.engine.reports.of_board import Told
from haidang.engine.reports.paper import Number, Table

LINES = [dossier(n, WARD, date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 6)) for n in range(1, 35)]
LINES.append(dossier(35, WARD, date(2026, 11, 2), date(2026, 11, 9)))


@pytest.fixture(autouse=True)
def _in_december(db: None) -> Iterator[None]:
    clock.set_source(datetime(2026, 12, 7, 2, tzinfo=UTC).timestamp)
    yield
    clock.set_source(None)


def paper_for(person: Person) -> tuple[Told, dict[str, Table]]:
    told = Told(library().boards["services.services"], Look.at(None, person), "services.services")
    return told, {one.title: one for one in told.blocks() if isinstance(one, Table)}


def test_the_index_is_printed_with_its_counts_gaps_and_ranking(publish: Publish) -> None:
    publish("2026-11", LINES)
    running.count_all(load_tree(kinds=running.KINDS))
    browser("lanh-dao", Role.LEADER)
    _told, found = paper_for(Person.objects.get(email="lanh-dao@tinh.invalid"))
    card = found["Bộ chỉ số phục vụ (QĐ 766)"]
    row = next(one for one in card.rows if one.cells[0] == ["2.1"])
    counts = [run for run in row.cells[2] if isinstance(run, Number)]
    assert [(one.text, one.indicator) for one in counts] == [
        ("34", "services.index_in_time"), ("35", "services.handled"),
    ]  # fmt: skip
    assert row.cells[3:6] == [["97,14%"], ["19,43"], ["20"]]
    assert "chưa đối chiếu" in row.note
    missing = next(one for one in card.rows if one.cells[0] == ["1.1"])
    assert [run for run in missing.cells[2] if run == "thiếu"] == ["thiếu", "thiếu"]
    assert card.rows[-1].cells[2] == ["19,43 trên 20 điểm tính được"]
    assert "Văn phòng UBND tỉnh" in found["Còn thiếu, ai gửi"].rows[0].cells[0]
    assert found["Xếp hạng cấp xã"].rows[0].cells[:3] == [["1"], [WARD], ["35"]]
    due = found["Hồ sơ quá hạn và sắp đến hạn"]
    assert [one.cells[-1] for one in due.rows] == [["quá 19 ngày làm việc"]]  # 24/11 is a day off
    assert "tháng 11/2026 (bản 1" in due.told


def test_whoever_may_not_see_it_is_told_so(publish: Publish) -> None:
    publish("2026-11", LINES)
    running.count_all(load_tree(kinds=running.KINDS))
    browser("moi-truong", Role.OFFICER, domain="environment")
    told, found = paper_for(Person.objects.get(email="moi-truong@tinh.invalid"))
    for title in ("Bộ chỉ số phục vụ (QĐ 766)", "Hồ sơ quá hạn và sắp đến hạn"):
        assert (found[title].rows, found[title].empty) == ([], "Người nhận chưa được cấp quyền xem số này.")
    assert told.denied >= 2
