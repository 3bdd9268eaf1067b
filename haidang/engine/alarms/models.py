"""Alarms after ISA-18.2, what happened to each, and rules taken out of service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.people.rights import granted, sees_all, within
from haidang.engine.places.models import Place
from haidang.engine.places.wording import in_english
from haidang.engine.said import either, told, told_html
from haidang.engine.store.models import Source

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

STATES = ("unacked", "acked", "returned", "shelved", "suppressed")


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def for_user(self, person: Anyone, act: str = "alarm.see") -> AlarmQuerySet:
        return self.filter(within(person, act, office="office", place="place", domain="domain"))

    def open(self) -> AlarmQuerySet:
        return self.filter(closed_at=None)

    def in_state(self, state: str) -> AlarmQuerySet:
        """Open alarms that count in this state of the header; a state hides those after it."""
        aside = Q(is_suppressed=True) | Q(shelved_until__isnull=False)
        return self.open().filter(
            {
                "suppressed": Q(is_suppressed=True),
                "shelved": Q(is_suppressed=False, shelved_until__isnull=False),
                "returned": Q(returned_at__isnull=False, acknowledged_at=None) & ~aside,
                "acked": Q(returned_at=None, acknowledged_at__isnull=False) & ~aside,
                "unacked": Q(returned_at=None, acknowledged_at=None) & ~aside,
            }[state]
        )

    def placed(self) -> AlarmQuerySet:
        """Those that stand somewhere on a map: what `spot` says of one."""
        return self.filter(Q(asset__lat__isnull=False) | Q(asset=None, place__lat__isnull=False))

    def noisy(self) -> AlarmQuerySet:
        """Not acknowledged, neither shelved nor suppressed: what sound and title follow."""
        return self.in_state("unacked")


class Alarm(models.Model):
    """One judgement of one rule on one subject, from raise until it has returned and was acknowledged."""

    class Priority(models.IntegerChoices):
        URGENT = 1, gettext_lazy("Khẩn cấp")
        HIGH = 2, gettext_lazy("Cao")
        LOW = 3, gettext_lazy("Thấp")

    rule = models.CharField(max_length=120, help_text="address of the rule")
    rule_sha256 = models.CharField(max_length=64, help_text="the text it was judged by")
    domain = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, help_text="asset:<id>, source:<id>, door:<name> or place:<id>")
    asset = models.ForeignKey("assets.Asset", models.PROTECT, null=True, related_name="alarms")
    source = models.ForeignKey("store.Source", models.PROTECT, null=True, related_name="+")
    series = models.ForeignKey("store.Series", models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey("people.Office", models.PROTECT, null=True, related_name="+")
    priority = models.SmallIntegerField(choices=Priority.choices)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    indicator = models.CharField(max_length=120, blank=True)
    parameter = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    value = models.FloatField(null=True)
    limit = models.FloatField(null=True)
    at = models.DateTimeField(
        help_text="measuring time of the reading that raised it, or the end of its period"
    )
    period = models.CharField(max_length=10, blank=True, help_text="of a published figure: 2026-W47")
    raised_at = models.DateTimeField(help_text="when we raised it")
    epoch = models.BigIntegerField(
        null=True, help_text="commit epoch of the reading; none when judged from silence"
    )
    raises = models.IntegerField(default=1)
    held_by = models.JSONField(
        default=list, help_text="series:<id> and the like that hold it active; the last to end lets it return"
    )
    is_corrected = models.BooleanField(default=False, help_text="a reading it rests on has a newer version")
    returned_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    acknowledged_note = models.CharField(max_length=500, blank=True)
    shelved_until = models.DateTimeField(null=True)
    shelved_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    shelved_reason = models.CharField(max_length=500, blank=True)
    shelved_said = models.JSONField(
        null=True, help_text="the reason and its parts, when we put it aside ourselves"
    )
    is_suppressed = models.BooleanField(default=False, help_text="a more urgent rule says the same")
    closed_at = models.DateTimeField(null=True)
    # Written by the incident that handles it; the alarm does not know incidents.
    incident_code = models.CharField(max_length=20, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rule", "subject"], condition=Q(closed_at=None), name="alarm_one_open"
            ),
            models.CheckConstraint(condition=Q(priority__in=(1, 2, 3)), name="alarm_priority_known"),
            models.CheckConstraint(
                condition=Q(shelved_until=None) | ~Q(shelved_reason=""), name="alarm_shelved_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(returned_at__isnull=False), name="alarm_closed_after_return"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["priority", "-raised_at"], condition=Q(closed_at=None), name="alarm_open"),
            models.Index(F("raised_at").desc(), name="alarm_by_time"),
            models.Index(fields=["asset", "-raised_at"], name="alarm_by_asset"),
            models.Index(fields=["rule", "subject", "-raised_at"], name="alarm_by_rule"),
            models.Index(fields=["closed_at"], name="alarm_by_closing"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.rule} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("alarms:alarm", args=[self.pk])

    @property
    def spot(self) -> tuple[float, float] | None:
        """Latitude and longitude: of its station, else the middle of its place."""
        there = self.asset or self.place
        return None if there is None or there.lat is None or there.lon is None else (there.lat, there.lon)

    @property
    def why_url(self) -> str:
        """Where the value that raised it is walked back to the delivered line; empty when nothing was measured."""
        if self.value is None:
            return ""
        if self.series_id:
            return _why(series=str(self.series_id), at=self.at)
        if self.indicator and self.asset:
            return _why(indicator=self.indicator, asset=self.asset.code, at=self.at)
        return self._why_published(self.at)

    def _why_published(self, at: datetime) -> str:
        if not (self.period and self.place_id):
            return ""
        asked = {"indicator": self.indicator, "place": str(self.place_id), "at": clock.local(at).isoformat()}
        return f"{reverse('boards:why_statistic')}?{urlencode(asked)}"

    @cached_property
    def newest(self) -> Newest | None:
        """The last published figure of what raised it; None of an alarm on readings."""
        if not self.period or self.place_id is None:
            return None
        rows = figure_rows.newest([self.indicator], [self.place_id])
        kind: Any = Period.parse(self.period).kind
        found = ((row.value, row.subject.at) for row in rows)
        return next(
            (Newest(v, periods.ending(at, kind).code, self._why_published(at)) for v, at in found), None
        )

    @property
    def newest_why_url(self) -> str:
        """The same for the newest value of its series."""
        at = self.series.last_at if self.series else None
        return _why(series=str(self.series_id), at=at) if at else ""

    @property
    def title(self) -> str:
        return either(self.title_vi, self.title_en)

    @property
    def shelved_why(self) -> str:
        return told(self.shelved_reason, self.shelved_said)

    @property
    def state(self) -> str:
        return state_of(
            closed=bool(self.closed_at), suppressed=self.is_suppressed, shelved=bool(self.shelved_until),
            returned=bool(self.returned_at), acknowledged=bool(self.acknowledged_at),
        )  # fmt: skip

    @property
    def state_word(self) -> str:
        return state_word(self.state)

    @property
    def needs_acknowledgement(self) -> bool:
        return self.closed_at is None and self.acknowledged_at is None

    @cached_property
    def where(self) -> str:
        """Whom it is about, in a few words."""
        if self.asset:
            return self.asset.name
        if self.source:
            return self.source.title
        kind, _sep, name = self.subject.partition(":")
        if kind == "place" and self.place:
            return str(self.place)
        return _("Cửa %(name)s") % {"name": name.upper()} if kind == "door" else self.subject

    @property
    def where_told(self) -> str:
        """The same in the screen's language: the province has an English name. What is written down takes `where`."""
        if self.place and self.subject.startswith("place:"):
            return either(self.where, in_english(self.place))
        return self.where


@dataclass(frozen=True, slots=True)
class Newest:
    """A published figure as an alarm's page shows it beside the one that raised it."""

    value: float | None
    period: str
    why_url: str


def _why(*, at: datetime, **about: str) -> str:
    return f"{reverse('boards:why')}?{urlencode({**about, 'at': clock.local(at).isoformat()})}"


def state_of(*, closed: bool, suppressed: bool, shelved: bool, returned: bool, acknowledged: bool) -> str:
    """One of `unacked`, `acked`, `returned`, `shelved`, `suppressed`, or `closed`: now and as it was then alike."""
    if closed:
        return "closed"
    if suppressed:
        return "suppressed"
    if shelved:
        return "shelved"
    if returned:
        return "returned"
    return "acked" if acknowledged else "unacked"


def state_word(state: str) -> str:
    return {
        "unacked": _("Chưa nhận"),
        "acked": _("Đã nhận"),
        "returned": _("Đã hết, chưa nhận"),
        "shelved": _("Tạm gác"),
        "suppressed": _("Chặn theo thiết kế"),
        "out_of_service": _("Ngừng dùng"),
        "closed": _("Đã xong"),
    }[state]


class Event(models.Model):
    """One line of what happened to an alarm, or to a rule without raising one; never changed."""

    class Kind(models.TextChoices):
        RAISED = "raised", gettext_lazy("nổi lên")
        AGAIN = "again", gettext_lazy("nổi lại")
        JOINED = "joined", gettext_lazy("thêm một nguồn cùng vượt")
        LEFT = "left", gettext_lazy("một nguồn đã hết, nguồn khác chưa hết")
        RETURNED = "returned", gettext_lazy("đã hết")
        LATE = "late", gettext_lazy("vượt ngưỡng, số liệu đến muộn")
        CORRECTED = "corrected", gettext_lazy("số liệu được sửa")
        ACKNOWLEDGED = "acknowledged", gettext_lazy("đã nhận")
        SHELVED = "shelved", gettext_lazy("tạm gác")
        UNSHELVED = "unshelved", gettext_lazy("thôi gác")
        SUPPRESSED = "suppressed", gettext_lazy("chặn theo thiết kế")
        UNSUPPRESSED = "unsuppressed", gettext_lazy("thôi chặn")
        COMMENT = "comment", gettext_lazy("ghi chú")
        SILENCED = "silenced", gettext_lazy("không nổi: quy tắc ngừng dùng")

    alarm = models.ForeignKey(Alarm, models.PROTECT, null=True, related_name="events")
    rule = models.CharField(max_length=120)
    subject = models.CharField(max_length=80)
    asset = models.ForeignKey("assets.Asset", models.PROTECT, null=True, related_name="+")
    priority = models.SmallIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    recorded_at = models.DateTimeField()
    at = models.DateTimeField(null=True, help_text="measuring time it speaks of")
    value = models.FloatField(null=True)
    text = models.CharField(max_length=500, blank=True)
    said = models.JSONField(null=True, help_text="the sentence and its parts, when it is one of ours")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("recorded_at").desc(), name="alarm_event_by_time"),
            models.Index(fields=["rule", "subject", "-recorded_at"], name="alarm_event_by_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.recorded_at:%H:%M:%S} {self.rule} {self.kind}"

    @property
    def told(self) -> str:
        """The text in the language of the screen."""
        return told(self.text, self.said)

    @property
    def told_html(self) -> SafeString:
        return told_html(self.text, self.said) if self.text else SafeString()


class OutOfServiceQuerySet(models.QuerySet["OutOfService"]):
    def for_user(self, person: Anyone) -> OutOfServiceQuerySet:
        """What is out of service at stations, sources and places whose alarms one may see. A rule stopped everywhere is
        shown to those whom neither an office nor a place limits.
        """
        if sees_all(person, "alarm.see"):
            return self.all()
        assets = Asset.objects.filter(
            within(person, "alarm.see", office="office", place="place", domain="domain")
        )
        sources = Source.objects.filter(within(person, "alarm.see", office="office", domain="domain"))
        places = Place.objects.filter(within(person, "alarm.see", place="pk"))
        rows = (("asset:", assets), ("source:", sources), ("place:", places))
        seen = Q(pk__in=[])
        for prefix, those in rows:
            seen |= Q(subject__in=_subjects(prefix, those))
        for scope in granted(person, "alarm.see"):
            if scope.offices is None and scope.places is None:
                seen |= Q(rule__startswith=f"{scope.domain}.")
        return self.filter(seen)


def _subjects(prefix: str, rows: models.QuerySet[Any]) -> models.QuerySet[Any, Any]:
    """The names by which alarms call these rows."""
    name = Concat(Value(prefix), Cast("pk", models.CharField()), output_field=models.CharField())
    named: models.QuerySet[Any, Any] = rows.annotate(name_of_subject=name)
    return named.values_list("name_of_subject", flat=True)


class OutOfService(models.Model):
    """A rule, on one subject or everywhere, that must not raise until somebody puts it back."""

    rule = models.CharField(max_length=120)
    subject = models.CharField(max_length=80, blank=True, help_text="empty: everywhere")
    reason = models.CharField(max_length=500)
    since = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")

    objects = OutOfServiceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rule", "subject"], condition=Q(ended_at=None), name="out_of_service_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


def instant(at_us: int) -> datetime:
    """A measuring time in µs as an instant; integer arithmetic, because a float drops microseconds."""
    from datetime import UTC, timedelta

    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
