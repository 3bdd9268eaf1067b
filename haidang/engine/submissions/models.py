"""What offices hand in as files: each version of each period, its cells, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.verdict import address
from haidang.engine.people.rights import within

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def for_user(self, person: Anyone, act: str = "sheet.see") -> SubmissionQuerySet:
        """Those of one's own office and domain."""
        return self.filter(within(person, act, office="office", domain="domain"))

    def come_by(self, then: datetime) -> Self:
        """What had come for its period at that time: a file without one has from when somebody said it."""
        return self.filter(Q(period_said_at=None) | Q(period_said_at__lte=then), received_at__lte=then)

    def standing(self, then: datetime | None = None) -> SubmissionQuerySet:
        """The one each contract, period and office stands at: the last number that can be used, else the last. `then`: by
        what had come, and was not taken back, at that time.
        """
        mine, same = (
            self,
            Submission.objects.filter(
                contract=models.OuterRef("contract"),
                period=models.OuterRef("period"),
                office=models.OuterRef("office"),
            ),
        )
        can_stand = ~Q(state__in=Submission.NEVER_STANDS)
        if then is not None:
            same, mine = same.come_by(then), mine.come_by(then)
            can_stand |= Q(state=Submission.State.WITHDRAWN, withdrawn_at__gt=then)
        newer = same.filter(number__gt=models.OuterRef("number"))
        return mine.filter(
            (can_stand & ~models.Exists(newer.filter(can_stand)))
            | (~can_stand & ~models.Exists(newer) & ~models.Exists(same.filter(can_stand)))
        )


class Submission(models.Model):
    """One file of one office for one period of a contract. A file handed in again is another number."""

    class State(models.TextChoices):
        RECEIVED = "received", _("đang chấm")
        UNREADABLE = "unreadable", _("không đọc được")
        DRAFT = "draft", _("bản nháp")
        SUBMITTED = "submitted", _("đã ký gửi")
        RETURNED = "returned", _("trả lại")
        APPROVED = "approved", _("đã duyệt")
        PUBLISHED = "published", _("đã công bố")
        CORRECTED = "corrected", _("đã có bản sửa")
        WITHDRAWN = "withdrawn", _("đã rút")

    # From which the office may go on by itself.
    AT_THE_OFFICE: ClassVar = (
        State.RECEIVED, State.UNREADABLE, State.DRAFT, State.RETURNED, State.WITHDRAWN,
    )  # fmt: skip
    # What takes the place of no other version of its period.
    NEVER_STANDS: ClassVar = (State.UNREADABLE, State.WITHDRAWN)

    contract = models.CharField(max_length=120)
    domain = models.CharField(max_length=60)
    source = models.ForeignKey("store.Source", models.PROTECT, related_name="+")
    period = models.CharField(max_length=10, blank=True, help_text="2026-10, 2026-Q4, 2026; empty: not known")
    office = models.ForeignKey("people.Office", models.PROTECT, null=True, blank=True, related_name="+")
    number = models.IntegerField(help_text="1, 2, … of this contract, period and office")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)

    # The file: which record of which delivery.
    delivery_id = models.BigIntegerField()
    ordinal = models.IntegerField()
    name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    received_at = models.DateTimeField()
    handed_in_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")

    # Who said the period of a file that came without one.
    period_said_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+"
    )
    period_said_at = models.DateTimeField(null=True, blank=True)
    period_said_why = models.TextField(blank=True)

    mended_from = models.IntegerField(
        null=True,
        blank=True,
        help_text="number of the version it was made of in the grid; empty: a file of its own",
    )

    # What the judging found.
    judged_at = models.DateTimeField(null=True, blank=True)
    contract_sha256 = models.CharField(max_length=64)
    sheet = models.CharField(max_length=100, blank=True, help_text="the sheet that was meant")
    lines = models.IntegerField(default=0)
    cells = models.IntegerField(default=0)
    numbers = models.IntegerField(default=0, help_text="numeric cells taken as values")
    faults = models.IntegerField(default=0, help_text="cells at fault")
    warnings = models.IntegerField(default=0, help_text="cells to be explained")
    compared_epoch = models.BigIntegerField(
        null=True, blank=True, help_text="what was published when its cells were compared with it"
    )
    renewed_at = models.DateTimeField(
        null=True, blank=True, help_text="when a publication gave it a warning after it was judged"
    )
    # Of a list of very many lines only the cells with remarks are kept; the rest is in the file.
    is_long = models.BooleanField(default=False)
    strays = models.JSONField(
        null=True,
        blank=True,
        help_text="what seems personal beside what was asked: `strays.Stray`, …; null: nobody has looked",
    )
    reason = models.CharField(max_length=40, blank=True, help_text="why it cannot be read")
    reason_args = models.JSONField(default=dict, blank=True)

    # Who answers for it.
    signed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_why = models.TextField(blank=True)
    withdrawn_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True)
    approved_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    epoch = models.BigIntegerField(null=True, blank=True, help_text="of the transaction that published it")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract", "period", "office", "number"],
                nulls_distinct=False,
                name="submission_number_once",
            ),
            models.UniqueConstraint(fields=["delivery_id", "ordinal"], name="submission_of_record_once"),
            models.UniqueConstraint(
                fields=["contract", "period", "office"],
                condition=Q(state="published"),
                nulls_distinct=False,
                name="submission_published_once",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("signed_by")),
                name="submission_approved_by_another",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["office", "-received_at"], name="submission_by_office"),
            models.Index(fields=["-received_at"], name="submission_by_time"),
            models.Index(fields=["id"], condition=Q(state="received"), name="submission_to_judge"),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.period} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("submissions:version", args=[self.pk])

    def pending_edits(self) -> dict[tuple[str, int, int], Edit]:
        """The last change of each cell mended in the grid and not judged yet; one taken back to what stood there is none."""
        typed = self.edits.select_related("person", "submission").order_by("pk")
        last = {(one.sheet, one.row, one.column): one for one in typed}
        # "" is a formula without a result: to empty its cell is a change too.
        return {
            place: one
            for place, one in last.items()
            if one.was == "" or one.text != ("" if one.was is None else str(one.was))
        }

    def mended_before(self, sheet: str, cell: str) -> list[Edit]:
        """What people typed into this cell (D14) in the grid of the versions this one was made of, the first first: its bytes
        do not tell. A file that came from elsewhere ends the way back: what was typed before it did not lead to its value.
        """
        found: list[Edit] = []
        for made in self._made_of():
            last = next(
                (one for one in made.pending_edits().values() if (one.sheet, one.cell) == (sheet, cell)), None
            )
            found[:0] = [last] if last else []
        return found

    def _made_of(self) -> Iterator[Submission]:
        """The versions it was made of by mending in the grid, the newest first."""
        row: Submission | None = self
        while row is not None and row.mended_from:
            row = self.of_the_period().filter(number=row.mended_from, number__lt=row.number).first()
            if row is not None:
                yield row

    def is_gone(self, then: datetime | None = None) -> bool:
        """Whether its office has taken it back, or had at that time."""
        taken_back = self.state == Submission.State.WITHDRAWN
        return taken_back and (then is None or self.withdrawn_at is None or self.withdrawn_at <= then)

    def is_answered(self, then: datetime | None = None) -> bool:
        """Whether the office has signed it and it is not back with the office; or whether it was signed at that time."""
        if then is not None and (self.signed_at is None or self.signed_at > then):
            return False
        return self.state not in Submission.AT_THE_OFFICE

    def of_the_period(self) -> SubmissionQuerySet:
        """Every version of its contract, period and office, itself among them."""
        return Submission.objects.filter(contract=self.contract, period=self.period, office=self.office)

    @property
    def when(self) -> Period | None:
        """The period it is for; None while nobody has said."""
        return Period.parse(self.period) if self.period else None


class Cell(models.Model):
    """One cell of a file that was judged: what stood there, what it is taken for, and what was said of it."""

    id = models.BigAutoField(primary_key=True)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="judged")
    sheet = models.CharField(max_length=100)
    row = models.IntegerField()
    column = models.IntegerField(help_text="0 is A; -1: the whole row or file")
    raw = models.JSONField(null=True)
    fate = models.CharField(max_length=8, help_text="value, header, label, note, total, ignored, missing")
    value = models.JSONField(null=True, help_text="in the contract's unit; a code of a place; a day")
    unit = models.CharField(max_length=20, blank=True)
    field = models.CharField(max_length=60, blank=True)
    item = models.CharField(max_length=60, blank=True)
    level = models.SmallIntegerField(default=0, help_text="0 good, 1 warning, 2 fault")
    remarks = models.JSONField(default=list, help_text="[level, code, arguments], …")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["submission", "sheet", "row", "column"], name="cell_by_place"),
            models.Index(fields=["submission", "-level"], condition=Q(level__gt=0), name="cell_with_remarks"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.sheet} {self.row}/{self.column}"

    @property
    def address(self) -> str:
        """`D14`; of a whole row its number."""
        from haidang.engine.contracts.sheets.verdict import address

        return address(self.row, self.column) if self.column >= 0 else str(self.row)

    @property
    def warned_since(self) -> datetime | None:
        """When a later publication gave it its newest warning; None where all of them stood there when it was judged."""
        told = (args["since"] for level, _code, args in self.remarks if level == 1 and args.get("since"))
        return max(map(datetime.fromisoformat, told), default=None)


class Explanation(models.Model):
    """Why a warned cell is right after all, said by the office. The last one of a cell holds."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="explanations")
    sheet = models.CharField(max_length=100)
    row = models.IntegerField()
    column = models.IntegerField()
    text = models.TextField()
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["submission", "sheet", "row", "column"], name="explanation_by_cell")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.row}/{self.column}"


class Edit(models.Model):
    """What somebody typed into a cell in the grid. The last one of a cell holds; the file it makes is the next number."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="edits")
    sheet = models.CharField(max_length=100)
    row = models.IntegerField()
    column = models.IntegerField(help_text="0 is A")
    text = models.TextField(blank=True)
    was = models.JSONField(null=True, help_text="what stood there")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["submission", "sheet", "row", "column"], name="edit_by_cell")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(row__gte=1, column__gte=0), name="edit_in_the_sheet")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.row}/{self.column}"

    @property
    def cell(self) -> str:
        return address(self.row, self.column)
