"""Forty files as offices make them: each is understood exactly, or its cells are named with fault and remedy."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from haidang.engine.contracts.sheets.book import Book, Unreadable
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.sentences import REASONS
from haidang.engine.contracts.sheets.verdict import Cell, Level
from haidang.engine.contracts.tree import load_tree
from tests.sheets.draft import Draft
from tests.sheets.messy import FILES

CONTRACTS = {address: entry.thing for address, entry in load_tree().sheets.items()}


def examined(draft: Draft, path: Path) -> list[Cell]:
    draft.save(path)
    with Book(path) as book:
        return list(Examination(CONTRACTS[draft.contract], Period.parse(draft.period)).cells(book))


def same(got: object, meant: object) -> bool:
    if isinstance(meant, float) and isinstance(got, float):
        return math.isclose(got, meant, rel_tol=1e-12, abs_tol=1e-9)
    return got == meant


def test_there_are_forty_files():
    assert len(FILES) == len({draft.name for draft in FILES}) == 40


@pytest.mark.parametrize("draft", FILES, ids=lambda draft: draft.name)
def test_a_messy_file_is_understood_exactly_or_its_faults_are_named(draft: Draft, tmp_path: Path):
    path = tmp_path / "tep.xlsx"
    if draft.unreadable:
        with pytest.raises(Unreadable) as caught:
            examined(draft, path)
        assert caught.value.code == draft.unreadable
        return
    cells = [cell for cell in examined(draft, path) if cell.sheet == draft.sheet]
    by_address = {cell.address if cell.column >= 0 else f"row {cell.row}": cell for cell in cells}
    wrong = {
        where: (meant, by_address[where].value if where in by_address else "no such cell")
        for where, meant in draft.truth.items()
        if where not in by_address or not same(by_address[where].value, meant)
    }
    assert wrong == {}
    found = {
        where: [r.code for r in c.remarks if r.level is Level.FAULT]
        for where, c in by_address.items()
        if c.level is Level.FAULT
    }
    assert {where for where in found if where not in draft.faults} == set(), {
        w: (found[w], by_address[w].reason()) for w in found if w not in draft.faults
    }
    assert {where: code for where, code in draft.faults.items() if code not in found.get(where, ())} == {}
    for where, code in draft.warnings.items():
        assert code in [r.code for r in by_address[where].remarks], where


@pytest.mark.parametrize("draft", [d for d in FILES if not d.unreadable], ids=lambda draft: draft.name)
def test_every_cell_that_is_not_empty_has_one_fate_and_no_number_changes_without_a_word(
    draft: Draft, tmp_path: Path
):
    path = tmp_path / "tep.xlsx"
    cells = examined(draft, path)
    fates = {(cell.sheet, cell.address): cell for cell in cells if cell.column >= 0 and cell.raw is not None}
    told = [(c.sheet, c.address) for c in cells if c.raw is not None]
    assert len(told) == len(set(told))
    # Another library says what stands in the file.
    for sheet in openpyxl.load_workbook(path, data_only=True):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None or cell.value == "":
                    continue
                fate = fates[sheet.title, cell.coordinate]
                if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                    assert fate.raw == cell.value or isinstance(fate.raw, date)
                    if fate.fate == "value" and isinstance(fate.value, float) and fate.value != cell.value:
                        assert {"converted", "from_share"} & {r.code for r in fate.remarks}, fate
                    if fate.fate == "ignored":
                        assert fate.level is Level.WARNING
                elif isinstance(cell.value, str):
                    assert str(fate.raw) == cell.value


@pytest.mark.parametrize("draft", [d for d in FILES if d.faults], ids=lambda draft: draft.name)
def test_a_fault_names_its_cell_and_a_remedy_in_vietnamese(draft: Draft, tmp_path: Path):
    for cell in examined(draft, tmp_path / "tep.xlsx"):
        if cell.level is Level.FAULT:
            worst = max(cell.remarks, key=lambda remark: remark.level)
            place = cell.address if cell.column >= 0 else f"òng {cell.row}"
            assert place in cell.reason()
            assert "…" not in cell.reason().replace(str(cell.raw), ""), cell.reason()
            assert re.search("[ạ-ỹđêôơưáàã]", REASONS[worst.code].remedy_vi)
            assert place.lstrip("òng ") in cell.reason("en")


def test_the_sentence_of_a_slip_of_the_unit_is_the_one_of_the_design(tmp_path: Path):
    draft = next(d for d in FILES if "jump_unit" in d.faults.values())
    where = next(w for w, code in draft.faults.items() if code == "jump_unit")
    (cell,) = [
        c for c in examined(draft, tmp_path / "tep.xlsx") if c.address == where and c.sheet == draft.sheet
    ]
    assert re.match(rf"Ô {where}: [\d.,]+ (triệu|tỷ) đồng nhỏ hơn 1.000 lần kỳ trước", cell.reason())
    assert "có phải đơn vị là" in cell.reason()


def test_days_are_days_and_not_moments(tmp_path: Path):
    draft = next(d for d in FILES if d.contract == "services.dossiers")
    for cell in examined(draft, tmp_path / "tep.xlsx"):
        assert not isinstance(cell.value, datetime)
