"""“Xã nào làm nên thay đổi”: a change of the province taken apart into those of its communes, down to the last decimal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from haidang.engine.boards import definition as d
from haidang.engine.boards import writing
from haidang.engine.boards.statistics import breakdown, due, values, words
from haidang.engine.boards.statistics.home import Home, home_of
from haidang.engine.boards.statistics.stats import why_url
from haidang.engine.boards.statistics.values import Value
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.forecasting.decomposing import Taken, take_apart
from haidang.engine.indicators import periods
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.places.models import Place


@dataclass(frozen=True, slots=True)
class Line:
    """One commune's part: its numbers lead to their reasons. `bar` and `from_left` are per cent of the widest bar."""

    name: str
    now: str
    before: str
    change: str
    share: str
    points: str
    sign: words.Sign
    now_url: str
    before_url: str


@dataclass(frozen=True, slots=True)
class CommuneChange:
    """The parts of a change, the largest first; those that are not listed stand in `rest`. `note` says why there are none."""

    title: str
    unit: str
    period: str
    against: str
    note: str = ""
    sentence: str = ""
    now: str = ""
    before: str = ""
    change: str = ""
    lines: Sequence[Line] = ()
    rest: str = ""
    rest_communes: int = 0
    source: str = ""
    owner: str = ""
    due: due.Due | None = None
    is_denied: bool = False


def commune_change(tile: d.CommuneChangeTile, look: Look) -> CommuneChange:
    entry, home = look.library.statistics.entries.get(tile.indicator), home_of(look)
    title = str(tile.title)
    if entry is None or home is None:
        return CommuneChange(title, "", "", "", note=_("Chỉ tiêu này không tính được: nội dung đang có lỗi."))
    # A part of the communes is no change of the province: whoever may not see all of them sees none of it.
    members = home.communes(periods.last_day(look.now))
    if not all(look.sees(tile.indicator.partition(".")[0], one) for one in members):
        return CommuneChange(title, entry.statistic.unit, "", "", is_denied=True)
    at = values.newest_end(tile.indicator, members, look.epoch)
    if at is None:
        return CommuneChange(
            title, entry.statistic.unit, "", "", note=_("Chưa công bố số nào theo xã, phường.")
        )
    asked = _Asked(tile, look, home, entry.statistic, periods.ending(at, entry.statistic.period), at)
    return asked.told()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One tile on its way to be shown."""

    tile: d.CommuneChangeTile
    look: Look
    home: Home
    statistic: Statistic
    period: Period
    at: datetime

    def told(self) -> CommuneChange:
        address, earlier = self.tile.indicator, self._earlier()
        then = periods.end_of(earlier)
        communes = {end: self.home.communes(periods.last_day(end)) for end in (self.at, then)}
        everyone = {one for those in communes.values() for one in those}
        # An office may tell a past period on the units of today.
        everyone |= set(communes[self.at])
        rows = values.by_place([address], everyone, [self.at, then], self.look.epoch)
        now, before = (
            {key: one for key, one in rows.get((address, end), {}).items() if one.value is not None}
            for end in (self.at, then)
        )
        lacking = (
            self._lacks(now, [communes[self.at]]),
            self._lacks(before, [communes[then], communes[self.at]]),
        )
        source, owner, following = breakdown.told(address, self.look, self.statistic, self.at)
        found = CommuneChange(
            str(self.tile.title), writing.unit(self.statistic.unit), words.period(self.period), words.of_period(earlier),
            source=source, owner=owner, due=following, note=self._note(lacking, earlier),
        )  # fmt: skip
        return found if found.note else self._taken(found, now, before, then)

    def _earlier(self) -> Period:
        if self.tile.against == "last":
            return periods.back(self.period, 1)
        return periods.year_before(self.period)

    def _lacks(self, there: dict[int, Value], wholes: list[list[int]]) -> int:
        """How many communes are missing of the nearest whole province."""
        return min((sum(one not in there for one in whole) for whole in wholes if whole), default=1)

    def _note(self, lacking: tuple[int, int], earlier: Period) -> str:
        for many, period in zip(lacking, (self.period, earlier), strict=True):
            if many:
                return _("Chưa phân tích được: %(period)s còn thiếu số của %(n)d xã, phường.") % {
                    "period": words.of_period(period),
                    "n": many,
                }
        return ""

    def _taken(
        self, found: CommuneChange, now: dict[int, Value], before: dict[int, Value], then: datetime
    ) -> CommuneChange:
        rows = {one.pk: one for one in Place.objects.filter(pk__in=[*now, *before])}
        # One unit in two spans of time is one part.
        ids_now, ids_before = ({rows[key].code: key for key in those} for those in (now, before))
        taken = take_apart(
            {code: now[key].value or 0.0 for code, key in ids_now.items()},
            {code: before[key].value or 0.0 for code, key in ids_before.items()},
        )
        names = {one.code: one.name for one in rows.values()}
        lines = []
        for part in taken.parts[: self.tile.most]:
            there, here = ids_now.get(part.key), ids_before.get(part.key)
            lines.append(
                Line(
                    name=names[part.key],
                    now=self._number(part.now),
                    before=self._number(part.before),
                    change=self._signed(part.change),
                    share="–" if part.share is None else f"{writing.number(part.share, 1)}%",
                    points="–" if part.points is None else self._points(part.points),
                    sign="up" if part.change > 0 else "down" if part.change < 0 else "same",
                    now_url=why_url(self.look, self.tile.indicator, there, self.at) if there else "",
                    before_url=why_url(self.look, self.tile.indicator, here, then) if here else "",
                )
            )
        return CommuneChange(
            found.title, found.unit, found.period, found.against, "", self._sentence(taken, names, found),
            self._number(taken.now), self._number(taken.before), self._signed(taken.change), lines,
            self._signed(taken.rest(self.tile.most)), max(0, len(taken.parts) - self.tile.most), found.source, found.owner,
            found.due,
        )  # fmt: skip

    def _sentence(self, taken: Taken[str], names: dict[str, str], found: CommuneChange) -> str:
        """Who did most of it, and who went the other way."""
        step = words.change(taken.now, taken.before, self.statistic.unit, self.statistic.decimals)
        if not taken.change:
            return _("Tổng không đổi so với %(period)s.") % {"period": found.against}
        same = [one for one in taken.parts if one.change * taken.change > 0][:3]
        other = [one for one in taken.parts if one.change * taken.change < 0]
        told = {
            "change": step.text, "period": found.against, "names": ", ".join(names[one.key] for one in same),
            "share": writing.number(sum(one.share or 0 for one in same), 1),
        }  # fmt: skip
        text = (
            _("Tổng %(change)s so với %(period)s; nhiều nhất do %(names)s (%(share)s%% mức thay đổi).") % told
        )
        if other:
            text += " " + _("Ngược chiều: %(n)d xã, phường, nhiều nhất là %(name)s (%(by)s).") % {
                "n": len(other),
                "name": names[other[0].key],
                "by": f"{self._signed(other[0].change)} {found.unit}".strip(),
            }
        return text

    def _number(self, value: float) -> str:
        return writing.number(value, self.statistic.decimals)

    def _signed(self, value: float) -> str:
        return f"{'+' if value > 0 else ''}{self._number(value)}"

    def _points(self, value: float) -> str:
        return f"{'+' if value > 0 else ''}{writing.number(value, 2)}"
