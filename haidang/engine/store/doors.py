"""What the doors turned away, and which messages of the stream their own reader has counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DoorRefusal(models.Model):
    """Something a door did not acknowledge, so it is not among *received*: how often in one minute, and why."""

    minute = models.DateTimeField(db_index=True)
    door = models.CharField(max_length=10)
    source_address = models.CharField(max_length=120, blank=True, help_text="empty: the door could not tell")
    reason = models.CharField(max_length=40, help_text="code of connectors.reasons")
    credential = models.CharField(max_length=60, blank=True, help_text="user name as given")
    name = models.CharField(max_length=255, blank=True, help_text="file name or topic")
    count = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["minute", "door", "source_address", "reason", "credential", "name"],
                name="door_refusal_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.source_address} {self.reason} {self.count}"


class DoorCounted(models.Model):
    """Messages counted above the cursor: the stream may bring messages again and out of order."""

    seq = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.seq}"
