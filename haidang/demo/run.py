"""The simulator: forty stations speaking through the public doors until it is stopped."""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from haidang.demo import faults
from haidang.demo.history import History
from haidang.demo.line import Line
from haidang.demo.province import Episode, Province
from haidang.demo.senders import KIND, NotTaken, Push, Refused
from haidang.demo.sheets.sending import Sheets
from haidang.demo.station import Login, Outside, Station, read

log = logging.getLogger("haidang.demo")
ASKED_LASTS_S = 420.0
WRONG_KEY_EVERY_S = 1800
HELD_S = 900


class Simulator:
    """Asks the province what each station has to say since the last look, and puts it on its line."""

    def __init__(self, outside: Outside, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.outside, self.folder, self.clock = outside, folder, clock
        self.province = Province(outside)
        self.lines: dict[str, Line] = {}
        self.line_of = {station.code: self._line(outside.login_of(station)) for station in outside.stations}
        self.looked_at = self._left_off()
        self.asked_stamp = self._asked_stamp()
        self.stopped = threading.Event()
        self.history: History | None = None
        self.sheets: Sheets | None = None

    def _line(self, login: Login) -> Line:
        name = f"{login.door}:{login.user}"
        if name not in self.lines:
            self.lines[name] = Line(name, KIND[login.door](self.outside.doors, login))
        return self.lines[name]

    def _left_off(self) -> float:
        """A logger sends what it holds when its line comes up: screens live from the first minute, and a restart
        repeats next to nothing.
        """
        path, longest = self.folder / "lines.json", self.clock() - HELD_S
        return max(longest, json.loads(path.read_text())["at"]) if path.exists() else longest

    def start(self) -> None:
        for line in self.lines.values():
            line.thread.start()
        login = next((one for one in self.outside.logins if one.door == "history"), None)
        if login and self.outside.history_days:
            push = Push(self.outside.doors, login)
            self.history = History(self.province, push, self.folder / "history.json")
            threading.Thread(target=self.history.run, name="history", daemon=True).start()
        if sheets := Sheets.of(self.outside, self.folder):
            self.sheets = sheets
            threading.Thread(target=sheets.run, name="sheets", daemon=True).start()

    def look(self) -> int:
        """One turn: everything that fell due since the last one. Returns how many reports that was."""
        now, count = self.clock(), 0
        for station in self.outside.stations:
            line, is_cut = self.line_of[station.code], faults.is_cut(station, now)
            for _, report in self.province.reports(station, self.looked_at, now):
                line.put(report, is_cut=is_cut)
                count += 1
            if not is_cut and station.code in line.held:
                line.mend(station.code)
        self._wrong_key(now)
        self.looked_at = now
        count += self._asked_episode(now)
        return count

    def _asked_stamp(self) -> int:
        path = self.folder / "episode"
        return path.stat().st_mtime_ns if path.exists() else 0

    def _asked_episode(self, now: float) -> int:
        """`haidang demo episode` touches a file; the heart of the episode speaks at once, out of its turn."""
        stamp = self._asked_stamp()
        if stamp == self.asked_stamp:
            return 0
        self.asked_stamp = stamp
        heart = self._next_heart()
        # It begins a little in the past, so that the first reading already stands on the plateau.
        self.province.asked.append(Episode(now - 0.2 * ASKED_LASTS_S, ASKED_LASTS_S, heart=heart.code))
        self.line_of[heart.code].put(self.province.report(heart, float(int(now))))
        return 1

    def _next_heart(self) -> Station:
        """Industrial stations in turn, without that of the planned episodes: its alarm may still be active."""
        parks = [
            s for s in self.outside.stations if s.kind == "air" and s.site == "industry" and not s.episode
        ]
        quick = [s for s in parks if s.door != "ftp"]
        return quick[len(self.province.asked) % len(quick)]

    def _wrong_key(self, now: float) -> None:
        """Now and then somebody knocks with a key the centre never gave out."""
        if now // WRONG_KEY_EVERY_S == self.looked_at // WRONG_KEY_EVERY_S:
            return
        station = next(s for s in self.outside.stations if s.door == "push")
        wrong = Login(station.source, "push", "nobody", "", "not-a-key", None)
        threading.Thread(target=self._knock, args=(wrong, station, now), daemon=True).start()

    def _knock(self, wrong: Login, station: Station, now: float) -> None:
        push = Push(self.outside.doors, wrong)
        try:
            push.send(self.province.report(station, float(int(now))))
        except (NotTaken, Refused) as error:
            log.info("a wrong key was answered: %s", error)
        finally:
            push.close()

    def tell(self) -> None:
        """What each line has sent, for whoever looks into the folder."""
        rows = {name: {**line.counts, "waiting": len(line.queue)} for name, line in self.lines.items()}
        draft = self.folder / "lines.new"
        draft.write_text(json.dumps({"at": self.looked_at, "lines": rows}))
        draft.replace(self.folder / "lines.json")

    def run(self) -> None:
        self.start()
        turns = 0
        while not self.stopped.wait(0.25):
            self.look()
            turns += 1
            if turns % 20 == 0:
                self.tell()
        self.close()

    def close(self) -> None:
        if self.history:
            self.history.stopped.set()
        if self.sheets:
            self.sheets.stopped.set()
        for line in self.lines.values():
            line.close()


def main(folder: Path) -> None:
    """Run until SIGTERM or SIGINT; `folder` holds `outside.json`."""
    logging.basicConfig(level=os.environ.get("HAIDANG_LOG", "WARNING"), format="%(asctime)s %(message)s")
    simulator = Simulator(read(folder / "outside.json"), folder)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: simulator.stopped.set())
    simulator.run()
