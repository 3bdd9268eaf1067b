"""Conclusions and documents that give tasks: each task is an order that stands on one instead of on an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from haidang.engine.incidents.orders import Order
from haidang.engine.people.rights import within

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone


class ConclusionQuerySet(models.QuerySet["Conclusion"]):
    def for_user(self, person: Anyone, act: str = "order.see") -> ConclusionQuerySet:
        """Of one's own office, or with an order one reaches."""
        own = within(person, act, office="office", place="place", domain="domain")
        ordered = Q(pk__in=Order.objects.for_user(person, act).exclude(conclusion=None).values("conclusion"))
        return self.filter(own | ordered)


class Conclusion(models.Model):
    """A paper by which a leader gives tasks: a conclusion of a meeting, a directive, a decision."""

    class Kind(models.TextChoices):
        CONCLUSION = "conclusion", _("Thông báo kết luận")
        DIRECTIVE = "directive", _("Chỉ thị")
        DECISION = "decision", _("Quyết định")
        PLAN = "plan", _("Kế hoạch")
        LETTER = "letter", _("Công văn")

    kind = models.CharField(_("loại văn bản"), max_length=10, choices=Kind.choices, default=Kind.CONCLUSION)
    code = models.CharField(_("số, ký hiệu"), max_length=60, help_text="as 123/TB-UBND")
    dated_on = models.DateField(_("ngày ký"))
    signer = models.CharField(_("người ký"), max_length=150)
    title = models.CharField(_("trích yếu"), max_length=300)
    domain = models.CharField(max_length=60, blank=True)
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, blank=True, related_name="+")
    office = models.ForeignKey(
        "people.Office", models.PROTECT, related_name="+", help_text="whose paper it is"
    )
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    is_demo = models.BooleanField(default=False)

    # The signed paper, kept and served as proofs are.
    file_name = models.CharField(max_length=120, blank=True)
    file_type = models.CharField(max_length=40, blank=True)
    file_size = models.IntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, help_text="of the file as it was sent")
    served_sha256 = models.CharField(max_length=64, blank=True)

    objects = ConclusionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "dated_on", "office"], name="conclusion_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-dated_on", "-id"], name="conclusion_by_day")
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("incidents:conclusion", args=[self.pk])

    # What an order asks of whatever it stands on.
    lat = lon = None
    priority = 2

    @property
    def where(self) -> str:
        return str(self.place) if self.place else ""

    @property
    def chief_id(self) -> int:
        """Who answers for it being carried out, beside who gave each task."""
        return self.registered_by_id
