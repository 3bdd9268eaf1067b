"""Offices that are being connected: what was asked for and when, and files that were only tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from haidang.engine.people.rights import within

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def for_user(self, person: Anyone, act: str = "source.see") -> ConnectionQuerySet:
        return self.filter(within(person, act, office="office", domain="source__domain"))


class Connection(models.Model):
    """One office that asked to be connected to one source of files. Its steps are read from what is there, not kept."""

    source = models.ForeignKey("store.Source", models.PROTECT, related_name="+")
    office = models.ForeignKey("people.Office", models.PROTECT, related_name="+")
    reference = models.CharField(
        max_length=120, blank=True, help_text="number of the letter that asked for it"
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    due_on = models.DateField(help_text="account or written refusal by then: two working days")
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    refused_why = models.CharField(max_length=500, blank=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "office"], condition=Q(refused_at=None), name="connection_once"
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None) | ~Q(refused_why=""), name="connection_refused_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.source}"

    def get_absolute_url(self) -> str:
        return reverse("onboarding:connection", args=[self.pk])


class Trial(models.Model):
    """A file that was judged to see whether it would hold. It is not kept and no figure comes of it."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="trials")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    period = models.CharField(max_length=10, blank=True)
    contract_sha256 = models.CharField(max_length=64)
    is_readable = models.BooleanField()
    lines = models.IntegerField(default=0)
    numbers = models.IntegerField(default=0)
    faults = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    # [{"cell": "F9", "level": 2, "vi": "…", "en": "…"}, …]: the first of what was said of cells
    remarks = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["connection", "-at"], name="trial_by_connection")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"

    @property
    def holds(self) -> bool:
        return self.is_readable and self.faults == 0 and self.numbers > 0
