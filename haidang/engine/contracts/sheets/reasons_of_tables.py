"""What is wrong with a table: its headings, units, lines and sums; the place comes first."""

from __future__ import annotations

from haidang.engine.contracts.reasons import Reason

OF_TABLES: dict[str, Reason] = {
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
    "unused": Reason(
        "Ô {cell}: “{raw}” nằm ngoài các cột của hợp đồng, không được dùng.",
        "Chuyển vào đúng cột hoặc xóa.",
        "Cell {cell}: “{raw}” stands outside the contract's columns and is not used.",
        "Move it into its column or delete it.",
    ),
    "other_numbers": Reason(
        "Ô {cell}, trang “{sheet}”: {count} số trên trang không được dùng, vì bảng của báo cáo được đọc ở trang “{wanted}”.",
        "Nếu là số liệu phải nộp, chuyển vào trang “{wanted}”; nếu không, xóa trang “{sheet}” hoặc giải trình một lần cho cả trang.",
        "Cell {cell}, sheet “{sheet}”: its numbers ({count}) are not used, because the table of the report was read on sheet “{wanted}”.",
        "If they are to be reported, move them to sheet “{wanted}”; if not, delete sheet “{sheet}”, or say so once for all of it.",
    ),
    "sheets_of_others": Reason(
        "Ô {cell}, trang “{sheet}”: bảng cùng mẫu của kỳ khác ({names}: {stated}), kỳ nộp là {wanted}, nên không được dùng.",
        "Giải trình một lần cho mọi trang như vậy, hoặc xóa chúng; muốn nộp kỳ khác thì gửi lại tệp này và chọn kỳ đó.",
        "Cell {cell}, sheet “{sheet}”: the same table of another period ({names}: {stated_en}), the period sent is {wanted_en}; not used.",
        "Say so once for all such sheets, or delete them; to report another period send this file again and choose that period.",
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
    "shifted": Reason(
        "Ô {cell}: dòng này nhiều ô hơn tiêu đề (đến ô {spill}) – dấu phân cách nằm trong số đã tách số làm hai?",
        "Lưu tệp dạng .xlsx, hoặc đặt số có dấu phân cách trong ngoặc kép.",
        "Cell {cell}: this line has more cells than headings (up to {spill}) – has a separator within a number cut it in two?",
        "Save it as .xlsx, or put numbers with that sign in quotes.",
    ),
    "unit_below": Reason(
        "Ô {cell}: đơn vị “{unit}” ghi dưới bảng, các số phía trên đã được đọc theo {wanted}.",
        "Ghi đơn vị “{unit}” phía trên bảng hoặc ở tiêu đề cột.",
        "Cell {cell}: the unit “{unit}” stands below the table, whose numbers were read in {wanted_said}.",
        "Write “{unit}” above the table or into the headings.",
    ),
    "unit_spoken": Reason(
        "Ô {cell}: nhắc đến {unit}, nhưng không ghi đó là đơn vị của bảng; các số được đọc theo {wanted}.",
        "Ghi “Đơn vị tính: …” phía trên bảng; nếu các số theo {wanted}, giải trình.",
        "Cell {cell}: speaks of {unit_said}, and does not say that it is the unit of the table; its numbers are read in {wanted_said}.",
        "Write “Đơn vị tính: …” above the table; if its numbers are in {wanted_said}, say so.",
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
        "Cell {cell}: below the headings it says “{unit}”, the heading of the column {wanted_said}: in which are the numbers?",
        "Give one unit in the heading; convert the part in another unit, or put it on a sheet of its own.",
    ),
    "unit_from_here": Reason(
        "Ô {cell}: từ đây trở xuống đọc theo đơn vị “{unit}”, các dòng phía trên theo {before}.",
        "Kiểm tra các dòng phía trên có đúng đơn vị {before} không; nếu đúng, giải trình.",
        "Cell {cell}: from here on numbers are read in “{unit}”, those above in {before_said}.",
        "Check that the lines above are in {before_said}; if so, say so.",
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
    "hidden_number": Reason(
        "Ô {cell}: số {raw} bị định dạng ô che đi nhưng vẫn được tính.",
        "Đặt lại định dạng số của ô để kiểm tra, hoặc xóa số nếu thừa.",
        "Cell {cell}: {raw} is hidden by the format of its cell, and counts.",
        "Give the cell a format that shows it and check it, or delete it.",
    ),
    "line_under": Reason(
        "Ô {cell}: “{raw}” nằm dưới “{above}”, có thể là một phần của dòng đó, nhưng được đọc là “{title}”.",
        "Ghi đơn vị tính của dòng, hoặc ghi tên dòng như biểu mẫu; nếu đúng là “{title}”, giải trình.",
        "Cell {cell}: “{raw}” stands below “{above}” and may be a part of it, but is read as “{title}”.",
        "Give the line its unit, or its name as in the template; if it is “{title}”, say so.",
    ),
    "like_total": Reason(
        "Ô {cell}: mọi số của dòng này bằng tổng {count} dòng phía trên – có phải dòng tổng?",
        "Nếu là dòng tổng, ghi “Cộng” hoặc “Tổng cộng”; nếu là một đơn vị, giải trình.",
        "Cell {cell}: all numbers of this line are the sums of the {count} lines above – is it a total?",
        "If it is, call it “Cộng” or “Tổng cộng”; if it is one more unit, say so.",
    ),
    "like_comparison": Reason(
        "Ô {cell}: “{raw}” không giống tên của {title} – có phải dòng so sánh hay lũy kế?",
        "Nếu là dòng so sánh, xóa dòng hoặc chuyển số vào cột riêng; nếu đúng là tên, giải trình.",
        "Cell {cell}: “{raw}” does not look like a name of {title} – is it a line that compares or adds up?",
        "If so, delete it or give it a column of its own; if it is a name, say so.",
    ),
    "like_total_below": Reason(
        "Ô {cell}: mọi số của dòng này bằng tổng {count} dòng ngay dưới – có phải tên nhóm kèm số tổng?",
        "Nếu là dòng tổng của nhóm, ghi “Cộng” ở đầu tên; nếu là một đơn vị, giải trình.",
        "Cell {cell}: all numbers of this line are the sums of the {count} lines below – is it a group with its total?",
        "If it is, begin its name with “Cộng”; if it is one more unit, say so.",
    ),
    "unnumbered": Reason(
        "Ô {cell}: “{raw}” không có số thứ tự như các dòng khác, hoặc chỉ là một phần – số có bị tính hai lần không?",
        "Nếu là một phần hay tổng của dòng khác, xóa dòng hoặc ghi “Cộng” ở đầu tên; nếu là một đơn vị, đánh số thứ tự hoặc giải trình.",
        "Cell {cell}: “{raw}” has no number as the other lines have, or is but a part – is it counted twice?",
        "If it is a part or a total of others, delete it or begin it with “Cộng”; if it is one of the units, number it or say so.",
    ),
    "like_subline": Reason(
        "Ô {cell}: số thứ tự cho thấy đây là một phần của dòng ở ô {above} – số có bị tính hai lần không?",
        "Nếu dòng ở ô {above} đã gồm số này, xóa dòng; nếu chưa, đánh số thứ tự riêng hoặc giải trình.",
        "Cell {cell}: its number says that it is a part of the line at {above} – is it counted twice?",
        "If the line at {above} holds it already, delete it; if not, give it a number of its own or say so.",
    ),
    "taken_for_part": Reason(
        "Ô {cell}: dòng có gạch đầu dòng, không có số thứ tự, đứng dưới dòng tổng nên được coi là một phần của tổng, không lưu.",
        "Nếu là một dòng số liệu, ghi số thứ tự và bỏ gạch đầu dòng; nếu là phần của tổng, ghi “Trong đó” ở dòng trên hoặc giải trình.",
        "Cell {cell}: a line with a stroke and no number below a total is taken for a part of it and not stored.",
        "If it is a line of data, number it and remove the stroke; if it is a part, write “Trong đó” above it or say so.",
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
    "above_whole": Reason(
        "Ô {cell}: {title} {value} lớn hơn {whole} {other} (ô {at}).",
        "Kiểm tra cả hai số, và xem hai số có bị đổi chỗ không: {title} không thể lớn hơn {whole}.",
        "Cell {cell}: {title} {value} is more than {whole} {other} (cell {at}).",
        "Check both numbers, and whether they changed places: {title} cannot be more than {whole}.",
    ),
    "above_asked": Reason(
        "Ô {cell}: {title} {value} lớn hơn {whole} {other} (ô {at}).",
        "Kiểm tra cả hai số, và xem hai số có bị đổi chỗ không; nếu đúng, giải trình.",
        "Cell {cell}: {title} {value} is more than {whole} {other} (cell {at}).",
        "Check both numbers, and whether they changed places; if right, say why.",
    ),
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
}
