"""How changes are folded and handed out, without a network."""

import asyncio
import json
from typing import Any

from haidang.config.web.hub import QUEUE_LENGTH, Change, Hub, Screen, message

EVERYTHING = frozenset({"alarms", "figures", "orders"})


def screen(topics: frozenset[str] = EVERYTHING, *, whole: bool = True, session: str = "s") -> Screen:
    return Screen(session=session, person_id=1, proof="", topics=topics, whole=whole, scope="scope")


def data_of(event: bytes | None) -> Any:
    assert event is not None
    line = next(line for line in event.decode().splitlines() if line.startswith("data: "))
    return json.loads(line.removeprefix("data: "))


def test_a_message_holds_only_topics_of_its_audience() -> None:
    changes = [(("alarms", "7"), 1), (("orders", "3"), 2)]
    assert data_of(message(changes, (frozenset({"orders"}), True))) == [["orders", "3", 2]]
    assert message(changes, (frozenset({"figures"}), True)) == b""


def test_people_of_limited_scope_hear_the_topic_but_not_the_object() -> None:
    changes = [(("orders", "3"), 1), (("orders", "4"), 2)]
    assert data_of(message(changes, (EVERYTHING, False))) == [["orders", "", 2]]


async def test_an_alarm_reaches_every_screen_at_once_and_a_figure_waits_for_its_turn() -> None:
    hub, one = Hub(), screen()
    hub.enter(one)
    hub.publish([Change(1, "figures", "a"), Change(2, "alarms", "7")])
    assert data_of(one.queue.get_nowait()) == [["alarms", "7", 2]]
    assert one.queue.empty()
    running = asyncio.create_task(hub.run())
    assert data_of(await asyncio.wait_for(one.queue.get(), 2)) == [["figures", "a", 1]]
    running.cancel()


async def test_ten_changes_of_one_object_within_a_second_are_one() -> None:
    hub, one = Hub(), screen()
    hub.enter(one)
    for number in range(10):
        hub.publish([Change(number, "figures", "a")])
    running = asyncio.create_task(hub.run())
    assert data_of(await asyncio.wait_for(one.queue.get(), 2)) == [["figures", "a", 9]]
    assert one.queue.empty()
    running.cancel()


async def test_a_burst_of_alarms_is_folded_into_few_messages() -> None:
    hub, one = Hub(), screen()
    hub.enter(one)
    for number in range(50):
        hub.publish([Change(number, "alarms", str(number))])
    first = data_of(one.queue.get_nowait())
    rest = data_of(await asyncio.wait_for(one.queue.get(), 2))
    assert len(first) == 1
    assert len(rest) == 49


async def test_a_screen_that_does_not_read_is_dropped_and_the_others_go_on() -> None:
    hub, slow, good = Hub(), screen(), screen()
    hub.enter(slow)
    hub.enter(good)
    for number in range(QUEUE_LENGTH + 1):
        hub._send({slow}, {("alarms", str(number)): number})
    hub._send({good}, {("alarms", "1"): 1})
    assert slow not in hub.screens
    assert good in hub.screens
    assert good.queue.qsize() == 1
    left = [slow.queue.get_nowait() for _ in range(slow.queue.qsize())]
    assert left[-1] is None


async def test_the_scope_of_a_session_is_known_while_one_of_its_streams_is_open() -> None:
    hub, first, second = Hub(), screen(session="x"), screen(session="x")
    hub.enter(first)
    hub.enter(second)
    hub.leave(first)
    assert hub.scope_of("x") == "scope"
    hub.leave(second)
    assert hub.scope_of("x") is None
