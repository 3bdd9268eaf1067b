"""Growth of shares, and lines of facilities: compared where it can be done exactly, and said where it cannot."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import msgspec
import pytest
from django.db import transaction
from openpyxl import load_workbook

from haidang.engine.contracts.sheets.book import Book
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.verdict import Cell as Judged
from haidang.engine.indicators import periods, publishing
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.places.models import Place
from haidang.engine.store import epochs
from haidang.engine.submissions import published
from haidang.engine.submissions.conftest import Cast, Publish, content, sample
from haidang.engine.submissions.models import Cell, Submission
from haidang.engine.submissions.test_published import told, with_column
from haidang.engine.submissions.wording import remark_words

IIP = 6


def test_points_of_a_share_are_the_difference_of_what_is_published(cast: Cast, publish: Publish) -> None:
    publish("economy.iip", **{"2026-09": 103.3})
    right = cast.take(with_column("Tăng so với tháng trước (điểm %)", IIP, 1.0))
    assert told(right) == {}
    made = cast.take(with_column("Tăng so với tháng trước (điểm %)", IIP, 1.6))
    assert told(made) == {
        "K6": "Ô K6: ghi 1,6 điểm % so với tháng 9/2026, nhưng tính trên số đã công bố (103,3%) được 1 điểm % (lệch +0,6). "
        "Sửa mức chênh; nếu số đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình."
    }


def test_the_growth_of_a_share_in_percent_is_not_compared_and_says_so(cast: Cast, publish: Publish) -> None:
    publish("economy.iip", **{"2026-09": 103.3})
    made = cast.take(sample())
    assert told(made) == {}
    cell = Cell.objects.get(submission=made, row=IIP, column=7)
    (remark,) = [one for one in cell.remarks if one[1] == "not_compared"]
    assert "không so với tháng 9/2026" in remark_words(cell.sheet, cell.row, cell.column, remark)
    assert cell.level == 0


CARE, LINE = "health.facilities", "Bệnh viện Đa khoa Tây Ninh"


def care(path: Path, before: dict[int, object]) -> Path:
    """The sample with a column of the last month."""
    book, out = load_workbook(io.BytesIO(sample(CARE))), io.BytesIO()
    sheet = book.active
    sheet["L4"] = "Lượt khám tháng trước"
    for row, value in before.items():
        sheet[f"L{row}"] = value
    book.save(out)
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize("kept", [True, False])
def test_a_line_of_a_facility_is_compared_with_the_same_line_of_the_last_file(
    cast: Cast, tmp_path: Path, kept: bool
) -> None:
    cast.office.place = Place.objects.create(
        code="97", level="province", kind="province", name="Tỉnh Thử", folded="tinh thu", sort_key=b"97",
        valid_from_date=date(2025, 7, 1),
    )  # fmt: skip
    cast.office.save()
    contract = content().sheets[CARE].thing
    visits = contract.columns["visits"]
    before = msgspec.structs.replace(
        visits, title=msgspec.structs.replace(visits.title, vi="Lượt khám tháng trước"), aliases=[], required=False,
        jump=None,
    )  # fmt: skip
    contract = msgspec.structs.replace(
        contract,
        columns={
            **contract.columns,
            "visits": msgspec.structs.replace(visits, previous="visits_before"),
            "visits_before": before,
        },
    )
    lines = [[LINE.upper(), "C8", 33000.0], ["Bệnh viện Đa khoa Long An", "C9", 38000.0]]
    detail = {
        "kind": "summed",
        "submission": 0,
        "sheet": "T9",
        "cell": "C8:C9",
        "lines": lines if kept else [],
    }
    end = periods.end_of(Period.parse("2026-09"))
    with transaction.atomic():
        stated = publishing.Stated("health.visits", cast.office.place_id, end, 71000.0, detail)
        publishing.publish(load_catalogue(), [stated], epochs.take("test"))
    row = Submission(contract=CARE, period="2026-10", office=cast.office)
    beside = published.beside(row, contract, load_catalogue())
    path = care(tmp_path / "kcb.xlsx", {8: 33100, 9: 38000, 10: 5})
    with Book(path) as book:
        examination = Examination(contract, Period.parse("2026-10"), published=beside)
        cells = {cell.address: cell for cell in examination.cells(book)}

    def codes(cell: Judged) -> set[str]:
        return {one.code for one in cell.remarks}

    if not kept:
        assert "line_not_kept" in codes(cells["L8"])
        return
    assert "số đã công bố là 33.000 lượt (lệch +100)" in cells["L8"].reason()
    assert "stated_agrees" in codes(cells["L9"])
    assert not codes(cells["L10"]) & {"stated_agrees", "stated_differs"}, "no such line last month"
