"""What lines call themselves that sum up those above them."""

from __future__ import annotations

import re

from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.wording import folded
from haidang.engine.places.names import fold

_TOTAL = re.compile(
    r"(?:[ivx]+[.)]?\s+|[a-z0-9][.)]\s*)?"
    r"(?:[∑σ]|tong(?: so| cong| chung)?(?: toan tinh| cac xa,? phuong)?|cong(?: don| chung| toan tinh)?|toan (?:tinh|nganh|khoi|huyen|xa|so|vien|truong|don vi)|(?:ca|chung) (?:tinh|nganh|khoi)|t\.cong|t/c|tc|"
    r"(?:tong )?cong (?:(?:trang|to|muc|phan|nhom)(?: (?:truoc|nay|\d{1,3}|[ivx]+))?|mang sang|chuyen sang|chuyen trang(?: sau)?)|mang sang|"
    r"(?:so )?(?:mang|chuyen) sang(?: trang sau)?|(?:(?:so|cong|luy ke|mang|chuyen|tu) )*trang (?:truoc|nay|\d{1,3}(?:\s*[-+,]\s*\d{1,3})*)(?: (?:mang|chuyen)(?: sang)?)?|"
    r"(?:(?:so|cong|luy ke|mang|chuyen|sang) )+trang (?:sau|tiep theo)|cong luy ke)"
    r"\s*(?:\([^()]*\)|[\s.:*])*"
)
# Words of totals that are other words with another tone: “Trảng 3”, “Công tố”.
_TONED = {"trang": {"trang"}, "cong": {"cộng", "cong"}}


def is_total(label: str) -> bool:
    """Whether a text is nothing but the name of a total: “Tổng cộng”, “Cộng trang 3”, “Mang sang”."""
    if not _TOTAL.fullmatch(folded(label)):
        return False
    words = re.findall(r"\w+", clean(label)[0].lower())
    return all(word in _TONED.get(fold(word), (word,)) for word in words)
