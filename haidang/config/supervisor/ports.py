"""Whether the ports people and stations come to are free, asked before anything is started.

A child that cannot open its port ends and is started again for ever, while whoever has the port answers in its
place: the centre would greet with an address that is not its own.
"""

from __future__ import annotations

import errno
import os
import socket

from haidang.config import settings


def wanted() -> dict[str, int]:
    """Setting → port of every door this machine opens."""
    ports = {
        "HAIDANG_PORT": settings.HAIDANG_PORT,
        "HAIDANG_DOORS_PORT": settings.HAIDANG_DOORS_PORT,
        "HAIDANG_FTP_PORT": settings.HAIDANG_FTP_PORT,
    }
    if not settings.HAIDANG_MQTT_URL:
        ports["HAIDANG_MQTT_PORT"] = settings.HAIDANG_MQTT_PORT
    return ports


def why_closed(bind: str, ports: dict[str, int]) -> str:
    """The first port that cannot be opened, why, and what to set; empty when all can."""
    names: dict[int, str] = {}
    for name, port in ports.items():
        if other := names.get(port):
            return f"{other} and {name} are both {port}. Set one of them to another port."
        names[port] = name
        try:
            _open(bind, port)
        except socket.gaierror as error:
            return f"HAIDANG_BIND={bind} is no address: {error.strerror}."
        except OSError as error:
            return _told(error, bind, port, name)
    return ""


def _open(bind: str, port: int) -> None:
    (family, kind, _proto, _name, address), *_ = socket.getaddrinfo(
        bind, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    with socket.socket(family, kind) as probe:
        # As the doors and the pages open it: what lingers of a centre that was stopped is in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def _told(error: OSError, bind: str, port: int, name: str) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is taken by another program. Stop that, or set {name} to a free port."
        case errno.EACCES:
            return f"This account may not open port {port}. Set {name} to a port above 1023."
        case errno.EADDRNOTAVAIL:
            return f"HAIDANG_BIND={bind} is no address of this machine."
    return f"Port {port} ({name}) cannot be opened: {os.strerror(error.errno or 0)}."
