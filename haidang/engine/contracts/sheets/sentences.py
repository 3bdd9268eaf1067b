"""What is said of a cell: its fault and remedy, or what was done to understand it, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

from haidang.engine.contracts.reasons import Reason

# Faults and warnings; the place comes first.
REASONS: dict[str, Reason] = {
    # --- the file -----------------------------------------------------------------------------------------
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
        "Gửi lại và chọn kỳ, hoặc đặt tên tệp bắt đầu bằng kỳ, ví dụ 2026-10.",
        "It is not known which period “{name}” is for.",
        "Send it again with its period, or begin the file's name with it, for example 2026-10.",
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
        "Xóa trang cũ, hoặc đặt tên trang đúng như hợp đồng.",
        "Two sheets fit the form: “{one}” and “{other}”.",
        "Delete the old one, or name the sheet as the contract says.",
    ),
    "no_rows": Reason(
        "Trang “{sheet}” có tiêu đề nhưng không có dòng số liệu nào.",
        "Điền số liệu dưới dòng tiêu đề.",
        "Sheet “{sheet}” has headings and no line of data.",
        "Fill in data below the headings.",
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
    # --- headings -----------------------------------------------------------------------------------------
    "table_beside": Reason(
        "Ô {cell}: đây là một bảng thứ hai đặt cạnh bảng ở ô {other}, khác cột nên không được đọc.",
        "Chuyển bảng này sang trang riêng, hoặc ghép các cột vào một bảng theo đúng từng dòng.",
        "Cell {cell}: a second table stands here beside the one at {other}; it has other columns and is not read.",
        "Move it to a sheet of its own, or join its columns to the first table line by line.",
    ),
    "column_missing": Reason(
        "Dòng {row}: thiếu cột “{title}”.",
        "Thêm cột “{title}” như biểu mẫu.",
        "Row {row}: column “{title}” is missing.",
        "Add the column “{title}” as in the template.",
    ),
    "two_columns": Reason(
        "Ô {cell}: hai cột cùng là “{title}” (ô {other}).",
        "Bỏ một cột hoặc ghi rõ tiêu đề.",
        "Cell {cell}: two columns are “{title}” (cell {other}).",
        "Remove one or say in the heading which is meant.",
    ),
    "unknown_column": Reason(
        "Ô {cell}: cột “{title}” không có trong hợp đồng, số liệu của cột không được dùng.",
        "Xóa cột, hoặc đề nghị thêm vào hợp đồng.",
        "Cell {cell}: column “{title}” is not in the contract; its values are not used.",
        "Delete the column, or have it added to the contract.",
    ),
    "group_heading": Reason(
        "Ô {cell}: cột được đọc là “{title}”, nhưng tiêu đề phía trên là “{raw}”, hợp đồng không có.",
        "Kiểm tra có đúng cột không; nếu đúng, ghi tiêu đề như biểu mẫu hoặc giải trình.",
        "Cell {cell}: read as “{title}”, but the heading above it says “{raw}”, which the contract does not have.",
        "Check that it is the column meant; if so, write its heading as in the template or say why.",
    ),
    "unit": Reason(
        "Ô {cell}: đơn vị “{unit}”, hợp đồng cần {wanted}.",
        "Đổi số liệu sang {wanted} và ghi lại đơn vị.",
        "Cell {cell}: unit “{unit}”, the contract wants {wanted}.",
        "Convert the values to {wanted} and mend the unit.",
    ),
    "unused": Reason(
        "Ô {cell}: “{raw}” nằm ngoài các cột của hợp đồng, không được dùng.",
        "Chuyển vào đúng cột hoặc xóa.",
        "Cell {cell}: “{raw}” stands outside the contract's columns and is not used.",
        "Move it into its column or delete it.",
    ),
    "other_number": Reason(
        "Ô {cell}: thuộc trang “{sheet}”, ngoài hợp đồng, không được dùng.",
        "Nếu là số liệu phải nộp, chuyển vào trang “{wanted}”.",
        "Cell {cell}: on sheet “{sheet}”, outside the contract, not used.",
        "If it is to be reported, move it to sheet “{wanted}”.",
    ),
    # --- numbers ------------------------------------------------------------------------------------------
    "missing": Reason(
        "Ô {cell}: thiếu {title}.",
        "Điền giá trị; nếu bằng không thì ghi 0.",
        "Cell {cell}: {title} is missing.",
        "Fill it in; where it is zero write 0.",
    ),
    "missing_text": Reason(
        "Ô {cell}: thiếu {title}.", "Điền {title}.", "Cell {cell}: {title} is missing.", "Fill in {title}."
    ),
    "not_a_number": Reason(
        "Ô {cell}: “{raw}” không phải là số.",
        "Ghi số, ví dụ 1.234,5; chữ giải thích để ở cột ghi chú.",
        "Cell {cell}: “{raw}” is not a number.",
        "Write a number such as 1.234,5; words belong in the notes.",
    ),
    "two_readings": Reason(
        "Ô {cell}: “{raw}” có hai cách đọc: {one} hay {other}.",
        "Nhập lại dạng số của Excel, hoặc ghi rõ {one},0 hay {sure}.",
        "Cell {cell}: “{raw}” can be read as {one} or as {other}.",
        "Enter it as a number in Excel, or write {one},0 or {sure}.",
    ),
    "not_whole": Reason(
        "Ô {cell}: {raw} không phải số nguyên.",
        "{title} đếm bằng số nguyên: kiểm tra dấu phẩy và đơn vị.",
        "Cell {cell}: {raw} is no whole number.",
        "{title} is counted in whole numbers: check comma and unit.",
    ),
    "too_many_digits": Reason(
        "Ô {cell}: số {raw} có hơn {most} chữ số, bảng tính không giữ đúng các chữ số cuối.",
        "Kiểm tra lại số; nếu là mã số, ghi dạng văn bản; nếu là số liệu, ghi theo đơn vị lớn hơn.",
        "Cell {cell}: {raw} has more than {most} digits, of which a spreadsheet loses the last.",
        "Check it; write a code as text, and a figure in a larger unit.",
    ),
    "out_of_range": Reason(
        "Ô {cell}: {value} {unit} ngoài khoảng có thể ({low} đến {high}).",
        "Kiểm tra số và đơn vị ({unit}).",
        "Cell {cell}: {value} {unit} is outside what is possible ({low} to {high}).",
        "Check number and unit ({unit}).",
    ),
    "range_unit": Reason(
        "Ô {cell}: {value} {unit} ngoài khoảng có thể ({low} đến {high}) – có phải đơn vị là {meant}?",
        "Đổi số về {unit}, hoặc ghi đơn vị {meant} ở tiêu đề cột.",
        "Cell {cell}: {value} {unit} is outside what is possible ({low} to {high}) – is it in {meant}?",
        "Convert to {unit}, or write the unit {meant} into the heading.",
    ),
    "jump_unit": Reason(
        "Ô {cell}: {value} {unit} {way} 1.000 lần kỳ trước ({before}) – có phải đơn vị là {meant}?",
        "Đổi số về {unit}, hoặc ghi đơn vị {meant} ở tiêu đề cột.",
        "Cell {cell}: {value} {unit} is 1,000 times {way_en} than the last period ({before}) – is it in {meant}?",
        "Convert to {unit}, or write the unit {meant} into the heading.",
    ),
    "jump": Reason(
        "Ô {cell}: {value} {unit}, kỳ trước {before}, {way} {percent}%.",
        "Kiểm tra số; nếu đúng, giải trình ở cột ghi chú hoặc chú thích của ô.",
        "Cell {cell}: {value} {unit}, last period {before}, {way_en} by {percent}%.",
        "Check it; if right, say why in the notes or in a comment on the cell.",
    ),
    "share_suspect": Reason(
        "Ô {cell}: {value}% – tỷ lệ rất nhỏ: có phải là {meant}%?",
        "Định dạng cột là phần trăm, hoặc ghi {meant}.",
        "Cell {cell}: {value}% – a very small share: is it {meant}%?",
        "Format the column as percent, or write {meant}.",
    ),
    "formula_error": Reason(
        "Ô {cell}: công thức {formula} ra lỗi {raw}.",
        "Sửa công thức hoặc gõ số.",
        "Cell {cell}: formula {formula} ends in {raw}.",
        "Mend the formula or type the number.",
    ),
    "error_value": Reason(
        "Ô {cell}: trong ô là lỗi {raw} của Excel, không phải số liệu.",
        "Gõ lại giá trị đúng; nếu chưa có số, ghi “…”.",
        "Cell {cell}: it holds Excel's error {raw}, no value.",
        "Type the right value; where it is not known, write “…”.",
    ),
    "formula_empty": Reason(
        "Ô {cell}: công thức {formula} chưa có kết quả trong tệp.",
        "Mở bằng Excel, chờ tính xong, lưu lại rồi gửi.",
        "Cell {cell}: formula {formula} has no result in the file.",
        "Open it in Excel, let it compute, save and send again.",
    ),
    "formula_stale": Reason(
        "Ô {cell}: tệp lưu kết quả {raw}, nhưng công thức {formula} tính ra {value}.",
        "Mở bằng Excel, bấm F9 để tính lại, lưu rồi gửi.",
        "Cell {cell}: the file holds {raw}, but formula {formula} comes to {value}.",
        "Open it in Excel, press F9 to compute again, save and send.",
    ),
    "became_date": Reason(
        "Ô {cell}: Excel đã đổi số thành ngày {raw}.",
        "Định dạng ô là Số rồi gõ lại.",
        "Cell {cell}: Excel turned the number into the day {raw}.",
        "Format the cell as Number and type it again.",
    ),
    "truth": Reason(
        "Ô {cell}: {raw} là giá trị đúng/sai.",
        "Ghi đúng giá trị của {title}.",
        "Cell {cell}: {raw} is a truth value.",
        "Write {title}.",
    ),
    "thousands": Reason(
        "Ô {cell}: định dạng số ẩn {digits} chữ số cuối; số trong ô là {value}.",
        "Bỏ định dạng rút gọn, ghi đúng đơn vị {unit}.",
        "Cell {cell}: its format hides the last {digits} digits; the cell holds {value}.",
        "Remove that format and give the value in {unit}.",
    ),
    "shown_as_share": Reason(
        "Ô {cell}: định dạng phần trăm hiện {value}%, nhưng số trong ô là {raw} và cột tính bằng {unit}.",
        "Đổi định dạng ô thành Số và kiểm tra giá trị.",
        "Cell {cell}: its format shows {value}%, but it holds {raw} and the column is in {unit}.",
        "Make its format a number and check the value.",
    ),
    "other_table": Reason(
        "Ô {cell}: từ dòng này là một bảng khác tiêu đề, không được đọc.",
        "Chuyển bảng thứ hai sang trang riêng, hoặc nộp theo hợp đồng của bảng đó.",
        "Cell {cell}: here begins a table with other headings, which is not read.",
        "Move the second table to a sheet of its own, or hand it in under its own contract.",
    ),
    "nameless": Reason(
        "Ô {cell}: chưa nhận số này vì chưa rõ dòng {row} là của ai, việc gì (xem ô {label}).",
        "Sửa ô {label} rồi gửi lại.",
        "Cell {cell}: not taken, because it is not clear what row {row} is about (see cell {label}).",
        "Mend cell {label} and send it again.",
    ),
    "merged_across": Reason(
        "Ô {cell}: vùng gộp {range} chứa một giá trị cho nhiều cột.",
        "Tách ô và ghi giá trị cho từng cột.",
        "Cell {cell}: merged {range} holds one value for several columns.",
        "Split it and give each column its value.",
    ),
    "converted_small": Reason(
        "Ô {cell}: {raw} {unit} chỉ bằng {value} {wanted} – có đúng đơn vị là {unit}?",
        "Kiểm tra đơn vị ghi ở bảng; nếu đúng, giải trình.",
        "Cell {cell}: {raw} {unit} are no more than {value} {wanted} – is it really in {unit}?",
        "Check the unit of the table; if right, say so.",
    ),
    "shifted": Reason(
        "Ô {cell}: dòng này nhiều ô hơn tiêu đề (đến ô {spill}) – dấu phân cách nằm trong số đã tách số làm hai?",
        "Lưu tệp dạng .xlsx, hoặc đặt số có dấu phân cách trong ngoặc kép.",
        "Cell {cell}: this line has more cells than headings (up to {spill}) – has a separator within a number cut it in two?",
        "Save it as .xlsx, or put numbers with that sign in quotes.",
    ),
    "format_unit": Reason(
        "Ô {cell}: định dạng ô hiện {raw} {shown}, còn bảng ghi đơn vị {unit}.",
        "Bỏ đơn vị khỏi định dạng ô và ghi số theo {unit}.",
        "Cell {cell}: its format shows {raw} {shown}, but the table is in {unit}.",
        "Take the unit out of the format and give the number in {unit}.",
    ),
    "struck": Reason(
        "Ô {cell}: chữ bị gạch ngang nhưng vẫn được tính.",
        "Bỏ gạch ngang nếu số đúng, hoặc xóa nội dung ô.",
        "Cell {cell}: it is struck out, and counts.",
        "Remove the stroke if it is right, or empty the cell.",
    ),
    "unit_below": Reason(
        "Ô {cell}: đơn vị “{unit}” ghi dưới bảng, các số phía trên đã được đọc theo {wanted}.",
        "Ghi đơn vị “{unit}” phía trên bảng hoặc ở tiêu đề cột.",
        "Cell {cell}: the unit “{unit}” stands below the table, whose numbers were read in {wanted}.",
        "Write “{unit}” above the table or into the headings.",
    ),
    "two_units": Reason(
        "Ô {cell}: ghi đơn vị “{unit}”, còn ô {at} ghi “{other}”: không rõ bảng theo đơn vị nào.",
        "Giữ một đơn vị phía trên bảng; cột theo đơn vị khác ghi ở tiêu đề cột.",
        "Cell {cell}: says “{unit}”, cell {at} says “{other}”: in which is the table?",
        "Keep one unit above the table; write that of a single column into its heading.",
    ),
    "columns_moved": Reason(
        "Ô {cell}: tiêu đề lặp lại ghi “{raw}”, tiêu đề đầu bảng của cột này là “{title}”.",
        "Xếp các cột của phần dưới như phần trên, hoặc để phần dưới thành trang riêng.",
        "Cell {cell}: the repeated heading says “{raw}”, the first one of this column “{title}”.",
        "Put the columns below in the order of those above, or the part below on a sheet of its own.",
    ),
    "unit_between": Reason(
        "Ô {cell}: dưới tiêu đề cột ghi đơn vị “{unit}”, còn tiêu đề cột ghi {wanted}: không rõ số theo đơn vị nào.",
        "Ghi một đơn vị ở tiêu đề cột; phần tính theo đơn vị khác đổi về đơn vị đó hoặc để thành trang riêng.",
        "Cell {cell}: below the headings it says “{unit}”, the heading of the column {wanted}: in which are the numbers?",
        "Give one unit in the heading; convert the part in another unit, or put it on a sheet of its own.",
    ),
    "unit_from_here": Reason(
        "Ô {cell}: từ đây trở xuống đọc theo đơn vị “{unit}”, các dòng phía trên theo {before}.",
        "Kiểm tra các dòng phía trên có đúng đơn vị {before} không; nếu đúng, giải trình.",
        "Cell {cell}: from here on numbers are read in “{unit}”, those above in {before}.",
        "Check that the lines above are in {before}; if so, say so.",
    ),
    "merged_value": Reason(
        "Ô {cell}: vùng gộp {range} chứa một giá trị cho nhiều dòng.",
        "Tách ô và ghi giá trị cho từng dòng.",
        "Cell {cell}: merged {range} holds one value for several lines.",
        "Split it and give each line its value.",
    ),
    "hidden_row": Reason(
        "Ô {cell}: dòng {row} đang ẩn nhưng vẫn được tính.",
        "Hiện dòng để kiểm tra, hoặc xóa nếu thừa.",
        "Cell {cell}: row {row} is hidden, and counts.",
        "Show the row and check it, or delete it.",
    ),
    "hidden_column": Reason(
        "Ô {cell}: cột {column} đang ẩn nhưng vẫn được tính.",
        "Hiện cột để kiểm tra, hoặc xóa nếu thừa.",
        "Cell {cell}: column {column} is hidden, and counts.",
        "Show the column and check it, or delete it.",
    ),
    # --- sums ---------------------------------------------------------------------------------------------
    "like_total": Reason(
        "Ô {cell}: mọi số của dòng này bằng tổng {count} dòng phía trên – có phải dòng tổng?",
        "Nếu là dòng tổng, ghi “Cộng” hoặc “Tổng cộng”; nếu là một đơn vị, giải trình.",
        "Cell {cell}: all numbers of this line are the sums of the {count} lines above – is it a total?",
        "If it is, call it “Cộng” or “Tổng cộng”; if it is one more unit, say so.",
    ),
    "like_part": Reason(
        "Ô {cell}: dòng có gạch đầu dòng ngay dưới dòng tổng, từ ô {next} không còn gạch – có phải là một phần của dòng tổng?",
        "Nếu là phần của dòng tổng, xóa dòng hoặc ghi “Cộng” ở đầu; nếu là một đơn vị, bỏ gạch đầu dòng hoặc giải trình.",
        "Cell {cell}: a line with a stroke right below a total, and none from cell {next} on – is it a part of the total?",
        "If it is, delete it or begin it with “Cộng”; if it is one of the units, remove the stroke or say why.",
    ),
    "total_differs": Reason(
        "Ô {cell}: ghi {value}, cộng các dòng được {sum} (lệch {gap}).",
        "Sửa dòng tổng hoặc các dòng thành phần.",
        "Cell {cell}: says {value}, the lines add up to {sum} (off by {gap}).",
        "Mend the total or its lines.",
    ),
    "parts_differ": Reason(
        "Ô {cell}: ghi {value}, cộng {parts} được {sum} (lệch {gap}).",
        "Sửa số tổng hoặc các thành phần.",
        "Cell {cell}: says {value}, {parts} add up to {sum} (off by {gap}).",
        "Mend the total or its parts.",
    ),
    # --- beside what is published -------------------------------------------------------------------------
    "stated_differs": Reason(
        "Ô {cell}: ghi {value} {unit} là số của {of}, nhưng số đã công bố là {published} {unit} (lệch {gap}).",
        "Sửa ô theo số đã công bố; nếu số đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình.",
        "Cell {cell}: says {value} {unit} for {of_en}, but {published} {unit} is published (off by {gap}).",
        "Mend the cell; if what is published is wrong, send a corrected file of that period, or say why.",
    ),
    "stated_sum_differs": Reason(
        "Ô {cell}: lũy kế ghi {value} {unit}, nhưng {how} được {published} {unit} (lệch {gap}).",
        "Sửa lũy kế; nếu một kỳ đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình.",
        "Cell {cell}: the sum since January says {value} {unit}, but {how_en} come to {published} {unit} (off by {gap}).",
        "Mend the sum; if a published period is wrong, send a corrected file of that period, or say why.",
    ),
    "stated_points_differ": Reason(
        "Ô {cell}: ghi {value} điểm % so với {of}, nhưng tính trên số đã công bố ({base}%) được {published} điểm % "
        "(lệch {gap}).",
        "Sửa mức chênh; nếu số đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình.",
        "Cell {cell}: says {value} points against {of_en}, but by what is published ({base}%) it is {published} points "
        "(off by {gap}).",
        "Mend the difference; if what is published is wrong, send a corrected file of that period, or say why.",
    ),
    "stated_growth_differs": Reason(
        "Ô {cell}: ghi {value}% so với {of}, nhưng tính trên số đã công bố ({base} {base_unit}) được {published}% (lệch {gap} điểm %).",
        "Sửa tỷ lệ; nếu số đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình.",
        "Cell {cell}: says {value}% against {of_en}, but by what is published ({base} {base_unit}) it is {published}% (off by {gap} points).",
        "Mend the share; if what is published is wrong, send a corrected file of that period, or say why.",
    ),
    # --- words --------------------------------------------------------------------------------------------
    "unknown_item": Reason(
        "Ô {cell}: chỉ tiêu “{raw}” không có trong hợp đồng{near}.",
        "Dùng đúng tên trong biểu mẫu, hoặc đề nghị thêm vào hợp đồng.",
        "Cell {cell}: line “{raw}” is not in the contract{near_en}.",
        "Use the name of the template, or have it added to the contract.",
    ),
    "item_missing": Reason(
        "Dòng {row}: thiếu chỉ tiêu “{title}”.",
        "Thêm dòng “{title}” như biểu mẫu.",
        "Row {row}: the line “{title}” is missing.",
        "Add the line “{title}” as in the template.",
    ),
    "unknown_choice": Reason(
        "Ô {cell}: “{raw}” không có trong danh mục {title}{near}.",
        "Dùng một trong: {known}.",
        "Cell {cell}: “{raw}” is not in the list of {title}{near_en}.",
        "Use one of: {known}.",
    ),
    "unknown_place": Reason(
        "Ô {cell}: không có đơn vị hành chính “{raw}”{near}.",
        "Ghi mã 5 chữ số hoặc tên đang có hiệu lực của xã, phường.",
        "Cell {cell}: there is no unit “{raw}”{near_en}.",
        "Give the 5-digit code or the present name of the commune.",
    ),
    "other_province": Reason(
        "Ô {cell}: “{raw}” thuộc {other}, ngoài địa bàn của báo cáo.",
        "Xóa dòng, hoặc ghi đúng xã, phường của tỉnh.",
        "Cell {cell}: “{raw}” lies in {other}, outside the report.",
        "Delete the line, or name the commune of the province.",
    ),
    "former_place": Reason(
        "Ô {cell}: “{raw}” là đơn vị cũ, nay thuộc {heirs}.",
        "Ghi số liệu theo đơn vị mới.",
        "Cell {cell}: “{raw}” is a unit of before, now in {heirs}.",
        "Give the numbers of the new unit.",
    ),
    "district": Reason(
        "Ô {cell}: “{raw}” là cấp huyện, đã kết thúc hoạt động từ 01/07/2025.",
        "Ghi số liệu theo từng xã, phường.",
        "Cell {cell}: “{raw}” is a district, and there are none since 1 July 2025.",
        "Give the numbers by commune.",
    ),
    "place_kind": Reason(
        "Ô {cell}: ghi “{raw}”, đã đọc là {name}; đơn vị cũ và mới có thể khác địa giới.",
        "Ghi đúng tên {name} nếu số liệu là của đơn vị này.",
        "Cell {cell}: says “{raw}”, read as {name}; the old and the new unit may have other bounds.",
        "Write {name} if the numbers are of that unit.",
    ),
    "two_places": Reason(
        "Ô {cell}: “{raw}” là tên của nhiều đơn vị: {codes}.",
        "Ghi mã đơn vị thay cho tên.",
        "Cell {cell}: “{raw}” names several units: {codes}.",
        "Give the code instead of the name.",
    ),
    "pattern": Reason(
        "Ô {cell}: “{raw}” không đúng dạng của {title}.",
        "Ghi theo mẫu của hợp đồng, ví dụ {pattern}.",
        "Cell {cell}: “{raw}” has not the form of {title}.",
        "Write it as the contract says, such as {pattern}.",
    ),
    "duplicate": Reason(
        "Ô {cell}: {title} “{raw}” đã có ở dòng {first}.",
        "Xóa dòng trùng hoặc sửa mã.",
        "Cell {cell}: {title} “{raw}” stands in row {first} already.",
        "Delete one of the two or mend it.",
    ),
    "not_a_day": Reason(
        "Ô {cell}: “{raw}” không phải là ngày.",
        "Ghi ngày/tháng/năm, ví dụ 21/11/2026.",
        "Cell {cell}: “{raw}” is no day.",
        "Write day/month/year, such as 21/11/2026.",
    ),
    "month_first": Reason(
        "Ô {cell}: “{raw}” có tháng lớn hơn 12 – có phải ghi tháng trước ngày?",
        "Ghi ngày/tháng/năm, ví dụ 21/11/2026.",
        "Cell {cell}: “{raw}” has a month above 12 – was the month written first?",
        "Write day/month/year, such as 21/11/2026.",
    ),
    "day_turned": Reason(
        "Ô {cell}: ngày {value} có thể là {other}: cột có cả ngày dạng chữ, và mọi ngày Excel tự nhận đều đổi chỗ được ngày với tháng.",
        "Gõ lại ngày trong Excel đặt theo kiểu Việt Nam; nếu đúng là {value}, giải trình.",
        "Cell {cell}: {value} may be {other}: the column holds days as text too, and all that Excel took for days can be turned.",
        "Type it again in an Excel set to day before month; if it is {value}, say so.",
    ),
    "day_out_of_range": Reason(
        "Ô {cell}: năm của “{raw}” không hợp lý.",
        "Kiểm tra năm.",
        "Cell {cell}: the year of “{raw}” cannot be.",
        "Check the year.",
    ),
    "before_other": Reason(
        "Ô {cell}: {value} trước {title} ({other}).",
        "Kiểm tra hai ngày.",
        "Cell {cell}: {value} is before {title} ({other}).",
        "Check both days.",
    ),
    "number_as_text": Reason(
        "Ô {cell}: số {raw} ở cột {title}.",
        "Định dạng ô là Văn bản rồi gõ lại, giữ số 0 ở đầu.",
        "Cell {cell}: a number {raw} in column {title}.",
        "Format the cell as Text and type it again with its leading zeros.",
    ),
    "guessed_letters": Reason(
        "Ô {cell}: chữ theo bảng mã {form}, đọc là “{value}”.",
        "Kiểm tra; nên lưu tệp bằng phông Unicode.",
        "Cell {cell}: text in {form}, read as “{value}”.",
        "Check it; better save the file in a Unicode font.",
    ),
}

# What was done to understand a cell that is good, Vietnamese and English.
TOLD: dict[str, tuple[str, str]] = {
    "label": ("nhãn dòng", "label of the line"),
    "section": ("tên mục, không có số liệu", "name of a section, no data"),
    "header": ("tiêu đề cột", "heading"),
    "column_numbers": ("dòng đánh số cột", "row of column numbers"),
    "header_again": ("tiêu đề lặp lại", "heading repeated"),
    "note": ("ghi chú ngoài bảng", "note outside the table"),
    "order": ("số thứ tự, không phải số liệu", "running number, not data"),
    "unit_cell": ("đơn vị tính", "unit"),
    "total": ("dòng tổng, đã đối chiếu bằng {sum}; không lưu", "total, equals the sum {sum}; not stored"),
    "total_label": ("dòng tổng", "total"),
    "total_part": (
        "một phần của dòng tổng phía trên, không lưu",
        "a part of the total above, not stored",
    ),
    "total_waits": (
        "dòng tổng, chưa đối chiếu được vì cột có ô lỗi",
        "total, not compared while a cell of its column is at fault",
    ),
    "total_unchecked": (
        "dòng tổng của cột không cộng được; không lưu",
        "total of a column that does not add up; not stored",
    ),
    "other_sheet": (
        "trang “{sheet}” ngoài hợp đồng, không dùng",
        "sheet “{sheet}” is outside the contract, not used",
    ),
    "unused_column": ("cột không có trong hợp đồng, không dùng", "column not in the contract, not used"),
    "converted": ("đổi từ {raw} {unit} sang {wanted}", "converted from {raw} {unit} to {wanted}"),
    "from_text": ("số ghi dạng chữ “{raw}”", "a number written as text “{raw}”"),
    "rounded": (
        "{raw} là số nguyên {value} lệch do máy tính",
        "{raw} is the whole number {value} but for rounding",
    ),
    "from_share": ("ô định dạng phần trăm: {raw} = {value}%", "formatted as percent: {raw} = {value}%"),
    "nothing": ("“{raw}”: không phát sinh, không tính là 0", "“{raw}”: nothing occurred, not taken as 0"),
    "unknown": ("“{raw}”: chưa có số liệu, không tính là 0", "“{raw}”: not known, not taken as 0"),
    "letters": ("chữ {form} đổi sang Unicode", "{form} text made Unicode"),
    "from_serial": ("ngày ghi bằng số {raw} của Excel", "a day written as Excel's number {raw}"),
    "shortened": (
        "{raw} có nhiều chữ số thập phân hơn bảng tính giữ được, đọc là {value}",
        "{raw} has more decimals than a spreadsheet holds, read as {value}",
    ),
    "unit_told": (
        "đơn vị của các dòng phía dưới: {unit} (phía trên: {before})",
        "unit of the lines below: {unit} (above: {before})",
    ),
    "unit_at": ("theo đơn vị ghi ở ô {at}", "by the unit stated in cell {at}"),
    "note_uncomputed": (
        "ghi chú {shown} chưa ra chữ nào; bỏ qua vì không phải số liệu",
        "the note {shown} has come to no words; passed over, it is no figure",
    ),
    "computed": ("kết quả của công thức {formula}", "result of {formula}"),
    "explained": (
        "thay đổi {percent}% so với kỳ trước, đã giải trình: {note}",
        "changed by {percent}%, explained: {note}",
    ),
    "place_read": ("“{raw}” đọc là {name}", "“{raw}” read as {name}"),
    "filled": ("giá trị của vùng gộp {range}", "value of merged {range}"),
    "stated_agrees": ("khớp số đã công bố: {of}", "agrees with what is published: {of_en}"),
    "not_compared": (
        "không so với {of}: mức tăng của chỉ tiêu tính bằng % có thể là % hay điểm %; tiêu đề cột ghi “điểm %” thì so được",
        "not compared with {of_en}: a share may grow in percent or in points; a heading that says “điểm %” is compared",
    ),
    "line_not_kept": (
        "không so với {of}: tệp kỳ đó quá nhiều dòng, số từng dòng không được giữ riêng",
        "not compared with {of_en}: that file had too many lines for each to be kept",
    ),
    "parts": ("bằng tổng thành phần {sum}", "equals the sum of its parts {sum}"),
}


class _Known(dict[str, object]):
    def __missing__(self, key: str) -> str:
        """What was kept before a word had an English form has the one it was kept in."""
        plain = key.removesuffix("_en")
        return str(self[plain]) if plain in self else "…"


def said(code: str, args: Mapping[str, object], language: str = "vi") -> str:
    """Fault and remedy in one line, or what was done."""
    known = _Known(args)
    if code in TOLD:
        return TOLD[code][language == "en"].format_map(known)
    reason = REASONS[code]
    words = (reason.en, reason.remedy_en) if language == "en" else (reason.vi, reason.remedy_vi)
    return " ".join(word.format_map(known) for word in words)
