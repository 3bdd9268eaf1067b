"""Over which span headings count: “trong tuần”, “tháng này”, “quý IV”; of another one than the contract's a number is another."""

from __future__ import annotations

import re

_WORDS = {"week": "tuan", "month": "thang", "quarter": "quy", "year": "nam"}
# Above or below a heading they say that it is of one period, whichever.
OF_ONE = {
    "ky nay", "trong ky", "phat sinh", "trong tuan", "trong thang", "trong quy", "trong nam", "tuan nay", "thang nay",
}  # fmt: skip
_ABOVE = re.compile(
    r"(?:trong )?(tuan|thang|quy)(?: nay| thu)?(?: (?:[ivx]+|\d{1,2}))?(?: / \d{4}| nam (?:nay|truoc|\d{4}))?|trong (nam)"
)


class Span:
    """Of a contract, by the kind of its periods (`none` for one without); “kỳ” is any of them."""

    def __init__(self, kind: str) -> None:
        own = _WORDS.get(kind, "ky")
        # Below a heading they say that it is of this period.
        self.now = {"ky nay", "trong ky", "phat sinh", f"trong {own}", f"{own} nay"}
        # “quỹ”, “nam” and “ký” alone are other words than “quý”, “năm” and “kỳ”.
        alone = f"|{own}" if kind in {"week", "month"} else ""
        self._behind = re.compile(rf"(?<=\S) (?:(?:trong )?(?:ky|{own}) nay|trong (?:ky|{own}){alone})$")
        self._named = re.compile(rf"\b(?:ky|{own})\b")

    def without(self, text: str) -> str:
        """A folded heading without the words for this period behind it: “mac trong tuan” → “mac”."""
        return self._behind.sub("", text)

    def is_other(self, above: list[str], key: str, *, of_year: bool) -> bool:
        """Whether headings say another span: “Trong quý / Mắc” in a report of the week; “Quý IV / Tháng 10” names the month.

        `of_year`: what stands below may be that of the year all the same, as a plan or a sum.
        """
        if any(map(self._named.search, [*above, key])):
            return False
        spans = [found[1] or found[2] for word in above if (found := _ABOVE.fullmatch(word))]
        return any(span != "nam" or not of_year for span in spans)
