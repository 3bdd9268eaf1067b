"""A report as content (`reports/*.yml`): sentences with places for figures, and tables, by section.

    {period}  {Period}            the period, within a sentence and at its beginning
    {economy.revenue}             the figure with its unit
    {economy.revenue:year}        tăng 12,3% so với cùng kỳ năm trước
    {economy.revenue:last}        giảm 0,5% so với tháng trước
    {economy.revenue:since}       lũy kế từ đầu năm đạt 1.234,5 tỷ đồng
    {economy.revenue:plan}        đạt 78,4% kế hoạch năm

Each of them says so itself where its figure is missing, so a sentence is written for the case in which all are there. Of a
sentence whose first figure is missing only that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

import msgspec

from haidang.engine.boards.definition import AnyTile
from haidang.engine.contracts.complaints import InBoth
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.days import PeriodName

Phrase = Literal["value", "year", "last", "since", "plan"]
PHRASES = get_args(Phrase)
PERIODS = ("period", "Period")
_BRACES = re.compile(r"\{([^{}]*)\}")


class Piece(NamedTuple):
    """Words, or a place: `address` is empty for words, and for the period, which `phrase` names then."""

    text: str = ""
    address: str = ""
    phrase: str = ""


def pieces(sentence: str) -> Iterator[Piece]:
    """A sentence in its parts. Raises ValueError where a place is not one."""
    at = 0
    for found in _BRACES.finditer(sentence):
        if found.start() > at:
            yield Piece(sentence[at : found.start()])
        yield _place(found[1].strip())
        at = found.end()
    if at < len(sentence):
        yield Piece(sentence[at:])
    if "{" in _BRACES.sub("", sentence) or "}" in _BRACES.sub("", sentence):
        raise InBoth(
            f"a brace of {sentence!r} has no partner", f"một dấu ngoặc nhọn trong {sentence!r} không có cặp"
        )


def _place(text: str) -> Piece:
    if text in PERIODS:
        return Piece(phrase=text)
    address, _colon, phrase = text.partition(":")
    phrase = phrase.strip() or "value"
    if phrase not in PHRASES:
        raise InBoth(
            f"{{{text}}}: after the colon stands one of {', '.join(PHRASES)}",
            f"{{{text}}}: sau dấu hai chấm là một trong {', '.join(PHRASES)}",
        )
    if "." not in address:
        raise InBoth(
            f"{{{text}}}: write the address of an indicator, as economy.revenue, or {{period}}",
            f"{{{text}}}: ghi địa chỉ chỉ tiêu, như economy.revenue, hoặc {{period}}",
        )
    return Piece(address=address.strip(), phrase=phrase)


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`paragraphs` are Vietnamese: a report is an official paper. Tiles are those of boards, printed as tables."""

    title: Text
    paragraphs: list[list[str]] = []
    tiles: list[AnyTile] = []

    def __post_init__(self) -> None:
        if not (self.paragraphs or self.tiles):
            raise InBoth("a section has paragraphs or tiles", "một mục có paragraphs hoặc tiles")
        for sentence in self.sentences:
            list(pieces(sentence))

    @property
    def sentences(self) -> list[str]:
        return [one for paragraph in self.paragraphs for one in paragraph]


class ReportTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One report that is drafted from figures, period by period."""

    title: Text
    sections: list[Section]
    period: PeriodName = "month"
    description: Text | None = None

    @property
    def addresses(self) -> list[str]:
        """Indicators its sentences name, each once."""
        found = [
            piece.address
            for section in self.sections
            for sentence in section.sentences
            for piece in pieces(sentence)
            if piece.address
        ]
        return list(dict.fromkeys(found))


KINDS: dict[str, type] = {"reports": ReportTemplate}
