"""A slip of the pen in a rule over published figures is named with file and line."""

import shutil

import pytest

from haidang.engine.checks.walk import check

RULE = """title: {vi: Nhiều ca hơn kế hoạch}
kind: statistic
indicator: health.dengue_communes
period: week
unit: ca
level: commune
above: {indicator: health.hand_foot_mouth_communes, times: 2}
priority: 3
consequence: {vi: Ổ dịch lớn thêm.}
response: {vi: Điều tra ổ dịch.}
time_to_respond: 14d
basis: Quy ước của trung tâm
verified: false
tests:
  - name: gấp ba
    fires: true
    figures:
      - {period: 2026-W47, value: 5, of: health.hand_foot_mouth_communes}
      - {period: 2026-W47, value: 15, after: 2d}
  - name: bằng nhau
    fires: false
    figures:
      - {period: 2026-W47, value: 5, of: health.hand_foot_mouth_communes}
      - {period: 2026-W47, value: 5, after: 2d}
"""
COMPUTED = RULE.replace("{indicator: health.hand_foot_mouth_communes, times: 2}", "{past_years: 1}")


@pytest.fixture
def domain(tmp_path):
    made = tmp_path / "benh"
    (made / "rules").mkdir(parents=True)
    (made / "domain.yml").write_text("title: {vi: Bệnh}\n", encoding="utf-8")
    return made


def found(domain, text, code=None):
    (domain / "rules" / "many.yml").write_text(text, encoding="utf-8")
    if code is not None:
        (domain / "rules" / "many.py").write_text(code, encoding="utf-8")
    problems, _ = check(domain)
    shutil.rmtree(domain)
    return [(one.line, one.message) for one in problems]


def test_a_rule_over_published_figures_holds_with_its_tests(domain):
    assert found(domain, RULE) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("value: 15", "value: 10", 15, "“gấp ba”: expected an alarm, got 0"),
        ("fires: false", "fires: true", 14, "a rule needs two tests"),
        ("period: week", "period: month", 1, "every figure is of a month"),
        ("period: week\n", "", 3, "names the period of its indicator"),
        ("unit: ca", "unit: lượt", 3, "health.dengue_communes is in ca, not in lượt"),
        ("indicator: health.dengue_communes", "indicator: health.dengue_commune", 3, "does not exist"),
        ("indicator: health.dengue_communes", "indicator: health.dengue", 3, "known for the province only"),
        ("indicator: health.dengue_communes", "indicator: health.visits", 3, "is of each month, not of each week"),
        ("indicator: health.dengue_communes", "indicator: environment.aqi_hour", 3, "no statistic of places"),
        ("health.hand_foot_mouth_communes, times", "health.visits, times", 7, "is of each month"),
        ("times: 2}", "times: 2, past_years: 3}", 7, "another `indicator`, or computed"),
        ("2026-W47, value: 15", "2026-W60, value: 15", 19, "cannot be read"),
        ("level: commune", "asset_kind: lake", 3, "of no kind of station"),
        ("level: commune", "for: 10m", 4, "judged as it is published"),
        ("level: commune", "level: province", 3, "is published for communes"),
    ],
)  # fmt: skip
def test_a_slip_is_named_on_its_line(domain, old, new, line, words):
    assert old in RULE
    problems = found(domain, RULE.replace(old, new))
    assert any(at == line and words in message for at, message in problems), problems


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (None, "no formula: write limit(…) in many.py"),
        ("def limit(past):\n    return past.data['x']\n", "“gấp ba”: KeyError: 'x'"),
        ("def limit(past):\n    return None\n", "“gấp ba”: expected an alarm, got 0"),
    ],
)
def test_a_computed_limit_needs_code_that_holds(domain, code, words):
    problems = found(domain, COMPUTED, code)
    assert any(words in message for _, message in problems), problems


def test_a_computed_limit_sees_the_periods_before(domain):
    code = "def limit(past):\n    return max(past.values.values(), default=7) * past.data.get('times', 2)\n"
    assert found(domain, COMPUTED, code) == []
