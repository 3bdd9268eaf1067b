"""A domain in the making: the file it is proposed from, what was proposed, and what a person made of it."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from django.db import models
from django.db.models import Q
from django.urls import reverse

from haidang.engine.contracts.proposing.proposal import Proposal


class Draft(models.Model):
    """`answers` are the fields of its page as they were typed, right or wrong. Once it is over the file is not kept:
    it may hold more than the domain asks for.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CONFIRMED = "confirmed"
        DROPPED = "dropped"

    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    name = models.CharField(max_length=200, help_text="of the file as it was uploaded")
    body = models.BinaryField(help_text="the workbook; empty once the draft is over")
    proposal = models.JSONField()
    answers = models.JSONField(default=dict)
    made_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    # What it became.
    domain = models.CharField(max_length=60, blank=True)
    contract = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="draft_confirmed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("drafts:draft", args=[self.pk])

    @property
    def proposed(self) -> Proposal:
        return msgspec.convert(self.proposal, Proposal)
