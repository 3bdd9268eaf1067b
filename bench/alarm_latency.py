"""From a reading published over MQTT to its alarm painted in a browser, with 1,000 readings a second behind it."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from playwright.sync_api import Page, sync_playwright

from bench.centre import register_stations, signed_in
from bench.harness import against_limit, describe_machine, percentile
from haidang.config.supervisor.trial import Trial, trial

SOURCE = "environment.station_readings"
SAMPLES = 60
BEHIND_PER_S, BATCH = 1000, 100
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Painted: the frame after the one in which the row entered the document has begun.
WATCH = """() => {
  window.painted = {};
  new MutationObserver(() => document.querySelectorAll("#banner [data-row]").forEach(row => {
    if (row.id in window.painted) return;
    window.painted[row.id] = 0;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.painted[row.id] = Date.now();
      window.lastText = row.textContent;
    }));
  })).observe(document.getElementById("banner"), {childList: true, subtree: true});
}"""
SEEN = """([station]) => {
  for (const row of document.querySelectorAll("#banner [data-row]"))
    if (row.textContent.includes(station)) return window.painted[row.id] || 0;
  return 0;
}"""


def reading(value: float, parameter: str = "PM2.5") -> dict[str, object]:
    at = datetime.now(UTC) - timedelta(seconds=1)
    return {"parameter": parameter, "value": value, "unit": "µg/m3", "at": at.isoformat(), "status": "00"}


@contextmanager
def load_behind(centre: Trial, key: str, stations: list[str]) -> Iterator[list[int]]:
    """1,000 harmless readings a second through the push door, in ten requests."""
    stop, sent = threading.Event(), [0]

    def send() -> None:
        started, turn = time.monotonic(), 0
        with httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
            while not stop.wait(max(0.0, started + turn * BATCH / BEHIND_PER_S - time.monotonic())):
                now = datetime.now(UTC)
                readings = [reading(turn % 40 + number / 10, "PM10") for number in range(BATCH)]
                for number, one in enumerate(readings):
                    one["at"] = (now - timedelta(milliseconds=number)).isoformat()
                body = json.dumps({"station": stations[turn % len(stations)], "readings": readings})
                answer = client.post(centre.deliveries_url(SOURCE), content=body)
                assert answer.status_code == httpx.codes.ACCEPTED, answer.text
                sent[0] += BATCH
                turn += 1

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield sent
    finally:
        stop.set()
        thread.join()


def wait_painted(page: Page, station: str, patience_s: float = 10) -> float:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if at := page.evaluate(SEEN, [station]):
            return float(at)
        page.wait_for_timeout(10)
    raise AssertionError(f"no alarm of {station} on the page after {patience_s} s")


def main() -> None:
    describe_machine()
    with trial() as centre, sync_playwright() as playwright:
        stations = [f"L{number:03}" for number in range(SAMPLES)]
        register_stations(centre, stations)
        made = centre.key(SOURCE)
        cookies = dict(signed_in(centre).cookies)
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("HAIDANG_CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        context = browser.new_context(base_url=centre.web_url)
        context.add_cookies([{"name": k, "value": v, "url": centre.web_url} for k, v in cookies.items()])
        page = context.new_page()
        page.goto("/tram/")
        page.locator("#link-state[data-link=on]").wait_for()
        page.evaluate(WATCH)
        sensor = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench-alarm")
        sensor.username_pw_set(made["user"], made["password"])
        sensor.connect("127.0.0.1", centre.port("mqtt"))
        sensor.loop_start()
        topic = f"sources/{SOURCE.replace('.', '/')}"
        found: list[float] = []
        with load_behind(centre, made["key"], stations) as sent:
            time.sleep(3)
            before, started = sent[0], time.monotonic()
            for station in stations:
                published = time.time() * 1000
                sensor.publish(topic, json.dumps({"station": station, "readings": [reading(171.0)]}), qos=1)
                found.append(wait_painted(page, station) - published)
                time.sleep(0.2)
            behind = (sent[0] - before) / (time.monotonic() - started)
        sensor.loop_stop()
        browser.close()
    print(f"  {len(found)} alarms: p50 {percentile(found, 0.5):.0f} ms, p95 {percentile(found, 0.95):.0f} ms, "
          f"worst {max(found):.0f} ms; {behind:.0f} readings/s behind")  # fmt: skip
    against_limit(
        "alarm_latency", percentile(found, 0.95), limit=300, unit="ms p95", p50=round(percentile(found, 0.5), 1),
        behind_per_s=round(behind),
    )  # fmt: skip


if __name__ == "__main__":
    main()
