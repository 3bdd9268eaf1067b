"""A unit of measure in the language of who reads it; contents and the record keep it as it was written."""

from __future__ import annotations

import re

# i18n: data – words of units; one that is not here stays as the content writes it
_ENGLISH = {
    "nghìn": "thousand", "ngàn": "thousand", "triệu": "million", "tỷ": "billion", "tỉ": "billion",
    "đồng": "dong", "người": "people", "dân": "people", "hộ": "households", "học sinh": "pupils", "hồ sơ": "dossiers",
    "doanh nghiệp": "enterprises", "lượt khách": "visitors", "lượt": "visits", "tấn": "tonnes", "tạ": "quintals",
    "vụ": "cases", "ca": "cases", "giường": "beds", "xã": "communes", "trường": "schools", "lớp": "classes",
    "giáo viên": "teachers", "văn bản": "documents", "vạn": "ten thousand", "ngày": "days", "ngày giường": "bed days",
    "không đơn vị": "no unit", "ngày làm việc": "working days", "dịch vụ": "services", "thủ tục": "procedures", "phản ánh": "reports",
}  # fmt: skip
_WORD = re.compile("|".join(rf"\b{word}\b" for word in sorted(_ENGLISH, key=len, reverse=True)))


# What a ratio is per: one of them.
_ONE = {
    "people": "person", "households": "household", "dossiers": "dossier", "enterprises": "enterprise", "visits": "visit",
    "classes": "class", "documents": "document", "beds": "bed", "days": "day", "schools": "school",
}  # fmt: skip


def unit_words(unit: str, language: str) -> str:
    """The unit in the language of the screen: `tỷ đồng`, in English `billion dong`; `nghìn tỷ` is a trillion."""
    if language != "en":
        return unit
    # i18n: data – as contents write them
    said = _WORD.sub(lambda found: _ENGLISH[found[0]], unit.replace("nghìn tỷ", "trillion"))
    what, per, of = said.rpartition("/")
    return what + per + _ONE.get(of, of) if per else said
