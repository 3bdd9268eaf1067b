"""Columns that name or number persons: told by their headings or by the shape of what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from haidang.engine.contracts.proposing.naming import as_written
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.book import Value
from haidang.engine.places.names import fold

# So large a part of the cells must look alike.
_MOST = 0.6
_BY_HEADING = (
    (r"\b(?:ma cong dan|cccd|cmnd|cmt|can cuoc|chung minh|dinh danh|so giay to|ho chieu|bhxh|bhyt so|ma so bhxh|so the bao hiem)\b", "số giấy tờ tùy thân", "numbers of identity papers"),
    (r"\b(?:dien thoai|so dt|sdt|di dong|zalo|lien he)\b", "số điện thoại", "telephone numbers"),
    (r"\b(?:ho va ten|ho ten|ten nguoi|nguoi nop|nguoi dai dien|chu ho|ten cong dan|ten khach hang)\b", "họ tên người", "names of persons"),
    (r"\b(?:ngay sinh|nam sinh|ngay thang nam sinh)\b", "ngày sinh", "birthdays"),
    (r"\b(?:email|e-mail|thu dien tu)\b", "thư điện tử", "e-mail addresses"),
    (r"\b(?:dia chi|noi o|thuong tru|que quan)\b", "địa chỉ nhà", "home addresses"),
    (r"\b(?:so tai khoan|tai khoan ngan hang)\b", "số tài khoản", "bank accounts"),
)  # fmt: skip
_PHONE = re.compile(r"(?:\+?84|0)(?:3|5|7|8|9|2)\d{8,9}")
_PAPER = re.compile(r"0\d{11}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SHAPES = (
    (_PAPER, "số căn cước 12 chữ số", "identity numbers of 12 digits"),
    (_PHONE, "số điện thoại", "telephone numbers"),
    (_MAIL, "thư điện tử", "e-mail addresses"),
)


def personal_in(heading: str, cells: Sequence[Value]) -> Text | None:
    """Why a column seems to hold personal data; None where it does not."""
    if told := heading_of(heading):
        return told
    for shape, vi, en in _SHAPES:
        alike = sum(bool(shape.fullmatch(_bare(cell))) for cell in cells)
        if cells and alike >= 2 and alike >= _MOST * len(cells):
            words = f"{alike}/{len(cells)} ô có dạng {vi}"
            return Text(words, f"{alike} of {len(cells)} cells look like {en}")
    return None


def heading_of(text: str) -> Text | None:
    """Why a heading seems to stand over personal data; None where it does not."""
    plain = fold(text)
    if re.match(r"(?:tong )?so (?:nguoi|luot|ho|ca|truong hop|khach)\b", plain):
        return None
    for pattern, vi, en in _BY_HEADING:
        if found := re.search(pattern, plain):
            return Text(
                f"tiêu đề nói “{as_written(text, found)}”: có vẻ là {vi}",
                f"the heading says “{as_written(text, found)}”: it seems to hold {en}",
            )
    return None


def has_shape(cell: Value) -> bool:
    """Whether it is written as an identity number, a telephone number or an e-mail address; also the number Excel makes of
    the first, which loses the noughts before it. Round numbers are sums of money.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return 10**9 <= cell < 10**12 and cell == int(cell) and int(cell) % 1000 != 0
    bare = _bare(cell)
    return any(shape.fullmatch(bare) for shape, _vi, _en in _SHAPES)


def _bare(cell: Value) -> str:
    """Only of texts: a sum of money in đồng has as many digits as a telephone number."""
    return re.sub(r"[\s.\-()]", "", cell) if isinstance(cell, str) else ""
