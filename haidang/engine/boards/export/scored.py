"""A scorecard and the lines close to their last day as sheets: real numbers, as the screen has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from haidang.engine.boards import writing
from haidang.engine.boards.export.heads import told
from haidang.engine.boards.export.shapes import Column, Sheet, Value
from haidang.engine.boards.statistics.due_list import DueLine, DueList
from haidang.engine.boards.statistics.score_shown import ScorecardTold, ScorecardView, written
from haidang.engine.boards.tiles import Look


def score_sheets(found: ScorecardTold, look: Look) -> Iterator[Sheet]:
    """Rows of points, the counts they rest on, and who stands where; nothing where there is no score."""
    view = found.view
    if view is None:
        return
    above = told(
        look, (_("Kỳ"), view.period), (_("Điểm"), written(view.total)), (_("Bản"), view.version),
        (_("Căn cứ"), view.basis), (_("Cơ quan"), view.owner),
    )  # fmt: skip
    yield Sheet(view.title, above, _point_columns(), _points(view))
    yield Sheet(_("%(title)s: số liệu") % {"title": view.title[:14]}, above, _count_columns(), _counts(view))
    if view.levels:
        title = _("%(title)s: xếp hạng") % {"title": view.title[:14]}
        yield Sheet(title, above, _place_columns(view), _places(view))


def _point_columns() -> list[Column]:
    return [
        Column(_("Nhóm"), width=30), Column(_("Mã"), width=8), Column(_("Tiêu chí"), width=44), Column(_("Tỷ lệ"), decimals=2),
        Column(_("Đơn vị"), width=12), Column(_("Ngưỡng đạt"), "%", 0, width=10), Column(_("Điểm"), decimals=2, width=10),
        Column(_("Tối đa"), decimals=2, width=10), Column(_("Điểm kỳ trước"), decimals=2), Column(_("Tình trạng"), width=34),
        Column(_("Còn thiếu"), width=40), Column(_("Ghi chú"), width=44),
    ]  # fmt: skip


def _points(view: ScorecardView) -> Iterator[Sequence[Value]]:
    for group in view.groups:
        for row in group.rows:
            note = ". ".join(filter(None, ["" if row.is_verified else _("chưa đối chiếu"), row.note]))
            yield [
                group.title, row.code, row.title, row.share, writing.unit(row.unit), row.threshold, row.points, row.of or None,
                row.before, row.status_word, row.lacking, note,
            ]  # fmt: skip
        before = group.before.score if group.before and group.before.is_known else None
        score = group.points.score if group.points.is_known else None
        said = _("tính được %(n)s điểm") % {"n": writing.number(group.points.covered)}
        yield [
            group.title,
            "",
            _("Cộng nhóm"),
            None,
            "",
            None,
            score,
            group.points.points,
            before,
            said,
            "",
            "",
        ]
    before = view.before.score if view.before and view.before.is_known else None
    score, total = (view.total.score if view.total.is_known else None), view.total.points
    yield [
        "",
        "",
        _("Tổng điểm"),
        None,
        "",
        None,
        score,
        total,
        before,
        written(view.total),
        "",
        "",
    ]


def _count_columns() -> list[Column]:
    return [
        Column(_("Mã"), width=8), Column(_("Tiêu chí"), width=44), Column(_("Số liệu"), width=50), Column(_("Giá trị"), decimals=1),
        Column(_("Đơn vị"), width=14),
    ]  # fmt: skip


def _counts(view: ScorecardView) -> Iterator[Sequence[Value]]:
    for group in view.groups:
        for row in group.rows:
            for one in row.counts:
                yield [row.code, row.title, one.title, one.value, writing.unit(one.unit)]


def _place_columns(view: ScorecardView) -> list[Column]:
    return [
        Column(_("Cấp"), width=12), Column(_("Hạng"), width=8, decimals=0), Column(_("Trung tâm"), width=40),
        Column(view.volume_title, writing.unit(view.volume_unit), 0, width=14), Column(_("Đạt"), "%", 2, width=10), Column(_("Điểm"), decimals=2, width=10),
        Column(_("Tính được"), decimals=2, width=12), Column(_("Kỳ trước"), "%", 2, width=12), Column(_("Ghi chú"), width=36),
    ]  # fmt: skip


def _places(view: ScorecardView) -> Iterator[Sequence[Value]]:
    for level in view.levels:
        for one in level.places:
            yield [
                level.title, one.rank, one.name, one.volume, one.points.percent, one.points.score if one.points.is_known else None,
                one.points.covered, one.before.percent if one.before else None, one.no_rank,
            ]  # fmt: skip


def due_sheet(view: DueList, look: Look) -> Sheet:
    """Every line, with its day as a day and what is left of it as a number."""
    if view.is_denied:
        return Sheet(view.title, told(look, (_("Ghi chú"), _("Bạn chưa được xem danh sách này."))), [], [])
    above = told(
        look,
        (_("Tính đến"), f"{view.on:%d/%m/%Y}"),
        (_("Theo danh sách"), "; ".join(view.lists) or writing.NONE),
    )
    columns = [
        *(Column(head, width=26) for head in view.heads), Column(view.of, width=40), Column(view.due_head, width=14),
        Column(_("Còn lại"), _("ngày làm việc"), 1), Column(_("Tình trạng"), width=26),
    ]  # fmt: skip
    rows = (_due_row(one) for one in view.lines())
    return Sheet(view.title, above, columns, rows)


def _due_row(one: DueLine) -> Sequence[Value]:
    return [*one.cells, one.group, one.due, one.left, one.left_text]
