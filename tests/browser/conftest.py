"""A real Chromium against the real web process, with a small province behind it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page

from haidang.config.web.trial import Trial, running, sign_in
from tests.province import Province, settle

# Playwright's loop runs in this thread; the test itself is plain synchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

DESK = (1366, 768)


@pytest.fixture(autouse=True)
def db(django_db_setup: None) -> None:
    """Takes the place of a transaction per test: another process must see the rows, so all share one province.

    By this name pytest-django knows that a database is needed.
    """


@dataclass
class Watch:
    """What a page did that it must not do."""

    origin: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.errors.append(message.text)

    def _request(self, url: str) -> None:
        if not url.startswith((self.origin, "data:", "blob:")):
            self.outside.append(url)

    def forget(self) -> None:
        self.errors.clear()
        self.outside.clear()

    def complaints(self) -> list[str]:
        return [*self.errors, *(f"request outside the origin: {url}" for url in self.outside)]


@dataclass
class Centre:
    """The running web process with its province and a browser."""

    web: Trial
    province: Province
    browser: Browser
    readers: dict[tuple[str | None, str, str], tuple[Page, Watch]] = field(default_factory=dict)

    def cookies(self, role: str) -> dict[str, str]:
        """A session of this role, without the sign-in pages."""
        return sign_in(self.province.people[role])

    @contextmanager
    def page(
        self,
        role: str | None = "operator",
        *,
        theme: str = "day",
        language: str = "vi",
        size: tuple[int, int] = DESK,
    ) -> Iterator[tuple[Page, Watch]]:
        """A page of its own browser context, signed in as this role or nobody, which must not misbehave."""
        page, watch = self._open(role, theme, language, size)
        try:
            yield page, watch
        finally:
            page.context.close()
        assert watch.complaints() == []

    @contextmanager
    def look(self, role: str | None, *, theme: str = "day", language: str = "vi") -> Iterator[Page]:
        """A page to look at without acting on it: one reader turns page after page, as people do.

        A browser of its own for every look costs more than the look.
        """
        reader = (role, theme, language)
        if reader not in self.readers:
            self.readers[reader] = self._open(*reader, DESK)
        page, watch = self.readers[reader]
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        try:
            yield page
            complaints = watch.complaints()
        finally:
            # A page nobody looks at any more goes on living beside those that come. And what it was blamed for,
            # also for being left, is not the next one's.
            page.goto("about:blank")
            watch.forget()
        assert complaints == []

    def _open(self, role: str | None, theme: str, language: str, size: tuple[int, int]) -> tuple[Page, Watch]:
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            base_url=self.web.url,
        )
        signed_in = self.cookies(role) if role else {}
        cookies = {"theme": theme, "django_language": language, **signed_in}
        context.add_cookies(
            [{"name": name, "value": value, "url": self.web.url} for name, value in cookies.items()]
        )
        watch = Watch(self.web.url)
        page = context.new_page()
        watch.follow(page)
        return page, watch


@contextmanager
def _closing_connections() -> Iterator[None]:
    try:
        yield
    finally:
        connections.close_all()


@pytest.fixture(scope="session")
def centre(
    chromium: Browser, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Centre]:
    """One for all tests of a worker, as a centre is one for all its people: expect what others did to it.

    It takes as long to make as ten pages take to look at.
    """
    with django_db_blocker.unblock(), _closing_connections():
        call_command("flush", interactive=False, verbosity=0)
        province = settle()
        with running(tmp_path_factory.mktemp("centre")) as web:
            centre = Centre(web, province, chromium)
            yield centre
            for page, _ in centre.readers.values():
                page.context.close()
            reports = web.metric("haidang_csp_reports_total")
            log = web.log.read_text()
    assert reports == 0, f"{reports:.0f} reports of the security policy"
    assert not re.search(r"Traceback|Internal Server Error", log), log[-4000:]
