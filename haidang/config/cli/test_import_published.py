"""`haidang import` beside what a centre has published."""

import json
from pathlib import Path

from click.testing import CliRunner

from haidang.config.cli import main
from haidang.engine.submissions.conftest import Cast, Publish, sample
from haidang.engine.submissions.conftest import cast as cast  # noqa: PLC0414 - the fixtures of the stage
from haidang.engine.submissions.conftest import publish as publish  # noqa: PLC0414


def test_a_difference_from_what_is_published_is_a_warning_of_its_cell(
    cast: Cast, publish: Publish, tmp_path: Path
) -> None:
    publish("economy.retail", **{"2026-09": 17786.8})
    path = tmp_path / "ktxh.xlsx"
    path.write_bytes(sample())
    asked = ["import", str(path), "--contract", "economy.monthly", "--period", "2026-10", "--json"]
    done = CliRunner().invoke(main, [*asked, "--office", "stc"])
    assert done.exit_code == 0, done.output
    (cell,) = [one for one in json.loads(done.stdout) if one["cell"] == "E15"]
    assert (cell["verdict"], cell["codes"]) == ("cảnh báo", ["stated_differs"])
    assert "số đã công bố là 17.786,8 tỷ đồng (lệch +110)" in cell["reason"]
    assert "17.786,8 tỷ đồng is published (off by +110)" in cell["reason_en"]
    unknown = CliRunner().invoke(main, [*asked, "--office", "khong-co"])
    assert (unknown.exit_code, "no office khong-co" in unknown.output) == (2, True)
