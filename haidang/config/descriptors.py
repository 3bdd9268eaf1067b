"""How many files and sockets this process may hold."""

from __future__ import annotations

import resource


def take_all() -> None:
    """As many as the machine allows: a thousand screens or stations are a thousand sockets, and the usual soft limit
    is 1,024 for everything.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
