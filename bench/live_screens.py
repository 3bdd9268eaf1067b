"""A thousand live screens on one worker: from a change's commit to the fragment in each of them, p95 ≤ 1 s.

Every screen is a stream of its own session and asks for the alarm list again on each change, as the page does. One
of them is a real Chromium, so that the time to paint is measured too.
"""

from __future__ import annotations

import asyncio
import os
import resource
import tempfile
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from playwright.sync_api import sync_playwright

from bench.centre import pss_mb
from bench.harness import against_limit, describe_machine, percentile
from bench.record import fresh_database

SCREENS = int(os.environ.get("HAIDANG_BENCH_SCREENS") or 1000)
CHANGES, PAUSE_S, PATIENCE_S = 20, 2.0, 120
FRAGMENT = "/bao-dong/danh-sach/"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Screens:
    """All simulated screens in one event loop of a thread of its own."""

    def __init__(self, url: str, sessions: list[str]) -> None:
        self.url = urlsplit(url)
        self.sessions = sessions
        self.open = 0
        self.heard: dict[int, list[float]] = {}
        self.fetched: dict[int, list[float]] = {}
        self.failed: list[str] = []
        self._futures: list[Future[None]] = []
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def start(self) -> None:
        for number, session in enumerate(self.sessions):
            self._futures.append(asyncio.run_coroutine_threadsafe(self._screen(number, session), self._loop))

    def stop(self) -> None:
        for future in self._futures:
            future.cancel()
        asyncio.run_coroutine_threadsafe(asyncio.sleep(1), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.url.port)

    def _request(self, path: str, session: str, more: str = "") -> bytes:
        head = f"GET {path} HTTP/1.1\r\nHost: {self.url.netloc}\r\nCookie: sessionid={session}\r\n{more}\r\n"
        return head.encode()

    async def _screen(self, number: int, session: str) -> None:
        try:
            await asyncio.sleep(number / 200)
            stream, writer = await self._connect()
            pages, asking = await self._connect()
            writer.write(self._request("/live?topics=alarms", session))
            head = await stream.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n")[0]:
                self.failed.append(head.decode(errors="replace")[:80])
                return
            self.open += 1
            while True:
                line = await stream.readline()
                if not line:
                    self.failed.append("stream ended")
                    return
                if line.startswith(b"id: "):
                    version = int(line[4:])
                    self.heard.setdefault(version, []).append(time.time())
                    asking.write(
                        self._request(FRAGMENT, session, f"HX-Request: true\r\nX-Live-Version: {version}\r\n")
                    )
                    await self._read_body(pages)
                    self.fetched.setdefault(version, []).append(time.time())
        except (OSError, asyncio.IncompleteReadError) as error:
            self.failed.append(repr(error))

    @staticmethod
    async def _read_body(reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if b" 200 " not in head.split(b"\r\n")[0] + b" ":
            raise OSError(head.decode(errors="replace")[:120])
        if b"content-length:" in head:
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            return
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()


def main() -> None:
    describe_machine()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with fresh_database("haidang_bench_live"), tempfile.TemporaryDirectory() as home:
        from haidang.config.web.trial import database_url, running, sign_in
        from tests.province import settle

        province = settle()
        operator = province.people["operator"]
        sessions = [sign_in(operator)["sessionid"] for _ in range(SCREENS)]
        browser_session = sign_in(operator)["sessionid"]
        # Django would open a second connection under Playwright's loop; from here on we speak to the database ourselves.
        outbox = psycopg.connect(database_url(), autocommit=True)
        with running(Path(home)) as web, outbox, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("HAIDANG_CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
            )
            context = browser.new_context(base_url=web.url)
            context.add_cookies([{"name": "sessionid", "value": browser_session, "url": web.url}])
            page = context.new_page()
            page.goto("/bao-dong/")
            page.locator("#link-state[data-link=on]").wait_for()
            page.evaluate(
                "() => { window.at = 0; document.addEventListener('live:painted', e => "
                f"e.detail.address === '{FRAGMENT}' && requestAnimationFrame(() => requestAnimationFrame(() => "
                "{ window.at = Date.now(); }))); }"
            )
            screens = Screens(web.url, sessions)
            screens.start()
            deadline = time.monotonic() + PATIENCE_S
            while screens.open + len(screens.failed) < SCREENS and time.monotonic() < deadline:
                page.wait_for_timeout(200)
            print(
                f"  {screens.open} streams open; {len(screens.failed)} failed {screens.failed[:2]}",
                flush=True,
            )
            said: dict[float, float] = {}
            painted: list[float] = []
            for number in range(CHANGES):
                page.evaluate("() => { window.at = 0; }")
                with outbox.transaction():
                    outbox.execute(
                        "INSERT INTO notify_change (topic, object_id, at) VALUES ('alarms', %s, now())",
                        [str(number)],
                    )
                    outbox.execute("NOTIFY haidang_live")
                at = time.time()
                said[at] = at
                page.wait_for_timeout(PAUSE_S * 1000)
                if drawn := page.evaluate("() => window.at"):
                    painted.append(drawn / 1000 - at)
            browser.close()
            screens.stop()
            copies = web.metric("haidang_fragments_total")
            memory = pss_mb(web.process.pid)
        moments = sorted(said)
        late = [
            when - max(moment for moment in moments if moment <= first + 0.05)
            for version, times in screens.fetched.items()
            for first in [min(screens.heard[version])]
            for when in times
        ]
    told = sum(len(times) for times in screens.fetched.values())
    print(f"  {told} of {SCREENS * CHANGES} fragments, {copies:.0f} asked; web process {memory:.0f} MB")
    for what, values in (("fetched", late), ("painted", painted)):
        print(
            f"  {what} p50 {percentile(values, 0.5) * 1000:.0f}, p95 {percentile(values, 0.95) * 1000:.0f} ms"
        )
    worst = max(percentile(late, 0.95), percentile(painted, 0.95)) * 1000
    against_limit(
        "live_screens", worst, limit=1000, unit="ms p95", screens=screens.open, failed=len(screens.failed),
        fragments=told, memory_mb=round(memory),
    )  # fmt: skip


if __name__ == "__main__":
    main()
