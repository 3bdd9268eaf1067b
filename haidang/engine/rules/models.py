"""What rules remember between batches, and what each of them costs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RuleState(models.Model):
    """The machine of one rule on one subject that is not at rest; written in the transaction that stores
    the rows.
    """

    rule = models.CharField(max_length=120)
    subject = models.CharField(max_length=80, help_text="series:<id>, asset:<id>, source:<id> or door:<name>")
    track = models.JSONField(help_text="base, mid and tip as the machine dumps them")
    announced = models.BooleanField(default=False, help_text="the alarms believe it is active")
    announced_us = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rule", "subject"], name="rule_state_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class RuleCount(models.Model):
    """What one rule has done and cost since it was first loaded, for the page on the health of alarms."""

    rule = models.CharField(max_length=120, primary_key=True)
    readings = models.BigIntegerField(default=0, help_text="readings it had to look at one by one")
    raised = models.BigIntegerField(default=0)
    cleared = models.BigIntegerField(default=0)
    late = models.BigIntegerField(default=0)
    corrected = models.BigIntegerField(default=0)
    over_budget = models.BigIntegerField(
        default=0, help_text="batches in which it took longer than its budget"
    )
    failures = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0, help_text="readings not judged because its breaker was open")
    slowest_ms = models.FloatField(default=0)
    last_error = models.TextField(blank=True)
    breaker_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.rule


class Judged(models.Model):
    """Up to which epoch a rule over published figures has judged, the text it did so by, and where it stands."""

    rule = models.CharField(max_length=120, primary_key=True)
    sha256 = models.CharField(max_length=64, blank=True)
    epoch = models.BigIntegerField(default=0)
    standing = models.JSONField(default=list, help_text="places whose alarms are told to be active")
    retry_at = models.DateTimeField(null=True, help_text="not before, since it failed")

    def __str__(self) -> str:
        return f"{self.rule} {self.epoch}"
