"""A slip of the pen in a contract of files is named with file and line."""

import shutil

import pytest

from haidang.engine.checks.walk import check
from haidang.engine.contracts.tree import OURS


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("required: true", "requird: true", "unknown field `requird`"),
        ("key: [place]", "key: [xa]", "no column xa"),
        ("type: whole", "type: integer", "`columns.payers.type`: 'integer' is none of: "),
        ("previous: previous", "previous: before", "no column before"),
        ("aliases: [Giải trình, Nguyên nhân]", "aliases: [Giải trình, Số NNT]", "already means payers"),
        ("    max: 1000\n", "    max: -5\n", "is above max"),
        ("unit: người", "unit: nghìn tỉ đồngg", "is no unit of money"),
        ("kind: sheet", "kind: shet", "`kind`: 'shet' is none of: readings, sheet, did you mean sheet?"),
        ('province: "80"', 'province: "Tây Ninh"', "two digits"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_line(tmp_path, old, new, words):
    copy = shutil.copytree(OURS / "economy", tmp_path / "kinhte")
    path = copy / "contracts" / "commune_revenue.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = [p for p in check(copy)[0] if p.path == path]
    assert any(words in p.message for p in problems), "\n".join(map(str, problems))
    changed = text[: text.index(old)].count("\n") + 1
    assert any(abs(p.line - changed) <= 3 for p in problems if words in p.message), "\n".join(
        map(str, problems)
    )


def test_a_sample_that_is_missing_or_says_otherwise_is_a_problem(tmp_path):
    copy = shutil.copytree(OURS / "economy", tmp_path / "kinhte")
    (copy / "contracts" / "monthly.sample.xlsx").unlink()
    expected = copy / "contracts" / "commune_revenue.expected.json"
    expected.write_text(
        '{"period": "2026-09",\n "records": 3,\n "remarks": {"Z99": "jump"}}', encoding="utf-8"
    )
    messages = [p.message for p in check(copy)[0]]
    assert any("no monthly.sample.xlsx" in m for m in messages)
    assert any("3 are expected" in m for m in messages)
    assert any("nothing is said of Z99" in m for m in messages)
    assert any("wrong_period" in m for m in messages)


def test_a_source_takes_a_contract_of_files_only_as_files(tmp_path):
    copy = shutil.copytree(OURS / "economy", tmp_path / "kinhte")
    source = "title: {vi: Tệp}\ncontract: kinhte.monthly\ndoors: [push]\nformat: json\n"
    (copy / "sources" / "tep.yml").write_text(source, encoding="utf-8")
    (problem,) = [p for p in check(copy)[0] if p.path.name == "tep.yml" and p.line == 4]
    assert "format: sheet" in problem.message
