"""A scorecard, and the lines close to their last day, as tables of a paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from haidang.engine.boards import definition as d
from haidang.engine.boards import writing
from haidang.engine.boards.statistics import due_list, scorecard
from haidang.engine.boards.statistics.due_list import DueLine
from haidang.engine.boards.statistics.score_shown import CountPart, GroupPart, RowPart, ScorecardView, written
from haidang.engine.reports.paper import Block, Column, Row, Run, Table
from haidang.engine.reports.words import number

MOST = 50  # lines close to their last day: a paper of a thousand is read by nobody


def points(told: Any, tile: d.ScorecardTile) -> list[Block]:
    """Rows with their counts by group, what is missing and who owes it, and who stands where."""
    found = scorecard.scorecard(tile, told.look)
    view = found.view
    if view is None:
        told.denied += found.is_denied
        said = _("Người nhận chưa được cấp quyền xem số này.") if found.is_denied else found.empty
        return [Table(title=found.title, columns=[], rows=[], empty=said)]
    told.shown += 1
    return [_rows(view), *_owed(view), *_levels(view)]


def _rows(view: ScorecardView) -> Table:
    columns = [
        Column(title=_("Mã"), width=0.9), Column(title=_("Tiêu chí"), width=4), Column(title=_("Số liệu"), width=4.4),
        Column(title=_("Tỷ lệ"), width=1.4, is_number=True), Column(title=_("Điểm"), width=1.2, is_number=True),
        Column(title=_("Tối đa"), width=1, is_number=True), Column(title=_("Kỳ trước"), width=1.2, is_number=True),
    ]  # fmt: skip
    rows = [row for group in view.groups for row in _group(group)]
    before = writing.number(view.before.score) if view.before else writing.NONE
    rows.append(
        Row(
            cells=[
                [""], [_("Tổng điểm")], [written(view.total)], [writing.number(view.total.percent), "%"],
                [writing.number(view.total.score if view.total.is_known else None)], [writing.number(view.total.points)], [before],
            ],
            is_sum=True,
        )
    )  # fmt: skip
    said = [view.period, view.owner, _("bản %(version)s") % {"version": view.version}, view.basis]
    return Table(title=view.title, columns=columns, rows=rows, told=" · ".join(filter(None, said)))


def _group(group: GroupPart) -> Iterator[Row]:
    known, before = group.points.is_known, group.before
    yield Row(
        cells=[
            [""], [group.title], [_("tính được %(n)s điểm") % {"n": writing.number(group.points.covered)}], [""],
            [writing.number(group.points.score if known else None)], [writing.number(group.points.points)],
            [writing.number(before.score if before and before.is_known else None)],
        ],
        is_sum=True,
    )  # fmt: skip
    for row in group.rows:
        yield Row(
            cells=[
                [row.code], [row.title], _counts(row), [_share(row)], [writing.number(row.points)],
                [writing.number(row.of or None)], [writing.number(row.before)],
            ],
            note=_note(row),
        )  # fmt: skip


def _counts(row: RowPart) -> list[Run]:
    found: list[Run] = []
    for place, one in enumerate(row.counts):
        found += [f"{'; ' if place else ''}{one.title}: ", _count(one)]
    return found


def _count(one: CountPart) -> Run:
    if one.value is None:
        return _("chưa rõ") if one.why else _("thiếu")
    if not one.why:
        return writing.number(one.value)
    return number(one.value, one.decimals, one.unit, one.why)


def _share(row: RowPart) -> str:
    if row.share is None:
        return writing.NONE
    unit = "%" if row.unit == "%" else f" {writing.unit(row.unit)}"
    return f"{writing.number(row.share)}{unit}"


def _note(row: RowPart) -> str:
    parts = [] if row.is_verified else [_("chưa đối chiếu")]
    if row.threshold is not None:
        parts.append(_("ngưỡng %(n)s%%") % {"n": writing.number(row.threshold)})
    if row.points is None:
        parts.append(row.status_word)
    return " · ".join([*parts, *([row.note] if row.note else [])])


def _owed(view: ScorecardView) -> list[Block]:
    if not view.owed:
        return []
    columns = [
        Column(title=_("Cơ quan"), width=3), Column(title=_("Báo cáo"), width=4), Column(title=_("Hạn"), width=1.6),
        Column(title=_("Còn thiếu"), width=6),
    ]  # fmt: skip
    rows = [
        Row(cells=[[one.office], [one.contract], [one.due], ["; ".join(one.counts)]]) for one in view.owed
    ]
    return [Table(title=_("Còn thiếu, ai gửi"), columns=columns, rows=rows)]


def _levels(view: ScorecardView) -> list[Block]:
    columns = [
        Column(title=_("Hạng"), width=0.9, is_number=True), Column(title=_("Trung tâm"), width=5),
        Column(title=view.volume_title, unit=writing.unit(view.volume_unit), width=1.8, is_number=True), Column(title=_("Đạt"), unit="%", width=1.3, is_number=True),
        Column(title=_("Điểm"), width=1.3, is_number=True), Column(title=_("Tính được"), width=1.3, is_number=True),
        Column(title=_("Kỳ trước"), unit="%", width=1.3, is_number=True),
    ]  # fmt: skip
    found: list[Block] = []
    for level in view.levels:
        rows = [
            Row(
                cells=[
                    [writing.number(one.rank, 0)], [one.name], [writing.number(one.volume, 0)], [writing.number(one.points.percent, 1)],
                    [writing.number(one.points.score if one.points.is_known else None)], [writing.number(one.points.covered)],
                    [writing.number(one.before.percent if one.before else None, 1)],
                ],
                note=one.no_rank,
            )
            for one in level.places
        ]  # fmt: skip
        said = _("%(n)d trong %(all)d trung tâm") % {"n": len(rows), "all": level.total}
        title = _("Xếp hạng %(level)s") % {"level": level.title.lower()}
        found.append(Table(title=title, columns=columns, rows=rows, told=f"{view.period} · {said}"))
    return found


def due_lines(told: Any, tile: d.DueListTile) -> list[Block]:
    """The most urgent open lines."""
    view = due_list.due_list(tile, told.look)
    if view.is_denied:
        told.denied += 1
        return [
            Table(
                title=view.title, columns=[], rows=[], empty=_("Người nhận chưa được cấp quyền xem số này.")
            )
        ]
    told.shown += 1
    columns = [
        *(Column(title=head, width=2.4) for head in view.heads), Column(title=view.of, width=3.4),
        Column(title=view.due_head, width=1.7), Column(title=_("Còn lại"), width=2.4),
    ]  # fmt: skip
    rows = [Row(cells=_cells(one)) for one in view.lines(0, MOST)]
    said = _("Tính đến %(day)s, theo danh sách %(lists)s") % {
        "day": f"{view.on:%d/%m/%Y}",
        "lists": "; ".join(view.lists),
    }
    if view.total > len(rows):
        said += " · " + _("%(n)d gấp nhất trong %(total)d") % {"n": len(rows), "total": view.total}
    empty = "" if rows else _("Không có dòng nào quá hạn hoặc sắp đến hạn.")
    if not view.lists:
        said, empty = "", _("Chưa công bố danh sách nào.")
    return [Table(title=view.title, columns=columns, rows=rows, told=said, empty=empty)]


def _cells(one: DueLine) -> list[list[Run]]:
    found: list[list[Run]] = [[cell] for cell in one.cells]
    return [*found, [one.group], [f"{one.due:%d/%m/%Y}"], [one.left_text]]
