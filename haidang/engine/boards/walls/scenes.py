"""Which scene a wall shows now: what was pushed, else a new incident of priority 1, else its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from haidang.engine.boards import definition as d
from haidang.engine.boards.content import library
from haidang.engine.boards.definition import Board
from haidang.engine.incidents.models import Incident

if TYPE_CHECKING:
    from haidang.engine.boards.models import WallScreen
    from haidang.engine.people.rights import Anyone


@dataclass(frozen=True, slots=True)
class Scene:
    """A board on a wall; `until` is when it goes back, `screen` the device it hangs on."""

    address: str
    board: Board
    incident: Incident | None = None
    until: datetime | None = None
    screen: WallScreen | None = None

    @property
    def key(self) -> str:
        """Changes when the page must be drawn anew: another scene, incident, size of type or end."""
        step = self.screen.calibration.step if self.screen and self.screen.calibration else ""
        ends = f"{self.until:%H%M%S}" if self.until else ""
        return f"{self.address}:{self.incident.pk if self.incident else ''}:{step}:{ends}"


def scenes() -> dict[str, Board]:
    """All walls of the content tree."""
    return {address: board for address, board in library().boards.items() if board.layout == "wall"}


def address_of(name: str) -> str:
    """`environment` → `environment.environment`; empty when there is no such wall."""
    return next((address for address in scenes() if address.endswith(f".{name}")), "")


def is_of_incident(board: Board) -> bool:
    return any(isinstance(tile, d.IncidentTile) for tile in board.tiles)


def incident_scene() -> str:
    """The scene an incident takes a wall over with; empty when the province has none."""
    return next((address for address, board in scenes().items() if is_of_incident(board)), "")


def plain(address: str, viewer: Anyone) -> Scene:
    """A wall as a person opens it: an incident scene shows the gravest that is open."""
    board = scenes()[address]
    gravest = None
    if is_of_incident(board):
        gravest = Incident.objects.for_user(viewer).open().order_by("priority", "-opened_at").first()
    return Scene(address, board, gravest)


def on_screen(screen: WallScreen, viewer: Anyone, now: datetime) -> Scene:
    """What hangs on this screen now. Nothing has to happen for it to go back: the clock and the incident say it."""
    seen = Incident.objects.for_user(viewer).open()
    push = screen.pushes.running(now).select_related("incident").first()
    if push and push.scene in scenes() and (push.incident_id is None or seen.filter(pk=push.incident_id)):
        return Scene(push.scene, scenes()[push.scene], push.incident, push.until_at, screen)
    taking = incident_scene()
    if screen.takeover_minutes and taking:
        lasts = timedelta(minutes=screen.takeover_minutes)
        urgent = seen.filter(priority=1, opened_at__gt=now - lasts).order_by("-opened_at").first()
        if urgent:
            return Scene(taking, scenes()[taking], urgent, urgent.opened_at + lasts, screen)
    home = address_of(screen.wall)
    found = plain(home, viewer)
    return Scene(home, found.board, found.incident, None, screen)
