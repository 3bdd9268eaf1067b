"""Proportional memory (PSS) of all processes of a centre that is doing nothing, against 900 MB."""

from __future__ import annotations

import time

from bench.centre import processes, pss_mb, signed_in
from bench.harness import against_limit, describe_machine
from haidang.config.supervisor.trial import trial

SETTLE_S = 20


def main() -> None:
    describe_machine()
    with trial() as centre:
        # A process that has answered nothing yet looks smaller than it is.
        client = signed_in(centre)
        for path in ("/", "/tram/", "/bao-dong/", "/"):
            client.get(path)
        client.close()
        time.sleep(SETTLE_S)
        total = 0.0
        for process in sorted(processes(centre), key=lambda p: p.pid):
            total += pss_mb(process.pid)
            print(f"  {pss_mb(process.pid):7.1f} MB  {' '.join(process.cmdline())[:90]}")
    against_limit("memory", total, limit=900, unit="MB")


if __name__ == "__main__":
    main()
