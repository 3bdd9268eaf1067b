"""Sentences about content in both languages: whoever writes a contract reads Vietnamese, whoever helps may not.

Kept side by side and not in the catalogue: they are made where no screen and no settings are, and a tree of content is
read once for readers of either language.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Self

# i18n: data – both languages stand beside each other
KINDS_VI = {
    "day": "ngày", "week": "tuần", "month": "tháng", "quarter": "quý", "half": "nửa năm", "year": "năm",
    "hour": "giờ", "none": "không kỳ", "": "(không ghi kỳ)",
}  # fmt: skip


class Both(str):
    """As a text the English, a slash and the Vietnamese, as `haidang check` prints it; a page takes the one it speaks."""

    __slots__ = ("en", "vi")
    en: str
    vi: str

    def __new__(cls, en: str, vi: str) -> Self:
        made = super().__new__(cls, f"{en} / {vi}")
        made.en, made.vi = en, vi
        return made


def both(en: str, vi: str) -> Both:
    """`both("no column x", "không có cột x")`."""
    return Both(en, vi)


def english(words: str) -> str:
    """The English of a text that may have both."""
    return words.en if isinstance(words, Both) else words


def vietnamese(words: str) -> str:
    """The Vietnamese of a text that may have both."""
    return words.vi if isinstance(words, Both) else words


def nearest(name: str, among: Iterable[str], most: int = 3) -> list[str]:
    """The names that were probably meant, the likeliest first. Whoever forgets the domain means the name behind it."""
    there = list(among)
    stem = name.rpartition(".")[2]
    same = [one for one in there if one.rpartition(".")[2] == stem]
    return list(dict.fromkeys([*same, *get_close_matches(name, there, most)]))[:most]


def did_you_mean(name: str, among: Iterable[str]) -> Both:
    """`; did you mean a, b or c?`: one where a slip of the pen leads to it, nothing where no name is near."""
    found = nearest(name, among)
    like = [SequenceMatcher(None, name, one).ratio() for one in found]
    found = [one for one, ratio in zip(found, like, strict=True) if ratio > max(like) - 0.1]
    en, vi = (
        " ".join([", ".join(found[:-1]), word, found[-1]]) if len(found) > 1 else "".join(found)
        # i18n: data – both languages stand beside each other
        for word in ("or", "hay")
    )
    # i18n: data – both languages stand beside each other
    return both(f"; did you mean {en}?", f"; có phải {vi}?") if found else both("", "")


# i18n: data – both languages stand beside each other
_CALLED = {
    "contracts": "hợp đồng", "sources": "nguồn", "indicators": "chỉ tiêu", "tables": "bảng tra", "rules": "quy tắc",
    "boards": "bảng", "scorecards": "bảng chấm điểm", "calendars": "lịch",
}  # fmt: skip


def absent(kind: str, address: str, among: Iterable[str]) -> Both:
    """That `indicators/` has no such file, and the names that are near."""
    near = did_you_mean(address, among)
    return both(
        f"{kind[:-1]} {address} does not exist under {kind}/{near.en}",
        f"không có {_CALLED.get(kind, kind)} {address} trong {kind}/{near.vi}",
    )
