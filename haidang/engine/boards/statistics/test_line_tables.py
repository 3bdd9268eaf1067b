"""A table by office or facility: each number leads to the lines it was added up from, and to who approved them."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

from haidang.engine import clock
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.boards.statistics.test_boards import WHY, browser, drawer, page, text
from haidang.engine.contracts.tree import OURS
from haidang.engine.people.models import Role
from haidang.engine.submissions import actions, judging
from haidang.engine.submissions.models import Submission

SAMPLES = {
    "health.facilities": ("health.facility_files", "2026-10"),
    "health.epidemics": ("health.epidemic_files", "2026-W44"),
}


def publish(reports: Reports, contract: str) -> None:
    """The sample beside the contract, as an office of the province hands it in."""
    domain, name = contract.split(".")
    source, period = SAMPLES[contract]
    body = (OURS / domain / "contracts" / f"{name}.sample.xlsx").read_bytes()
    about = {"person": str(reports.clerk.pk), "office": "so-tai-chinh"}
    delivery = reports.sender.send(body, source, format="sheet", name=f"{period} tep.xlsx", about=about)
    made = Submission.objects.get(delivery_id=delivery.pk)
    judging.judge(made)
    made.refresh_from_db()
    for cell in actions.unexplained(made):
        actions.explain(submission=made, cell=cell, text="có ổ dịch mới", by=reports.clerk)
    for act, who in (
        (actions.sign, reports.clerk),
        (actions.approve, reports.boss),
        (actions.publish, reports.boss),
    ):
        act(submission=made, by=who)


def test_facilities_stand_one_a_line_and_each_number_leads_to_its_cells(reports: Reports) -> None:
    clock.set_source(datetime(2026, 11, 28, 5, tzinfo=UTC).timestamp)
    try:
        publish(reports, "health.facilities")
        publish(reports, "health.epidemics")
        leader = browser("lanh-dao", Role.LEADER)
        body = page(leader, "/bang/health.health/")
        weekly = text(page(leader, "/bang/health.epidemics/"))
        table = re.search(r'id="pane-line-tables".*?</table>', body, re.DOTALL)
        assert table
        rows = [text(row) for row in re.findall(r"<tr>.*?</tr>", table[0], re.DOTALL)][1:]
        assert len(rows) == 12
        assert "Bệnh viện Đa khoa Long An" in rows[0], "the one with most visits first"
        assert "Trạm Y tế xã Tân Biên" in rows[-1]
        assert rows[-1].count("–") >= 2, "a station has no beds and no occupancy"
        links = [html.unescape(one) for one in WHY.findall(table[0])]
        link = next(one for one in links if "health.visits&" in one and "dong=" not in one)
        found = text(drawer(leader, link))
        assert "Tổng của 12 dòng" in found
        assert "Trạm Y tế phường Hòa Thành" in found
        assert "Trần Văn Duyệt" in found
        share = next(one for one in links if "health.occupancy&" in one)
        assert "health.bed_days / health.bed_days_planned" in text(drawer(leader, share))
        station = next(
            one
            for one in links
            if "health.insurance_share&" in one and "x%C3%A3%20T%C3%A2n%20Bi%C3%AAn" in one
        )
        of_line = text(drawer(leader, station))
        assert re.findall(r"Vì sao (\S+) %", of_line)[0] in rows[-1]
        assert re.search(r"ô [A-Z]+\d+, trang “[^”]+”", of_line)
        assert "Kỳ này chưa có số của dòng này." in text(drawer(leader, f"{station}x"))
        assert "Tuần 44/2026" in weekly
        tabs = re.search(r'<nav class="tabs".*?</nav>', body, re.DOTALL)
        assert tabs
        assert [text(one).strip() for one in re.findall(r"<a .*?</a>", tabs[0])][:2] == [
            "Khám chữa bệnh",
            "Dịch bệnh",
        ]
        assert "/bang/economy.economy/" in tabs[0], "the first pages of other domains whose offices report"
        assert "/bang/economy.communes/" not in tabs[0]
        assert "165" in weekly
    finally:
        clock.set_source(None)
