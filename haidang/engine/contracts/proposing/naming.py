"""Names made of Vietnamese headings: keys without tones, titles without unit and without the period's own number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from haidang.engine.contracts.sheets.days import Period, relative
from haidang.engine.contracts.sheets.headings import heading
from haidang.engine.contracts.sheets.unit_words import unit_in
from haidang.engine.places.names import fold

LONGEST_KEY = 40
_BRACKET = re.compile(r"\s*(?:\(([^()]*)\)|\[([^\[\]]*)\])")
# A period as it stands in a heading, in any spelling `relative` knows.
_PERIODS = re.compile(
    r"(?i)\b(?:\d{1,2}\s+tháng(?:\s+đầu)?(?:\s+năm)?(?:\s*/?\s*\d{4})?"
    r"|tháng\s+\d{1,2}(?:\s*[/-]\s*\d{4}|\s+năm\s+\d{4})?"
    r"|quý\s+(?:IV|I{1,3}|[1-4])(?:\s*[/-]\s*\d{4}|\s+năm\s+\d{4})?"
    r"|tuần(?:\s+thứ)?\s+\d{1,2}(?:\s*[/-]\s*\d{4}|\s+năm\s+\d{4})?"
    r"|năm\s+\d{4})\b"
)
_SAID = {
    "ky nay": "kỳ này",
    "ky truoc": "kỳ trước",
    "cung ky": "cùng kỳ năm trước",
    "nam nay": "năm nay",
    "nam truoc": "năm trước",
    "luy ke": "lũy kế",
    "luy ke cung ky": "lũy kế cùng kỳ",
}
_OF_REPORTS = re.compile(
    r"^(?:bao cao|bieu(?: so \S+| mau)?|bang|tong hop|thong ke|danh sach|so lieu|tinh hinh|ket qua|nhanh|dinh ky|ve|cac|cong tac|thuc hien|hoat dong|theo|tren|dia ban|tinh|xa|phuong|cua|va|trong)$"
)


def key_of(text: str, taken: Container[str] = (), otherwise: str = "cot") -> str:
    """`Số lượt khách (người)` → `so_luot_khach`; a number is put behind one that is taken."""
    words = re.sub(r"[^a-z0-9]+", "_", fold(_BRACKET.sub(" ", text))).strip("_")
    if len(words) > LONGEST_KEY:
        words = words[:LONGEST_KEY].rpartition("_")[0] or words[:LONGEST_KEY]
    if not words or words[0].isdigit():
        words = f"{otherwise}_{words}".rstrip("_")
    name, number = words, 2
    while name in taken:
        name, number = f"{words}_{number}", number + 1
    return name


def title_of(parts: list[str], period: Period | None) -> str:
    """One title of the headings over a column, from the outer to the inner one."""
    bare = [plain(part, period) for part in parts]
    return " / ".join(dict.fromkeys(part for part in bare if part)) or "Cột"


def plain(text: str, period: Period | None) -> str:
    """A heading without its unit and with its period said from the period that is reported."""

    def unless_said(found: re.Match[str]) -> str:
        inner = found[1] or found[2] or ""
        return "" if unit_in(found[0]) or re.fullmatch(r"[\d\s=+\-*/:.,a-dA-D]*", inner) else found[0]

    text = _BRACKET.sub(unless_said, " ".join(text.split()))
    text = _PERIODS.sub(lambda found: _SAID.get(relative(fold(found[0]), period), found[0]), text)
    return sentence(text.strip(" :;,.*-–"))


def as_written(text: str, found: re.Match[str]) -> str:
    """The part of a text in which something was found in its folded form, with its tones."""
    return " ".join(unicodedata.normalize("NFC", text).split())[found.start() : found.end()]


def sentence(text: str) -> str:
    """A text in capitals as a sentence has it."""
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) > 4 and sum(letter.isupper() for letter in letters) > 0.8 * len(letters):
        text = text.lower()
    return text[:1].upper() + text[1:]


def alias_of(parts: list[str], title: str, period: Period | None) -> list[str]:
    """What else the column's heading is known by: as it is compared, where the title alone would not be found."""
    keys = [key for part in parts if (key := heading(part, period))]
    words = list(dict.fromkeys([" / ".join(keys)]))
    return [word for word in words if word and word != heading(title, period)]


def subject_of(title: str) -> str:
    """What a report is about, as a short key: `Báo cáo tình hình du lịch tháng 10` → `du_lich`."""
    words = re.findall(r"[a-z]+", fold(_PERIODS.sub(" ", title)))
    text = " ".join(words)
    while True:
        shorter = re.sub(
            r"^(?:bao cao|bieu mau|bieu|bang|tong hop|thong ke|danh sach|so lieu|tinh hinh|ket qua|cong tac|thuc hien|hoat dong|"
            r"chi tieu|nhanh|dinh ky|hang thang|hang quy|hang nam|ve|cac|mot so)\b\s*",
            "",
            text,
        )
        if shorter == text:
            break
        text = shorter
    kept = [word for word in text.split() if not _OF_REPORTS.match(word)][:3]
    return key_of(" ".join(kept or words[:3]), otherwise="linh_vuc") if (kept or words) else "linh_vuc_moi"


def report_title(above: list[str]) -> str:
    """The text over a table that names it: the one that begins as titles of reports do, else the longest in capitals."""
    begun = [
        text
        for text in above
        if re.match(
            r"(?:phu luc|bao cao|bieu|bang|tong hop|thong ke|danh sach|so lieu|tinh hinh|ket qua|chi tieu|mot so)\b",
            fold(text),
        )
        and len(text.split()) > 2
    ]
    shouted = [
        text
        for text in above
        if text.isupper() and len(text.split()) > 3 and "CỘNG HÒA" not in text and "CỘNG HOÀ" not in text
    ]
    found = begun or sorted(shouted, key=len)[-1:]
    if not found:
        return ""
    text = re.sub(r"\(.*", "", max(found, key=len))
    return sentence(" ".join(_PERIODS.sub("", text).split()).strip(" :;,.–-"))
