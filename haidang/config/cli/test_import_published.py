"""`haidang import` beside what a centre has published."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from haidang.config import settings
from haidang.config.addresses import postgres_socket
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
    assert "17,786.8 billion dong is published (off by +110)" in cell["reason_en"]
    unknown = CliRunner().invoke(main, [*asked, "--office", "khong-co"])
    assert (unknown.exit_code, "no office khong-co" in unknown.output) == (2, True)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own; a path to a socket may not be long."""
    with TemporaryDirectory(prefix="hd") as folder:
        monkeypatch.setattr(settings, "HAIDANG_HOME", Path(folder))
        yield Path(folder)


def test_while_the_centre_runs_the_office_of_the_contract_is_meant(
    cast: Cast, publish: Publish, tmp_path: Path, home: Path
) -> None:
    publish("economy.retail", **{"2026-09": 17786.8})
    path = tmp_path / "ktxh.xlsx"
    path.write_bytes(sample())
    asked = ["import", str(path), "--contract", "economy.monthly", "--period", "2026-10", "--json"]

    def said_of_last_month() -> list[str]:
        done = CliRunner().invoke(main, asked)
        assert done.exit_code == 0, done.output
        (cell,) = [one for one in json.loads(done.stdout) if one["cell"] == "E15"]
        codes: list[str] = cell["codes"]
        return codes

    assert "stated_differs" not in said_of_last_month(), "no centre runs here: nothing to compare with"
    where = Path(postgres_socket(home))
    where.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as database:
        database.bind(str(where / ".s.PGSQL.5432"))
        assert "stated_differs" not in said_of_last_month(), "a socket that nobody listens at is no centre"
        database.listen()
        assert "stated_differs" in said_of_last_month()
        told = CliRunner().invoke(main, asked)
        assert "Compared with what the running centre has published; --alone" in told.stderr
        asked.append("--alone")
        assert "stated_differs" not in said_of_last_month()
        assert "published" not in CliRunner().invoke(main, asked).stderr
        both = CliRunner().invoke(main, [*asked, "--office", "stc"])
        assert (both.exit_code, "give one" in both.output) == (2, True)
