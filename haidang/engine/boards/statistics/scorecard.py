"""A scorecard on a board: points with the counts they rest on, what is missing and who owes it, and who stands where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haidang.engine import clock
from haidang.engine.boards import definition as d
from haidang.engine.boards import writing
from haidang.engine.boards.statistics import due, stats, values, words
from haidang.engine.boards.statistics.home import Home, home_of
from haidang.engine.boards.statistics.score_asking import Number, score_url
from haidang.engine.boards.statistics.score_shown import (
    CountPart,
    GroupPart,
    LevelPart,
    Owed,
    PlacePart,
    Points,
    RowPart,
    ScorecardTold,
    ScorecardView,
    Ways,
    points_of,
    two,
)
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.centres import WORDS
from haidang.engine.contracts.sheets.days import Period, PeriodName
from haidang.engine.indicators import periods
from haidang.engine.indicators.scored import PeriodScore, score_of
from haidang.engine.scorecards.definition import Row, Scorecard
from haidang.engine.scorecards.over_figures import lacking
from haidang.engine.scorecards.ranking import Ranked
from haidang.engine.scorecards.scoring import STATUS, RowScore

LEVELS = {WORDS["province"]: gettext_lazy("Cấp tỉnh"), WORDS["commune"]: gettext_lazy("Cấp xã")}
NO_RANK = {
    "too_few": gettext_lazy("ít hơn %(least)d %(unit)s"),
    "nothing_scored": gettext_lazy("chưa có số để tính điểm"),
}


def scorecard(
    tile: d.ScorecardTile, look: Look, *, period: Period | None = None, most: int | None = None
) -> ScorecardTold:
    """Of the newest period with a number, or of that one. `most` places of each level; None: those of the tile, 0: all."""
    title = str(tile.title)
    card, home = look.library.scorecards.get(tile.card), home_of(look)
    if card is None:
        return ScorecardTold(title, empty=_("Bảng chấm điểm này không tính được: nội dung đang có lỗi."))
    if home is None:
        return ScorecardTold(title, empty=_("Chưa biết trung tâm này của tỉnh nào."))
    if not all(
        look.sees(domain, home.place.pk) for domain in {one.partition(".")[0] for one in card.indicators}
    ):
        return ScorecardTold(title, is_denied=True)
    at = periods.end_of(period) if period else newest_end(card, look, home)
    if at is None:
        return ScorecardTold(title, empty=_("Chưa công bố số nào để chấm điểm."))
    now, before = score_at(card, look, home, at), _before(card, look, home, at)
    if now is None:
        return ScorecardTold(title, empty=_("Kỳ này chưa có cách chấm điểm nào có hiệu lực."))
    return ScorecardTold(title, _View(tile, card, look, home, now, before).made(most))


def newest_end(card: Scorecard, look: Look, home: Home) -> datetime | None:
    """The last period whose volume is known; where none is, the last one of which anything is."""
    known = look.library.statistics.entries
    if card.volume in known and (at := values.newest_end(card.volume, home.ids, look.epoch, look.until)):
        return at
    ends = (
        values.newest_end(one, home.ids, look.epoch, look.until) for one in card.indicators if one in known
    )
    return max((one for one in ends if one), default=None)


def score_at(card: Scorecard, look: Look, home: Home, at: datetime) -> PeriodScore | None:
    """None before its first version."""

    def asked() -> PeriodScore | None:
        try:
            card.on(periods.last_day(at))
        except LookupError:
            return None
        return score_of(look.library.statistics, card, home.ids, at, look.epoch)

    return look.once(("score", id(card), at), asked)


def _before(card: Scorecard, look: Look, home: Home, at: datetime) -> PeriodScore | None:
    """Of the period before, where anything of it is known."""
    earlier = periods.end_of(periods.back(periods.ending(at, card.period), 1))
    found = score_at(card, look, home, earlier)
    return found if found and found.scored.score.total.covered else None


@dataclass(frozen=True, slots=True)
class _View:
    """One scorecard on its way to a tile."""

    tile: d.ScorecardTile
    card: Scorecard
    look: Look
    home: Home
    now: PeriodScore
    before: PeriodScore | None

    def made(self, most: int | None) -> ScorecardView:
        version, period = self.now.version, periods.ending(self.now.at, self.card.period)
        score = self.now.scored.score
        groups = [self._group(name) for name in version.groups]
        volume = self.card.volume
        contracts = due.contracts_of(self.look.library.statistics, volume) if volume else []
        sources = stats.sources_by_contract(self.look)
        kind: PeriodName = self.card.period
        days = due.grace(self.look.library, contracts, kind)
        following = due.next_due(
            kind, self.now.at, days, self.look.horizon, stats.connected(contracts, sources)
        )
        source = next((sources[one] for one in contracts if one in sources), None)
        entry = self.look.library.statistics.entries.get(volume)
        return ScorecardView(
            title=str(self.tile.title),
            card_title=str(self.card.title),
            address=self.tile.card,
            period=words.period(period),
            code=period.code,
            at=self.now.at,
            version=str(version.name),
            valid_from=version.valid_from,
            basis=version.basis,
            note=str(version.note) if version.note else "",
            total=points_of(score.total),
            before=points_of(self.before.scored.score.total) if self.before else None,
            before_period=words.of_period(periods.back(period, 1)),
            groups=groups,
            owed=list(self._owed()),
            levels=self._levels(self.tile.most if most is None else most),
            volume_title=str(entry.statistic.title) if entry else "",
            volume_unit=entry.statistic.unit if entry else "",
            owner=source.office.short_name if source and source.office else _("Trung tâm tính"),
            due=following,
            unverified=sum(not one.is_verified and one.of > 0 for group in groups for one in group.rows),
            ways=self._ways(),
            before_ways=self._ways(back=1),
        )

    def _ways(self, *, back: int = 0, group: str = "", row: str = "", centre: str = "") -> Ways:
        """To the reasons of three numbers, of the period shown or of one before it."""
        period = periods.back(periods.ending(self.now.at, self.card.period), back)

        def way(number: Number) -> str:
            return score_url(self.look, self.tile.card, period, number, group=group, row=row, centre=centre)

        return Ways(way("points"), way("covered"), way("share"))

    def _group(self, name: str) -> GroupPart:
        version, score = self.now.version, self.now.scored.score
        earlier = self.before.scored.score.groups.get(name) if self.before else None
        return GroupPart(
            str(version.groups[name].title),
            points_of(score.groups[name]),
            points_of(earlier) if earlier else None,
            [self._row(code, one) for code, one in score.rows.items() if one.row.group == name],
            self._ways(group=name),
        )

    def _row(self, code: str, found: RowScore) -> RowPart:
        row = found.row
        earlier = self.before.scored.score.rows.get(code) if self.before else None
        word = STATUS[found.status]
        return RowPart(
            code=code,
            title=str(row.title),
            status=found.status,
            status_word=f"{word} ({found.why})" if found.why else str(word),
            share=None if found.ratio is None else two(found.ratio),
            unit=row.unit or "%",
            points=None if found.score is None else two(found.score),
            of=float(row.points or 0),
            before=two(earlier.score) if earlier and earlier.score is not None else None,
            threshold=row.threshold,
            is_verified=row.verified,
            note=str(row.note) if row.note else "",
            counts=[self._count(code, row, name) for name in row.counts],
            lacking=", ".join(str(row.counts[name]).lower() for name in found.lacking),
            ways=self._ways(row=code),
            before_ways=self._ways(row=code, back=1),
        )

    def _count(self, code: str, row: Row, name: str) -> CountPart:
        address = row.figures.get(name, "")
        entry = self.look.library.statistics.entries.get(address)
        value = self.now.scored.counts.get(code, {}).get(name)
        if entry is None:
            return CountPart(str(row.counts[name]), value, 0, "", "")
        if value is not None:  # as it was stated, not as it is reckoned with
            value = float(Fraction(str(value)) / self.look.library.statistics.unit(address).scale)
        return CountPart(
            str(row.counts[name]), value, entry.statistic.decimals, entry.statistic.unit, self._why(address)
        )

    def _why(self, address: str) -> str:
        """Also of a figure that is not known: its lines, or its inputs, say why."""
        place = self.now.places.get(address)
        return stats.why_url(self.look, address, place, self.now.at) if place is not None else ""

    def _owed(self) -> Iterator[Owed]:
        """By contract: the counts that rows with points wait for."""
        catalogue, sources = self.look.library.statistics, stats.sources_by_contract(self.look)
        score, waiting = self.now.scored.score, dict[str, dict[str, None]]()
        for code, row in score.rows.items():
            if row.status != "missing" or not row.row.is_scored:
                continue
            for address in lacking(score, code):
                for contract in due.contracts_of(catalogue, address):
                    title = str(catalogue.entries[address].statistic.title)
                    waiting.setdefault(contract, {})[title] = None
        day = periods.ending(self.now.at, self.card.period).last_day
        for contract, counts in waiting.items():
            sheet, source = self.look.library.sheets.get(contract), sources.get(contract)
            if sheet is None:
                continue
            office = source.office if source else None
            until = day + timedelta(days=sheet.due_days)
            yield Owed(
                str(sheet.title), office.short_name if office else str(sheet.office or _("chưa giao cơ quan")),
                office.phone if office else "", words.day(until), until < clock.local(self.look.now).date(), list(counts),
            )  # fmt: skip

    def _levels(self, most: int) -> list[LevelPart]:
        ranked = self.now.scored.ranked(self.tile.least)
        earlier = (
            {one.name: points_of(one.score.total) for one in self.before.scored.centres}
            if self.before
            else {}
        )
        return [
            LevelPart(
                str(LEVELS.get(level, level)),
                [self._place(one, earlier) for one in (places[:most] if most else places)],
                len(places),
            )
            for level in sorted(ranked, key=lambda level: [*LEVELS, level].index(level))
            if (places := ranked[level])
        ]

    @property
    def _said(self) -> dict[str, object]:
        entry = self.look.library.statistics.entries.get(self.card.volume)
        return {"least": self.tile.least, "unit": writing.unit(entry.statistic.unit) if entry else ""}

    def _place(self, one: Ranked, earlier: Mapping[str, Points]) -> PlacePart:
        name, volume = one.candidate.name, self._why(self.card.volume) if self.card.volume else ""
        return PlacePart(
            one.rank, name, one.candidate.volume, points_of(one.candidate.score.total),
            earlier.get(name), str(NO_RANK[one.why]) % self._said if one.why else "",
            f"{volume}&dong={quote(name)}" if volume else "", self._ways(centre=name), self._ways(centre=name, back=1),
        )  # fmt: skip
