"""Write a report from figures: each sentence of its template with the numbers in place, none of them invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from haidang.engine.boards import writing
from haidang.engine.boards.definition import Board
from haidang.engine.boards.statistics import stats, words
from haidang.engine.boards.statistics.shown import Against, Stat, Tile
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.reports.definition import Piece, ReportTemplate, pieces
from haidang.engine.reports.of_board import Told
from haidang.engine.reports.paper import Block, Heading, Paragraph, Run
from haidang.engine.reports.words import number


@dataclass(slots=True)
class Draft:
    """`missing` are titles of figures the template asks for and nobody published."""

    blocks: list[Block] = field(default_factory=list)
    denied: int = 0
    shown: int = 0
    missing: list[str] = field(default_factory=list)


def draft(template: ReportTemplate, look: Look) -> Draft:
    """Of the period that ends at `look.until`, which must be one of the template's."""
    if look.until is None:
        raise ValueError("a draft is of one period")
    period = periods.ending(look.until, template.period)
    tiles = stats.tiles_of(template.addresses, look, most=13)
    made = Draft()
    writer = _Writer(look.until, period, tiles, made)
    for section in template.sections:
        made.blocks.append(Heading(text=section.title.vi))
        for paragraph in section.paragraphs:
            runs = [run for sentence in paragraph for run in [*writer.sentence(sentence), " "]]
            made.blocks.append(Paragraph(runs=runs[:-1]))
        told = Told(Board(title=section.title, tiles=section.tiles), look, "")
        made.blocks += told.blocks()
        made.denied, made.shown = made.denied + told.denied, made.shown + told.shown
    if made.missing:
        made.blocks.append(Heading(text=_("Số còn thiếu")))
        said = _("Khi lập báo cáo chưa có: %(list)s. Các số này không được ước thay.")
        made.blocks.append(Paragraph(runs=[said % {"list": "; ".join(dict.fromkeys(made.missing))}]))
    return made


@dataclass(slots=True)
class _Writer:
    end: datetime
    period: Period
    tiles: dict[str, Tile]
    made: Draft

    def sentence(self, text: str) -> list[Run]:
        parts = list(pieces(text))
        main = next((one.address for one in parts if one.address), "")
        if main and (instead := self._instead(main)):
            return [instead]
        self.made.shown += bool(main)
        return [run for part in parts for run in self._piece(part)]

    def _instead(self, address: str) -> str:
        """What is said where the figure a sentence is about is not there."""
        tile = self.tiles[address]
        if tile.is_denied:
            self.made.denied += 1
            return _("Người nhận chưa được cấp quyền xem số “%(title)s”.") % {"title": tile.title}
        if self._stat(address):
            return ""
        self.made.shown += 1
        self.made.missing.append(f"{_small(tile.title)} {words.of_period(self.period)}")
        said = {"title": _small(tile.title), "period": words.of_period(self.period)}
        return _("Chưa có số %(title)s %(period)s.") % said

    def _stat(self, address: str) -> Stat | None:
        """The figure of this very period; the one before it is not taken instead."""
        stat = self.tiles[address].stat
        return stat if stat and stat.at == self.end and stat.value is not None else None

    def _piece(self, piece: Piece) -> list[Run]:
        if not piece.address:
            if piece.phrase == "Period":
                return [words.period(self.period)]
            return [words.of_period(self.period) if piece.phrase else piece.text]
        stat = self._stat(piece.address)
        if stat is None:
            tile = self.tiles[piece.address]
            if not tile.is_denied:
                self.made.missing.append(f"{_small(tile.title)} {words.of_period(self.period)}")
            return [_("(chưa có số)") if not tile.is_denied else _("(chưa được cấp quyền xem)")]
        if piece.phrase in ("year", "last"):
            return self._change(stat, piece.phrase)
        return {"value": _value, "since": _since, "plan": _plan}[piece.phrase](stat)

    def _change(self, stat: Stat, key: str) -> list[Run]:
        before = _with(self.period, key)
        found = next((one for one in stat.against if one.key == key), None)
        if found is None or found.amount is None:
            return [_("chưa có số %(before)s để so sánh") % {"before": before}]
        with_what = _("so với %(before)s") % {"before": before}
        if found.sign == "same":
            return [_("không đổi"), f" {with_what}"]
        word = _("tăng") if found.sign == "up" else _("giảm")
        return [f"{word} ", _amount(found, stat), f" {with_what}"]


def _with(period: Period, key: str) -> str:
    if key == "year":
        return _("cùng kỳ năm trước")
    return {
        "week": _("tuần trước"),
        "month": _("tháng trước"),
        "quarter": _("quý trước"),
        "year": _("năm trước"),
    }[period.kind]


def _amount(found: Against, stat: Stat) -> Run:
    """`12,3%`, `0,4 điểm phần trăm`, `120,5 tỷ đồng`; up and down are said by words."""
    size = abs(found.amount or 0.0)
    if found.amount_unit == "%":
        text = f"{writing.number(size, 1)}%"
    elif "%" in found.amount_unit:
        text = _("%(n)s điểm phần trăm") % {"n": writing.number(size, stat.decimals)}
    else:
        text = f"{writing.number(size, stat.decimals)} {found.amount_unit}".rstrip()
    return number(found.amount, None, found.amount_unit, found.why_url, text=text)


def _value(stat: Stat) -> list[Run]:
    return _with_unit(stat.value, stat, stat.why_url)


def _with_unit(value: float | None, stat: Stat, why: str) -> list[Run]:
    unit = writing.unit(stat.unit)
    text = writing.number(value, stat.decimals)
    if unit == "%":
        return [number(value, None, "%", why, text=f"{text}%")]
    made: list[Run] = [number(value, None, stat.unit, why, text=text)]
    return [*made, f" {_small(unit)}"] if unit else made


def _since(stat: Stat) -> list[Run]:
    if stat.since is None:
        return [_("chưa đủ số để tính lũy kế từ đầu năm")]
    return [_("lũy kế từ đầu năm đạt "), *_with_unit(stat.since, stat, stat.why_url)]


def _plan(stat: Stat) -> list[Run]:
    if stat.progress is None:
        return [_("chưa có kế hoạch năm để so sánh")]
    share = number(
        stat.progress.share,
        None,
        "%",
        stat.progress.why_url,
        text=f"{writing.number(stat.progress.share, 1)}%",
    )
    return [_("đạt "), share, _(" kế hoạch năm")]


def _small(title: str) -> str:
    """Within a sentence: `thu ngân sách`, but `GRDP` and `IIP`."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
