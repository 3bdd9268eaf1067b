"""Answer of the push door while ten heavy pages are asked for without pause, against its answer without them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx

from bench.centre import signed_in, timed
from bench.harness import compare, percentile
from haidang.config.supervisor.trial import Trial, trial

SOURCE = "environment.station_readings"
PAGES, SENT = 10, 200
HEAVY = ("/", "/bang/environment.air/", "/tram/", "/bao-dong/", "/nguon/")


class Pusher:
    """One station that sends one reading at a time."""

    def __init__(self, centre: Trial) -> None:
        centre.station("BENCH-1")
        key = centre.key(SOURCE)["key"]
        self._client = httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=60)
        self._address = centre.deliveries_url(SOURCE)
        self._value = 0

    def push(self) -> None:
        self._value = (self._value + 1) % 80
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        reading = {"parameter": "PM10", "value": self._value, "unit": "µg/m3", "at": at, "status": "00"}
        answer = self._client.post(
            self._address, content=json.dumps({"station": "BENCH-1", "readings": [reading]})
        )
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text

    def p95(self) -> float:
        return percentile(timed(self.push, SENT), 0.95)


@contextmanager
def busy_pages(centre: Trial, cookies: dict[str, str]) -> Iterator[None]:
    """Ten screens of one person that reload as fast as they are answered.

    In a process of their own: in ours they would make the pusher wait for the interpreter, not for the door.
    """
    screens = subprocess.Popen(
        [sys.executable, "-m", "bench.push_beside_pages", "screens"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert screens.stdin is not None
    assert screens.stdout is not None
    try:
        screens.stdin.write(json.dumps({"url": centre.web_url, "cookies": cookies}) + "\n")
        screens.stdin.flush()
        assert screens.stdout.readline() == "busy\n", "the pages beside were not busy"
        yield
    finally:
        screens.stdin.close()
        told = screens.stdout.read()
        screens.wait()
    print(f"    {told.strip()}")
    if screens.returncode:
        raise SystemExit("the pages beside were not busy")


def be_screens() -> None:
    """The other process: reload until our input ends, then tell how many pages came."""
    asked = json.loads(sys.stdin.readline())
    stop, counted, wrong = threading.Event(), [0] * PAGES, []

    def reload(number: int) -> None:
        with httpx.Client(base_url=asked["url"], cookies=asked["cookies"], timeout=60) as screen:
            while not stop.is_set():
                path = HEAVY[number % len(HEAVY)]
                if (status := screen.get(path).status_code) != httpx.codes.OK:
                    wrong.append(f"{path} answered {status}")
                    return
                counted[number] += 1

    threads = [threading.Thread(target=reload, args=(number,), daemon=True) for number in range(PAGES)]
    for thread in threads:
        thread.start()
    while not all(counted) and not wrong:
        time.sleep(0.05)
    before, started = sum(counted), time.monotonic()
    print("busy", flush=True)
    sys.stdin.read()
    print(f"{(sum(counted) - before) / (time.monotonic() - started):.1f} pages/s beside {' '.join(wrong)}")
    stop.set()
    for thread in threads:
        thread.join()
    sys.exit(bool(wrong))


def main() -> None:
    with trial() as centre:
        pusher = Pusher(centre)
        client = signed_in(centre)  # once: ten sign-ins at a time are turned away, as they should be
        cookies = dict(client.cookies)
        client.close()

        def beside() -> float:
            with busy_pages(centre, cookies):
                return pusher.p95()

        compare(
            "push_beside_pages",
            measured=beside,
            baseline=pusher.p95,
            unit="ms p95",
            must=2,
            higher_is_better=False,
        )


if __name__ == "__main__":
    be_screens() if sys.argv[1:] == ["screens"] else main()
