"""What LibreOffice makes of a workbook of formulas; `make long` brings it (scripts/needs)."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

Rows = list[list[Any]]


def computed(path: Path) -> dict[str, Rows]:
    """Rows of each sheet after LibreOffice has computed the workbook."""
    home, out = path.parent / "libreoffice", path.parent / "computed"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    book = load_workbook(out / path.name, data_only=True)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets
    }
