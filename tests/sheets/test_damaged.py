"""Whatever is broken in a file, the answer is a verdict or a refusal with its reason, never an error of ours."""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from haidang.config.cli import main
from haidang.engine.contracts.sheets.book import Book, Unreadable
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.tree import OURS, load_tree

SAMPLES = sorted(OURS.glob("*/contracts/*.sample.xlsx"))
CONTRACTS = {address: entry.thing for address, entry in load_tree().sheets.items()}


def contract_of(sample: Path) -> str:
    return f"{sample.parents[1].name}.{sample.name.partition('.')[0]}"


def spoiled(sample: Path, path: Path, rng: random.Random) -> Path:
    """A few bytes of one part changed, cut or doubled; the archive itself stays whole."""
    with zipfile.ZipFile(sample) as old, zipfile.ZipFile(path, "w") as new:
        target = rng.choice([name for name in old.namelist() if name.endswith((".xml", ".rels"))])
        for name in old.namelist():
            data = bytearray(old.read(name))
            for _ in range(rng.randint(1, 6)) if name == target else ():
                place, span = rng.randrange(len(data)), rng.randint(1, 12)
                change = rng.choice(["flip", "cut", "double"])
                if change == "flip":
                    data[place] = rng.randrange(256)
                elif change == "cut" and len(data) > 60:
                    del data[place : place + span]
                else:
                    data[place:place] = data[place : place + span]
            new.writestr(name, bytes(data))
    return path


@pytest.mark.parametrize("sample", SAMPLES, ids=contract_of)
def test_a_damaged_part_ends_in_a_verdict_or_a_refusal(sample: Path, tmp_path: Path):
    rng = random.Random(sample.name)  # noqa: S311 - a file, no secret
    for _ in range(40):
        path = spoiled(sample, tmp_path / "hong.xlsx", rng)
        try:
            with Book(path) as book:
                for cell in Examination(CONTRACTS[contract_of(sample)], Period.parse("2026-10")).cells(book):
                    json.dumps(cell.as_dict())
        except Unreadable as error:
            assert error.code  # noqa: PT017 - either way is right


def test_a_file_that_breaks_off_on_the_way_is_still_one_json_and_ends_with_2(tmp_path: Path):
    sample = OURS / "services" / "contracts" / "dossiers.sample.xlsx"
    path = tmp_path / "dut.xlsx"
    with zipfile.ZipFile(sample) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                rows = data[data.index(b'<row r="2"') : data.index(b"</sheetData>")]
                many = b"".join(rows for _ in range(3))
                data = data.replace(rows, many.replace(b'r="A41"', b'r="A41" t="s"'))
            new.writestr(name, data)
    done = CliRunner().invoke(
        main, ["import", str(path), "--contract", "services.dossiers", "--period", "2026-10", "--json"]
    )
    assert done.exit_code == 2, done.output
    assert [cell["codes"] for cell in json.loads(done.stdout)][-1] == ["damaged"]
