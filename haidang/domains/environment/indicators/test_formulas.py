"""Properties of the formulas; their worked examples stand in the YAML files and are run here too."""

import functools
import itertools
import operator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.engine.contracts.tree import load_tree
from haidang.engine.indicators.definition import HourValue, Window
from haidang.engine.indicators.kinds import KINDS
from haidang.engine.indicators.trial import PERIOD_END, failures

TREE = load_tree(kinds=KINDS)
OURS = {a: e for a, e in TREE.of("indicators").items() if e.domain == "environment"}
PARTICLES = ("PM10", "PM2.5")
GASES = ("SO2", "NO2", "O3")

concentration = st.floats(0, 4000, allow_nan=False, width=32).map(lambda x: round(x, 1))
hours = st.dictionaries(st.integers(0, 30), concentration, max_size=31)
station = st.fixed_dictionaries({}, optional=dict.fromkeys((*PARTICLES, *GASES, "CO"), hours))


def compute(stem, given_hours, flagged=()):
    entry = OURS[f"environment.{stem}"]
    window = Window(
        PERIOD_END,
        {
            parameter: {
                back: HourValue(value, (parameter, back) in flagged) for back, value in values.items()
            }
            for parameter, values in given_hours.items()
            if values
        },
        entry.thing.versions[-1].data,
    )
    return entry.module.compute(window)


@pytest.mark.parametrize("address", OURS)
def test_every_worked_example_holds(address):
    entry = OURS[address]
    assert failures(entry.thing, entry.module.compute) == []


@pytest.mark.parametrize("stem", ["aqi_hour", "aqi_day"])
@given(given_hours=station)
def test_an_index_lies_between_0_and_500_and_exists_exactly_when_a_particle_does(stem, given_hours):
    result = compute(stem, given_hours)
    if result.value is None:
        assert result.status == "missing"
        assert not set(PARTICLES) & set(result.detail["parameters"])
    else:
        assert 0 <= result.value <= 500
        assert result.value == int(result.value)
        assert set(PARTICLES) & set(result.detail["parameters"])


@pytest.mark.parametrize("stem", ["aqi_hour", "aqi_day"])
@given(given_hours=station)
def test_the_index_is_the_largest_of_its_parts_and_missing_parameters_are_skipped_not_zero(stem, given_hours):
    result = compute(stem, given_hours)
    parts = result.detail["parameters"]
    assert set(parts) | set(result.detail["missing"]) == {*PARTICLES, *GASES, "CO"}
    if result.value is not None:
        assert result.value == max(part["index"] for part in parts.values())


@given(
    st.sampled_from(["SO2", "CO", "NO2", "O3"]),
    st.lists(st.floats(0, 160_000, allow_nan=False).map(lambda x: round(x, 2)), min_size=2, max_size=2),
)
def test_more_of_a_gas_never_lowers_its_sub_index(gas, pair):
    low, high = (
        compute("aqi_hour", {"PM10": {0: 1.0, 1: 1.0}, gas: {0: value}}).detail["parameters"][gas]["exact"]
        for value in sorted(pair)
    )
    assert low <= high


@given(st.lists(concentration, min_size=12, max_size=12), st.integers(0, 11))
def test_a_nowcast_lies_between_the_least_and_the_most_even_without_one_hour(values, gone):
    seen = {back: value for back, value in enumerate(values) if back != gone}
    result = compute("nowcast_pm25", {"PM2.5": seen})
    assert min(seen.values()) - 0.01 <= result.value <= max(seen.values()) + 0.01


@given(given_hours=station, seed=st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_arrival(given_hours, seed):
    def shuffled(mapping):
        items = list(mapping.items())
        seed.shuffle(items)
        return dict(items)

    other = shuffled({parameter: shuffled(values) for parameter, values in given_hours.items()})
    for stem in ("aqi_hour", "aqi_day"):
        one, two = compute(stem, given_hours), compute(stem, other)
        assert (one.value, one.status, one.detail, one.used) == (two.value, two.status, two.detail, two.used)


@given(given_hours=station)
@settings(max_examples=50)
def test_detail_is_json_and_every_used_hour_was_there(given_hours):
    for stem in ("aqi_hour", "aqi_day", "nowcast_pm10", "nowcast_pm25", "o3_mean_8h"):
        result = compute(stem, given_hours)
        assert msgspec.json.decode(msgspec.json.encode(result.detail)) == result.detail
        assert all(back in given_hours[parameter] for parameter, back in result.used)
        for language in ("vi", "en"):
            steps = OURS[f"environment.{stem}"].module.explain(result.detail, language)
            assert all(step.label and step.value for step in steps)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "pH": st.floats(0, 14),
            "DO_pct": st.floats(0, 400),
            "DO": st.floats(0, 40),
            "Temp": st.floats(0, 50),
            "COD": st.floats(0, 10_000),
            "N-NH4": st.floats(0, 1000),
            "TSS": st.floats(0, 20_000),
            "Coliform": st.floats(0, 1e8),
        },
    )
)
def test_the_water_index_lies_between_0_and_100_and_always_carries_its_label(values):
    result = compute("wqi_hour", {parameter: {0: value} for parameter, value in values.items()})
    assert result.detail["label"]["vi"] == "chưa đối chiếu"
    assert result.value is None or 0 <= result.value <= 100
    assert OURS["environment.wqi_hour"].module.explain(result.detail, "vi")


def test_rounding_is_half_up_where_python_rounds_half_even():
    result = compute("aqi_hour", {"PM2.5": {0: 21.25, 1: 21.25}})
    assert result.detail["exact"] == 42.5
    assert result.value == 43


def test_a_flagged_hour_flags_the_index_of_the_hour():
    hours = {"PM2.5": {0: 10.0, 1: 10.0}, "NO2": {0: 10.0}}
    assert compute("aqi_hour", hours).status == "ok"
    assert compute("aqi_hour", hours, flagged={("NO2", 0)}).status == "flagged"


def test_a_day_needs_eighteen_complete_hours_to_go_unflagged():
    day = {"PM2.5": dict.fromkeys(range(24), 10.0)}
    assert compute("aqi_day", day).status == "ok"
    assert compute("aqi_day", day, flagged={("PM2.5", back) for back in range(6)}).status == "ok"
    assert compute("aqi_day", day, flagged={("PM2.5", back) for back in range(7)}).status == "flagged"


def test_eight_hour_means_of_the_first_hours_use_the_day_before():
    day = {"PM2.5": {0: 10.0}, "O3": dict.fromkeys(range(24), 10.0)}
    with_eve = {**day, "O3": {**day["O3"], **dict.fromkeys(range(24, 31), 150.0)}}
    assert compute("aqi_day", day).detail["parameters"]["O3"]["max_8h"] == 10
    assert compute("aqi_day", with_eve).detail["parameters"]["O3"]["max_8h"] == 132.5
    assert ("O3", 30) in compute("aqi_day", with_eve).used


def test_carbon_monoxide_comes_in_milligrams_and_is_judged_in_micrograms():
    parts = compute("aqi_hour", {"PM10": {0: 1.0, 1: 1.0}, "CO": {0: 10.0}}).detail["parameters"]
    assert parts["CO"]["concentration"] == 10_000
    assert parts["CO"]["index"] == 50


def test_the_scale_covers_the_index_without_gap_or_overlap():
    for address, top in (("environment.vn_aqi", 500), ("environment.vn_wqi", 100)):
        scale = TREE.of("tables")[address].thing.scale
        assert scale[0].low == 0
        assert scale[-1].high == top
        assert all(one.high + 1 == other.low for one, other in itertools.pairwise(scale))


def test_nothing_of_an_unchecked_formula_calls_itself_verified():
    assert not any(version.verified for version in OURS["environment.wqi_hour"].thing.versions)
    assert not TREE.of("tables")["environment.vn_wqi"].thing.verified
    assert [limit.verified for limit in TREE.of("tables")["environment.qcvn_05"].thing.limits].count(
        True
    ) == 1


def averaged(value, times):
    """The mean of so many equal values as a database makes it, in binary.

    One after the other: `sum` carries what is lost along since Python 3.12.
    """
    return functools.reduce(operator.add, [value] * times) / times


def test_twelve_averages_of_50_9_make_102_as_twelve_times_50_9_do():
    mean = averaged(50.9, 12)
    assert mean != 50.9
    assert compute("aqi_hour", {"PM2.5": dict.fromkeys(range(12), mean)}).value == 102


@settings(max_examples=200)
@given(
    tenths=st.lists(st.integers(0, 5000), min_size=12, max_size=12),
    times=st.integers(2, 60),
    parameter=st.sampled_from([*PARTICLES, *GASES]),
    stem=st.sampled_from(["aqi_hour", "aqi_day"]),
)
def test_an_hour_averaged_from_equal_values_is_that_value(tenths, times, parameter, stem):
    written = {back: value / 10 for back, value in enumerate(tenths)}
    means = {back: averaged(value, times) for back, value in written.items()}
    particles = {"PM10": {0: 1.0, 1: 1.0, 2: 1.0}}
    exact, binary = (compute(stem, {**particles, parameter: values}) for values in (written, means))
    assert exact.value == binary.value
    assert exact.detail["parameters"] == binary.detail["parameters"]


def test_the_larger_of_two_parts_that_round_alike_decides():
    # 50.0004 and 50.002 are both 50.0 to two decimals: SO2 comes first in the decision's order, NO2 is larger.
    result = compute("aqi_hour", {"SO2": {0: 125.002}, "NO2": {0: 100.004}, "PM10": {0: 1.0, 1: 1.0}})
    parts = result.detail["parameters"]
    assert parts["SO2"]["exact"] == parts["NO2"]["exact"]
    assert result.detail["deciding"] == "NO2"


def test_an_index_that_comes_out_at_a_half_is_rounded_up_whatever_the_division_leaves():
    # 100 / 190 has no end, 100 × 0.95 / 190 is a half.
    assert (
        compute(
            "aqi_day", {"O3": dict.fromkeys(range(31), 210.95), "PM10": dict.fromkeys(range(24), 1.0)}
        ).detail["parameters"]["O3"]["index"]
        == 201
    )
