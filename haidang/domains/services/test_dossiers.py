"""Dossiers are counted once each, on the evening of a day, and what the list leaves open stays open."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.domains.services.dossiers import (
    Dossier,
    Incomplete,
    Standing,
    Tally,
    close_to_due,
    dossier,
    due_on_days_off,
    standing,
    tally,
)
from haidang.domains.services.listing import read_list
from haidang.engine.contracts.sheets.centres import Centres
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.tree import OURS, load_tree
from haidang.engine.workdays.book import KINDS, Book

TREE = load_tree([OURS], KINDS)
WORKDAYS = Book(TREE).of_office()
ON = date(2026, 10, 31)
CENTRES = Centres("80", ON)
BASE = {
    "code": "H62.12-261001-0001",
    "procedure": "1.009994",
    "office": "Sở Xây dựng",
    "received": date(2026, 10, 1),
    "due": date(2026, 10, 12),
    "returned": None,
    "channel": "online",
    "state": "open",
    "fee": 50_000.0,
    "payment": "online",
}


def made(**values) -> Dossier:
    return dossier({**BASE, **values}, CENTRES)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"returned": date(2026, 10, 9), "state": "done"}, Standing.EARLY),
        ({"returned": date(2026, 10, 12), "state": "done"}, Standing.ON_TIME),
        ({"returned": date(2026, 10, 13), "state": "done"}, Standing.LATE),
        ({"returned": date(2026, 10, 9), "state": "refused"}, Standing.EARLY),
        ({"due": date(2026, 11, 2)}, Standing.RUNNING),
        ({}, Standing.OVERDUE),
        ({"state": "paused"}, Standing.PAUSED),
        ({"state": "withdrawn"}, Standing.WITHDRAWN),
        ({"state": "done"}, Standing.UNDATED),
        # Returned after the day one asks about: still open then.
        ({"returned": date(2026, 11, 3), "due": date(2026, 11, 2), "state": "done"}, Standing.RUNNING),
        # Sunday 18 October is no last day, Monday is.
        ({"due": date(2026, 10, 18), "returned": date(2026, 10, 19), "state": "done"}, Standing.ON_TIME),
        ({"due": date(2026, 10, 18), "returned": date(2026, 10, 20), "state": "done"}, Standing.LATE),
        ({"due": date(2026, 10, 31)}, Standing.RUNNING),
    ],
)
def test_a_dossier_stands_where_its_days_put_it(values, expected):
    assert standing(made(**values), ON, WORKDAYS) is expected


DAYS = st.dates(date(2026, 9, 25), date(2026, 11, 5))
DOSSIERS = st.builds(
    lambda received, due, returned, state, fee, payment: made(
        received=received, due=max(received, due), returned=returned and max(received, returned), state=state,
        fee=fee, payment=payment,
    ),
    DAYS, DAYS, st.none() | DAYS, st.sampled_from(["open", "done", "paused", "refused", "withdrawn"]),
    st.none() | st.sampled_from([0.0, 5000.0]), st.none() | st.sampled_from(["online", "counter", "none"]),
)  # fmt: skip


@given(st.lists(DOSSIERS, max_size=30), DAYS)
def test_every_dossier_received_is_in_exactly_one_standing(dossiers, on):
    whole = sum(tally(dossiers, on, WORKDAYS).values(), Tally())
    assert whole.received == sum(one.received <= on for one in dossiers)
    assert whole.received == sum(getattr(whole, one.value) for one in Standing)
    counts = whole.index_counts()["2.1"]
    assert counts["in_time"] is None or counts["in_time"] + whole.late + whole.overdue == counts["handled"]


def test_counts_go_into_the_rows_they_speak_about_and_no_other():
    found = tally(
        [
            made(returned=date(2026, 10, 9), state="done"),
            made(returned=date(2026, 10, 12), state="done", payment="counter"),
            made(returned=date(2026, 10, 14), state="done", fee=0.0, payment=None),
            made(due=date(2026, 11, 2), channel="counter"),
            made(state="paused"),
            made(state="withdrawn"),
        ],
        ON,
        WORKDAYS,
    )
    ((centre, counts),) = found.items()
    assert (centre.name, centre.level) == ("Sở Xây dựng", "province")
    assert (counts.received, counts.handled, counts.returned, counts.in_time, counts.online) == (
        6,
        5,
        3,
        2,
        5,
    )
    assert counts.as_dict()["working_days"] == 6 + 7 + 9
    assert counts.index_counts() == {
        "2.1": {"in_time": 4, "handled": 5},
        "2.2": {"days": 22, "finished": 3},
        "3.6": {"paid_online": 4, "with_fee": 5},
        "5.4": {"overdue": 1, "dossiers": 5},
    }


def test_a_fee_or_a_day_that_is_not_written_makes_the_count_unknown_not_zero():
    unpaid = tally([made(payment=None), made()], ON, WORKDAYS).popitem()[1]
    assert unpaid.index_counts()["3.6"] == {"paid_online": None, "with_fee": 2}
    assert unpaid.as_dict()["paid_online"] is None
    without = tally([made(fee=None, payment=None)], ON, WORKDAYS).popitem()[1]
    assert without.index_counts()["3.6"] == {"paid_online": None, "with_fee": None}
    undated = tally([made(state="done"), made()], ON, WORKDAYS).popitem()[1]
    assert undated.index_counts()["2.1"] == {"in_time": None, "handled": 2}


@pytest.mark.parametrize(
    ("office", "level", "place"),
    [
        ("UBND phường Tân Ninh", "commune", "25459"),
        ("ubnd  Phường TÂN NINH, tỉnh Tây Ninh", "commune", "25459"),
        ("Trung tâm Phục vụ hành chính công xã Tân Biên", "commune", "25486"),
        ("Phòng Văn hóa – Xã hội phường Tân Ninh", "commune", "25459"),
        ("Bảo hiểm xã hội tỉnh Tây Ninh", "province", ""),
        ("Sở Xây dựng", "province", ""),
    ],
)
def test_a_centre_is_a_communes_where_the_register_knows_its_name(office, level, place):
    centre = CENTRES.of(office)
    assert (centre.level, centre.place) == (level, place)


def test_spellings_of_one_office_are_one_centre():
    assert CENTRES.of("Sở  xây dựng") == CENTRES.of("Sở Xây dựng")


def test_what_is_close_to_due_is_counted_in_working_days_and_waiting_ones_are_not():
    found = close_to_due(
        [
            made(code="A", due=date(2026, 11, 4)),
            made(code="B", due=date(2026, 11, 2)),
            made(code="C", due=date(2026, 10, 30)),
            made(code="D", due=date(2026, 11, 2), state="paused"),
            made(code="E", due=date(2026, 11, 2), returned=date(2026, 10, 20), state="done"),
        ],
        date(2026, 10, 30),
        WORKDAYS,
        within=1,
    )
    assert [(due.dossier.code, due.left) for due in found] == [("C", 0), ("B", 1)]


def test_on_the_day_off_behind_its_last_day_a_dossier_is_over_though_no_working_day_has_passed():
    (due,) = close_to_due([made(code="C", due=date(2026, 10, 30))], date(2026, 10, 31), WORKDAYS)
    assert (due.left, due.is_over) == (0, True)
    (due,) = close_to_due([made(code="C", due=date(2026, 10, 30))], date(2026, 10, 30), WORKDAYS)
    assert (due.left, due.is_over) == (0, False)


def test_a_due_day_on_which_nobody_works_is_named():
    days = [made(code="A", due=date(2026, 10, 18)), made(code="B"), made(code="C", due=date(2026, 11, 24))]
    assert [one.code for one in due_on_days_off(days, WORKDAYS)] == ["A", "C"]


def test_a_line_that_lacks_what_it_needs_says_what():
    with pytest.raises(Incomplete, match="due, state"):
        made(due=None, state=None)


def test_lines_at_fault_are_counted_nowhere_and_are_named(tmp_path):
    contract = TREE.sheets["services.dossiers"].thing
    sample = OURS / "services" / "contracts" / "dossiers.sample.xlsx"
    book = openpyxl.load_workbook(sample)
    sheet = book.active
    sheet["I3"] = "chưa rõ"
    sheet["B5"] = sheet["B4"].value
    sheet["L6"] = "nhiều"
    book.save(tmp_path / "list.xlsx")
    listing = read_list(tmp_path / "list.xlsx", contract, Period.parse("2026-10"), CENTRES)
    assert len(listing.dossiers) == 38
    assert listing.unusable == [(3, "Ngày trả kết quả"), (5, "Mã hồ sơ")]
    assert sum(one.fee is None for one in listing.dossiers) == 1
    assert "Người nộp" not in repr(listing)
