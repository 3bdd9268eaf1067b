"""`haidang differences` as a person at a prompt meets it."""

import json

import pytest
from click.testing import CliRunner

from haidang.config.cli.differences import differences
from haidang.engine import clock
from haidang.engine.reconciliation.models import Compared, Difference


@pytest.mark.django_db
def test_it_lists_what_is_open_and_compares_when_asked() -> None:
    Compared.objects.create(pair="e.revenue", sha256="", epoch=0)
    Difference.objects.create(
        pair="e.revenue", domain="e", title_vi="Thu ngân sách", period="2026-10", kind="plain", at=clock.now(),
        found_at=clock.now(), due_date=clock.local(clock.now()).date(), found_epoch=1, changed_epoch=1, cases=[],
        told_vi="Thu ngân sách lệch.", told_en="Revenue differs.", remedy_vi="Hỏi hai bên.", remedy_en="Ask both.",
        left_source_vi="Thuế tỉnh", right_source_vi="Kho bạc", left_unit="tỷ đồng", right_unit="tỷ đồng",
        legal_basis="Luật Ngân sách nhà nước",
    )  # fmt: skip
    assert "Thu ngân sách lệch. Hỏi hai bên." in CliRunner().invoke(differences, []).stdout
    done = CliRunner().invoke(differences, ["--compare", "--json"])
    assert "0 periods compared: 0 found, 0 changed, 1 gone" in done.stderr  # this pair is in no file
    assert json.loads(done.stdout) == []
    (row,) = json.loads(CliRunner().invoke(differences, ["--all", "--json"]).stdout)
    assert (row["pair"], row["kind"], row["state"]) == ("e.revenue", "plain", "gone")
