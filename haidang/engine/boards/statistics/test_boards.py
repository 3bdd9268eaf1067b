"""Boards of statistics over files that were handed in, signed, approved and published: every number has its walk."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from haidang.engine import clock
from haidang.engine.boards.content import library
from haidang.engine.boards.definition import OfStatistics
from haidang.engine.boards.statistics import stats
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.boards.tiles import Look
from haidang.engine.indicators.models import Figure
from haidang.engine.people.models import Grant, Office, Person, Role
from haidang.engine.store.models import Source
from haidang.engine.submissions import judging
from haidang.engine.submissions.desk import matrices, newest_due, standings
from haidang.engine.submissions.shelf import ways

NOW = datetime(2026, 11, 28, 5, tzinfo=UTC)
WHY = re.compile(r'href="(/vi-sao/so-ky/\?[^"]+)"')
# What a walk must come to: a delivery, a sheet, a cell, and whoever approved it.
ENDS = (r"lần nhận \d+", "trang “(T10|T9|Thu)”", r"\b[Ôô] [A-Z]+\d+", "Trần Văn Duyệt")


@pytest.fixture(autouse=True)
def _noon(db: None) -> Iterator[None]:
    clock.set_source(NOW.timestamp)
    yield
    clock.set_source(None)


def browser(name: str, role: str, **where: object) -> Client:
    person = Person.objects.create(email=f"{name}@tinh.invalid", name=name)
    Grant.objects.create(person=person, role=role, **where)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def drawer(client: Client, path: str) -> str:
    return client.get(html.unescape(path), headers={"HX-Request": "true"}).content.decode()


def text(body: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def boards() -> list[str]:
    """Every board of the economy with a number of statistics on it: its files are handed in here."""
    return [
        address
        for address, board in library().boards.items()
        if board.layout == "board"
        and address.startswith("economy.")
        and any(isinstance(tile, OfStatistics) for tile in board.tiles)
    ]


def numbers(body: str) -> list[str]:
    """Every number with a way to its reasons, in the order of the page."""
    return [text(found) for found in re.findall(r'<a class="why-a"[^>]*>(.*?)</a>', body, re.DOTALL)]


def sample(links: set[str], of_each: int) -> list[str]:
    """Of the same indicator and comparison at many places only so many."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for link in sorted(links):
        groups.setdefault(tuple(re.findall(r"(?:indicator|term)=([a-z_.@]+)", link)), []).append(link)
    return [link for group in groups.values() for link in group[:of_each]]


@pytest.mark.parametrize("of_each", [2, pytest.param(10_000, marks=pytest.mark.long)])
def test_every_number_of_every_board_is_two_clicks_from_its_cell_and_its_approver(
    reports: Reports, of_each: int
) -> None:
    for period in ("2026-09", "2026-10"):
        reports.publish("economy.monthly", period)
    reports.publish("economy.commune_revenue", "2026-10")
    leader = browser("lanh-dao", Role.LEADER)
    seen: set[str] = set()
    told: dict[str, list[str]] = {}
    for address in boards():
        body = page(leader, f"/bang/{address}/")
        links = list(dict.fromkeys(WHY.findall(body)))
        assert links, address
        for link, words in re.findall(r'<a class="why-a" href="([^"]+)"[^>]*>(.*?)</a>', body, re.DOTALL):
            told.setdefault(link, []).append(text(words))
        shown = re.findall(r'<a class="why-a"([^>]*)>', body)
        assert all(' href="/vi-sao/' in one for one in shown), "a number without a way to its reasons"
        seen.update(links)
    for link in sample(seen, of_each):
        found = text(drawer(leader, link))
        if "term=" in link:
            # What the tile says and what the drawer reckons are one number.
            said = {number for one in told[link] for number in re.findall(r"\d[\d.]*(?:,\d+)?", one)}
            assert said, link
            assert all(number in found for number in said), (link, said, found[:400])
        lacking = [end for end in ENDS if not re.search(end, found)]
        assert not lacking, (link, lacking, found[:600])
        entry = library().statistics.entries[re.findall(r"indicator=([a-z_.]+)", link)[0]]
        if entry.statistic.formulas:
            assert re.search(r"bản 1", found), link
            assert entry.statistic.formulas[0][1] in found, link
            second = WHY.findall(drawer(leader, link))
            assert second, "each input leads on"


def test_a_cell_that_was_mended_in_the_grid_says_by_whom_and_what_it_was(reports: Reports) -> None:
    made = reports.publish("economy.monthly", "2026-10")
    again = reports.publish("economy.monthly", "2026-10", lambda value: value * 1.25)
    leader = browser("lanh-dao", Role.LEADER)
    links = [
        html.unescape(one)
        for one in WHY.findall(page(leader, "/bang/economy.economy/"))
        if "term=" not in one
    ]
    link, cell, row, column = next(
        (one, found[1], int(found[3]), ord(found[2]) - 65)
        for one in links
        if (found := re.search(r"Ô (([A-Z])(\d+)), trang", text(drawer(leader, one))))
    )
    assert "sửa trong lưới" not in text(drawer(leader, link))
    made.edits.create(
        sheet="T10", row=row, column=column, text="12,5", was="1.250", person=reports.clerk, at=NOW
    )
    # A whole new file has nothing of what was typed into the one before.
    assert "sửa trong lưới" not in text(drawer(leader, link))
    again.mended_from = made.number
    again.save(update_fields=["mended_from"])
    assert f"{reports.clerk.name} sửa trong lưới của bản 1: “1.250” thành “12,5”" in text(
        drawer(leader, link)
    ), cell
    assert again.number == 2


def test_a_drawer_that_did_not_understand_the_instant_says_that_it_shows_now(reports: Reports) -> None:
    reports.publish("economy.commune_revenue", "2026-10")
    leader = browser("lanh-dao", Role.LEADER)
    link = WHY.findall(page(leader, f"/bang/{boards()[0]}/"))[0].replace("&amp;", "&")
    assert "Không hiểu thời điểm “31/02/2026 10:00”" in text(drawer(leader, f"{link}&as_of=31/02/2026 10:00"))
    assert "Lúc 30/11/2099 10:00 chưa tới" in text(drawer(leader, f"{link}&as_of=30/11/2099 10:00"))
    assert "chưa tới" not in text(drawer(leader, link))


def test_a_board_of_yesterday_shows_yesterday_s_numbers_one_by_one(reports: Reports) -> None:
    for contract in ("economy.monthly", "economy.commune_revenue"):
        reports.publish(contract, "2026-10")
    leader = browser("lanh-dao", Role.LEADER)
    before = {address: numbers(page(leader, f"/bang/{address}/")) for address in boards()}
    # Microseconds tell the epochs apart; a question may not lie in the future.
    then = NOW + timedelta(minutes=1)
    clock.set_source((NOW + timedelta(minutes=5)).timestamp)
    for contract in ("economy.monthly", "economy.commune_revenue"):
        reports.publish(contract, "2026-10", lambda value: value * 1.25)
    asked = f"?as_of={then:%Y-%m-%dT%H:%M:%SZ}"
    for address, known in before.items():
        assert len(known) > 5
        assert numbers(page(leader, f"/bang/{address}/{asked}")) == known
        now = numbers(page(leader, f"/bang/{address}/"))
        assert [one for one, other in zip(known, now, strict=True) if one != other], address
    link = next(
        one for one in WHY.findall(page(leader, "/bang/economy.economy/")) if "economy.revenue&" in one
    )
    found = text(drawer(leader, link))
    assert "2 bản của số này" in found
    assert "bản 2" in found


def test_a_number_is_shown_to_whom_it_is_granted_and_its_file_to_fewer(
    reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of a list as long as this the cells are not kept: its row is read from the file again.
    monkeypatch.setattr(judging, "LONG", 3)
    made = reports.publish("economy.monthly", "2026-10")
    assert made.is_long
    elsewhere = browser("moi-truong", Role.OFFICER, domain="environment")
    body = page(elsewhere, "/bang/economy.economy/")
    assert "Bạn chưa được xem số này" in body
    assert WHY.findall(body) == []
    leader = browser("lanh-dao", Role.LEADER)
    link = WHY.findall(page(leader, "/bang/economy.economy/"))[0]
    assert elsewhere.get(html.unescape(link)).status_code == 404
    file = f"/so-lieu/{made.pk}/tep/"
    health = Office.objects.create(code="so-y-te", name="Sở Y tế", short_name="SYT")
    other, own = (
        browser(name, Role.OFFICER, office=office) for name, office in (("y-te", health), ("so", made.office))
    )
    assert file not in drawer(other, link)
    assert file in drawer(own, link)
    row = text(drawer(own, link))
    assert "B Chỉ tiêu Tổng thu ngân sách nhà nước trên địa bàn C Đơn vị tính Tỷ đồng" in row
    assert re.search(r"F Thực hiện kỳ này [\d.,]+ G Lũy kế từ đầu năm [\d.,]+", row)
    assert own.get(file).status_code == 200
    assert other.get(file).status_code == 404


def test_a_late_report_is_said_and_hatched_and_a_plan_in_danger_has_its_mark(reports: Reports) -> None:
    reports.publish("economy.monthly", "2026-10")
    leader = browser("lanh-dao", Role.LEADER)
    body = page(leader, "/bang/economy.economy/")
    assert "kỳ sau: tháng 11/2026, hạn 20/12/2026" in text(body)
    assert re.search(r'class="stat bad k3".*?Giải ngân đầu tư công', body, re.DOTALL)
    red = page(leader, "/bang/leaders.leaders/?as_of=2026-11-28T04:00:00Z")
    assert "Không có việc đỏ nào." in text(red), "nothing was known then"
    red = page(leader, "/bang/leaders.leaders/")
    assert re.search(r"Việc đỏ 1 .* Giải ngân đầu tư công: chậm [\d,]+ điểm", text(red))
    wall = text(page(leader, "/wall/results"))
    assert "Thu ngân sách Sở Tài chính · Tháng 10/2026" in wall
    assert "Chỉ số phục vụ Chưa công bố số nào để chấm điểm." in wall
    assert "Chưa công bố số nào theo xã, phường." in wall
    clock.set_source(datetime(2026, 12, 25, 5, tzinfo=UTC).timestamp)
    late = page(leader, "/bang/economy.economy/")
    assert "TRỄ 5 ngày" in late
    assert "trễ 5 ngày: số tháng 11/2026, hạn 20/12/2026" in text(late)
    assert late.count('class="stat old hatch"') == len(re.findall(r'<article class="stat[ "]', late))


def test_the_plan_of_the_year_stands_until_another_is_stated(reports: Reports) -> None:
    """Offices state it once; the months after it leave the column out."""
    reports.publish("economy.monthly", "2026-09")
    reports.publish("economy.commune_revenue", "2026-09")
    leader = browser("lanh-dao", Role.LEADER)
    plan = re.compile(r"kế hoạch năm 2026: ([\d.,]+) tỷ đồng")
    before = plan.findall(text(page(leader, "/bang/economy.economy/")))
    assert len(before) == 3
    reports.publish("economy.monthly", "2026-10", left_out=["Kế hoạch năm"])
    reports.publish("economy.commune_revenue", "2026-10", left_out=["Dự toán năm"])
    body = page(leader, "/bang/economy.economy/")
    assert "Tháng 10/2026" in body
    assert plan.findall(text(body)) == before
    shown = text(drawer(leader, next(one for one in WHY.findall(body) if "term=plan" in one)))
    assert "trang “T9”" in shown, "it is the one of September"
    communes = page(leader, "/bang/economy.communes/")
    assert "Lũy kế / dự toán" in communes
    share = next(one for one in WHY.findall(communes) if "commune_revenue" in one and "term=plan" in one)
    assert re.search(r"÷ [\d.]+(,\d+)? = [\d.,]+%", text(drawer(leader, share)))


def test_a_plan_that_cannot_be_measured_says_which_months_are_missing(reports: Reports) -> None:
    reports.publish("economy.monthly", "2026-09")
    reports.publish("economy.monthly", "2026-10", left_out=["Lũy kế từ đầu năm"])
    body = text(page(browser("lanh-dao", Role.LEADER), "/bang/economy.economy/"))
    lacking = "chưa tính được phần đạt của kế hoạch năm: thiếu số tháng 1/2026, tháng 2/2026, tháng 3/2026 và 5 kỳ khác"
    assert lacking in body
    assert "kế hoạch năm 2026:" not in body


def test_a_number_of_communes_says_how_many_of_them_have_it(reports: Reports) -> None:
    address = "economy.commune_revenue"
    assert library().statistics.level(address) == "commune"
    look = Look.at(None, reports.boss)
    assert stats.tiles_of([address], look)[address].empty == "Chưa công bố số nào."
    reports.publish(address, "2026-10")
    figures = Figure.objects.filter(indicator=address)
    kept = sorted(figures.values_list("place_id", flat=True))[:2]
    figures.exclude(place_id__in=kept).delete()
    tile = stats.tiles_of([address], Look.at(None, reports.boss))[address]
    assert tile.stat is None
    assert re.fullmatch(
        r"Tháng 10/2026: 2 trong \d\d xã, phường đã có số, chưa cộng được cả tỉnh\.", tile.empty
    )


def test_board_and_desk_call_the_same_report_late(reports: Reports) -> None:
    """Handed in on 28/11 with the history before it; each source is connected on another day."""
    days = {"economy.monthly_files": date(2026, 11, 20), "economy.commune_revenue_files": date(2026, 11, 28)}
    for address, day in days.items():
        Source.objects.filter(address=address).update(connected_date=day)
    for contract in ("economy.monthly", "economy.commune_revenue"):
        for period in ("2026-09", "2026-10"):
            reports.publish(contract, period)
    analyst = browser("phan-tich", Role.ANALYST)
    board = text(page(analyst, "/bang/economy.economy/"))
    assert "1 báo cáo trễ" in board
    assert "ký trễ 8 ngày: số tháng 10/2026, hạn 20/11/2026" in board
    person = Person.objects.get(email__startswith="phan-tich")
    newest = newest_due(standings(ways(person), person))
    assert {one.way.source.address for one in newest if one.kind == "late"} == {"economy.monthly_files"}
    cells = [one for table in matrices(person) for line in table.lines for one in line.cells if one]
    handed_in = {(one.way.source.address, one.period.code): one.kind for one in cells if one.newest}
    assert handed_in == {
        ("economy.monthly_files", "2026-09"): "history",
        ("economy.monthly_files", "2026-10"): "late",
        ("economy.commune_revenue_files", "2026-09"): "history",
        ("economy.commune_revenue_files", "2026-10"): "history",
    }
    Source.objects.update(connected_date=date(2026, 11, 28))
    assert "không báo cáo nào trễ" in text(page(analyst, "/bang/economy.economy/"))
