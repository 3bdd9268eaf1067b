"""Where: provinces and communes as dated facts, never overwritten by a reform."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q


class PlaceQuerySet(models.QuerySet["Place"]):
    def on(self, day: date) -> PlaceQuerySet:
        """Units as they stood on a day."""
        return self.filter(
            Q(valid_from_date=None) | Q(valid_from_date__lte=day),
            Q(valid_to_date=None) | Q(valid_to_date__gte=day),
        )

    def communes_of(self, province: str, day: date) -> PlaceQuerySet:
        """Asked by the province's code: its row changes when its kind does, its communes' rows do not."""
        return self.on(day).filter(level=Place.Level.COMMUNE, parent__code=province).order_by("sort_key")


class Place(models.Model):
    """One administrative unit during one span of validity; a code names the unit, a row one of its spans."""

    class Level(models.TextChoices):
        PROVINCE = "province", "tỉnh, thành phố"
        DISTRICT = "district", "quận, huyện (đến 30/06/2025)"
        COMMUNE = "commune", "xã, phường, đặc khu"

    code = models.CharField(max_length=12, db_index=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120, db_index=True)
    sort_key = models.BinaryField(db_index=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from_date = models.DateField(null=True, blank=True)
    valid_to_date = models.DateField(null=True, blank=True)
    basis = models.TextField(blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    area_km2 = models.FloatField(null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["level", "code", "valid_from_date"], nulls_distinct=False, name="place_span_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name if self.name.startswith(self.kind) else f"{self.kind} {self.name}"

    def is_valid_on(self, day: date) -> bool:
        starts, ends = self.valid_from_date, self.valid_to_date
        return (starts is None or starts <= day) and (ends is None or ends >= day)


class Succession(models.Model):
    """An old unit became part of a new one: the share of it that went there, and how that is known."""

    old = models.ForeignKey(Place, models.CASCADE, related_name="successors")
    new = models.ForeignKey(Place, models.CASCADE, related_name="predecessors")
    share = models.FloatField()
    is_estimate = models.BooleanField(default=False)
    basis = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["old", "new"], name="succession_once"),
            models.CheckConstraint(condition=models.Q(share__gt=0, share__lte=1), name="succession_share"),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class Boundary(models.Model):
    """An official polygon the province loaded; without one a commune has only a schematic cell."""

    level = models.CharField(max_length=10, choices=Place.Level.choices)
    code = models.CharField(max_length=12)
    geometry = models.JSONField(help_text="GeoJSON Polygon or MultiPolygon, WGS84")
    source = models.CharField(max_length=200, help_text="name of the file it came from")
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["level", "code"], name="boundary_once"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.code}"


class LoadedData(models.Model):
    """Which version of a data set the tables hold, so that a start loads nothing twice and caches know."""

    name = models.CharField(max_length=60, primary_key=True)
    version = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.version[:12]}"
