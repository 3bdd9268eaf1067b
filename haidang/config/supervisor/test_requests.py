"""What other processes ask of the supervisor by files in `run/`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from haidang.config.supervisor import centre as module
from haidang.config.supervisor.centre import Centre
from haidang.config.supervisor.children import Child


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    monkeypatch.setattr(module.settings, "HAIDANG_HOME", tmp_path)
    made = Centre()
    made.home.run.mkdir(parents=True, exist_ok=True)
    pause = [sys.executable, "-c", "import signal; signal.pause()"]
    child = Child("nats", lambda: pause, tmp_path)
    child.start()
    made.children.append(child)
    yield made
    child.stop()


def test_a_process_is_held_down_until_the_time_asked_for(centre: Centre) -> None:
    hold, child = centre.home.run / "hold-nats", centre.children[0]
    hold.write_text(str(time.time() + 60))
    assert centre._obey()
    assert child.state == "held"
    hold.write_text("1")
    assert centre._obey()
    assert (child.state, hold.exists()) == ("waiting", False)


def test_a_request_that_is_only_being_written_is_neither_lost_nor_obeyed(centre: Centre) -> None:
    hold, child = centre.home.run / "hold-nats", centre.children[0]
    with hold.open("w") as file:
        assert not centre._obey()
        assert child.state == "running"
        file.write(str(time.time() + 60))
    assert centre._obey()
    assert child.state == "held"
    with hold.open("w"):
        assert not centre._obey()
    assert child.state == "held", "a request written anew does not let it go in between"
