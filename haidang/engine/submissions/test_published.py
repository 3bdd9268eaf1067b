"""What a file repeats of other periods is compared with what is published of them."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from haidang.engine.contracts.sheets.comparative import DIFFERS
from haidang.engine.submissions import actions
from haidang.engine.submissions.conftest import Cast, Publish, sample
from haidang.engine.submissions.models import Cell, Submission
from haidang.engine.submissions.test_views import browser, read
from haidang.engine.submissions.wording import remark_words


def told(made: Submission) -> dict[str, str]:
    """Address → what is said of a cell that contradicts the record."""
    found = {}
    for cell in Cell.objects.filter(submission=made, level=1):
        shown = [one for one in cell.remarks if one[1] in DIFFERS]
        if shown:
            found[f"{'ABCDEFGHIJKL'[cell.column]}{cell.row}"] = remark_words(
                cell.sheet, cell.row, cell.column, shown[0]
            )
    return found


def months(first: int, last: int, value: float, year: int = 2026) -> dict[str, float]:
    return {f"{year}-{month:02}": value for month in range(first, last + 1)}


def test_last_month_told_otherwise_than_it_was_published_is_a_warning_at_its_cell(
    cast: Cast, publish: Publish
) -> None:
    publish("economy.retail", **{"2026-09": 17786.8})
    made = cast.take(sample())
    # E15: 17.896,8; H15 is right by the file's own last month, and wrong by the published one.
    assert told(made) == {
        "E15": "Ô E15: ghi 17.896,8 tỷ đồng là số của tháng 9/2026, nhưng số đã công bố là 17.786,8 tỷ đồng (lệch +110). "
        "Sửa ô theo số đã công bố; nếu số đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình.",
        "H15": "Ô H15: ghi 103,1% so với tháng 9/2026, nhưng tính trên số đã công bố (17.786,8 tỷ đồng) được 103,73% "
        "(lệch -0,63 điểm %). Sửa tỷ lệ; nếu số đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình.",
    }
    assert (made.state, made.faults) == ("draft", 0), "told, and not refused"


def test_what_agrees_to_its_last_digit_and_what_is_not_published_is_no_difference(
    cast: Cast, publish: Publish
) -> None:
    publish("economy.retail", **{"2026-09": 17896.84, "2025-10": 17004.9})
    publish("economy.firms", **{"2026-09": 298})
    made = cast.take(sample(E15=17897, I15="108,5", H19=104.7))
    assert told(made) == {}
    agreed = Cell.objects.get(submission=made, row=15, column=4)
    assert [code for _level, code, _args in agreed.remarks] == ["stated_agrees"]
    untold = Cell.objects.get(submission=made, row=16, column=4)
    assert untold.remarks == []


def test_a_count_that_is_one_more_than_published_is_told(cast: Cast, publish: Publish) -> None:
    publish("economy.firms", **{"2026-09": 299})
    assert set(told(cast.take(sample()))) == {"E19", "H19"}


def test_the_sum_since_january_is_that_of_the_published_months_and_this_one(
    cast: Cast, publish: Publish
) -> None:
    publish("economy.firms", **months(1, 8, 290) | {"2026-09": 298})
    found = told(cast.take(sample()))
    assert found == {
        "G19": "Ô G19: lũy kế ghi 2.950 doanh nghiệp, nhưng cộng số đã công bố từ tháng 1/2026 đến tháng 9/2026 với kỳ này "
        "được 2.930 doanh nghiệp (lệch +20). Sửa lũy kế; nếu một kỳ đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc "
        "giải trình.",
    }
    assert told(cast.take(sample(G19=2930))) == {}


def test_where_a_month_is_not_published_the_last_published_sum_counts(cast: Cast, publish: Publish) -> None:
    publish("economy.firms", **{"2026-09": 298})
    publish("economy.firms@cumulative", **{"2026-09": 2600})
    assert (
        "lũy kế đã công bố đến tháng 9/2026 cộng kỳ này được 2.912"
        in told(cast.take(sample(H19=None)))["G19"]
    )


def test_the_sum_of_rounded_months_may_be_off_by_their_rounding(cast: Cast, publish: Publish) -> None:
    publish("economy.export", **months(1, 9, 1252.2))
    right = sample(E16=1252.2, H16=104.6, G16=12580.4)
    assert told(cast.take(right)) == {}
    assert set(told(cast.take(sample(E16=1252.2, H16=104.6, G16=12583.4)))) == {"G16"}


def test_growth_is_read_as_a_change_or_as_an_index(cast: Cast, publish: Publish) -> None:
    publish("economy.retail", **{"2025-10": 17004.9})
    assert told(cast.take(sample(I15=8.5))) == {}
    assert told(cast.take(sample(I15=108.5))) == {}
    found = told(cast.take(sample(I15=10.5)))
    assert "ghi 10,5% so với tháng 10/2025" in found["I15"]
    assert "được 8,5% (lệch +2 điểm %)" in found["I15"]


def with_column(heading: str, row: int, value: object) -> bytes:
    """The sample with a column that its contract does not know."""
    book, out = load_workbook(io.BytesIO(sample())), io.BytesIO()
    sheet = book.active
    sheet["K4"], sheet.cell(row, 11).value = heading, value
    book.save(out)
    return out.getvalue()


def test_a_column_that_is_none_of_the_contract_is_known_by_its_heading(cast: Cast, publish: Publish) -> None:
    publish("economy.retail", **{"2025-10": 17004.9})
    made = cast.take(with_column("Thực hiện cùng kỳ năm 2025", 15, 17400.9))
    assert told(made) == {
        "K15": "Ô K15: ghi 17.400,9 tỷ đồng là số của tháng 10/2025, nhưng số đã công bố là 17.004,9 tỷ đồng (lệch +396). "
        "Sửa ô theo số đã công bố; nếu số đã công bố sai, gửi tệp đính chính của kỳ đó, hoặc giải trình."
    }
    good = cast.take(with_column("Thực hiện tháng 10/2025 (triệu đồng)", 15, 17004900))
    cell = Cell.objects.get(submission=good, row=15, column=10)
    assert ([code for _level, code, _args in cell.remarks], cell.level) == (["stated_agrees"], 0)
    unknown = cast.take(with_column("Thực hiện cùng kỳ năm 2025", 16, 1200.4))
    assert [
        code for _level, code, _args in Cell.objects.get(submission=unknown, row=16, column=10).remarks
    ] == ["unused_column"], "nothing is published of it: its heading asks"


def test_the_office_the_approver_and_the_returned_file_are_told(cast: Cast, publish: Publish) -> None:
    publish("economy.retail", **{"2026-09": 17786.8})
    made = cast.take(sample(H15=None))
    words = "nhưng số đã công bố là 17.786,8 tỷ đồng"
    clerk, head, home = browser(cast.clerk), browser(cast.head), f"/so-lieu/{made.pk}/"
    assert words in read(clerk.get(home))
    back = load_workbook(io.BytesIO(clerk.get(f"{home}tep-da-cham/").content))
    assert words in back["KTXH"]["E15"].comment.text
    (cell,) = actions.unexplained(made)
    actions.explain(submission=made, cell=cell, text="tháng 9 đang đính chính", by=cast.clerk)
    actions.sign(submission=made, by=cast.clerk)
    page = read(head.get(home))
    assert words in page
    assert "tháng 9 đang đính chính" in page
    assert "Duyệt và công bố" in page
