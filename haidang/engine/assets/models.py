"""What a source speaks about: a station, a camera, a facility."""

from __future__ import annotations

from django.db import models


class Asset(models.Model):
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, help_text="air, water, camera, …")
    domain = models.CharField(max_length=60, db_index=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, blank=True, related_name="+")
    office = models.ForeignKey("people.Office", models.PROTECT, null=True, blank=True, related_name="assets")
    folded = models.CharField(max_length=260, db_index=True, default="", editable=False)
    sort_key = models.BinaryField(default=b"", editable=False)
    # How this station names its files, where it does not follow its source's contract: a regular expression.
    file_name_pattern = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    # For trying things out: its readings are stored and judged, but no board counts it and its silence means nothing.
    is_trial = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
