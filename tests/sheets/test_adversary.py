"""A hundred more files, made with a fresh mind to be misread: several faults at once in each, for the contracts of every domain.

What was found is mended; the cases stay, and each reading was gone through by a person: a number is what he takes it for, or
its cell asks. `means` are the cells that are not what stands in them.
"""

from __future__ import annotations

from datetime import date

import pytest

from haidang.engine.contracts.sheets.book import Unreadable
from haidang.engine.contracts.sheets.sentences import said
from haidang.engine.contracts.sheets.verdict import Level
from tests.sheets.held import HeldBook, examined
from tests.sheets.test_layouts import (
    CARE,
    CONTRACTS,
    MONTHLY,
    O_HEAD,
    O_LINE,
    OFFICES,
    PEOPLE,
    RESULTS,
    REVENUE,
    WEEK,
    A,
    Laid,
    S,
    each,
)

EPIDEMICS, DOSSIERS, HANDLING, INDEX = "health.epidemics", "services.dossiers", "services.handling", "services.index_report"  # fmt: skip
OPENING = "education.opening"

LAID = [
    Laid("quoc-hieu-don-vi-giua-tieu-de", REVENUE, [["UBND TỈNH TÂY NINH", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["THUẾ TỈNH", None, None, None, "Độc lập – Tự do – Hạnh phúc"], [None, None, None, None, "Tây Ninh, ngày 05 tháng 11 năm 2026"], ["BÁO CÁO KẾT QUẢ THU NSNN THÁNG 10 NĂM 2026"], ["(Kèm theo Công văn số 123/TTN-NVDTPC ngày 05/11/2026)"], [None, None, None, None, None, "ĐVT: Triệu đồng"], ["TT", "Địa bàn", "Dự toán HĐND giao năm 2026", "Thực hiện", None, "Lũy kế 10 tháng", "% so DT"], [None, None, None, "Tháng 9", "Tháng 10", None, None], ["A", "B", "(1)", "(2)", "(3)", "(4)", "(5)=(4)/(1)"], ["I", "KHU VỰC TÂY NINH CŨ", 3500, 280, 300, 2800, 0.8], [1, "P. Tân Ninh", "1.500,0", "90,0", "100,0", "1.200,0", "80%"], [2, "X. Tân Biên", "2.000,0", "190,0", "200,0", "1.600,0", "80%"], ["II", "KHU VỰC LONG AN CŨ", 1000, 90, 100, 800, 0.8], [1, "Phường Long An", 1000, 90, 100, 800, "80%"], ["", "TỔNG CỘNG", 4500, 370, 400, 3600, "80%"], [None, "NGƯỜI LẬP BIỂU", None, None, "TRƯỞNG THUẾ TỈNH"], [None, "(Ký, ghi rõ họ tên)", None, None, "(Ký tên, đóng dấu)"], [None, "Nguyễn Văn A", None, None, "Trần Thị B"]], merges="D7:E7 A7:A8 B7:B8 C7:C8 F7:F8 G7:G8 A4:G4",
        means={"B11": "25459", "C11": 1500.0, "D11": 90.0, "E11": 100.0, "F11": 1200.0, "G11": 80.0, "B12": "25486", "C12": 2000.0, "D12": 190.0, "E12": 200.0, "F12": 1600.0, "G12": 80.0, "B14": "27694", "G14": 80.0}, totals="C10 D10 E10 F10 G10 C13 D13 E13 F13 G13 C15 D15 E15 F15", records=3),
    Laid("luy-ke-truoc", REVENUE, [["STT", "Đơn vị", "Luỹ kế từ đầu năm đến nay", "Trong tháng", "Tháng trước", "DT năm", "Tỷ lệ LK/DT (%)", "Ghi chú"], [1, "Tân Ninh", 900, 100, 90, 1500, 60, "thu SDĐ"], [2, "Tân Biên", "900*", "1.234*", "90¹", "1500²", "60,5", ""]],
        means={"B2": "25459", "B3": "25486", "C3": 900.0, "D3": None, "E3": 90.0, "F3": 1500.0}, faults=each("two_readings", "D3"), warnings=each("unknown_column", "G1"), records=2),
    Laid("am-trong-ngoac-gach-khong-co", PEOPLE, [["TT", "Tên xã", "Dân số (người)", "Số hộ (hộ)", "Diện tích (ha)"], [1, "Tân Ninh", "45.678", "12.500", "3.560,5"], [2, "Tân Biên", "(45.678)", "không có", "N/A"], [3, "Tân Lập", "…", "-", "–"], [4, "Tân Hội", "45 678 người", "12 500", "35,6 km2"], [5, "Tân Châu", "45,678", "12,500", "3,560.5"]],
        means={"B2": "25459", "C2": 45678.0, "D2": 12500.0, "E2": 35.605, "B3": "25486", "C3": -45678.0, "D3": None, "E3": None, "B4": "25489", "C4": None, "D4": None, "E4": None, "B5": "25525", "C5": 45678.0, "D5": 12500.0, "E5": 35.6, "B6": "25516", "C6": 45678.0, "D6": 12500.0, "E6": 35.605}, faults=each("out_of_range", "C3") | each("missing", "C4"), records=5),
    Laid("nghin-nguoi-dau-cham", PEOPLE, [["TT", "Tên xã", "Dân số (nghìn người)", "Số hộ (nghìn hộ)", "Diện tích (km²)"], [1, "Tân Ninh", "45.678", "12.5", "35.60"], [2, "Tân Biên", "45,678", "12,500", "35,60"], [3, "Tân Lập", 45.678, 12.5, 35.6]],
        means={"B2": "25459", "C2": None, "D2": 12500.0, "E2": 35.6, "B3": "25486", "C3": None, "D3": None, "E3": 35.6, "B4": "25489", "C4": 45678.0, "D4": 12500.0}, faults=each("two_readings", "C2 C3 D3"), records=3),
    Laid("ty-le", REVENUE, [["STT", "Xã, phường", "Kỳ này", "Tỷ lệ đạt (%)"], [1, "Tân Ninh", 100, 0.714], [2, "Tân Biên", 100, 0.655], [3, "Tân Lập", 100, "71,4%"], [4, "Tân Hội", 100, "0,70"]],
        means={"B2": "25459", "B3": "25486", "B4": "25489", "D4": 71.4, "B5": "25525", "D5": 0.7}, warnings=each("share_suspect", "D2 D3 D5"), records=4),
    Laid("ty-le-trong-tieu-de-lan", REVENUE, [["STT", "Xã, phường", "Kỳ này", "Tỷ lệ đạt"], [1, "Tân Ninh", 100, 0.714], [2, "Tân Biên", 100, 1.05]],
        means={"B2": "25459", "B3": "25486"}, warnings=each("share_suspect", "D2"), records=2),
    Laid("header-lap-lai-trang-2-cong-trang", OFFICES, [["STT", "Cơ quan", "VB đến", "VB đi", "Trong đó: ký số", "Đã xử lý", "Trước hạn, đúng hạn", "Trễ hạn", "Đang xử lý", "Tồn quá hạn", "Tổng số ngày xử lý", "BQ"], [1, "Sở Y tế", 100, 50, 49, 90, 80, 10, 10, 1, 200, 2.2], [None, "Cộng mang sang", 100, 50, 49, 90, 80, 10, 10, 1, 200], ["STT", "Cơ quan", "VB đến", "VB đi", "Trong đó: ký số", "Đã xử lý", "Trước hạn, đúng hạn", "Trễ hạn", "Đang xử lý", "Tồn quá hạn", "Tổng số ngày xử lý"], [None, "Trang trước chuyển sang", 100, 50, 49, 90, 80, 10, 10, 1, 200], [2, "Sở Nội vụ", 100, 50, 49, 90, 80, 10, 10, 1, 200], [None, "Tổng cộng", 200, 100, 98, 180, 160, 20, 20, 2, 400]],
        totals="C3 D3 E3 F3 G3 H3 I3 J3 K3 C5 D5 E5 F5 G5 H5 I5 J5 K5 C7 D7 E7 F7 G7 H7 I7 J7 K7", warnings=each("unknown_column", "L1"), records=2),
    Laid("dich-benh", EPIDEMICS, [["BÁO CÁO TÌNH HÌNH BỆNH TRUYỀN NHIỄM TUẦN 44 NĂM 2026"], ["(Từ ngày 26/10 đến 01/11/2026)"], ["TT", "Tên bệnh", "Tuần 44", None, "Tuần 43", None, "Cộng dồn 2026", None], [None, None, "Mắc", "Chết", "Mắc", "Chết", "Mắc", "Chết"], [1, "Sốt xuất huyết Dengue", 120, 0, 110, 0, "4.321", 3], [2, "Tay - chân - miệng (phân độ 2b trở lên)", 45, "-", 40, 0, 1200, 0], [3, "Sởi", 0, 0, 0, 0, 12, 0], [4, "Cúm A(H5N1)", 0, 0, 0, 0, 0, 0], [5, "COVID-19", 3, 0, 2, 0, 100, 0], [6, "Tiêu chảy", 60, 0, 50, 0, 2000, 0], [7, "Thuỷ đậu", 5, 0, 6, 0, 200, 0], [8, "Dại (tử vong)", "0", "0", "0", "0", "1", "1"], [None, "Cộng", 233, 0, 208, 0, 7833, 4]], merges="C3:D3 E3:F3 G3:H3 A3:A4 B3:B4",
        means={"G5": 4321.0, "D6": None, "C12": 0.0, "D12": 0.0, "E12": 0.0, "G12": 1.0}, totals="C13 D13 E13 G13", faults=each("unknown_item", "B8") | each("total_differs", "G13"), warnings=each("unknown_column", "F4 H4") | each("nameless", "C8 D8 E8 G8"), records=8),
    Laid("csyt", CARE, [["STT", "Cơ sở KCB", "Khám bệnh", None, "Nội trú", None, "Giường", None, None, "Chuyển viện"], [None, None, "Tổng số", "BHYT", "Số lượt", "Số ngày ĐT", "Thực kê", "KH", "Công suất"], ["A", "TUYẾN TỈNH"], [1, "BVĐK Tây Ninh", 33841, 31465, 3313, 16721, 700, 21700, "77,1%", 325], ["B", "TUYẾN XÃ"], [2, "TYT Tân Ninh", 1200, 1000, "-", "-", 5, 155, "-", 3], ["", "TỔNG", 35041, 32465, 3313, 16721, 705, 21855, "", 328]], merges="C1:D1 E1:F1 G1:I1",
        means={"I4": 77.1, "E6": None, "F6": None, "I6": None}, totals="C7 D7 E7 F7 G7 J7", faults={"": "column_missing"}, warnings=each("unknown_column", "H2"), records=2),
    Laid("thu-noi-dung-tuc-hanh-chinh", HANDLING, [["BÁO CÁO TÌNH HÌNH GIẢI QUYẾT TTHC"], ["Kỳ báo cáo: Tháng 10/2026"], ["STT", "Nội dung", "Đơn vị", "Số lượng"], ["1", "Số hồ sơ tiếp nhận", "hồ sơ", "12.345"], ["1.1", "Trong đó: nộp trực tuyến", "hồ sơ", "10.000 (81%)"], ["2", "Số hồ sơ đã giải quyết", "hồ sơ", "12,000"]],
        means={"D4": 12345.0, "D5": None, "D6": 12000.0}, faults=each("not_a_number", "D5"), records=3),
    Laid("idx", INDEX, [["TT", "Tiêu chí", "ĐVT", "Số liệu trong kỳ", "Ghi chú"], ["I", "CÔNG KHAI, MINH BẠCH"], [1, "Số TTHC công bố đúng hạn", "TTHC", 45, ""], [2, "Tổng số TTHC đã công bố", "TTHC", "45", ""], ["II", "DỊCH VỤ CÔNG"], [3, "Tỷ lệ đồng bộ hồ sơ", "%", 0.98, ""], [4, "Hồ sơ DVCTT toàn trình", "HS", "12,345", ""], [5, "TTHC có DVCTT", "TTHC", "chưa có", ""]],
        means={"D4": 45.0, "D7": None, "D8": None}, faults=each("two_readings", "D7"), warnings=each("share_suspect", "D6"), records=5),
    Laid("education-th-heads", RESULTS, [["TT", "Xã, phường", "HS cuối năm", None, None, "Lên lớp, hoàn thành cấp học", None, None, "Bỏ học", None, None], [None, None, "TH", "THCS", "THPT", "TH", "THCS", "THPT", "TH", "THCS", "THPT"], [1, "Tân Ninh", "3.000", "2.000", "1.500", "2.990", "1.980", "1.490", "1", "5", "7"]], merges="C1:E1 F1:H1 I1:K1 A1:A2 B1:B2",
        means={"B3": "25459", "C3": 3000.0, "D3": 2000.0, "E3": 1500.0, "F3": 2990.0, "G3": 1980.0, "H3": 1490.0, "I3": 1.0, "J3": 5.0, "K3": 7.0}, records=1),
    Laid("ho-so", DOSSIERS, [["DANH SÁCH HỒ SƠ TIẾP NHẬN THÁNG 10/2026"], ["STT", "Số hồ sơ", "Mã TTHC", "Tên TTHC", "Chủ hồ sơ", "Cơ quan giải quyết", "Ngày nhận", "Ngày hẹn trả", "Ngày trả", "Hình thức tiếp nhận", "Tình trạng", "Lệ phí", "Thanh toán"], [1, "H61.25-261021-0123", "1.001234", "Đăng ký", "Nguyễn A", "Sở Y tế", "21/10/2026 08:30", "28/10/2026", "", "Trực tuyến", "Đang giải quyết", "150.000", "-"], [2, "H61.25-261021-0124", "1.001234", "Đăng ký", "Nguyễn B", "Sở Y tế", "21-10-26", "28-10-26", "27-10-26", "trực tuyến toàn trình", "Đã trả kết quả", "150.000 đ", "Chưa nộp"], [3, "H61.25-261021-0125", 1.001234, "Đăng ký", "Nguyễn C", "-", "2026-10-21", "28.10.2026", "-", "Nộp trực tiếp", "đã trả", "Miễn phí", "x"], [4, "H61.25-261021-0126", "1.001234", "Đăng ký", "Nguyễn D", "Sở Y tế", 46316, 46323, None, "BCCI", "Hoàn thành", 0, None]],
        means={"G3": date(2026, 10, 21), "H3": date(2026, 10, 28), "I3": None, "J3": "online", "K3": "open", "L3": 150000.0, "M3": None, "G4": date(2026, 10, 21), "H4": date(2026, 10, 28), "I4": date(2026, 10, 27), "J4": "online", "K4": "done", "L4": 150000.0, "M4": "none", "C5": None, "F5": None, "G5": date(2026, 10, 21), "H5": date(2026, 10, 28), "I5": None, "J5": "counter", "K5": "done", "L5": None, "M5": None, "G6": date(2026, 10, 21), "H6": date(2026, 10, 28), "J6": "post", "K6": "done"}, faults=each("number_as_text", "C5") | each("missing_text", "F5"), warnings=each("needed_when", "I5 I6"), records=4),
    Laid("ghi-chu-so", REVENUE, [["STT", "Xã, phường", "Kỳ này", "Ghi chú"], [1, "Tân Ninh", "100 (trong đó: ghi thu 20)", "đã nộp 20"], [2, "Tân Biên", "200 (1)", "15"], [3, "Tân Lập", "≈300", ""], [4, "Tân Hội", "300-400", ""], [5, "Tân Châu", "3-4", ""]],
        means={"B2": "25459", "C2": None, "B3": "25486", "C3": None, "B4": "25489", "C4": None, "B5": "25525", "C5": None, "B6": "25516", "C6": None}, faults=each("not_a_number", "C2 C3 C4 C5 C6"), records=5),
    Laid("dong-don-vi-sai-cho", REVENUE, [S, [None, None, "Triệu đồng", "Triệu đồng", "Nghìn đồng"], [1, "Tân Ninh", 1500, 90, 100000]],
        means={"B3": "25459", "E3": 100.0}, records=1),
    Laid("monthly-long", MONTHLY, [["MỘT SỐ CHỈ TIÊU KT-XH THÁNG 10 VÀ 10 THÁNG NĂM 2026"], ["STT", "Chỉ tiêu", "Đơn vị tính", "Thực hiện tháng 10/2025", "Thực hiện tháng 9/2026", "Ước tháng 10/2026", "Lũy kế 10 tháng 2026", "Tháng 10/2026 so với (%)", None], [None, None, None, None, None, None, None, "Tháng trước", "Cùng kỳ"], ["I", "KINH TẾ"], [1, "Chỉ số sản xuất công nghiệp (IIP)", "%", 102, 103, 104.3, 103.5, "101,2", "102,5"], [2, "Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ tiêu dùng", "Tỷ đồng", "18.000", "18.100", "18.450,3", "180.000", "101,9", "102,5"], ["II", "TÀI CHÍNH"], [3, "Tổng thu NSNN trên địa bàn", "Tỷ đồng", 3000, 3100, 3150.75, 31000, 101.6, 105], ["", "Trong đó: - Thu nội địa", '"', 2500, 2550, 2600.5, 26000, 102, 104], ["", "- Thu từ hoạt động XNK", '"', 500, 550, 550.25, 5000, 100, 110], [4, "Kim ngạch xuất khẩu", "Triệu USD", "1.200", "1.300", "1.310,45", "13.000", "100,8", "109"], [5, "Tổng lượt khách du lịch", "Lượt khách", "500.000", "510.000", "512.500", "5.100.000", "100,5", "102,5"]], merges="H2:I2",
        means={"H5": 101.2, "I5": 102.5, "E6": None, "F6": 18450.3, "G6": None, "H6": 101.9, "I6": 102.5, "E11": None, "F11": 1310.45, "G11": None, "H11": 100.8, "I11": 109.0, "E12": 510.0, "F12": 512.5, "G12": 5100.0, "H12": 100.5, "I12": 102.5}, faults=each("two_readings", "E6 G6 E11 G11"), warnings=each("unknown_column", "D2"), records=7),
    Laid("mon-cot-don-vi", MONTHLY, [["STT", "Chỉ tiêu", "Đơn vị", "Tháng 10/2026"], [1, "Thu nội địa", "Triệu đồng", 2600500], [2, "Tổng mức bán lẻ hàng hóa", "Nghìn tỷ đồng", 18.45], [3, "Kim ngạch xuất khẩu", "1.000 USD", 1310450], [4, "Vốn đầu tư thực hiện", "tỷ đồng", 6120]],
        means={"D2": 2600.5, "D3": 18450.0, "D4": 1310.45}, records=4),
    Laid("mon-don-vi-trong-ten", MONTHLY, [["STT", "Chỉ tiêu", "Tháng 10/2026"], [1, "Thu nội địa (triệu đồng)", 2600500], [2, "Tổng mức bán lẻ hàng hóa - Triệu đồng", 18450300], [3, "Kim ngạch xuất khẩu, nghìn USD", 1310450], [4, "Khách du lịch (lượt)", 512500], [5, "CPI (%)", "100,42"]],
        means={"C2": 2600.5, "C3": 18450.3, "C4": 1310.45, "C5": 512.5, "C6": 100.42}, records=5),
    Laid("tong-dau-bang-ko-ten", REVENUE, [S, [None, None, 3500, 280, 300], [1, "Tân Ninh", 1500, 90, 100], [2, "Tân Biên", 2000, 190, 200]],
        means={"B3": "25459", "B4": "25486"}, faults=each("missing_text", "B2"), warnings=each("nameless", "C2 D2 E2"), records=3),
    Laid("office-with-subunits", OFFICES, [O_HEAD, ["I", "Khối sở", 200, 100, 98, 180, 160, 20, 20, 2, 400], [1, "Sở Y tế", 100, 50, 49, 90, 80, 10, 10, 1, 200], ["1.1", "Chi cục Dân số", 20, 10, 9, 18, 16, 2, 2, 0, 40], [2, "Sở Nội vụ", 100, 50, 49, 90, 80, 10, 10, 1, 200], ["II", "Khối xã", 100, 50, 49, 90, 80, 10, 10, 1, 200], [1, "UBND xã Tân Biên", 100, 50, 49, 90, 80, 10, 10, 1, 200], [None, "Tổng", 300, 150, 147, 270, 240, 30, 30, 3, 600]],
        totals="C2 D2 E2 F2 G2 H2 I2 J2 K2 C6 D6 E6 F6 G6 H6 I6 J6 K6 C8 D8 E8 F8 G8 H8 I8 J8 K8", faults=each("total_differs", "C2 D2 E2 F2 G2 H2 I2 K2 C8 D8 E8 F8 G8 H8 I8 K8"), warnings=each("like_subline", "B4"), records=4),
    Laid("facilities-like-total-unnamed", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"], [1, "BV A", 1000, 900, 100, 500, 50, 1500, 5], [2, "BV B", 1000, 900, 100, 500, 50, 1500, 5], [3, "Toàn tỉnh", 2000, 1800, 200, 1000, 100, 3000, 10]],
        totals="A4 C4 D4 E4 F4 G4 H4 I4", records=2),
    Laid("weeks-hai-tuan", WEEK, [["TT", "Xã/phường", "SXHD", None, "TCM", None, "Sởi", None], [None, None, "Tuần 44", "Tuần 43", "Tuần 44", "Tuần 43", "Tuần 44", "Tuần 43"], [1, "Tân Ninh", 5, 4, 3, 2, 0, 1], [2, "Tân Biên", "5 (1 tử vong)", "4", 3, 2, "0", "-"]], merges="C1:D1 E1:F1 G1:H1 A1:A2 B1:B2",
        means={"B3": "25459", "B4": "25486", "C4": None, "G4": 0.0}, faults=each("not_a_number", "C4"), warnings=each("unknown_column", "D2 F2 H2"), records=2),
    Laid("week-mac-luy-ke", WEEK, [["TT", "Xã/phường", "Sốt xuất huyết", None, None, "Tay chân miệng", None, None, "Sởi", None, None], [None, None, "Mắc trong tuần", "Mắc cộng dồn", "Chết", "Mắc trong tuần", "Mắc cộng dồn", "Chết", "Mắc trong tuần", "Mắc cộng dồn", "Chết"], [1, "Tân Ninh", 5, 40, 0, 3, 20, 0, 0, 1, 0]], merges="C1:E1 F1:H1 I1:K1 A1:A2 B1:B2",
        means={"B3": "25459"}, warnings=each("unknown_column", "D2 E2 G2 H2 J2 K2"), records=1),
    Laid("dau-cach-nghin-sai", REVENUE, [S, [1, "Tân Ninh", "1 500 000", "9 0", "1.00"], [2, "Tân Biên", "1,500,000.00", "90.0", "1.00.0"], [3, "Tân Lập", "1500.", "90,", "100 ,5"], [4, "Tân Hội", "1.500.000,", "0,09", ",5"]],
        means={"B2": "25459", "C2": 1500000.0, "D2": None, "E2": 1.0, "B3": "25486", "C3": 1500000.0, "D3": 90.0, "E3": None, "B4": "25489", "C4": 1500.0, "D4": None, "E4": None, "B5": "25525", "C5": None, "D5": 0.09, "E5": 0.5}, faults=each("not_a_number", "D2 E3 D4 E4 C5"), warnings=each("jump", "E5"), records=4),
    Laid("cung-ky-cot", REVENUE, [["STT", "Xã, phường", "Cùng kỳ", "Tháng trước", "Tháng này", "So cùng kỳ (%)", "So tháng trước (%)"], [1, "Tân Ninh", 80, 90, 100, 125, 111]],
        means={"B2": "25459"}, warnings=each("unknown_column", "C1 F1 G1"), records=1),
    Laid("cong-thuc-loi", PEOPLE, [["STT", "Xã, phường", "Dân số", "Số hộ", "Diện tích"], [1, "Tân Ninh", 45000, 12000, "#REF!"]],
        means={"B2": "25459", "E2": None}, faults=each("not_a_number", "E2"), records=1),
    Laid("hai-bang-cung-cot-xep-doc", PEOPLE, [["A. PHƯỜNG"], ["STT", "Xã, phường", "Dân số", "Số hộ"], [1, "Phường Tân Ninh", 45000, 12000], [None, "Cộng A", 45000, 12000], [], ["B. XÃ"], ["STT", "Xã, phường", "Dân số", "Số hộ"], [1, "Xã Tân Biên", 21000, 6000], [None, "Cộng B", 21000, 6000], [None, "Tổng cộng (A+B)", 66000, 18000]],
        means={"B3": "25459", "B8": "25486"}, totals="C4 D4 C9 D9 C10 D10", records=2),
    Laid("so-voi-du-toan-fraction-format-lacks", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Công suất giường (%)", "Chuyển tuyến"], [1, "BV A", 1000, 900, 100, 500, 50, 1500, 0.85, 5], [2, "BV B", 1000, 900, 100, 500, 50, 1500, 0.954, 5]],
        warnings=each("share_suspect", "I2 I3"), records=2),
    Laid("tieu-de-xuong-dong-viet-hoa-gach", REVENUE, [["S\nT\nT", "TÊN XÃ,\nPHƯỜNG", "DỰ TOÁN\nNĂM 2026\n(Tr.đồng)", "THỰC HIỆN\nTHÁNG 9/2026", "THỰC HIỆN\nTHÁNG 10/2026\n(Tr.đồng)", "LŨY KẾ\n10 THÁNG/2026", "% TH/DT"], [1, "P.TÂN NINH", 1500, 90, 100, 900, 60]],
        means={"B2": "25459"}, records=1),
    Laid("number-w-trailing-unit-diff", REVENUE, [["Đơn vị: tỷ đồng"], S, [1, "Tân Ninh", "1,5", "90 triệu", "0,1 tỷ"], [2, "Tân Biên", 1.5, 0.09, "100 tr.đ"]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0, "B4": "25486", "C4": 1500.0, "D4": 90.0, "E4": 100.0}, records=2),
    Laid("thang-thieu-nam", REVENUE, [["THỰC HIỆN THU THÁNG 10"], ["TT", "Đơn vị", "KH", "T9", "T10", "LK"], [1, "Tân Ninh", 1500, 90, 100, 900]],
        means={"B3": "25459"}, warnings=each("unknown_column", "C2"), records=1),
    Laid("xa-khong-ro-rong", REVENUE, [S, [1, "", 1500, 90, 100], [2, "Xã Tân Thạnh", 1, 1, 1], [3, "Tân Thành", 2, 2, 2]],
        means={"B2": None, "B3": "27826", "B4": "25534"}, faults=each("missing_text", "B2"), warnings=each("nameless", "C2 D2 E2"), records=3),
    Laid("stt-la-ma-trong-cot-xa", PEOPLE, [["Xã, phường", "Dân số", "Số hộ"], ["I. Phường", 66000, 18000], ["1. Phường Tân Ninh", 45000, 12000], ["2. Phường Bình Minh", 21000, 6000], ["II. Xã", 10000, 3000], ["1. Xã Tân Biên", 10000, 3000], ["TỔNG SỐ (I + II)", 76000, 21000]],
        means={"A3": "25459", "A4": "25480", "A6": "25486"}, totals="B2 C2 B5 C5 B7 C7", records=3),
    Laid("opening-3-rows", OPENING, [["STT", "Xã, phường", "Số trường", None, None, None, "Số lớp", None, None, None], [None, None, "MN", "TH", "THCS", "THPT", "MN", "TH", "THCS", "THPT"], [1, "Tân Ninh", 5, 6, 3, 1, 50, "60", "30,0", "1.200"]], merges="C1:F1 G1:J1 A1:A2 B1:B2", refused="no_header"),
    Laid("so-am-dau-phay-tren", REVENUE, [S, [1, "Tân Ninh", "1'500", "-90", "100"], [2, "Tân Biên", "1’500", "− 5", "+200"], [3, "Tân Lập", "1 500", "(5)", "200."], [4, "Tân Hội", "１５００", "９０", "100％"]],
        means={"B2": "25459", "C2": 1500.0, "D2": -90.0, "E2": 100.0, "B3": "25486", "C3": None, "D3": -5.0, "E3": 200.0, "B4": "25489", "C4": 1500.0, "D4": -5.0, "E4": 200.0, "B5": "25525", "C5": 1500.0, "D5": 90.0, "E5": None}, faults=each("out_of_range", "D2 D3 D4") | each("not_a_number", "C3 E5"), warnings=each("jump", "E2 E3 E4"), records=4),
    Laid("header-typo", REVENUE, [["STT", "Xã, phuờng", "Dự toán nãm", "Thục hiện tháng 9", "Thực hiện tháng10"], [1, "Tân Ninh", 1500, 90, 100]],
        means={"B2": "25459"}, records=1),
    Laid("header-2-dong-don-vi-trong-ngoac", REVENUE, [["STT", "Xã, phường", "Dự toán", "Thực hiện (tỷ đồng)", None], [None, None, "(triệu đồng)", "T9", "T10"], ["1", "2", "3", "4", "5"], [1, "Tân Ninh", 1500, 0.09, 0.1]], merges="D1:E1 A1:A2 B1:B2",
        means={"B4": "25459", "D4": 90.0, "E4": 100.0}, records=1),
    Laid("don-vi-canh-nhau", REVENUE, [["ĐVT: Triệu đồng; %; người"], ["STT", "Xã, phường", "Dự toán", "T9", "T10", "Tỷ lệ", "Số NNT"], [1, "Tân Ninh", 1500, 90, 100, 66, "4.853"]],
        means={"B3": "25459", "G3": 4853.0}, records=1),
    Laid("don-vi-trong-tieu-de-bang", REVENUE, [["BÁO CÁO THU NSNN THÁNG 10/2026 (Đơn vị tính: nghìn đồng)"], S, [1, "Tân Ninh", 1500000, 90000, 100000]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("don-vi-2-dong", REVENUE, [["Đơn vị:"], ["triệu đồng"], S, [1, "Tân Ninh", 1500, 90, 100]],
        means={"B4": "25459"}, records=1),
    Laid("don-vi-tach-o", REVENUE, [[None, None, None, "Đơn vị tính:", "tỷ đồng"], S, [1, "Tân Ninh", 1.5, 0.09, 0.1]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("don-vi-tach-o-2", REVENUE, [[None, None, None, "ĐVT", "nghìn đồng"], S, [1, "Tân Ninh", 1500000, 90000, 100000]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("peo-nghin-nguoi-tach-o", PEOPLE, [[None, None, "Đơn vị tính:", "Nghìn người"], ["STT", "Xã, phường", "Dân số"], [1, "Tân Ninh", 45.6]],
        means={"B3": "25459", "C3": 45600.0}, records=1),
    Laid("mon-text-unit-line-variants", MONTHLY, [["STT", "Chỉ tiêu", "ĐVT", "Tháng 10/2026"], [1, "Thu nội địa", "Tr.đồng", 2600500], [2, "Chi thường xuyên", "'' ", 610000], [3, "Chi đầu tư phát triển", '" -', 610000], [4, "Vốn đăng ký", "-", 4210], [5, "CPI", "điểm %", 100.4], [6, "Doanh nghiệp thành lập mới", "D.nghiệp", 312], [7, "Nhập khẩu", "Tr. USD", 1100], [8, "Xuất khẩu", "1000USD", 1310450]],
        means={"D2": 2600.5, "D3": 610.0, "D4": 610.0, "D5": None, "D6": None, "D7": None, "D9": 1310.45}, faults=each("unit", "D5 D6 D7"), records=8),
    Laid("mon-so-sanh-cot", MONTHLY, [["STT", "Chỉ tiêu", "ĐVT", "T10/2025", "T9/2026", "T10/2026", "10T/2025", "10T/2026", "T10/T9 (%)", "10T/10T"], [1, "Thu nội địa", "tỷ đồng", 2500, 2550, 2600, 25000, 26000, "102%", 1.04]],
        warnings=each("unknown_column", "D1 G1 I1 J1"), records=1),
    Laid("dos-whole-text-dates-dup", DOSSIERS, [["Mã hồ sơ", "Mã TTHC", "Cơ quan xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Hình thức nộp", "Trạng thái", "Phí"], ["H61.25-261021-0123", "1.001234.000.00.00.H61", "Sở Y tế", "8h30 21/10/2026", "28/10/2026", "Dịch vụ công trực tuyến", "Đã trả (đúng hạn)", "1.234"], ["h61.25-261021-0124", "1.001234", "Sở Y tế", "21/10/2026 ", "2026/10/28", "TRỰC TIẾP", "ĐANG XỬ LÝ", "1,5 triệu"], ["H61.25-261021-0125", "1.001234", "Sở Y tế", "21-Oct-26", "28/10", "Trực tuyến", "", "0đ"]],
        means={"D2": None, "E2": date(2026, 10, 28), "F2": None, "G2": None, "H2": 1234.0, "A3": None, "D3": date(2026, 10, 21), "E3": date(2026, 10, 28), "F3": "counter", "G3": "open", "H3": 1500000.0, "D4": None, "E4": None, "F4": "online", "G4": None, "H4": 0.0}, faults=each("not_a_day", "D2 D4 E4") | each("unknown_choice", "F2 G2") | each("pattern", "A3") | each("missing_text", "G4"), warnings=each("nameless", "H3"), records=3),
    Laid("two-tables-side-different", PEOPLE, [["STT", "Xã", "Dân số", None, "STT", "Phường", "Dân số"], [1, "Xã Tân Biên", 21000, None, 1, "Phường Tân Ninh", 45000], [None, "Cộng", 21000, None, None, "Cộng", 45000]],
        means={"B2": "25486"}, totals="C3", faults=each("two_columns", "G1"), warnings=each("unknown_column", "E1 F1"), records=1),
    Laid("dup-col-diff", PEOPLE, [["STT", "Xã, phường", "Dân số", "Dân số", "Số hộ"], [1, "Tân Ninh", 45000, 45100, 12000]],
        means={"B2": "25459"}, faults=each("two_columns", "D1"), records=1),
    Laid("nam-nu", PEOPLE, [["STT", "Xã, phường", "Dân số", None, None, "Số hộ"], [None, None, "Nam", "Nữ", "Tổng", None], [1, "Tân Ninh", 22000, 23000, 45000, 12000]], merges="C1:E1 A1:A2 B1:B2 F1:F2",
        means={"B3": "25459"}, warnings=each("unknown_column", "C2 D2"), records=1),
    Laid("tong-so-trong-do-nu", PEOPLE, [["STT", "Xã, phường", "Tổng số dân", "Trong đó: nữ", "Hộ"], [1, "Tân Ninh", 45000, 23000, 12000]],
        means={"B2": "25459"}, warnings=each("unknown_column", "D1"), records=1),
    Laid("res-with-totals-left", RESULTS, [["TT", "Xã, phường", "Học sinh cuối năm học", None, None, None, "Lên lớp, hoàn thành", None, None, None, "Bỏ học", None, None, None], [None, None, "Tổng", "TH", "THCS", "THPT", "Tổng", "TH", "THCS", "THPT", "Tổng", "TH", "THCS", "THPT"], [1, "Tân Ninh", 6500, 3000, 2000, 1500, 6460, 2990, 1980, 1490, 13, 1, 5, 7]], merges="C1:F1 G1:J1 K1:N1 A1:A2 B1:B2",
        means={"B3": "25459"}, warnings=each("unknown_column", "C2 G2 K2"), records=1),
    Laid("luy-ke-duoi-cong", OFFICES, [O_HEAD, [1, "Sở Y tế", 100, 50, 49, 90, 80, 10, 10, 1, 200], [2, "Sở Nội vụ", 100, 50, 49, 90, 80, 10, 10, 1, 200], [None, "Cộng tháng 10", 200, 100, 98, 180, 160, 20, 20, 2, 400], [None, "Lũy kế từ đầu năm", 2000, 1000, 980, 1800, 1600, 200, 200, 20, 4000], [None, "Cùng kỳ năm trước", 1900, 950, 931, 1710, 1520, 190, 190, 19, 3800], [None, "So với cùng kỳ (%)", 105, 105, 105, 105, 105, 105, 105, 105, 105], [None, "Tỷ lệ", 1, 1, 1, 1, 1, 1, 1, 1, 1]],
        totals="C4 D4 E4 F4 G4 H4 I4 J4 K4", faults=each("parts_differ", "F7 F8"), warnings=each("like_comparison", "B5 B6 B7 B8"), records=6),
    Laid("trong-don-vi-ngan", REVENUE, [["Biểu số 01", None, None, "Đơn vị tính:", "ngđ"], S, [1, "Tân Ninh", 1500000, 90000, 100000]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("header-merge-don-vi", REVENUE, [["STT", "Xã, phường", "Số thu NSNN (ĐVT: tỷ đồng)", None, None], [None, None, "Dự toán năm", "Kỳ trước", "Kỳ này"], [1, "Tân Ninh", 1.5, 0.09, 0.1]], merges="C1:E1 A1:A2 B1:B2",
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("don-vi-cuoi-tieu-de-bang-lien", REVENUE, [["THU NSNN THÁNG 10 NĂM 2026 – ĐVT: NGHÌN ĐỒNG"], S, [1, "Tân Ninh", 1500000, 90000, 100000]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("don-vi-o-cot-phai-xa", REVENUE, [[None, None, None, None, None, None, None, None, "Đvt: 1.000 đ"], S, [1, "Tân Ninh", 1500000, 90000, 100000]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("tr-d-under-header-each", REVENUE, [S, ["", "", "tr.đ", "tr.đ", "ngđ"], [1, "Tân Ninh", 1500, 90, 100000]],
        means={"B3": "25459", "E3": 100.0}, records=1),
    Laid("don-vi-in-stt-cell", REVENUE, [["ĐVT: tr.đ\nSTT", "Xã, phường", "Dự toán năm", "Kỳ này"], [1, "Tân Ninh", 1500, 100]],
        means={"B2": "25459", "C2": None, "D2": None}, faults=each("unit", "C2 D2"), warnings=each("unknown_column", "A1"), records=1),
    Laid("don-vi-trieu-vnd-lam-tron", REVENUE, [["Đơn vị: Triệu VND (làm tròn)"], S, [1, "Tân Ninh", 1500, 90, 100]],
        means={"B3": "25459"}, records=1),
    Laid("unit-million-dong", REVENUE, [["Unit: billion VND"], S, [1, "Tân Ninh", 1.5, 0.09, 0.1]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("so-tien-tinh-bang-nghin", REVENUE, [["(Số liệu tính theo nghìn đồng, làm tròn)"], S, [1, "Tân Ninh", 1500000, 90000, 100000]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("don-vi-bao-cao", REVENUE, [["Đơn vị báo cáo: Thuế tỉnh Tây Ninh"], ["Đơn vị nhận: Sở Tài chính"], ["Đơn vị tiền tệ: tỷ đồng"], S, [1, "Tân Ninh", 1.5, 0.09, 0.1]],
        means={"B5": "25459", "C5": 1500.0, "D5": 90.0, "E5": 100.0}, records=1),
    Laid("dv-tinh", REVENUE, [["ĐV: tỷ đồng"], S, [1, "Tân Ninh", 1.5, 0.09, 0.1]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("dv-tinh-nghin", REVENUE, [["ĐV tính: nghìn đ"], S, [1, "Tân Ninh", 1500000, 90000, 100000]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("don-vi-tinh-ty", REVENUE, [["Đơn vị tính - tỷ đồng"], S, [1, "Tân Ninh", 1.5, 0.09, 0.1]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("don-vi-tinh-ty-nua", REVENUE, [["Đơn vị tính = tỷ đồng"], ["ĐƠN VỊ TÍNH:TỶ ĐỒNG"], S, [1, "Tân Ninh", 1.5, 0.09, 0.1]],
        means={"B4": "25459", "C4": 1500.0, "D4": 90.0, "E4": 100.0}, records=1),
    Laid("lower-table-months-diff", REVENUE, [["Tháng 10/2026"], S, [1, "Tân Ninh", 1500, 90, 100], ["Tháng 9/2026"], S, [1, "Tân Ninh", 1500, 80, 90]],
        means={"B3": "25459", "B6": "25459"}, faults=each("duplicate", "B6"), warnings=each("wrong_period", "A4"), records=2),
    Laid("epi-number-col-text", EPIDEMICS, [["STT", "Tên bệnh", "Số mắc", "Tử vong"], [1, "SXHD", "12 ca (3 nặng)", "0"], [2, "TCM", "không", "không"], [3, "Sởi", "12/3", "-"], [4, "Cúm", "1.2", "0"], [5, "COVID-19", "0012", "O"], [6, "Tiêu chảy", 12.5, 0], [7, "Thủy đậu", " 7 ", "0.0"], [8, "Dại", "1,0", "1"]],
        means={"C2": None, "D2": 0.0, "C3": None, "D3": None, "C4": None, "D4": None, "C5": None, "D5": 0.0, "C6": 12.0, "D6": None, "C7": None, "C8": 7.0, "D8": 0.0, "C9": 1.0, "D9": 1.0}, faults=each("not_a_number", "C2 C4 D6") | each("not_whole", "C5 C7"), records=8),
    Laid("care-100-occupancy-1", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Công suất giường", "Chuyển tuyến"], [1, "BV A", 1000, 900, 100, 1431, 50, 1500, "95,4%", 5], [2, "BV B", 1000, 900, 100, 500, 50, 1500, 1, 5], [3, "BV C", 1000, 900, 100, 500, 50, 1500, 1.2, 5]],
        means={"I2": 95.4}, warnings=each("share_suspect", "I3 I4"), records=3),
    Laid("order-col-holds-names-merged-swapped-a-b", REVENUE, [["Xã, phường", "STT", "Kỳ này", "Kỳ trước"], ["Tân Ninh", 1, 100, 90], ["Tân Biên", 2, 200, 190], ["Cộng", None, 300, 280]],
        means={"A2": "25459", "A3": "25486"}, totals="C4 D4", records=2),
    Laid("roman-stt-total-row-w-o-name", OFFICES, [O_HEAD, ["I", "KHỐI SỞ", None, None, None, None, None, None, None, None, None], [1, "Sở Y tế", 100, 50, 49, 90, 80, 10, 10, 1, 200], ["", "Cộng I", 100, 50, 49, 90, 80, 10, 10, 1, 200], ["II", "KHỐI XÃ"], [1, "UBND xã Tân Biên", 100, 50, 49, 90, 80, 10, 10, 1, 200], ["", "Cộng II", 100, 50, 49, 90, 80, 10, 10, 1, 200], ["", "TỔNG CỘNG (I+II)", 200, 100, 98, 180, 160, 20, 20, 2, 400]],
        totals="C4 D4 E4 F4 G4 H4 I4 J4 K4 C7 D7 E7 F7 G7 H7 I7 J7 K7 C8 D8 E8 F8 G8 H8 I8 J8 K8", records=2),
    Laid("edu-total-col", RESULTS, [["TT", "Xã, phường", "Học sinh cuối năm học", None, None, "Lên lớp, hoàn thành", None, None, "Bỏ học", None, None], [None, None, "Tiểu học", "THCS", "THPT", "Tiểu học", "THCS", "THPT", "Tiểu học", "THCS", "THPT"], [None, None, "(HS)", "(HS)", "(HS)", "%", "%", "%", "HS", "HS", "HS"], [1, "Tân Ninh", 3000, 2000, 1500, 99.7, 99, 99.3, 1, 5, 7]], merges="C1:E1 F1:H1 I1:K1 A1:A3 B1:B3",
        means={"C3": None, "D3": None, "E3": None, "F3": None, "G3": None, "H3": None, "I3": None, "J3": None, "K3": None, "B4": "25459", "F4": None, "H4": None}, faults=each("missing_text", "B3") | each("not_a_number", "C3 D3 E3 F3 G3 H3 I3 J3 K3") | each("not_whole", "F4 H4"), records=2),
    Laid("nghin-ho", OFFICES, [["Đơn vị tính: nghìn văn bản"], O_HEAD, [1, "Sở Y tế", 0.1, 0.05, 0.049, 0.09, 0.08, 0.01, 0.01, 0.001, 200]],
        means={"C3": 100.0, "D3": 50.0, "E3": 49.0, "F3": 90.0, "G3": 80.0, "H3": 10.0, "I3": 10.0, "J3": 1.0}, records=1),
    Laid("dos-header-merged-order", DOSSIERS, [["Mã hồ sơ", "Mã TTHC", "Cơ quan xử lý", "Thời gian", None, None, "Hình thức nộp", "Trạng thái", "Phí (nghìn đồng)"], [None, None, None, "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả", None, None, None], ["H61.25-261021-0123", "1.001234", "Sở Y tế", "21/10/2026", "28/10/2026", "x", "Trực tuyến", "Đã trả", 150]], merges="D1:F1 A1:A2 B1:B2 C1:C2 G1:G2 H1:H2 I1:I2",
        means={"D3": date(2026, 10, 21), "E3": date(2026, 10, 28), "F3": None, "G3": "online", "H3": "done", "I3": 150000.0}, warnings=each("needed_when", "F3"), records=1),
    Laid("idx-unit-mismatch", INDEX, [["TT", "Nội dung", "Đơn vị", "Trong tháng"], [1, "Tổng số PAKN", "Lượt", 45], [2, "PAKN quá hạn", "PAKN", "0"], [3, "Hồ sơ DVCTT toàn trình", "nghìn HS", "12,3"]],
        means={"D2": None, "D3": 0.0, "D4": 12300.0}, faults=each("unit", "D2"), records=3),
    Laid("number-1-234-in-float-col-w-money-dong", REVENUE, [["ĐVT: đồng"], S, [1, "Tân Ninh", "1.500.000.000", "90,000,000", "100.000"]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 0.1}, faults=each("jump_unit", "E3"), records=1),
    Laid("tong-dau-cuoi-lech-nhau", REVENUE, [S, [None, "TỔNG SỐ", 3500, 280, 300], [1, "Tân Ninh", 1500, 90, 100], [2, "Tân Biên", 2000, 190, 200], [None, "CỘNG", 3500, 281, 300]],
        means={"B3": "25459", "B4": "25486"}, totals="C2 D2 E2 C5 D5 E5", faults=each("total_differs", "D5"), records=2),
    Laid("cot-ke-hoach-ghi-trong-th", REVENUE, [["STT", "Xã, phường", "Thực hiện", None, None], [None, None, "Dự toán năm", "Tháng 9", "Tháng 10"], [1, "Tân Ninh", 1500, 90, 100]], merges="C1:E1",
        means={"B3": "25459"}, records=1),
    Laid("luy-ke-den-31-10-2025-as-trap", REVENUE, [["STT", "Xã, phường", "Tháng 10/2026", "Lũy kế đến 31/10/2025", "Lũy kế đến 31/10/2026"], [1, "Tân Ninh", 100, 800, 900]],
        means={"B2": "25459"}, warnings=each("unknown_column", "D1"), records=1),
    Laid("luy-ke-2025-trap", REVENUE, [["STT", "Xã, phường", "Tháng 10", "Lũy kế 2025", "Lũy kế 2026"], [1, "Tân Ninh", 100, 800, 900]],
        means={"B2": "25459"}, warnings=each("unknown_column", "D1"), records=1),
    Laid("thang-nay-nam-truoc", REVENUE, [["STT", "Xã, phường", "Tháng này năm trước", "Tháng này năm nay"], [1, "Tân Ninh", 80, 100]],
        means={"B2": "25459"}, warnings=each("unknown_column", "C1"), records=1),
    Laid("cung-ky-thang-nay", REVENUE, [["STT", "Xã, phường", "Năm 2025", None, "Năm 2026", None], [None, None, "Tháng này", "Lũy kế", "Tháng này", "Lũy kế"], [1, "Tân Ninh", 80, 800, 100, 900]], merges="C1:D1 E1:F1 A1:A2 B1:B2",
        means={"B3": "25459"}, warnings=each("unknown_column", "C2 D2"), records=1),
    Laid("epi-cung-ky", EPIDEMICS, [["Bệnh", "Tuần này", None, "Tuần trước", None, "Cùng kỳ 2025", None], [None, "Mắc", "Chết", "Mắc", "Chết", "Mắc", "Chết"], ["SXHD", 120, 0, 110, 0, 90, 1]], merges="B1:C1 D1:E1 F1:G1",
        warnings=each("unknown_column", "E2 F2 G2"), records=1),
    Laid("epi-mac-trong-tuan-nam-truoc", EPIDEMICS, [["Bệnh", "Mắc trong tuần", "Chết trong tuần", "Mắc tuần này năm trước"], ["SXHD", 120, 0, 110]],
        warnings=each("unknown_column", "D1"), records=1),
    Laid("mon-plan-per-month", MONTHLY, [["STT", "Chỉ tiêu", "ĐVT", "KH năm 2026", "Tháng 10 năm 2026", None, None, "10 tháng năm 2026", None], [None, None, None, None, "KH", "TH", "% ", "TH", "% KH năm"], [1, "Thu nội địa", "tỷ đồng", 30000, 2500, 2600, 104, 26000, 86.7]], merges="E1:G1 H1:I1 A1:A2 B1:B2 C1:C2 D1:D2",
        warnings=each("unknown_column", "E2 G2 I2"), records=1),
    Laid("mon-cols-with-year-before", MONTHLY, [["STT", "Chỉ tiêu", "ĐVT", "Năm 2025", None, "Năm 2026", None], [None, None, None, "Tháng 10", "10 tháng", "Tháng 10", "10 tháng"], [1, "Thu nội địa", "tỷ đồng", 2500, 25000, 2600, 26000]], merges="D1:E1 F1:G1",
        warnings=each("unknown_column", "D2 E2"), records=1),
    Laid("mon-year-before-not-merged", MONTHLY, [["STT", "Chỉ tiêu", "ĐVT", "Năm 2025", None, "Năm 2026", None], [None, None, None, "Tháng 10", "10 tháng", "Tháng 10", "10 tháng"], [1, "Thu nội địa", "tỷ đồng", 2500, 25000, 2600, 26000]],
        warnings=each("unknown_column", "D2 E2"), records=1),
    Laid("mon-unit-col-each-diff-nghin-tan", MONTHLY, [["STT", "Chỉ tiêu", "ĐVT", "T10/2026"], [1, "Xuất khẩu", "tỷ USD", "1,31"], [2, "Nhập khẩu", "Triệu đô la Mỹ", 1100], [3, "Khách du lịch", "1000 lượt", 512.5], [4, "Khách du lịch quốc tế", "lượt", 12000], [5, "Vốn đăng ký", "tỷ VNĐ", "4.210,5"], [6, "CPI", "", 100.4], [7, "IIP", "%", "4,3"]],
        means={"D2": 1310.0, "D6": 4210.5, "D8": 4.3}, faults=each("unknown_item", "B5") | each("out_of_range", "D8"), warnings=each("nameless", "D5"), records=7),
    Laid("week-wrong-week-dates", WEEK, [["Từ ngày 19/10/2026 đến ngày 25/10/2026"], ["STT", "Xã, phường", "SXHD", "TCM", "Sởi"], [1, "Tân Ninh", 5, 3, 0]],
        means={"B3": "25459"}, warnings=each("wrong_period", "A1"), records=1),
    Laid("week-title-tuan-thang", WEEK, [["BÁO CÁO TUẦN 4 THÁNG 10 NĂM 2026"], ["STT", "Xã, phường", "SXHD", "TCM", "Sởi"], [1, "Tân Ninh", 5, 3, 0]],
        means={"B3": "25459"}, warnings=each("wrong_period", "A1"), records=1),
    Laid("peo-dec-31-dates", PEOPLE, [["STT", "Xã, phường", "Dân số đến 31/12/2026", "Số hộ đến 31/12/2026", "Diện tích tự nhiên (km2)"], [1, "Tân Ninh", 45000, 12000, 35.6]],
        means={"B2": "25459"}, records=1),
    Laid("peo-years-unmerged-float", PEOPLE, [["STT", "Xã, phường", "Dân số", None, "Số hộ", None], [None, None, 2025, 2026, 2025, 2026], [1, "Tân Ninh", 44000, 45000, 11900, 12000]],
        means={"B3": "25459"}, warnings=each("unknown_column", "C2 E2"), records=1),
    Laid("two-digit-years", REVENUE, [["STT", "Xã, phường", "T9/26", "T10/26", "T10/25"], [1, "Tân Ninh", 100, 101, 102]],
        means={"B2": "25459"}, warnings=each("unknown_column", "E1"), records=1),
    Laid("dash", REVENUE, [["STT", "Xã, phường", "Tháng 9-2026", "Tháng 10-2026", "10-2025"], [1, "Tân Ninh", 100, 101, 102]],
        means={"B2": "25459"}, warnings=each("unknown_column", "E1"), records=1),
    Laid("11-thang", REVENUE, [["STT", "Xã, phường", "Ước 11 tháng", "Ước 10 tháng", "Ước tháng 11", "Ước tháng 10"], [1, "Tân Ninh", 100, 101, 102, 103]],
        means={"B2": "25459"}, warnings=each("unknown_column", "C1 E1"), records=1),
    Laid("payers-nghin", REVENUE, [["STT", "Xã, phường", "Kỳ này", "Số NNT (nghìn)"], [1, "Tân Ninh", 100, 1.5]],
        means={"B2": "25459", "D2": 1500.0}, records=1),
    Laid("thuc-hien-den-nay", REVENUE, [["STT", "Xã, phường", "Thực hiện đến 31/10/2026", "Thực hiện tháng 10/2026"], [1, "Tân Ninh", 100, 101]],
        means={"B2": "25459"}, warnings=each("unknown_column", "C1"), records=1),
    Laid("ke-hoach-thang-10", REVENUE, [["STT", "Xã, phường", "Kế hoạch tháng 10", "Tháng 10"], [1, "Tân Ninh", 100, 101]],
        means={"B2": "25459"}, warnings=each("unknown_column", "C1"), records=1),
    Laid("hidden-scale-row", REVENUE, [S, [None, "(1.000.000 đ)", None, None, None], [1, "Tân Ninh", 1500, 90, 100]],
        means={"B3": "25459"}, records=1),
    Laid("unit-row-partly", REVENUE, [S, [None, None, "triệu đồng", None, "nghìn đồng"], [1, "Tân Ninh", 1500, 90, 100000]],
        means={"B3": "25459", "E3": 100.0}, records=1),
    Laid("unit-row-w-text-first-col", REVENUE, [S, ["ĐVT", None, "triệu đồng", "triệu đồng", "nghìn đồng"], [1, "Tân Ninh", 1500, 90, 100000]],
        means={"B3": "25459", "E3": 100.0}, records=1),
    Laid("unit-row-after-col-numbers", REVENUE, [S, [1, 2, 3, 4, 5], [None, None, "tr.đ", "tr.đ", "ngđ"], [1, "Tân Ninh", 1500, 90, 100000]],
        means={"C3": None, "D3": None, "E3": None, "B4": "25459"}, faults=each("missing_text", "B3") | each("not_a_number", "C3 D3 E3") | each("jump_unit", "E4"), records=2),
    Laid("mixed-text-units-header-group", REVENUE, [["STT", "Xã, phường", "Dự toán (tr.đ)", "Thực hiện (ng.đ)", None], [None, None, None, "Kỳ trước", "Kỳ này"], [1, "Tân Ninh", 1500, 90000, 100000]], merges="D1:E1 A1:A2 B1:B2 C1:C2",
        means={"B3": "25459", "D3": 90.0, "E3": 100.0}, records=1),
    Laid("dvt-under-heading-text", REVENUE, [S, ["Đơn vị tính: nghìn đồng"], [1, "Tân Ninh", 1500000, 90000, 100000]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("dvt-right-below-heading-split", REVENUE, [S, [None, None, None, "ĐVT:", "nghìn đồng"], [1, "Tân Ninh", 1500000, 90000, 100000]],
        means={"B3": "25459", "C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
    Laid("dvt-below-title-in-own-col-w-text", REVENUE, [["Thu ngân sách (triệu đồng, tỷ lệ %)"], S, [1, "Tân Ninh", 1500, 90, 100]],
        means={"B3": "25459"}, records=1),
    Laid("title-ty-dong-spoken", REVENUE, [["Số thu ngân sách tính ra tỷ đồng"], S, [1, "Tân Ninh", 1.5, 0.09, 0.1]],
        means={"B3": "25459"}, warnings=each("unit_spoken", "A1"), records=1),
    Laid("peo-thousands-spoken", PEOPLE, [["Dân số (ngàn người) và diện tích"], ["STT", "Xã, phường", "Dân số", "Diện tích"], [1, "Tân Ninh", 45.678, 35.6], [2, "Tân Biên", 21, 50]],
        means={"B3": "25459", "C3": None, "B4": "25486"}, faults=each("not_whole", "C3") | each("out_of_range", "C4"), records=2),
    Laid("care-names-with-dates", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"], [1, "BV 30/4", 1000, 900, 100, 500, 50, 1500, 5], [2, "Trung tâm Y tế Chi nhánh 2", 1000, 900, 100, 500, 50, 1500, 5], [3, "Cộng đồng sức khỏe", 1, 1, 1, 1, 1, 1, 1], [4, "Tăng Nhơn Phú", 1, 1, 1, 1, 1, 1, 1], [5, "Trung bình", 1, 1, 1, 1, 1, 1, 1]],
        warnings=each("like_comparison", "B6"), records=5),
    Laid("off-unlabeled-total", OFFICES, [O_HEAD, [1, "Sở Y tế", 100, 50, 49, 90, 80, 10, 10, 1, 200], [2, "Sở Nội vụ", 100, 50, 49, 90, 80, 10, 10, 1, 200], [None, None, 200, 100, 98, 180, 160, 20, 20, 2, 400]],
        faults=each("missing_text", "B4"), warnings=each("nameless", "C4 D4 E4 F4 G4 H4 I4 J4 K4"), records=3),
    Laid("off-total-label-in-col-a-no-merge", OFFICES, [O_HEAD, [1, "Sở Y tế", 100, 50, 49, 90, 80, 10, 10, 1, 200], [2, "Sở Nội vụ", 100, 50, 49, 90, 80, 10, 10, 1, 200], ["Tổng số", None, 200, 100, 98, 180, 160, 20, 20, 2, 400]],
        totals="C4 D4 E4 F4 G4 H4 I4 J4 K4", records=2),
    Laid("off-tong-2-don-vi", OFFICES, [O_HEAD, [1, "Sở Y tế", 100, 50, 49, 90, 80, 10, 10, 1, 200], [2, "Sở Nội vụ", 100, 50, 49, 90, 80, 10, 10, 1, 200], [None, "Tổng: 2 đơn vị", 200, 100, 98, 180, 160, 20, 20, 2, 400]],
        totals="C4 D4 E4 F4 G4 H4 I4 J4 K4", records=2),
    Laid("off-tong-hop-chung", OFFICES, [O_HEAD, [1, "Sở Y tế", 100, 50, 49, 90, 80, 10, 10, 1, 200], [2, "Sở Nội vụ", 100, 50, 49, 90, 80, 10, 10, 1, 200], [None, "Tổng hợp chung", 200, 100, 98, 180, 160, 20, 20, 2, 400]],
        totals="C4 D4 E4 F4 G4 H4 I4 J4 K4", records=2),
    Laid("care-tuyen-tinh-sub-no-roman", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"], [None, "Tuyến tỉnh", 2000, 1800, 200, 1000, 100, 3000, 10], [1, "BV A", 1000, 900, 100, 500, 50, 1500, 5], [2, "BV B", 1000, 900, 100, 500, 50, 1500, 5], [None, "Tuyến xã", 1000, 900, 100, 500, 50, 1500, 5], [3, "TYT C", 1000, 900, 100, 500, 50, 1500, 5]],
        warnings=each("unnumbered", "B2 B5"), records=5),
    Laid("care-group-bold-w-o-order-col", CARE, [["Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"], ["TUYẾN TỈNH", 2000, 1800, 200, 1000, 100, 3000, 10], ["BV A", 1000, 900, 100, 500, 50, 1500, 5], ["BV B", 1000, 900, 100, 500, 50, 1500, 5], ["TUYẾN XÃ", 1000, 900, 100, 500, 50, 1500, 5], ["TYT C", 1000, 900, 100, 500, 50, 1500, 5]],
        warnings=each("like_total_below", "A2"), records=5),
    Laid("care-trong-do-ngoai-gio", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"], [1, "BV A", 1000, 900, 100, 500, 50, 1500, 5], [None, "Trong đó: ngoài giờ", 10, 9, 1, 5, 0, 0, 0], [2, "BV B", 1000, 900, 100, 500, 50, 1500, 5]],
        warnings=each("unnumbered", "B3"), records=3),
    Laid("care-noi-khoa-sublines", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"], [1, "BV A", 1000, 900, 100, 500, 50, 1500, 5], [None, "- Cơ sở 1", 600, 500, 60, 300, 30, 900, 3], [None, "- Cơ sở 2", 400, 400, 40, 200, 20, 600, 2], [2, "BV B", 1000, 900, 100, 500, 50, 1500, 5]],
        warnings=each("like_total_below", "B2") | each("unnumbered", "B3 B4"), records=4),
    Laid("care-a-sublines", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"], [1, "BV A", 1000, 900, 100, 500, 50, 1500, 5], ["a", "Cơ sở 1", 600, 500, 60, 300, 30, 900, 3], ["b", "Cơ sở 2", 400, 400, 40, 200, 20, 600, 2], [2, "BV B", 1000, 900, 100, 500, 50, 1500, 5]],
        warnings=each("like_total_below", "B2") | each("unnumbered", "B3 B4"), records=4),
    Laid("care-binh-quan-at-end", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"], [1, "BV A", 1000, 900, 100, 500, 50, 1500, 5], [2, "BV B", 1000, 900, 100, 500, 50, 1500, 5], [None, "Bình quân/cơ sở", 1000, 900, 100, 500, 50, 1500, 5]],
        warnings=each("like_comparison", "B4"), records=3),
    Laid("care-same-name-twice-w-sup", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"], [1, "BV A¹", 1000, 900, 100, 500, 50, 1500, 5], [2, "BV A", 1000, 900, 100, 500, 50, 1500, 5]],
        records=2),
    Laid("rev-total-tong-thu-can-doi-line", REVENUE, [S, [1, "Tân Ninh", 1500, 90, 100], [None, "Thu tại Văn phòng Thuế tỉnh", 500, 30, 40], [None, "Tổng cộng", 2000, 120, 140]],
        means={"B2": "25459", "B3": None}, totals="C4 D4 E4", faults=each("unknown_place", "B3"), warnings=each("nameless", "C3 D3 E3"), records=2),
    # --- figures of another span than the contract's ---
    Laid("tuan-trong-thang", WEEK, [["STT", "Xã, phường", "Sốt xuất huyết trong tháng", "Tay chân miệng tháng này", "Sởi trong tuần"], [1, "Tân Ninh", 300, 15, 1]],
        means={"C2": None, "D2": None, "E2": 1.0}, faults={"": "column_missing"}, warnings=each("unknown_column", "C1 D1"), records=1),
    Laid("tuan-mac-trong-thang", EPIDEMICS, [["TT", "Tên bệnh", "Mắc trong tháng", "Mắc trong tuần", "Chết trong quý"], [1, "Sởi", 50, 5, 1]],
        means={"C2": None, "D2": 5.0, "E2": None}, faults={"": "column_missing"}, warnings=each("unknown_column", "C1 E1"), records=1),
    Laid("tuan-nhom-trong-quy", EPIDEMICS, [["TT", "Tên bệnh", "Trong quý", None, "Tuần 44", None], [None, None, "Mắc", "Chết", "Mắc", "Chết"], [1, "Sởi", 50, 1, 5, 0]], merges="C1:D1 E1:F1",
        means={"C3": None, "D3": None, "E3": 5.0, "F3": 0.0}, warnings=each("unknown_column", "C2 D2"), records=1),
    Laid("tuan-nhom-thang-10", EPIDEMICS, [["TT", "Tên bệnh", "Tháng 10", None, "Tuần này", None], [None, None, "Mắc", "Chết", "Mắc", "Chết"], [1, "Sởi", 50, 1, 5, 0]], merges="C1:D1 E1:F1",
        means={"C3": None, "D3": None, "E3": 5.0, "F3": 0.0}, warnings=each("unknown_column", "C2 D2"), records=1),
    Laid("tuan-duoi-ten-benh-trong-thang", WEEK, [["STT", "Xã, phường", "Sốt xuất huyết", None, "Tay chân miệng", "Sởi"], [None, None, "Trong tháng", "Trong tuần", "Trong tuần", "Tuần này"], [1, "Tân Ninh", 300, 15, 1, 0]], merges="C1:D1",
        means={"C3": None, "D3": 15.0, "E3": 1.0, "F3": 0.0}, warnings=each("unknown_column", "C2"), records=1),
    Laid("thang-so-nnt-trong-quy", REVENUE, [["STT", "Xã, phường", "Thực hiện trong tháng", "Số người nộp thuế trong quý"], [1, "Tân Ninh", 300, 15]], means={"C2": 300.0, "D2": None}, warnings=each("unknown_column", "D1"), records=1),
    Laid("thang-tuan-bao-cao", REVENUE, [["STT", "Xã, phường", "Tuần báo cáo", "Tháng báo cáo"], [1, "Tân Ninh", 30, 300]], means={"C2": None, "D2": 300.0}, warnings=each("unknown_column", "C1"), records=1),
    Laid("thang-quy-iv-thang-10", REVENUE, [["STT", "Xã, phường", "Quý IV", None], [None, None, "Tháng 9", "Tháng 10"], [1, "Tân Ninh", 90, 100]], merges="C1:D1", means={"C3": 90.0, "D3": 100.0}, warnings=each("group_heading", "C2 D2"), records=1),
    Laid("van-ban-tuan-nay-quy-da-ky", OFFICES, [["STT", "Cơ quan", "Văn bản đến tuần này", "Văn bản đến trong tháng", "Văn bản đi quý", "Văn bản đi ký", "Văn bản đi trong kỳ", *O_HEAD[4:]], [1, "Sở Y tế", 30, 100, 300, 49, 50, *O_LINE[2:]]],
        means={"C2": None, "D2": 100.0, "E2": None, "F2": None, "G2": 50.0}, warnings=each("unknown_column", "C1 E1 F1"), records=1),
    # --- “người” and “đồng” over a table say nothing of an area or a share ---
    Laid("chung-nguoi-dien-tich", PEOPLE, [["Đơn vị tính: người"], ["TT", "Tên xã", "Dân số", "Số hộ", "Diện tích (km²)"], [1, "Tân Ninh", "45.678", "12.500", "1.234"]],
        means={"C3": 45678.0, "D3": 12500.0, "E3": None}, faults=each("two_readings", "E3"), records=1),
    Laid("chung-nguoi-dien-tich-khong-don-vi", PEOPLE, [["Đơn vị tính: người"], ["TT", "Tên xã", "Dân số", "Số hộ", "Diện tích"], [1, "Tân Ninh", "45.678", "12.500", "1.234"]],
        means={"C3": 45678.0, "D3": 12500.0, "E3": None}, faults=each("two_readings", "E3"), records=1),
    Laid("chung-dong-ty-le", REVENUE, [["Đơn vị tính: đồng"], ["STT", "Xã, phường", "Kỳ này", "Tỷ lệ đạt", "Số NNT"], [1, "Tân Ninh", "100.500.000", "71.125", "4.853"], [2, "Tân Biên", "123.000.000", "71.4", "45"]],
        means={"C3": 100.5, "D3": None, "E3": 4853.0, "C4": 123.0, "D4": 71.4}, faults=each("two_readings", "D3"), records=2),
    # --- white space within a unit ---
    *(Laid(f"don-vi-xuong-dong-{n}", MONTHLY, [["Chỉ tiêu", "ĐVT", "Tháng 10"], ["CPI", "%", 100.4], [label, None, 1310450]], means={"C3": 1310.45}, records=2)
      for n, label in enumerate(["Xuất khẩu, nghìn\nUSD", "Kim ngạch xuất khẩu, nghìn  USD", "Xuất khẩu,\n nghìn\u00a0USD"])),
    # --- parts of a line that are called as another one is ---
    Laid("xuat-khau-duoi-thu-ngan-sach", MONTHLY, [["Chỉ tiêu", "Tháng 10"], ["CPI (%)", 100.4], ["Thu ngân sách từ hoạt động kinh doanh"], ["- Xuất khẩu", 310], ["- Nhập khẩu (triệu USD)", 240], ["Thu nội địa (tỷ đồng)", 2600], ["+ Xuất khẩu", 31]],
        faults=each("duplicate", "A7"), warnings={"A4": "line_under"}, records=5),
    Laid("xuat-khau-duoi-thu-xnk", MONTHLY, [["Chỉ tiêu", "ĐVT", "Tháng 10"], ["Thu thuế XNK", "tỷ đồng", 550], ["- Xuất khẩu", None, 310], ["- Nhập khẩu", '"', 240]],
        faults=each("unit", "C4"), warnings={"A3": "line_under"}, means={"C4": None}, records=3),
    *(Laid(f"xuat-khau-duoi-{n}", MONTHLY, [["Chỉ tiêu", "Tháng 10"], ["CPI (%)", 100.4], [above], ["- Xuất khẩu", 310], ["- Nhập khẩu", 240], ["Tổng thu NSNN", 3100], ["- Thu nội địa", 2600]], records=5)
      for n, above in enumerate(["Kim ngạch xuất nhập khẩu", "Xuất, nhập khẩu hàng hóa", "III. THƯƠNG MẠI"])),
    # --- what needs no question ---
    *(Laid(f"so-tien-trong-tieu-de-{n}", REVENUE, [[title], S, [1, "Tân Ninh", *A]], records=1) for n, title in enumerate([
        "Thu ngân sách của chương trình 120 nghìn tỷ đồng", "THU NGÂN SÁCH THÁNG 10 NĂM 2026 (ước đạt trên hai nghìn tỷ đồng)", "Thu ngân sách: hàng nghìn tỷ đồng, tăng 1.500 tỷ đồng"])),
    *(Laid(f"don-vi-trong-tieu-de-{n}", REVENUE, [[title], S, [1, "Tân Ninh", *A]], warnings=each("unit_spoken", "A1"), records=1) for n, title in enumerate([
        "Bảng thu ngân sách năm 2026 tỷ đồng", "Thu ngân sách, nghìn tỷ đồng, 2026", "Thu ngân sách đạt 120 tỷ đồng; nghìn đồng"])),
    Laid("ten-so-nhu-ke-hoach-va-trang", OFFICES, [O_HEAD, [1, "Kế hoạch và Đầu tư", *O_LINE], [2, "Kế hoạch - Tài chính", 120, 60, 59, 95, 85, 10, 10, 1, 210], [3, "Trảng 3", 130, 70, 69, 97, 87, 10, 10, 1, 220], [4, "Kế hoạch năm 2026", 140, 80, 79, 99, 89, 10, 10, 1, 230]],
        warnings=each("like_comparison", "B5"), records=4),
    Laid("trang-3-la-dong-cong", OFFICES, [O_HEAD, [1, "Sở Y tế", *O_LINE], [None, "Trang 3", *O_LINE], [None, "TRANG 3", *O_LINE]], totals=" ".join(f"{c}{r}" for r in (3, 4) for c in "CDEFGHIJK"), records=1),
]  # fmt: skip


@pytest.mark.parametrize("laid", LAID, ids=lambda laid: laid.name)
def test_each_cell_is_what_a_person_takes_it_for_or_asks(laid: Laid):
    book = HeldBook(laid.rows, laid.merges)
    if laid.refused:
        with pytest.raises(Unreadable) as caught:
            examined(CONTRACTS[laid.contract], book)
        assert caught.value.code == laid.refused
        assert "trang “Biểu”" in said(caught.value.code, caught.value.arguments)
        return
    examination, cells = examined(CONTRACTS[laid.contract], book)
    meant = {cell.address: cell for cell in cells}
    assert {where: meant[where].value for where in laid.means} == laid.means
    for level, wanted in ((Level.FAULT, laid.faults), (Level.WARNING, laid.warnings)):
        found = {
            cell.address if cell.column >= 0 else "": next(r.code for r in cell.remarks if r.level is level)
            for cell in cells
            if cell.level is level and "item_missing" not in {r.code for r in cell.remarks}
        }
        assert found == wanted, [cell.reason() for cell in cells if cell.level]
    totals = {c.address for c in cells if c.fate == "total" and isinstance(c.raw, float | int) and c.field}
    assert totals == set(laid.totals.split())
    assert examination.records == laid.records


@pytest.mark.parametrize("laid", [one for one in LAID if not one.refused], ids=lambda laid: laid.name)
def test_every_number_has_a_fate_and_is_what_stands_there_or_says_why_not(laid: Laid):
    _, cells = examined(CONTRACTS[laid.contract], HeldBook(laid.rows, laid.merges))
    there = [(cell.row, cell.column) for cell in cells if cell.raw is not None]
    assert len(there) == len(set(there))
    assert {(r, c) for r, row in enumerate(laid.rows, 1) for c, v in enumerate(row) if v is not None} == set(
        there
    )
    for cell in cells:
        told = {remark.code for remark in cell.remarks}
        if isinstance(cell.raw, float) and isinstance(cell.value, float) and cell.raw != cell.value:
            assert {"converted", "from_share"} & told, cell
        if isinstance(cell.raw, float) and cell.value is None and cell.field:
            assert told, cell
        if cell.level is Level.FAULT and cell.column >= 0:
            assert cell.address in cell.reason()
            assert cell.address in cell.reason("en")


def test_the_names_of_the_files_are_their_own():
    assert len({laid.name for laid in LAID}) == len(LAID)
