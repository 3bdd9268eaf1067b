"""How far sources that we fetch ourselves have been taken; written by the pullers (`connectors.pull.keeping`)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Pull(models.Model):
    """The state of one pulled source. `cursor` is where the next run goes on."""

    address = models.CharField(max_length=120, primary_key=True)
    cursor = models.JSONField(default=dict, db_default={})
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True, help_text="when the cursor last moved")
    next_at = models.DateTimeField(null=True, blank=True)
    failures = models.IntegerField(default=0, db_default=0, help_text="runs that failed in a row")
    reason = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="code of connectors.pull.trouble"
    )
    detail = models.JSONField(default=dict, db_default={})
    notes = models.JSONField(
        default=list,
        db_default=[],
        help_text="what happened in the last run and did not end it: reason, detail",
    )
    records = models.BigIntegerField(default=0, db_default=0, help_text="records of the last run")
    total = models.BigIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return self.address

    @property
    def place(self) -> dict[str, Any]:
        """The cursor as people read it: without what only tells rows apart, and without tokens of theirs."""
        return {
            name: value
            for name, value in self.cursor.items()
            if name not in ("recent", "waiting", "token", "fingerprint", "page")
        }


class PullCredential(models.Model):
    """What a source needs to be let in elsewhere, sealed (`connectors.pull.sealing`); the key is not here."""

    address = models.CharField(max_length=120, primary_key=True)
    sealed = models.BinaryField()
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address


class PulledFile(models.Model):
    """A file of a pulled folder that is done; `mark` tells one state of it from another."""

    address = models.CharField(max_length=120)
    name = models.CharField(max_length=300)
    mark = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["address", "name"], name="pulled_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.name}"
