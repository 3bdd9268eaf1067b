"""Every decision, export and look at personal data, append-only, sealed in batches into a hash chain."""

from __future__ import annotations

from django.db import models


class Act(models.Model):
    """Who did what to which object, when, with what detail. Written in the same transaction as the decision."""

    at = models.DateTimeField(db_index=True)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    actor = models.CharField(max_length=150, help_text="name at that time, or the process that acted")
    verb = models.CharField(max_length=60, db_index=True)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.verb} {self.object_type} {self.object_id}"


class Seal(models.Model):
    """A batch of acts closed by a hash that also covers the seal before it."""

    first_act = models.BigIntegerField()
    last_act = models.BigIntegerField(unique=True)
    count = models.IntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.first_act}–{self.last_act} {self.digest[:12]}"
