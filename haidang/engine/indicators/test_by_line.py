"""Figures added up over the lines of facilities and offices: which files can be, and what each line is of a formula."""

from datetime import UTC, datetime

import msgspec
import pytest

from haidang.engine.contracts.building import BuildError
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.indicators.by_line import computed
from haidang.engine.indicators.conftest import COMMON, FORMULA, catalogue_from
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.statistic import Statistic

BEDS = {"title": {"vi": "Giường"}, "type": "whole", "unit": "giường", "required": True}
COLUMNS = {
    "facility": {"title": {"vi": "Cơ sở"}, "type": "text", "required": True},
    "beds": BEDS,
    "days": {**BEDS, "title": {"vi": "Ngày"}, "required": False},
    "share": {**BEDS, "title": {"vi": "Công suất"}, "additive": False},
}
BY_LINE = {"contract": "h.care", "column": "beds", "lines": "sum"}


def fits(origin, **more):
    said = {
        "title": {"vi": "Cơ sở"},
        "period": "month",
        "kind": "sheet",
        "columns": COLUMNS,
        "key": ["facility"],
        **more,
    }
    contract = msgspec.convert(said, SheetContract)
    statistic = {**COMMON, "title": {"vi": "Giường"}, "unit": "giường", "from": origin}
    return msgspec.convert(statistic, Statistic).completed({"h.care": contract})


def test_lines_of_facilities_add_up_to_the_province():
    assert fits(BY_LINE)
    beds = {**COMMON, "title": {"vi": "Giường"}, "unit": "giường", "from": BY_LINE}
    catalogue = catalogue_from({"h.beds": beds})
    assert catalogue.level("h.beds") == "province"
    assert catalogue.adds_lines("h.beds")
    assert catalogue.cells_of("h.care") == {("", "beds"): ["h.beds"]}


@pytest.mark.parametrize(
    ("origin", "more", "words"),
    [
        ({**BY_LINE, "column": "days"}, {}, "not required"),
        ({**BY_LINE, "column": "share"}, {}, "cannot be added up"),
        ({**BY_LINE, "lines": ""}, {}, "lines: sum"),
        (BY_LINE, {"key": []}, "no lines of facilities"),
        (BY_LINE, {"columns": {**COLUMNS, "facility": {**COLUMNS["facility"], "personal_data": "basic"}}}, "names persons"),
        (BY_LINE, {"columns": {**COLUMNS, "facility": {"title": {"vi": "Xã"}, "type": "place"}}}, "leave `lines` out"),
    ],
)  # fmt: skip
def test_lines_that_would_make_a_wrong_sum_are_refused(origin, more, words):
    with pytest.raises(BuildError, match=words):
        fits(origin, **more)


def test_a_formula_comes_out_for_each_line_that_has_its_inputs():
    number = {"unit": "ngày giường", "from": BY_LINE}
    share = {"unit": "%", "formula": "h.used / h.there", "over_places": "none", **FORMULA}
    catalogue = catalogue_from({"h.used": number, "h.there": number, "h.share": share})
    found = computed(
        catalogue,
        Subject("h.share", 1, datetime(2026, 10, 31, 17, tzinfo=UTC)),
        {"h.used": {"BV A": 95.0, "BV B": 30.0, "Trạm C": 0.0}, "h.there": {"BV A": 100.0, "Trạm C": 0.0}},
    )
    assert found == {"BV A": 95.0}
