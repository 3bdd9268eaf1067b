"""Lists whose lines are counted: which published files were taken in, their lines, and what is to be counted again."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class CountedList(models.Model):
    """One published file as counts see it, from one epoch to another. Without an epoch its lines only lie ready."""

    submission = models.OneToOneField(
        "submissions.Submission", models.PROTECT, primary_key=True, related_name="+"
    )
    contract = models.CharField(max_length=120)
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    lines = models.IntegerField()
    epoch = models.BigIntegerField(null=True, help_text="from which it counts")
    superseded = models.BigIntegerField(null=True, help_text="from which another one stands in its place")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(superseded=None) | models.Q(superseded__gt=models.F("epoch")),
                name="counted_list_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.submission_id}"


class CountedLine(models.Model):
    """One line of a list, as judged; never changed. Columns with personal data and notes are not kept."""

    list = models.ForeignKey(CountedList, models.PROTECT, related_name="kept")
    contract = models.CharField(max_length=120)
    key = models.TextField(help_text="what stands once in all lists: the code of a dossier")
    sheet = models.CharField(max_length=100)
    row = models.IntegerField()
    column = models.IntegerField(help_text="of the key; 0 is A")
    months = ArrayField(models.IntegerField(), help_text="year × 12 + month − 1 of each of its days")
    values = models.JSONField(help_text="column → number, word, code, day as 2026-10-31")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["list", "key"], name="counted_line_once_in_a_list")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["contract", "key"], name="counted_line_by_key"),
            GinIndex(fields=["months"], name="counted_line_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.key}"


class CountedRule(models.Model):
    """By which text and which calendars an indicator was counted last, wherever it was."""

    indicator = models.CharField(max_length=120, primary_key=True)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.indicator


class CountDue(models.Model):
    """A period of an indicator that is to be counted again. Leaves with the transaction that counted it."""

    indicator = models.CharField(max_length=120)
    at = models.DateTimeField(help_text="end of the period")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "at"], name="count_due_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.at}"
