"""What a heading says of its numbers: the unit, whether more is better, and how figures of places and periods make one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from haidang.engine.contracts.proposing.naming import as_written
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.numerals import unit_of
from haidang.engine.contracts.sheets.unit_words import unit_in
from haidang.engine.places.names import fold

LONGEST_UNIT = 20


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One thing that is proposed, and why."""

    value: str
    why: Text


# What is counted where a heading says “Số …” or begins with it.
_COUNTED = (
    "doanh nghiệp", "hợp tác xã", "hộ kinh doanh", "hộ nghèo", "hộ cận nghèo", "hộ", "lượt khách", "lượt người", "lượt",
    "học sinh", "sinh viên", "trẻ em", "trẻ", "giáo viên", "cán bộ", "lao động", "nhân khẩu", "người", "khách", "hồ sơ",
    "văn bản", "nhiệm vụ", "dự án", "giường bệnh", "giường", "cơ sở", "trạm", "bệnh viện", "trường", "lớp", "phòng học",
    "ca mắc", "ca bệnh", "ca", "vụ", "đơn thư", "đơn", "xã", "phường", "chuyến", "tàu thuyền", "tàu", "xe", "phương tiện",
    "con", "cây", "sản phẩm", "mô hình", "cuộc", "buổi", "bản tin", "tin bài", "công trình", "thửa", "giấy chứng nhận", "giấy",
    "thẻ", "máy", "điểm", "câu lạc bộ", "đội", "tổ", "khách sạn", "phòng",
)  # fmt: skip
_BY_FOLDED = {fold(word): word for word in _COUNTED}
_AS_UNIT = {"hộ nghèo": "hộ", "hộ cận nghèo": "hộ", "hộ kinh doanh": "hộ", "lượt khách": "lượt", "lượt người": "lượt", "khách": "lượt",
            "ca mắc": "ca", "ca bệnh": "ca", "giường bệnh": "giường", "đơn thư": "đơn", "tàu thuyền": "tàu", "cán bộ": "người",
            "nhân khẩu": "người", "lao động": "người", "giấy chứng nhận": "giấy", "trẻ": "trẻ em"}  # fmt: skip
_BY_HEAD = (
    (r"\b(?:ty le|ti le|co cau|cong suat|muc do hoan thanh|dat so voi|so voi|% )", "%"),
    (r"\b(?:dan so|nhan khau|so nguoi|so dan)\b", "người"),
    (r"\b(?:luot khach|so luot|khach du lich|luot)\b", "lượt"),
)
_SHARE = re.compile(r"%|phan tram|\b(?:ty le|ti le|co cau|ty trong|ti trong)\b")
_AVERAGE = re.compile(r"\b(?:binh quan|trung binh|nang suat|mat do|don gia|gia ban|chi so|diem|he so)\b")
_STOCK = re.compile(
    r"\b(?:dan so|so ho\b|ho ngheo|ho can ngheo|hien co|cuoi ky|den cuoi|ton dau|ton cuoi|du no|so truong|so lop|so giuong|giuong|"
    r"so phong|dien tich|luy ke|cong don|tong so xa|nhan khau|lao dong|co so|hoc sinh|giao vien|dang quan ly|dang hoat dong|dan gia suc|tong dan)\b"
)
_PLAN = re.compile(r"\b(?:ke hoach|du toan|chi tieu giao|dinh muc|muc tieu)\b")
_EARLIER = re.compile(r"\b(?:ky truoc|thang truoc|quy truoc|nam truoc|cung ky|tuan truoc)\b")
_SINCE = re.compile(r"\b(?:luy ke|cong don|tu dau nam)\b")
_BAD = re.compile(
    r"\b(?:ngheo|tai nan|tre han|qua han|cham|ca mac|ca benh|mac benh|tu vong|chet|bi thuong|vi pham|no xau|no dong|no thue|that nghiep|pham toi|"
    r"thiet hai|o nhiem|bo hoc|ton dong|khieu nai|to cao|chay|sat lo|benh|suy dinh duong|that thoat)\b"
)
_GOOD = re.compile(
    r"\b(?:thu|doanh thu|xuat khau|khach|von|giai ngan|dung han|truoc han|hoan thanh|tot nghiep|san luong|doanh nghiep thanh lap|moi|dat chuan|"
    r"nop|tiet kiem|truc tuyen|chuyen doi so|ky so|viec lam)\b"
)


def is_share(heading: str) -> bool:
    return bool(_SHARE.search(fold(heading)))


_MEASURES = {"ha", "km", "km2", "m2", "m3", "tan", "ta", "kg", "usd", "kwh", "mwh", "%", "lit", "m"}


def is_measure(unit: str) -> bool:
    """A unit that is measured and not counted: its numbers are whole by chance only."""
    words = fold(unit.replace("²", "2").replace("³", "3")).split()
    return bool(words) and words[-1] in _MEASURES


def is_unit(text: str) -> bool:
    """Whether what stands behind a number is a unit we know, or nothing."""
    return not text or unit_of(text) is not None or is_measure(text) or fold(text) in _BY_FOLDED


def unit_for(heading: str, stated: str, *, percent: bool, written: str = "") -> Reckoned:
    """The unit of a column of numbers; empty where neither heading, cells (`written`) nor table says one."""
    own = unit_in(heading)
    if own and len(own) <= LONGEST_UNIT and not own[:1].isdigit():
        money = unit_of(own)
        return Reckoned(
            money[0] if money else own, Text(f"tiêu đề ghi “({own})”", f"the heading says “({own})”")
        )
    if percent:
        return Reckoned("%", Text("là tỷ lệ phần trăm", "it is a share in per cent"))
    if written and len(written) <= LONGEST_UNIT:
        money = unit_of(written)
        why = Text(f"các ô ghi “{written}” sau số", f"the cells say “{written}” behind the number")
        return Reckoned(money[0] if money else written, why)
    inner = heading.rpartition(" / ")[2]
    plain = fold(inner)
    if counted := _counted(plain):
        return Reckoned(counted, Text(f"tiêu đề đếm “{counted}”", f"the heading counts “{counted}”"))
    if found := re.fullmatch(r"(?:tong )?so (?!tien|du|thu|chi|von|no\b)(\S+(?: \S+){0,2})", plain):
        words = as_written(inner, found)[found.start(1) :].lower()
        if len(words) <= LONGEST_UNIT:
            return Reckoned(
                words, Text(f"đoán từ tiêu đề “{heading}”", f"guessed from the heading “{heading}”")
            )
    for pattern, unit in _BY_HEAD:
        if re.search(pattern, fold(heading)):
            return Reckoned(
                unit, Text(f"đoán từ tiêu đề “{heading}”", f"guessed from the heading “{heading}”")
            )
    if stated and len(stated) <= LONGEST_UNIT:
        money = unit_of(stated)
        return Reckoned(
            money[0] if money else stated,
            Text(f"dòng trên bảng ghi “Đơn vị tính: {stated}”", f"the line over the table says “{stated}”"),
        )
    return Reckoned("", Text("tệp không nói đơn vị: cần người điền", "the file names no unit: a person must"))


def _counted(plain: str) -> str:
    found = re.match(r"(?:tong )?so (?!tien|du|thu|chi|voi|lieu|no\b)(.+)", plain)
    text = found[1] if found else ""
    for word in sorted(_BY_FOLDED, key=len, reverse=True):
        if text == word or text.startswith(word + " "):
            return _AS_UNIT.get(_BY_FOLDED[word], _BY_FOLDED[word])
    return ""


def direction_of(heading: str) -> Reckoned:
    plain = fold(heading)
    if found := _BAD.search(plain):
        return Reckoned(
            "down_is_good",
            Text(
                f"tiêu đề nói “{as_written(heading, found)}”: ít hơn là tốt",
                f"“{as_written(heading, found)}”: fewer is better",
            ),
        )
    if found := _GOOD.search(plain):
        return Reckoned(
            "up_is_good",
            Text(
                f"tiêu đề nói “{as_written(heading, found)}”: nhiều hơn là tốt",
                f"“{as_written(heading, found)}”: more is better",
            ),
        )
    return Reckoned(
        "neutral", Text("tiêu đề không nói tăng là tốt hay xấu", "the heading does not say which way is good")
    )


def over_places(heading: str, *, percent: bool, additive: bool) -> Reckoned:
    """How figures of several places make one of the province."""
    if percent or is_share(heading):
        return Reckoned(
            "none", Text("tỷ lệ của các xã không cộng lại được", "shares of communes do not add up")
        )
    if _AVERAGE.search(fold(heading)):
        return Reckoned("mean", Text("là số bình quân, không cộng", "it is a mean: not added"))
    if not additive:
        return Reckoned(
            "none",
            Text("dòng tổng trong tệp khác tổng các dòng", "the total row is not the sum of the lines"),
        )
    return Reckoned(
        "sum", Text("số đếm hoặc số tiền của từng nơi cộng lại được", "counts and money of places add up")
    )


def over_time(heading: str, *, percent: bool) -> Reckoned:
    """How figures of several periods make one of a longer period."""
    plain = fold(heading)
    if percent or is_share(heading) or _AVERAGE.search(plain):
        return Reckoned(
            "none",
            Text(
                "tỷ lệ, bình quân của các kỳ không cộng lại được", "shares and means of periods do not add up"
            ),
        )
    if found := _STOCK.search(plain):
        return Reckoned(
            "last",
            Text(
                f"“{as_written(heading, found)}” là số tại một thời điểm: lấy kỳ cuối",
                "a level at one moment: the last one counts",
            ),
        )
    return Reckoned(
        "sum", Text("số phát sinh trong kỳ: các kỳ cộng lại", "what happened within the period adds up")
    )


def role_of(heading: str) -> str:
    """`plan`, `previous` or `cumulative` where a column says something beside the value of the period."""
    plain = fold(heading)
    for name, pattern in (("plan", _PLAN), ("previous", _EARLIER), ("cumulative", _SINCE)):
        if pattern.search(plain):
            return name
    return ""
