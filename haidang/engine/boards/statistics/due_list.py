"""Open lines of lists that are over or close to their last day: on the board the most urgent, on a page all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
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
from haidang.engine.kept import Kept
from haidang.engine.people.rights import may
from haidang.engine.places.names import comparable
from haidang.engine.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class DueLine:
    """One line as people read it: its columns, who has it, its day and how much of it is left."""

    cells: Sequence[str]
    heads: Sequence[str]
    group: str
    due: date
    left: float
    left_text: str
    is_over: bool

    @property
    def headed(self) -> list[tuple[str, str]]:
        """Each cell with the name of its column: on a phone a line is no row of a table any more."""
        return list(zip(self.heads, self.cells, strict=True))


@dataclass(frozen=True, slots=True)
class GroupCount:
    name: str
    over: int
    soon: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open by the same lists on the same day, and how much of it each office has."""

    found: Sequence[Open] = ()
    groups: Sequence[GroupCount] = ()


@dataclass(frozen=True, slots=True)
class DueList:
    """What stands in the place of the tile. `lists` says as of which lists it speaks; `found` are those that were asked
    for, of which `lines` makes what is read.
    """

    title: str
    on: date
    heads: Sequence[str] = ()
    of: str = ""
    due_head: str = ""
    found: Sequence[Open] = ()
    groups: Sequence[GroupCount] = ()
    within: str = ""
    lists: Sequence[str] = ()
    is_denied: bool = False
    reads: Callable[[Open], DueLine] | None = None

    @property
    def total(self) -> int:
        return len(self.found)

    @property
    def over(self) -> int:
        return sum(one.is_over for one in self.found)

    @property
    def soon(self) -> int:
        return self.total - self.over

    def lines(self, first: int = 0, last: int | None = None) -> list[DueLine]:
        return [self.reads(one) for one in self.found[first:last]] if self.reads else []


def due_list(tile: d.DueListTile, look: Look, group: str = "") -> DueList:
    """All that whoever looks may see, or what one office has; the most urgent first."""
    contract, home = look.library.sheets.get(tile.contract), home_of(look)
    on = clock.local(look.now).date()
    sees = home is not None and look.sees(tile.contract.partition(".")[0], home.place.pk)
    if contract is None or not sees or not (look.person is None or may(look.person, "due.see")):
        return DueList(str(tile.title), on, is_denied=contract is not None)
    mine = open_lines.lists_for(look.person, tile.contract, look.also)
    counted = open_lines.counted_lists(tile.contract, look.epoch)
    standing = look.once(("due_list", id(tile)), lambda: _standing(tile, look, on, counted, mine))
    return DueList(
        title=str(tile.title),
        on=on,
        heads=_heads(tile, contract),
        of=str(contract.columns[tile.by].title),
        due_head=str(contract.columns[tile.due].title),
        found=_of_group(tile, standing.found, group),
        groups=standing.groups,
        within=writing.number(tile.within),
        lists=[_list(one) for one in counted if mine is None or one.pk in mine],
        reads=lambda one: _line(tile, contract, one),
    )


_KEPT: Kept[Standing] = Kept(8)


def _standing(
    tile: d.DueListTile, look: Look, on: date, counted: Sequence[Submission], mine: Collection[int] | None
) -> Standing:
    """Lines never change: what was found in the same lists on the same day is not looked for again. A year of a large
    province is 700,000 lines.
    """
    workdays = look.library.workdays.of_office()

    def made() -> Standing:
        found = open_lines.close_to_due(
            tile.contract, tile.due, tile.where, on, workdays,
            within=tile.within, epoch=look.epoch, lists=mine,
        )  # fmt: skip
        return Standing(found, _groups(tile, found))

    seen = None if mine is None else tuple(sorted(mine))
    return _KEPT.answer((on, tuple(one.pk for one in counted), seen), (tile, workdays), made)


def _of_group(tile: d.DueListTile, found: Sequence[Open], group: str) -> Sequence[Open]:
    if not group:
        return found
    wanted, names = comparable(group), dict[str, bool]()
    shown = []
    for one in found:
        name = _group(tile, one)
        if name not in names:
            names[name] = comparable(name) == wanted
        if names[name]:
            shown.append(one)
    return shown


def _columns(tile: d.DueListTile, contract: SheetContract) -> list[str]:
    """Personal data are not kept with the lines; a column that holds some is not even named."""
    return [name for name in tile.columns if contract.columns[name].personal_data == "none"]


def _heads(tile: d.DueListTile, contract: SheetContract) -> list[str]:
    return [str(contract.columns[name].title) for name in _columns(tile, contract)]


def _group(tile: d.DueListTile, one: Open) -> str:
    return " ".join(str(one.line.values.get(tile.by) or "").split())


def _line(tile: d.DueListTile, contract: SheetContract, one: Open) -> DueLine:
    cells = [wording.value_of(name, one.line.values.get(name), contract) for name in _columns(tile, contract)]
    return DueLine(
        cells, _heads(tile, contract), _group(tile, one), one.due, one.left, left_text(one), one.is_over
    )


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
    spelt, folded = dict[str, str](), dict[str, str]()
    many: dict[str, list[int]] = {}
    for one in found:
        name = _group(tile, one)
        if name not in spelt:
            spelt[name] = folded.setdefault(comparable(name), name)
        many.setdefault(spelt[name], [0, 0])[0 if one.is_over else 1] += 1
    ordered = sorted(many.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
    return [GroupCount(name, over, soon) for name, (over, soon) in ordered]


def _list(one: Submission) -> str:
    """`tháng 10/2026 (bản 1, công bố 05/11/2026)`."""
    period = words.of_period(Period.parse(one.period)) if one.period else one.name
    said = {"period": period, "n": one.number, "day": writing.date(one.published_at)}
    return _("%(period)s (bản %(n)d, công bố %(day)s)") % said
