"""Files a careful clerk reads at once and a program easily misreads: units of every kind and place, headings turned round,
two tables on one sheet, lines struck out, names of places as people write them. The meaning of every cell was written
down before the file was read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.styles import Font

from haidang.engine.contracts.sheets.book import Book, Unreadable
from haidang.engine.contracts.sheets.verdict import Level
from tests.sheets.test_offices import Rows, Sent, as_text, as_xls, as_xlsx, examined, merged, shown, worst

SHORT = ["STT", "Xã, phường", "Dự toán năm", "Kỳ trước", "Kỳ này"]
PEOPLE = ["STT", "Xã, phường", "Dân số", "Số hộ", "Diện tích"]
REVENUE, POPULATION = "economy.commune_revenue", "population.people"
LEVELS = ["Tiểu học", None, None, "THCS", None, None, "THPT", None, None]


def short(*rows: list[Any], above: Rows | None = None, titles: list[Any] | None = None) -> Rows:
    return [*(above or []), titles or SHORT, *([n, *row] for n, row in enumerate(rows, 1))]


def struck(*places: str) -> Any:
    def go(sheet: Any) -> None:
        for place in places:
            sheet[place].font = Font(strike=True)

    return go


def nameless(rows: dict[int, str]) -> dict[str, str]:
    return {f"{column}{row}": "nameless" for row, columns in rows.items() for column in columns}


def called(name: str) -> Callable[[Any], None]:
    def go(sheet: Any) -> None:
        sheet.title = name

    return go


def stored(**formulas: tuple[str, float]) -> Callable[[Path, Sent], Path]:
    """Formulas with the results a program left in the file."""

    def written(folder: Path, sent: Sent) -> Path:
        book = xlsxwriter.Workbook(folder / "a.xlsx")
        sheet = book.add_worksheet("Thu")
        for row, cells in enumerate(sent.rows):
            for column, value in enumerate(cells):
                sheet.write(row, column, value)
        for where, (words, result) in formulas.items():
            sheet.write_formula(where, words, None, result)
        book.close()
        return folder / "a.xlsx"

    return written


TINY = [["Tân Ninh", 1.5, 0.09, 0.1], ["Tân Biên", 2, "0,19", "0,2"]]
TINY_MEANS = {"C3": 1500.0, "D3": 90.0, "E3": 100.0, "C4": 2000.0, "D4": 190.0, "E4": 200.0}
SENT = [
    # --- units: where they stand ---
    *(Sent(f"goc-{n}", REVENUE, short(*TINY, above=[[None, None, words]]), means=TINY_MEANS, records=2)
      for n, words in enumerate(["Đơn vị tính tỷ đồng", "(tỷ đồng)", "Tỷ đồng", "THU NGÂN SÁCH (ĐVT: Tỷ đồng)", "Số liệu tính bằng tỷ đồng", "ĐVT: Tỷ đồng, %"])),
    *(Sent(f"viet-tat-{n}", REVENUE, short(["Tân Ninh", 1.5 * size, 0.09 * size, 0.1 * size], above=[[words]]), means={"C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1)
      for n, (words, size) in enumerate([("ĐVT: ngđ", 1e6), ("Đơn vị: nghđ", 1e6), ("Đơn vị: ng.đ", 1e6), ("(1.000đ)", 1e6), ("Đơn vị tính: tr.VNĐ", 1e3), ("Đơn vị: VNĐ", 1e9), ("(Đvt: tỷ đ)", 1.0), ("ĐVT : Triệu Đ", 1e3), ("Thu NSNN tháng 10/2026 - đơn vị: nghìn đồng - nguồn KBNN", 1e6)])),
    *(Sent(f"viet-tat-khong-ro-{n}", REVENUE, short(["Tân Ninh", 1500, 90, 100], above=[[words]]), means={"C3": None, "E3": None}, faults={"A1": "unit_over"}, records=1)
      for n, words in enumerate(["ĐVT: tđ", "Đơn vị: tđ", "Đơn vị: n.đ"])),
    Sent("viet-tat-tieu-de", REVENUE, short(["Tân Ninh", 1.5e6, 90, "0,1 tỷđ"], titles=["STT", "Xã, phường", "Dự toán năm (ngđ)", "Kỳ trước, tr.VNĐ", "Kỳ này ngđ"]), means={"C2": 1500.0, "D2": 90.0, "E2": 100.0}, records=1),
    Sent("sau-tieu-de", REVENUE, short(["Tân Ninh", 1.5, 90e6, "100.000,5"], titles=["STT", "Xã, phường", "Dự toán năm, tỷ đồng", "Kỳ trước - đồng", "Kỳ này nghìn đồng"]),
        means={"C2": 1500.0, "D2": 90.0, "E2": 100.0005}, records=1),
    Sent("cot-don-vi", REVENUE, short(["Tân Ninh", "triệu đồng", 90, 100], ["Tân Biên", "tỷ đồng", 0.19, "0,2"], ["Tân Lập", "nghìn USD", 5, 6], titles=["STT", "Xã, phường", "ĐVT", "Kỳ trước", "Kỳ này"]),
        means={"D3": 190.0, "E3": 200.0, "D4": None}, faults={"D4": "unit", "E4": "unit"}, records=3),
    Sent("duoi-bang", REVENUE, [*short(["Tân Ninh", 1500, 90, 100]), [], ["Đơn vị tính: tỷ đồng"]], faults={"A4": "unit_below"}, records=1),
    Sent("dinh-dang", REVENUE, short(["Tân Ninh", 1.5, 90000, 100]), means={"C2": 1500.0, "D2": 90.0, "E2": 100.0}, records=1, change=shown(C2='0.0" tỷ"', D2='#,##0 "nghìn đồng"', E2='0" người nộp"')),
    Sent("dinh-dang-khac-goc", REVENUE, short(["Tân Ninh", 1500, 90, 100], above=[["Đơn vị tính: triệu đồng"]]), means={"C3": None}, faults={"C3": "format_unit"}, records=1, change=shown(C3='#,##0" tỷ"', D3="#,##0")),
    Sent("dong-le", REVENUE, short(["Tân Ninh", "1.500.000.000", "90.000 đồng", "100.000 đ"], above=[["Đơn vị tính: đồng"]]), means={"C3": 1500.0, "D3": 0.09, "E3": 0.1}, records=1),
    # --- units: of what is counted and measured ---
    Sent("nghin-nguoi", POPULATION, short(["Tân Ninh", 45.678, 12.5, 3560], ["Tân Biên", "23,5", 6, "5025,5"], titles=["STT", "Xã, phường", "Dân số (1000 người)", "Số hộ (nghìn hộ)", "Diện tích (ha)"]),
        means={"C2": 45678.0, "D2": 12500.0, "E2": 35.6, "C3": 23500.0, "D3": 6000.0, "E3": 50.255}, records=2, period="2026"),
    Sent("nghin-nguoi-chung", POPULATION, short(["Tân Ninh", 45.678, 12500, 35.6], above=[["Đơn vị: nghìn người"]], titles=PEOPLE), means={"C3": 45678.0, "D3": None}, faults={"A1": "unit_over"}, records=1, period="2026"),
    Sent("so-kem-don-vi", POPULATION, short(["Tân Ninh", "45,6 nghìn người", "12 nghìn hộ", "35,6km2"], ["Tân Biên", "0,0235 triệu người", "6.000 hộ", "5000 ha"], ["Tân Lập", "45,6785 nghìn", "6 nghìn", "50 km²"], ["Tân Châu", "1.234 nghìn người", "6000", "50"], titles=PEOPLE),
        means={"C2": 45600.0, "D2": 12000.0, "E2": 35.6, "C3": 23500.0, "D3": 6000.0, "E3": 50.0, "D4": 6000.0, "E4": 50.0, "C5": None}, faults={"C4": "not_whole", "C5": "two_readings"}, records=4, period="2026"),
    # --- values ---
    Sent("gach-ngang-chu", REVENUE, short(["Tân Ninh", 1500, 90, 100], ["Tân Biên", 1500, 90, 100]), warnings={"E2": "struck", "B3": "struck"}, records=2, change=struck("E2", "B3")),
    Sent("khong-phat-sinh", REVENUE, short(*([name, word, word, word] for name, word in [("Tân Ninh", "KPS"), ("Tân Biên", "k.p.s"), ("Tân Lập", "----"), ("Tân Châu", "//"), ("Trà Vong", "ko"), ("Tân Hội", "―")])),
        means={f"{c}{r}": None for c in "CDE" for r in range(2, 8)}, records=6),
    Sent("gop-o-chu-so", REVENUE, short(["Tân Ninh", 1500, "90", 100], ["Tân Biên", 1500, None, 100], ["Tân Lập", 1500, 95, None]), faults={"D2": "merged_value", "D4": "merged_across", "E4": "missing"}, records=3, change=merged("D2:D3", "D4:E4")),
    Sent("chu-trong-ngoac", REVENUE, short(["Tân Ninh", 1500, 90, "300 (ước)"]), faults={"E2": "not_a_number"}, records=1),
    # --- headings and lines ---
    Sent("cap-hoc-truoc", "education.results", [["TT", "Đơn vị", *LEVELS], [None, None, *["Học sinh cuối năm học", "Lên lớp, hoàn thành", "Bỏ học"] * 3], [1, "Tân Ninh", 3000, 2990, 1, 2000, 1980, 5, 1500, 1490, 7]],
        means={"E3": 1.0, "H3": 5.0, "K3": 7.0}, records=1, period="2026", change=merged("C1:E1", "F1:H1", "I1:K1", "A1:A2", "B1:B2")),
    Sent("cung-ky-dung-truoc", "economy.monthly", [["TT", "Chỉ tiêu", "ĐVT", "Cùng kỳ năm 2025", None, "Kế hoạch", None, "Thực hiện", None], [None, None, None, "Tháng 9", "Tháng 10", "Tháng 9", "Tháng 10", "Tháng 9", "Tháng 10"], [1, "CPI", "%", 101, 102, 103, 104, 100.1, 100.4]],
        means={"D3": None, "E3": None, "F3": None, "G3": None, "H3": 100.1, "I3": 100.4}, records=1, change=merged("D1:E1", "F1:G1", "H1:I1")),
    Sent("luy-ke-10-thang", REVENUE, [["STT", "Xã, phường", "Kỳ này", "Thực hiện 10 tháng năm 2026", "Thực hiện 10 tháng năm 2025"], [1, "Tân Ninh", 100, 900, 850]], means={"D2": 900.0, "E2": None}, warnings={"E1": "unknown_column"}, records=1),
    Sent("danh-so-cot", REVENUE, [SHORT, ["A", "B", "(1)", "2", "3=1+2"], *short(["Tân Ninh", 1500, 90, 100])[1:]], records=1),
    Sent("cong-trang", REVENUE, [SHORT, [1, "Tân Ninh", 1000, 90, 100], [None, "Cộng trang 1", 1000, 90, 100], SHORT, [2, "Tân Biên", 2000, 190, 200], [None, "Cộng trang 2", 2000, 190, 200], [None, "Tổng cộng (1+2)", 3000, 280, 300]], records=2),
    Sent("hai-bang", REVENUE, [*short(["Tân Ninh", 1500, 90, 100]), ["Biểu 2: Thuế thu nhập"], ["STT", "Xã, phường", "Số người", "Số thuế", "Nợ"], [1, "Tân Biên", 12, 34, 56], [None, "Cộng", 12, 34, 56]],
        means={"C5": None, "D5": None}, faults={"A4": "other_table"}, warnings={f"{c}{r}": "unused" for c, r in ["A5", "B5", "C5", "D5", "E5", "B6", "C6", "D6", "E6"]}, records=1),
    Sent("viet-tat-chi-tieu", "economy.monthly", [["Chỉ tiêu", "ĐVT", "Tháng 10/2026"], ["1. Tổng thu NSNN trên địa bàn", "nghìn tỷ đồng", "1,3"], ["- Thu từ hoạt động XNK", "tr.đ", 250000], ["KNXK", "triệu USD", 5], ["Kim ngạch XK", "1000 USD", 790000], ["Khách du lịch", "lượt khách", 520000]],
        means={"C2": 1300.0, "C3": 250.0, "C5": 790.0, "C6": 520.0}, faults={"A4": "unknown_item"}, warnings={"C4": "nameless"}, records=5),
    Sent("moi-benh-hai-cot", "health.epidemic_communes", [["STT", "Xã, phường", "Sốt xuất huyết", None, "Tay chân miệng", None, "Sởi", None], [None, None, *["Trong tuần", "Cộng dồn"] * 3], [1, "Tân Ninh", 5, 100, 3, 50, 0, 2]],
        means={"C3": 5.0, "D3": None, "E3": 3.0, "F3": None, "G3": 0.0}, warnings={f"{c}2": "unknown_column" for c in "DFH"}, records=1, period="2026-W44", change=merged("C1:D1", "E1:F1", "G1:H1")),
    Sent("trong-do-cot-ben", "documents.offices", [["STT", "Cơ quan", "Văn bản đi", "Trong đó: ký số", "Văn bản đến", "Đã xử lý", "Đúng hạn", "Quá hạn", "Đang xử lý", "Tồn quá hạn", "Tổng ngày xử lý"], [1, "Sở Y tế", 50, 49, 100, 90, 80, 10, 10, 1, 200]], means={"D2": 49.0}, records=1),
    Sent("thang-tran", REVENUE, [["TT", "Xã, phường", "09/2026", "10/2026", "Lũy kế đến 31/10/2026"], [1, "Tân Ninh", 90, 100, 900]], means={"C2": 90.0, "D2": 100.0, "E2": 900.0}, records=1),
    Sent("trong-do-dong", "economy.monthly", [["Chỉ tiêu", "ĐVT", "Tháng 10/2026"], ["Trong đó: Thu nội địa:", "tr.đ", 950000], ["Chi thường xuyên ¹", "tỷ đồng", 610]], means={"C2": 950.0, "C3": 610.0}, records=2),
    Sent("ket-qua-cu", REVENUE, short(["Tân Ninh", 1000, 90, 0], ["Tân Biên", 1000, 90, 190], ["Tân Lập", 1000, 90, 91]), means={"E2": None, "E3": 190.0, "E4": None},
        faults={"E2": "formula_stale", "E4": "formula_stale"}, records=3, write=stored(E2=("=C2/10+D2", 0), E3=("=C3/10+D3", 190), E4=("=SUM(C4:D4)/10", 91))),
    Sent("so-nguyen-le-may", REVENUE, short(["Tân Ninh", 1000, 90, 100, 2.9999999999999996, 50.5], titles=[*SHORT, "Số NNT", "Tỷ lệ"]), means={"F2": 3.0}, records=1, write=stored(F2=("=1.1+1.9", 2.9999999999999996))),
    Sent("ty-le-ghi-lan", REVENUE, short(["Tân Ninh", 1000, 90, 100, 1.049], ["Tân Biên", 1000, 90, 100, 105.6], ["Tân Lập", 1000, 90, 100, 98], titles=[*SHORT, "Tỷ lệ"]), warnings={"F2": "share_suspect"}, records=3),
    Sent("ty-vnd", REVENUE, short(["Tân Ninh", 1.5, 90, 100000], titles=["STT", "Xã, phường", "Dự toán năm (tỷ VNĐ)", "Kỳ trước (triệu VND)", "Kỳ này (1000đ)"]), means={"C2": 1500.0, "D2": 90.0, "E2": 100.0}, records=1),
    Sent("csv-cat-so", REVENUE, [["STT", "Đơn vị", *SHORT[2:]], [1, "Tân Ninh", "1,234.5", 90, 100], [2, "Tân Biên", 1000, 90, 100]], means={"E2": None, "E3": 100.0}, faults={f"{c}2": "shifted" for c in "CDE"}, warnings={"F2": "unused"}, records=2, write=as_text("utf-8", ",")),
    Sent("nam-la-so", REVENUE, [["STT", "Xã, phường", "Thực hiện tháng 10", None], [None, None, 2025, 2026], [1, "Tân Ninh", 95, 100]], means={"C3": None, "D3": 100.0}, warnings={"C2": "unknown_column"}, records=1, change=merged("C1:D1")),
    Sent("ke-hoach-thang", "economy.monthly", [["Chỉ tiêu", "ĐVT", "Tháng 10", None, None], [None, None, "Kế hoạch", "Thực hiện", "Lũy kế"], ["Thu nội địa", "tỷ đồng", 1000, 950, 9000]],
        means={"C3": None, "D3": 950.0, "E3": 9000.0}, warnings={"C2": "unknown_column"}, records=1, change=merged("C1:E1")),
    Sent("ca-tinh", REVENUE, [*short(["Tân Ninh", 1000, 90, 100], ["Tân Biên", 1000, 90, 100]), [None, "Tỉnh Tây Ninh", 2000, 180, 200], [None, "Toàn tỉnh Tây Ninh:", 2000, 180, 200]], records=2),
    Sent("tu-dau-nam", REVENUE, [[*SHORT, "Thực hiện từ đầu năm đến nay"], [1, "Tân Ninh", 1000, "(-)", 100, 900]], means={"D2": None, "F2": 900.0}, records=1),
    Sent("sai-ma", "services.dossiers", [["Mã hồ sơ", "Mã TTHC", "Cơ quan xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Hình thức nộp", "Trạng thái"], ["hs-1", "1.001234", "Sở Y tế", "01/10/2026", "05/10/2026", "Trực tuyến toàn trình", "Đã trả"]], means={"F2": "online"}, faults={"A2": "pattern"}, records=1),
    Sent("thang-9-khong-nam", REVENUE, short(["Tân Ninh", 1000, 90, 100], above=[["BÁO CÁO THU NGÂN SÁCH THÁNG 9"]]), warnings={"A1": "wrong_period"}, records=1),
    Sent("thang-10-khong-nam", REVENUE, short(["Tân Ninh", 1000, 90, 100], above=[["BÁO CÁO THU NGÂN SÁCH THÁNG 10"], ["Kèm theo báo cáo tháng 9"]]), records=1, change=called("T9")),
    Sent("trang-t9", REVENUE, short(["Tân Ninh", 1000, 90, 100]), warnings={"A1": "sheet_period"}, records=1, change=called("Thu T9")),
    # --- places ---
    Sent("ten-xa", REVENUE, short(*([name, None, None, 5.0] for name in ["UBND xã Truông Mít", "Xã Châu Thành, tỉnh Tây Ninh", "Bến Cầu (xã)", "phường TRẢNG BÀNG*", "Thị trấn Gò Dầu", "Phường Hiệp Ninh", "Huyện Tân Biên", "Xã Trà Vongg", "Xã Tân Hưng, huyện Tân Hưng"])),
        means={"B2": "25666", "B3": "25585", "B4": "25681", "B5": "25708", "B6": "25654", "B7": None, "B10": "27721"}, faults={"B7": "former_place", "B8": "district", "B9": "unknown_place"},
        warnings={"B6": "place_kind", "B10": "place_kind", "E1": "columns_small"} | nameless({7: "E", 8: "E", 9: "E"}), records=9),
]  # fmt: skip


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.name)
def test_each_cell_means_what_a_clerk_takes_it_for(sent: Sent, tmp_path: Path):
    examination, cells = examined(sent, tmp_path)
    meant = {cell.address: cell.value for cell in cells}
    assert {where: meant[where] for where in sent.means} == sent.means
    faults = {
        where: code
        for where, code in worst(cells, Level.FAULT).items()
        if code not in {"item_missing", "column_missing"}
    }
    assert faults == sent.faults, [cell.reason() for cell in cells if cell.level is Level.FAULT]
    if sent.contract != "economy.monthly" or sent.warnings:
        assert worst(cells, Level.WARNING) == sent.warnings
    assert examination.records == sent.records


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.name)
def test_every_number_has_a_fate_and_none_changes_without_a_word(sent: Sent, tmp_path: Path):
    _, cells = examined(sent, tmp_path)
    fates = {(cell.row, cell.column): cell for cell in cells if cell.raw is not None}
    for row, values in enumerate(sent.rows, 1):
        for column, value in enumerate(values):
            if value is not None:
                fate = fates[row, column]
                changed = (
                    isinstance(value, int | float) and isinstance(fate.value, float) and fate.value != value
                )
                assert not changed or {"converted", "rounded"} & {remark.code for remark in fate.remarks}, (
                    fate
                )


def test_what_a_clerk_reads_of_an_old_unit_names_the_new_one(tmp_path: Path):
    sent = next(one for one in SENT if one.name == "ten-xa")
    said = {cell.address: cell.reason() for cell in examined(sent, tmp_path)[1]}
    assert "nay thuộc Phường Tân Ninh (25459)" in said["B7"]
    assert "(có phải “Xã Trà Vong”?)" in said["B9"]
    sent = next(one for one in SENT if one.name == "sai-ma")
    assert "ví dụ H61.25-261021-0123" in next(
        cell.reason() for cell in examined(sent, tmp_path)[1] if cell.address == "A2"
    )


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_the_name_of_a_file_does_not_decide_what_it_is(ending: str, tmp_path: Path):
    """An .xls that someone renamed is read as the .xls it is; a small one lies among the small streams of its archive."""
    rows = short(["Tân Ninh", 1500, 90, 0.5])
    for write in (as_xls, as_xlsx):
        sent = Sent("sai-duoi", REVENUE, rows, write=lambda folder, one, write=write: write(folder, one).rename(folder / f"sai.{ending}"))  # fmt: skip
        _, cells = examined(sent, tmp_path)
        assert {cell.address: cell.value for cell in cells}["E2"] == 0.5


def test_an_xls_tells_units_and_strokes_of_its_formats_too(tmp_path: Path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Thu")
    for column, words in enumerate(SHORT):
        sheet.write(0, column, words)
    form, stroke = xlwt.easyxf(num_format_str='0.0" tỷ"'), xlwt.easyxf("font: struck_out true")
    thousands = xlwt.easyxf(num_format_str="#,##0,")
    for column, (value, look) in enumerate([(1, None), ("Tân Ninh", None), (1.5, form), (90, stroke), (12000, thousands)]):  # fmt: skip
        sheet.write(1, column, value, *([look] if look else []))
    book.save(str(tmp_path / "a.xls"))
    sent = Sent("a", REVENUE, [], write=lambda folder, _: folder / "a.xls")
    _, cells = examined(sent, tmp_path)
    codes = {cell.address: {remark.code for remark in cell.remarks} for cell in cells}
    assert {cell.address: cell.value for cell in cells}["C2"] == 1500.0
    assert codes["D2"] == {"struck"}
    assert "thousands" in codes["E2"]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"%PDF-1.7\n1 0 obj", "document"), (b"", "empty_file"), (b"\x89PNG\r\n\x1a\n\0\0", "document"), (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password")],
)  # fmt: skip
def test_what_is_sent_in_place_of_a_workbook_is_called_by_its_name(content: bytes, code: str, tmp_path: Path):
    path = tmp_path / "bao-cao.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        Book(path)
    assert caught.value.code == code


def test_a_file_cut_off_on_its_way_says_so(tmp_path: Path):
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    data = (tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "b.xlsx").write_bytes(data[: len(data) // 2])
    with pytest.raises(Unreadable) as caught:
        Book(tmp_path / "b.xlsx")
    assert caught.value.code == "cut_off"
