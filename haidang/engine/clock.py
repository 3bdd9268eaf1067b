"""The one clock of the engine.

Every stage asks `now()` instead of the system, so that a test or a drill can move time without patching
modules, and a fault test can skew one process.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR = timedelta(hours=1)

# HAIDANG_CLOCK_SKEW is seconds added to the system clock; fault tests set it on one child process.
_skew = float(os.environ.get("HAIDANG_CLOCK_SKEW", "0"))
_source: Callable[[], float] = time.time


def timestamp() -> float:
    """Seconds since 1970-01-01T00:00Z, with the injected skew."""
    return _source() + _skew


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.fromtimestamp(timestamp(), UTC)


def local(instant: datetime) -> datetime:
    """The same instant on Vietnamese clocks."""
    return instant.astimezone(LOCAL)


def today() -> date:
    """The day it is in Việt Nam."""
    return local(now()).date()


def set_source(source: Callable[[], float] | None) -> None:
    """Replace the clock (seconds since 1970); `None` gives the system clock back."""
    global _source  # noqa: PLW0603 - one process has one clock
    _source = source or time.time


def hour_end(instant: datetime) -> datetime:
    """End of the hour that holds `instant`: hour H holds the stamps in (H−1, H]."""
    floor = instant.replace(minute=0, second=0, microsecond=0)
    return floor if floor == instant else floor + timedelta(hours=1)
