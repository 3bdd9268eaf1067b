"""Statistics of the province with their comparisons: many at once, in seven questions to the store however many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards import writing
from haidang.engine.boards.shown import Point
from haidang.engine.boards.statistics import due, values, words
from haidang.engine.boards.statistics.home import Home, home_of
from haidang.engine.boards.statistics.rolled import newest_part, rolled_up
from haidang.engine.boards.statistics.shown import Against, Progress, Stat, Tile
from haidang.engine.boards.statistics.values import Papers, Value
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.days import PeriodName
from haidang.engine.indicators import periods
from haidang.engine.indicators.combining import combine
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.store.models import Source

# Periods behind the newest one that comparisons need, beyond those of the small line.
BACK = {"week": 53, "month": 13, "quarter": 5, "year": 2}
DAYS = {"week": 7, "month": 31, "quarter": 92, "year": 366}
NAMED = 3  # missing periods called by name
# Measures with a meaning here, as in `indicators.comparing`: the year's plan, the sum since January, the last period.
PLAN, SINCE, PREVIOUS = MEASURES = ("plan", "cumulative", "previous")


@dataclass(frozen=True)
class Known:
    """What is known of one statistic: its figures by the end of their period, and which of those with a number is the newest;
    `measures` are those beside the newest.
    """

    statistic: Statistic
    figures: Mapping[datetime, Value]
    newest: datetime | None
    measures: Mapping[str, Value]

    def number(self, at: datetime) -> float | None:
        found = self.figures.get(at)
        return found.value if found else None


def tiles_of(addresses: Sequence[str], look: Look, most: int = 24, behind: float = 10.0) -> dict[str, Tile]:
    """A tile for each of these addresses; what somebody may not see is not even asked for."""
    home = home_of(look)
    catalogue = look.library.statistics
    found: dict[str, Tile] = {}
    wanted = []
    for address in dict.fromkeys(addresses):
        entry = catalogue.entries.get(address)
        title = str(entry.statistic.title) if entry else address
        if entry is None:
            found[address] = Tile(title, empty=_("Chỉ tiêu này không tính được: nội dung đang có lỗi."))
        elif home is None:
            found[address] = Tile(title, empty=_("Chưa biết trung tâm này của tỉnh nào."))
        elif not look.sees(address.partition(".")[0], home.place.pk):
            found[address] = Tile(title, is_denied=True)
        else:
            wanted.append(address)
    if home is not None and wanted:
        found |= _tiles(wanted, look, home, most, behind)
    return {address: found[address] for address in dict.fromkeys(addresses)}


def _tiles(addresses: list[str], look: Look, home: Home, most: int, behind: float) -> dict[str, Tile]:
    known = known_of(addresses, look, home, most)
    newest = {address: one.figures[at] for address, one in known.items() if (at := one.newest)}
    papers = Papers.of(newest.values())
    sources = sources_by_contract(look)
    found = {}
    for address, one in known.items():
        contracts = due.contracts_of(look.library.statistics, address)
        days = due.grace(look.library, contracts, one.statistic.period)
        since = connected(contracts, sources)
        following = due.next_due(one.statistic.period, one.newest, days, look.horizon, since)
        title = str(one.statistic.title)
        if one.newest is None:
            empty = _in_part(address, one.statistic, look, home, most) or _("Chưa công bố số nào.")
            found[address] = Tile(title, empty=empty, due=following.text)
            continue
        about = _Told(look, home, address, one, papers, sources, contracts, following)
        found[address] = Tile(title, stat=about.stat(most, behind))
    return found


def _in_part(address: str, statistic: Statistic, look: Look, home: Home, most: int) -> str:
    """What is said of a province whose communes have their numbers in part only; nothing where none has."""
    found = newest_part(address, look, home, _looked_after(statistic.period, look, most))
    if found is None:
        return ""
    at, there, all_ = found
    told = {"period": words.period(periods.ending(at, statistic.period)), "n": there, "all": all_}
    return _("%(period)s: %(n)d trong %(all)d xã, phường đã có số, chưa cộng được cả tỉnh.") % told


def _looked_after(kind: PeriodName, look: Look, most: int) -> datetime:
    """Counted back from there: a few periods more than are drawn, for one that is late."""
    return look.horizon - timedelta(days=(most + BACK[kind]) * DAYS[kind])


def known_of(addresses: Iterable[str], look: Look, home: Home, most: int) -> dict[str, Known]:
    """Figures of the last periods, with plan and sum since January at the newest."""
    entries = {one: look.library.statistics.entries[one] for one in addresses}
    figures: values.Stretch = {}
    by_kind: dict[PeriodName, list[str]] = {}
    for address, entry in entries.items():
        by_kind.setdefault(entry.statistic.period, []).append(address)
    for kind, those in by_kind.items():
        after = _looked_after(kind, look, most)
        figures |= values.stretches(those, home.ids, after, look.epoch, look.until)
        figures |= rolled_up([one for one in those if not figures.get(one)], look, home, after)
    ends = {one: newest_of(figures.get(one, {})) for one in entries}
    measures = [
        f"{one}@{name}"
        for one, entry in entries.items()
        if ends[one]
        for name in (SINCE, PREVIOUS)
        if name in entry.statistic.measures
    ]
    beside = values.by_place(measures, home.ids, [at for at in ends.values() if at], look.epoch)
    plans = plans_of([(entry.statistic, one, ends[one]) for one, entry in entries.items()], home.ids, look)
    return {
        one: Known(entry.statistic, figures.get(one, {}), ends[one], _measures(one, ends[one], beside, plans))
        for one, entry in entries.items()
    }


def newest_of(figures: Mapping[datetime, Value]) -> datetime | None:
    """End of the last period that has a number."""
    return max((at for at, one in figures.items() if one.value is not None), default=None)


def plans_of(
    asked: Iterable[tuple[Statistic, str, datetime | None]], place_ids: Iterable[int], look: Look
) -> dict[str, dict[int, Value]]:
    """The plan of the year of each address, as last stated up to the period over at the instant beside it: few
    offices repeat it every month. By `address@plan`, then place.
    """
    wanted = []
    for statistic, address, at in asked:
        if at is not None and PLAN in statistic.measures:
            this_year = periods.since_january(periods.ending(at, statistic.period))
            before = periods.end_of(periods.back(this_year[0], 1))
            wanted.append((f"{address}@{PLAN}", before, at))
    return values.newest(wanted, place_ids, look.epoch)


def _measures(
    address: str,
    at: datetime | None,
    beside: Mapping[tuple[str, datetime], Mapping[int, Value]],
    plans: Mapping[str, Mapping[int, Value]],
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name in MEASURES:
        key = f"{address}@{name}"
        rows = plans.get(key, {}) if name == PLAN else beside.get((key, at), {}) if at else {}
        for value in rows.values():  # of the span of the place that was valid then, of a plan the newest
            found[name] = value
    return found


def sources_by_contract(look: Look) -> dict[str, Source]:
    """Who sends the files of each contract."""

    def asked() -> dict[str, Source]:
        rows = {one.address: one for one in Source.objects.filter(is_active=True).select_related("office")}
        return {one.contract: rows[a] for a, one in look.library.sources.items() if a in rows}

    return look.once("sources_by_contract", asked)


def connected(contracts: Iterable[str], sources: Mapping[str, Source]) -> date:
    """Since when all of these contracts have a source; of those without one nothing is said."""
    return max((sources[one].connected_date for one in contracts if one in sources), default=date.min)


def why_url(look: Look, address: str, place_id: int, at: datetime, **more: str) -> str:
    """Where the drawer of one figure of a period is; `term` asks for a comparison. A board has hundreds of these."""
    base = look.once("why_statistic", lambda: reverse("boards:why_statistic"))
    when = look.once(("why_at", at), lambda: quote(clock.local(at).isoformat()))
    asked = {"as_of": look.as_of.isoformat(), **more} if look.as_of else more
    tail = "".join(f"&{key}={quote(value)}" for key, value in asked.items())
    return f"{base}?indicator={quote(address)}&place={place_id}&at={when}{tail}"


@dataclass(frozen=True)
class _Told:
    """One statistic on its way to a tile; what several parts of it ask for is found once."""

    look: Look
    home: Home
    address: str
    known: Known
    papers: Papers
    sources: Mapping[str, Source]
    contracts: Sequence[str]
    following: due.Due

    @cached_property
    def at(self) -> datetime:
        if self.known.newest is None:
            raise LookupError(self.address)
        return self.known.newest

    @cached_property
    def since(self) -> float | None:
        return since_january(self.known, self.at)

    def stat(self, most: int, behind: float) -> Stat:
        statistic, value = self.known.statistic, self.known.figures[self.at]
        submission = self.papers.submissions.get(value.submission)
        source = next((self.sources[one] for one in self.contracts if one in self.sources), None)
        office = submission.office if submission and submission.office else source.office if source else None
        return Stat(
            title=str(statistic.title),
            address=self.address,
            unit=statistic.unit,
            decimals=statistic.decimals,
            value=value.value,
            period=words.period(periods.ending(self.at, statistic.period)),
            at=self.at,
            source=self._source(),
            owner=office.short_name if office else self._owner(statistic),
            phone=office.phone if office else "",
            due=self.following,
            now=self.look.now,
            badge=self._badge(value),
            number=submission.number if submission else 0,
            explained=self.papers.explained(value),
            why_url=self.why(),
            against=[one for key in ("last", "year") if (one := self._against(key))],
            progress=self._progress(behind),
            plan_lacks=self._plan_lacks(),
            since=self.since if statistic.over_time == "sum" else None,
            since_url=self.why(term="since"),
            points=self._points(most),
        )

    def why(self, **more: str) -> str:
        return why_url(self.look, self.address, self.known.figures[self.at].place_id, self.at, **more)

    def _source(self) -> str:
        titles = [
            str(self.look.library.sheets[one].title)
            for one in self.contracts
            if one in self.look.library.sheets
        ]
        return ", ".join(titles[:2]) or _("Trung tâm tính")

    def _owner(self, statistic: Statistic) -> str:
        contract = next((self.look.library.sheets[one] for one in self.contracts), None)
        named = statistic.office or (contract.office if contract else None)
        return str(named or _("chưa giao cơ quan"))

    def _badge(self, value: Value) -> str:
        if value.status == "rolled":
            return _("cộng từ xã")
        return _("nhập tay") if value.submission else _("tính")

    def _against(self, key: Any) -> Against | None:
        statistic = self.known.statistic
        period = periods.ending(self.at, statistic.period)
        if key == "year" and statistic.period == "year":
            return None  # the last period is the same period of last year
        before = periods.back(period, 1) if key == "last" else periods.year_before(period)
        number, now = self.known.number(periods.end_of(before)), self.known.number(self.at)
        if number is None and key == "last" and (stated := self.known.measures.get(PREVIOUS)):
            number = stated.value  # as the office repeats it
        word = _("so với %(period)s") % {"period": words.of_period(before)}
        if key == "year":
            word = _("so với cùng kỳ (%(period)s)") % {"period": words.of_period(before)}
        if number is None or now is None:
            return Against(key, word, "", "", "", None, "")
        step = words.change(now, number, statistic.unit, statistic.decimals)
        good = {"up_is_good": step.sign == "up", "down_is_good": step.sign == "down"}.get(statistic.direction)
        return Against(
            key, word, step.text, words.signed(step, statistic.decimals), step.sign,
            None if step.sign == "same" else good, self.why(term=key), step.amount, step.unit,
        )  # fmt: skip

    def _progress(self, behind: float) -> Progress | None:
        statistic, plan = self.known.statistic, self.known.measures.get(PLAN)
        if statistic.over_time != "sum" or plan is None or not plan.value:
            return None
        done = self.since
        if done is None:
            return None
        period = periods.ending(self.at, statistic.period)
        elapsed = float(100 * periods.of_year(period))
        share = 100 * done / plan.value
        lag = elapsed - share
        said = {
            "share": writing.number(share, 1),
            "plan": writing.number(plan.value, statistic.decimals),
            "unit": writing.unit(statistic.unit),
            "year": period.year,
            "by": writing.number(abs(lag), 1),
        }
        text = _("đạt %(share)s%% kế hoạch năm %(year)d: %(plan)s %(unit)s") % said
        pace = (
            _("chậm %(by)s điểm so với thời gian đã qua")
            if lag > 0
            else _("nhanh hơn thời gian đã qua %(by)s điểm")
        )
        is_behind = statistic.direction == "up_is_good" and lag >= behind
        ways = self.why(term="plan"), self.why(term="goal")
        return Progress(share, elapsed, plan.value, done, text, pace % said, is_behind, *ways)

    def _plan_lacks(self) -> str:
        """Why nothing is said of the plan that is there: periods of the year are missing and the office states no sum."""
        statistic, plan = self.known.statistic, self.known.measures.get(PLAN)
        if statistic.over_time != "sum" or plan is None or not plan.value or self.since is not None:
            return ""
        missing = [at for at in year_so_far(statistic, self.at) if self.known.number(at) is None]
        named = [words.of_period(periods.ending(at, statistic.period)) for at in missing[:NAMED]]
        said = {"periods": ", ".join(named), "n": len(missing) - len(named)}
        if said["n"]:
            return _("chưa tính được phần đạt của kế hoạch năm: thiếu số %(periods)s và %(n)d kỳ khác") % said
        return _("chưa tính được phần đạt của kế hoạch năm: thiếu số %(periods)s") % said

    def _points(self, most: int) -> list[Point]:
        figures = self.known.figures
        ends = ends_back(self.known.statistic.period, self.at, most)
        return [Point(at, figures[at].value) for at in ends if at in figures]


@lru_cache(256)
def ends_back(kind: PeriodName, at: datetime, many: int) -> tuple[datetime, ...]:
    """Ends of so many periods up to that one, the first first. A board asks the same for each of its numbers."""
    last = periods.ending(at, kind)
    return tuple(periods.end_of(periods.back(last, n)) for n in range(many - 1, -1, -1))


def since_january(known: Known, at: datetime) -> float | None:
    """The sum of the year's periods where all of them are known, else what the office states for it."""
    numbers = [known.number(one) for one in year_so_far(known.statistic, at)]
    there = [one for one in numbers if one is not None]
    if len(there) == len(numbers):
        return combine("sum", there)
    stated = known.measures.get(SINCE)
    return stated.value if stated else None


def year_so_far(statistic: Statistic, at: datetime) -> Sequence[datetime]:
    """Ends of the periods of the year up to that one, the first first."""
    return ends_back(statistic.period, at, max(1, periods.ending(at, statistic.period).number))
