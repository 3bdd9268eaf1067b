"""What leaves as PDF and Word is what the board shows, number by number, and stays so."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from pytest_django.fixtures import Settings

from haidang.engine.boards.content import library
from haidang.engine.boards.statistics import breakdown, stats
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.boards.tiles import Look
from haidang.engine.people.models import Office, Person
from haidang.engine.reports import actions, making, of_board, pdf, pictures, word
from haidang.engine.reports.conftest import MONTHLY, NOW, later
from haidang.engine.reports.forms import MakeForm
from haidang.engine.reports.making import Wanted
from haidang.engine.reports.paper import Column, Head, Number, Paper, Picture, Row, Table, numbers

BOARD = Wanted("economy.economy")


def test_what_a_file_cannot_hold_is_a_sign_and_keeps_no_paper_from_being_made(tmp_path: Path) -> None:
    """Somebody pasted a line of Word into a form: its line break is a vertical tab. Another one likes little pictures."""
    head = Head(
        authority="UBND", office="Sở", place="Tây Ninh", recipient="Lãnh\x0bđạo", made_at=NOW.isoformat(),
        made_text="10:00", day_text="ngày 21", is_simulated=False,
    )  # fmt: skip
    table = Table(
        title="Lệnh\x0b", columns=[Column(title="STT", width=1), Column(title="Việc\x1f", width=4)],
        rows=[
            Row(cells=[["1"], ["Dọn rác\x0bsau chợ"]], note="xong rồi 👍 \uf0b7 ☑ ≥ 中"),
            Row(cells=[["2"]], said="chưa\x01có"),
        ],
    )  # fmt: skip
    paper = Paper(head=head, kind="DANH SÁCH", subject="Lệnh\x02", known_text="lúc\x03", blocks=[table])
    as_word = word.render(paper, lambda number: number.why)
    assert list(rows_of(as_word, "Lệnh␀")) == ["Việc␀", "Dọn rác␀sau chợ", "chưa␀có"]
    assert "xong rồi 👍" in everything_in(as_word)
    as_pdf = text_of(pdf.render(paper, lambda number: number.why), tmp_path)
    assert "xong rồi ☑ ≥ (?)" in " ".join(as_pdf.split())
    assert "Dọn rác" in as_pdf


@pytest.mark.usefixtures("autumn")
def test_paper_of_the_provinces_own_committee_names_it_once(leader: Person, tmp_path: Path) -> None:
    committee = Office.objects.create(
        code="ubnd-tinh", name="Ủy ban nhân dân Tây Ninh", short_name="UBND tỉnh"
    )
    department = Office.objects.create(code="so-kt", name="Sở Kiểm tra", short_name="SKT", parent=committee)
    for office, above, below in (
        (committee, "", "Ủy ban nhân dân Tỉnh Tây Ninh"),
        (department, "UBND Tỉnh Tây Ninh", "Sở Kiểm tra"),
    ):
        leader.office = office
        head = making.head_of(leader, Look.at(NOW, leader))
        assert (head.authority, head.office) == (above, below)
        paper = Paper(head=head, kind="BÁO CÁO", subject="Thử", known_text="10:00", blocks=[])
        as_pdf = " ".join(text_of(pdf.render(paper, lambda number: number.why), tmp_path).split())
        assert below.upper()[:20].strip() in as_pdf, "its name may go on in a second line"
        assert ("UBND" in as_pdf) == bool(above)
        said = everything_in(word.render(paper, lambda number: number.why))
        assert (below.upper() in said, "UBND" in said) == (True, bool(above))


@pytest.mark.usefixtures("autumn")
def test_word_and_pdf_say_what_the_board_says(leader: Person, tmp_path: Path) -> None:
    made = actions.make(wanted=BOARD, reader=leader, form="docx", by=leader)
    as_pdf = actions.make(wanted=BOARD, reader=leader, form="pdf", by=leader)
    assert made.report.numbers == as_pdf.report.numbers
    tiles = stats.tiles_of(list(library().statistics.entries), Look.at(NOW, leader))
    in_word, in_pdf = rows_of(made.body, "Chỉ tiêu chính"), text_of(as_pdf.body, tmp_path)
    checked = 0
    for one in library().boards["economy.economy"].tiles:
        stat = tiles[address].stat if (address := getattr(one, "indicator", "")) else None
        if stat is None:
            continue
        told = f"Chỉ tiêu chính / {one.title}"
        known = made.report.known
        assert (known[f"{told} / Thực hiện"].value, known[f"{told} / Thực hiện"].unit) == (
            stat.value,
            stat.unit,
        )
        assert in_word[str(one.title)][3] == known[f"{told} / Thực hiện"].text
        for against, column in zip(stat.against, ("Kỳ trước", "Cùng kỳ"), strict=True):
            assert known[f"{told} / {column}"].text == against.short
        if stat.progress:
            assert known[f"{told} / Lũy kế"].value == stat.progress.done
            assert known[f"{told} / Kế hoạch năm"].value == stat.progress.plan
        checked += 1
    assert checked == 9
    printed = set(in_pdf.split())
    assert not [one.text for one in made.report.known.values() if not set(one.text.split()) <= printed]
    for words in (
        "UBND TỈNH TÂY NINH",
        "Độc lập - Tự do - Hạnh phúc",
        "Nơi nhận:",
        "Lê Thị Lãnh",
        f"(mốc {made.report.epoch})",
    ):
        assert words in in_pdf
        assert words in everything_in(made.body)


@pytest.mark.usefixtures("autumn")
def test_every_number_is_a_link_to_its_why_as_it_was_known(leader: Person, settings: Settings) -> None:
    settings.HAIDANG_PUBLIC_URL = "https://ioc.tayninh.example"
    made = actions.make(wanted=BOARD, reader=leader, form="docx", by=leader)
    document = Document(io.BytesIO(made.body))
    links = {r.target_ref for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.HYPERLINK}
    wanted = {
        f"https://ioc.tayninh.example{one.why}&epoch={made.report.epoch}"
        for one in made.report.known.values()
    }
    assert links == wanted
    assert all("/vi-sao/so-ky/?indicator=economy." in one and "&as_of=2026-11-21T03" in one for one in links)
    assert len(document.element.body.xpath(".//w:hyperlink")) == len(made.report.known)


def test_a_correction_published_later_leaves_the_report_reproducible(autumn: Reports, leader: Person) -> None:
    made = actions.make(wanted=BOARD, reader=leader, form="pdf", by=leader)
    later(5)
    autumn.publish(MONTHLY, "2026-10", lambda value: 1.2 * value)
    later(60)
    again = actions.again(report=made.report, by=leader)
    assert (again.is_equal, again.same_bytes, again.same_content) == (True, True, True)
    assert again.compared == len(made.report.numbers) > 100
    now = actions.make(wanted=BOARD, reader=leader, form="pdf", by=leader)
    path = "Chỉ tiêu chính / Giải ngân đầu tư công / Thực hiện"
    assert (made.report.known[path].value, now.report.known[path].value) == (889.2, 1067.0)
    then = actions.make(wanted=BOARD, reader=leader, form="docx", as_of=NOW, by=leader)
    assert actions.compare(made.report.known, then.report.known) == []


@pytest.mark.usefixtures("autumn")
def test_what_differs_is_named_with_its_reason(leader: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    made = actions.make(wanted=BOARD, reader=leader, form="pdf", by=leader)
    boards = library().boards
    fewer = SimpleNamespace(title=boards[BOARD.address].title, tiles=boards[BOARD.address].tiles[1:])
    monkeypatch.setitem(
        boards, BOARD.address, type(boards[BOARD.address])(title=fewer.title, tiles=list(fewer.tiles))
    )
    again = actions.again(report=made.report, by=leader)
    assert not again.is_equal
    assert not again.same_content
    assert {one.path.split(" / ")[1] for one in again.differences} == {"Thu ngân sách nhà nước"}
    assert "nội dung bảng hay công thức đã đổi" in again.verdict


@pytest.mark.usefixtures("autumn")
def test_a_period_is_chosen_by_its_name_and_an_older_one_taken_by_its_code(leader: Person) -> None:
    asked = {"address": "economy.economy", "form": "pdf"}
    shown = str(MakeForm()["period"])
    assert '<option value="2026-10">tháng 10/2026</option>' in shown
    assert '<option value="2026-Q3">quý III/2026</option>' in shown
    assert MakeForm({**asked, "period": "2026-Q3"}).is_valid()
    assert MakeForm({**asked, "period": "2019-01"}).is_valid()
    assert "không phải một kỳ" in str(MakeForm({**asked, "period": "mười"}).errors["period"])


@pytest.mark.usefixtures("autumn")
def test_a_period_is_shown_as_it_was_the_newest(leader: Person) -> None:
    made = actions.make(
        wanted=Wanted("economy.economy", period="2026-09"), reader=leader, form="pdf", by=leader
    )
    known = made.report.known
    whys = {one.why for path, one in known.items() if path.endswith("/ Thực hiện")}
    assert all("at=2026-10-01" in why for why in whys)
    assert "tháng 9/2026" in made.report.title
    with pytest.raises(making.Unknown, match="chưa kết thúc"):
        making.paper_of(Wanted("economy.economy", period="2026-12"), leader, NOW)
    with pytest.raises(making.Unknown, match="không phải một kỳ"):
        making.paper_of(Wanted("economy.economy", period="mười"), leader, NOW)
    with pytest.raises(making.Unknown, match="Không có bảng"):
        making.paper_of(Wanted("economy.nothing"), leader, NOW)


def test_a_map_names_both_archipelagos_and_a_commune_has_its_own_report(
    communes: Reports, leader: Person
) -> None:
    paper, _epoch = making.paper_of(Wanted("economy.communes"), leader, NOW)
    picture = next(one for one in paper.blocks if isinstance(one, Picture))
    written = pictures.words_in(picture)
    assert {"Hoàng Sa", "Trường Sa"} <= set(written)
    assert "Hoàng Sa" in picture.alt
    assert pictures.as_png(picture).startswith(b"\x89PNG")
    tile = next(t for t in library().boards["economy.communes"].tiles if t.title.vi == "Theo xã, phường")
    view = breakdown.breakdown(tile, Look.at(NOW, leader))  # type: ignore[arg-type]
    assert view is not None
    known = numbers(paper)
    assert len(view.lines) == 96
    for line in view.lines:
        found = known[f"{view.title} / {line.place} / Thực hiện"]
        assert (found.value, found.place) == (line.value, line.place.pk)
    code = view.lines[0].place.code
    own, _epoch = making.paper_of(Wanted("economy.communes", unit=code), leader, NOW)
    first = numbers(own)["Chỉ tiêu chính / Thu của các xã, phường / Thực hiện"]
    assert (first.value, first.place) == (view.lines[0].value, view.lines[0].place.pk)


def test_every_kind_of_tile_of_a_board_has_its_way_to_paper() -> None:
    """A kind that is only of a screen prints a sentence; whoever adds one decides."""
    known = {
        type(tile) for board in library().boards.values() if board.layout == "board" for tile in board.tiles
    }
    assert known - set(of_board.BUILD) <= of_board.ON_SCREENS_ONLY
    assert of_board.ON_SCREENS_ONLY.isdisjoint(of_board.BUILD)


def test_numbers_of_one_path_are_told_apart_and_compared_exactly() -> None:
    one = Number(text="1,0", value=1.0, unit="%", why="/a")
    other = Number(text="1,0", value=1.04, unit="%", why="/a")
    assert actions.compare({"a": one}, {"a": one}) == []
    assert actions.compare({"a": one}, {"a": other}) == [
        actions.Difference("a", "1,0 % (1.0)", "1,0 % (1.04)")
    ]
    assert actions.compare({"a": one}, {"b": one})[1].before == ""


def rows_of(body: bytes, heading: str) -> dict[str, list[str]]:
    """Rows of the table below a heading, by the first line of their second cell."""
    elements = list(Document(io.BytesIO(body)).element.body)
    start = next(n for n, one in enumerate(elements) if one.xpath("string(.)").strip() == heading)
    found = next(one for one in elements[start:] if one.tag.endswith("}tbl"))
    rows = [[cell.xpath("string(./w:p[1])") for cell in row.xpath("./w:tc")] for row in found.xpath("./w:tr")]
    return {row[1]: row for row in rows if len(row) > 1}


def everything_in(body: bytes) -> str:
    document = Document(io.BytesIO(body))
    foot = document.sections[0].first_page_footer._element.xpath("string(.)")
    return "".join(document.element.body.itertext()) + foot


def text_of(body: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(body)
    done = subprocess.run(
        ["pdftotext", "-layout", str(folder / "a.pdf"), "-"], check=True, capture_output=True
    )
    return done.stdout.decode()
