"""Differences between two sources: found, asked about, explained, settled by two people; none is ever deleted."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from haidang.engine import clock
from haidang.engine.people.rights import granted, within
from haidang.engine.said import either

if TYPE_CHECKING:
    from haidang.engine.people.models import Office
    from haidang.engine.people.rights import Anyone


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def for_user(self, person: Anyone, act: str = "difference.see") -> DifferenceQuerySet:
        """Those one's own office is a side of."""
        sides = Q(pk__in=[])
        for office in ("left_office", "right_office"):
            sides |= within(person, act, office=office, place="place", domain="domain")
        rows = self.filter(sides)
        if act == "difference.explain":
            # Who looks over the whole province asks and signs; why a figure is what it is says the office that told it.
            own = {getattr(person, "office_id", None)}.union(*(s.offices or () for s in granted(person, act)))
            rows = rows.filter(Q(left_office__in=own) | Q(right_office__in=own))
        return rows

    def open(self) -> DifferenceQuerySet:
        return self.filter(state__in=Difference.OPEN)


class Difference(models.Model):
    """One finding of one pair in one period, from the run that found it to its settlement or its end."""

    class State(models.TextChoices):
        FOUND = "found", _("mới phát hiện")
        ASKED = "asked", _("đã hỏi")
        EXPLAINED = "explained", _("đã giải trình")
        SETTLED = "settled", _("đã chốt")
        GONE = "gone", _("hết chênh lệch")

    class Kind(models.TextChoices):
        LATE_REVISION = "late_revision", _("chưa lấy số đã sửa")
        SWAPPED_COLUMNS = "swapped_columns", _("đổi chỗ hai cột")
        SWAPPED_ROWS = "swapped_rows", _("đổi chỗ hai dòng")
        UNIT_SLIP = "unit_slip", _("sai đơn vị")
        DOUBLE_COUNT = "double_count", _("tính hai lần")
        OLD_UNIT = "old_unit", _("còn đơn vị cũ")
        MISSING = "missing", _("thiếu đơn vị")
        FOLLOWS = "follows", _("theo các đơn vị dưới")
        PLAIN = "plain", _("lệch")

    class Outcome(models.TextChoices):
        LEFT = "left", _("số của bên trái đúng")
        RIGHT = "right", _("số của bên phải đúng")
        BOTH = "both", _("hai số khác nhau có lý do, giữ cả hai")

    OPEN: ClassVar = (State.FOUND, State.ASKED, State.EXPLAINED)

    pair = models.CharField(max_length=300, help_text="address of the pair")
    domain = models.CharField(max_length=60)
    title_vi = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    period = models.CharField(max_length=10, help_text="2026-10, 2026-Q4, 2026")
    at = models.DateTimeField(help_text="end of the period")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    scope = models.CharField(max_length=310, blank=True, help_text="what tells it from others of its kind")
    place = models.ForeignKey(
        "places.Place", models.PROTECT, null=True, blank=True, related_name="+", help_text="empty: several"
    )
    # [{"place": "25459", "name": "Phường Tân Ninh", "left": "1.5", "right": null, "left_figures": [1], …}, …]; with the
    # indicators and the id of the place, by which “Vì sao?” finds each figure; `over`: of which other periods the right is
    cases = models.JSONField()
    told_vi = models.TextField(help_text="what differs")
    told_en = models.TextField()
    remedy_vi = models.TextField()
    remedy_en = models.TextField()
    left_source_vi = models.CharField(max_length=200)
    left_source_en = models.CharField(max_length=200, blank=True)
    right_source_vi = models.CharField(max_length=200)
    right_source_en = models.CharField(max_length=200, blank=True)
    left_unit = models.CharField(max_length=60)
    right_unit = models.CharField(max_length=60)
    left_office = models.ForeignKey("people.Office", models.PROTECT, null=True, related_name="+")
    right_office = models.ForeignKey("people.Office", models.PROTECT, null=True, related_name="+")
    legal_basis = models.CharField(max_length=300)

    state = models.CharField(max_length=10, choices=State.choices, default=State.FOUND)
    found_at = models.DateTimeField()
    found_epoch = models.BigIntegerField(help_text="what was known when it was found")
    due_date = models.DateField(help_text="to be settled by")
    changed_epoch = models.BigIntegerField(help_text="what was known when its figures last changed")
    gone_at = models.DateTimeField(null=True, blank=True)
    gone_epoch = models.BigIntegerField(
        null=True, blank=True, help_text="the figures at which it was no more"
    )

    # Two signatures of two offices; the first one proposes.
    outcome = models.CharField(max_length=5, choices=Outcome.choices, blank=True)
    settlement = models.TextField(blank=True)
    first_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    first_office = models.ForeignKey("people.Office", models.PROTECT, null=True, blank=True, related_name="+")
    first_at = models.DateTimeField(null=True, blank=True)
    second_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    second_office = models.ForeignKey(
        "people.Office", models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_at = models.DateTimeField(null=True, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["pair", "period", "kind", "scope"],
                condition=Q(state__in=("found", "asked", "explained")),
                name="difference_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled")
                | (
                    Q(first_by__isnull=False, second_by__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(first_by=F("second_by"))
                    & ~Q(first_office=F("second_office"))
                ),
                name="difference_settled_by_two_offices",
            ),
            models.CheckConstraint(
                condition=~Q(state="gone") | Q(gone_at__isnull=False, gone_epoch__isnull=False),
                name="difference_gone_at_an_epoch",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["pair", "at"], name="difference_by_pair"),
            models.Index(fields=["state", "due_date"], name="difference_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.pair} {self.period} {self.kind} {self.scope}".rstrip()

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("reconciliation:difference", args=[self.pk])

    @property
    def title(self) -> str:
        return either(self.title_vi, self.title_en)

    @property
    def told(self) -> str:
        return either(self.told_vi, self.in_english(self.told_en))

    def name_of(self, case: dict[str, Any]) -> str:
        """A place of its cases in the language of the screen."""
        return either(case["name"], case.get("name_en") or self.in_english(case["name"]))

    def in_english(self, text: str) -> str:
        """An English sentence of ours with its places as they are called there; since their English name is kept with
        each case, it is there already.
        """
        for name, english in self._unnamed.items():
            text = text.replace(name, english)
        return text

    @cached_property
    def _unnamed(self) -> dict[str, str]:
        """Of cases kept before that: the name of the province, and its English one."""
        from haidang.engine.places.models import Place
        from haidang.engine.places.wording import in_english

        kept = [case["place_id"] for case in self.cases if "name_en" not in case and case.get("place_id")]
        found = Place.objects.filter(pk__in=kept, level=Place.Level.PROVINCE) if kept else ()
        return {str(place): in_english(place) for place in found}

    @property
    def said(self) -> str:
        """What differs, without the title and period that stand above it."""
        return self.told.removeprefix(f"{self.title}, {self.when}, ")

    @property
    def remedy(self) -> str:
        return either(self.remedy_vi, self.remedy_en)

    @property
    def left_source(self) -> str:
        return either(self.left_source_vi, self.left_source_en)

    @property
    def right_source(self) -> str:
        return either(self.right_source_vi, self.right_source_en)

    @property
    def when(self) -> str:
        from haidang.engine.contracts.sheets.days import Period

        return Period.parse(self.period).words(get_language())

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def age_days(self) -> int:
        """Calendar days since it was found; until its end where it has one."""
        until = self.second_at or self.gone_at or clock.now()
        return (clock.local(until).date() - clock.local(self.found_at).date()).days

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_date < today()

    @property
    def offices(self) -> list[Office]:
        return [office for office in (self.left_office, self.right_office) if office is not None]

    def outcome_words(self) -> str:
        """What was signed, with the source's own name."""
        return self.words_of(self.outcome)

    def words_of(self, outcome: str) -> str:
        """An outcome with the source's own name, in the screen's language."""
        names = {self.Outcome.LEFT: self.left_source, self.Outcome.RIGHT: self.right_source}
        if outcome in names:
            from django.utils.translation import gettext

            return gettext("số của %(source)s đúng") % {"source": names[self.Outcome(outcome)]}
        return str(self.Outcome(outcome).label) if outcome else ""

    @property
    def values(self) -> dict[str, Any]:
        """What both sides say, to see whether it changed."""
        return {case["place"]: (case["left"], case["right"]) for case in self.cases}


def today() -> date:
    return clock.local(clock.now()).date()


class Note(models.Model):
    """One line of what became of a difference: by a person, or by the run that compared."""

    class Kind(models.TextChoices):
        FOUND = "found", _("Phát hiện")
        CHANGED = "changed", _("Số thay đổi")
        ASKED = "asked", _("Hỏi")
        EXPLAINED = "explained", _("Giải trình")
        SIGNED = "signed", _("Ký thứ nhất")
        SETTLED = "settled", _("Ký thứ hai, chốt")
        GONE = "gone", _("Hết chênh lệch")

    difference = models.ForeignKey(Difference, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    text = models.TextField(help_text="in Vietnamese, as it was written")
    text_en = models.TextField(blank=True, help_text="of sentences of ours")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    office = models.ForeignKey("people.Office", models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(
        max_length=5, choices=Difference.Outcome.choices, blank=True, help_text="what a signature is for"
    )
    epoch = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["difference", "-at"], name="note_by_difference")
        ]

    def __str__(self) -> str:
        return f"{self.difference_id} {self.kind}"

    @property
    def told(self) -> str:
        return either(self.text, self.difference.in_english(self.text_en))

    @property
    def outcome_words(self) -> str:
        """What was signed; empty for other notes, and for signatures whose text says it itself, as they once did."""
        return self.difference.words_of(self.outcome)


class Compared(models.Model):
    """How far a pair has been compared, and by which text."""

    pair = models.CharField(max_length=300, primary_key=True)
    sha256 = models.CharField(max_length=64)
    epoch = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.pair} {self.epoch}"
