"""`haidang forecast` over five years of published months, and over public series."""

import json
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner
from django.db import transaction

from haidang.config.cli import main
from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.forecasting import running
from haidang.engine.forecasting.making import make
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.indicators.figure_rows import New, Subject
from haidang.engine.places.models import Place
from haidang.engine.store import epochs

LAST = Period.parse("2026-10")


def run(*arguments):
    return CliRunner().invoke(main, ["forecast", *arguments])


@pytest.fixture
def months(db):
    """Revenue with a trend and a season, retail as a random walk, exports too young to be judged."""
    place = Place.objects.create(
        code="97", level="province", kind="tỉnh", name="Tỉnh Thử", folded="tinh thu", sort_key=b"97",
        valid_from_date=date(2025, 7, 1),
    )  # fmt: skip
    chance = np.random.default_rng(11)
    season = [1 + 0.2 * np.sin(2 * np.pi * month / 12) for month in range(60)]
    series = {
        "economy.revenue": [(900 + 5 * n) * season[n] * np.exp(chance.normal(0, 0.02)) for n in range(60)],
        "economy.retail": list(5000 + np.cumsum(chance.normal(0, 60, 60))),
        "economy.export": [1300.0, 1310.0, 1290.0],
    }
    rows = [
        New(
            Subject(address, place.pk, periods.end_of(periods.back(LAST, back))), round(float(value), 1), "ok"
        )
        for address, values in series.items()
        for back, value in zip(range(len(values) - 1, -1, -1), values, strict=True)
    ]
    with transaction.atomic():
        figure_rows.write(rows, epochs.take("test"))
    return place


def test_a_forecast_says_method_interval_epoch_and_its_error_beside_the_naive_one(months):
    catalogue = load_catalogue()
    row = make(catalogue, "economy.revenue", months, epochs.resolve(clock.now()))
    running.keep(row)
    done = run("economy.revenue", "--place", "97", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["until"], told["unit"], told["is_better"]) == ("2026-10", "tỷ đồng", True)
    assert [one["period"] for one in told["points"]] == ["2026-11", "2026-12", "2027-01"]
    assert told["stored"] == {"epoch": row.epoch, "same": True}
    assert told["errors"][told["shown"]]["mae"] < told["errors"][told["reference"]]["mae"]
    shown = run("economy.revenue", "--place", "97").stdout
    assert "số liệu đến 2026-10" in shown
    assert "sai ít hơn dự báo đơn giản" in shown
    assert "dự báo đơn giản" in shown.splitlines()[1]


def test_where_it_is_not_better_the_naive_one_is_told_and_the_young_are_refused(months):
    walk = json.loads(run("economy.retail", "--place", "97", "--json").stdout)
    assert (walk["shown"], walk["is_better"]) == ("naive", False)
    assert all(one["middle"] == one["naive"] for one in walk["points"])
    assert "không phương pháp nào hơn chắc chắn" in run("economy.retail", "--place", "97").stdout
    young = run("economy.export", "--place", "97")
    assert young.exit_code == 1
    assert "cần ít nhất 22 kỳ" in young.stdout


def test_a_back_test_prints_errors_beside_the_naive_one_and_ends_in_json(months):
    done = run("backtest", "--place", "97")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    told = json.loads(lines[-1])
    better = {one["series"]: one["is_better"] for one in told["series"]}
    assert better == {"economy.revenue": True, "economy.retail": False}
    assert told["too_short"] >= 1
    assert any("economy.revenue" in line and "1.000" not in line for line in lines)
    assert "/đơn giản" in lines[0]


def test_a_public_series_needs_no_centre():
    done = run("backtest", "--package-series", "co2")
    assert done.exit_code == 0, done.output
    (one,) = json.loads(done.stdout.splitlines()[-1])["series"]
    assert (one["series"], one["periods"], one["origins"], one["is_better"]) == ("co2", 452, 36, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["economy.nothing", "--place", "97"], "does not exist"),
        (["economy.revenue", "--place", "99"], "no unit has the code '99'"),
        (["economy.revenue", "--place", "97", "--as-of", "2199-01-01"], "lies in the future"),
        (["backtest", "--package-series", "weather"], "no public series 'weather'"),
        (["backtest", "economy.revenue", "--package-series", "co2"], "either ADDRESS or --package-series"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_line(months, arguments, words):
    done = run(*arguments)
    assert done.exit_code != 0
    assert words in done.output
