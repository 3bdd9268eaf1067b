"""Sends the offices' files through the push door, in a thread of its own, each once: what was acknowledged is written down."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from haidang.demo.senders import NotTaken, Push, Refused
from haidang.demo.sheets.months import Month, day_of
from haidang.demo.sheets.post import OFFICES, Parcel, PostRoom
from haidang.demo.station import Outside

log = logging.getLogger("haidang.demo")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Live readings come first: making and sending files takes at most this share of the time.
SHARE = 0.5
LOOK_S = 5.0
# The centre greets first: its pages start beside the simulator.
HEAD_START_S = 10.0


@dataclass(slots=True)
class Sent:
    """`begun` is when the files of a month that was reported began to arrive, by the code of the month."""

    begun: dict[str, float] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


class Sheets:
    """Turns the plan of the post room into deliveries."""

    def __init__(
        self, outside: Outside, path: Path, pushes: dict[str, Push], *, clock: Callable[[], float] = time.time
    ) -> None:
        self.path, self.pushes, self.clock, self.outside = path, pushes, clock, outside
        self.stopped = threading.Event()
        self.sent = Sent(**json.loads(path.read_text())) if path.exists() else Sent()
        self.room = PostRoom(outside, day_of(min(self.sent.begun.values(), default=clock())))
        self._settled = set(self.sent.done) | set(self.sent.refused)

    @classmethod
    def of(cls, outside: Outside, folder: Path) -> Sheets | None:
        """None where the province has no contract of sheets."""
        logins = {login.source: login for login in outside.logins if login.door == "sheets"}
        if not outside.communes or not set(OFFICES) <= set(logins):
            return None
        pushes = {source: Push(outside.doors, login) for source, login in logins.items()}
        return cls(outside, folder / "sheets.json", pushes)

    def run(self) -> None:
        self.stopped.wait(HEAD_START_S)
        while not self.stopped.is_set():
            self.look()
            self.stopped.wait(LOOK_S)
        for push in self.pushes.values():
            push.close()

    def look(self) -> int:
        """Send what is due and was not sent yet; how many files that was."""
        count, reported, today = 0, Month.at(self.clock()).before, day_of(self.clock())
        begun = self.sent.begun.setdefault(reported.code, self.clock())
        for parcel in self._waiting(self.room.parcels(reported, today)):
            if self.stopped.is_set():
                break
            if begun + parcel.after_s <= self.clock():
                count += self._send(parcel)
        return count

    def _waiting(self, parcels: Iterable[Parcel]) -> list[Parcel]:
        return [parcel for parcel in parcels if parcel.key not in self._settled]

    def _send(self, parcel: Parcel) -> bool:
        begun = time.monotonic()
        asked = {"period": parcel.period, "office": parcel.office, "name": parcel.name}
        once = f"sheet-{self.outside.province}-{parcel.key.replace(' ', '-')}"
        try:
            self.pushes[parcel.source].post(parcel.body(), XLSX, once, asked=asked)
        except NotTaken as error:
            log.info("%s waits: %s", parcel.key, error)
            self.stopped.wait(error.after_s)
            return False
        except Refused as error:
            log.warning("%s was refused: %s", parcel.key, error)
            self.sent.refused[parcel.key] = str(error)
        else:
            self.sent.done.append(parcel.key)
        self._settled.add(parcel.key)
        self._write()
        self.stopped.wait((time.monotonic() - begun) * (1 / SHARE - 1))
        return True

    def _write(self) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(self.sent)))
        draft.replace(self.path)
