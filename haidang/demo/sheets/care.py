"""Care by health facility each month as Sở Y tế sends it, and infectious diseases each week as the CDC does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from openpyxl import Workbook

from haidang.demo.sheets import paper
from haidang.demo.sheets.communes import Communes
from haidang.demo.sheets.handling import between, chance
from haidang.demo.sheets.months import Month

# Facility: beds, visits in an ordinary month. A station has no beds.
FACILITIES = {
    "Bệnh viện Đa khoa Tây Ninh": (700, 31000), "Bệnh viện Đa khoa Long An": (950, 42000),
    "Bệnh viện Y dược cổ truyền": (180, 6200), "Bệnh viện Sản Nhi Long An": (300, 18500), "Bệnh viện Phổi Long An": (120, 2600),
    "Trung tâm Y tế Trảng Bàng": (150, 12400), "Trung tâm Y tế Gò Dầu": (160, 11800), "Trung tâm Y tế Tân Biên": (100, 8300),
    "Trung tâm Y tế Kiến Tường": (170, 9400), "Trạm Y tế phường Tân Ninh": (0, 1350), "Trạm Y tế phường Hòa Thành": (0, 1180),
    "Trạm Y tế xã Tân Biên": (0, 940),
}  # fmt: skip
CARE = (
    "TT", "Cơ sở y tế", "Lượt khám bệnh", "Khám BHYT", "Lượt điều trị nội trú", "Tổng số ngày điều trị", "Số giường thực kê",
    "Ngày giường trong tháng", "Công suất giường (%)", "Chuyển tuyến", "Ghi chú",
)  # fmt: skip


def facilities(seed: int, province: str, month: Month) -> Workbook:
    book, sheet = paper.new("KCB", (6, 34, 14, 14, 14, 14, 14, 16, 14, 12, 24))
    told = ["HOẠT ĐỘNG KHÁM, CHỮA BỆNH", f"Tháng {month.month} năm {month.year}"]
    paper.titles(sheet, f"SỞ Y TẾ TỈNH {province.upper()}", told, "K")
    paper.headings(sheet, 5, [CARE])
    lines = []
    for number, (name, (beds, size)) in enumerate(FACILITIES.items(), 1):
        visits = round(
            size * between(0.93, 1.07, seed, name, month.code) * (1 - 0.35 * month.around_tet(-2, 9))
        )
        there = beds * month.days
        used = round(there * between(0.74, 1.04, seed, name, month.code, "beds"))
        stays = round(used / between(5.6, 6.4, seed, name, "stay"))
        share = round(used / there * 100, 1) if there else None
        insured = round(visits * between(0.8, 0.92, seed, name))
        lines.append(
            [
                visits,
                insured,
                stays,
                used,
                beds,
                there,
                round(visits * between(0.006, 0.025, seed, name, "away")),
            ]
        )
        paper.line(sheet, 5 + number, [number, name, *lines[-1][:6], share, lines[-1][6], None])
    sums = [sum(values) for values in zip(*lines, strict=True)]
    last = 6 + len(lines)
    paper.line(sheet, last, [None, "Tổng số", *sums[:6], None, sums[6], None])
    paper.signed(
        sheet, last + 2, 8, "Nguồn: báo cáo của các cơ sở; trạm y tế không có giường nội trú.", "GIÁM ĐỐC"
    )
    return book


# --- diseases, by the week -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Disease:
    """Cases of an ordinary week; `peak` the month of most of them, `swing` how much more or fewer there are then."""

    title: str
    level: float
    peak: int
    swing: float
    deaths: float = 0.0


DISEASES = {
    "dengue": Disease("Sốt xuất huyết Dengue", 150, 10, 0.55, 0.004),
    "hand_foot_mouth": Disease("Tay - chân - miệng", 85, 9, 0.4),
    "measles": Disease("Bệnh sởi", 9, 3, 0.4),
    "influenza": Disease("Cúm mùa", 320, 12, 0.2),
    "covid": Disease("COVID-19", 6, 5, 0.3),
    "diarrhoea": Disease("Tiêu chảy", 125, 4, 0.15),
    "chickenpox": Disease("Thủy đậu", 24, 3, 0.4),
    "rabies": Disease("Bệnh dại", 0, 1, 0),
}
# An outbreak: which disease, in how many of the largest communes, how many cases more than an ordinary week of the whole
# province has, and which part of them in the weeks before and after the one in which it is highest.
SPREADS, WHERE, MORE = "dengue", 3, 1.3
WAVE = {-1: 0.5, 0: 1.0, 1: 0.8, 2: 0.5, 3: 0.2}
BY_COMMUNE = ("dengue", "hand_foot_mouth", "measles")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week, by its Monday."""

    monday: date

    @classmethod
    def over_by(cls, day: date) -> Week:
        """The last one that is over before this day."""
        return cls(day - timedelta(days=day.weekday() + 7))

    @property
    def before(self) -> Week:
        return Week(self.monday - timedelta(days=7))

    @property
    def last_day(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def year(self) -> int:
        return self.monday.isocalendar().year

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def code(self) -> str:
        return f"{self.year}-W{self.number:02}"


@dataclass(frozen=True, slots=True)
class Epidemics:
    """Cases of each week by commune; those of the province are their sum. An outbreak is highest in the week `outbreak`."""

    seed: int
    communes: Communes
    outbreak: Week | None = None
    _kept: dict[tuple[str, Week], list[int]] = field(default_factory=dict)

    def by_commune(self, name: str, week: Week) -> list[int]:
        if (name, week) not in self._kept:
            self._kept[name, week] = self._by_commune(name, week)
        return self._kept[name, week]

    def _by_commune(self, name: str, week: Week) -> list[int]:
        """Dealt out by people, with the fractions drawn by lot."""
        disease, people = DISEASES[name], self.communes.people(2025)
        month = week.monday.month + week.monday.day / 30
        away = min(abs(month - disease.peak), 12 - abs(month - disease.peak))
        season = 1 + disease.swing * (1 - away / 3)
        cases = disease.level * season * between(0.9, 1.1, self.seed, name, week.code)
        total = sum(people)
        shares = (
            cases * many / total * between(0.6, 1.4, self.seed, name, place)
            for place, many in enumerate(people)
        )
        found = [int(share + chance(self.seed, name, week.code, place)) for place, share in enumerate(shares)]
        for place, more in self._outbreak(name, week, people).items():
            found[place] += more
        return found

    def _outbreak(self, name: str, week: Week, people: list[int]) -> dict[int, int]:
        """What it adds, by place in the list of communes."""
        since = (week.monday - self.outbreak.monday).days // 7 if self.outbreak else None
        if name != SPREADS or since not in WAVE:
            return {}
        cases = DISEASES[name].level * MORE * WAVE[since]
        largest = sorted(range(len(people)), key=lambda place: -people[place])[:WHERE]
        return dict.fromkeys(largest, round(cases / WHERE))

    def cases(self, name: str, week: Week) -> int:
        return sum(self.by_commune(name, week))

    def deaths(self, name: str, week: Week) -> int:
        return int(
            self.cases(name, week) * DISEASES[name].deaths
            + chance(self.seed, name, week.code, "deaths") * 0.9
        )

    def since_january(self, name: str, week: Week) -> tuple[int, int]:
        """Cases and deaths of the year's weeks up to this one."""
        cases, deaths, one = 0, 0, week
        while one.year == week.year:
            cases, deaths, one = cases + self.cases(name, one), deaths + self.deaths(name, one), one.before
        return cases, deaths


def diseases(epidemics: Epidemics, week: Week) -> Workbook:
    book, sheet = paper.new("Tuan", (6, 30, 16, 16, 16, 20, 22, 34))
    told = [f"BÁO CÁO TUẦN BỆNH TRUYỀN NHIỄM – TUẦN {week.number} NĂM {week.year}",
            f"(từ ngày {week.monday:%d/%m/%Y} đến ngày {week.last_day:%d/%m/%Y})"]  # fmt: skip
    paper.titles(sheet, "TRUNG TÂM KIỂM SOÁT BỆNH TẬT TỈNH", told, "H")
    words = ["STT", "Tên bệnh", "Số mắc trong tuần", "Tử vong trong tuần", "Số mắc tuần trước", "Cộng dồn từ đầu năm",
             "Tử vong cộng dồn từ đầu năm", "Nhận định"]  # fmt: skip
    paper.headings(sheet, 5, [words])
    for number, (name, disease) in enumerate(DISEASES.items(), 1):
        cases, deaths = epidemics.cases(name, week), epidemics.deaths(name, week)
        before, (since, dead) = epidemics.cases(name, week.before), epidemics.since_january(name, week)
        rose = "Tăng, đang xử lý ổ dịch" if before and cases > 1.8 * before else None
        paper.line(sheet, 5 + number, [number, disease.title, cases, deaths, before, since, dead, rose])
    paper.signed(sheet, 7 + len(DISEASES), 6, "Nguồn: báo cáo của các cơ sở y tế trong tuần.", "GIÁM ĐỐC")
    return book


def by_commune(epidemics: Epidemics, week: Week) -> Workbook:
    book, sheet = paper.new("Xa phuong", (6, 28, 16, 16, 12, 24))
    paper.titles(
        sheet,
        "TRUNG TÂM KIỂM SOÁT BỆNH TẬT TỈNH",
        [f"CA BỆNH THEO XÃ, PHƯỜNG – TUẦN {week.number} NĂM {week.year}"],
        "F",
    )
    paper.headings(sheet, 4, [["STT", "Xã, phường", "SXH Dengue", "TCM", "Bệnh sởi", "Ghi chú"]])
    columns = [epidemics.by_commune(name, week) for name in BY_COMMUNE]
    units = epidemics.communes.communes
    for number, (commune, *cases) in enumerate(zip(units, *columns, strict=True), 1):
        paper.line(sheet, 4 + number, [number, f"{commune.kind} {commune.name}", *cases, None])
    paper.line(sheet, 5 + len(units), [None, "Cộng", *map(sum, columns), None])
    paper.signed(sheet, 7 + len(units), 4, "Nguồn: báo cáo của các trạm y tế trong tuần.", "GIÁM ĐỐC")
    return book
