"""The greeting waits until pages and doors answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from haidang.config.supervisor import centre as module
from haidang.config.supervisor.centre import Centre


class Place(BaseHTTPRequestHandler):
    """Pages and doors behind one port; each answers once `open` has its path."""

    open: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        self.send_response(200 if self.path in self.open else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    monkeypatch.setattr(Place, "open", set())
    with HTTPServer(("127.0.0.1", 0), Place) as server:
        for name in ("HAIDANG_PORT", "HAIDANG_DOORS_PORT"):
            monkeypatch.setattr(module.settings, name, server.server_port)
        monkeypatch.setattr(module.settings, "HAIDANG_BIND", "127.0.0.1")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Place.open
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("order", [["/healthz", "/readyz"], ["/readyz", "/healthz"]])
def test_it_waits_for_the_later_of_pages_and_doors(
    place: set[str], monkeypatch: pytest.MonkeyPatch, order: list[str]
) -> None:
    left = ["", *order]
    said: list[str] = []
    centre = Centre(say=said.append)
    monkeypatch.setattr(centre, "_tick", lambda: place.add(left.pop(0)))
    centre._wait_for_answers()
    assert left == []
    assert said == []


def test_it_names_what_does_not_answer(place: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    place.add("/healthz")
    monkeypatch.setattr(module, "_ANSWERS_S", 0)
    centre = Centre(say=said.append)
    centre._wait_for_answers()
    (line,) = said
    assert "/readyz" in line
    assert "/healthz" not in line
