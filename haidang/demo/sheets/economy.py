"""The economy of the simulated province, month by month, as a pure function of its seed.

Levels are of the size Tây Ninh has since 07/2025; they claim nothing about it. Months before are told for the province
of today, as statistics offices did after the merger. Everything fits together: a whole is the sum of its parts, and the
sum since January is the sum of its months, as they are written with one decimal.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from haidang.demo.rhythm import lattice, seed_of
from haidang.demo.sheets.months import MERGED, Month

FLAT = (1.0,) * 12
LEVEL_YEAR = 2026  # the year the levels are of


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the monthly set. `level` is an ordinary month of 2026 in `unit`, `growth` percent a year.

    `seasons` are the twelve months; `tet` is what the holiday week takes away, `before_tet` and `after_tet` what the
    fortnights around it add, each as a share of the month.
    """

    title: str
    unit: str
    level: float = 0.0
    growth: float = 8.0
    noise: float = 0.03
    seasons: tuple[float, ...] = FLAT
    tet: float = 0.0
    before_tet: float = 0.0
    after_tet: float = 0.0
    merger: float = 0.0  # change in the month of the merger
    decimals: int = 1
    parts: tuple[str, ...] = ()
    is_index: bool = False  # has no plan and no sum
    indent: str = ""


_REVENUE = (1.28, 0.88, 0.92, 1.06, 0.94, 0.93, 1.02, 0.93, 0.92, 1.06, 0.98, 1.08)
_SPENDING = (0.82, 0.84, 0.93, 0.95, 0.97, 1.02, 1.0, 0.99, 1.01, 1.04, 1.1, 1.33)
_PAID_OUT = (0.5, 0.52, 0.72, 0.83, 0.9, 1.02, 0.98, 1.03, 1.1, 1.2, 1.35, 1.85)
_TRADE = (0.97, 0.93, 1.02, 1.0, 1.02, 1.0, 1.01, 1.03, 0.99, 1.02, 1.0, 1.01)
_FIRMS = (0.86, 0.78, 1.12, 1.12, 1.05, 1.02, 1.03, 1.0, 0.98, 1.04, 1.02, 0.98)
_VISITS = (1.02, 1.35, 1.2, 1.02, 0.94, 1.0, 1.02, 0.92, 0.84, 0.84, 0.88, 0.97)

LINES: dict[str, Line] = {
    "iip": Line("Chỉ số sản xuất công nghiệp (IIP)", "%", 108.6, 0, 0.012, tet=0.07, is_index=True),
    "investment": Line("Vốn đầu tư thực hiện", "Tỷ đồng", 8650, 9.5, 0.02, _SPENDING),
    "revenue": Line("Tổng thu ngân sách nhà nước trên địa bàn", "Tỷ đồng", parts=("revenue_domestic", "revenue_trade")),
    "revenue_domestic": Line("Thu nội địa", "Tỷ đồng", 2890, 9, 0.03, _REVENUE, tet=0.06, indent="- "),
    "revenue_trade": Line("Thu từ hoạt động xuất nhập khẩu", "Tỷ đồng", 585, 6, 0.05, _TRADE, tet=0.15, indent="- "),
    "spending": Line("Tổng chi ngân sách địa phương", "Tỷ đồng", parts=("spending_investment", "spending_regular")),
    "spending_investment": Line("Chi đầu tư phát triển", "Tỷ đồng", 1180, 10, 0.03, _SPENDING, indent="- "),
    "spending_regular": Line("Chi thường xuyên", "Tỷ đồng", 1720, 7, 0.02, before_tet=0.12, merger=0.11, indent="- "),
    "disbursement": Line("Giải ngân vốn đầu tư công", "Tỷ đồng", 1060, 11, 0.04, _PAID_OUT, tet=0.1, merger=-0.14),
    "retail": Line("Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ", "Tỷ đồng", 20300, 11, 0.01, before_tet=0.08),
    "export": Line("Kim ngạch xuất khẩu", "Triệu USD", 1165, 9, 0.03, _TRADE, tet=0.2),
    "import": Line("Kim ngạch nhập khẩu", "Triệu USD", 940, 8.5, 0.035, _TRADE, tet=0.18),
    "cpi": Line("Chỉ số giá tiêu dùng (CPI)", "%", 100.26, 0, 0.0016, before_tet=0.006, is_index=True, decimals=2),
    "firms": Line("Doanh nghiệp đăng ký thành lập mới", "Doanh nghiệp", 318, 8, 0.05, _FIRMS, tet=0.25, merger=0.1, decimals=0),
    "firms_capital": Line("Vốn đăng ký của doanh nghiệp thành lập mới", "Tỷ đồng", 3720, 7, 0.14, _FIRMS, tet=0.25),
    "visitors": Line("Khách du lịch", "Nghìn lượt", 668, 13, 0.04, _VISITS, before_tet=-0.1, after_tet=0.45),
}  # fmt: skip


@dataclass(slots=True)
class Economy:
    """What happened in each month; asked for again it is the same."""

    seed: int
    province: str
    _kept: dict[tuple[str, Month], float] = field(default_factory=dict)

    def value(self, name: str, month: Month) -> float:
        """One line in one month, rounded as it is written."""
        if (name, month) not in self._kept:
            self._kept[name, month] = self._value(name, month)
        return self._kept[name, month]

    def _value(self, name: str, month: Month) -> float:
        line = LINES[name]
        if line.parts:
            return round(sum(self.value(part, month) for part in line.parts), line.decimals)
        years = (month.number - LEVEL_YEAR * 12 - 6) / 12
        tet = -line.tet * month.around_tet(-2, 9) + line.after_tet * month.around_tet(0, 15)
        tet += line.before_tet * month.around_tet(-15, 14)
        merger = line.merger * (month.number == MERGED)
        random = 2 * float(lattice(seed_of(self.seed, name), np.array([month.number]))[0]) - 1
        shape = line.seasons[month.month - 1] * (1 + tet + merger + line.noise * random)
        return float(round(line.level * (1 + line.growth / 100) ** years * shape, line.decimals))

    def since_january(self, name: str, month: Month) -> float:
        """The sum of the year's months; of an index their mean."""
        line, months = LINES[name], list(month.since_january())
        total = sum(self.value(name, one) for one in months)
        return round(total / len(months) if line.is_index else total, line.decimals)

    def plan(self, name: str, year: int) -> float | None:
        """What was planned for the year: near what comes of it, and round. An index has no plan."""
        line = LINES[name]
        if line.is_index:
            return None
        if line.parts:
            return round(sum(self.plan(part, year) or 0 for part in line.parts), line.decimals)
        comes = sum(self.value(name, Month.of(year, month)) for month in range(1, 13))
        random = float(lattice(seed_of(self.seed, name, "plan"), np.array([year]))[0])
        return float(round(comes * (0.95 + 0.1 * random) / 10) * 10)
