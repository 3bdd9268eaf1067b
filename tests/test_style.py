"""What `make check` asks holds on every landing, not only where somebody remembered to ask."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

BIN = Path(sys.executable).parent
CHECKS = {
    "lint": [BIN / "ruff", "check", "."],
    "format": [BIN / "ruff", "format", "--check", "."],
    "types": [BIN / "mypy", "haidang"],
    "imports": [BIN / "lint-imports"],
    "templates": [BIN / "djlint", "--lint", "--quiet", "haidang"],
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_tree_keeps_its_own_rules(check: str) -> None:
    done = subprocess.run(CHECKS[check], cwd=settings.PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
