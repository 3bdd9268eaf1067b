"""Screens that hang on a wall, and the scenes that were pushed onto them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from haidang.engine import clock
from haidang.engine.boards.walls.calibration import Calibration

if TYPE_CHECKING:
    from datetime import datetime


class WallScreen(models.Model):
    """One wall: a machine without a user, known by the hash of its token. It only looks, and only at its scene."""

    name = models.CharField(_("tên màn hình"), max_length=80)
    where = models.CharField(_("đặt ở đâu"), max_length=120, blank=True)
    wall = models.CharField(max_length=60, help_text="name of its own scene, as in /wall/<name>")
    token_sha256 = models.CharField(max_length=64, unique=True)
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, blank=True, related_name="+")
    office = models.ForeignKey("people.Office", models.PROTECT, null=True, blank=True, related_name="+")
    takeover_minutes = models.IntegerField(
        default=30, help_text="how long a new incident of priority 1 may take the wall; 0: never by itself"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    last_seen_at = models.DateTimeField(null=True, blank=True)
    width_mm = models.IntegerField(null=True, blank=True)
    width_px = models.IntegerField(null=True, blank=True)
    height_px = models.IntegerField(null=True, blank=True)
    seat_m = models.FloatField(null=True, blank=True, help_text="the farthest seat")

    class Meta:
        ordering: ClassVar[list[str]] = ["revoked_at", "name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(width_mm=None, width_px=None, height_px=None, seat_m=None)
                | Q(width_mm__gt=0, width_px__gt=0, height_px__gt=0, seat_m__gt=0),
                name="screen_calibrated_wholly",
            ),
            models.CheckConstraint(condition=Q(takeover_minutes__gte=0), name="screen_takeover_not_negative"),
        ]

    # A screen asks at least once a minute.
    AWAKE = timedelta(minutes=3)

    def __str__(self) -> str:
        return self.name

    @property
    def calibration(self) -> Calibration | None:
        measures = (self.width_mm, self.width_px, self.height_px, self.seat_m)
        return Calibration(*measures) if all(measures) else None  # type: ignore[arg-type]  # checked by all()

    @property
    def home(self) -> str:
        """Address of its own scene."""
        from haidang.engine.boards.walls.scenes import address_of

        return address_of(self.wall)

    @property
    def is_awake(self) -> bool:
        return self.last_seen_at is not None and clock.now() - self.last_seen_at < self.AWAKE


class PushQuerySet(models.QuerySet["Push"]):
    def running(self, now: datetime) -> PushQuerySet:
        """Those that nobody has ended, whose time is not over and whose incident is open."""
        return self.filter(
            Q(until_at=None) | Q(until_at__gt=now),
            Q(incident=None) | Q(incident__closed_at=None),
            ended_at=None,
        )


class Push(models.Model):
    """A scene somebody put onto a screen. Its end is read from the clock and the incident, so none can be missed."""

    screen = models.ForeignKey(WallScreen, models.PROTECT, related_name="pushes")
    scene = models.CharField(max_length=120, help_text="address of the board")
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    until_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="given back by hand, or by the next push"
    )
    ended_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")

    objects: Any = PushQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["screen"], condition=Q(ended_at=None), name="push_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.scene} → {self.screen_id}"
