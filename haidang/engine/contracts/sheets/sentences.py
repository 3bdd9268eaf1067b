"""What is said of a cell: its fault and remedy, or what was done to understand it, in Vietnamese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from haidang.engine.contracts.reasons import Reason
from haidang.engine.contracts.sheets.reasons_of_cells import OF_CELLS
from haidang.engine.contracts.sheets.reasons_of_files import OF_FILES
from haidang.engine.contracts.sheets.reasons_of_tables import OF_TABLES
from haidang.engine.contracts.unit_words import unit_words

# Faults and warnings, with their remedies.
REASONS: dict[str, Reason] = OF_FILES | OF_TABLES | OF_CELLS

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
    "total_uncomputed": (
        "dòng tổng, công thức chưa có kết quả trong tệp nên không đối chiếu; không lưu",
        "total whose formula has no result in the file, so it is not compared; not stored",
    ),
    "total_unchecked": (
        "dòng tổng của cột không cộng được; không lưu",
        "total of a column that does not add up; not stored",
    ),
    "other_sheet": (
        "trang “{sheet}” ngoài hợp đồng, không dùng",
        "sheet “{sheet}” is outside the contract, not used",
    ),
    "old_sheet": (
        "trang “{sheet}” là bảng của {stated}, kỳ nộp là {wanted}, không dùng",
        "sheet “{sheet}” is the table of {stated_en}, the period sent is {wanted_en}, not used",
    ),
    "unused_column": ("cột không có trong hợp đồng, không dùng", "column not in the contract, not used"),
    "converted": ("đổi từ {raw} {unit} sang {wanted}", "converted from {raw} {unit_said} to {wanted_said}"),
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
        "unit of the lines below: {unit_said} (above: {before_said})",
    ),
    "unit_at": ("theo đơn vị ghi ở ô {at}", "by the unit stated in cell {at}"),
    "unit_refused": (
        "chưa nhận vì đơn vị ghi ở ô {at} không phải của cột này",
        "not taken, because the unit stated in cell {at} is none of this column",
    ),
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
    "choice_read": ("“{raw}” đọc là “{name}”", "“{raw}” read as “{name_en}”"),
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
        """What was kept before a word had an English form has the one it was kept in; `{unit_said}` is a unit and
        `{one_written}` a number in English, beside `{unit}` and `{one}` as they are to be typed in a file.
        """
        if key.endswith("_written"):
            return str(self[key.removesuffix("_written")]).translate(_ENGLISH_SIGNS)
        if key.endswith("_said"):
            return unit_words(str(self[key.removesuffix("_said")]), "en")
        plain = key.removesuffix("_en")
        return str(self[plain]) if plain in self else "…"


# Numbers that are kept as people here write them; what is typed in a file stays as it is.
_NUMBERS = frozenset(
    {
        "base",
        "before",
        "days",
        "gap",
        "high",
        "low",
        "meant",
        "most",
        "other",
        "percent",
        "published",
        "share",
        "sum",
        "times",
        "value",
    }
)
# In these `raw` is a number too: it stands without quotes. In quotes it is what the file says, but where `raw_number` is told.
_OF_NUMBERS = frozenset(
    {code for code, reason in REASONS.items() if re.search(r"(?<!“){raw}", reason.en + reason.remedy_en)}
    | {code for code, (_vi, en) in TOLD.items() if re.search(r"(?<!“){raw}", en)}
)
_WRITTEN = re.compile(r"[-+−]?\d{1,3}(?:\.\d{3})*(?:,\d+)?")
_ENGLISH_SIGNS = str.maketrans(",.", ".,")


def _english(code: str, args: Mapping[str, object]) -> dict[str, object]:
    """With its numbers as English writes them: `103.190,5` is 103,190.5 there."""
    numbers = _NUMBERS | {"raw"} if code in _OF_NUMBERS or args.get("raw_number") else _NUMBERS
    return {
        key: value.translate(_ENGLISH_SIGNS)
        if key in numbers and isinstance(value, str) and _WRITTEN.fullmatch(value)
        else value
        for key, value in args.items()
    }


def said(code: str, args: Mapping[str, object], language: str = "vi") -> str:
    """Fault and remedy in one line, or what was done."""
    known = _Known(_english(code, args) if language == "en" else args)
    if code in TOLD:
        return TOLD[code][language == "en"].format_map(known)
    reason = REASONS[code]
    words = (reason.en, reason.remedy_en) if language == "en" else (reason.vi, reason.remedy_vi)
    return " ".join(word.format_map(known) for word in words)
