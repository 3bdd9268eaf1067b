"""Reports that were made, the schedules that make them, and what became of each sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.reports.paper import Number

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone


class FormChoice(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"


class ReportQuerySet(models.QuerySet["Report"]):
    def for_user(self, person: Anyone) -> ReportQuerySet:
        """One's own: a report holds what its reader may see, which is not what another one may."""
        return self.filter(recipient=person.pk) if person.pk else self.none()


class Report(models.Model):
    """One paper for one reader. `numbers` are what it says, so that it can be made again and compared."""

    address = models.CharField(max_length=120, help_text="of the board or template")
    title = models.CharField(max_length=300)
    unit = models.CharField(max_length=12, blank=True, help_text="code of the place; empty: the province")
    period = models.CharField(max_length=10, blank=True, help_text="2026-10; empty: the newest figures")
    form = models.CharField(max_length=4, choices=FormChoice.choices)
    recipient = models.ForeignKey("people.Person", models.PROTECT, related_name="reports")
    made_at = models.DateTimeField()
    as_of = models.DateTimeField(help_text="what was known then is what it says")
    epoch = models.BigIntegerField(help_text="the same as a commit epoch")
    content_sha256 = models.CharField(max_length=64, help_text="of the board and the definitions it shows")
    sha256 = models.CharField(max_length=64, help_text="of the file")
    size = models.IntegerField(help_text="bytes")
    head = models.JSONField(help_text="what stands around the content")
    numbers = models.JSONField(help_text="[[path, number], …] in the order of the paper")
    denied = models.IntegerField(default=0, help_text="numbers its reader may not see")
    read_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["recipient", "-made_at"], name="report_by_recipient"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])

    @property
    def stored_name(self) -> str:
        """Where the file lies: named by its own hash, so that storing it twice is storing it once."""
        return f"reports/{self.sha256[:2]}/{self.sha256}.{self.form}"

    @property
    def file_name(self) -> str:
        return f"{self.address}{'-' + self.period if self.period else ''}-{self.pk}.{self.form}"

    @property
    def known(self) -> dict[str, Number]:
        return dict(msgspec.convert(self.numbers, list[tuple[str, Number]]))


class Schedule(models.Model):
    """A board or template, to these people, in this cycle; each gets it with his own rights of that moment."""

    class Cycle(models.TextChoices):
        DAILY = "daily", _("hằng ngày")
        WEEKLY = "weekly", _("hằng tuần")
        MONTHLY = "monthly", _("hằng tháng, sau hạn nộp")

    title = models.CharField(max_length=200)
    address = models.CharField(max_length=120)
    unit = models.CharField(max_length=12, blank=True)
    form = models.CharField(max_length=4, choices=FormChoice.choices, default=FormChoice.PDF)
    cycle = models.CharField(max_length=8, choices=Cycle.choices)
    hour = models.SmallIntegerField(default=7, help_text="on Vietnamese clocks")
    weekday = models.SmallIntegerField(default=1, help_text="of a week: 1 is Monday")
    days_after = models.SmallIntegerField(
        default=1, help_text="of a month: working days after the period's due day"
    )
    by_mail = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    owner = models.ForeignKey("people.Person", models.PROTECT, related_name="report_schedules")
    recipients = models.ManyToManyField("people.Person", related_name="+")
    starts_at = models.DateTimeField(help_text="nothing is sent for a time before it")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(hour__gte=0, hour__lte=23), name="schedule_hour"),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="schedule_weekday"),
            models.CheckConstraint(
                condition=Q(days_after__gte=0, days_after__lte=20), name="schedule_days_after"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:schedule", args=[self.pk])


class Run(models.Model):
    """One turn of a schedule: all its recipients get what was known at one instant."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="runs")
    due_at = models.DateTimeField()
    period = models.CharField(max_length=10, blank=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="run_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.due_at:%d/%m/%Y}"

    @property
    def when(self) -> Period | None:
        return Period.parse(self.period) if self.period else None


class Sending(models.Model):
    """One recipient of one turn. It is waiting until everything is done, so a killed worker loses none and repeats none."""

    class State(models.TextChoices):
        WAITING = "waiting", _("chờ gửi")
        SENT = "sent", _("đã gửi")
        REFUSED = "refused", _("không gửi")

    run = models.ForeignKey(Run, models.CASCADE, related_name="sendings")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True, help_text="why nothing was sent")
    report = models.OneToOneField(Report, models.PROTECT, null=True, blank=True, related_name="sending")
    done_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="when the owner has seen the refusal")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "person"], name="sending_once"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(report__isnull=False, done_at__isnull=False),
                name="sending_sent_has_report",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="sending_refused_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} → {self.person}"


__all__ = ["FormChoice", "Report", "Run", "Schedule", "Sending"]
