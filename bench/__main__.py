"""`python -m bench [NAME …] [--long]`: all benchmarks, or the named ones; the last line of each is JSON."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
# Not benchmarks: what they are made with.
APART = {"__init__", "__main__", "harness", "record", "centre"}
# These take from ten minutes to hours; `make long` runs them too.
LONG = {"live_screens", "growth"}


def names() -> list[str]:
    found = {path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("test_")}
    return sorted(found - APART)


def main(arguments: list[str]) -> int:
    wanted = [name.replace("-", "_") for name in arguments if not name.startswith("-")]
    if unknown := set(wanted) - set(names()):
        print(f"No benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}.", file=sys.stderr)
        return 2
    chosen = wanted or [name for name in names() if name not in LONG or "--long" in arguments]
    # A process each: what one leaves behind must not be measured by the next.
    codes = [
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode for name in chosen
    ]
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
