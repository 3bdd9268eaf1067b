"""Words by which rows tell what they are: notes, signatures, groups and their sums, parts of the row above."""

from __future__ import annotations

import re
from functools import lru_cache

from haidang.engine.contracts.sheets.wording import folded

NOTE = re.compile(
    r"^\W*(?:ghi chu|nguon|luu y|chu thich|nguoi lap|lap bieu|lap bang|nguoi duyet|thu truong|thu ky|giam doc|pho giam doc|kt\.|tm\.|tl\.|"
    r"chu tich|pho chu tich|ke toan|truong phong|chanh van phong|cuc truong|chi cuc truong|noi nhan|nhu tren|luu[:. ]|ky ten|"
    r"ky, |ky va|\(?da ky|ngay \d|ngay \W*thang|.{2,40}, ngay |don vi tinh|dvt|so lieu|uoc tinh den|xac nhan)"
)
# Who signs, or the place and day of signing: below it stand names, and telephones.
SIGNED = re.compile(
    r"^\W*(?:nguoi lap|lap bieu|lap bang|nguoi duyet|thu truong|giam doc|pho giam doc|kt\.|tm\.|tl\.|chu tich|pho chu tich|"
    r"ke toan|truong phong|chanh van phong|cuc truong|chi cuc truong|ky ten|ky, |ky va|(?:.{2,40}, )?ngay \W*\d{0,2} ?thang)"
)
FOOTNOTE = re.compile(r"^\s*(?:\(?\*+\)?|\(\d\)|\[\d\])\s*\S")
ROMAN = re.compile(r"[IVX]{1,4}[.)]?|[A-Z][.)]?")
GROUP = re.compile(
    r"(?:[ivx]{1,4}[.)]? |[a-z][.)] )?(?:khu vuc|khoi|cum|nhom|vung|phia|dia ban|huyen|thi xa|cac xa|cac phuong)\b"
)
# Lines that sum up all wards or all communes of the list: “- Phường”, “Cộng các xã”, “Khu vực thành thị”.
_OF_KIND = re.compile(
    r"(?:(?:trong do|gom|bao gom|chia ra)[\s:,]*)?(?:(?:tong|cong)(?: so| cong)?\s+)?(?:(?:cac|khoi|khu vuc|so|cap|don vi|\d{1,3})\s+)*"
    r"(phuong|xa|dac khu|thanh thi|nong thon)[\s:.]*(?:\([^()]*\)[\s:.]*)?"
)
_KINDS = {"phuong": "Phường", "xa": "Xã", "dac khu": "Đặc khu", "thanh thi": "Phường", "nong thon": "Xã"}
STROKE = re.compile(r"^[\W_]+|^[a-z][.)] |^[ivx]+[.)] ")
PART = re.compile(
    r"^\s*[-+*•–—·]\s*\S|^\s*[a-zđ][.)]\s|^\s*(?:trong đó|gồm|bao gồm|chia ra)\s*[:,]?\s*\S", re.IGNORECASE
)
OF_WHICH = re.compile(r"^\W*(?:trong do|gom|bao gom|chia ra|phan theo|chia theo)\b")
# With its tones, because “cong ty” is a company: what is added up over a group.
SUM_OF_GROUP = re.compile(
    r"(?:[ivx\d]+[.)]?\s+)?(?:tổng(?!\s+(?:công\s+ty|cục|đài|hội|liên\s+đoàn|kho|lãnh\s+sự|kiểm\s+toán))|"
    r"cộng(?!\s+(?:hòa|hoà|đồng|tác|sinh)))[\s:]+\S.*",
    re.IGNORECASE,
)
# The first two letters a total, a note or a heading can have; other labels need no second look.
_SUSPECT = {
    "to",
    "co",
    "tc",
    "t.",
    "t/",
    "gh",
    "ng",
    "lu",
    "ch",
    "gi",
    "ph",
    "kt",
    "tm",
    "tl",
    "ke",
    "tr",
    "cu",
    "no",
    "nh",
    "ky",
    "da",
    "do",
    "dv",
    "so",
    "uo",
    "xa",
    "la",
    "th",
}
_CLOSED = {"tæ", "cé", "tä", "tå"}


def kind_of_units(label: str) -> str:
    """Which units a line of a list of communes sums up (“- Các phường” → Phường); empty where it is none such."""
    found = _OF_KIND.fullmatch(STROKE.sub("", folded(label)).strip())
    return _KINDS[found[1]] if found else ""


@lru_cache(4096)
def is_sure(start: str) -> bool:
    """Whether no total, note or heading begins with these two letters."""
    start = start.lower()
    return (start if start.isascii() else "to" if start in _CLOSED else folded(start)) not in _SUSPECT
