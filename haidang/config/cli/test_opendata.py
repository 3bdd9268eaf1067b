"""`haidang opendata` as a person at a prompt meets it: the same bytes as the public pages."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from click.testing import CliRunner
from django.test import Client

from haidang.config.cli.opendata import opendata
from haidang.engine.opendata.conftest import Hands, State, body
from haidang.engine.opendata.conftest import _shelf as _shelf  # noqa: PLC0414 - fixtures of the engine
from haidang.engine.opendata.conftest import hands as hands  # noqa: PLC0414
from haidang.engine.opendata.conftest import reports as reports  # noqa: PLC0414
from haidang.engine.opendata.conftest import sender as sender  # noqa: PLC0414
from haidang.engine.opendata.conftest import state as state  # noqa: PLC0414
from haidang.engine.opendata.conftest import stranger as stranger  # noqa: PLC0414

RETAIL = "economy.retail"


def test_it_lists_and_exports_what_the_pages_give(
    state: State, hands: Hands, stranger: Client, tmp_path: Path
) -> None:
    state(RETAIL, "2026-10", 18450.3)
    then = hands.on().isoformat()
    state(RETAIL, "2026-10", 18999.9)
    rows = json.loads(CliRunner().invoke(opendata, ["list", "--json"]).stdout)
    (row,) = [one for one in rows if one["dataset"] == RETAIL]
    assert (row["licence"], row["newest"], row["figures"]) == ("CC-BY-4.0", "2026-10", 1)
    assert "economy.investment" not in {one["dataset"] for one in rows}
    for form, name in (("csv", "data.csv"), ("sdmx-csv", "data.sdmx.csv"), ("json", "data.json")):
        for more, query in (([], {}), (["--as-of", then], {"as_of": then})):
            done = CliRunner().invoke(opendata, ["export", RETAIL, "--format", form, *more])
            assert done.exit_code == 0, done
            assert done.stdout_bytes == body(stranger, f"/du-lieu-mo/{RETAIL}/{name}", **query)
    for form in ("jsonld", "ttl"):
        done = CliRunner().invoke(opendata, ["export", "catalogue", "--format", form])
        assert done.stdout_bytes == body(stranger, f"/du-lieu-mo/catalog.{form}")
    out = tmp_path / "goi"
    assert (
        CliRunner()
        .invoke(opendata, ["export", RETAIL, "--format", "datapackage", "--out", str(out)])
        .exit_code
        == 0
    )
    (resource,) = json.loads((out / "datapackage.json").read_text())["resources"]
    raw = (out / resource["path"]).read_bytes()
    assert (resource["bytes"], resource["hash"]) == (len(raw), f"sha256:{hashlib.sha256(raw).hexdigest()}")


def test_what_cannot_be_is_said_in_a_line(hands: Hands) -> None:
    for arguments, words in (
        (["economy.investment", "--format", "csv"], "is not open"),
        ([RETAIL, "--format", "csv", "--as-of", "hôm qua"], "is no time"),
        ([RETAIL, "--format", "csv", "--as-of", "2199-01-01"], "lies in the future"),
        ([RETAIL, "--format", "csv", "--as-of", "2025-08-18"], "was not open before"),
        ([RETAIL, "--format", "ttl"], "those of `catalogue`"), ([RETAIL, "--format", "datapackage"], "--out FOLDER"),
    ):  # fmt: skip
        done = CliRunner().invoke(opendata, ["export", *arguments])
        assert done.exit_code != 0
        assert words in done.stderr, done.stderr
