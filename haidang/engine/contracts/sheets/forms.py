"""The form of a row of an .xlsx: lists and tables have thousands of rows alike but for their values.

A form is learnt from a row – its cells, their looks, which hold numbers, days, texts or formulas – and reads the next ones
in one step, with nothing decided cell by cell. A row that departs from it by a sign is left to those who read any row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from haidang.engine.contracts.sheets.book import Mark, Value, column_number

# One cell: letters, attributes behind them, then nothing, a value, a formula and its value, or a text of its own.
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"((?: s="(\d+)")?(?: t="(n|s|inlineStr)")? ?)'
    r'(?:(/>)|>(?:(<f>)[^<]*</f>|(<f t="shared" si="\d+"/>))?(?:<v>[^<]+</v>|(<is><t(?: xml:space="preserve")?>)[^<]*</t></is>)</c>)'
)
# No more digits than a number can have: it is never infinite.
_NUMBER = "(-?[0-9.]{1,25}+(?:E[-+]?[0-9]{1,2})?+)"
# So many forms are kept, and a sheet whose rows have none in common is no longer asked about them.
MOST, TRIED = 6, 60


@dataclass(slots=True)
class Form:
    """`numbers`, `days`, `shared` and `own` are the places of values among the groups of `pattern`; `cells` has, in the order of
    columns, each cell's group, or −1 for an empty one.
    """

    pattern: re.Pattern[str]
    cells: list[int]
    numbers: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    # Column and group of each formula with the look of its cell, and looks of other cells.
    formulas: list[tuple[int, int, Mark]] = field(default_factory=list)
    looks: list[tuple[int, Mark]] = field(default_factory=list)
    # Whether values are the groups themselves, one for each column from the first on.
    plain: bool = False


def form_of(text: str, dates: set[str], special: dict[str, Mark]) -> Form | None:
    """The form of a row's cells; None where it holds what forms do not say."""
    pieces: list[str] = []
    form = Form(_CELL, [])
    groups = place = 0
    while place < len(text):
        cell = _CELL.match(text, place)
        if cell is None:
            return None
        place = cell.end()
        letters, attributes, style, kind, empty, formula, shared, inline = cell.groups()
        column = column_number(letters)
        if column < len(form.cells) or bool(inline) != (kind == "inlineStr"):
            return None
        form.cells += [-1] * (column - len(form.cells))
        pieces.append(f'<c r="{letters}[0-9]++"{attributes}')
        if empty:
            pieces.append("/>")
            continue
        look = special.get(style or "")
        pieces.append(">")
        if formula:
            pieces.append("<f>([^<]*+)</f>")
            form.formulas.append((column, groups, look or Mark()))
            groups += 1
        elif shared:  # filled down: its words stand in the first cell
            pieces.append('<f t="shared" si="[0-9]++"/>')
            form.looks.append((column, (look or Mark())._replace(formula="=")))
        elif look:
            form.looks.append((column, look))
        if inline:
            pieces.append(inline + "([^<]++)</t></is></c>")
            form.own.append(groups)
        elif kind == "s":
            pieces.append("<v>([0-9]{1,9}+)</v></c>")
            form.shared.append(groups)
        else:
            pieces.append(f"<v>{_NUMBER}</v></c>")
            (form.days if style in dates else form.numbers).append(groups)
        form.cells.append(groups)
        groups += 1
    form.pattern = re.compile("".join(pieces))
    form.plain = form.cells == list(range(groups))
    return form


@dataclass(slots=True)
class Forms:
    """Those of one sheet, the last one that fitted first."""

    known: list[Form] = field(default_factory=list)
    missed: int = 0
    fitted: int = 0

    def values_of(self, text: str) -> tuple[Form, list[str | None]] | None:
        """The form that fits a row and the texts of its groups; None where none does."""
        for place, form in enumerate(self.known):
            if found := form.pattern.fullmatch(text):
                if place:
                    self.known.insert(0, self.known.pop(place))
                self.fitted += 1
                return form, list(found.groups())
        return None

    def learn(self, text: str, dates: set[str], special: dict[str, Mark]) -> None:
        """Remember the form of a row that none fitted."""
        self.missed += 1
        if self.missed > TRIED and self.missed > self.fitted:
            self.known.clear()
        elif len(self.known) < MOST and (form := form_of(text, dates, special)):
            self.known.insert(0, form)


def laid_out(form: Form, values: list[Value]) -> list[Value]:
    """Values of groups as the cells of a row, without the empty end."""
    cells = [values[group] if group >= 0 else None for group in form.cells]
    while cells and cells[-1] is None:
        cells.pop()
    return cells
