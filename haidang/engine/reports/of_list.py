"""The lists of the screens as papers: the first rows of what their reader may take away."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards import writing
from haidang.engine.boards.export.lists import Listed
from haidang.engine.boards.export.shapes import Column as Wide
from haidang.engine.boards.export.shapes import Value
from haidang.engine.boards.tiles import Look
from haidang.engine.reports.making import head_of
from haidang.engine.reports.paper import Column, Paper, Row, Run, Table
from haidang.engine.reports.words import moment_text

if TYPE_CHECKING:
    from haidang.engine.people.models import Person

# A paper nobody leafs through helps nobody: the whole list is in the Excel file.
MOST = 500


def paper_of_list(listed: Listed, reader: Person) -> tuple[Paper, int]:
    """The list as it is now, and how many rows of it were printed."""
    with translation.override("vi"):
        now = clock.now()
        wide = listed.columns()
        rows = list(islice(listed.rows(reader), MOST + 1))
        is_cut, rows = len(rows) > MOST, rows[:MOST]
        told = _("%(n)d dòng đầu; cả danh sách ở tệp Excel.") if is_cut else _("%(n)d dòng.")
        table = Table(
            title="",
            columns=[Column(title=_("STT"), width=6, is_number=True), *map(_column, wide)],
            rows=[
                Row(
                    cells=[[str(n)], *(_cell(value, column) for value, column in zip(row, wide, strict=True))]
                )
                for n, row in enumerate(rows, 1)
            ],
            told=told % {"n": len(rows)},
            empty=_("Danh sách trống."),
        )
        paper = Paper(
            head=head_of(reader, Look.at(None, reader)),
            kind=_("DANH SÁCH"),
            subject=str(listed.title),
            known_text=_("hiện trạng lúc %(at)s") % {"at": moment_text(now)},
            blocks=[table],
            is_wide=True,
        )
        return paper, len(rows)


def _column(one: Wide) -> Column:
    return Column(
        title=one.title, unit=writing.unit(one.unit), width=one.width, is_number=one.decimals is not None
    )


def _cell(value: Value, column: Wide) -> list[Run]:
    if value is None or value == "":
        return [""]
    if isinstance(value, datetime):
        return [f"{clock.local(value):%H:%M %d/%m/%Y}"]
    if isinstance(value, date):
        return [f"{value:%d/%m/%Y}"]
    return [value if isinstance(value, str) else writing.number(value, column.decimals)]
