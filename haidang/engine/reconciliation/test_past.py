"""What files state of other periods, on the desk: clean months give nothing, each planted slip is found and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

import msgspec
import pytest
from django.db import transaction
from django.test import Client

from haidang.engine.contracts.sheets.days import Period, PeriodName
from haidang.engine.indicators.conftest import catalogue_from, places, say
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.people.models import Grant, Office, Person, Role
from haidang.engine.reconciliation.book import Group, entry_of, grouped, pairs_of
from haidang.engine.reconciliation.definition import Reconciliation
from haidang.engine.reconciliation.models import Difference
from haidang.engine.reconciliation.past import looked_at, span_words, stating
from haidang.engine.reconciliation.recording import Ran
from haidang.engine.reconciliation.running import compare_groups
from haidang.engine.store import epochs

__all__ = ["places", "say"]
SHEET = {"from": {"contract": "e.communes", "column": "value"}}
MEASURES = {"previous": "previous", "cumulative": "cumulative", "year_before": "year_before"}
CATALOGUE = catalogue_from(
    {
        "e.tax": {
            "title": {"vi": "Thu thuế", "en": "Taxes"},
            "unit": "triệu đồng",
            "decimals": 1,
            "measures": MEASURES,
            **SHEET,
        },
        "e.price": {"unit": "%", "over_time": "none", "measures": {"cumulative": "cumulative"}, **SHEET},
        "e.other": {"unit": "ca", "decimals": 0, "from": {"contract": "e.cases", "column": "value"}},
    }
)
STATED = {"vi": "Thuế tỉnh ghi", "en": "Stated by the tax office"}
PUBLISHED = {"vi": "Đã công bố", "en": "Published"}
FILE = {
    "title": {"vi": "Số kỳ khác", "en": "Other periods"},
    "left": {
        "contract": "e.communes",
        "states": ["previous", "cumulative", "year_before"],
        "source": STATED,
        "office": "thue-tinh",
    },
    "right": {"source": PUBLISHED, "office": "so-tai-chinh"},
    "tolerance": {"absolute": 0},
    "days": 10,
    "legal_basis": "Luật Ngân sách nhà nước",
}
Say = Callable[..., Stated]


def the_group() -> Group:
    definition = msgspec.convert(FILE, Reconciliation)
    assert list(definition.faults()) == []
    pairs = pairs_of("e.past", definition, CATALOGUE)
    (found,) = grouped([entry_of(pair, "e", one, CATALOGUE) for pair, one in pairs])
    return found


GROUP = the_group()


@dataclass
class Months:
    """Three communes month by month; a file states its value, the last month, and the sum since January."""

    say: Say
    places: SimpleNamespace
    values: dict[int, dict[str, float]] = field(default_factory=dict)

    def send(self, number: int, at: str = "2026", **stated: dict[int, float | None]) -> None:
        """The file of a month, right but for what is given by measure and place; None is a blank cell."""
        code = f"{at}-{number:02}"
        told: list[Stated] = []
        for place in self.places.communes:
            own = self.values.setdefault(place, {})
            own[code] = stated.get("value", {}).get(place) or own.get(code) or 100.4 * number + place % 7
            since = sum(value for month, value in own.items() if f"{at}-01" <= month <= code)
            right = {"": own[code], "@cumulative": round(since, 1)}
            if before := own.get(f"{at}-{number - 1:02}"):
                right["@previous"] = before
            for measure, value in right.items():
                changed = stated.get(measure.removeprefix("@"), {}).get(place, value)
                if changed is not None:
                    told.append(self.say(f"e.tax{measure}", place, code, changed, f"D{place % 90}"))
        with transaction.atomic():
            publish(CATALOGUE, told, epochs.take("test"))


@pytest.fixture
def months(places: SimpleNamespace, say: Say) -> Months:
    for code in ("thue-tinh", "so-tai-chinh"):
        Office.objects.create(code=code, name=code, short_name=code)
    return Months(say, places)


def compared() -> Ran:
    return compare_groups([GROUP])


def found() -> list[tuple[str, str, str, int]]:
    rows = Difference.objects.open().order_by("period", "pair", "kind")
    return [(one.pair.rpartition("@")[2], one.period, one.kind, len(one.cases)) for one in rows]


def test_a_contract_is_as_many_pairs_as_its_indicators_state_and_no_sum_of_what_does_not_add_up() -> None:
    assert [entry.address for entry in GROUP.entries] == [
        "e.past:e.tax@previous", "e.past:e.tax@cumulative", "e.past:e.tax@year_before",
    ]  # fmt: skip
    assert GROUP.entries[1].words.title.vi == "Thu thuế: lũy kế từ đầu năm"
    assert GROUP.entries[1].words.title.en == "Taxes: since January"


@pytest.mark.parametrize("kind", ["week", "month", "quarter", "year"])
def test_what_looks_at_a_period_is_where_it_is_looked_at(kind: PeriodName) -> None:
    every = [
        Period(kind, year, number)
        for year in (2025, 2026, 2027)
        for number in {"week": range(1, 53), "month": range(1, 13), "quarter": range(1, 5), "year": [0]}[kind]
    ]
    every += [Period("week", 2026, 53)] if kind == "week" else []
    for over in ("previous", "year_before", "cumulative", "cumulative_before"):
        for one in every:
            back = {other for other in every if one in looked_at(over, other)}
            assert back == set(stating(over, one)) & set(every), (over, one)


def test_clean_months_give_no_difference_and_say_of_which_months_they_are(months: Months) -> None:
    for number in range(1, 7):
        months.send(number)
    assert compared() == Ran(compared=6)
    assert compared() == Ran()
    assert span_words("cumulative", Period("month", 2026, 6), "vi") == "cộng tháng 1/2026 đến tháng 6/2026"
    assert span_words("previous", Period("month", 2026, 6), "en") == "May 2026"


def test_what_few_digits_say_is_no_difference(months: Months, places: SimpleNamespace) -> None:
    months.send(1)
    months.send(2, previous={places.north: round(months.values[places.north]["2026-01"])})
    compared()
    assert found() == []


@pytest.mark.parametrize("times", [1000, 0.01])
def test_a_sum_in_another_unit_is_a_unit_slip(months: Months, places: SimpleNamespace, times: float) -> None:
    months.send(1)
    months.send(2)
    since = sum(months.values[places.north].values()) + 301.2 + places.north % 7
    months.send(3, cumulative={places.north: round(since * times, 4)})
    compared()
    assert found() == [("cumulative", "2026-03", "unit_slip", 1)]


def test_two_columns_in_each_others_place_are_told_as_such(months: Months) -> None:
    months.send(1)
    months.send(2)
    swapped: dict[str, dict[int, float | None]] = {"previous": {}, "cumulative": {}}
    for place, own in months.values.items():
        swapped["previous"][place] = round(sum(own.values()) + 301.2 + place % 7, 1)
        swapped["cumulative"][place] = own["2026-02"]
    months.send(3, **swapped)
    compared()
    ((_, period, kind, places_),) = found()
    assert (period, kind, places_) == ("2026-03", "swapped_columns", 3)


def test_a_month_added_twice_and_one_left_out_are_named(months: Months, places: SimpleNamespace) -> None:
    for number in range(1, 4):
        months.send(number)
    right = {place: sum(own.values()) + 100.4 * 4 + place % 7 for place, own in months.values.items()}
    twice = right[places.north] + months.values[places.north]["2026-02"]
    short = right[places.south] - months.values[places.south]["2026-03"]
    months.send(4, cumulative={places.north: round(twice, 1), places.south: round(short, 1)})
    compared()
    assert found() == [
        ("cumulative", "2026-04", "double_count", 1), ("cumulative", "2026-04", "missing", 1),
    ]  # fmt: skip
    said = {one.kind: one for one in Difference.objects.all()}
    assert "có thể Thuế tỉnh ghi đã cộng tháng 2/2026 hai lần" in said["double_count"].told_vi
    assert "chưa cộng tháng 3/2026" in said["missing"].told_vi
    assert "of March 2026: Stated by the tax office may not hold it" in said["missing"].told_en
    assert "Đã công bố (cộng tháng 1/2026 đến tháng 4/2026)" in said["missing"].told_vi


def test_a_published_month_in_another_unit_is_named_in_the_sum(
    months: Months, places: SimpleNamespace
) -> None:
    months.send(1)
    own = 200.8 + places.north % 7
    right = months.values[places.north]["2026-01"] + own
    months.send(2, value={places.north: round(own * 1000, 1)}, cumulative={places.north: round(right, 1)})
    compared()
    assert found() == [("cumulative", "2026-02", "unit_slip", 1)]
    (one,) = Difference.objects.all()
    assert "khớp khi số của tháng 2/2026 nhỏ đi 1.000 lần" in one.told_vi


def test_a_commune_the_file_leaves_out_is_missing(months: Months, places: SimpleNamespace) -> None:
    months.send(1)
    months.send(2, cumulative={places.west: None}, previous={places.west: None})
    compared()
    assert found() == [("cumulative", "2026-02", "missing", 1), ("previous", "2026-02", "missing", 1)]


def test_a_month_revised_later_is_compared_again_in_every_later_file_and_ends_with_its_correction(
    months: Months, places: SimpleNamespace
) -> None:
    for number in range(1, 5):
        months.send(number)
    compared()
    assert found() == []
    revised = months.values[places.north]["2026-02"] + 17.3
    months.send(2, value={places.north: revised})
    assert compared().found == 3
    assert found() == [
        ("cumulative", "2026-03", "late_revision", 1), ("previous", "2026-03", "late_revision", 1),
        ("cumulative", "2026-04", "late_revision", 1),
    ]  # fmt: skip
    march = Difference.objects.get(period="2026-03", pair__endswith="@previous")
    assert "về sau số ấy đã được đính chính" in march.told_vi
    months.send(3)
    assert compared().gone == 2
    months.send(4)
    assert compared().gone == 1
    assert found() == []


def test_months_published_after_the_file_that_states_them_are_compared_then(
    months: Months, places: SimpleNamespace
) -> None:
    months.send(3)
    assert compared() == Ran(compared=1)
    assert found() == []
    months.send(2)
    months.send(1)
    compared()
    kinds = {(measure, period) for measure, period, _, _ in found()}
    assert kinds == {("cumulative", "2026-03"), ("cumulative", "2026-02")}, "January was not in them"


def test_the_same_period_of_last_year_is_what_is_published_of_it(
    months: Months, places: SimpleNamespace, say: Say
) -> None:
    months.send(9, at="2025")
    before = months.values[places.north]["2025-09"]
    with transaction.atomic():
        stated = [
            say("e.tax@year_before", places.north, "2026-09", before),
            say("e.tax@year_before", places.south, "2026-09", before * 10),
            say("e.tax@year_before", places.west, "2026-09", months.values[places.west]["2025-09"]),
        ]
        publish(CATALOGUE, stated, epochs.take("test"))
    compared()
    assert found() == [("year_before", "2026-09", "plain", 1)]
    assert "Đã công bố (tháng 9/2025)" in Difference.objects.get().told_vi


def test_the_page_traces_the_stated_cell_and_every_month_of_the_sum(
    months: Months, places: SimpleNamespace
) -> None:
    for number in range(1, 4):
        months.send(number)
    months.send(4, cumulative={places.north: 9999.9})
    compared()
    (one,) = Difference.objects.open()
    reader = Person.objects.create(email="doc@example.vn", name="Người đọc")
    Grant.objects.create(person=reader, role=Role.ANALYST)
    client = Client()
    client.force_login(reader)
    page = client.get(one.get_absolute_url()).content.decode()
    for number in range(1, 4):
        assert f"tháng {number}/2026: " in page
    assert page.count("trang “T10”, ô D") == 1 + 4
    assert "cộng tháng 1/2026 đến tháng 4/2026" in page


def test_months_loaded_late_with_one_revised_are_one_finding_for_all_places(months: Months) -> None:
    months.send(3)
    months.send(2)
    revised = {place: own["2026-02"] + 12.5 for place, own in months.values.items()}
    january = {place: 100.4 + place % 7 for place in months.values}
    stated = {
        place: round(january[place] + own["2026-02"] + own["2026-03"], 1)
        for place, own in months.values.items()
    }
    months.send(2, value=revised)
    months.send(1)
    months.send(3, cumulative=stated)
    compared()
    of_march = [one for one in found() if one[:2] == ("cumulative", "2026-03")]
    assert of_march == [("cumulative", "2026-03", "late_revision", 3)]
