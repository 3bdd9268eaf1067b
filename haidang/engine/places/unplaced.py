"""Why a figure found no unit on the other day: one code each, said in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    vi: str
    en: str


# i18n: data – told in both languages side by side, as `haidang import` does
REASONS = {
    "not_a_number": Reason("giá trị không phải là số", "the value is not a number"),
    "no_code": Reason(
        "thiếu mã; chỉ có tên thì chưa đủ để quyết định", "no code; a name alone decides nothing"
    ),
    "unknown_code": Reason(
        "không có đơn vị mang mã này (mã giữ số 0 ở đầu, ví dụ 00004)",
        "no unit has this code (codes keep their zeros, as in 00004)",
    ),
    "not_on_day": Reason(
        "mã này không còn hoặc chưa có vào ngày của số liệu",
        "the code was not in use on the day of the figures",
    ),
    "disagrees": Reason(
        "mã và tên, hoặc cấp trên, chỉ hai đơn vị khác nhau",
        "code and name, or parent, speak of different units",
    ),
    "ambiguous": Reason("nhiều đơn vị trùng tên; ghi mã", "several units bear this name; write the code"),
    "no_parent": Reason(
        "có tên mà thiếu cấp trên; ghi mã hoặc huyện, tỉnh",
        "a name without its parent; write the code or the parent",
    ),
    "unknown_name": Reason(
        "cấp trên ấy không có đơn vị tên này vào ngày ấy", "that parent had no unit of this name on that day"
    ),
    "twice": Reason("đơn vị này có hai dòng; giữ một", "this unit stands in two lines; keep one"),
    "contains_others": Reason(
        "dòng tổng của các đơn vị cũng có trong tệp; cộng vào sẽ tính hai lần",
        "a total of units that are in the file too; adding it would count them twice",
    ),
    "no_successor": Reason("không có văn bản nào cho biết đơn vị kế thừa", "no act names a successor"),
    "no_predecessor": Reason(
        "không rõ đơn vị này từ đâu mà thành", "nothing says what this unit was made of"
    ),
    "share_missing": Reason(
        "các phần đã biết chưa đủ cả đơn vị", "the known parts do not make the whole unit"
    ),
    "shares_above_one": Reason("các phần cộng lại hơn cả đơn vị", "the parts add up to more than the unit"),
    "merged": Reason(
        "gộp từ nhiều đơn vị cũ; muốn chia lại cần một quyền số",
        "made of several old units; only a weight can divide it again",
    ),
    "no_weight": Reason("thiếu quyền số của đơn vị này", "this unit has no weight"),
    "finer": Reason(
        "đơn vị cấp trên không chia được xuống cấp dưới", "a unit is not divided among the ones below it"
    ),
    "later": Reason(
        "đơn vị này thành lập sau ngày cần xem", "the unit was made after the day that is asked for"
    ),
}
