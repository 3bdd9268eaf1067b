"""Figures: an indicator's value for an asset or a place and a period, in versions, with its inputs."""

from __future__ import annotations

from django.db import models


class Figure(models.Model):
    """One version of one figure. Written by COPY; the table is made in SQL by migration 0001."""

    id = models.BigAutoField(primary_key=True)
    indicator = models.CharField(max_length=120)
    asset = models.ForeignKey(
        "assets.Asset", models.PROTECT, null=True, db_constraint=False, related_name="+"
    )
    place = models.ForeignKey(
        "places.Place", models.PROTECT, null=True, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField(help_text="end of the period")
    value = models.FloatField(null=True)
    status = models.CharField(max_length=20, help_text="ok, flagged, missing, provisional")
    formula_sha256 = models.CharField(max_length=64)
    detail = models.JSONField(help_text="sub-results and the inputs: series, hour, epoch, value")
    epoch = models.BigIntegerField()
    superseded = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "indicators_figure"

    def __str__(self) -> str:
        return f"{self.indicator} {self.at} {self.value}"
