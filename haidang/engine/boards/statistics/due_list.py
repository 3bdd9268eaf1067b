"""Open lines of lists that are over or close to their last day: on the board the most urgent, on a page all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haidang.engine import clock
from haidang.engine.boards import definition as d
from haidang.engine.boards import writing
from haidang.engine.boards.statistics import words
from haidang.engine.boards.statistics.home import home_of
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.counting import open_lines, wording
from haidang.engine.counting.open_lines import Open
from haidang.engine.people.rights import may
from haidang.engine.places.names import comparable
from haidang.engine.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class DueLine:
    """One line as people read it: its columns, who has it, its day and how much of it is left."""

    cells: Sequence[str]
    group: str
    due: date
    left: float
    left_text: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class GroupCount:
    name: str
    over: int
    soon: int


@dataclass(frozen=True, slots=True)
class DueList:
    """What stands in the place of the tile. `lists` says as of which lists it speaks."""

    title: str
    heads: Sequence[str]
    of: str
    due_head: str
    lines: Sequence[DueLine]
    groups: Sequence[GroupCount]
    on: date
    within: str
    lists: Sequence[str]
    is_denied: bool = False

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def over(self) -> int:
        return sum(one.is_over for one in self.lines)

    @property
    def soon(self) -> int:
        return self.total - self.over


def due_list(tile: d.DueListTile, look: Look, group: str = "") -> DueList:
    """All that whoever looks may see, or what one office has; the most urgent first."""
    contract, home = look.library.sheets.get(tile.contract), home_of(look)
    on = clock.local(look.now).date()
    sees = home is not None and look.sees(tile.contract.partition(".")[0], home.place.pk)
    if contract is None or not sees or not (look.person is None or may(look.person, "sheet.see")):
        return DueList(str(tile.title), (), "", "", (), (), on, "", (), is_denied=contract is not None)
    lists = open_lines.lists_for(look.person, tile.contract, look.also)
    found = look.once(("due_list", id(tile)), lambda: _found(tile, look, on, lists))
    wanted = comparable(group)
    shown = [one for one in found if not wanted or comparable(_group(tile, one)) == wanted]
    return DueList(
        title=str(tile.title),
        heads=[str(contract.columns[name].title) for name in _columns(tile, contract)],
        of=str(contract.columns[tile.by].title),
        due_head=str(contract.columns[tile.due].title),
        lines=[_line(tile, contract, one) for one in shown],
        groups=_groups(tile, found),
        on=on,
        within=writing.number(tile.within),
        lists=[_list(one) for one in open_lines.counted_lists(tile.contract, look.epoch, lists)],
    )


def _found(tile: d.DueListTile, look: Look, on: date, lists: Collection[int] | None) -> list[Open]:
    return open_lines.close_to_due(
        tile.contract, tile.due, tile.where, on, look.library.workdays.of_office(),
        within=tile.within, epoch=look.epoch, lists=lists,
    )  # fmt: skip


def _columns(tile: d.DueListTile, contract: SheetContract) -> list[str]:
    """Personal data are not kept with the lines; a column that holds some is not even named."""
    return [name for name in tile.columns if contract.columns[name].personal_data == "none"]


def _group(tile: d.DueListTile, one: Open) -> str:
    return " ".join(str(one.line.values.get(tile.by) or "").split())


def _line(tile: d.DueListTile, contract: SheetContract, one: Open) -> DueLine:
    cells = [wording.value_of(name, one.line.values.get(name), contract) for name in _columns(tile, contract)]
    return DueLine(cells, _group(tile, one), one.due, one.left, left_text(one), one.is_over)


def left_text(one: Open) -> str:
    """`quá 3 ngày làm việc`, `hôm nay`, `còn 2 ngày làm việc`."""
    many = abs(one.left)
    said = {"n": writing.number(many)}
    if one.is_over:
        if not many:
            return _("vừa quá hạn")
        return ngettext("quá %(n)s ngày làm việc", "quá %(n)s ngày làm việc", round(many)) % said
    if not many:
        return _("hạn hôm nay")
    return ngettext("còn %(n)s ngày làm việc", "còn %(n)s ngày làm việc", round(many)) % said


def _groups(tile: d.DueListTile, found: Sequence[Open]) -> list[GroupCount]:
    """By office, those with most overdue lines first; spellings that differ in case are one."""
    spelt: dict[str, str] = {}
    many: dict[str, list[int]] = {}
    for one in found:
        name = _group(tile, one)
        counts = many.setdefault(spelt.setdefault(comparable(name), name), [0, 0])
        counts[0 if one.is_over else 1] += 1
    ordered = sorted(many.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
    return [GroupCount(name, over, soon) for name, (over, soon) in ordered]


def _list(one: Submission) -> str:
    """`tháng 10/2026 (bản 1, công bố 05/11/2026)`."""
    period = words.of_period(Period.parse(one.period)) if one.period else one.name
    said = {"period": period, "n": one.number, "day": writing.date(one.published_at)}
    return _("%(period)s (bản %(n)d, công bố %(day)s)") % said
