"""The calendars of a centre, from its content: decisions on holidays, and which office keeps which hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from haidang.engine.both import both
from haidang.engine.contracts.tree import Entry, Tree
from haidang.engine.workdays.calendar import WorkCalendar, Workdays
from haidang.engine.workdays.definition import CALENDARS, OfficeHours, YearDecision

KINDS: dict[str, Any] = {"calendars": CALENDARS}


@dataclass(frozen=True, slots=True)
class Clash:
    """A file that contradicts another one: its address, the key to blame, and why."""

    address: str
    keys: tuple[str | int, ...]
    message: str


class NoHours(LookupError):
    """No content says when this office works: its one argument says so in both languages."""


class Book:
    """Answers for an office; made once per tree, because years are counted out only once."""

    def __init__(self, tree: Tree) -> None:
        # In the order of the folders: of two that contradict each other the province's own holds, and is a problem.
        things = {address: entry.thing for address, entry in tree.of("calendars").items()}
        self.decisions = {a: t for a, t in things.items() if isinstance(t, YearDecision)}
        self.hours = {a: t for a, t in things.items() if isinstance(t, OfficeHours)}
        self.calendar = WorkCalendar(self.decisions.values())
        self._kept = {address: Workdays(self.calendar, hours) for address, hours in self.hours.items()}

    def of_office(self, code: str = "") -> Workdays:
        """The working days of an office; of one that is named nowhere, the usual ones. Raises NoHours."""
        for address, hours in reversed(self.hours.items()):
            if code and code in hours.offices:
                return self._kept[address]
        return self._first(lambda hours: hours.is_default, "`is_default: true`")

    def with_half_saturdays(self) -> Workdays:
        """Those of the offices that work on Saturday mornings. Raises NoHours."""
        return self._first(lambda hours: 0 < hours.saturday_counts < 1, "`saturday_counts: 0.5`")

    def _first(self, fits: Callable[[OfficeHours], bool], words: str) -> Workdays:
        for address, hours in reversed(self.hours.items()):
            if fits(hours):
                return self._kept[address]
        raise NoHours(
            both(
                f"no file in calendars/ of a domain has {words}: write one of `kind: hours`",
                f"không tệp nào trong calendars/ của một lĩnh vực có {words}: viết một tệp `kind: hours`",
            )
        )


def clashes(entries: Mapping[str, Entry[Any]]) -> Iterator[Clash]:
    """Where two files say different things of one office or one day; the one read later is blamed."""
    default, offices = "", dict[str, str]()
    days: dict[tuple[Any, Any], tuple[str, bool]] = {}
    for address, entry in entries.items():
        thing = entry.thing
        if isinstance(thing, OfficeHours):
            if thing.is_default and default:
                yield Clash(
                    address,
                    ("is_default",),
                    both(f"{default} is the usual one already", f"{default} đã là giờ mặc định"),
                )
            default = address if thing.is_default else default
            for number, code in enumerate(thing.offices):
                if (other := offices.setdefault(code, address)) != address:
                    message = both(
                        f"office {code} keeps the hours of {other} already",
                        f"cơ quan {code} đã theo giờ của {other}",
                    )
                    yield Clash(address, ("offices", number), message)
            continue
        for name, is_off in (("off", True), ("worked", False)):
            for number, one in enumerate(getattr(thing, name)):
                other, said = days.setdefault((one.day, thing.decided_on), (address, is_off))
                if said != is_off and other != address:
                    message = both(
                        f"{one.day:%d/%m/%Y} is {'worked' if is_off else 'free'} by {other}, decided on the same day",
                        f"{one.day:%d/%m/%Y} là ngày {'làm việc' if is_off else 'nghỉ'} theo {other}, quyết định cùng ngày",
                    )
                    yield Clash(address, (name, number, "day"), message)
