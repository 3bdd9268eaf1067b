"""Incidents and what was written about them. Orders and proofs stand in `orders.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.incidents.conclusions import Conclusion
from haidang.engine.incidents.orders import Extension, Order, Proof
from haidang.engine.people.rights import within
from haidang.engine.said import either, told, told_html

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

__all__ = ["Conclusion", "Entry", "Extension", "Incident", "IncidentAlarm", "Order", "Pin", "Proof", "Step"]


class IncidentQuerySet(models.QuerySet["Incident"]):
    def for_user(self, person: Anyone, act: str = "incident.see") -> IncidentQuerySet:
        """Of one's own office, or with an order to it. A subquery, because a join would repeat rows."""
        own = within(person, act, office="office", place="place", domain="domain")
        ordered = within(person, act, office="orders__office", place="place", domain="domain")
        return self.filter(pk__in=Incident.objects.filter(own | ordered).values("pk"))

    def open(self) -> IncidentQuerySet:
        return self.filter(closed_at=None)

    def with_orders_left(self) -> IncidentQuerySet:
        """`orders_left`: how many orders keep each incident open, in the same query."""
        left = ~Q(orders__state__in=Order.FINISHED)
        return self.annotate(orders_left=models.Count("orders", filter=left))


class Incident(models.Model):
    """Something people handle, from the first alarm or call until its orders are verified and it is closed."""

    code = models.CharField(max_length=20, unique=True, help_text="SV-MMDD-NN")
    day = models.DateField(help_text="local day of opening, for the code")
    number = models.IntegerField(help_text="NN of the code")
    title = models.CharField(_("việc gì xảy ra"), max_length=200)
    priority = models.SmallIntegerField(_("mức"), choices=Alarm.Priority.choices)
    domain = models.CharField(max_length=60, blank=True)
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, blank=True, related_name="+")
    place_text = models.CharField(_("nơi xảy ra"), max_length=200, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    office = models.ForeignKey("people.Office", models.PROTECT, null=True, blank=True, related_name="+")
    commander = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    opened_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    procedure = models.CharField(max_length=120, blank=True, help_text="address of the procedure it follows")
    procedure_title_vi = models.CharField(max_length=200, blank=True)
    procedure_said = models.JSONField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    closing_note = models.TextField(blank=True)
    alarms = models.ManyToManyField(Alarm, through="IncidentAlarm", related_name="incidents")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "number"], name="incident_number_once"),
            models.CheckConstraint(condition=Q(priority__in=(1, 2, 3)), name="incident_priority_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(F("opened_at").desc(), name="incident_by_time")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("incidents:incident", args=[self.pk])

    @property
    def procedure_title(self) -> str:
        return told(self.procedure_title_vi, self.procedure_said)

    @property
    def elapsed(self) -> timedelta:
        return (self.closed_at or clock.now()) - self.opened_at

    @property
    def where(self) -> str:
        """The place in words, the typed one first."""
        return self.place_text or (str(self.place) if self.place else "")

    @property
    def chief_id(self) -> int:
        """Who answers for it, beside who gave each order."""
        return self.commander_id

    def unfinished_orders(self) -> int:
        """Orders that keep the incident open."""
        return self.orders.exclude(state__in=Order.FINISHED).count()


class IncidentAlarm(models.Model):
    """An alarm handled by an incident; one alarm belongs to one open incident, and history keeps the rest."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    alarm = models.ForeignKey(Alarm, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, help_text="when its incident was closed")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["alarm"], condition=Q(released_at=None), name="alarm_in_one_open_incident"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.alarm_id}"


class Step(models.Model):
    """One step of the procedure, taken over when it was chosen, with what became of it."""

    class State(models.TextChoices):
        TODO = "todo", _("chưa làm")
        DONE = "done", _("xong")
        SKIPPED = "skipped", _("không cần")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="steps")
    number = models.IntegerField()
    text_vi = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200, blank=True)
    who_vi = models.CharField(max_length=120, blank=True)
    who_en = models.CharField(max_length=120, blank=True)
    needs_vi = models.CharField(max_length=120, blank=True)
    needs_en = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    is_required = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.TODO)
    at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    shown_by = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="+", help_text="whose proof shows it done"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "number"], name="step_once"),
            models.CheckConstraint(
                condition=~Q(state="skipped") | ~Q(note=""), name="step_skipped_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.number} {self.text_vi}"

    @property
    def text(self) -> str:
        return either(self.text_vi, self.text_en)

    @property
    def who(self) -> str:
        return either(self.who_vi, self.who_en)

    @property
    def needs(self) -> str:
        return either(self.needs_vi, self.needs_en)

    @property
    def is_late(self) -> bool:
        return self.state == self.State.TODO and self.due_at is not None and self.due_at < clock.now()


class EntryQuerySet(models.QuerySet["Entry"]):
    def for_user(self, person: Anyone) -> EntryQuerySet:
        """All of an incident one sees not only through an office. An office sees that it was opened, and what was
        written to its own orders: what others were told, refused or decided is not its business.
        """
        wide = within(person, "incident.see", place="incident__place", domain="incident__domain")
        seen = Q(incident__in=Incident.objects.for_user(person).values("pk"))
        own = Q(order__in=Order.objects.for_user(person).values("pk")) | Q(kind=Entry.Kind.OPENED)
        theirs = within(
            person, "order.see", office="conclusion__office", place="conclusion__place",
            domain="conclusion__domain",
        )  # fmt: skip
        papers = Q(conclusion__in=Conclusion.objects.for_user(person).values("pk"))
        return self.filter(
            (Q(conclusion=None) & (wide | (seen & own)))
            | (Q(conclusion__isnull=False) & (theirs | (papers & own)))
        )


class Entry(models.Model):
    """One line of the timeline. The database refuses to change or delete it."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Mở")
        ALARM = "alarm", _("Báo động")
        ORDER = "order", _("Lệnh")
        RECEIPT = "receipt", _("Biên nhận")
        FIELD = "field", _("Hiện trường")
        PROOF = "proof", _("Minh chứng")
        VERIFIED = "verified", _("Nghiệm thu")
        DECISION = "decision", _("Quyết định")
        NOTE = "note", _("Ghi chú")
        STEP = "step", _("Quy trình")
        CHANGE = "change", _("Thay đổi")
        CLOSED = "closed", _("Đóng")

    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="entries")
    conclusion = models.ForeignKey(Conclusion, models.PROTECT, null=True, related_name="entries")
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(help_text="in Vietnamese, as it was written")
    said = models.JSONField(
        null=True, blank=True, help_text="the sentence and its parts, when it is one of ours"
    )
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    actor = models.CharField(max_length=150, help_text="name at that time, or the process that acted")
    decided_by = models.CharField(max_length=150, blank=True, help_text="who decided, for a decision")
    reference = models.CharField(
        max_length=160, blank=True, help_text="what it rests on: a hash, a rule, a code"
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(kind="decision") | ~Q(decided_by=""), name="entry_decision_has_who"
            ),
            models.CheckConstraint(
                condition=Q(incident__isnull=False) ^ Q(conclusion__isnull=False), name="entry_on_one_ground"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "-at"], name="entry_by_incident"),
            models.Index(fields=["conclusion", "-at"], name="entry_by_conclusion"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} {self.kind} {self.text[:40]}"

    @property
    def told(self) -> str:
        """The text in the language of the screen."""
        return told(self.text, self.said)

    @property
    def told_html(self) -> SafeString:
        return told_html(self.text, self.said)

    @property
    def who(self) -> str:
        return self.actor if self.person_id else gettext(self.actor)

    @property
    def ground(self) -> Incident | Conclusion:
        """What it was written about."""
        found = self.incident or self.conclusion
        if found is None:
            raise ValueError(f"entry {self.pk} is about nothing")
        return found

    @property
    def since_opening(self) -> str:
        """T+00:37:11; on a document nothing runs by the second."""
        if self.incident is None:
            return ""
        seconds = max(0, int((self.at - self.incident.opened_at).total_seconds()))
        return f"T+{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


class Pin(models.Model):
    """Somebody marked this entry for handover and report; apart from it, because an entry never changes."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="pin")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.entry_id}"
