"""The record: sources, deliveries, what became of each record, series, observations and hourly roll-ups.

The large tables are partitioned by month and written by COPY; migration 0001 makes them in SQL and their models
are unmanaged. Times are instants (`timestamptz`), values are in the contract's unit.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from haidang.engine import clock
from haidang.engine.store.doors import DoorCounted, DoorRefusal  # noqa: F401 - models of this app
from haidang.engine.store.pulls import Pull as Pull  # noqa: PLC0414 - models of this app
from haidang.engine.store.pulls import PullCredential as PullCredential  # noqa: PLC0414
from haidang.engine.store.pulls import PulledFile as PulledFile  # noqa: PLC0414


class Source(models.Model):
    """A registered connection. Its contract is content; what people may change is here."""

    address = models.CharField(max_length=120, unique=True)
    domain = models.CharField(max_length=60, db_index=True)
    title = models.CharField(max_length=200)
    office = models.ForeignKey("people.Office", models.PROTECT, null=True, blank=True, related_name="+")
    office_named = models.CharField(
        max_length=40,
        default="",
        blank=True,
        help_text="code of the office its definition names; while no such office is known here the source is nobody's",
    )
    every_s = models.IntegerField(help_text="promised interval between messages of one asset, seconds")
    silent_after_s = models.IntegerField(help_text="silence longer than this is an alarm, seconds")
    is_active = models.BooleanField(default=True)
    last_received_at = models.DateTimeField(null=True, blank=True)
    connected_date = models.DateField(
        default=clock.today, help_text="what was due before this day in Việt Nam was not owed to this centre"
    )

    def __str__(self) -> str:
        return self.address


class Credential(models.Model):
    """One key of one source: user and password for MQTT and FTP, key for push. Only hashes are kept."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="credentials")
    label = models.CharField(max_length=100)
    user = models.CharField(max_length=60, unique=True)
    password_hash = models.CharField(max_length=200, help_text="bcrypt, as the broker wants it")
    key_sha256 = models.CharField(max_length=64, unique=True)
    stations = models.JSONField(
        null=True, blank=True, help_text="asset codes it may speak for; null means all"
    )
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.source} {self.label}"


class Epoch(models.Model):
    """One committed change of knowledge. Ids and times are given out in commit order (`store.epochs`)."""

    id = models.BigAutoField(primary_key=True)
    committed_at = models.DateTimeField(unique=True)
    actor = models.CharField(max_length=40)
    stages = models.JSONField(
        null=True, help_text="when each stage of a batch was done, in seconds since 1970"
    )

    def __str__(self) -> str:
        return f"{self.pk}"


class ContentFile(models.Model):
    """The text of one content file (contract, rule, formula …) as it was in force, named by its hash."""

    address = models.CharField(max_length=160)
    kind = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    body = models.TextField()
    sibling = models.TextField(blank=True, help_text="the code file of the same stem, if any")
    valid_from = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "address"],
                condition=models.Q(superseded_at=None),
                name="content_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.address} {self.sha256[:12]}"


class Delivery(models.Model):
    """One thing received, with its bytes or the name of the file that holds them, and the count of each outcome."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+", db_constraint=False)
    # A redelivery is recognised by the stream's birth (microseconds since 1970) and the sequence within it.
    wire_stream = models.BigIntegerField(default=0)
    wire_seq = models.BigIntegerField()
    door = models.CharField(max_length=10)
    name = models.CharField(max_length=255, blank=True)
    sha256 = models.BinaryField(max_length=32)
    size = models.BigIntegerField()
    body = models.BinaryField(
        null=True, help_text="the envelope as it stood on the wire; null: a file named by sha256"
    )
    credential = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()
    epoch = models.BigIntegerField()
    contract_sha256 = models.CharField(max_length=64, blank=True)
    received = models.IntegerField()
    stored = models.IntegerField()
    duplicate = models.IntegerField()
    refused = models.IntegerField()
    failed = models.IntegerField()
    # Its first `received` records are stored, the others follow.
    unfinished = models.BooleanField(default=False)

    class Meta:
        managed = False
        db_table = "store_delivery"

    def __str__(self) -> str:
        return f"{self.pk}"


class Refusal(models.Model):
    """A record that was refused or failed: why, where it stands, how to mend it. Its bytes stay in the delivery."""

    class Outcome(models.TextChoices):
        REFUSED = "refused", "từ chối"  # i18n: data
        FAILED = "failed", "lỗi xử lý"  # i18n: data

    id = models.BigAutoField(primary_key=True)
    delivery_id = models.BigIntegerField()
    # Each index is paid for by every record of a file that is refused whole: those below serve these keys too.
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+", db_index=False)
    ordinal = models.IntegerField(help_text="which record of the delivery, from 0")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=40, help_text="code of contracts.reasons")
    args = models.JSONField(default=dict)
    excerpt = models.TextField(help_text="the first 400 characters of the record")
    asset_code = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    replayed_at = models.DateTimeField(null=True, blank=True)
    replay_delivery_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["delivery_id", "ordinal"], name="refusal_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source", "-at"], name="refusal_by_source"),
            models.Index(fields=["reason"], name="refusal_by_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.ordinal} {self.reason}"


class Tally(models.Model):
    """Outcomes of one source in records, written by ingest in the transaction that stores them."""

    source = models.OneToOneField(Source, models.PROTECT, primary_key=True, related_name="tally")
    stored = models.BigIntegerField(default=0)
    duplicate = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.source}"


class DoorCount(models.Model):
    """Records received at the doors, counted there and written by the doors' own reader of the stream."""

    source_address = models.CharField(max_length=120)
    door = models.CharField(max_length=10)
    received = models.BigIntegerField(default=0)
    messages = models.BigIntegerField(default=0)
    waiting_from = models.DateTimeField(
        null=True, help_text="when this door last counted a record while none of the source waited"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source_address", "door"], name="door_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_address} {self.door} {self.received}"


class DoorCursor(models.Model):
    """How far the doors' reader has counted; moves in the same transaction as the counts."""

    stream = models.CharField(max_length=60, primary_key=True)
    last_seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.stream} {self.last_seq}"


class Pulse(models.Model):
    """Records of one source in one minute, by outcome: the pulse strip, written by ingest."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    stored = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    late = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "minute"], name="pulse_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.minute}"


class Series(models.Model):
    """One asset, one parameter, one source. Two sources of the same thing are two series."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="series")
    asset = models.ForeignKey("assets.Asset", models.PROTECT, related_name="series")
    parameter = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    every_s = models.IntegerField(help_text="expected interval of values, seconds")
    # Where two sources measure the same parameter of an asset, figures take the lower one.
    precedence = models.SmallIntegerField(default=10)
    last_at = models.DateTimeField(null=True, blank=True, help_text="latest measuring time stored")
    last_value = models.FloatField(null=True, blank=True)
    last_status = models.SmallIntegerField(default=0)
    last_recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "asset", "parameter"], name="series_once"),
        ]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return f"{self.asset_id} {self.parameter}"


class Observation(models.Model):
    """One value of one series at one time, in one version. `superseded` is the epoch that brought a newer one."""

    class Status(models.IntegerChoices):
        MEASURING = 0, "đang đo"  # i18n: data
        CALIBRATION = 1, "hiệu chuẩn"  # i18n: data
        FAULT = 2, "báo lỗi thiết bị"  # i18n: data

    series = models.ForeignKey(Series, models.PROTECT, db_constraint=False)
    at = models.DateTimeField(
        primary_key=True
    )  # for Django only: the key is (series, at) where not superseded
    value = models.FloatField(null=True)
    status = models.SmallIntegerField(choices=Status.choices)
    delivery_id = models.BigIntegerField()
    ordinal = models.IntegerField()
    epoch = models.BigIntegerField()
    superseded = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "store_observation"

    def __str__(self) -> str:
        return f"{self.series_id} {self.at} {self.value}"


class Hour(models.Model):
    """One closed hour of one series: stamps in (H−1, H]. Mean over values with status 00."""

    series = models.ForeignKey(Series, models.PROTECT, db_constraint=False)
    hour = models.DateTimeField(
        primary_key=True
    )  # for Django only: the key is (series, hour) where not superseded
    mean = models.FloatField(null=True)
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)
    valid = models.IntegerField(help_text="values with status 00")
    total = models.IntegerField(help_text="values with any status")
    expected = models.IntegerField()
    epoch = models.BigIntegerField()
    superseded = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "store_hour"

    def __str__(self) -> str:
        return f"{self.series_id} {self.hour} {self.mean}"
