"""Forecasts: a kind of their own, never among published figures. One is replaced by a newer one, none is changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Forecast(models.Model):
    """What was said at one epoch about the coming periods of one series, or why nothing could be said."""

    class Status(models.TextChoices):
        OK = "ok"
        TOO_SHORT = "too_short"

    indicator = models.CharField(max_length=120)
    place = models.ForeignKey("places.Place", models.PROTECT, db_constraint=False, related_name="+")
    epoch = models.BigIntegerField(help_text="the figures it follows from are those known at this epoch")
    superseded = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    edition = models.CharField(max_length=20, help_text="of the methods")
    status = models.CharField(max_length=10, choices=Status)
    since = models.DateTimeField(null=True, help_text="end of the first period looked at")
    until = models.DateTimeField(null=True, help_text="end of the last period looked at")
    periods = models.IntegerField(help_text="how many without a gap")
    needed = models.IntegerField(default=0, help_text="how many there should be, where they are too few")
    inputs_sha256 = models.CharField(max_length=64, help_text="of the ends and values it follows from")
    shown = models.CharField(max_length=20, help_text="method whose points these are")
    reference = models.CharField(max_length=20, help_text="the better of the naive forecasts")
    best = models.CharField(max_length=20, help_text="the best of the other methods")
    is_better = models.BooleanField(default=False)
    gain = models.FloatField(default=0.0, help_text="of the naive error; 0.12 is 12 % less")
    sureness = models.FloatField(default=0.0, help_text="statistic of Diebold and Mariano")
    season = models.IntegerField(default=1)
    horizon = models.IntegerField(default=0)
    origins = models.IntegerField(default=0)
    parameters = models.JSONField(default=dict)
    points = models.JSONField(
        default=list, help_text="by period: at, middle, low80, high80, low95, high95, naive"
    )
    errors = models.JSONField(default=dict, help_text="by method: mae, mase, smape, coverage, by_step")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "place"], condition=Q(superseded=None), name="forecasting_one_is_current"
            ),
            models.CheckConstraint(
                condition=Q(superseded=None) | Q(superseded__gte=F("epoch")), name="forecasting_forwards"
            ),
        )
        indexes = (models.Index(fields=["indicator", "place", "epoch"], name="forecasting_by_epoch"),)

    def __str__(self) -> str:
        return f"{self.indicator} {self.place_id} @{self.epoch} {self.shown or self.status}"


class Waiting(models.Model):
    """A series whose figures changed since it was forecast."""

    indicator = models.CharField(max_length=120)
    place = models.ForeignKey("places.Place", models.PROTECT, db_constraint=False, related_name="+")
    again_at = models.DateTimeField(null=True, help_text="not before this: making it failed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["indicator", "place"], name="forecasting_waits_once"),)

    def __str__(self) -> str:
        return f"{self.indicator} {self.place_id}"


class Looked(models.Model):
    """Up to which epoch changes of figures were looked for, with which methods. One row."""

    epoch = models.BigIntegerField(default=0)
    edition = models.CharField(max_length=20, default="")

    def __str__(self) -> str:
        return f"{self.epoch} {self.edition}"
