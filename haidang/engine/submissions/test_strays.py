"""An office's own list brings identity numbers and names beside what its contract asks for."""

from __future__ import annotations

import io

import pytest
from django.conf import LazySettings
from django.test import Client
from openpyxl import Workbook, load_workbook

from haidang.engine.audit.models import Act
from haidang.engine.contracts.sheets.verdict import Cell
from haidang.engine.contracts.tree import OURS
from haidang.engine.submissions.conftest import Cast, add_person, sample
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
        (["Mã số", 72088001234, 79201001235], (1, 4, "Mã số")),
        # However far down they begin.
        (["Ghi chú", *["–"] * 200, *PAPERS], (1, 204, "–")),
        ([*["dòng"] * 15, "Họ và tên", *NAMES], (1, 19, "Họ và tên")),
        (["Ghi chú", "đã kiểm tra", "chờ xác minh"], None),
        (["Số người", 1200, 3400], None),
        (["Vốn (đồng)", 79_201_000_000, 35_400_000_000], None),
        # A letterhead, and a signature with a number under it.
        (["Điện thoại: 0276.3822.345", "Đơn vị tính: người", "Ghi chú"], None),
        (["Địa chỉ: 12 CMT8", "Đơn vị tính: người", "Ghi chú"], None),
        (["Điện thoại", "0276.3822.345"], None),
    ],
)  # fmt: skip
def test_a_column_outside_the_contract_is_known_by_heading_or_shape(
    cells: list[object], found: tuple[int, int, str] | None
) -> None:
    assert watched(["STT", 1, 2, 3], cells, asked=1) == ([found] if found else [])


def test_what_the_contract_asks_for_is_the_contracts_to_say() -> None:
    assert watched(["Số CCCD", *PAPERS], asked=1) == []


def with_persons(*, is_below: bool = False) -> bytes:
    """The monthly report with a list of persons to the right of its table, or below it in the table's own columns."""
    book: Workbook = load_workbook(OURS / "economy/contracts/monthly.sample.xlsx")
    sheet = book.worksheets[0]
    heading = next(row for row in range(1, 12) if sheet.cell(row, 1).value == "STT")
    row, column = (sheet.max_row + 2, 2) if is_below else (heading, sheet.max_column + 1)
    for beside, cells in enumerate((["Số CCCD", *PAPERS], ["Họ và tên người lập", *NAMES])):
        for below, value in enumerate(cells):
            sheet.cell(row + below, column + beside, value)
    book.save(kept := io.BytesIO())
    return kept.getvalue()


@pytest.fixture
def handed_in(cast: Cast) -> Submission:
    return cast.take(with_persons())


@pytest.fixture
def admin(cast: Cast, settings: LazySettings) -> Client:
    """Sees every version, and persons of none."""
    settings.HAIDANG_REQUIRE_TOTP = "nobody"
    return browser(add_person("admin", "administrator", None))


@pytest.mark.django_db
def test_a_file_nobody_has_looked_into_is_closed_and_what_was_judged_before_is_masked(
    handed_in: Submission, cast: Cast, admin: Client
) -> None:
    unread = cast.take(with_persons(), period="", name="bao cao.xlsx")
    assert (unread.state, unread.strays) == ("unreadable", None)
    assert admin.get(f"/so-lieu/{unread.pk}/tep/").status_code in (403, 404)
    # As a version stands that was judged before anybody looked for persons.
    Submission.objects.filter(pk=handed_in.pk).update(strays=None)
    assert admin.get(f"/so-lieu/{handed_in.pk}/tep/").status_code in (403, 404)
    page = admin.get(handed_in.get_absolute_url()).content.decode()
    assert "072088001234" not in page
    assert "Văn Ẩn" not in page


@pytest.mark.django_db
def test_a_list_of_persons_below_the_table_is_seen_too(cast: Cast, admin: Client) -> None:
    made = cast.take(with_persons(is_below=True))
    assert [one[3] for one in made.strays or []] == ["Số CCCD", "Họ và tên người lập"]
    page = admin.get(made.get_absolute_url()).content.decode()
    assert "072088001234" not in page
    assert "Văn Ẩn" not in page
    # The table above is read as ever.
    assert "Tổng thu ngân sách nhà nước" in page


@pytest.mark.django_db
def test_a_clean_file_is_open(cast: Cast, admin: Client) -> None:
    made = cast.take(sample())
    assert made.strays == []
    assert admin.get(f"/so-lieu/{made.pk}/tep/").status_code == 200


@pytest.mark.django_db
def test_it_is_masked_until_somebody_says_why_he_looks(
    handed_in: Submission, cast: Cast, admin: Client
) -> None:
    assert [one[3] for one in handed_in.strays] == ["Số CCCD", "Họ và tên người lập"]
    secrets = ["072088001234", "72.088.001.235", "Văn Ẩn"]
    for client in (browser(cast.clerk), browser(cast.head), browser(cast.analyst), admin):
        page = client.get(handed_in.get_absolute_url()).content.decode()
        assert "Số CCCD" in page
        assert not [one for one in secrets if one in page]
    # Who may not look at personal data takes no file that holds some.
    assert admin.get(f"/so-lieu/{handed_in.pk}/tep/").status_code in (403, 404)
    clear = browser(cast.clerk).post(f"/so-lieu/{handed_in.pk}/ca-nhan/", {"purpose": "correct"})
    assert [one for one in secrets if one in clear.content.decode()] == secrets
    (look,) = Act.objects.filter(verb="personal.reveal")
    assert "Số CCCD" in look.detail["field"]
