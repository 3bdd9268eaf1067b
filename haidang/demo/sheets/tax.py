"""Budget revenue by commune as Thuế tỉnh makes it, in triệu đồng, with a total row; and people by commune, once a year."""

from __future__ import annotations

from openpyxl import Workbook

from haidang.demo.sheets import paper
from haidang.demo.sheets.communes import Communes
from haidang.demo.sheets.months import MERGED, Month

FORMS = ("0", "", "#,##0", "#,##0", "#,##0", "#,##0", "0.0", "#,##0")


def commune_revenue(communes: Communes, month: Month, more: float = 0.0) -> Workbook:
    """`more` is by how many percent this office counts otherwise than the finance office."""
    book, sheet = paper.new("Thu NS", (6, 26, 16, 16, 16, 16, 12, 12, 26))
    told = ["THU NGÂN SÁCH THEO XÃ, PHƯỜNG", f"Tháng {month.month} năm {month.year}"]
    paper.titles(sheet, f"THUẾ TỈNH {communes.economy.province.upper()}", told, "I")
    sheet["H4"] = "Đơn vị tính: tr.đ"
    words = ["STT", "Xã, phường", f"Dự toán năm {month.year}", f"Thực hiện tháng {month.before.month}",
             f"Thực hiện tháng {month.month}", "Lũy kế", "Tỷ lệ đạt (%)", "Số NNT", "Ghi chú"]  # fmt: skip
    paper.headings(sheet, 5, [words])
    sums = [0.0] * 4
    payers = 0
    for number, row in enumerate(communes.rows(month), 1):
        now = float(round(row.value * (1 + more / 100)))
        since = row.cumulative - row.value + now
        commune = f"{row.commune.kind} {row.commune.name}"
        share = round(since / row.plan * 100, 1)
        paper.line(
            sheet,
            5 + number,
            [number, commune, row.plan, row.previous, now, since, share, row.payers, None],
            FORMS,
        )
        sums = [a + b for a, b in zip(sums, (row.plan, row.previous or 0.0, now, since), strict=True)]
        payers += row.payers
    before = sums[1] if month.number > MERGED else None
    last = 6 + len(communes.communes)
    paper.line(sheet, last, [None, "Tổng cộng", sums[0], before, sums[2], sums[3], None, payers, None], FORMS)
    paper.signed(
        sheet, last + 2, 7, "Nguồn: Thuế tỉnh, theo sổ thu đến ngày khóa sổ tháng.", "TRƯỞNG THUẾ TỈNH"
    )
    return book


def people(communes: Communes, year: int) -> Workbook:
    book, sheet = paper.new("Dan so", (6, 26, 18, 14, 16, 26))
    paper.titles(
        sheet,
        f"THỐNG KÊ TỈNH {communes.economy.province.upper()}",
        [f"DÂN SỐ THEO XÃ, PHƯỜNG NĂM {year}"],
        "F",
    )
    words = ["STT", "Xã, phường", "Dân số có đến 31/12 (người)", "Số hộ (hộ)", "Diện tích (km2)", "Ghi chú"]
    paper.headings(sheet, 4, [words])
    rows = list(
        zip(
            communes.communes, communes.people(year), communes.households(year), communes.areas(), strict=True
        )
    )
    forms = ("0", "", "#,##0", "#,##0", "#,##0.0")
    for number, (commune, many, households, area) in enumerate(rows, 1):
        values = [number, f"{commune.kind} {commune.name}", many, households, area, None]
        paper.line(sheet, 4 + number, values, forms)
    totals = [sum(row[1] for row in rows), sum(row[2] for row in rows), round(sum(row[3] for row in rows), 1)]
    last = 5 + len(rows)
    paper.line(sheet, last, [None, "Tổng cộng", *totals, None], forms)
    paper.signed(sheet, last + 2, 5, "Nguồn: Thống kê tỉnh, có đến ngày 31/12.", "TRƯỞNG THỐNG KÊ TỈNH")
    return book
