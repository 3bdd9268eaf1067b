"""`haidang dossiers` as people type it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from haidang.config.cli import main
from haidang.engine.contracts.tree import OURS, load_tree
from haidang.engine.counting import running as counting
from haidang.engine.ingest.conftest import Sender
from haidang.engine.ingest.conftest import sender as sender  # noqa: PLC0414 - the fixture
from haidang.engine.people.models import Grant, Office, Person, Role
from haidang.engine.places import register
from haidang.engine.places.models import Place
from haidang.engine.submissions import actions, judging
from haidang.engine.submissions.models import Submission

SAMPLE = str(OURS / "services" / "contracts" / "dossiers.sample.xlsx")


def run(*arguments):
    return CliRunner().invoke(main, ["dossiers", *arguments])


def test_a_list_is_counted_scored_and_handed_on(tmp_path):
    counts = tmp_path / "counts.json"
    done = run(SAMPLE, "--period", "2026-10", "--province", "80", "--counts", str(counts), "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    whole, *centres = answer["centres"]
    assert whole["counts"]["received"] == sum(one["counts"]["received"] for one in centres) == 40
    assert {one["level"] for one in centres} == {"cấp tỉnh", "cấp xã"}
    assert {one["place"] for one in centres if one["level"] == "cấp xã"} == {"25459", "25486"}
    assert whole["index"]["covered"] == 26
    assert answer["levels"]["cấp xã"]["received"] == 26
    again = CliRunner().invoke(main, ["score", str(counts), "--json"])
    assert json.loads(again.stdout)["centres"][0]["score"] == whole["index"]["score"]
    assert "Người nộp" not in done.stdout


def test_people_read_the_same_in_words():
    said = run(SAMPLE, "--period", "2026-10").stdout
    assert "Toàn tỉnh: nhận 40" in said
    assert "Xếp hạng cấp xã" in said
    assert "Sắp đến hạn hoặc quá hạn: " in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--period", "2026-10", "--published"], "name a FILE, or ask for --published"),
        (["--period", "tháng 10"], "write a month as 2026-10"),
        (["--period", "2026-10", "--on", "hôm qua"], "is no day"),
        (["--period", "2026-10", "--on", "2020-01-01"], "the first is of 23/06/2022"),
        (
            ["--period", "2026-10", "--contract", "services.dossier"],
            "nearest: services.dossiers",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_with_its_reason(arguments, words):
    done = run(SAMPLE, *arguments)
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())


def test_a_file_without_a_table_is_said_in_vietnamese(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"no workbook")
    done = run(str(tmp_path / "x.xlsx"), "--period", "2026-10")
    assert done.exit_code == 1
    assert "Error: " in done.stderr


def test_published_lists_of_all_offices_are_counted_together_and_drafts_are_not(
    register_once, sender: Sender
):
    register.ensure_loaded()
    province = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
    bodies = Path(SAMPLE).read_bytes(), Path(SAMPLE).read_bytes() + b" ", Path(SAMPLE).read_bytes() + b"  "
    for number, body in enumerate(bodies):
        office = Office.objects.create(
            code=f"tt-{number}", name=f"Trung tâm {number}", short_name=f"T{number}", place=province
        )
        sender.send(
            body,
            "services.dossier_files",
            format="sheet",
            name="2026-10 ho so.xlsx",
            about={"office": office.code},
        )
    judging.judge_received()
    clerk, boss = (Person.objects.create(email=f"{name}@hs.vn", name=name) for name in ("clerk", "boss"))
    Grant.objects.create(person=clerk, role=Role.OFFICER)
    Grant.objects.create(person=boss, role=Role.LEADER)
    nothing = run("--published", "--period", "2026-10")
    assert nothing.exit_code == 1
    assert "no list of services.dossiers is published" in nothing.stderr
    for submission in Submission.objects.order_by("pk")[:2]:
        actions.sign(submission=submission, by=clerk)
        actions.approve(submission=submission, by=boss)
        actions.publish(submission=submission, by=boss)
    counting.count_all(load_tree(kinds=counting.KINDS))
    answer = json.loads(run("--published", "--period", "2026-10", "--json").stdout)
    assert (answer["lines"], answer["repeated"]) == (40, 40)  # two offices hand in the same dossiers
    assert answer["centres"][0]["counts"]["received"] == 40
    other = run("--published", "--period", "2026-09")
    assert "no dossier received in 2026-09 is in a published list" in other.stderr
