"""An office's own list brings identity numbers and names beside what its contract asks for."""

from __future__ import annotations

import io

import pytest
from django.conf import LazySettings
from openpyxl import Workbook, load_workbook

from haidang.engine.audit.models import Act
from haidang.engine.contracts.sheets.verdict import Cell
from haidang.engine.contracts.tree import OURS
from haidang.engine.submissions.conftest import Cast, add_person
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.strays import Watch
from haidang.engine.submissions.test_views import browser

PAPERS = ["072088001234", 72088001235, "0720 8800 1236"]
NAMES = ["Nguyễn Văn Ẩn", "Trần Thị Kín", "Lê Văn Che"]


def watched(*columns: list[object], asked: int = 0) -> list[tuple[int, int, str]]:
    """Columns of one sheet from row 4 on; the first `asked` are the contract's."""
    watch = Watch()
    for column, cells in enumerate(columns):
        for row, raw in enumerate(cells, 4):
            watch.see(
                Cell(
                    "T1",
                    row,
                    column,
                    raw,
                    "value" if column < asked else "ignored",
                    field="x" if column < asked else "",
                )
            )
    return [(one.column, one.row, one.heading) for one in watch.found()]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["Số CCCD", *PAPERS], (1, 4, "Số CCCD")),
        (["Danh sách kèm theo", "Họ và tên người nộp", *NAMES], (1, 5, "Họ và tên người nộp")),
        (["072088001234", "072088001235"], (1, 0, "")),
        (["Mã", "072088001234", "072088001235", "072088001236"], (1, 4, "Mã")),
        (["Ghi chú", "đã kiểm tra", "chờ xác minh"], None),
        (["Số người", 1200, 3400], None),
        # A letterhead, and a signature with a number under it.
        (["Điện thoại: 0276.3822.345"], None),
    ],
)  # fmt: skip
def test_a_column_outside_the_contract_is_known_by_heading_or_shape(
    cells: list[object], found: tuple[int, int, str] | None
) -> None:
    assert watched(["STT", 1, 2, 3], cells, asked=1) == ([found] if found else [])


def test_what_the_contract_asks_for_is_the_contracts_to_say() -> None:
    assert watched(["Số CCCD", *PAPERS], asked=1) == []


@pytest.fixture
def handed_in(cast: Cast) -> Submission:
    book: Workbook = load_workbook(OURS / "economy/contracts/monthly.sample.xlsx")
    sheet = book.worksheets[0]
    right = sheet.max_column
    heading = next(row for row in range(1, 12) if sheet.cell(row, 1).value == "STT")
    for column, cells in ((right + 1, ["Số CCCD", *PAPERS]), (right + 2, ["Họ và tên người lập", *NAMES])):
        for row, value in enumerate(cells, heading):
            sheet.cell(row, column, value)
    book.save(kept := io.BytesIO())
    return cast.take(kept.getvalue())


@pytest.mark.django_db
def test_it_is_masked_until_somebody_says_why_he_looks(
    handed_in: Submission, cast: Cast, settings: LazySettings
) -> None:
    settings.HAIDANG_REQUIRE_TOTP = "nobody"
    assert [one[3] for one in handed_in.strays] == ["Số CCCD", "Họ và tên người lập"]
    secrets = ["072088001234", "72.088.001.235", "Văn Ẩn"]
    admin = add_person("admin", "administrator", None)
    for person in (cast.clerk, cast.head, cast.analyst, admin):
        page = browser(person).get(handed_in.get_absolute_url()).content.decode()
        assert "Số CCCD" in page
        assert not [one for one in secrets if one in page], person
    # Who may not look at personal data takes no file that holds some.
    assert browser(admin).get(f"/so-lieu/{handed_in.pk}/tep/").status_code in (403, 404)
    clear = browser(cast.clerk).post(f"/so-lieu/{handed_in.pk}/ca-nhan/", {"purpose": "correct"})
    assert [one for one in secrets if one in clear.content.decode()] == secrets
    (look,) = Act.objects.filter(verb="personal.reveal")
    assert "Số CCCD" in look.detail["field"]
