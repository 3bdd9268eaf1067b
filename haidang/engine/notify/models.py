"""What changed, for live screens: topic, object and version, never content. And e-mail on its way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Change(models.Model):
    """One line of the outbox. Its id is the `id:` of the stream, so a reader resumes where it stopped."""

    topic = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.id} {self.topic} {self.object_id}"


class Mail(models.Model):
    """One e-mail to one person. The key says what it is and to whom: asked for twice, it is one."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        REFUSED = "refused"
        UNKNOWN = "unknown"

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="not before this, by quiet hours or after a failed try")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.IntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=("waiting", "sending")),
                name="mail_on_its_way",
            )
        ]

    def __str__(self) -> str:
        return self.key


class Attachment(models.Model):
    """A file that goes with a mail; gone when the mail is sent, for what it holds stands in the product."""

    mail = models.ForeignKey(Mail, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=120)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name
