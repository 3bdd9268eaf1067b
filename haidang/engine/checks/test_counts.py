"""A slip of the pen in a rule of counting is named with file and line, in Vietnamese."""

import pytest

from haidang.engine.both import Both, vietnamese
from haidang.engine.checks.walk import check

COUNT = """title: {vi: Hồ sơ trễ hạn, en: Late}
kind: statistic
unit: hồ sơ
period: month
direction: down_is_good
over_places: sum
over_time: sum
count:
  contract: services.dossiers
  period: received
  place: office
  lines: office
  days: {last_day: {next_working_day: due}}
  where: {returned: {until: period_end, after: last_day}, fee: {over: 0}, channel: online}
  unless: [{state: withdrawn}]
  unknown: {returned: {state: [done, refused]}}
versions:
  - version: "1"
    valid_from: 2026-01-01
    basis: Cách tính của trung tâm
    verified: true
    examples:
      - name: ngày nghỉ không tính
        period: 2026-11
        lines:
          - {received: 2026-11-16, due: 2026-11-24, returned: 2026-11-26, state: done, fee: 5000, channel: online}
          - {received: 2026-11-16, due: 2026-11-24, returned: 2026-11-25, state: done, fee: 5000, channel: online}
        expect: 1
"""


@pytest.fixture(scope="module")
def domain(tmp_path_factory):
    made = tmp_path_factory.mktemp("a") / "motcua"
    (made / "indicators").mkdir(parents=True)
    (made / "domain.yml").write_text("title: {vi: Một cửa}\n", encoding="utf-8")
    return made


def found(domain, text):
    (domain / "indicators" / "late.yml").write_text(text, encoding="utf-8")
    return check(domain)[0]


def test_one_that_holds(domain):
    assert found(domain, COUNT) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("  unless:", "  unles:", 15, "unknown field `unles`, did you mean unless?"),
        ("after: last_day}", "aftr: last_day}", 14, "không có trường này ở đây, có phải ý là after?"),
        ("contract: services.dossiers", "contract: services.dosiers", 9, "did you mean services.dossiers?"),
        ("contract: services.dossiers", "contract: environment.air_station", 9, "không phải danh sách của cơ quan"),
        ("period: received", "period: recieved", 10, "không có cột recieved trong services.dossiers; có: order, code"),
        ("period: received", "period: state", 10, "cột state có kiểu choice, không phải ngày"),
        ("place: office", "place: fee", 11, "cột fee có kiểu whole, không phải tên cơ quan hay đơn vị"),
        ("lines: office", "lines: applicant", 12, "cột applicant là dữ liệu cá nhân: không dùng để đếm"),
        ("next_working_day: due", "next_working_day: dues", 13, "không có cột dues"),
        ("last_day: {next", "due: {next", 13, "due đã là tên khác"),
        ("channel: online}", "chanel: online}", 14, "không có cột chanel"),
        ("channel: online}", "channel: onlin}", 14, "cột channel không có giá trị onlin; có: counter, online, post"),
        ("channel: online}", "channel: {}}", 14, "điều kiện của channel trống"),
        ("channel: online}", "applicant: An}", 14, "cột applicant là dữ liệu cá nhân"),
        ("fee: {over: 0}", "state: {over: 0}", 14, "cột state có kiểu choice, không phải số"),
        ("fee: {over: 0}", "fee: {before: due}", 14, "cột fee có kiểu whole, không phải ngày"),
        ("fee: {over: 0}", "fee: online", 14, "is và not chỉ dùng cho chữ và mã"),
        ("until: period_end", "until: fee", 14, "cột fee có kiểu whole, không phải ngày"),
        ("until: period_end", "until: last_days", 14, "không có cột last_days"),
        ("state: withdrawn", "state: withdrwn", 15, "không có giá trị withdrwn"),
        ("unknown: {returned:", "unknown: {fee:", 16, "cột fee có kiểu whole, không phải ngày"),
        ("  unless: [{state: withdrawn}]", "  sum: channel", 15, "cột channel có kiểu choice, không phải số: không cộng được"),
        ("  unless: [{state: withdrawn}]", "  sum: fee", 3, "cột fee tính bằng 'đồng', chỉ tiêu ghi 'hồ sơ'"),
        ("expect: 1", "expect: 2", 23, "ví dụ “ngày nghỉ không tính” không đúng: đếm được 1, ví dụ ghi 2"),
        ("period: 2026-11", "period: 11-2026", 23, "không đọc được: viết 2026-10"),
        ("fee: 5000, channel: online}\n        expect", "fees: 5000, channel: online}\n        expect", 23, "dòng 2 có cột fees mà services.dossiers không có"),
        ("due: 2026-11-24, returned: 2026-11-25", "due: mai, returned: 2026-11-25", 23, "dòng 2: due phải là ngày"),
        ("count:\n", "formula: services.late\ncount:\n", 1, "made by a `formula` or by a `count`"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_line(domain, old, new, line, words):
    assert old in COUNT
    problems = found(domain, COUNT.replace(old, new, 1))
    assert any(words in p.message for p in problems if p.line == line), "\n".join(map(str, problems))
    assert all(isinstance(p.message, Both) for p in problems), "in one language only"


def test_a_count_needs_a_version_with_an_example(domain):
    head, _, tail = COUNT.partition("versions:\n")
    assert any("needs a version" in p.message and p.line == 8 for p in found(domain, head))
    bare, _, _ = tail.partition("    examples:")
    problems = found(domain, f"{head}versions:\n{bare}")
    assert [(p.line, vietnamese(p.message)) for p in problems] == [(18, "bản 1 chưa có ví dụ tính tay")]
