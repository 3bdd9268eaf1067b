"""A slip of the pen in a statistic is named with file and line."""

import shutil

import pytest

from haidang.engine.both import english
from haidang.engine.checks.walk import check

STATED = """title: {vi: Thu ngân sách, en: Revenue}
kind: statistic
unit: tỷ đồng
period: month
direction: up_is_good
over_places: none
over_time: sum
from: {contract: economy.monthly, item: revenue, column: value}
measures: {plan: plan, share: {column: month_percent, unit: "%"}}
"""
PEOPLE = """title: {vi: Vốn bình quân, en: People}
kind: statistic
unit: doanh nghiệp
period: month
direction: neutral
over_places: none
over_time: last
from: {contract: economy.monthly, item: firms, column: value}
"""
FORMULA = """title: {vi: Thu bình quân, en: Revenue for each}
kind: statistic
unit: triệu đồng/doanh nghiệp
period: month
direction: up_is_good
over_places: {weighted: kinhte.a_firms}
over_time: sum
office: {vi: Sở Tài chính}
legal_basis: Quy ước của trung tâm
formula: kinhte.a_revenue / kinhte.a_firms
versions:
  - version: "1"
    valid_from: 2026-01-01
    basis: Quy ước của trung tâm
    verified: true
    examples:
      - {name: nghìn tỷ cho nghìn doanh nghiệp, inputs: {kinhte.a_revenue: 1000, kinhte.a_firms: 1000}, expect: 1000}
      - {name: thiếu thì không có, inputs: {kinhte.a_revenue: null, kinhte.a_firms: 1000}, expect: null}
"""
TEXTS = {"a_revenue": STATED, "a_firms": PEOPLE, "a_each": FORMULA}


@pytest.fixture(scope="module")
def domain(tmp_path_factory):
    """A domain of three statistics that hold, over a contract of ours."""
    made = tmp_path_factory.mktemp("a") / "kinhte"
    (made / "indicators").mkdir(parents=True)
    (made / "domain.yml").write_text("title: {vi: Kinh tế}\n", encoding="utf-8")
    return made


def found(domain, **changed):
    for name, text in {**TEXTS, **changed}.items():
        (domain / "indicators" / f"{name}.yml").write_text(text, encoding="utf-8")
    return check(domain)[0]


def test_three_that_hold(domain):
    assert found(domain) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"),
    [
        ("a_revenue", "economy.monthly, item", "economy.montly, item", 8, "did you mean economy.monthly?"),
        ("a_revenue", "item: revenue", "item: revenu", 8, "no item revenu; did you mean revenue"),
        ("a_revenue", "column: value", "column: vlaue", 8, "no column vlaue; there are: order, item, unit, plan"),
        ("a_revenue", "plan: plan", "plan: note", 9, "column note holds note, no numbers"),
        ("a_revenue", ', unit: "%"', "", 9, "column month_percent is in '%', the statistic says 'tỷ đồng'"),
        ("a_revenue", "unit: tỷ đồng", "unit: triệu đồng", 3, "column value is in 'tỷ đồng', the statistic says 'triệu đồng'"),
        ("a_revenue", "period: month", "period: year", 4, "comes each month, not year"),
        ("a_revenue", "vi: Thu ngân sách", 'vi: ""', 1, "title.vi is empty"),
        ("a_revenue", "over_time: sum", "over_time: weighted", 7, "weighted without a weight"),
        ("a_revenue", "over_places: none", "over_places: last", 6, "of places none is the last"),
        ("a_each", "triệu đồng/doanh", "triệu USD/doanh", 3, "comes out in 1000000000 · dong / doanh nghiep, the declared unit 'triệu USD/doanh nghiệp'"),
        ("a_each", "a_revenue / kin", "a_revenue + kin", 10, "1000000000 · dong and doanh nghiep cannot be added"),
        ("a_each", "a_revenue / kin", "a_revenue ** kin", 10, "is not understood"),
        ("a_each", "formula: kinhte.a_revenue /", "formula: kinhte.a_each * kinhte.a_revenue / kinhte.a_each /", 10, "follows from itself"),
        ("a_each", "formula: kinhte.a_revenue", "formula: kinhte.a_revenu", 10, "did you mean kinhte.a_revenue?"),
        ("a_each", "formula: kinhte.a_revenue", "formula: kinhte.a_revenue@pln", 10, "no measure pln; there are: plan, share"),
        ("a_each", "formula: kinhte.a_revenue", "formula: environment.aqi_day", 10, "is no statistic"),
        ("a_each", "weighted: kinhte.a_firms", "weighted: kinhte.a_firm", 6, "did you mean kinhte.a_firms?"),
        ("a_each", "expect: 1000}", "expect: 1}", 17, "it comes to 1000.0, expected 1"),
        ("a_each", "{kinhte.a_revenue: null, ", "{", 18, "must give kinhte.a_revenue, kinhte.a_firms and nothing else"),
        ("a_each", "office: {vi: Sở Tài chính}\n", "", 1, "no office"),
        ("a_each", "verified: true", "verifid: true", 15, "unknown field `verifid`"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_line(domain, name, old, new, line, words):
    assert old in TEXTS[name]
    problems = found(domain, **{name: TEXTS[name].replace(old, new, 1)})
    there = [p for p in problems if p.path.stem == name and p.line == line]
    assert any(words in p.message for p in there), "\n".join(map(str, problems))


def test_two_formulas_that_name_each_other_are_both_named(domain):
    first = FORMULA.replace("kinhte.a_revenue / kinhte.a_firms", "kinhte.a_other")
    other = FORMULA.replace("kinhte.a_revenue / kinhte.a_firms", "kinhte.a_each")
    problems = found(domain, a_each=first, a_other=other)
    (domain / "indicators" / "a_other.yml").unlink()
    circular = [p for p in problems if "follows from itself: kinhte.a_each, kinhte.a_other" in p.message]
    assert [(p.path.stem, p.line) for p in circular] == [("a_each", 10), ("a_other", 10)]


def test_a_cell_has_one_address(domain):
    problems = found(domain, a_twice=STATED)
    (domain / "indicators" / "a_twice.yml").unlink()
    assert [(p.path.stem, p.line) for p in problems] == [("a_revenue", 8), ("a_twice", 8)]
    assert "this cell is kinhte.a_twice already" in problems[0].message


def test_a_commune_cannot_be_weighed_by_what_only_the_province_has(domain):
    by_commune = STATED.replace("monthly, item: revenue,", "commune_revenue,").replace(
        "tỷ đồng", "triệu đồng"
    )
    by_commune = by_commune.replace(
        'measures: {plan: plan, share: {column: month_percent, unit: "%"}}', "measures: {}"
    )
    weighted = by_commune.replace("over_places: none", "over_places: {weighted: kinhte.a_firms}")
    problems = found(domain, a_commune=weighted)
    (domain / "indicators" / "a_commune.yml").unlink()
    assert [(p.path.stem, p.line) for p in problems] == [("a_commune", 6)]
    assert "no commune has a weight" in problems[0].message


def test_a_rule_and_a_tile_of_stations_cannot_look_at_a_statistic(domain):
    (domain / "boards").mkdir()
    board = "title: {vi: Bảng}\ntiles:\n  - {kind: chart, title: {vi: Thu}, indicator: kinhte.a_revenue}\n"
    (domain / "boards" / "b.yml").write_text(board, encoding="utf-8")
    messages = [(p.line, english(p.message)) for p in found(domain)]
    shutil.rmtree(domain / "boards")
    assert messages == [(3, "indicator kinhte.a_revenue is of no stations, which this tile shows")]


def test_a_table_by_line_needs_sums_of_lines(domain):
    (domain / "boards").mkdir()
    tile = "{kind: line_table, title: {vi: Thu}, of: {vi: Cơ quan}, indicators: [kinhte.a_each, documents.on_time_share]}"
    (domain / "boards" / "b.yml").write_text(f"title: {{vi: Bảng}}\ntiles:\n  - {tile}\n", encoding="utf-8")
    messages = [(p.line, english(p.message)) for p in found(domain)]
    shutil.rmtree(domain / "boards")
    assert messages == [(3, "indicator kinhte.a_each is not added up from lines (`lines: sum`)")]


def test_a_change_is_taken_apart_only_where_communes_add_up(domain):
    (domain / "boards").mkdir()
    tiles = [
        "{kind: commune_change, title: {vi: Một}, indicator: economy.commune_revenue_per_head}",
        "{kind: commune_change, title: {vi: Hai}, indicator: economy.revenue}",
        "{kind: commune_change, title: {vi: Thu}, indicator: economy.commune_revenue, against: last}",
        "{kind: unusual, title: {vi: Lạ}, indicators: [economy.revenu]}",
    ]
    text = "title: {vi: Bảng}\ntiles:\n" + "".join(f"  - {one}\n" for one in tiles)
    (domain / "boards" / "b.yml").write_text(text, encoding="utf-8")
    messages = [(p.line, english(p.message)) for p in found(domain)]
    shutil.rmtree(domain / "boards")
    assert messages == [
        (3, "indicator economy.commune_revenue_per_head does not add up over communes (`over_places: sum`)"),
        (4, "indicator economy.revenue has no number for each commune"),
        (6, "indicator economy.revenu does not exist under indicators/; did you mean economy.revenue?"),
    ]
