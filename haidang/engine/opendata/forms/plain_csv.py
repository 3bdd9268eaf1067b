"""`data.csv`: one line for each figure. What the columns mean is in COLUMNS, which `datapackage.json` repeats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from haidang.engine.boards.writing import BARE
from haidang.engine.contracts.reading import Text
from haidang.engine.opendata.datasets import Dataset
from haidang.engine.opendata.editions import written
from haidang.engine.opendata.forms.cells import number, record, text
from haidang.engine.opendata.rows import Line

MARK = "\ufeff"


class Column(NamedTuple):
    """`type` and `format` as Table Schema names them."""

    name: str
    type: str
    title: Text
    about: Text
    format: str = "default"


COLUMNS = [
    Column("indicator", "string", Text("Chỉ tiêu", "Indicator"), Text("Mã của bộ dữ liệu", "Code of the data set")),
    Column("period", "string", Text("Kỳ", "Period"), Text("Như 2026, 2026-Q4, 2026-10 hoặc 2026-W47 (tuần ISO)", "Such as 2026, 2026-Q4, 2026-10 or 2026-W47 (ISO week)")),
    Column("period_start", "date", Text("Ngày đầu kỳ", "First day"), Text("Ngày đầu tiên của kỳ", "First day of the period"), "%Y-%m-%d"),
    Column("period_end", "date", Text("Ngày cuối kỳ", "Last day"), Text("Ngày cuối cùng của kỳ", "Last day of the period"), "%Y-%m-%d"),
    Column("place_code", "string", Text("Mã đơn vị hành chính", "Code of the unit"), Text("Mã của danh mục đơn vị hành chính; đơn vị đã giải thể mang thêm ngày hết hiệu lực, như 72@2025-06-30", "Official code; a unit that is no more carries its last day, such as 72@2025-06-30")),
    Column("place_name", "string", Text("Đơn vị hành chính", "Administrative unit"), Text("Tên tiếng Việt kèm loại đơn vị", "Vietnamese name with the kind of unit")),
    Column("place_level", "string", Text("Cấp", "Level"), Text("province: tỉnh, thành phố; district: huyện (đến 30/06/2025); commune: xã, phường, đặc khu", "province; district (until 30/06/2025); commune")),
    Column("value", "number", Text("Giá trị", "Value"), Text("Dấu thập phân là dấu chấm; trống khi không có hoặc không công bố", "With a decimal point; empty where there is none, or where it is withheld")),
    Column("unit", "string", Text("Đơn vị tính", "Unit"), Text("Trống khi là số không có đơn vị", "Empty for a number without a unit")),
    Column("status", "string", Text("Tình trạng", "Status"), Text("ok: đã công bố; missing: chưa có số; withheld: không công bố vì số quá nhỏ hoặc để không suy ra số quá nhỏ", "ok: published; missing: there is none; withheld: too small, or it would give a small one away")),
    Column("revision", "integer", Text("Lần công bố", "Revision"), Text("1 là lần đầu; mỗi lần đính chính giá trị thêm 1", "1 is the first value; one more with each correction")),
    Column("published_at", "datetime", Text("Biết từ lúc", "Known from"), Text("Lúc giá trị này được công bố (UTC)", "When this value was published (UTC)"), "any"),
    Column("epoch", "integer", Text("Phiên ghi", "Epoch"), Text("Số thứ tự của lần ghi đã công bố giá trị này", "Number of the commit that published this value")),
]  # fmt: skip


def head() -> str:
    return MARK + record(column.name for column in COLUMNS)


def write(dataset: Dataset, lines: Iterable[Line]) -> Iterator[str]:
    """The file, line by line."""
    yield head()
    unit = text(unit_text(dataset.statistic.unit))
    for line in lines:
        yield record(
            [
                dataset.address, line.period.code, line.first_day.isoformat(), line.period.last_day.isoformat(),
                line.place_code, text(line.place_name), line.place_level, number(line.value), unit, line.status,
                str(line.revision), written(line.since), str(line.epoch),
            ]
        )  # fmt: skip


def unit_text(unit: str) -> str:
    """Empty where the content says that a number has none."""
    return "" if unit in BARE else unit
