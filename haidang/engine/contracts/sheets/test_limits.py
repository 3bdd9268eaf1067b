"""What a cell may not exceed: its whole, today; and cells that some lines must have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from haidang.engine import clock
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.tree import load_tree
from tests.sheets.held import HeldBook, examined

CONTRACTS = {address: entry.thing for address, entry in load_tree().sheets.items()}
OFFICES = [
    "Cơ quan",
    "Văn bản đến",
    "Văn bản đi",
    "VB ký số",
    "Đã xử lý",
    "Đúng hạn",
    "Quá hạn",
    "Đang xử lý",
    "Tồn quá hạn",
    "Tổng số ngày xử lý",
]
DOSSIERS = [
    "Mã hồ sơ",
    "Mã TTHC",
    "Cơ quan xử lý",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày trả",
    "Hình thức nộp",
    "Trạng thái",
]
HANDLING = ["Nội dung", "Đơn vị tính", "Số hồ sơ trong tháng"]


@pytest.fixture(autouse=True)
def _early_in_november() -> Iterator[None]:
    clock.set_source(datetime(2026, 11, 3, 2, tzinfo=UTC).timestamp)
    yield
    clock.set_source(None)


def said(contract: SheetContract, *rows: list[Any]) -> dict[str, tuple[str, str]]:
    """Where something is wrong: how much, and what."""
    _, cells = examined(contract, HeldBook(list(rows)))
    return {cell.address: (str(cell.level), cell.remarks[-1].code) for cell in cells if cell.level}


@pytest.mark.parametrize(
    ("received", "due", "returned", "state", "found"),
    [
        ("21/10/2026", "28/10/2026", "27/10/2026", "Đã trả", {}),
        ("21/10/2016", "28/10/2026", "27/10/2026", "Đã trả", {"D2": "long_before"}),
        ("21/10/2025", "28/10/2026", "", "Đang xử lý", {"D2": "long_before"}),
        ("21/10/2024", "28/10/2024", "27/10/2026", "Đã trả", {"D2": "long_before"}),
        ("21/10/2024", "28/10/2024", "", "Đang xử lý", {}),  # still open, and long overdue
        ("21/10/2026", "28/10/2026", "27/10/2026", "Đang xử lý", {"F2": "empty_when"}),
        ("21/10/2026", "28/10/2026", "27/10/2026", "Chờ bổ sung", {"F2": "empty_when"}),
        ("21/10/2026", "28/10/2026", "27/10/2026", "Trả lại", {}),
    ],
)
def test_days_that_hardly_can_be_are_asked_about(received, due, returned, state, found):
    line = ["H61.25-261021-0123", "1.001234", "Sở Y tế", received, due, returned, "Trực tuyến", state]
    asked = said(CONTRACTS["services.dossiers"], DOSSIERS, line)
    assert asked == {where: ("cảnh báo", code) for where, code in found.items()}


@pytest.mark.parametrize(("lines", "later", "asked"), [(2000, 0, True), (2001, 0, True), (2001, 1, False), (4000, 0, True), (4000, 1, False)])  # fmt: skip
def test_a_long_list_is_asked_for_the_days_of_its_period_too(lines: int, later: int, asked: bool) -> None:
    """The heading is told with the last line: it is kept until none can be in the period."""
    rows = [
        [f"H61.25-260921-{n:04}", "1.001234", "Sở Y tế", "21/10/2026" if n > lines - later else "21/09/2026", "28/10/2026", None, "Trực tuyến", "Đang xử lý"]
        for n in range(1, lines + 1)
    ]  # fmt: skip
    examination, cells = examined(CONTRACTS["services.dossiers"], HeldBook([DOSSIERS, *rows]))
    headings = [cell for cell in cells if cell.row == 1 and cell.column >= 0]
    assert examination.records == lines
    assert len(headings) == len({cell.address for cell in headings}) == len(DOSSIERS)
    told = {
        cell.address: [r.args["first"] for r in cell.remarks if r.level] for cell in headings if cell.level
    }
    assert told == ({"D1": ["21/09/2026"]} if asked else {})


@pytest.mark.parametrize(("month", "found"), [("09", {"D1": "no_day_of_period"}), ("10", {})])
def test_a_list_without_a_day_of_its_period_is_asked_about(month: str, found: dict[str, str]) -> None:
    lines = [
        [f"H61.25-26{month}21-012{n}", "1.001234", "Sở Y tế", f"{day}/{month}/2026", f"2{n}/{month}/2026", f"1{n}/{month}/2026", "Trực tuyến", "Đã trả"]
        for n, day in enumerate(["01", "02", "03"], 1)
    ]  # fmt: skip
    asked = said(CONTRACTS["services.dossiers"], DOSSIERS, *lines)
    assert asked == {where: ("cảnh báo", code) for where, code in found.items()}


def office(**more: Any) -> list[Any]:
    line = {
        "name": "Sở Y tế",
        "in": 50,
        "out": 41,
        "signed": 40,
        "handled": 45,
        "on_time": 40,
        "late": 5,
        "waiting": 5,
        "waiting_late": 1,
        "days": 90,
    }  # i18n: data – a line of a file
    return list((line | more).values())


def dossier(received: Any, due: Any, returned: Any, state: str) -> list[Any]:
    return ["H61.25-261021-0123", "1.001234", "Sở Y tế", received, due, returned, "Trực tuyến", state]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (office(), {}),
        (office(signed=41, waiting_late=5), {}),
        (office(signed=43), {"D2": ("lỗi", "above_whole")}),
        (office(waiting_late=6), {"I2": ("lỗi", "above_whole")}),
        # Of a cell that is at fault itself nothing more is said, nor of the other by it.
        (office(out=-1), {"C2": ("lỗi", "out_of_range")}),
    ],
)
def test_a_part_is_not_larger_than_its_whole(line: list[Any], expected: dict[str, tuple[str, str]]) -> None:
    assert said(CONTRACTS["documents.offices"], OFFICES, line) == expected


def test_both_cells_and_what_to_do_are_named() -> None:
    _, cells = examined(CONTRACTS["documents.offices"], HeldBook([OFFICES, office(signed=43)]))
    (cell,) = [one for one in cells if one.level]
    assert "Ô D2: Văn bản đi được ký số 43 lớn hơn Văn bản đi 41 (ô C2)." in cell.reason()
    assert "đổi chỗ" in cell.reason()
    assert "is more than Văn bản đi 41 (cell C2)" in cell.reason("en")


def test_households_are_compared_with_people_though_they_are_counted_in_other_units() -> None:
    heads = ["Xã, phường", "Dân số", "Số hộ", "Diện tích (km2)"]
    swapped = said(CONTRACTS["population.people"], heads, ["Tân Ninh", 12_139, 42_945, 30.5])
    assert swapped == {"C2": ("lỗi", "above_whole")}


def test_units_are_converted_before_two_cells_are_compared() -> None:
    contract = of_columns(
        whole={"type": "number", "unit": "triệu đồng"},
        own={"type": "number", "unit": "triệu đồng", "at_most": "whole"},
    )
    heads = ["name", "whole (tỷ đồng)", "own (triệu đồng)"]
    assert said(contract, heads, ["a", 1.1, 1100], ["b", 1.1, 1101]) == {"C3": ("lỗi", "above_whole")}


def test_more_deaths_than_cases_are_asked_about() -> None:
    heads = ["Bệnh", "Số mắc trong tuần", "Tử vong trong tuần"]
    found = said(CONTRACTS["health.epidemics"], heads, ["Dại", 1, 2], ["Sởi", 4, 0])
    assert {at: one for at, one in found.items() if one[1] != "item_missing"} == {
        "C2": ("cảnh báo", "above_asked")
    }


@pytest.mark.parametrize(
    ("occupancy", "expected"),
    [
        (73.3, {}),
        (73, {}),
        ("73,33%", {}),
        (10, {"H2": ("cảnh báo", "share_differs")}),
        (74, {"H2": ("cảnh báo", "share_differs")}),
        (301, {"H2": ("lỗi", "out_of_range")}),
    ],
)
def test_a_share_is_that_of_its_two_numbers(occupancy: Any, expected: dict[str, tuple[str, str]]) -> None:
    heads = ["Cơ sở y tế", "Lượt khám bệnh", "Lượt khám bảo hiểm y tế", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Công suất sử dụng giường", "Lượt chuyển tuyến"]  # fmt: skip
    line = ["Bệnh viện A", 1200, 1100, 300, 2200, 100, 3000, occupancy, 5]
    assert said(CONTRACTS["health.facilities"], heads, line) == expected


@pytest.mark.parametrize(("online", "expected"), [(90, {}), (100, {}), (101, {"C4": ("lỗi", "above_whole")})])
def test_a_line_is_not_larger_than_the_one_it_is_a_part_of(online: int, expected: dict[str, Any]) -> None:
    rows = [
        ["Hồ sơ tiếp nhận", "hồ sơ", 100],
        ["Hồ sơ đã trả kết quả", "hồ sơ", 120],
        ["Hồ sơ nộp trực tuyến", "hồ sơ", online],
    ]
    assert said(CONTRACTS["services.handling"], HANDLING, *rows) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (dossier(date(2026, 11, 3), date(2026, 12, 9), None, "Đang xử lý"), {}),
        # Of a month before, and still open then.
        (dossier(date(2026, 8, 3), date(2026, 8, 9), date(2026, 11, 2), "Đã trả kết quả"), {}),
        (dossier(date(2026, 11, 4), date(2026, 12, 9), None, "Đang xử lý"), {"D2": ("lỗi", "in_future")}),
        (dossier("21/10/2026", "28/10/2026", "15/12/2026", "Đang xử lý"), {"F2": ("lỗi", "in_future")}),
        (dossier("21/10/2026", "28/10/2026", None, "Đã trả kết quả"), {"F2": ("cảnh báo", "needed_when")}),
        (dossier("21/10/2026", "28/10/2026", "-", "Đã trả"), {"F2": ("cảnh báo", "needed_when")}),
        (dossier("21/10/2026", "28/10/2026", "hôm kia", "Đã trả"), {"F2": ("lỗi", "not_a_day")}),
    ],
)
def test_what_has_happened_has_a_day_and_that_is_not_in_the_future(
    line: list[Any], expected: dict[str, tuple[str, str]]
) -> None:
    assert said(CONTRACTS["services.dossiers"], DOSSIERS, line) == expected


def of_columns(**columns: dict[str, Any]) -> SheetContract:
    made = {"name": {"type": "text"}} | columns
    body = {
        "title": {"vi": "Bảng"}, "kind": "sheet", "period": "month",
        "columns": {name: {"title": {"vi": name}} | column for name, column in made.items()},
    }  # fmt: skip
    return msgspec.convert(body, SheetContract)


CHOICES = {"type": "choice", "choices": {"done": {"title": {"vi": "Xong"}}}}


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"own": {"type": "whole", "at_most": "whole"}}, "no column whole"),
        ({"own": {"type": "whole", "at_most": "own"}}, "never above itself"),
        ({"own": {"type": "whole", "at_most": "name"}}, "name is of type text"),
        ({"own": {"type": "text", "asked_above": "whole"}, "whole": {"type": "whole"}}, "own is of type text"),
        ({"own": {"type": "number", "unit": "ha", "at_most": "whole"}, "whole": {"type": "number", "unit": "km²"}}, "own is in ha, whole in km²"),
        ({"own": {"type": "whole", "unit": "đồng", "at_most": "whole"}, "whole": {"type": "whole", "unit": "nghìn đồng"}}, "whole in nghìn đồng"),
        ({"own": {"type": "whole", "unit": "hộ", "at_most": "whole"}, "whole": {"type": "whole", "unit": "nghìn người"}}, "whole in nghìn người"),
        ({"own": {"type": "text", "not_after": "now"}}, "only a column of type date"),
        ({"own": {"type": "percent", "share_of": ["name", "whole"]}, "whole": {"type": "whole"}}, "no column of numbers name"),
        ({"own": {"type": "percent", "share_of": ["whole"]}, "whole": {"type": "whole"}}, "[part, whole]"),
        ({"own": {"type": "date", "needed_when": {"column": "state", "one_of": ["done"]}}}, "no column state"),
        ({"own": {"type": "date", "needed_when": {"column": "state", "one_of": ["open"]}}, "state": CHOICES}, "state has no choice open"),
        ({"own": {"type": "text", "of_period": True}}, "chỉ cột kiểu date có of_period"),
        ({"own": {"type": "text", "asked_before": {"columns": ["day"], "days": 9}}, "day": {"type": "date"}}, "only a column of type date has asked_before"),
        ({"own": {"type": "date", "asked_before": {"columns": ["name"], "days": 9}}}, "no column of days name"),
        ({"own": {"type": "date", "empty_when": {"column": "state", "one_of": ["open"]}}, "state": CHOICES}, "state has no choice open"),
        ({"own": {"type": "date", "required": True, "needed_when": {"column": "state", "one_of": ["done"]}}, "state": CHOICES}, "needed in every line"),
    ],
)  # fmt: skip
def test_a_contract_that_cannot_be_meant_is_named(columns: dict[str, dict[str, Any]], words: str) -> None:
    ((keys, message),) = of_columns(**columns).faults()
    assert keys[:2] == ("columns", "own")
    assert words in message


def test_a_line_that_is_a_part_of_no_line_is_named() -> None:
    contract = msgspec.structs.replace(
        CONTRACTS["services.handling"],
        items={
            "online": msgspec.structs.replace(CONTRACTS["services.handling"].items["online"], at_most="sent")
        },
    )
    ((keys, message),) = contract.faults()
    assert keys == ("items", "online", "at_most")
    assert "no item sent" in message


def test_only_a_year_is_a_school_year() -> None:
    contract = msgspec.structs.replace(of_columns(), school_year="ends")
    ((keys, message),) = contract.faults()
    assert keys == ("school_year",)
    assert "this one is month" in message
