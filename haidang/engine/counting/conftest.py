"""The service centre and its lists of dossiers: handed in, signed by one person, approved and published by another."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from haidang.engine.places import register
from haidang.engine.places.models import Place
from haidang.engine.submissions import actions
from haidang.engine.submissions.conftest import Cast
from haidang.engine.submissions.conftest import cast as cast  # noqa: PLC0414 - the fixture of the stage before
from haidang.engine.submissions.models import Submission

FILES = "services.dossier_files"
HEADINGS = ["STT", "Mã hồ sơ", "Mã TTHC", "Người nộp", "Cơ quan xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả",
            "Hình thức nộp", "Trạng thái", "Phí, lệ phí", "Hình thức thanh toán"]  # fmt: skip
WARD, COMMUNE, DEPARTMENT = "UBND phường Tân Ninh", "UBND xã Tân Biên", "Sở Xây dựng"


def dossier(
    number: int, office: str, received: date, due: date, returned: date | None = None, **more: Any
) -> list[Any]:
    """One line; handed in at the counter, without a fee, and done once it is returned."""
    state = more.get("state", "Đã trả kết quả" if returned else "Đang xử lý")
    return [
        number, f"H80.01-{received:%y%m%d}-{number:04}", "1.009994", f"Người nộp {number}", office, received, due, returned,
        more.get("channel", "Trực tiếp"), state, more.get("fee", 0), more.get("payment"),
    ]  # fmt: skip


def body(lines: Sequence[Sequence[Any]]) -> bytes:
    book, kept = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.title = "DanhSach"
    for line in [HEADINGS, *lines]:
        book.active.append(list(line))
    book.save(kept)
    return kept.getvalue()


Publish = Callable[..., Submission]


@pytest.fixture
def publish(register_once: None, cast: Cast) -> Publish:
    """`publish("2026-11", lines)`: one list of a month, as the centre hands it in, published."""
    register.ensure_loaded()
    cast.office.place = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
    cast.office.save()

    def made(period: str, lines: Sequence[Sequence[Any]], asked: int = 0) -> Submission:
        found = cast.take(body(lines), source=FILES, period=period, name=f"{period} ho so.xlsx")
        assert (found.state, found.faults, found.warnings) == ("draft", 0, asked), list(
            found.judged.filter(level__gt=0).values_list("row", "column", "raw", "remarks")
        )
        for cell in actions.unexplained(found):
            actions.explain(submission=found, cell=cell, text="chưa biết", by=cast.clerk)
        actions.sign(submission=found, by=cast.clerk)
        actions.approve(submission=found, by=cast.head)
        actions.publish(submission=found, by=cast.head)
        found.refresh_from_db()
        return found

    return made
