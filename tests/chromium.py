"""One Chromium for all tests of a worker: Playwright allows one loop in a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

# Playwright's loop runs in this thread; the test itself is plain synchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# When a test that hangs is given up; how fast a page is, is measured elsewhere.
expect.set_options(timeout=60_000)

# Each window would load two pages of the address bar's own, a second of work that no test sees. Chromium hears the last
# such list alone: of Playwright's own this repeats what shapes how a page loads and is painted.
WITHOUT = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *(
        "AvoidUnnecessaryBeforeUnloadCheckSync",
        "DestroyProfileOnBrowserClose",
        "HttpsFirstBalancedModeAutoEnable",
    ),
    *("HttpsUpgrades", "MediaRouter", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
    "ThirdPartyStoragePartitioning",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The map needs WebGL, drawn by software here; the rest of a page is put together without that detour, which
    # cost as much as everything else a page does.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
    f"--disable-features={','.join(WITHOUT)}",
    # Whatever is asked of another host fails at once instead of leaving the machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]


def chromium_path() -> str:
    return os.environ.get("HAIDANG_CHROMIUM") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    # The database is set up first: under Playwright's loop Django would set up another connection than tests use.
    path = chromium_path()
    if not Path(path).exists():
        pytest.fail(f"{path} is missing: apt-get install chromium, or set HAIDANG_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
