"""A port that somebody else has is named before anything is started."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from haidang.config.broker import free_port
from haidang.config.supervisor import centre as module
from haidang.config.supervisor.centre import Centre
from haidang.config.supervisor.ports import why_closed


def test_a_taken_port_is_named_with_the_setting_that_moves_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        why = why_closed("127.0.0.1", {"HAIDANG_PORT": free_port(), "HAIDANG_MQTT_PORT": port})
    assert f"Port {port}" in why
    assert "HAIDANG_MQTT_PORT" in why
    assert why_closed("127.0.0.1", {"HAIDANG_MQTT_PORT": port}) == ""


@pytest.mark.parametrize(
    ("bind", "ports", "words"),
    [
        ("127.0.0.1", {"HAIDANG_PORT": 18001, "HAIDANG_DOORS_PORT": 18001}, "are both 18001"),
        ("192.0.2.1", {"HAIDANG_PORT": 18001}, "no address of this machine"),
        ("không phải", {"HAIDANG_PORT": 18001}, "is no address"),
    ],
)
def test_settings_that_cannot_be_are_said(bind: str, ports: dict[str, int], words: str) -> None:
    assert words in why_closed(bind, ports)


def test_a_centre_whose_port_is_taken_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(module.settings, "HAIDANG_HOME", tmp_path)
    monkeypatch.setattr(module, "_PORTS_S", 0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr(module.settings, "HAIDANG_PORT", other.getsockname()[1])
        centre = Centre(say=said.append)
        assert centre.run() == 1
    assert "HAIDANG_PORT" in said[-1]
    assert centre.children == []
