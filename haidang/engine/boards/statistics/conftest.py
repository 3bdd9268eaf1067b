"""Months of reports, handed in, signed by one person, approved by another and published, as a province has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from io import BytesIO

import pytest
from openpyxl import Workbook

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.ingest.conftest import Sender
from haidang.engine.ingest.conftest import sender as sender  # noqa: PLC0414 - the fixture of the stage before
from haidang.engine.people.models import Grant, Office, Person, Role
from haidang.engine.places import register
from haidang.engine.places.models import Place
from haidang.engine.store.models import Source
from haidang.engine.submissions import actions, judging
from haidang.engine.submissions.models import Submission

# Contract → source, office, and how its file is called.
FILES = {
    "economy.monthly": ("economy.monthly_files", "so-tai-chinh", "Sở Tài chính"),
    "economy.commune_revenue": ("economy.commune_revenue_files", "thue-tinh", "Thuế tỉnh"),
}


@dataclass
class Reports:
    """Whoever hands in, signs and approves; the way of each file is that of every office."""

    sender: Sender
    offices: dict[str, Office]
    clerk: Person
    boss: Person
    sent: list[Submission] = field(default_factory=list)

    def publish(
        self,
        contract: str,
        period: str,
        change: Callable[[float], float] = float,
        left_out: Collection[str] = (),
    ) -> Submission:
        """One file of one month; `change` is done to each number of its values."""
        source, code, _name = FILES[contract]
        body = workbook_of(contract, Period.parse(period), change, left_out)
        delivery = self.sender.send(
            body, source, format="sheet", name=f"{period} bao cao.xlsx", about={"person": str(self.clerk.pk)}
        )
        made = Submission.objects.get(delivery_id=delivery.pk)
        judging.judge(made)
        made.refresh_from_db()
        faults = list(made.judged.filter(level=2).values_list("row", "column", "raw", "remarks"))
        assert (made.state, made.office, faults) == ("draft", self.offices[code], []), made.reason_args
        for cell in actions.unexplained(made):
            actions.explain(submission=made, cell=cell, text="nộp bù quý trước", by=self.clerk)
        actions.sign(submission=made, by=self.clerk)
        actions.approve(submission=made, by=self.boss)
        actions.publish(submission=made, by=self.boss)
        made.refresh_from_db()
        self.sent.append(made)
        return made


def workbook_of(
    contract: str, period: Period, change: Callable[[float], float], left_out: Collection[str] = ()
) -> bytes:
    """A month's file of that contract as its office would write it; without the columns of these headings."""
    book = _monthly(period, change) if contract == "economy.monthly" else _of_communes(period, change)
    sheet = book.active
    for heading in left_out:
        (at,) = [cell.column for row in sheet.iter_rows() for cell in row if cell.value == heading]
        sheet.delete_cols(at)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


# Words, unit, an ordinary month, plan of the year in such months (0: none), lines it is the sum of.
LINES: list[tuple[str, str, float, float, tuple[int, ...]]] = [
    ("Chỉ số sản xuất công nghiệp (IIP)", "%", 104.3, 0, ()),
    ("Vốn đầu tư thực hiện", "Tỷ đồng", 6120.4, 12, ()),
    ("Tổng thu ngân sách nhà nước trên địa bàn", "Tỷ đồng", 0, 11.6, (3, 4)),
    ("- Thu nội địa", "Tỷ đồng", 2600.5, 11.6, ()),
    ("- Thu từ hoạt động xuất nhập khẩu", "Tỷ đồng", 550.2, 11.6, ()),
    ("Tổng chi ngân sách địa phương", "Tỷ đồng", 0, 12, (6, 7)),
    ("- Chi đầu tư phát triển", "Tỷ đồng", 1210.5, 12, ()),
    ("- Chi thường xuyên", "Tỷ đồng", 1600.0, 12, ()),
    ("Giải ngân vốn đầu tư công", "Tỷ đồng", 905.2, 16, ()),
    ("Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ", "Tỷ đồng", 18450.3, 12, ()),
    ("Kim ngạch xuất khẩu", "Triệu USD", 1310.4, 12, ()),
    ("Kim ngạch nhập khẩu", "Triệu USD", 1105.6, 12, ()),
    ("Chỉ số giá tiêu dùng (CPI)", "%", 100.4, 0, ()),
    ("Doanh nghiệp đăng ký thành lập mới", "Doanh nghiệp", 312.0, 12, ()),
    ("Vốn đăng ký của doanh nghiệp thành lập mới", "Tỷ đồng", 4210.5, 12, ()),
    ("Khách du lịch", "Nghìn lượt", 512.5, 12, ()),
]


def _month(number: int, period: Period) -> float:
    """What the line of this number has in a month: a growth, a season, and a wave of its own."""
    _words, unit, usual, _plan, parts = LINES[number]
    if parts:
        return round(sum(_month(one, period) for one in parts), 1)
    months = (period.year - 2026) * 12 + period.number
    wave = math.sin(months * (0.5 + number / 20) + number)
    if unit == "%":
        return round(usual + wave, 1)
    return round(usual * (1 + months * 0.004 + 0.06 * wave), 1)


def _monthly(period: Period, change: Callable[[float], float]) -> Workbook:
    """The report of a province, in the columns of the contract."""
    book = Workbook()
    sheet = book.active
    sheet.title = f"T{period.number}"
    sheet.append([None, f"CHỈ TIÊU KINH TẾ – XÃ HỘI CHỦ YẾU THÁNG {period.number} NĂM {period.year}"])
    sheet.append(
        [
            "STT",
            "Chỉ tiêu",
            "Đơn vị tính",
            "Kế hoạch năm",
            "Thực hiện kỳ trước",
            "Thực hiện kỳ này",
            "Lũy kế từ đầu năm",
        ]
    )
    past = [Period("month", period.year, number) for number in range(1, period.number + 1)]
    for number, (words, unit, _usual, plan, parts) in enumerate(LINES):
        goal = (
            round(plan * _month(number, Period("month", period.year, 6)), 1) if plan and not parts else None
        )
        if parts:
            goal = round(sum(plan * _month(one, Period("month", period.year, 6)) for one in parts), 1)
        value = round(change(_month(number, period)), 1)
        since = round(sum(_month(number, one) for one in past), 1) if unit != "%" else None
        sheet.append([number + 1, words, unit, goal, _month(number, period.before), value, since])
    return book


def _of_communes(period: Period, change: Callable[[float], float]) -> Workbook:
    """All communes of the province; what each has follows from its place in the list."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Thu"
    sheet.append([f"THU NGÂN SÁCH THEO XÃ, PHƯỜNG – THÁNG {period.number} NĂM {period.year}"])
    sheet.append(["Đơn vị tính: triệu đồng"])
    sheet.append(
        ["STT", "Xã, phường", "Dự toán năm", "Thực hiện kỳ này", "Lũy kế từ đầu năm", "Số người nộp thuế"]
    )
    communes = Place.objects.communes_of("80", period.last_day)
    for number, place in enumerate(communes, 1):
        month = round(change(900.0 + 37.5 * (number * 29 % 97)), 1)
        since = round(month * period.number, 1)
        sheet.append([number, str(place), round(month * 12.5, 1), month, since, 800 + number * 13 % 700])
    return book


@pytest.fixture
def reports(register_once: None, sender: Sender) -> Reports:
    register.ensure_loaded()
    province = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
    offices = {}
    for source, code, name in FILES.values():
        made = Office.objects.create(
            code=code, name=name, short_name=name, phone="0276.3822.222", place=province
        )
        Source.objects.filter(address=source).update(office=made)
        offices[code] = made
    sender.conductor.forget()
    clerk = Person.objects.create(
        email="ghi@tinh.invalid", name="Nguyễn Thị Ghi", office=offices["so-tai-chinh"]
    )
    boss = Person.objects.create(
        email="duyet@tinh.invalid", name="Trần Văn Duyệt", office=offices["so-tai-chinh"]
    )
    Grant.objects.create(person=clerk, role=Role.OFFICER)
    Grant.objects.create(person=boss, role=Role.LEADER)
    return Reports(sender, offices, clerk, boss)
