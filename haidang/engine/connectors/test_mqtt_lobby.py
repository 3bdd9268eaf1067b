"""Places at the MQTT door: counted for each address, few for strangers, none taken from whoever is known."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from haidang.engine.connectors.mqtt_lobby import Limits, Lobby, origin


@dataclass(eq=False)
class Caller:
    """A connection that only remembers that it was turned out."""

    has_spoken: bool = False
    is_out: bool = False

    def turn_out(self) -> None:
        self.is_out = True


@pytest.mark.parametrize(
    ("host", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_one_subscriber_is_one_address(host: str, counted_as: str) -> None:
    assert origin(host) == counted_as


def test_strangers_of_one_address_leave_room_for_those_of_another() -> None:
    lobby: Lobby[Caller] = Lobby(Limits(strangers=3, strangers_of_address=2))
    first, second, third, far, late = (Caller() for _ in range(5))
    for caller in (first, second, third):
        assert lobby.admit(caller, "203.0.113.7") == ""
    assert [first.is_out, second.is_out] == [True, False]
    assert lobby.admit(far, "203.0.113.8") == ""
    assert lobby.admit(late, "203.0.113.9") == ""
    assert [second.is_out, third.is_out, far.is_out] == [True, False, False]


def test_who_has_spoken_is_not_turned_out_and_the_next_one_has_to_wait() -> None:
    lobby: Lobby[Caller] = Lobby(Limits(strangers=2, strangers_of_address=1))
    asking, other = Caller(has_spoken=True), Caller(has_spoken=True)
    assert lobby.admit(asking, "203.0.113.7") == ""
    assert lobby.admit(Caller(), "203.0.113.7") == "address_full"
    assert lobby.admit(other, "203.0.113.8") == ""
    assert lobby.admit(Caller(), "203.0.113.9") == "door_busy"
    lobby.know(asking)
    assert lobby.admit(Caller(), "203.0.113.9") == ""
    assert not asking.is_out


def test_whoever_goes_gives_the_place_back_once() -> None:
    lobby: Lobby[Caller] = Lobby(Limits(of_address=1))
    one = Caller()
    lobby.admit(one, "203.0.113.7")
    assert lobby.admit(Caller(), "203.0.113.7") == "address_full"
    lobby.leave(one)
    lobby.leave(one)
    assert lobby.admit(one, "203.0.113.7") == ""
    assert lobby.admit(Caller(), "203.0.113.7") == "address_full"
