"""Named places where a fault test may kill the process.

`HAIDANG_CRASH=name` or `HAIDANG_CRASH=name:3` ends the process with SIGKILL the first (third) time the place is
passed. Without the variable a call costs one comparison.
"""

import os
import signal

_target, _, _count = os.environ.get("HAIDANG_CRASH", "").partition(":")
_left = int(_count or 1)

NAMES: set[str] = set()


def crashpoint(name: str) -> None:
    """Die here when this place was asked to crash."""
    global _left  # noqa: PLW0603 - counts passes of one process
    if not _target:
        return
    NAMES.add(name)
    if name == _target:
        _left -= 1
        if _left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
