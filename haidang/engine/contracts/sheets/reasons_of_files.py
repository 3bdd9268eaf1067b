"""What is wrong with a file as a whole: that it cannot be opened, is not the report, or not of the period."""

from __future__ import annotations

from haidang.engine.contracts.reasons import Reason

OF_FILES: dict[str, Reason] = {
    "no_file": Reason(
        "Không có tệp “{name}”.", "Kiểm tra đường dẫn.", "There is no file “{name}”.", "Check the path."
    ),
    "no_contract": Reason(
        "Hợp đồng {name} không còn hiệu lực.",
        "Hỏi Trung tâm xem số liệu này nay gửi theo hợp đồng nào.",
        "Contract {name} is no longer in force.",
        "Ask the centre which contract takes this now.",
    ),
    "no_period": Reason(
        "Không rõ tệp “{name}” thuộc kỳ nào.",
        "Chọn kỳ ở trang của bản này; lần sau gửi kèm kỳ, hoặc đặt tên tệp bắt đầu bằng kỳ, ví dụ 2026-10.",
        "It is not known which period “{name}” is for.",
        "Say its period on the page of this version; next time send it with its period, or begin the file's name with it, for example 2026-10.",
    ),
    "bytes_gone": Reason(
        "Tệp gốc {detail} của “{name}” không còn trong kho.",
        "Khôi phục kho tệp từ bản sao lưu, rồi gửi lại.",
        "The delivered bytes {detail} of “{name}” are not in the store.",
        "Restore the store from the backup, then send it again.",
    ),
    "too_large": Reason(
        "Tệp nặng {size} MB, tối đa {limit} MB.",
        "Bỏ hình ảnh và trang thừa, hoặc chia tệp theo tháng.",
        "The file has {size} MB, at most {limit} MB.",
        "Remove pictures and spare sheets, or split it by month.",
    ),
    "other_template": Reason(
        "Tệp này làm trên biểu mẫu “{other}”, không phải “{wanted}”.",
        "Chọn đúng báo cáo khi nộp, hoặc tải biểu mẫu “{wanted}” và điền vào đó.",
        "This file was filled into the template “{other}”, not “{wanted}”.",
        "Choose the right report, or take the template “{wanted}” and fill that in.",
    ),
    "template_period": Reason(
        "Ô {cell}: biểu mẫu này phát cho {stated}, kỳ nộp là {wanted}; số kỳ trước in sẵn có thể đã cũ.",
        "Tải biểu mẫu của {wanted}, hoặc giải trình là đã rà lại.",
        "Cell {cell}: this template was made for {stated_en}, handed in for {wanted_en}; the last period's figures in it may be old.",
        "Take the template of {wanted_en}, or say that you have checked it.",
    ),
    "template_office": Reason(
        "Ô {cell}: biểu mẫu này phát cho {stated}, người nộp thuộc {wanted}.",
        "Kiểm tra có nhầm tệp của cơ quan khác không; nếu đúng, giải trình.",
        "Cell {cell}: this template was made for {stated}, handed in by {wanted}.",
        "Check that it is not the file of another office; if right, say why.",
    ),
    "template_version": Reason(
        "Ô {cell}: biểu mẫu này là bản {stated}, nay dùng bản {wanted}.",
        "Tải biểu mẫu mới; nếu các cột không đổi, giải trình.",
        "Cell {cell}: this template is version {stated}, now {wanted} is used.",
        "Take the new template; if its columns are the same, say so.",
    ),
    "damaged": Reason(
        "Tệp hỏng, không mở được ({detail}).",
        "Mở bằng Excel, chọn Lưu thành .xlsx rồi gửi lại.",
        "The file is damaged ({detail}).",
        "Open it in Excel, save as .xlsx and send again.",
    ),
    "empty_file": Reason(
        "Tệp “{name}” rỗng, không có nội dung.",
        "Lưu lại từ Excel rồi gửi; nếu tải về từ nơi khác, tải lại.",
        "The file “{name}” is empty.",
        "Save it again in Excel; if it was downloaded, download it again.",
    ),
    "cut_off": Reason(
        "Tệp bị cụt, thiếu phần cuối (thường do tải lên hoặc chép dở dang).",
        "Chép lại tệp gốc, mở thử bằng Excel rồi gửi lại.",
        "The end of the file is missing: it was copied or sent in part.",
        "Copy the original again, try it in Excel and send it again.",
    ),
    "document": Reason(
        "“{name}” là tệp {kind}, không phải bảng tính.",
        "Gửi tệp Excel (.xlsx, .xls) hoặc .ods chứa số liệu.",
        "“{name}” is a {kind} file, no spreadsheet.",
        "Send the Excel (.xlsx, .xls) or .ods file with the data.",
    ),
    "no_workbook": Reason(
        "Tệp không chứa bảng tính.",
        "Gửi tệp .xlsx, .xls hoặc .ods.",
        "The file holds no workbook.",
        "Send a .xlsx, .xls or .ods file.",
    ),
    "password": Reason(
        "Tệp có mật khẩu.",
        "Bỏ mật khẩu (Tệp › Thông tin › Bảo vệ sổ làm việc) rồi gửi lại.",
        "The file has a password.",
        "Remove it (File › Info › Protect workbook) and send again.",
    ),
    "html": Reason(
        "“{name}” là trang web lưu với đuôi Excel.",
        "Mở bằng Excel, chọn Lưu thành .xlsx rồi gửi lại.",
        "“{name}” is a web page that only bears Excel's ending.",
        "Open it in Excel, save as .xlsx and send again.",
    ),
    "xml_2003": Reason(
        "“{name}” là tệp XML (Excel 2003).",
        "Mở bằng Excel, chọn Lưu thành .xlsx rồi gửi lại.",
        "“{name}” is an XML file (Excel 2003).",
        "Open it in Excel, save as .xlsx and send again.",
    ),
    "text_file": Reason(
        "“{name}” là tệp văn bản, không phải Excel.",
        "Mở bằng Excel, chọn Lưu thành .xlsx rồi gửi lại.",
        "“{name}” is a text file, not Excel.",
        "Open it in Excel, save as .xlsx and send again.",
    ),
    "not_a_sheet": Reason(
        "“{name}” không phải tệp Excel.",
        "Gửi tệp .xlsx, .xls hoặc .ods.",
        "“{name}” is no spreadsheet.",
        "Send a .xlsx, .xls or .ods file.",
    ),
    "bomb": Reason(
        "Tệp nén bất thường (bung ra {size} MB).",
        "Mở bằng Excel, xóa dòng cột trống có định dạng, lưu lại.",
        "The file unpacks to {size} MB, which no report does.",
        "Open it in Excel, delete formatted empty rows and columns, save again.",
    ),
    "entities": Reason(
        "Tệp chứa khai báo XML lạ ({part}).",
        "Mở bằng Excel, chọn Lưu thành .xlsx rồi gửi lại.",
        "The file declares XML entities ({part}).",
        "Open it in Excel, save as .xlsx and send again.",
    ),
    "no_header": Reason(
        "Không tìm thấy dòng tiêu đề cột: cần các cột {wanted}; trang “{sheet}” {found} (xem từ ô {cell}).",
        "Giữ nguyên dòng tiêu đề của biểu mẫu; hoặc đề nghị thêm tên cột vào hợp đồng.",
        "No row of headings found: columns {wanted} are needed; sheet “{sheet}” {found_en} (see cell {cell} and on).",
        "Keep the headings of the template, or have a heading added to the contract.",
    ),
    "two_sheets": Reason(
        "Hai trang cùng khớp biểu mẫu: “{one}” và “{other}”.",
        "Xóa hoặc ẩn trang không nộp; nếu là hai phần của một bảng, ghép vào một trang, rồi gửi lại.",
        "Two sheets fit the form: “{one}” and “{other}”.",
        "Delete or hide the one that is not meant; if they are parts of one table, join them on one sheet. Then send it again.",
    ),
    "no_rows": Reason(
        "Trang “{sheet}” có tiêu đề nhưng không có dòng số liệu nào.",
        "Điền số liệu dưới dòng tiêu đề.",
        "Sheet “{sheet}” has headings and no line of data.",
        "Fill in data below the headings.",
    ),
    "hidden_sheet": Reason(
        "Ô {cell}: bảng được đọc từ trang ẩn “{sheet}”.",
        "Bỏ ẩn trang để kiểm tra; nếu đúng bảng phải nộp, giải trình.",
        "Cell {cell}: the table was read from the hidden sheet “{sheet}”.",
        "Unhide the sheet and check it; if it is the table that is meant, say so.",
    ),
    "rows_shorter": Reason(
        "Ô {cell}: dòng tiêu đề có {wide} ô, các dòng số liệu chỉ {count} ô: dấu “{sign}” nằm trong một tiêu đề?",
        "Đặt tiêu đề có dấu “{sign}” trong ngoặc kép, hoặc lưu tệp dạng .xlsx rồi gửi lại.",
        "Cell {cell}: the headings are {wide} cells, the lines of data only {count}: does a heading hold a “{sign}”?",
        "Put the heading with “{sign}” in quotes, or save the file as .xlsx, and send it again.",
    ),
    "unknown_letters": Reason(
        "Không nhận ra bảng mã chữ của tệp “{name}”: phần lớn chữ không phải tiếng Việt.",
        "Mở bằng chương trình đã tạo tệp, lưu dạng .xlsx hoặc CSV UTF-8 rồi gửi lại.",
        "The letters of “{name}” are in a code nobody knows: most of its words are no Vietnamese.",
        "Open it in the program that made it, save as .xlsx or CSV UTF-8, and send it again.",
    ),
    "wrong_period": Reason(
        "Ô {cell}: ghi {stated}, kỳ nộp là {wanted}.",
        "Kiểm tra đã chọn đúng tệp; sửa tiêu đề hoặc kỳ nộp.",
        "Cell {cell}: says {stated_en}, the period sent is {wanted_en}.",
        "Check that this is the right file; mend the title or the period.",
    ),
    "sheet_period": Reason(
        "Ô {cell}: trang tên “{name}”, kỳ nộp là {wanted}.",
        "Kiểm tra có nhầm trang của kỳ khác không; đổi tên trang hoặc ghi kỳ ở tiêu đề.",
        "Cell {cell}: the sheet is named “{name}”, the period sent is {wanted_en}.",
        "Check that it is not the sheet of another period; rename it or write the period into the title.",
    ),
    "other_subject": Reason(
        "Ô {cell}: tiêu đề “{raw}” không nói về nội dung của hợp đồng “{wanted}”.",
        "Kiểm tra có gửi nhầm biểu không; nếu đúng, sửa tiêu đề hoặc giải trình.",
        "Cell {cell}: the title “{raw}” is not about “{wanted}”.",
        "Check that it is the right report; if so, mend the title or say why.",
    ),
    "turned": Reason(
        "Ô {cell}, trang “{sheet}”: bảng bị xoay, {found} xếp theo {way} thay vì theo {needed}.",
        "Chọn cả bảng, Chép, bấm ô trống ở trang mới, Dán đặc biệt › Hoán vị (Transpose), rồi gửi lại.",
        "Cell {cell} of sheet “{sheet}”: the table is turned, {found} run {way_en} and not {needed_en}.",
        "Copy the whole table, Paste Special › Transpose on a new sheet, and send that.",
    ),
}
