"""`kill -9` in the middle of a pull: the next one goes on, no row is missing, and what came twice is a duplicate."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from haidang.config.supervisor.trial import Trial, trial

ADDRESS = "lakes.service"
ROWS = [
    {"id": n, "lake": "HO-1", "at": f"2026-11-20 {n // 60:02}:{n % 60:02}", "level": n / 100}
    for n in range(600)
]
FILES = {
    "domain.yml": "title: {vi: Hồ}\nasset_kinds: {lake: {vi: Hồ}}\n",
    "contracts/gauge.yml": (
        "title: {vi: Mực nước}\nkind: readings\nasset_kinds: [lake]\nevery: 10m\nsilent_after: 1d\n"
        "parameters: {Level: {title: {vi: Mực nước}, unit: m, min: 0, max: 99, decimals: 2}}\n"
    ),
    "sources/service.yml": (
        "title: {vi: Dịch vụ}\ncontract: lakes.gauge\ndoors: [pull]\nformat: json\npull:\n  kind: rest\n"
        "  url: http://127.0.0.1:PORT/\n  every: 10d\n  auth: {kind: bearer}\n"
        "  paging: {kind: cursor, parameter: after, next: next}\n  rows: rows\n"
        "  fields: {station: lake, at: at, values: {Level: level}, units: {Level: m}}\n"
    ),
}


class _Service(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        first = int(parse_qs(urlsplit(self.path).query).get("after", ["0"])[0])
        rows = ROWS[first : first + 100]
        body = json.dumps({"rows": rows, "next": first + 100 if first + 100 < len(ROWS) else None}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the test's own output is enough."""


@contextmanager
def _serving() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _pull(centre: Trial, crash: str = "") -> int:
    command = [sys.executable, "-m", "haidang", "pull", ADDRESS, "--once", "--json"]
    return subprocess.run(
        command, env={**centre.env, "HAIDANG_CRASH": crash}, cwd="/", check=False
    ).returncode


@pytest.mark.long
@pytest.mark.faults
def test_a_killed_puller_goes_on_without_a_gap_and_counts_nothing_twice(tmp_path: Path) -> None:
    with _serving() as port:
        for name, text in FILES.items():
            path = tmp_path / "lakes" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("PORT", str(port)), encoding="utf-8")
        with trial(HAIDANG_DOMAINS=str(tmp_path), HAIDANG_PULL_INTERNAL=f"127.0.0.1:{port}") as centre:
            # Ours must not be at the source while we are.
            (centre.home / "run" / "hold-pull").write_text(str(time.time() + 600))
            centre.wait_for(
                lambda: any(row["state"] == "held" for row in centre.states()), what="pull to be held"
            )
            centre.station("HO-1", "lake")
            centre.run("source", "credential", ADDRESS, text="geheim")
            # After the wire has it and before the cursor knows, and the other way round; at several pages.
            for crash in (
                "pull.after_accept:1",
                "pull.after_move:1",
                "pull.after_accept:2",
                "wire.after_publish:1",
            ):
                assert _pull(centre, crash) == -9, crash
            assert _pull(centre) == 0
            assert _pull(centre) == 0
            assert centre.json("pull", ADDRESS, "--once")["records"] == 0
            centre.wait_for(centre.settled, what="everything to be stored")
            ((received, stored, duplicate, refused, failed),) = centre.sql(
                "SELECT (SELECT sum(received) FROM store_doorcount WHERE source_address = s.address), t.stored,"
                " t.duplicate, t.refused, t.failed FROM store_tally t JOIN store_source s ON s.id = t.source_id"
                " WHERE s.address = %s",
                ADDRESS,
            )
            assert (stored, refused, failed) == (len(ROWS), 0, 0)
            assert duplicate == received - stored
            # Three portions came again by the kills; the pages before the last kill once more, as that run had not met them.
            assert duplicate == 500
            values = [row["value"] for row in centre.json("readings", "--source", ADDRESS)]
            assert values == [row["level"] for row in ROWS]
