"""Orders to an office, their way from issue to verified close, and the proof that closes them.

An order stands on an incident, or on a conclusion or document; everything else of it is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from haidang.engine import clock
from haidang.engine.incidents import days
from haidang.engine.people.rights import within

if TYPE_CHECKING:
    from datetime import date, timedelta

    from haidang.engine.incidents.conclusions import Conclusion
    from haidang.engine.incidents.models import Incident
    from haidang.engine.people.rights import Anyone

# Acts an office that only helps may do too: look, say how it goes, show what was done.
HELPING = frozenset({"order.see"})


class OrderQuerySet(models.QuerySet["Order"]):
    def for_user(self, person: Anyone, act: str = "order.see") -> OrderQuerySet:
        """Officers and crews reach orders addressed to their office or one below it; the desk reaches all."""
        return self.filter(reach(person, act))

    def unfinished(self) -> OrderQuerySet:
        return self.exclude(state__in=Order.FINISHED)

    def waiting_for_receipt(self) -> OrderQuerySet:
        return self.filter(state=Order.State.ISSUED, receipt_due_at__lt=clock.now())


def reach(person: Anyone, act: str) -> Q:
    """Orders within somebody's grants for `act`, whatever they stand on; to look, also those his office helps with."""
    found = within(person, act, office="office", place="incident__place", domain="incident__domain")
    found |= within(person, act, office="office", place="conclusion__place", domain="conclusion__domain")
    if act in HELPING:
        # A subquery, because a join to the helpers would repeat rows.
        helped = within(person, act, office="helpers", place="conclusion__place", domain="conclusion__domain")
        found |= Q(pk__in=Order.objects.filter(helped, helpers__isnull=False).values("pk"))
    return found


class Order(models.Model):
    """What one tells another to do, by when, and how it is shown to be done."""

    class State(models.TextChoices):
        ISSUED = "issued", _("chờ nhận")
        RECEIVED = "received", _("đã nhận")
        ARRIVED = "arrived", _("đang làm")
        DONE = "done", _("báo xong, chờ nghiệm thu")
        VERIFIED = "verified", _("đã nghiệm thu")
        REFUSED = "refused", _("không làm được")
        REISSUED = "reissued", _("đã giao lại")
        CANCELLED = "cancelled", _("đã hủy")

    # Nothing more is to be done, so these keep no incident open.
    FINISHED = (State.VERIFIED, State.CANCELLED, State.REISSUED)
    # Nobody is judged by these any more.
    GIVEN_UP = (State.CANCELLED, State.REISSUED)

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="orders")
    conclusion = models.ForeignKey("incidents.Conclusion", models.PROTECT, null=True, related_name="orders")
    number = models.IntegerField()
    office = models.ForeignKey("people.Office", models.PROTECT, related_name="orders")
    addressee = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    helpers = models.ManyToManyField(
        "people.Office", related_name="+", blank=True, help_text="offices that take part"
    )
    text = models.CharField(_("việc phải làm"), max_length=300)
    needs = models.TextField(_("cần có khi xong"), blank=True, help_text="one line each")
    priority = models.SmallIntegerField()
    needs_proof = models.BooleanField(_("phải có minh chứng"), default=True)
    deadline_at = models.DateTimeField(_("hạn"))
    is_by_day = models.BooleanField(
        default=False, help_text="due with the end of a day; late is counted in working days of the office"
    )
    first_deadline_at = models.DateTimeField(null=True, help_text="before the first extension")
    receipt_due_at = models.DateTimeField(help_text="not received by then: remind, then climb")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ISSUED)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    arrived_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    done_note = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    ended_reason = models.CharField(max_length=500, blank=True, help_text="why it was refused or cancelled")
    reissue_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reissues")
    reminders = models.IntegerField(default=0)
    climbed_at = models.DateTimeField(
        null=True, help_text="told to the office above because nobody received it"
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "number"], name="order_number_once"),
            models.UniqueConstraint(fields=["conclusion", "number"], name="order_of_conclusion_once"),
            models.CheckConstraint(
                condition=Q(incident__isnull=False) ^ Q(conclusion__isnull=False), name="order_on_one_ground"
            ),
            models.CheckConstraint(
                condition=Q(deadline_at__gt=F("issued_at")), name="order_deadline_after_issue"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("refused", "cancelled")) | ~Q(ended_reason=""),
                name="order_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_by__isnull=False, done_at__isnull=False),
                name="order_verified_by_somebody",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["office", "state"], name="order_by_office"),
            models.Index(fields=["state", "receipt_due_at"], name="order_waiting"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("incidents:order", args=[self.pk])

    @property
    def code(self) -> str:
        """`07/1`: number of the incident of that day, number of the order; `123/TB-UBND (2)` of a document."""
        if self.incident is not None:
            return f"{self.incident.number:02}/{self.number}"
        return f"{self.ground.code} ({self.number})"

    @property
    def ground(self) -> Incident | Conclusion:
        """What it stands on."""
        found = self.incident or self.conclusion
        if found is None:
            raise ValueError(f"order {self.pk} stands on nothing")
        return found

    @property
    def is_finished(self) -> bool:
        return self.state in self.FINISHED

    @property
    def is_receipt_late(self) -> bool:
        return self.state == self.State.ISSUED and self.receipt_due_at < clock.now()

    @property
    def is_late(self) -> bool:
        return self.done_at is None and not self.is_finished and self.deadline_at < clock.now()

    @property
    def left(self) -> timedelta:
        """Until the deadline; negative when it has passed."""
        return self.deadline_at - clock.now()

    @property
    def due_on(self) -> date:
        return clock.local(self.deadline_at).date()

    @property
    def days_left(self) -> float:
        """Working days of its office from the day it was handed in, or today, to the day it is due; negative: late."""
        until = clock.local(self.done_at or clock.now()).date()
        return days.between(until, self.due_on, self.office.code)

    @property
    def days_late(self) -> float:
        """Working days after the day it was due; a day off after it counts nothing, but it is late all the same."""
        return max(0.0, -self.days_left)

    @property
    def was_late(self) -> bool:
        """Handed in after its deadline, or not handed in and over it."""
        return (self.done_at or clock.now()) > self.deadline_at and self.state not in self.GIVEN_UP

    @property
    def needed(self) -> list[str]:
        return [line.strip() for line in self.needs.splitlines() if line.strip()]


class Extension(models.Model):
    """More time for an order: asked by who has it, with a reason, and granted or not by who gave it."""

    class State(models.TextChoices):
        ASKED = "asked", _("đang xin gia hạn")
        GRANTED = "granted", _("được gia hạn")
        DENIED = "denied", _("không gia hạn")

    order = models.ForeignKey(Order, models.PROTECT, related_name="extensions")
    until_at = models.DateTimeField(help_text="the deadline asked for; the one granted once it is")
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    decided_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="asked"), name="extension_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="extension_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="denied") | ~Q(decided_why=""), name="extension_denied_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"


class Proof(models.Model):
    """A photo or file that shows what was done. The original is kept under its SHA-256; people get
    `served`.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("ảnh")
        FILE = "file", _("tệp")

    order = models.ForeignKey(Order, models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64, help_text="of the file as it was sent")
    served_sha256 = models.CharField(
        max_length=64, help_text="of the copy people get: no EXIF, at most 1600 px"
    )
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "sha256"], name="proof_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.name}"
