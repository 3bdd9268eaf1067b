"""Refused records as people read them: why in words, where, how to mend it, and the fault marked in the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Max, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from haidang.engine.contracts.reasons import remedy, sentence
from haidang.engine.store.models import Refusal, Source

PAGE = 60
# Which argument of a reason stands in the record itself.
_ABOUT: dict[str, tuple[str, ...]] = {
    "unknown_parameter": ("parameter",),
    "unknown_station": ("station",),
    "not_your_station": ("station",),
    "station_kind": ("station",),
    "unit": ("unit",),
    "impossible_value": ("value",),
    "not_a_number": ("value",),
    "future_time": ("at",),
    "no_zone": ("at",),
    "bad_time": ("at",),
    "bad_status": ("status",),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One refusal with its sentences; `others` of the same delivery were refused for the same reason."""

    refusal: Refusal
    sentence: str
    remedy: str
    excerpt: SafeString
    others: tuple[Refusal, ...] = ()

    @property
    def fits_now(self) -> bool:
        """Sent again and taken; one that was refused again stands among the open ones with its new reason."""
        again = self.refusal.replay_delivery_id
        return again is not None and not Refusal.objects.filter(delivery_id=again).exists()

    @property
    def ids(self) -> str:
        """What the box before it stands for."""
        return ",".join(str(refusal.pk) for refusal in (self.refusal, *self.others))

    @property
    def can_replay(self) -> bool:
        return self.refusal.replayed_at is None


@dataclass(frozen=True, slots=True)
class Tab:
    """One reason with how many records it holds back."""

    code: str
    word: str
    count: int
    current: bool


def of(source: Source, *, reason: str = "", settled: bool = False) -> QuerySet[Refusal]:
    """Refusals of one source, the newest first; `settled` are those replayed since."""
    found = Refusal.objects.filter(source=source, replayed_at__isnull=not settled)
    return (found.filter(reason=reason) if reason else found).select_related("source").order_by("-at", "-id")


def examples(source: Source, most: int = 6) -> list[Told]:
    """The newest open refusal of each reason: one glance says what kinds of trouble there are."""
    newest = Refusal.objects.filter(source=source, replayed_at=None).values("reason").annotate(last=Max("id"))
    ids = [row["last"] for row in newest.order_by("-last")[:most]]
    return [told(r) for r in Refusal.objects.filter(pk__in=ids).select_related("source").order_by("-id")]


def grouped(refusals: Iterable[Refusal]) -> list[Told]:
    """A message of an unknown station is one trouble, not six: records refused together are told together."""
    groups: dict[tuple[int, str, str], list[Refusal]] = {}
    for refusal in refusals:
        groups.setdefault((refusal.delivery_id, refusal.reason, refusal.asset_code), []).append(refusal)
    return [replace(told(first), others=tuple(rest)) for first, *rest in map(_in_order, groups.values())]


def _in_order(refusals: list[Refusal]) -> list[Refusal]:
    return sorted(refusals, key=lambda refusal: refusal.ordinal)


def told(refusal: Refusal) -> Told:
    language = get_language() or "vi"
    return Told(
        refusal,
        sentence(refusal.reason, refusal.args, language),
        remedy(refusal.reason, refusal.args, language),
        marked(refusal),
    )


def marked(refusal: Refusal) -> SafeString:
    """The record's text with the part that is wrong marked; the whole of it where the fault has no one place."""
    text = refusal.excerpt.replace("\t", "⇥")
    about = _ABOUT.get(refusal.reason, ())
    for name in about:
        wanted = str(refusal.args.get(name, ""))
        place = text.find(wanted) if wanted else -1
        if place >= 0:
            end = place + len(wanted)
            return mark_safe(  # noqa: S308 - each part is escaped here
                f"{escape(text[:place])}<mark>{escape(wanted)}</mark>{escape(text[end:])}"
            )
    # What it is about stands elsewhere, for example the station above its readings.
    return mark_safe(escape(text) if about else f"<mark>{escape(text)}</mark>")  # noqa: S308


def tabs(source: Source, current: str) -> list[Tab]:
    """Reasons with open refusals, the most frequent first."""
    counted = (
        Refusal.objects.filter(source=source, replayed_at=None)
        .values("reason")
        .annotate(count=Count("id"))
        .order_by("-count", "reason")
    )
    return [
        Tab(row["reason"], short(row["reason"]), row["count"], row["reason"] == current) for row in counted
    ]


def short(code: str) -> str:
    """A reason in two or three words, for a tab."""
    from django.utils.translation import gettext as _

    words = {
        "unreadable": _("không đọc được"),
        "no_readings": _("không có số liệu"),
        "encoding": _("sai bảng mã"),
        "field_count": _("sai số trường"),
        "missing_field": _("thiếu trường"),
        "bad_field": _("sai kiểu trường"),
        "unknown_station": _("trạm chưa đăng ký"),
        "station_kind": _("sai loại trạm"),
        "not_your_station": _("trạm của người khác"),
        "no_station": _("không rõ trạm"),
        "unknown_parameter": _("thông số lạ"),
        "unit": _("sai đơn vị"),
        "not_a_number": _("không phải số"),
        "impossible_value": _("giá trị không thể có"),
        "bad_time": _("thời điểm hỏng"),
        "no_zone": _("thiếu múi giờ"),
        "future_time": _("thời điểm tương lai"),
        "too_old": _("thời điểm quá cũ"),
        "bad_status": _("trạng thái lạ"),
        "unknown_source": _("nguồn lạ"),
        "file_missing": _("mất tệp"),
        "fault_of_ours": _("lỗi của trung tâm"),
    }
    return words.get(code, code)
