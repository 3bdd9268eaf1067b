"""Dossiers become figures: by hand, corrected, late, asked of the past, and once however often it is run."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.tree import default_folders, load_tree
from haidang.engine.counting import running
from haidang.engine.counting.conftest import COMMUNE, DEPARTMENT, WARD, Publish, dossier
from haidang.engine.counting.models import CountDue, CountedLine, CountedList
from haidang.engine.indicators import figure_rows, periods, statistics
from haidang.engine.indicators.catalogue import Catalogue, catalogue_of
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.places.models import Place

TREE = load_tree(kinds=running.KINDS)
CATALOGUE: Catalogue = catalogue_of(TREE)
NOVEMBER, OCTOBER = Period("month", 2026, 11), Period("month", 2026, 10)
DAY = date(2026, 11, 2)  # a Monday
# 24/11/2026 is a Tuesday off: what is due then lasts until Wednesday.
HOLIDAY, AFTER, LATE = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)
LINES = [
    dossier(1, WARD, DAY, date(2026, 11, 9), date(2026, 11, 6), channel="Trực tuyến"),
    dossier(2, WARD, DAY, HOLIDAY, AFTER, channel="Trực tuyến", fee=50_000, payment="Trực tuyến"),
    dossier(3, WARD, DAY, HOLIDAY, LATE),
    dossier(4, COMMUNE, DAY, date(2026, 11, 9)),
    dossier(5, COMMUNE, DAY, date(2026, 11, 9), date(2026, 11, 9), fee=50_000, payment="Trực tiếp"),
    dossier(6, DEPARTMENT, DAY, date(2026, 12, 9), channel="Trực tuyến"),
    dossier(7, DEPARTMENT, DAY, date(2026, 11, 9), date(2026, 11, 5), state="Rút hồ sơ"),
]


@pytest.fixture(autouse=True)
def _in_december():
    clock.set_source(datetime(2026, 12, 6, 2, tzinfo=UTC).timestamp)
    yield
    clock.set_source(None)


def run() -> running.Ran:
    return running.count_all(TREE)


def place(name: str) -> Place:
    return Place.objects.on(NOVEMBER.last_day).get(name=name, parent__code="80")


def values(*names: str, at: Place | None = None, period: Period = NOVEMBER) -> list[float | None]:
    where = at or Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
    return [statistics.figure(CATALOGUE, f"services.{name}", where, period).value for name in names]


STANDINGS = ("received", "returned", "early", "on_time", "late", "overdue", "online")


@pytest.mark.django_db
def test_seven_dossiers_by_hand(publish: Publish) -> None:
    publish("2026-11", LINES)
    run()
    # 1 early; 2 and 5 on time; 3 late; 4 overdue; 6 is running; 7 was withdrawn.
    assert values(*STANDINGS) == [7, 4, 1, 2, 1, 1, 3]
    assert values(*STANDINGS, at=place("Tân Ninh")) == [3, 3, 1, 1, 1, 0, 2]
    assert values(*STANDINGS, at=place("Tân Biên")) == [2, 1, 0, 1, 0, 1, 0]
    assert values("with_fee", "paid_online") == [2, 1]
    # 2/11 to 6/11: 4; to 25/11 without the 24th: 16; to 26/11: 17; to 9/11: 5 working days.
    assert values("handling_days") == [42]
    assert values("on_time_share", "paid_online_share", "handling_time") == [75, 50, 10.5]
    assert values("on_time_share", at=place("Tân Biên")) == [100]


@pytest.mark.django_db
def test_a_character_that_the_record_cannot_hold_does_not_stop_the_count(publish: Publish) -> None:
    """Excel writes NUL as _x0000_; other programs leave it in cells they cut off."""
    lines = [LINES[0], dossier(6, "Sở Xây dựng_x0000_", DAY, date(2026, 12, 9))]
    publish("2026-11", lines)
    run()
    assert values("received") == [2]
    assert "Sở Xây dựng␀" in [one.values["office"] for one in CountedLine.objects.all()]


@pytest.mark.django_db
def test_a_figure_says_by_which_rule_and_out_of_which_lists(publish: Publish) -> None:
    made = publish("2026-11", LINES)
    run()
    province = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
    found = statistics.figure(CATALOGUE, "services.late", province, NOVEMBER)
    assert found.detail == {
        "kind": "counted", "contract": "services.dossiers", "version": "1", "of": 7, "counted": 1, "unknown": 0,
        "lists": [[made.pk, 1, 7]], "moved": {"2026-11-24": "2026-11-25"},
        "lines": [[DEPARTMENT, "", 0.0], [WARD, "", 1.0], [COMMUNE, "", 0.0]],
    }  # fmt: skip
    assert found.formula_sha256 == CATALOGUE.entries["services.late"].sha256


@pytest.mark.django_db
def test_running_twice_is_running_once(publish: Publish) -> None:
    publish("2026-11", LINES)
    first = run()
    assert first.lists == 1
    assert first.figures > 20
    assert run() == running.Ran()
    again = Subject("services.late", place("Tân Ninh").pk, periods.end_of(NOVEMBER))
    assert len(figure_rows.versions(again)) == 1


@pytest.mark.django_db
def test_a_worker_killed_between_two_steps_loses_and_doubles_nothing(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("2026-11", LINES)

    class Killed(BaseException):
        """Ends the turn where a signal would."""

    for name in ("counting.laid_ready", "counting.taken_in", "counting.counted"):

        def die(passed: str, at: str = name) -> None:
            if passed == at:
                raise Killed

        monkeypatch.setattr(running, "crashpoint", die)
        with pytest.raises(Killed):
            run()
    monkeypatch.setattr(running, "crashpoint", lambda _name: None)
    run()
    assert values(*STANDINGS) == [7, 4, 1, 2, 1, 1, 3]
    assert (CountedLine.objects.count(), CountedList.objects.count(), CountDue.objects.count()) == (7, 1, 0)


@pytest.mark.django_db
def test_a_corrected_list_makes_versions_and_the_past_stays(publish: Publish) -> None:
    publish("2026-11", LINES)
    run()
    before = datetime(2026, 12, 7, 2, tzinfo=UTC)
    corrected = [*LINES[:2], dossier(3, WARD, DAY, HOLIDAY, AFTER), *LINES[4:]]
    clock.set_source(datetime(2026, 12, 8, 2, tzinfo=UTC).timestamp)
    publish("2026-11", corrected)
    run()
    # The late one was on time after all, the overdue one is not in the list any more.
    assert values(*STANDINGS) == [6, 4, 1, 3, 0, 0, 3]
    where = place("Tân Ninh")
    assert statistics.figure(CATALOGUE, "services.late", where, NOVEMBER, before).value == 1
    assert statistics.figure(CATALOGUE, "services.late", where, NOVEMBER).value == 0
    kept = figure_rows.versions(Subject("services.late", where.pk, periods.end_of(NOVEMBER)))
    assert [row.value for row, _at in kept] == [1, 0]


@pytest.mark.django_db
def test_a_late_dossier_counts_in_its_own_month_and_touches_no_other(publish: Publish) -> None:
    early = date(2026, 10, 12)
    publish("2026-10", [dossier(1, WARD, early, date(2026, 10, 19), date(2026, 10, 16))])
    publish("2026-11", LINES)
    run()
    epochs = {
        name: figure_rows.read([name], [place("Tân Ninh").pk], [periods.end_of(NOVEMBER)])
        for name in ("services.received",)
    }
    # December's list brings one of October that nobody had sent.
    publish("2026-12", [dossier(9, WARD, date(2026, 10, 20), date(2026, 10, 27), date(2026, 10, 29))])
    ran = run()
    assert (ran.lists, ran.periods) == (1, 1)
    assert values("received", "late", period=OCTOBER) == [2, 1]
    now = figure_rows.read(["services.received"], [place("Tân Ninh").pk], [periods.end_of(NOVEMBER)])
    assert now == epochs["services.received"]


@pytest.mark.django_db
def test_a_dossier_in_two_lists_counts_once_as_the_newer_one_says(publish: Publish) -> None:
    publish("2026-11", LINES)
    run()
    publish("2026-12", [dossier(4, COMMUNE, DAY, date(2026, 11, 9), date(2026, 11, 27))])
    run()
    assert values(*STANDINGS) == [7, 5, 1, 2, 2, 0, 3]


@pytest.mark.django_db
def test_what_the_list_leaves_open_is_no_figure(publish: Publish) -> None:
    returned = dossier(8, COMMUNE, DAY, date(2026, 11, 9), None, state="Đã trả kết quả")
    publish("2026-11", [*LINES, returned], asked=1)
    run()
    assert values("received", "early", "returned", "on_time_share") == [8, None, None, None]
    # The ward knows what the commune does not.
    assert values("early", "returned", at=place("Tân Ninh")) == [1, 3]


@pytest.mark.django_db
def test_a_decision_on_a_day_off_counts_again_what_it_changes_and_nothing_else(
    publish: Publish, tmp_path
) -> None:
    publish("2026-10", [dossier(1, WARD, date(2026, 10, 12), date(2026, 10, 19), date(2026, 10, 20))])
    publish("2026-11", LINES)
    run()
    folder = tmp_path / "tinh"
    (folder / "calendars").mkdir(parents=True)
    (folder / "domain.yml").write_text("title: {vi: Quyết định của tỉnh}\n", encoding="utf-8")
    (folder / "calendars" / "storm.yml").write_text(
        "title: {vi: Nghỉ vì bão}\nkind: year\nyear: 2026\nbasis: Công điện\ndecided_on: 2026-11-24\nverified: true\n"
        "settles_year: false\noff:\n  - {day: 2026-11-25, title: {vi: Nghỉ vì bão}}\n",
        encoding="utf-8",
    )
    decided = load_tree([*default_folders(), folder], running.KINDS)
    assert decided.problems == []
    running.count_all(decided)
    # The 25th is off as well: what was due on the 24th lasts until the 26th, and number 3 is on time.
    assert values(*STANDINGS) == [7, 4, 1, 3, 0, 1, 3]
    # Numbers 2 and 3 took a day less than one thought.
    assert values("handling_days") == [40]
    october = Subject("services.late", place("Tân Ninh").pk, periods.end_of(OCTOBER))
    assert [row.value for row, _at in figure_rows.versions(october)] == [1]
