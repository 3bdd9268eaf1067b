"""Decisions about walls: which screens there are, how far their readers sit, what hangs on them now."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.boards import writing
from haidang.engine.boards.models import Push, WallScreen
from haidang.engine.boards.walls import scenes
from haidang.engine.boards.walls.calibration import STEPS, Calibration
from haidang.engine.boards.walls.door import Viewer, hash_of
from haidang.engine.incidents.models import Entry, Incident
from haidang.engine.incidents.timeline import write
from haidang.engine.notify.outbox import announce
from haidang.engine.said import said

if TYPE_CHECKING:
    from django.http import HttpRequest

    from haidang.engine.people.models import Office, Person
    from haidang.engine.places.models import Place


@transaction.atomic
def add_screen(
    *,
    name: str,
    wall: str,
    where: str = "",
    place: Place | None = None,
    office: Office | None = None,
    takeover_minutes: int = 30,
    by: Person,
    request: HttpRequest | None = None,
) -> tuple[WallScreen, str]:
    """A new screen and its token, which is told this once; only its hash is kept."""
    if not scenes.address_of(wall):
        raise ValidationError({"wall": _("Không có cảnh “%(wall)s”.") % {"wall": wall}})
    token = secrets.token_urlsafe(32)
    screen = WallScreen.objects.create(
        name=name, wall=wall, where=where, place=place, office=office, takeover_minutes=takeover_minutes,
        token_sha256=hash_of(token), created_at=clock.now(), created_by=by,
    )  # fmt: skip
    detail = {"name": name, "scene": wall, "place": place and place.code, "office": office and office.code}
    record(person=by, verb="wall.add", object=screen, detail=detail, request=request)
    return screen, token


@transaction.atomic
def revoke_screen(*, screen: WallScreen, by: Person, request: HttpRequest | None = None) -> bool:
    """Its token opens nothing from now on; its stream ends within seconds. False when it was revoked before."""
    gone = WallScreen.objects.filter(pk=screen.pk, revoked_at=None).update(
        revoked_at=clock.now(), revoked_by=by
    )
    if gone:
        record(person=by, verb="wall.revoke", object=screen, detail={"name": screen.name}, request=request)
        _tell(screen)
    return bool(gone)


@transaction.atomic
def note_enrolment(*, screen: WallScreen, request: HttpRequest) -> None:
    """A browser has become this screen: when and from where stands in the log."""
    record(
        person=None, actor=_("màn hình %(name)s") % {"name": screen.name}, verb="wall.enrol", object=screen,
        detail={"name": screen.name}, request=request,
    )  # fmt: skip


@transaction.atomic
def calibrate(
    *,
    screen: WallScreen,
    width_mm: int,
    width_px: int,
    height_px: int,
    seat_m: float,
    by: Person,
    request: HttpRequest | None = None,
) -> Calibration:
    """Keep the measures of a wall; refuses those at which its smallest words could not be read."""
    measures = Calibration(width_mm, width_px, height_px, seat_m)
    if measures.step is None:
        raise ValidationError({"seat_m": too_far(measures)})
    screen.width_mm, screen.width_px, screen.height_px, screen.seat_m = width_mm, width_px, height_px, seat_m
    screen.save(update_fields=["width_mm", "width_px", "height_px", "seat_m"])
    detail = {"width_mm": width_mm, "width_px": width_px, "height_px": height_px, "seat_m": seat_m}
    record(person=by, verb="wall.calibrate", object=screen, detail=detail, request=request)
    _tell(screen)
    return measures


def too_far(measures: Calibration) -> str:
    """What would be needed, what there is, and what fits."""
    largest = measures.smallest_px(STEPS[-1])
    return _(
        "Ghế xa %(seat)s m cần chữ từ %(needed)s px (16′); màn này chỉ cho chữ nhỏ nhất %(largest)s px (%(has)s′). "
        "Màn %(width)s m đọc được tới %(fits)s m; ngồi %(seat)s m thì màn phải rộng từ %(wide)s m."
    ) % {
        "seat": writing.number(measures.seat_m),
        "needed": round(measures.needed_px()),
        "largest": round(largest),
        "has": int(measures.minutes(largest)),
        "width": writing.number(measures.width_m, 2),
        "fits": writing.number(int(measures.fits_m * 10) / 10, 1),
        "wide": writing.number(-int(-measures.width_needed_m * 10 - 1) / 10, 1),
    }


@transaction.atomic
def push_scene(
    *,
    screen: WallScreen,
    scene: str,
    minutes: int | None = None,
    incident: Incident | None = None,
    by: Person,
    request: HttpRequest | None = None,
) -> Push:
    """Put a scene onto a screen now; it goes back when its time is over, its incident closed, or by hand."""
    screen = WallScreen.objects.select_for_update().get(pk=screen.pk)
    if screen.revoked_at:
        raise ValidationError({"screen": _("Màn hình này đã bị thu hồi.")})
    board = scenes.scenes().get(scene)
    if board is None:
        raise ValidationError({"scene": _("Không có cảnh “%(scene)s”.") % {"scene": scene}})
    if scenes.is_of_incident(board):
        _must_be_shown(screen, incident)
    elif incident is not None:
        incident = None
    now = clock.now()
    screen.pushes.filter(ended_at=None).update(ended_at=now, ended_by=by)
    until = now + timedelta(minutes=minutes) if minutes else None
    push: Push = Push.objects.create(
        screen=screen, scene=scene, incident=incident, at=now, by=by, until_at=until
    )
    detail: dict[str, Any] = {"name": screen.name, "scene": scene, "until": until}
    if incident:
        detail["incident"] = incident.code
        write(
            incident,
            Entry.Kind.NOTE,
            said("Đưa lên màn hình ghép: %(name)s", name=screen.name),
            by=by,
            verb="wall",
        )
    record(person=by, verb="wall.push", object=screen, detail=detail, request=request)
    _tell(screen)
    return push


def _must_be_shown(screen: WallScreen, incident: Incident | None) -> None:
    if incident is None:
        raise ValidationError({"incident": _("Cảnh này cần một sự việc đang mở.")})
    if incident.closed_at:
        raise ValidationError({"incident": _("Sự việc đã đóng.")})
    if not Incident.objects.for_user(Viewer(screen)).filter(pk=incident.pk).exists():
        raise ValidationError({"screen": _("Sự việc này ngoài phạm vi của màn hình.")})


@transaction.atomic
def give_back(*, screen: WallScreen, by: Person, request: HttpRequest | None = None) -> bool:
    """End what was pushed, or what an incident took over by itself: the wall's own scene hangs again."""
    ended = screen.pushes.running(clock.now()).exists()
    screen.pushes.filter(ended_at=None).update(ended_at=clock.now(), ended_by=by)
    now = clock.now()
    shown = scenes.on_screen(screen, Viewer(screen), now)
    if shown.address != scenes.address_of(screen.wall):
        # Taken over by itself: its own scene is pushed for as long as that would have lasted.
        Push.objects.create(
            screen=screen, scene=scenes.address_of(screen.wall), at=now, by=by, until_at=shown.until
        )
        ended = True
    if ended:
        record(person=by, verb="wall.give_back", object=screen, detail={"name": screen.name}, request=request)
        _tell(screen)
    return ended


def _tell(screen: WallScreen) -> None:
    announce([("walls", str(screen.pk))])
