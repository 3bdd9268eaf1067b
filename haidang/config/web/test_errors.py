"""A page that fails says that the fault was written down: it is, with its address and where it broke."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BROKEN = """
import types
import django
django.setup()
from django.test import Client, override_settings
from django.urls import path
urls = types.ModuleType("urls")
def broken(request):
    return 1 / int("0")
urls.urlpatterns = [path("hong/", broken)]
with override_settings(ROOT_URLCONF=urls, ALLOWED_HOSTS=["testserver"]):
    print(Client(raise_request_exception=False).get("/hong/").status_code)
"""


def test_a_fault_of_ours_is_written_with_its_address_and_traceback(tmp_path: Path) -> None:
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "haidang.config.settings", "HAIDANG_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", BROKEN], env=env, capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.split() == ["500"]
    assert "ERROR django.request Internal Server Error: /hong/" in done.stderr
    assert "ZeroDivisionError" in done.stderr
