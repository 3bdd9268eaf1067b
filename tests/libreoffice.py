"""What LibreOffice makes of a workbook of formulas; `make long` brings it (scripts/needs)."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

Rows = list[list[Any]]


_ANEW = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


def converted(path: Path, form: str = "xlsx", *, anew: bool = False) -> Path:
    """The file as LibreOffice opens it and saves it again; `anew` computes formulas that already have a result too."""
    kind = "-anew" if anew else ""
    home, out = path.parent / f"libreoffice{kind}", path.parent / f"computed{kind}"
    if anew:
        (home / "user").mkdir(parents=True, exist_ok=True)
        (home / "user" / "registrymodifications.xcu").write_text(_ANEW)
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", form, "--outdir", str(out), str(path)],
        check=False, capture_output=True, timeout=300, text=True,
    )  # fmt: skip
    made = (out / path.name).with_suffix(f".{form}")
    assert done.returncode == 0, (done.returncode, done.stderr)
    assert made.exists(), done.stderr
    return made


def computed(path: Path) -> dict[str, Rows]:
    """Rows of each sheet after LibreOffice has computed the workbook."""
    book = load_workbook(converted(path), data_only=True)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets
    }
