"""A crawler over every board there is: each number of what offices report is two clicks from its cell and its approver.

The sample beside each contract is handed in, signed, approved and published, so a new domain is walked without a word here.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from haidang.engine import clock
from haidang.engine.boards.content import library
from haidang.engine.boards.definition import OfStatistics, ScorecardTile
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.boards.statistics.test_boards import WHY, browser, drawer, page, text
from haidang.engine.contracts.tree import OURS, load_tree
from haidang.engine.counting import running as counting
from haidang.engine.people.models import Role
from haidang.engine.submissions import actions, judging
from haidang.engine.submissions.models import Submission

ENDS = {"delivery": r"lần nhận \d+", "sheet": r"trang “[^”]+”", "cell": r"\b[Ôô] [A-Z]+\d+", "approver": "Trần Văn Duyệt"}  # fmt: skip


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
    # A change needs all communes twice, and some that went the other way.
    reports.publish(
        "economy.commune_revenue", "2026-09", change=lambda one: one * (0.9 if one < 2500 else 1.1)
    )
    reports.publish("economy.commune_revenue", "2026-10")
    leader = browser("lanh-dao", Role.LEADER)
    told: dict[str, set[str]] = {}
    bare: dict[str, list[str]] = {}
    for path in pages():
        found = Numbers(page(leader, path))
        bare |= {path: found.bare} if found.bare else {}
        assert found.links, f"{path} shows no number of the samples"
        for link, words in found.links:
            told.setdefault(link, set()).add(words)
    assert bare == {}, "numbers without a way to their reasons"
    walked = [link for links in grouped(told).values() for link in links[:of_each]]
    assert {kind_of(link) for link in walked} >= {"so-ky", "cham-diem", "thay-doi"}
    lacking = {link: ends for link in walked if (ends := lacking_of(link, told[link], leader, of_each))}
    assert lacking == {}


def pages() -> Iterator[str]:
    """Every board with a number of statistics on it, and the whole page of each scorecard."""
    for address, board in library().boards.items():
        if board.layout == "board" and any(isinstance(tile, OfStatistics) for tile in board.tiles):
            yield f"/bang/{address}/"
            if any(isinstance(tile, ScorecardTile) for tile in board.tiles):
                yield f"/bang/{address}/cham-diem/"


def kind_of(link: str) -> str:
    return urlsplit(link).path.split("/")[2]


def grouped(links: Iterable[str]) -> dict[tuple[str, ...], list[str]]:
    """The links by what is asked: many places, lines and rows of one indicator and of one kind of number are alike."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for link in sorted(links):
        asked = parse_qs(urlsplit(link).query)
        same = [asked.get(name, [""])[0] for name in ("indicator", "term", "so", "voi")]
        groups.setdefault((kind_of(link), *same, *sorted(asked)), []).append(link)
    return groups


def lacking_of(link: str, told: set[str], leader: Client, of_each: int) -> list[str]:
    """What two clicks from a number do not show of it, and of where it comes from."""
    first = drawer(leader, link)
    found, kind = text(first), kind_of(link)
    explained = written(text(re.findall(r'<span class="bign">(.*?)</span>', first, re.DOTALL)[0]))
    lacking = [
        f"“{words}” is explained as {explained}"
        for words in told
        if written(words) and not set(explained) & set(written(words))
    ]
    if kind == "du-bao":
        return lacking  # of a forecast the numbers it follows from are walked as their own
    ends = [name for name, end in ENDS.items() if not re.search(end, found)]
    if ends:
        # The second click is on one of the numbers it is made of.
        numbers = grouped(leaves(html.unescape(one) for one in WHY.findall(first)))
        behind = [text(drawer(leader, one)) for those in numbers.values() for one in those[:of_each]]
        assert behind, (link, found[:400])
        lacking += [name for name in ends if not all(re.search(ENDS[name], one) for one in behind)]
    if kind != "so-ky":
        return lacking
    entry = library().statistics.entries[parse_qs(urlsplit(link).query)["indicator"][0].partition("@")[0]]
    by_rule = r"Cách đếm bản \d.* (trong \d+ dòng của kỳ|Các dòng của )"
    if entry.statistic.counts and not re.search(by_rule, found):
        lacking.append("rule")
    if entry.statistic.formulas and not (
        re.search(r"bản \d", found) and entry.statistic.formulas[-1][1] in found
    ):
        lacking.append("formula")
    return lacking


def leaves(links: Iterable[str]) -> list[str]:
    """Without the formulas whose inputs are links of the same drawer: these are the numbers it is made of."""
    of = {link: parse_qs(urlsplit(link).query)["indicator"][0].partition("@")[0] for link in links}
    entries, there = library().statistics.entries, set(of.values())
    inputs = {one: {name.partition("@")[0] for name in entries[one].inputs} for one in there}
    return [link for link, one in of.items() if not inputs[one] or not inputs[one] <= there]


def written(words: str) -> list[str]:
    """The numbers of some words as they stand there, without the marks of a direction; no change is a change of 0."""
    found = re.findall(r"\d[\d.]*(?:,\d+)?", words.replace("không đổi", "0"))
    return ["0" if re.fullmatch("[0,]+", one) else one for one in found]


# What is no number of a statistic, a score or a change, by its element, its class or both; and why.
NO_FIGURE = {
    ".whole": "how many lines are shown", ".called": "what a number is called", ".state": "which number is missing", "h2": "a title", "th": "a title, or a period", "time": "a period", "svg": "a drawing: the table behind it has its numbers",
    ".stt": "an order, or the code of a row", ".nw": "a unit or a period", ".at": "a period and a deadline", ".badge": "how it came here",
    ".told.muted": "period, source, office and deadline", ".pane-h": "a title and a period", ".key": "lines of a drawing",
    ".shades": "shades of a map: its numbers stand in the table by commune", ".sc-rank": "an order", ".sc-owed": "who owes what until when",
    ".sc-rest": "the rule of a rank", ".by-rule": "set by a decision, not reported", ".sp-plan": "its link explains the row",
    ".ahead": "its link explains the row", ".expected": "a forecast: the link above it explains all its steps",
    ".lacks": "which number is missing, and when it is due", ".said": "an office's own words",
    ".odd": "an estimate of what is usual: both numbers it compares are links",
}  # fmt: skip
PANES = {"statistics", "statistic-tables", "breakdowns", "line-tables", "communes", "commune_change", "periods", "unusual", "scorecards"}  # fmt: skip
# So many communes are lines of the table, not a figure; nor is a period.
OF_LINES = re.compile(
    r"\d+ (?:xã, phường|trung tâm)|\d+ trong \d+ trung tâm|(?:tháng|tuần|quý|năm) [\dIVX]+(?:/\d+)?"
)
VOID = {"area", "br", "hr", "img", "input", "link", "meta", "use"}


class Numbers(HTMLParser):
    """What stands in the tiles of statistics of a page, or on a page of its own: links to reasons with their words, and
    texts with digits outside of them that nothing says are no figure.
    """

    def __init__(self, body: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.bare: list[str] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "why-a" in told.get("class", "").split():
            self.links.append((told["href"], ""))
            assert told["href"].startswith("/vi-sao/"), told["href"]
        if tag not in VOID and not (self._in("svg") and tag != "svg"):
            self._open.append((tag, told))

    def handle_endtag(self, tag: str) -> None:
        if tag in {one for one, _told in self._open}:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not words or not self._is_shown():
            return
        if any(tag == "a" and "why-a" in told.get("class", "").split() for tag, told in self._open):
            link, before = self.links[-1]
            self.links[-1] = link, f"{before} {words}".strip()
        elif re.search(r"\d", OF_LINES.sub("", words)) and not any(map(self._in, NO_FIGURE)):
            self.bare.append(words)

    def _is_shown(self) -> bool:
        return any(
            told.get("id", "").removeprefix("pane-") in PANES or told.get("class") == "sc"
            for _tag, told in self._open
        )

    def _in(self, name: str) -> bool:
        tag, *classes = name.split(".")
        return any(
            tag in ("", one) and set(classes) <= set(told.get("class", "").split())
            for one, told in self._open
        )
