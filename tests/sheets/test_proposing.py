"""A contract proposed from a file reads that very file: the forty messy ones, and some of other shapes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from haidang.engine.contracts.proposing.csv_file import workbook_of
from haidang.engine.contracts.proposing.finding import propose
from haidang.engine.contracts.proposing.proposal import Proposal
from haidang.engine.contracts.proposing.terms import Trial, built, contract_of, tried
from haidang.engine.contracts.sheets.book import Unreadable
from haidang.engine.contracts.sheets.numerals import read_number
from tests.sheets.draft import Draft
from tests.sheets.messy import FILES

TODAY = date(2026, 11, 29)
# What may be done to a number on its way, and is said of its cell.
CHANGED = {"converted", "from_share"}


def proposed(path: Path) -> tuple[Proposal, Trial]:
    found = propose(path, today=TODAY)
    contract = built(contract_of(found))
    assert list(contract.faults()) == []
    return found, tried(path, contract, found.sample_period)


def made(path: Path, rows: list[list[Any]], merges: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for one in merges:
        sheet.merge_cells(one)
    book.save(path)
    return path


@pytest.mark.parametrize("draft", [d for d in FILES if not d.unreadable], ids=lambda draft: draft.name)
def test_every_number_the_proposed_contract_reads_is_the_number_of_the_sheet(draft: Draft, tmp_path: Path):
    path = tmp_path / "tep.xlsx"
    draft.save(path)
    found, trial = proposed(path)
    sheet = openpyxl.load_workbook(path, data_only=True)[found.sheet]
    numbers = [cell for cell in trial.values if isinstance(cell.value, float)]
    for cell in numbers:
        there = sheet[cell.address].value
        if isinstance(there, str):
            meant = {read_number(there, whole=whole).value for whole in (False, True)}
            assert cell.value in {float(value) for value in meant if value is not None}, cell
        elif cell.value != there:
            assert CHANGED & {remark.code for remark in cell.remarks}, cell
    # None is left out: each cell of data the office meant as a number is read, or named as a fault.
    wanted = {where for where, meant in draft.truth.items() if isinstance(meant, float)}
    named = {cell.address for cell in trial.remarked}
    assert wanted - {cell.address for cell in numbers} - named == set()


def test_a_file_that_holds_no_table_is_refused(tmp_path: Path):
    path = made(tmp_path / "thuc-don.xlsx", [["Thực đơn tuần"], ["Thứ hai"], ["Cơm tấm"]])
    with pytest.raises(Unreadable):
        propose(path, today=TODAY)


TOURISM = [
    ["UBND TỈNH TÂY NINH", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["BÁO CÁO TÌNH HÌNH DU LỊCH THÁNG 10 NĂM 2026"],
    [
        "STT",
        "Xã, phường",
        "Khách du lịch",
        None,
        None,
        "Doanh thu (tỷ đồng)",
        "Công suất phòng (%)",
        "Số điện thoại",
    ],
    [None, None, "Tổng số", "Trong nước", "Quốc tế"],
    ["A", "B", "1=2+3", "2", "3", "4", "5", "C"],
    [1, "Phường Tân Ninh", "12.500", "12.000", 500, 31.25, 62.5, "0912345678"],
    [2, "P. Long An", 8300, 8000, 300, "4,15", 41, "0987654321"],
    [3, "Bình Minh", 1200, 1150, 50, "1.234,5", 38.2, "0911111111"],
    [4, "Ninh Thạnh", 700, 700, "-", 0.9, 20, "0911111112"],
    ["Tổng cộng", None, 22700, 21850, 850, 1270.8],
    [None, "Nguồn: Sở Du lịch"],
    [None, None, None, None, "KT. GIÁM ĐỐC"],
]
MERGES = ("C3:E3", "A2:H2", *(f"{letter}3:{letter}4" for letter in "ABFGH"))


def test_a_table_by_commune_with_two_rows_of_headings_says_why_of_everything(tmp_path: Path):
    found, trial = proposed(made(tmp_path / "du-lich.xlsx", TOURISM, MERGES))
    assert (found.heading_rows, found.lines, found.key, found.province) == (
        [3, 4],
        "places",
        ["xa_phuong"],
        "80",
    )
    assert (found.period, found.sample_period, found.domain) == ("month", "2026-10", "du_lich")
    by_key = {column.key: column for column in found.columns}
    whole = by_key["khach_du_lich_tong_so"]
    assert (whole.type, whole.unit, whole.min, whole.max) == ("whole", "lượt", 0, 200_000)
    assert whole.parts == ["khach_du_lich_trong_nuoc", "khach_du_lich_quoc_te"]
    assert whole.why["type"].vi.startswith("4/4 ô là số (1 ô viết dạng chữ)")
    assert whole.why["additive"].vi == "dòng 10 “Tổng cộng” bằng tổng các dòng"
    assert (by_key["doanh_thu"].unit, by_key["doanh_thu"].decimals) == ("tỷ đồng", 2)
    assert by_key["doanh_thu"].why["unit"].vi == "tiêu đề ghi “(tỷ đồng)”"
    share = by_key["cong_suat_phong"]
    assert share.figure is not None
    assert (share.type, share.figure.over_places, share.figure.over_time) == ("percent", "none", "none")
    phone = by_key["so_dien_thoai"]
    assert (phone.use, phone.personal_data, phone.examples[0]) == (False, "basic", "•••")
    assert (trial.records, trial.faults) == (4, 0)
    assert all(column.why for column in found.columns)


def test_lines_with_names_become_sums_of_the_province(tmp_path: Path):
    rows = [
        ["BIỂU TỔNG HỢP CƠ SỞ LƯU TRÚ QUÝ III/2026"],
        ["TT", "Tên cơ sở", "Loại", "Số phòng", "Số lao động", "Nộp ngân sách (triệu đồng)"],
        *[
            [n, f"Khách sạn {name}", "3 sao" if n % 2 else "2 sao", 40 + n, 20 + n, 100.5 * n]
            for n, name in enumerate(("Hòa Bình", "Sen Vàng", "Núi Bà", "Vàm Cỏ", "Gò Dầu"), 1)
        ],
        ["Cộng", None, None, 215, 115, 1507.5],
    ]
    found, trial = proposed(made(tmp_path / "luu-tru.xlsx", rows))
    assert (found.lines, found.key, found.sample_period) == ("names", ["ten_co_so"], "2026-Q3")
    picked = {one.key: one.unit for one in found.columns if one.figure and one.figure.pick}
    assert picked == {"so_phong": "phòng", "so_lao_dong": "người", "nop_ngan_sach": "triệu đồng"}
    assert (trial.records, trial.faults) == (5, 0)


def test_a_list_of_indicators_becomes_one_indicator_a_line(tmp_path: Path):
    rows = [
        ["MỘT SỐ CHỈ TIÊU NÔNG NGHIỆP NĂM 2025"],
        ["STT", "Chỉ tiêu", "ĐVT", "Kế hoạch", "Thực hiện"],
        ["I", "Diện tích lúa", "ha", 140000, 141250.5],
        [1, "Sản lượng lúa", "nghìn tấn", 800, "812,4"],
        [2, "Đàn bò", "con", 95000, 97310],
    ]
    found, trial = proposed(made(tmp_path / "nong-nghiep.xlsx", rows))
    assert (found.lines, found.item_column, found.sample_period) == ("items", "chi_tieu", "2025")
    assert [(item.key, item.unit) for item in found.items] == [
        ("dien_tich_lua", "ha"), ("san_luong_lua", "nghìn tấn"), ("dan_bo", "con")
    ]  # fmt: skip
    assert {cell.address: cell.value for cell in trial.values if cell.field == "thuc_hien"} == {
        "E3": 141250.5, "E4": 812.4, "E5": 97310.0
    }  # fmt: skip


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_as_its_text_stands(tmp_path: Path, separator: str, encoding: str):
    lines = [
        ["Xã", "Số hộ nghèo", "Ghi chú"],
        ["Tân Ninh", "120", "a"],
        ["Long Hoa", "1.250", ""],
        ["Bình Minh", "80", "b"],
    ]
    body = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    path = tmp_path / "ho-ngheo.xlsx"
    path.write_bytes(workbook_of(body, "ho-ngheo.csv"))
    found, trial = proposed(path)
    assert found.key == ["xa"]
    assert [cell.value for cell in trial.values if cell.field == "so_ho_ngheo"] == [120.0, 1250.0, 80.0]


def test_a_total_that_is_no_sum_makes_its_column_one_that_does_not_add_up(tmp_path: Path):
    rows = [
        ["Xã", "Số trường", "Điểm trung bình"],
        ["Tân Ninh", 10, 7.5],
        ["Long Hoa", 12, 6.5],
        ["Bình Minh", 8, 7],
        ["Tổng cộng", 30, 7],
    ]
    found, trial = proposed(made(tmp_path / "truong.xlsx", rows))
    by_key = {column.key: column for column in found.columns}
    assert (by_key["so_truong"].additive, by_key["diem_trung_binh"].additive) == (True, False)
    assert trial.faults == 0


def test_a_number_of_many_digits_is_no_telephone_number(tmp_path: Path):
    rows = [
        ["Xã", "Số thu (đồng)"],
        ["Tân Ninh", 912345678],
        ["Long Hoa", 987654321],
        ["Bình Minh", 911111111],
    ]
    found, _ = proposed(made(tmp_path / "thu.xlsx", rows))
    assert [column.use for column in found.columns] == [True, True]


def test_a_heading_with_nothing_under_it_yet_is_a_column_too(tmp_path: Path):
    rows = [["Xã", "Số hộ nghèo", "Ghi chú"], ["Tân Ninh", 120], ["Long Hoa", 90]]
    found, trial = proposed(made(tmp_path / "ho.xlsx", rows))
    assert [(column.key, column.type) for column in found.columns][-1] == ("ghi_chu", "note")
    assert trial.remarks == {}


def test_a_bracket_in_a_title_right_above_the_headings_is_no_unit(tmp_path: Path):
    rows = [
        ["SỞ XÂY DỰNG", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["BÁO CÁO CẤP PHÉP (kèm theo công văn)"],
        ["Xã", "Số hồ sơ", "Diện tích sàn"],
        ["Tân Ninh", 12, 1500.5],
        ["Long Hoa", 9, 800.25],
    ]
    found, trial = proposed(made(tmp_path / "cap-phep.xlsx", rows, ("A2:C2",)))
    assert (found.heading_rows, trial.records, trial.faults) == ([3], 2, 0)


def test_a_title_right_above_the_headings_still_says_that_it_is_of_another_month(tmp_path: Path):
    rows = [
        ["SỞ XÂY DỰNG", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["BÁO CÁO CẤP PHÉP THÁNG 10 NĂM 2026"],
        ["Xã", "Số hồ sơ", "Diện tích sàn"],
        ["Tân Ninh", 12, 1500.5],
        ["Long Hoa", 9, 800.25],
    ]
    path = made(tmp_path / "cap-phep.xlsx", rows, ("A2:C2",))
    contract = built(contract_of(propose(path, today=TODAY)))
    assert tried(path, contract, "2026-09").remarks == {"A2": "wrong_period"}


def test_numbers_of_many_spellings_in_one_column_are_read_as_they_are_written(tmp_path: Path):
    written = ["1.234,5", 12, "7,25", "(3,5)", "1 234,75", "-", "…", "12.345.678"]
    rows = [["Cơ sở", "Nộp thuế (tr.đ)"], *[[f"Cơ sở {n}", value] for n, value in enumerate(written)]]
    found, trial = proposed(made(tmp_path / "thue.xlsx", rows))
    values = [cell.value for cell in trial.values if cell.field == "nop_thue"]
    assert values == [1234.5, 12.0, 7.25, -3.5, 1234.75, None, None, 12345678.0]
    assert found.columns[1].unit == "triệu đồng"


def test_a_row_that_sums_up_a_group_is_no_line(tmp_path: Path):
    rows = [
        ["STT", "Cơ sở", "Số giường"],
        ["I", "Tuyến tỉnh", 300],
        [1, "Bệnh viện A", 200],
        [2, "Bệnh viện B", 100],
        ["II", "Tuyến xã", 30],
        [3, "Trạm C", 10],
        [4, "Trạm D", 20],
        ["Tổng cộng", None, 330],
    ]
    found, trial = proposed(made(tmp_path / "giuong.xlsx", rows))
    assert found.totals[0].agrees == {"so_giuong": True}
    assert found.notes[0].vi == "dòng 2, 5 là dòng cộng nhóm: được so lại, không tính là dòng số liệu"
    assert (trial.records, trial.faults) == (4, 0)
