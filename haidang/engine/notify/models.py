"""What changed, for live screens: topic, object and version, never content."""

from __future__ import annotations

from django.db import models


class Change(models.Model):
    """One line of the outbox. Its id is the `id:` of the stream, so a reader resumes where it stopped."""

    topic = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.id} {self.topic} {self.object_id}"
