"""A drafted report says in correct Vietnamese what went up, down, stayed or is missing, and invents nothing."""

from __future__ import annotations

import pytest
from msgspec import ValidationError

from haidang.engine.boards.statistics import stats
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.boards.tiles import Look
from haidang.engine.people.models import Person, Role
from haidang.engine.reports import content, making
from haidang.engine.reports.conftest import NOW, reader
from haidang.engine.reports.definition import Piece, ReportTemplate, Section, pieces
from haidang.engine.reports.making import Wanted
from haidang.engine.reports.paper import Heading, Number, Paragraph, numbers

DRAFT = Wanted("economy.monthly")


def sentences(wanted: Wanted, person: Person) -> str:
    paper, _epoch = making.paper_of(making.settled(wanted, NOW), person, NOW)
    found = [one for one in paper.blocks if isinstance(one, Paragraph | Heading)]
    return "\n".join(
        one.text
        if isinstance(one, Heading)
        else "".join(run.text if isinstance(run, Number) else run for run in one.runs)
        for one in found
    )


@pytest.mark.usefixtures("autumn")
def test_sentences_carry_the_figures_of_their_month_and_each_is_linked(leader: Person) -> None:
    text = sentences(DRAFT, leader)
    assert (
        "Tháng 10/2026, thu ngân sách nhà nước trên địa bàn ước đạt 3.232,0 tỷ đồng, giảm 2,0% so với cùng kỳ năm trước; "
        "lũy kế từ đầu năm đạt 32.151,3 tỷ đồng, đạt 82,8% kế hoạch năm." in text
    )
    assert "Chỉ số sản xuất công nghiệp đạt 103,3%, không đổi so với tháng trước." in text
    assert "Chỉ số giá tiêu dùng đạt 99,6%, giảm 0,9 điểm phần trăm so với tháng trước." in text
    assert "Số còn thiếu" not in text
    paper, _epoch = making.paper_of(making.settled(DRAFT, NOW), leader, NOW)
    stat = stats.tiles_of(["economy.revenue"], Look.at(NOW, leader))["economy.revenue"].stat
    assert stat is not None
    known = numbers(paper)
    found = [one for path, one in known.items() if path.startswith("1. Thu, chi ngân sách / economy.revenue")]
    assert stat.value in [one.value for one in found]
    assert all(one.why.startswith("/vi-sao/so-ky/?") for one in known.values())


def test_what_is_missing_is_said_and_what_came_before_does_not_stand_in(
    autumn: Reports, leader: Person
) -> None:
    text = sentences(Wanted("economy.monthly", period="2026-08"), leader)
    assert "Chưa có số tổng thu ngân sách nhà nước tháng 8/2026." in text
    assert "Số còn thiếu\nKhi lập báo cáo chưa có: tổng thu ngân sách nhà nước tháng 8/2026;" in text
    assert not [one for one in text if one.isdigit() and f"{one} tỷ đồng" in text]
    september = sentences(Wanted("economy.monthly", period="2026-09"), leader)
    assert "chưa có số cùng kỳ năm trước để so sánh" in september


@pytest.mark.usefixtures("autumn")
def test_a_reader_of_another_domain_gets_no_draft() -> None:
    with pytest.raises(making.NoRight):
        sentences(DRAFT, reader("Môi trường", Role.OFFICER, domain="environment"))


def test_a_sentence_falls_into_its_parts_and_says_where_it_does_not() -> None:
    assert list(pieces("{Period}, thu {a.b:year}.")) == [
        Piece(phrase="Period"), Piece(", thu "), Piece(address="a.b", phrase="year"), Piece("."),
    ]  # fmt: skip
    for text, why in (("{a.b:growth}", "after the colon"), ("{ab}", "address"), ("thu {a.b", "no partner")):
        with pytest.raises(ValueError, match=why):
            list(pieces(text))
    with pytest.raises((ValueError, ValidationError)):
        Section(title=content.templates()["economy.monthly"].title)


@pytest.mark.django_db
def test_the_shipped_template_names_what_it_needs() -> None:
    template = content.templates()["economy.monthly"]
    assert isinstance(template, ReportTemplate)
    assert template.addresses[0] == "economy.revenue"
    assert {"economy.revenue", "economy.visitors"} <= making.indicators_of(template)
