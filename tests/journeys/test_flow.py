from __future__ import annotations

import sys
from pathlib import Path

import pytest

from haidang.config.supervisor.trial import Trial
from tests.test_docs import DOCS, blocks, run


@pytest.mark.xdist_group("centre")
def test_the_document_of_the_flow_holds_word_for_word(centre: Trial, tmp_path: Path) -> None:
    env = {**centre.env, "DOORS": centre.push_url}
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    code, said = run("\n".join(blocks(DOCS / "flow.md")), tmp_path, env, patience_s=120)
    assert code == 0, f"{said}\n{centre.words()}"
    assert "sums close" in said
    assert '"parameter": "PM2.5", "value": 182.5' in said  # the line of the delivered message
    assert "FLOW-01" in said
    alarms = centre.sql(
        "SELECT count(*) FROM alarms_alarm a JOIN assets_asset s ON s.id = a.asset_id WHERE s.code = 'FLOW-01'"
    )
    assert alarms[0][0] >= 1
