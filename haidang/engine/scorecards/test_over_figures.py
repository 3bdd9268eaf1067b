"""Points over figures are those of the worked examples; a centre is scored by what is told of it, and by nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.engine.contracts.sheets.centres import Centres
from haidang.engine.contracts.tree import OURS, load_tree
from haidang.engine.scorecards.definition import KINDS
from haidang.engine.scorecards.over_figures import Number, lacking, scored
from haidang.engine.scorecards.scoring import score

CARD = load_tree([OURS], KINDS).of("scorecards")["services.qd_766"].thing
NOW = CARD.on(date(2026, 10, 31))
EXAMPLES = [(version, example) for version in CARD.versions for example in version.examples]


@pytest.mark.parametrize(("version", "example"), EXAMPLES, ids=[e.name for _, e in EXAMPLES])
def test_the_worked_examples_come_out_exactly_of_figures_too(version, example):
    numbers: dict[str, Number] = {}
    for code, counts in example.counts.items():
        for name, value in counts.items():
            address = version.rows[code].figures[name]
            assert numbers.setdefault(address, Number(value, {})).value == value, "one figure, two values"
    found, direct = scored(version, numbers, CARD.volume), score(version, example.counts)
    told = {code for code, row in direct.rows.items() if row.status != "missing"}
    assert {code: found.score.rows[code].score for code in told} == {
        code: direct.rows[code].score for code in told
    }


def test_every_count_of_every_row_names_its_figure():
    for version in CARD.versions:
        for code, row in version.rows.items():
            assert row.figures.keys() == row.counts.keys(), code


def test_a_centre_is_scored_by_its_parts_and_what_the_province_alone_tells_is_missing():
    numbers = {
        "services.handled": Number(110, {"Sở Xây dựng": 100, "UBND phường Tân Ninh": 10}),
        "services.index_in_time": Number(None, {"UBND  phường Tân Ninh": 9}),
        "services.paid_online": Number(3, {"UBND phường Tân Ninh": 0, "Sở Xây dựng": 3}),
        "services.with_fee": Number(6, {"UBND phường Tân Ninh": 0, "Sở Xây dựng": 6}),
        "services.index_overdue": Number(1, {"UBND phường Tân Ninh": 1, "Sở Xây dựng": 0}),
        "services.reported_complained": Number(2, {}),
    }
    found = scored(NOW, numbers, CARD.volume, Centres("80", date(2026, 10, 31)))
    assert found.volume == 110
    department, ward = found.centres
    assert (department.name, department.level, department.volume) == ("Sở Xây dựng", "cấp tỉnh", 100)
    assert (ward.level, ward.volume) == ("cấp xã", 10)
    # The list of the department leaves open what is in time: its own row is missing, not the ward's.
    assert (ward.score.rows["2.1"].score, department.score.rows["2.1"].status) == (18, "missing")
    assert (ward.score.rows["3.6"].status, department.score.rows["3.6"].score) == ("empty", 3)
    assert ward.score.rows["5.4"].lacking == ("complained",)
    assert list(lacking(ward.score, "5.4")) == ["services.reported_complained"]
    assert found.score.rows["2.1"].status == "missing"
    assert [one.candidate.name for one in found.ranked(30)["cấp xã"] if one.rank is None] == [ward.name]


def test_what_is_not_reported_is_missing_and_a_reported_nought_is_a_nought():
    told = {"services.reported_fee_procedures": Number(10, {})}
    assert scored(NOW, told, CARD.volume).score.rows["3.5a"].status == "missing"
    told["services.reported_fee_offered"] = Number(0, {})
    assert scored(NOW, told, CARD.volume).score.rows["3.5a"].score == 0
