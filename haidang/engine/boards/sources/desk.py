"""What the templates are given: one call per page or pane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.boards.sources import content, ledger, pulse, trial
from haidang.engine.boards.writing import span_long
from haidang.engine.connectors.pull.trouble import Told, told
from haidang.engine.connectors.reasons import ANSWERS, Answer
from haidang.engine.said import in_vietnamese
from haidang.engine.store.doors import DoorRefusal
from haidang.engine.store.models import Credential, Delivery, Series, Source

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

# One click must not bring the path to its knees.
MOST_REPLAYED = 5000
DOOR_WORDS = {
    "ftp": "FTP", "mqtt": "MQTT", "push": "HTTP", "pull": gettext_noop("kéo về"), "web": gettext_noop("trang web"), "replay": gettext_noop("chạy lại"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One source of the list."""

    account: ledger.Account
    strip: pulse.Strip
    impact: content.Impact

    @property
    def doors(self) -> list[str]:
        definition = self.account.definition
        return [_(DOOR_WORDS[door]) for door in definition.doors] if definition else []


@dataclass(frozen=True, slots=True)
class Turned:
    """Something a door did not take, in words."""

    row: DoorRefusal
    door: str
    sentence: str


@dataclass(frozen=True, slots=True)
class IndexPage:
    rows: list[Row]
    total: ledger.Sums
    on_time: int
    spoken: int
    strangers: list[tuple[str, ledger.Sums]]
    turned: list[Turned]
    turned_count: int
    latest: list[Delivery]
    broken: list[str]
    standstill: ledger.Standstill | None
    now: datetime

    @property
    def unheard(self) -> int:
        return len(self.rows) - self.spoken

    @property
    def poll_s(self) -> int:
        """The page asks by itself too: news of changes come from ingest, and this page must tell when that is dead."""
        return 2 if self.total.waiting else 10


def index_page(person: Anyone) -> IndexPage:
    now = clock.now()
    sources = list(ledger.sources_for(person))
    book, terms = ledger.books(now), content.terms()
    ids = [s.pk for s in sources]
    pulses, older = pulse.rows(ids, now), pulse.older(ids, now)
    rows = [
        Row(
            ledger.account(source, book, terms, now),
            pulse.strip(pulses.get(source.pk, {}), now, _promised(source), spoke_before=source.pk in older),
            content.impact(source.address),
        )
        for source in sources
    ]
    # As the overview counts: a source nobody has used yet is neither late nor on time.
    spoken = [row for row in rows if row.account.age_s is not None]
    away = ledger.visible_doors(person, now - timedelta(days=1))
    total = ledger.Sums()
    for row in rows:
        total = total + row.account.sums
    return IndexPage(
        rows=rows,
        total=total,
        on_time=sum(not row.account.is_silent for row in spoken),
        spoken=len(spoken),
        latest=latest_deliveries(ids, now),
        broken=content.broken(),
        standstill=ledger.standstill(book.sums, book.doors, [source.address for source in sources], now),
        strangers=ledger.strangers(book, set(Source.objects.values_list("address", flat=True))),
        turned=[turned(row) for row in away[:6]],
        turned_count=sum(away.values_list("count", flat=True)),
        now=now,
    )


def _promised(source: Source) -> int:
    """Seconds of silence the strip takes for granted."""
    return source.every_s if source.silent_after_s < ledger.NO_RHYTHM_S else pulse.MINUTES * 60


def latest_deliveries(source_ids: list[int], now: datetime, count: int = 9) -> list[Delivery]:
    """What came in last, whatever the source."""
    return list(
        Delivery.objects.filter(source_id__in=source_ids, received_at__gt=now - timedelta(days=1))
        .select_related("source")
        .defer("body")
        .order_by("-id")[:count]
    )


def turned(row: DoorRefusal) -> Turned:
    answer: Answer | Told | None
    if row.door == "pull":
        answer = told(row.reason, {"source": row.source_address})
    else:
        answer = ANSWERS.get(row.reason)
    words = (answer.en if get_language() == "en" else answer.vi) if answer else row.reason
    return Turned(row, _(DOOR_WORDS.get(row.door, row.door)), _filled(words, row))


def _filled(words: str, row: DoorRefusal) -> str:
    """The sentence with what we know; what is missing is left as a dash rather than a brace."""

    class Gaps(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return "…"

    known = Gaps(
        source=row.source_address or "…", door=_(DOOR_WORDS.get(row.door, row.door)), name=row.name or "…"
    )
    return words.format_map(known)


def strip_of(source: Source, now: datetime) -> pulse.Strip:
    """The strip of one source."""
    spoke_before = source.pk in pulse.older([source.pk], now)
    pulses = pulse.rows([source.pk], now).get(source.pk, {})
    return pulse.strip(pulses, now, _promised(source), spoke_before=spoke_before)


# --- one source -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Station:
    """A station as its source hears it."""

    asset: Asset
    last: datetime | None
    allowed_s: int
    now: datetime

    @property
    def is_late(self) -> bool:
        return self.last is None or (self.now - self.last).total_seconds() > self.allowed_s


def stations_of(source: Source, now: datetime) -> list[Station]:
    """Stations that ever spoke through this source, the latest ones first."""
    heard = dict(
        Series.objects.filter(source=source).values_list("asset_id").annotate(last=Max("last_recorded_at"))
    )
    assets = Asset.objects.filter(pk__in=heard, is_active=True, is_trial=False).select_related(
        "place", "office"
    )
    found = [Station(asset, heard[asset.pk], source.silent_after_s, now) for asset in assets]
    return sorted(found, key=lambda s: (not s.is_late, s.asset.code))


def deliveries_of(source: Source, count: int = 12) -> QuerySet[Delivery]:
    return (
        Delivery.objects.filter(source=source, received_at__gt=clock.now() - timedelta(days=2))
        .select_related("source")
        .defer("body")
        .order_by("-id")[:count]
    )


def credentials_of(source: Source) -> QuerySet[Credential]:
    """Keys in force first; those of finished trials are nobody's business any more."""
    spent = Q(label__in=(trial.PROBE, trial.FIRST_RUN), revoked_at__isnull=False)
    found = Credential.objects.filter(source=source).exclude(spent)
    return found.order_by(F("revoked_at").desc(nulls_first=True), "-created_at")[:40]


@dataclass(frozen=True, slots=True)
class Promise:
    """The contract in the words of whoever must keep it."""

    rows: list[tuple[str, str]]
    parameters: list[tuple[str, str, str, str]]
    sample: str
    commands: list[tuple[str, str]]


def promise(account: ledger.Account) -> Promise | None:
    contract, definition = account.contract, account.definition
    if contract is None or definition is None:
        return None
    address = account.source.address
    rhythm = span_long(contract.every)
    personal = {"none": _("không có"), "basic": _("cơ bản"), "sensitive": _("nhạy cảm")}
    rows = [
        (_("Chu kỳ đã hứa"), _("mỗi %(every)s một lần") % {"every": rhythm}),
        (
            _("Coi là im lặng sau"),
            span_long(contract.silent_after) if account.has_rhythm else _("không hẹn giờ"),
        ),
        (_("Cửa"), ", ".join(_(DOOR_WORDS[door]) for door in definition.doors)),
        (_("Dạng"), _("tệp, mỗi dòng một số đo") if definition.format == "lines" else "JSON, NDJSON, gzip"),
        (_("Căn cứ"), in_vietnamese(contract.legal_basis) if contract.legal_basis else _("không ghi")),
        (_("Dữ liệu cá nhân"), personal[contract.personal_data]),
        (_("Bản hợp đồng"), contract.version),
    ]
    parameters = [
        (name, str(p.title), p.unit, f"{p.min:g} … {p.max:g}") for name, p, _kinds in contract.measured()
    ]
    station = _some_station(account)
    sample = content.sample(address, station)
    return Promise(rows, parameters, sample, commands(address, definition.doors, station, sample))


def _some_station(account: ledger.Account) -> str:
    """A station of this source that really is, so that the sample can be sent as it stands."""
    known = Series.objects.filter(source=account.source, asset__is_trial=False)
    series = known.select_related("asset").order_by("asset__code").first()
    return series.asset.code if series else "MÃ_TRẠM"  # i18n: data


def commands(address: str, doors: Sequence[str], station: str, sample: str) -> list[tuple[str, str]]:
    """Lines ready for a terminal, per door; the secrets are left to be filled in."""
    host, found = host_for_people(), []
    user, password = _("NGƯỜI_DÙNG"), _("MẬT_KHẨU")
    if "push" in doors:
        url = f"http://{host}:{settings.HAIDANG_DOORS_PORT}/api/v1/sources/{address}/deliveries"
        kind = "Content-Type: application/json"
        found.append(
            ("HTTP", f"curl -H 'Authorization: Bearer KHOA' -H '{kind}' -d '{sample}' {url}")
        )  # i18n: data
    if "mqtt" in doors:
        topic = f"sources/{address.replace('.', '/')}/{station}"
        login = f"-h {host} -p {settings.HAIDANG_MQTT_PORT} -u {user} -P {password}"
        found.append(("MQTT", f"mosquitto_pub {login} -q 1 -t {topic} -m '{sample}'"))
    if "ftp" in doors:
        name = content.file_name(station)
        place = f"ftp://{host}:{settings.HAIDANG_FTP_PORT}/{name}"
        found.append(("FTP", f"curl -T {name} --user {user}:{password} {place}"))
    return found


def host_for_people() -> str:
    """The host to write into a command: people on this machine say localhost."""
    here = ("127.0.0.1", "0.0.0.0", "::", "")  # noqa: S104 - compared, not bound
    return "localhost" if settings.HAIDANG_BIND in here else str(settings.HAIDANG_BIND)
