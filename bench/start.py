"""From `haidang up` on a home that was used before to the first page, against fifteen seconds."""

from __future__ import annotations

import time

import httpx

from bench.centre import median
from bench.harness import against_limit, describe_machine
from haidang.config.supervisor.trial import Trial, trial

TURNS = 3


def first_page(centre: Trial) -> float:
    """Seconds until the sign-in page comes whole."""
    centre.stop()
    started = time.monotonic()
    centre.start()
    answer = httpx.get(f"{centre.web_url}/", follow_redirects=True, timeout=60)
    assert answer.status_code == httpx.codes.OK
    return time.monotonic() - started


def main() -> None:
    describe_machine()
    with trial() as centre:
        turns = [first_page(centre) for _ in range(TURNS)]
    print("  turns:", ", ".join(f"{turn:.1f} s" for turn in turns))
    against_limit("start", median(turns), limit=15, unit="s", turns=[round(turn, 2) for turn in turns])


if __name__ == "__main__":
    main()
