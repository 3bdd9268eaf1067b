"""What is wrong with what stands in a cell: numbers, days, places, words; the place comes first."""

from __future__ import annotations

from haidang.engine.contracts.reasons import Reason

OF_CELLS: dict[str, Reason] = {
    "unit": Reason(
        "Ô {cell}: đơn vị “{unit}”, hợp đồng cần {wanted}.",
        "Đổi số liệu sang {wanted} và ghi lại đơn vị; nếu “{unit}” là lời chú, bỏ khỏi chỗ ghi đơn vị.",
        "Cell {cell}: unit “{unit}”, the contract wants {wanted_said}.",
        "Convert the values to {wanted_said} and mend the unit; if “{unit}” is a remark, take it out of the place of the unit.",
    ),
    "unit_of_line": Reason(
        "Ô {cell}: tiêu đề cột ghi đơn vị “{unit}”, còn dòng ghi “{other}”: không rõ số theo đơn vị nào.",
        "Giữ một đơn vị: bỏ ở tiêu đề cột hoặc ở cột đơn vị tính.",
        "Cell {cell}: the heading says “{unit}”, the line says “{other}”: in which is the number?",
        "Keep one of the two: in the heading, or in the column of units.",
    ),
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
        "Cell {cell}: “{raw}” can be read as {one_written} or as {other}.",
        "Enter it as a number in Excel, or write {one},0 or {sure}.",
    ),
    "not_whole": Reason(
        "Ô {cell}: {raw} không phải số nguyên.",
        "{title} đếm bằng số nguyên: kiểm tra dấu phẩy và đơn vị.",
        "Cell {cell}: {raw} is no whole number.",
        "{title} is counted in whole numbers: check comma and unit.",
    ),
    "parted": Reason(
        "Ô {cell}: {value} {unit} không phải số nguyên.",
        "Kiểm tra dấu phẩy và đơn vị; nếu đúng, giải trình.",
        "Cell {cell}: {value} {unit_said} is no whole number.",
        "Check comma and unit; if right, say why.",
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
        "Cell {cell}: {value} {unit_said} is outside what is possible ({low} to {high}).",
        "Check number and unit ({unit_said}).",
    ),
    "range_unit": Reason(
        "Ô {cell}: {value} {unit} ngoài khoảng có thể ({low} đến {high}) – có phải đơn vị là {meant}?",
        "Đổi số về {unit}, hoặc ghi đơn vị {meant} ở tiêu đề cột.",
        "Cell {cell}: {value} {unit_said} is outside what is possible ({low} to {high}) – is it in {meant_said}?",
        "Convert to {unit_said}, or write the unit “{meant}” into the heading.",
    ),
    "range_share": Reason(
        "Ô {cell}: {value}% ngoài khoảng có thể ({low} đến {high}) – có phải là {meant}%?",
        "Định dạng ô là phần trăm, hoặc ghi {meant}.",
        "Cell {cell}: {value}% is outside what is possible ({low} to {high}) – is it {meant}%?",
        "Format the cell as percent, or write {meant}.",
    ),
    "jump_unit": Reason(
        "Ô {cell}: {value} {unit} {way} 1.000 lần kỳ trước ({before}) – có phải đơn vị là {meant}?",
        "Đổi số về {unit}, hoặc ghi đơn vị {meant} ở tiêu đề cột.",
        "Cell {cell}: {value} {unit_said} is 1,000 times {way_en} than the last period ({before}) – is it in {meant_said}?",
        "Convert to {unit_said}, or write the unit “{meant}” into the heading.",
    ),
    "jump": Reason(
        "Ô {cell}: {value} {unit}, kỳ trước {before}, {way} {percent}%.",
        "Kiểm tra số; nếu đúng, giải trình ở cột ghi chú hoặc chú thích của ô.",
        "Cell {cell}: {value} {unit_said}, last period {before}, {way_en} by {percent}%.",
        "Check it; if right, say why in the notes or in a comment on the cell.",
    ),
    "line_slip": Reason(
        "Ô {cell}: {value} {unit}, các dòng khác của cột từ {low} đến {high} – có phải dòng này ghi theo {meant}?",
        "Đổi số về {unit}; nếu đúng, giải trình ở cột ghi chú hoặc chú thích của ô.",
        "Cell {cell}: {value} {unit_said}, the other lines of the column are from {low} to {high} – is this one in {meant_said}?",
        "Convert it to {unit_said}; if right, say why in the notes or in a comment on the cell.",
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
        "Remove that format and give the value in {unit_said}.",
    ),
    "shown_as_share": Reason(
        "Ô {cell}: định dạng phần trăm hiện {value}%, nhưng số trong ô là {raw} và cột tính bằng {unit}.",
        "Đổi định dạng ô thành Số và kiểm tra giá trị.",
        "Cell {cell}: its format shows {value}%, but it holds {raw} and the column is in {unit_said}.",
        "Make its format a number and check the value.",
    ),
    "converted_small": Reason(
        "Ô {cell}: {raw} {unit} chỉ bằng {value} {wanted} – có đúng đơn vị là {unit}?",
        "Kiểm tra đơn vị ghi ở bảng; nếu đúng, giải trình.",
        "Cell {cell}: {raw} {unit_said} are no more than {value} {wanted_said} – is it really in {unit_said}?",
        "Check the unit of the table; if right, say so.",
    ),
    "format_unit": Reason(
        "Ô {cell}: định dạng ô hiện {raw} {shown}, còn bảng ghi đơn vị {unit}.",
        "Bỏ đơn vị khỏi định dạng ô và ghi số theo {unit}.",
        "Cell {cell}: its format shows {raw} {shown_said}, but the table is in {unit_said}.",
        "Take the unit out of the format and give the number in {unit_said}.",
    ),
    "struck": Reason(
        "Ô {cell}: chữ bị gạch ngang nhưng vẫn được tính.",
        "Bỏ gạch ngang nếu số đúng, hoặc xóa nội dung ô.",
        "Cell {cell}: it is struck out, and counts.",
        "Remove the stroke if it is right, or empty the cell.",
    ),
    "stated_differs": Reason(
        "Ô {cell}: ghi {value} {unit} là số của {of}, nhưng số đã công bố là {published} {unit} (lệch {gap}).",
        "Sửa ô theo số đã công bố; nếu số đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình.",
        "Cell {cell}: says {value_en} {unit_said} for {of_en}, but {published_en} {unit_said} is published (off by {gap_en}).",
        "Mend the cell; if what is published is wrong, send a corrected file of that period, or say why.",
    ),
    "stated_sum_differs": Reason(
        "Ô {cell}: lũy kế ghi {value} {unit}, nhưng {how} được {published} {unit} (lệch {gap}).",
        "Sửa lũy kế; nếu một kỳ đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình.",
        "Cell {cell}: the sum since January says {value_en} {unit_said}, but {how_en} come to {published_en} {unit_said} (off by {gap_en}).",
        "Mend the sum; if a published period is wrong, send a corrected file of that period, or say why.",
    ),
    "stated_points_differ": Reason(
        "Ô {cell}: ghi {value} điểm % so với {of}, nhưng tính trên số đã công bố ({base}%) được {published} điểm % "
        "(lệch {gap}).",
        "Sửa mức chênh; nếu số đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình.",
        "Cell {cell}: says {value_en} points against {of_en}, but by what is published ({base_en}%) it is {published_en} points "
        "(off by {gap_en}).",
        "Mend the difference; if what is published is wrong, send a corrected file of that period, or say why.",
    ),
    "stated_growth_differs": Reason(
        "Ô {cell}: ghi {value}% so với {of}, nhưng tính trên số đã công bố ({base} {base_unit}) được {published}% (lệch {gap} điểm %).",
        "Sửa tỷ lệ; nếu số đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình.",
        "Cell {cell}: says {value_en}% against {of_en}, but by what is published ({base_en} {base_unit_said}) it is {published_en}% (off by {gap_en} points).",
        "Mend the share; if what is published is wrong, send a corrected file of that period, or say why.",
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
    "code_differs": Reason(
        "Ô {cell}: mã {raw} là của {named}, còn ô {at} ghi {name}.",
        "Sửa mã hoặc tên cho khớp.",
        "Cell {cell}: code {raw} is that of {named}, but cell {at} says {name}.",
        "Mend the code or the name.",
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
    "in_future": Reason(
        "Ô {cell}: {title} là {value}, sau ngày kiểm tra ({today}).",
        "Kiểm tra ngày, tháng, năm; nếu việc chưa diễn ra, để trống ô.",
        "Cell {cell}: {title} is {value}, later than the day of this check ({today}).",
        "Check day, month and year; if it has not happened yet, leave the cell empty.",
    ),
    "long_before": Reason(
        "Ô {cell}: {title} {value} trước {later} {other} (ô {at}) đến {days} ngày.",
        "Kiểm tra năm của hai ngày; nếu đúng, giải trình.",
        "Cell {cell}: {title} {value} is {days} days before {later} {other} (cell {at}).",
        "Check the year of both days; if right, say why.",
    ),
    "empty_when": Reason(
        "Ô {cell}: đã có {title}, trong khi {other} là “{state}” (ô {at}).",
        "Sửa {other}, hoặc xóa {title}; nếu đúng, giải trình.",
        "Cell {cell}: {title} is given, though {other} is “{state}” (cell {at}).",
        "Mend {other}, or empty {title}; if right, say why.",
    ),
    "needed_when": Reason(
        "Ô {cell}: thiếu {title}, trong khi {other} là “{state}” (ô {at}).",
        "Điền {title}, hoặc sửa {other}; nếu chưa biết, giải trình.",
        "Cell {cell}: {title} is missing, though {other} is “{state}” (cell {at}).",
        "Fill in {title}, or mend {other}; if it is not known, say so.",
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
