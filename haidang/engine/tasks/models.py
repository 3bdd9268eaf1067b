"""Reminders: who was told of what, once for each rung of the ladder."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One person told of one thing at one rung; over when the thing is handed in. What a screen and a mail say of it."""

    class Rung(models.TextChoices):
        BEFORE = "before", _("sắp đến hạn")
        DAY = "day", _("hạn hôm nay")
        LATE_1 = "late1", _("trễ từ 1 ngày làm việc")
        LATE_3 = "late3", _("trễ từ 3 ngày làm việc")
        LATE_5 = "late5", _("trễ từ 5 ngày làm việc")

    class Level(models.TextChoices):
        OFFICER = "officer", _("người làm")
        HEAD = "head", _("thủ trưởng")
        ABOVE = "above", _("trực ban trưởng, lãnh đạo")

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    thing = models.CharField(
        max_length=200, help_text="order:7:2026-12-07, owed:CONTRACT:OFFICE:PERIOD; with the day it was due"
    )
    rung = models.CharField(max_length=6, choices=Rung.choices)
    level = models.CharField(max_length=7, choices=Level.choices)
    text = models.CharField(max_length=300, help_text="the order's text, or the form's title")
    of = models.CharField(max_length=200, help_text="which office, and where it comes from")
    due_on = models.DateField()
    url = models.CharField(max_length=300)
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="when a mail with it was written")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "thing", "rung"], name="notice_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"], condition=models.Q(ended_at=None), name="notice_open"),
            models.Index(fields=["thing"], condition=models.Q(ended_at=None), name="notice_of_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.thing} {self.rung} {self.person_id}"
