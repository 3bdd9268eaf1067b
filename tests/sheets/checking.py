"""What is asked of every file that is laid out in memory: each cell is what was written down for it, and has a fate."""

from __future__ import annotations

import pytest

from haidang.engine.contracts.sheets.book import Unreadable
from haidang.engine.contracts.sheets.sentences import said
from haidang.engine.contracts.sheets.verdict import Level
from tests.sheets.held import HeldBook, examined
from tests.sheets.test_layouts import CONTRACTS, Laid


def is_as_meant(laid: Laid) -> None:
    book = HeldBook(laid.rows, laid.merges)
    if laid.refused:
        with pytest.raises(Unreadable) as caught:
            examined(CONTRACTS[laid.contract], book)
        assert caught.value.code == laid.refused
        assert "trang “Biểu”" in said(caught.value.code, caught.value.arguments)
        return
    examination, cells = examined(CONTRACTS[laid.contract], book)
    meant = {cell.address: cell for cell in cells}
    assert {where: meant[where].value for where in laid.means} == laid.means
    for level, wanted in ((Level.FAULT, laid.faults), (Level.WARNING, laid.warnings)):
        found = {
            cell.address if cell.column >= 0 else "": next(r.code for r in cell.remarks if r.level is level)
            for cell in cells
            if cell.level is level and "item_missing" not in {r.code for r in cell.remarks}
        }
        assert found == wanted, [cell.reason() for cell in cells if cell.level]
    totals = {c.address for c in cells if c.fate == "total" and isinstance(c.raw, float | int) and c.field}
    assert totals == set(laid.totals.split())
    assert examination.records == laid.records


def has_a_fate_for_every_number(laid: Laid) -> None:
    _, cells = examined(CONTRACTS[laid.contract], HeldBook(laid.rows, laid.merges))
    there = [(cell.row, cell.column) for cell in cells if cell.raw is not None]
    assert len(there) == len(set(there))
    assert {(r, c) for r, row in enumerate(laid.rows, 1) for c, v in enumerate(row) if v is not None} == set(
        there
    )
    for cell in cells:
        told = {remark.code for remark in cell.remarks}
        if isinstance(cell.raw, float) and isinstance(cell.value, float) and cell.raw != cell.value:
            assert {"converted", "from_share"} & told, cell
        if isinstance(cell.raw, float) and cell.value is None and cell.field:
            assert told, cell
        if cell.level is Level.FAULT and cell.column >= 0:
            assert cell.address in cell.reason()
            assert cell.address in cell.reason("en")
