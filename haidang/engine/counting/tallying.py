"""Lines counted into figures: of the province and of each commune, with what each list and each centre is of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from haidang.engine.contracts.sheets.centres import Centres
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.counting import lines
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.catalogue import Entry
from haidang.engine.indicators.count import Count, Rule, amount, mover
from haidang.engine.indicators.figure_rows import New, Subject
from haidang.engine.indicators.territory import Territory
from haidang.engine.places.models import Place
from haidang.engine.places.names import comparable
from haidang.engine.workdays.calendar import Workdays

MOST_LINES = 400  # centres that are kept beside a figure, as of sums of a file
KIND = "counted"


@dataclass(slots=True)
class Sum:
    """What is known of one figure while its lines go by."""

    of: int = 0  # lines of its period and place
    counted: int = 0
    unknown: int = 0
    value: float = 0.0
    # List → its lines that count, or may, and all its lines of this period and place.
    lists: dict[int, list[int]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    # Folded name of the centre → as it is written, lines, unknown and value.
    parts: dict[str, list[Any]] = field(default_factory=dict)
    _spelt: dict[str, list[Any]] = field(default_factory=dict)

    def part(self, centre: str) -> list[Any]:
        """What is known of a centre; spellings that differ in case only are one."""
        if centre not in self._spelt:
            self._spelt[centre] = self.parts.setdefault(comparable(centre), [centre, 0, 0, 0.0])
        return self._spelt[centre]

    def add(self, submission: int, adds: float | None, centre: str) -> None:
        """A line that counts; `adds` is None where the list does not say whether, or how much."""
        self.lists[submission][0] += 1
        part = self.part(centre) if centre else None
        if adds is None:
            self.unknown += 1
        else:
            self.counted, self.value = self.counted + 1, self.value + adds
        if part is not None:
            part[2 if adds is None else 1] += 1
            part[3] += adds or 0.0


class Counted(NamedTuple):
    """Figures of one rule for one period, by place."""

    entry: Entry
    version: str
    way: Count
    sums: Mapping[int, Sum]


class Where:
    """The commune a line speaks of, on the last day of a period."""

    def __init__(self, period: Period) -> None:
        self.day = period.last_day
        self._centres: dict[str, Centres] = {}
        self._communes: dict[int, dict[str, int]] = {}
        self._provinces: dict[int, Place] = {}
        self._ids: dict[int, int] = {}
        self._known: dict[tuple[int, str, Any], int | None] = {}

    def province(self, row: int) -> int:
        """The province of a list as it stood then; its own row where it was made later (docs/decisions/0016)."""
        if row not in self._ids:
            self._ids[row] = self._province(row).pk
        return self._ids[row]

    def _province(self, row: int) -> Place:
        if row not in self._provinces:
            own = Place.objects.get(pk=row)
            then = Place.objects.on(self.day).filter(level=Place.Level.PROVINCE, code=own.code)
            found = [one for one in then if own.is_valid_on(self.day) or one.name == own.name]
            self._provinces[row] = found[0] if found else own
        return self._provinces[row]

    def commune(self, row: int, column: str, text: Any, contract: SheetContract) -> int | None:
        """None where the words name none of the province, or several."""
        if text is None:
            return None
        asked = row, column, text
        if asked not in self._known:
            self._known[asked] = self._recognised(row, column, text, contract)
        return self._known[asked]

    def _recognised(self, row: int, column: str, text: Any, contract: SheetContract) -> int | None:
        code = str(text)
        if contract.columns[column].type != "place":
            own = self._province(row).code
            if own not in self._centres:
                self._centres[own] = Centres(own, self.day)
            code = self._centres[own].of(str(text)).place
        if row not in self._communes:
            here = self.province(row)
            known = Territory([here]).communes(here, self.day)
            self._communes[row] = dict(Place.objects.filter(pk__in=known).values_list("code", "pk"))
        return self._communes[row].get(code)


def count(
    entries: Sequence[Entry],
    contract: SheetContract,
    at: datetime,
    workdays: Workdays,
    epoch: int | None = None,
) -> list[Counted]:
    """These indicators of one contract for the period over at `at`, in one pass over its lines. An indicator that has no
    rule in force then is left out.
    """
    period = periods.ending(at, entries[0].statistic.period)
    moved, where = mover(workdays), Where(period)
    found: list[tuple[Counted, Rule, dict[int, Sum]]] = []
    for entry in entries:
        if way := entry.rule_on(period.last_day):
            sums: dict[int, Sum] = {}
            found.append((Counted(entry, way[0], way[1], sums), Rule(way[1], period, moved), sums))
    if not found:
        return []
    address = found[0][0].way.contract
    with transaction.atomic():
        for line in lines.of_months(address, lines.months_of(period), epoch):
            for one, rule, sums in found:
                if rule.is_in(line.values):
                    _add(one.way, rule, line, sums, where, contract, workdays)
    return [one for one, _rule, _sums in found]


def _add(
    count: Count, rule: Rule, line: lines.Line, sums: dict[int, Sum], where: Where, contract: SheetContract, workdays: Workdays
) -> None:  # fmt: skip
    places = [where.province(line.province)]
    if count.place and (
        commune := where.commune(line.province, count.place, line.values.get(count.place), contract)
    ):
        places.append(commune)
    holds = rule.holds(line.values)
    adds = amount(count, line.values, workdays) if holds else None
    centre = " ".join(str(line.values.get(count.lines) or "").split()) if count.lines else ""
    for number, place in enumerate(places):
        if (one := sums.get(place)) is None:
            one = sums[place] = Sum()
        one.of += 1
        if line.submission not in one.lists:
            one.lists[line.submission] = [0, 0]
        one.lists[line.submission][1] += 1
        one.moved.update(rule.moved_days(line.values))
        if holds is not False:
            one.add(line.submission, adds, centre if not number else "")
        elif centre and not number:
            one.part(centre)


def figures(counted: Counted, at: datetime) -> Iterator[New]:
    """As they are written. What was counted before and has no line any more becomes missing."""
    address, sha256 = counted.entry.address, counted.entry.sha256
    gone = {row.subject.place_id for row in figure_rows.at_end([address], at) if row.value is not None}
    for place in sorted(counted.sums.keys() | gone):
        one = counted.sums.get(place, Sum())
        value = None if one.unknown or not one.of else one.value
        detail = _detail(counted, one)
        yield New(Subject(address, place, at), value, "missing" if value is None else "ok", sha256, detail)


def _detail(counted: Counted, one: Sum) -> dict[str, Any]:
    """`{"kind": "counted", "contract": …, "version": "1", "of": 412, "counted": 390, "unknown": 0, "lists":
    [[submission, lines of it that count, all its lines of the period], …], "moved": {day off: day it lasts until}, "lines": [[centre, "", value], …]}`.
    """
    detail: dict[str, Any] = {
        "kind": KIND, "contract": counted.way.contract, "version": counted.version,
        "of": one.of, "counted": one.counted, "unknown": one.unknown,
        "lists": [[number, *many] for number, many in sorted(one.lists.items())], "moved": dict(sorted(one.moved.items())),
    }  # fmt: skip
    # A part that is not known is left out: its line shows no number.
    parts = [[name, "", value] for name, _counted, unknown, value in one.parts.values() if not unknown]
    if parts and len(one.parts) <= MOST_LINES:
        detail["lines"] = sorted(parts)
    elif counted.way.lines:
        detail["lines"] = []
    return detail
