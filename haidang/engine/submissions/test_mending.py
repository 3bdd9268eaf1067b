"""Mending in the grid: what was typed is kept, and becomes the next version of the office's own workbook."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from haidang.engine.connectors.arrival import Receipt
from haidang.engine.submissions import intake
from haidang.engine.submissions.conftest import Cast, sample
from haidang.engine.submissions.models import Cell, Edit, Submission
from haidang.engine.submissions.test_views import FAULTY, browser, read


def edit(client: Client, made: Submission, *cells: object) -> Any:
    return client.post(f"/so-lieu/{made.pk}/o/", {"sheet": "KTXH", "cells": json.dumps(cells)})


def judged_again(cast: Cast, made: Submission, monkeypatch: pytest.MonkeyPatch) -> Submission:
    """What becomes of the pending changes, without a wire."""
    bodies: list[bytes] = []
    of: list[int] = []

    def hand_in(body: bytes, *, mended_from: int, **_told: Any) -> Receipt:
        bodies.append(body)
        of.append(mended_from)
        return Receipt(seq=9, part=0, birth=1)

    monkeypatch.setattr(intake, "hand_in", hand_in)
    monkeypatch.setattr(intake, "wire_url", lambda: "nats://nowhere")
    answer = browser(cast.clerk).post(f"/so-lieu/{made.pk}/cham-lai/")
    assert answer["Location"] == "/so-lieu/gui/1.9.0/"
    return cast.take(bodies[0], mended_from=str(of[0]))


def test_a_cell_mended_in_the_grid_is_kept_and_makes_the_next_version(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cast.take(sample(**FAULTY))
    clerk = browser(cast.clerk)
    assert edit(clerk, made, [9, 5, "2600,5"]).json() == {"cells": [[9, 5, "2600,5"]]}
    told = Edit.objects.get()
    assert (told.was, told.text, told.person) == ("1.234", "2600,5", cast.clerk)
    page = read(clerk.get(f"/so-lieu/{made.pk}/"))
    assert "Chấm lại (1 ô sửa)" in page
    assert "đã sửa, chưa chấm lại" in page
    second = judged_again(cast, made, monkeypatch)
    assert (second.number, second.faults) == (2, 0)
    assert Cell.objects.get(submission=second, row=9, column=5).raw == 2600.5
    # The bytes of the second version do not tell that somebody typed it: the record does, from the cell.
    assert second.mended_before("KTXH", "F9") == [told]
    assert second.mended_before("KTXH", "F10") == made.mended_before("KTXH", "F9") == []
    # Mended once more it is made of both; a file that came from elsewhere is made of neither, also with the same number.
    edit(clerk, second, [9, 5, "9999"], [9, 5, "2700,5"])
    third = judged_again(cast, second, monkeypatch)
    assert [one.text for one in third.mended_before("KTXH", "F9")] == ["2600,5", "2700,5"]
    fourth = cast.take(sample(F9=2700.5))
    assert (fourth.number, fourth.mended_before("KTXH", "F9")) == (4, [])
    edit(clerk, fourth, [10, 5, "31,5"])
    fifth = judged_again(cast, fourth, monkeypatch)
    assert fifth.mended_before("KTXH", "F9") == []
    assert [one.text for one in fifth.mended_before("KTXH", "F10")] == ["31,5"]


def test_a_formula_without_a_result_is_cleared_in_the_grid_and_stops_nothing_among_the_notes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = load_workbook(io.BytesIO(sample()))
    notes = next(
        cell.column_letter for row in book.active.iter_rows() for cell in row if cell.value == "Ghi chú"
    )
    made = cast.take(sample(F9="=F10*2", **{f"{notes}9": '=A9&" ước"'}))
    faulty = Cell.objects.filter(submission=made, level=2)
    assert [(cell.row, cell.column, cell.remarks[0][1]) for cell in faulty] == [(9, 5, "formula_empty")]
    note = Cell.objects.get(submission=made, row=9, fate="note")
    assert (note.level, note.remarks[0][1]) == (0, "note_uncomputed")
    clerk = browser(cast.clerk)
    edit(clerk, made, [9, 5, ""], [note.row, note.column, ""])
    assert "Chấm lại (2 ô sửa)" in read(clerk.get(f"/so-lieu/{made.pk}/"))
    second = judged_again(cast, made, monkeypatch)
    cells = Cell.objects.filter(submission=second, row=9)
    assert not cells.filter(column=note.column).exists()
    assert cells.get(column=5).remarks[0][1] == "missing"


def test_what_was_pasted_below_and_beside_the_table_stands_in_the_grid_before_it_is_judged(
    cast: Cast,
) -> None:
    made = cast.take(sample())
    clerk = browser(cast.clerk)
    edit(clerk, made, [30, 1, "Khách quốc tế"], [30, 11, "12,5"])
    page = read(clerk.get(f"/so-lieu/{made.pk}/"))
    assert re.search(r'<td id="c-B30"[^>]*edited[^>]*><span class="v">Khách quốc tế</span>', page)
    assert re.search(r'<td id="c-L30"[^>]*edited[^>]*><span class="v">12,5</span>', page)
    assert '<th scope="col" role="columnheader"><b>L</b></th>' in page
    edit(clerk, made, [30, 1, ""], [30, 11, ""])
    assert "c-B30" not in read(clerk.get(f"/so-lieu/{made.pk}/"))


def test_what_may_not_be_mended_says_why(cast: Cast) -> None:
    made = cast.take(sample())
    clerk = browser(cast.clerk)
    assert edit(browser(cast.stranger), made, [9, 5, "1"]).status_code == 404
    assert clerk.post(f"/so-lieu/{made.pk}/o/", {"sheet": "KTXH", "cells": "x"}).status_code == 422
    for nowhere in ([-1, 5, "1"], [0, 5, "1"], [99_999_999, 5, "1"], [9, -1, "1"], [9, 16_384, "1"]):
        answer = edit(clerk, made, nowhere)
        assert answer.status_code == 422, nowhere
        assert f"Không có ô ở dòng {nowhere[0]}" in answer.json()["error"]
    assert not Edit.objects.exists()
    edit(clerk, made, [9, 5, "1\0"])
    assert Edit.objects.get().text == "1␀"
    Edit.objects.all().delete()
    edit(clerk, made, [9, 5, "1"])
    clerk.post(f"/so-lieu/{made.pk}/ky-gui/")
    made.refresh_from_db()
    assert made.state == "draft", "a change that was not judged cannot be signed"
    edit(clerk, made, [9, 5, str(Edit.objects.get().was)])
    clerk.post(f"/so-lieu/{made.pk}/ky-gui/")
    made.refresh_from_db()
    assert made.state == "submitted"
    late = edit(clerk, made, [9, 5, "2"])
    assert late.status_code == 422
    assert "đã ký gửi" in late.json()["error"]
