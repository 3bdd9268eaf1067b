"""A crawler over every board there is: each number of what offices report is two clicks from its cell and its approver.

The sample beside each contract is handed in, signed, approved and published, so a new domain is walked without a word here.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from haidang.engine import clock
from haidang.engine.boards.content import library
from haidang.engine.boards.definition import OfStatistics
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.boards.statistics.test_boards import WHY, browser, drawer, page, sample, text
from haidang.engine.contracts.tree import OURS, load_tree
from haidang.engine.counting import running as counting
from haidang.engine.people.models import Role
from haidang.engine.submissions import actions, judging
from haidang.engine.submissions.models import Submission

ENDS = {"delivery": r"lần nhận \d+", "sheet": r"trang “[^”]+”", "cell": r"\b[Ôô] [A-Z]+\d+", "approver": "Trần Văn Duyệt"}  # fmt: skip
# A link to anything but the reasons of a number: the file, a filter, another page.
LEFT_OPEN = re.compile(r'<a class="why-a"(?![^>]* href="/vi-sao/)')


@pytest.fixture(autouse=True)
def _noon(db: None) -> Iterator[None]:
    clock.set_source(datetime(2026, 11, 28, 5, tzinfo=UTC).timestamp)
    yield
    clock.set_source(None)


def publish_samples(reports: Reports) -> list[str]:
    """The sample of every contract figures are taken from; their addresses."""
    tree = load_tree()
    sources = {one.thing.contract: address for address, one in tree.of("sources").items()}
    published = []
    for address in sorted(tree.sheets):
        domain, _, name = address.partition(".")
        told = json.loads((OURS / domain / "contracts" / f"{name}.expected.json").read_text())
        statistics = library().statistics
        if address not in sources or not (statistics.cells_of(address) or statistics.counted_from(address)):
            continue
        body = (OURS / domain / "contracts" / f"{name}.sample.xlsx").read_bytes()
        about = {"person": str(reports.clerk.pk), "office": "so-tai-chinh"}
        delivery = reports.sender.send(
            body, sources[address], format="sheet", name=f"{told['period']} mau.xlsx", about=about
        )
        made = Submission.objects.get(delivery_id=delivery.pk)
        judging.judge(made)
        made.refresh_from_db()
        assert made.state == "draft", (address, made.reason_args)
        for cell in actions.unexplained(made):
            actions.explain(submission=made, cell=cell, text="đã kiểm tra với cơ sở", by=reports.clerk)
        actions.sign(submission=made, by=reports.clerk)
        actions.approve(submission=made, by=reports.boss)
        actions.publish(submission=made, by=reports.boss)
        published.append(address)
    counting.count_all(load_tree(kinds=counting.KINDS))
    return published


@pytest.mark.parametrize("of_each", [1, pytest.param(10_000, marks=pytest.mark.long)])
def test_every_number_of_every_board_is_two_clicks_from_where_it_was_written(
    reports: Reports, of_each: int
) -> None:
    published = publish_samples(reports)
    assert {one.partition(".")[0] for one in published} >= {"economy", "health", "education", "documents", "population", "services"}  # fmt: skip
    leader = browser("lanh-dao", Role.LEADER)
    shown: dict[str, list[str]] = {}
    for address, board in library().boards.items():
        if board.layout == "board" and any(isinstance(tile, OfStatistics) for tile in board.tiles):
            body = page(leader, f"/bang/{address}/")
            assert not LEFT_OPEN.findall(body), address
            shown[address] = list(dict.fromkeys(WHY.findall(body)))
            assert shown[address], f"{address} shows no number of the samples"
    walked = sample({link for links in shown.values() for link in links}, of_each)
    assert len(walked) > 40
    lacking = {link: ends for link in walked if (ends := lacking_of(link, leader))}
    assert lacking == {}


def lacking_of(link: str, leader: object) -> list[str]:
    """What two clicks from a number do not show of where it comes from."""
    first = drawer(leader, link)  # type: ignore[arg-type]
    found = text(first)
    entry = library().statistics.entries[re.findall(r"indicator=([a-z_.]+)", html.unescape(link))[0]]
    lacking = [name for name, end in ENDS.items() if not re.search(end, found)]
    if lacking:
        # The second click is on one of the numbers it is made of.
        behind = [text(drawer(leader, one)) for one in dict.fromkeys(WHY.findall(first))]  # type: ignore[arg-type]
        assert behind, (link, found[:400])
        lacking = [name for name in lacking if not all(re.search(ENDS[name], one) for one in behind)]
    if entry.statistic.counts and not re.search(r"Cách đếm bản \d.* trong \d+ dòng của kỳ", found):
        lacking.append("rule")
    if entry.statistic.formulas and not (
        re.search(r"bản \d", found) and entry.statistic.formulas[-1][1] in found
    ):
        lacking.append("formula")
    return lacking
