"""What the simulated offices send: numbers that fit together, each file sent once, the newest month first."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path

import pytest

from haidang.demo.senders import NotTaken
from haidang.demo.sheets import finance, paper
from haidang.demo.sheets.communes import Communes
from haidang.demo.sheets.economy import LINES, Economy
from haidang.demo.sheets.months import MERGED, Month
from haidang.demo.sheets.post import DISAGREES, DISEASES, MONTHLY, OFFICES, OPENING, WEEKS, PostRoom
from haidang.demo.sheets.sending import Sheets
from haidang.demo.station import Commune, Doors, Outside

OCTOBER, TODAY = Month.of(2026, 10), date(2026, 11, 21)
NOW = 1_795_226_400.0  # 2026-11-21 09:00 in Viet Nam
COMMUNES = [
    Commune(f"{25000 + n}", "Phường" if n % 3 else "Xã", f"Tên {n}", 11, 106, 20.0 + n) for n in range(96)
]


def outside() -> Outside:
    return Outside("tay-ninh", "Tây Ninh", 7, Doors("", "", 0, "", 0), [], [], communes=COMMUNES)


@pytest.fixture(scope="module")
def economy() -> Economy:
    return Economy(7, "Tây Ninh")


@pytest.mark.parametrize("month", [Month.of(2022, 2), Month.of(2025, 7), OCTOBER])
def test_a_whole_is_the_sum_of_its_parts_and_the_year_of_its_months(economy: Economy, month: Month) -> None:
    for name, line in LINES.items():
        if line.parts:
            parts = sum(economy.value(part, month) for part in line.parts)
            assert economy.value(name, month) == pytest.approx(parts, abs=0.05)
        if not line.is_index:
            months = sum(economy.value(name, one) for one in month.since_january())
            assert economy.since_january(name, month) == pytest.approx(months, abs=0.05)


def test_tet_wanders_between_january_and_february(economy: Economy) -> None:
    def fell(year: int, month: int) -> bool:
        return (
            economy.value("export", Month.of(year, month)) < economy.value("export", Month.of(year, 3)) * 0.9
        )

    assert (fell(2023, 1), fell(2026, 1)) == (True, False)
    assert fell(2026, 2)


def test_the_economy_grows_from_year_to_year(economy: Economy) -> None:
    years = [
        sum(economy.value("revenue", Month.of(year, month)) for month in range(1, 13))
        for year in range(2021, 2027)
    ]
    grown = [after / before - 1 for before, after in itertools.pairwise(years)]
    assert all(0.03 < one < 0.15 for one in grown)


def test_what_the_communes_pay_is_the_domestic_revenue_but_for_days_of_bookkeeping(economy: Economy) -> None:
    communes = Communes(7, COMMUNES, economy)
    for month in (Month(MERGED), OCTOBER):
        together = sum(communes.revenue(month)) / 1000
        assert together == pytest.approx(economy.value("revenue_domestic", month), rel=0.005)
    row = communes.rows(OCTOBER)[3]
    assert row.cumulative == sum(communes.revenue(month)[3] for month in OCTOBER.since_january())
    assert row.previous == communes.revenue(OCTOBER.before)[3]
    assert DISAGREES > 1, "beyond what the reconciliation tolerates"


def test_the_same_month_is_the_same_file_byte_for_byte() -> None:
    one, again = (finance.monthly(Economy(7, "Tây Ninh"), OCTOBER) for _ in range(2))
    body = paper.as_bytes(one, OCTOBER.last_day)
    assert body == paper.as_bytes(again, OCTOBER.last_day)
    assert b"T02:00:00Z" not in body, "packed"


def test_five_years_are_sent_newest_first_and_each_file_has_its_own_name() -> None:
    parcels = list(PostRoom(outside()).parcels(OCTOBER, TODAY))
    keys = [parcel.key for parcel in parcels]
    assert len(set(keys)) == len(keys)
    months = [p.period for p in parcels if p.source == MONTHLY and p.after_s == 0]
    assert months == sorted(months, reverse=True)
    assert (months[0], months[-1], len(months)) == ("2026-10", "2021-11", 60)
    revenue = {p.period for p in parcels if p.key.startswith("revenue")}
    assert (min(revenue), max(revenue), len(revenue)) == ("2025-07", "2026-10", 16)
    assert {p.source for p in parcels} == set(OFFICES)
    weeks = [p.period for p in parcels if p.source == DISEASES]
    assert (weeks[0], len(weeks), weeks == sorted(weeks, reverse=True)) == ("2026-W46", WEEKS, True)
    assert [p.period for p in parcels if p.source == OPENING] == ["2026", "2025"]
    later = {p.key for p in parcels if p.after_s}
    assert later == {
        "monthly 2026-11 draft",
        "revenue 2026-10",
        "monthly 2026-09 corrected",
        "revenue 2026-09",
    }


class Door:
    """Takes what it is given, unless it is away."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.names: list[str] = []
        self.is_away = False

    def post(self, body: bytes, kind: str, once: str, *, asked: dict[str, str]) -> None:
        if self.is_away:
            raise NotTaken("the centre is away", 0)
        assert body == b"PK"
        assert kind.endswith("spreadsheetml.sheet")
        self.names.append(once)
        self.taken.append((asked["office"], asked["period"]))

    def close(self) -> None: ...


@pytest.fixture
def door() -> Door:
    return Door()


def sheets(door: Door, folder: Path, now: list[float], monkeypatch: pytest.MonkeyPatch) -> Sheets:
    # What a file holds is judged elsewhere; here only that it goes out.
    monkeypatch.setattr("haidang.demo.sheets.post.Parcel.body", lambda _: b"PK")
    pushes = dict.fromkeys(OFFICES, door)
    return Sheets(outside(), folder / "sheets.json", pushes, clock=lambda: now[0])  # type: ignore[arg-type]


def test_each_file_goes_out_once_also_after_a_restart(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [NOW]
    first = sheets(door, tmp_path, now, monkeypatch).look()
    assert door.taken[:2] == [("thong-ke-tinh", "2025"), ("so-tai-chinh", "2026-10")]
    assert ("thue-tinh", "2026-10") not in door.taken, "the tax office is later"
    now[0] += 600
    assert sheets(door, tmp_path, now, monkeypatch).look() == 4
    assert sheets(door, tmp_path, now, monkeypatch).look() == 0
    assert len(door.taken) == len(set(door.names)) == first + 4
    assert door.taken.count(("so-tai-chinh", "2026-09")) == 2, "and its correction"
    assert json.loads((tmp_path / "sheets.json").read_text())["refused"] == {}


def test_what_was_not_taken_is_sent_again_and_a_new_month_brings_its_own_files(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [NOW]
    office = sheets(door, tmp_path, now, monkeypatch)
    door.is_away = True
    assert office.look() == 0
    door.is_away = False
    office.look()
    now[0] += 600
    office.look()
    now[0] += 86400 * 30
    office.look()
    new = [("so-tai-chinh", "2026-11"), ("van-phong-ubnd", "2026-11"), ("so-y-te", "2026-11")]
    # The list of dossiers, and what is reported of it and for the index beside it.
    new += [("trung-tam-hcc", "2026-11"), ("van-phong-ubnd", "2026-11"), ("van-phong-ubnd", "2026-11")]
    assert [one for one in door.taken if one[1] == "2026-11"] == [new[0], *new]
    assert ("cdc-tinh", "2026-W50") in door.taken
    now[0] += 600
    office.look()
    assert door.taken[-3:] == [
        ("so-tai-chinh", "2026-12"), ("thue-tinh", "2026-11"), ("so-tai-chinh", "2026-10"),
    ]  # fmt: skip
