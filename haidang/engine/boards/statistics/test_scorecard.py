"""The index on its board and page, and the dossiers close to due: real numbers, honest gaps, and only for who may see them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve
from openpyxl import load_workbook

from haidang.engine import clock
from haidang.engine.boards import definition as d
from haidang.engine.boards.export.test_export import taken
from haidang.engine.boards.statistics.test_boards import WHY, browser, drawer, page, text
from haidang.engine.boards.walls import cells
from haidang.engine.boards.walls.scenes import Scene
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.tree import load_tree
from haidang.engine.counting import running
from haidang.engine.counting.conftest import COMMUNE, DEPARTMENT, WARD, Publish, dossier
from haidang.engine.counting.conftest import cast as cast  # noqa: PLC0414 - the fixture of the stage before
from haidang.engine.counting.conftest import publish as publish  # noqa: PLC0414
from haidang.engine.people.models import Office, Person, Role
from haidang.engine.submissions.conftest import Cast

BOARD, PAGE, DUE = (
    "/bang/services.services/",
    "/bang/services.services/cham-diem/",
    "/bang/services.services/sap-han/",
)
# 40 of the ward, all returned in time but one; 3 of the commune; of the department one is overdue, one is due on the day, one later.
LINES = [
    *(dossier(n, WARD, date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 6)) for n in range(1, 40)),
    dossier(40, WARD, date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 12)),
    *(dossier(n, COMMUNE, date(2026, 11, 3), date(2026, 11, 9), date(2026, 11, 6)) for n in range(41, 44)),
    dossier(44, DEPARTMENT, date(2026, 11, 3), date(2026, 11, 30)),
    dossier(45, DEPARTMENT, date(2026, 11, 20), date(2026, 12, 5)),
    dossier(46, DEPARTMENT, date(2026, 11, 20), date(2026, 12, 8)),
    dossier(47, DEPARTMENT, date(2026, 11, 20), date(2026, 12, 31)),
    dossier(48, DEPARTMENT, date(2026, 11, 3), date(2026, 11, 20), state="Tạm dừng"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _in_december(db: None) -> Iterator[None]:
    clock.set_source(datetime(2026, 12, 7, 2, tzinfo=UTC).timestamp)  # a Monday
    yield
    clock.set_source(None)


@pytest.fixture
def counted(publish: Publish) -> None:
    october = [
        dossier(n, WARD, date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 15 if n < 5 else 9))
        for n in range(1, 41)
    ]
    publish("2026-10", october)
    publish("2026-11", LINES)
    running.count_all(load_tree(kinds=running.KINDS))


def tile(body: str, name: str) -> str:
    found = re.search(rf'<div id="pane-{name}".*?</section></div>', body, re.DOTALL)
    assert found
    return found[0]


def rows(body: str) -> list[str]:
    return [text(row).strip() for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]


@pytest.mark.usefixtures("counted")
def test_the_index_says_what_it_comes_to_what_it_covers_and_who_owes_the_rest() -> None:
    leader = browser("lanh-dao", Role.LEADER)
    found = tile(page(leader, BOARD), "scorecards")
    said = text(found)
    # Of 48 one was returned late; the one due on 30 November is within its term on that day.
    assert "19,58 trên 20 điểm tính được" in said
    assert "Kỳ trước (tháng 10/2026): 18 trên 20 , đạt 90,0 %" in said
    row = next(one for one in rows(found) if one.startswith("2.1"))
    assert "47 Hồ sơ tiếp nhận, xử lý trong kỳ: 48 97,92 % – 19,58 20 18,00" in row
    assert "chưa đối chiếu" in row
    owed = text(re.search(r'class="sc-owed".*?</ul>', found, re.DOTALL)[0])  # type: ignore[index]
    assert "Văn phòng UBND tỉnh" in owed
    assert "hạn 15/12/2026" in owed
    assert "PAKN lần đầu" in owed
    assert "766/2022, cách tính của Cổng 10/2026, áp dụng từ 01/07/2025" in said
    early = tile(page(leader, f"{BOARD}?as_of=2026-12-01T00:00:00%2B07:00"), "scorecards")
    assert "Chưa công bố số nào để chấm điểm" in text(early)


@pytest.mark.usefixtures("counted")
def test_centres_are_ranked_by_level_with_their_volume_and_a_few_dossiers_are_no_rank() -> None:
    leader = browser("lanh-dao", Role.LEADER)
    whole = page(leader, PAGE)
    department, ward, commune = (
        next(one for one in rows(whole) if name in one) for name in (DEPARTMENT, WARD, COMMUNE)
    )
    assert ward.startswith(f"1 1. {WARD} 40 97,5 19,50 20 90")
    assert commune.startswith(f"– {COMMUNE} 3 100")
    assert department.startswith(f"– {DEPARTMENT} 5 100")
    assert rows(whole).count("Không xếp hạng: ít hơn 30 hồ sơ") == 2, "once for each level"
    earlier = page(leader, f"{PAGE}?the=services.qd_766&ky=2026-10")
    assert "18 trên 20 điểm tính được" in text(earlier)
    assert "Chưa chấm được kỳ trước (tháng 9/2026)" in text(earlier)
    assert "Chưa công bố" not in text(page(leader, f"{PAGE}?ky=khong"))
    assert leader.get("/bang/economy.economy/cham-diem/").status_code == 404


@pytest.mark.usefixtures("counted")
def test_every_count_of_the_page_leads_to_its_rule_and_its_lines() -> None:
    leader = browser("lanh-dao", Role.LEADER)
    links = list(dict.fromkeys(WHY.findall(page(leader, PAGE))))
    assert {re.findall(r"indicator=services\.(\w+)", html.unescape(one))[0] for one in links} == {
        "index_in_time", "handled", "handling_days", "returned", "paid_online", "with_fee", "index_overdue", "received",
    }  # fmt: skip
    first = next(one for one in links if "index_in_time" in one)
    shown = drawer(leader, first)
    assert "services.early + services.on_time + services.running + services.paused" in text(shown)
    behind = [text(drawer(leader, one)) for one in WHY.findall(shown)]
    assert all("Đếm các dòng có ngày tiếp nhận trong kỳ" in one for one in behind)


@pytest.mark.usefixtures("counted")
def test_it_leaves_as_excel_with_real_numbers() -> None:
    found = taken(browser("lanh-dao", Role.LEADER), f"{BOARD}xlsx/")
    points = found["Bộ chỉ số phục vụ (QĐ 766)"]
    line = next(row for row in points if row[1] == "2.1")
    assert line[3:9] == (97.92, "%", None, 19.58, 20, 18)
    assert next(row for row in points if row[1] == "3.6")[6] is None
    counts = found["Bộ chỉ số phục số liệu"]
    assert (
        "2.1",
        "Hồ sơ xử lý đúng hạn, trong hạn",
        "Hồ sơ tiếp nhận, xử lý trong kỳ",
        48,
        "hồ sơ",
    ) in counts
    due = found["Hồ sơ quá hạn và sắp đến hạn"]
    assert [row[0] for row in due if str(row[0]).startswith("H80")] == [
        "H80.01-261103-0044", "H80.01-261120-0045", "H80.01-261120-0046",
    ]  # fmt: skip


@pytest.mark.usefixtures("counted")
def test_dossiers_close_to_due_stand_most_urgent_first_and_say_as_of_which_list() -> None:
    leader = browser("lanh-dao", Role.LEADER)
    found = tile(page(leader, BOARD), "due-lists")
    assert "Tính đến 07/12/2026, theo danh sách tháng 11/2026 (bản 1, công bố 07/12/2026)" in text(found)
    listed = [one for one in rows(found) if one.startswith("H80")]
    # Due on Monday 30/11: five working days over. On Saturday 5/12: Monday is its last day. On Tuesday: one is left.
    assert [re.sub(r".*(\d\d/\d\d/2026)", r"\1", one) for one in listed] == [
        "30/11/2026 quá 5 ngày làm việc", "05/12/2026 hạn hôm nay", "08/12/2026 còn 1 ngày làm việc",
    ]  # fmt: skip
    assert "Người nộp" not in found
    assert "1 đã quá hạn" in text(found)
    whole = page(leader, f"{DUE}?noi={DEPARTMENT}")
    assert "1 đã quá hạn, 2 sắp đến hạn" in text(whole)
    assert [one for one in rows(whole) if one.startswith("H80")] == listed
    elsewhere = page(leader, f"{DUE}?noi={WARD}")
    assert "Không có dòng nào quá hạn hoặc sắp đến hạn" in text(elsewhere)
    answer = leader.get(f"{DUE}xlsx/?noi={DEPARTMENT}")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    lines = [row for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith("H80")]
    assert [row[4] for row in lines] == [-5, 0, 1]
    assert lines[0][3] == datetime(2026, 11, 30)  # noqa: DTZ001 - Excel knows no zones


@pytest.mark.usefixtures("counted")
def test_points_lead_to_their_version_their_reckoning_and_the_counts_of_that_centre() -> None:
    leader = browser("lanh-dao", Role.LEADER)
    row = next(
        one
        for one in re.findall(r"<tr.*?</tr>", page(leader, PAGE), re.DOTALL)
        if WARD in one and "97,5" in one
    )
    share = next(one for one in re.findall(r'href="(/vi-sao/cham-diem/[^"]+)"', row) if "so=ty-le" in one)
    shown = drawer(leader, share)
    said = text(shown)
    assert "Vì sao 97,5 %?" in re.sub(r"\s+(?=\?)", "", said)
    assert "bản 766/2022, cách tính của Cổng 10/2026" in said
    assert "19,50 ÷ 20 × 100 = 97,5%" in said
    assert "39 ÷ 40 × 100 = 97,50%" in said
    assert "97,50 ÷ 100 × 20 = 19,50 điểm" in said
    counts = [drawer(leader, one) for one in WHY.findall(shown) if "services.handled&" in html.unescape(one)]
    assert all(f"Các dòng của {WARD}" in text(one) and "Vì sao 40 hồ sơ" in text(one) for one in counts)
    assert counts
    lines = page(leader, html.unescape(re.findall(r'class="btn" href="([^"]+/dong/[^"]+)"', counts[0])[0]))
    assert WARD in text(lines)
    assert COMMUNE not in text(lines)
    # At an earlier instant it answers what was known then; the same link keeps asking for it.
    early = drawer(leader, f"{html.unescape(share)}&as_of=2026-12-01T00:00:00%2B07:00")
    assert "97,5" not in early
    narrow = browser("moi-truong", Role.OFFICER, domain="environment")
    for link in (share, f"{html.unescape(share)}&dong=2.1"):
        assert narrow.get(html.unescape(link)).status_code == 404
    for wrong in ("ky=khong", "trung_tam=Không+có", "dong=9.9", "the=services.none", "ky=2026-Q4"):
        assert leader.get(f"/vi-sao/cham-diem/?the=services.qd_766&ky=2026-11&{wrong}").status_code == 404, (
            wrong
        )


@pytest.mark.usefixtures("counted")
def test_a_wall_shows_the_points_and_what_they_cover(rf: RequestFactory) -> None:
    browser("lanh-dao", Role.LEADER)
    request = rf.get("/wall/chi-so")
    request.resolver_match = resolve("/wall/chi-so")
    request.user = Person.objects.get(email="lanh-dao@tinh.invalid")
    shown = d.ScorecardTile(title=Text(vi="Chỉ số phục vụ"), card="services.qd_766", least=30)
    scene = Scene("services.wall", d.Board(title=Text(vi="Dịch vụ công"), tiles=[shown], layout="wall"))
    cell = next(one for one in cells.cells_of(scene) if one.tile is shown)
    said = text(cells.draw(cell, cells.asked_for(scene, request)))
    assert "19,58 trên 20 điểm tính được" in said
    assert "tháng 10/2026: 90,0%" in said
    assert "Sở Xây dựng" not in said


def due_of(client: Client) -> str:
    return text(tile(page(client, BOARD), "due-lists"))


@pytest.mark.usefixtures("counted")
def test_an_officer_sees_the_open_lines_of_the_own_office_only(cast: Cast) -> None:
    other = Office.objects.get(code="syt")
    assert "H80.01-261103-0044" in due_of(browser("mot-cua", Role.OFFICER, office=cast.office))
    stranger = due_of(browser("y-te", Role.OFFICER, office=other))
    assert "H80" not in stranger
    assert "Chưa công bố danh sách nào" in stranger
    operator = browser("truc", Role.OPERATOR)
    assert "Bạn chưa được xem danh sách này" in due_of(operator)
    denied = text(page(operator, DUE))
    assert "H80" not in denied
    assert "Quản trị viên của trung tâm có thể cấp quyền cho bạn" in denied
    assert "Theo trung tâm" not in denied, "nothing stands under that heading"
    assert "H80" not in str(taken(operator, f"{DUE}xlsx/"))
    chief = browser("truc-ban-truong", Role.DUTY_CHIEF)
    assert "H80.01-261103-0044" in due_of(chief)
    assert "H80" in str(taken(chief, f"{DUE}xlsx/"))
    assert chief.get("/so-lieu/").status_code == 403, "the files themselves name the applicants"
    narrow = browser("moi-truong", Role.OFFICER, domain="environment")
    assert "Bạn chưa được xem những số này" in text(tile(page(narrow, BOARD), "scorecards"))
    assert "97,92" not in page(narrow, PAGE)
