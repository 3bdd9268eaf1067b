"""A judged sheet as its office knows it: rows and columns under the file's own addresses, with what is said of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from haidang.engine.contracts.sheets.book import column_letters
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.verdict import LIST, OWN_SHEETS, address, is_ours
from haidang.engine.contracts.sheets.verdict import Cell as Judged
from haidang.engine.paging import number_in
from haidang.engine.people.masking import DOT, masked
from haidang.engine.submissions.models import Cell, Explanation, Submission
from haidang.engine.submissions.strays import Stray, strays_of
from haidang.engine.submissions.wording import remark_words, value_words

ROWS = 120
REMARKS = 60
WIDEST = 80
Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell on the screen."""

    row: int
    column: int
    text: str = ""
    understood: str = ""
    level: int = 0
    fate: str = ""
    title: str = ""
    sentences: tuple[str, ...] = ()
    is_number: bool = False
    is_hidden: bool = False
    # A title that goes on over the empty cells to its right, as Excel shows it.
    is_over: bool = False
    # Whether what was understood stands in the cell too: numbers and days; codes of places only beside the grid.
    is_told: bool = False
    # Typed in the grid and not judged yet; None: nothing.
    typed: str | None = None

    @property
    def address(self) -> str:
        return address(self.row, self.column)

    @property
    def mark(self) -> str:
        """Class of its ground."""
        return ("", "is-warn", "is-fault")[self.level]

    @property
    def reason(self) -> str:
        return " ".join(self.sentences)

    @property
    def can_be_mended(self) -> bool:
        return self.fate in ("value", "missing", "note", "total") or self.level > 0


@dataclass(frozen=True, slots=True)
class Remarked:
    """A cell with a fault or a warning, in the list beside the grid."""

    cell: Cell
    shown: Shown
    explanation: Explanation | None

    @property
    def is_fault(self) -> bool:
        return self.cell.level == 2

    @property
    def in_grid(self) -> bool:
        return self.cell.column >= 0

    @property
    def place(self) -> str:
        return self.shown.address if self.in_grid else str(self.cell.row)


@dataclass(frozen=True, slots=True)
class Sums:
    """Cells of the file by what they were taken for; `read` is their sum, `missing` ones are none of the file."""

    read: int
    parts: tuple[tuple[str, int], ...]
    missing: int

    @property
    def closes(self) -> bool:
        return self.read == sum(number for _fate, number in self.parts)


FATES = ("value", "header", "label", "note", "total", "ignored")


def sums_of(submission: Submission) -> Sums | None:
    """None while nothing was judged, and of a long list, of which only remarked cells are kept."""
    if submission.is_long or not submission.cells:
        return None
    rows = Cell.objects.filter(submission=submission).values_list("fate").annotate(number=Count("pk"))
    counted = Counter(dict(rows.order_by()))
    parts = tuple((fate, counted[fate]) for fate in FATES)
    return Sums(submission.cells - counted["missing"], parts, counted["missing"])


@dataclass
class Grid:
    """A stretch of the rows of one sheet."""

    submission: Submission
    contract: SheetContract | None
    sheet: str
    first: int
    clear: bool = False
    typed: Mapping[Place, str] = field(default_factory=dict)
    sheets: list[tuple[str, int]] = field(default_factory=list)

    @cached_property
    def numbers(self) -> list[int]:
        """Numbers of the rows that hold anything, also what was typed below the end of the table."""
        rows = self._cells.filter(row__gt=0, column__gte=0).order_by("row")
        kept = list(rows.values_list("row", flat=True).distinct())
        typed = {row for sheet, row, _column in self.typed if sheet == self.sheet}
        return sorted(typed.union(kept)) if typed else kept

    @property
    def _cells(self) -> QuerySet[Cell]:
        return Cell.objects.filter(submission=self.submission, sheet=self.sheet)

    @property
    def shown(self) -> list[int]:
        return self.numbers[self.first : self.first + ROWS]

    @property
    def newer(self) -> int | None:
        return max(0, self.first - ROWS) + 1 if self.first else None

    @property
    def older(self) -> int | None:
        return self.first + ROWS + 1 if self.first + ROWS < len(self.numbers) else None

    @cached_property
    def strays(self) -> tuple[Stray, ...] | None:
        return strays_of(self.submission.strays)

    @cached_property
    def fields(self) -> dict[int, str]:
        """Column → its field of the contract."""
        found = self._cells.exclude(field="").exclude(column__lt=0).values_list("column", "field").distinct()
        return dict(found.order_by("column"))

    @cached_property
    def rows(self) -> list[tuple[int, list[Shown]]]:
        wanted = self.shown
        kept = self._cells.filter(row__in=wanted, column__gte=0, column__lt=WIDEST) if wanted else []
        by_place = {(cell.row, cell.column): cell for cell in kept}
        width = max((column for _row, column in by_place), default=-1) + 1
        typed = (c for sheet, row, c in self.typed if sheet == self.sheet and row in wanted)
        width = max(width, max(self.fields, default=-1) + 1, max(typed, default=-1) + 1)
        columns = range(min(width, WIDEST))
        return [
            (number, _spread([self.cell(by_place.get((number, c)), number, c) for c in columns]))
            for number in wanted
        ]

    @property
    def letters(self) -> list[tuple[str, str]]:
        """Letter of each column and what the contract calls it."""
        width = len(self.rows[0][1]) if self.rows else 0
        return [(column_letters(c), self._title(self.fields.get(c, ""))) for c in range(width)]

    def _title(self, name: str) -> str:
        known = self.contract.columns.get(name) if self.contract else None
        return str(known.title) if known else ""

    def cell(self, cell: Cell | None, row: int, column: int) -> Shown:
        title = self._title(self.fields.get(column, ""))
        made = shown(cell, row, column, self.contract, clear=self.clear, strays=self.strays, title=title)
        typed = self.typed.get((self.sheet, row, column))
        return made if typed is None else replace(made, typed=typed)


def _spread(cells: list[Shown]) -> list[Shown]:
    """A row with the titles marked that have room to their right."""
    after = [*cells[1:], Shown(0, 0)]
    return [
        replace(one, is_over=True)
        if one.text
        and not one.is_number
        and one.fate in ("note", "header")
        and not (one.level or beside.text)
        else one
        for one, beside in zip(cells, after, strict=True)
    ]


def shown(
    cell: Cell | None,
    row: int,
    column: int,
    contract: SheetContract | None,
    *,
    clear: bool = False,
    strays: Iterable[Stray] | None = (),
    title: str = "",
) -> Shown:
    """A kept cell as people read it; personal data masked unless `clear`: the contract's own and what stands in `strays`,
    or, where nobody has looked for those (None), all that nothing asked for.
    """
    if cell is None:
        return Shown(row, column, title=title)
    if strays is None:
        is_stray = not cell.field and cell.fate in ("ignored", "header")
    else:
        is_stray = any(one.holds(cell.sheet, row, column) for one in strays)
    hide = not clear and (is_stray or is_personal(cell, contract))
    text = value_words(cell.raw)
    remarks = [_masked_remark(one) for one in cell.remarks] if hide else cell.remarks
    return Shown(
        row=row,
        column=column,
        text=mask_words(text) if hide else text,
        understood="" if hide else understood(cell, contract),
        level=cell.level,
        fate=cell.fate,
        title=title,
        sentences=tuple(remark_words(cell.sheet, row, column, one) for one in remarks),
        is_number=isinstance(cell.raw, int | float) and not isinstance(cell.raw, bool),
        is_hidden=hide and bool(text),
        is_told=_is_told(cell, contract),
    )


def _is_told(cell: Cell, contract: SheetContract | None) -> bool:
    known = contract.columns.get(cell.field) if contract else None
    return isinstance(cell.value, int | float) or (known is not None and known.type == "date")


def understood(cell: Cell, contract: SheetContract | None) -> str:
    """What the cell was taken for, where that differs from what stands in it."""
    if cell.fate not in ("value", "total") or cell.value is None or cell.value == cell.raw:
        return ""
    known = contract.columns.get(cell.field) if contract else None
    if known and known.choices and cell.value in known.choices:
        text = str(known.choices[cell.value].title)
    else:
        text = value_words(cell.value)
    # A number that stands as a text is said also where it reads the same: with the unit it was taken in.
    if text == value_words(cell.raw) and not (
        isinstance(cell.raw, str) and isinstance(cell.value, int | float)
    ):
        return ""
    return f"{text} {cell.unit}".strip()


# --- personal data ----------------------------------------------------------------------------------------
def is_personal(cell: Cell | Judged, contract: SheetContract | None) -> bool:
    known = contract.columns.get(cell.field) if contract else None
    return known is not None and known.personal_data != "none" and cell.fate != "header"


def mask_words(text: str) -> str:
    """`Nguyễn Văn An` → `N•••• V•• A•`: enough to tell two lines apart, too little to use."""
    return " ".join(
        word if DOT in word else word[:1] + DOT * (len(word) - 1) for word in str(masked(text)).split()
    )


def _masked_remark(remark: list[Any]) -> list[Any]:
    level, code, args = remark
    return [level, code, mask_args(args)]


def mask_args(args: Mapping[str, Any]) -> dict[str, Any]:
    """What a sentence about a personal cell quotes, as it may be shown and kept."""
    return {
        name: mask_words(str(value)) if isinstance(value, str) or _is_long(value) else value
        for name, value in args.items()
    }


def _is_long(value: object) -> bool:
    """A number of a paper or a telephone that Excel took for a number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 1_000_000


# --- what a page asks -------------------------------------------------------------------------------------
def _ours(submission: Submission) -> list[str]:
    """The sheets of the file that we put there."""
    heads: dict[str, list[Any]] = {}
    named = Q(sheet__in=OWN_SHEETS) | Q(sheet__startswith=LIST)
    rows = Cell.objects.filter(named, submission=submission, row=1).exclude(sheet=submission.sheet)
    for sheet, raw in rows.order_by("column").values_list("sheet", "raw"):
        heads.setdefault(sheet, []).append(raw)
    return [sheet for sheet, first in heads.items() if is_ours(sheet, first)]


def grid_of(
    submission: Submission, contract: SheetContract | None, request: HttpRequest, *, clear: bool
) -> Grid:
    """The sheet and the stretch of rows the address asks for; what it asks wrongly is the first of them."""
    counted = Cell.objects.filter(submission=submission, column__gte=0).values_list("sheet")
    # What our own templates and answers bring along is judged as any sheet, and is nothing to look at.
    counted = counted.exclude(sheet__in=_ours(submission))
    names = dict(counted.annotate(number=Count("pk")).order_by("sheet"))
    sheets = sorted(names.items(), key=lambda one: (one[0] != submission.sheet, one[0]))
    asked = request.GET.get("trang-tinh", "")
    sheet = asked if asked in names else (sheets[0][0] if sheets else submission.sheet)
    typed = {place: one.text for place, one in submission.pending_edits().items()}
    found = Grid(submission, contract, sheet, 0, clear, typed, sheets)
    start, cell = number_in(request.GET.get("tu-dong", "")), number_in(request.GET.get("o", ""))
    if start is not None:
        found.first = min(max(0, start - 1), max(0, len(found.numbers) - 1)) // ROWS * ROWS
    elif cell in found.numbers:
        found.first = found.numbers.index(cell) // ROWS * ROWS
    return found


def remarks_of(submission: Submission) -> QuerySet[Cell]:
    """Faults first, then warnings, in the order of the file."""
    return Cell.objects.filter(submission=submission, level__gt=0).order_by(
        "-level", "sheet", "row", "column"
    )


def warned_later(submission: Submission) -> list[Cell]:
    """Cells that a publication gave a warning after they were judged, in the order of the file."""
    if submission.renewed_at is None:
        return []
    return [cell for cell in remarks_of(submission).filter(level=1) if cell.warned_since]


def explanations_of(submission: Submission) -> Mapping[Place, Explanation]:
    """The last one of each cell."""
    rows = submission.explanations.select_related("person").order_by("pk")
    return {(one.sheet, one.row, one.column): one for one in rows}


def remarked(
    cells: Iterable[Cell], submission: Submission, contract: SheetContract | None, *, clear: bool
) -> list[Remarked]:
    said, strays = explanations_of(submission), strays_of(submission.strays)
    found = []
    for cell in cells:
        title = str(contract.columns[cell.field].title) if contract and cell.field in contract.columns else ""
        one = shown(cell, cell.row, cell.column, contract, clear=clear, strays=strays, title=title)
        found.append(Remarked(cell, one, said.get((cell.sheet, cell.row, cell.column))))
    return found
