"""Which warnings an office has answered: what was said before a warning was there speaks of another one."""

from __future__ import annotations

from haidang.engine.submissions.models import Cell, Submission


def unexplained(submission: Submission) -> list[Cell]:
    """Cells with a warning about which the office has said nothing yet."""
    said = {
        (sheet, row, column): at
        for sheet, row, column, at in submission.explanations.order_by("at").values_list(
            "sheet", "row", "column", "at"
        )
    }
    found = []
    for cell in Cell.objects.filter(submission=submission, level=1).order_by("sheet", "row", "column"):
        at = said.get((cell.sheet, cell.row, cell.column))
        since = cell.warned_since
        if at is None or (since is not None and at < since):
            found.append(cell)
    return found
