"""The lists of the screens, row by row from the database: all of what their reader may see and take away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haidang.engine.alarms.models import Alarm
from haidang.engine.alarms.past import Past
from haidang.engine.assets.models import Asset
from haidang.engine.boards.export.shapes import Column, Value
from haidang.engine.incidents.models import Incident, Order
from haidang.engine.incidents.orders import reach
from haidang.engine.people.rights import within

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

CHUNK = 2000
M = TypeVar("M", bound=Model)
Rows = Iterator[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Listed:
    """One list: the act its page asks for, its heads, and its rows for one person."""

    title: str | Promise
    act: str
    columns: Callable[[], list[Column]]
    rows: Callable[[Anyone], Rows]


def alarms(person: Anyone) -> Rows:
    where = within(person, "export", office="office", place="place", domain="domain")
    found = (
        Alarm.objects.for_user(person)
        .filter(where)
        .select_related("asset", "place", "office", "acknowledged_by")
    )
    for one in _each(found.order_by("-raised_at", "-pk")):
        known = Past.now(one)
        yield [
            one.pk, one.priority, one.title, one.where, one.value, one.limit, one.unit, one.raised_at, str(known.state_word),
            one.acknowledged_at, one.acknowledged_by.get_short_name() if one.acknowledged_by else "", one.closed_at,
            one.office.short_name if one.office else "",
        ]  # fmt: skip


def _alarm_columns() -> list[Column]:
    return [
        Column(_("Số"), width=9), Column(_("Mức"), width=7), Column(_("Báo động"), width=44), Column(_("Nơi"), width=32),
        Column(_("Giá trị"), decimals=2), Column(_("Ngưỡng"), decimals=2), Column(_("Đơn vị"), width=12),
        Column(_("Phát lúc"), width=20), Column(_("Trạng thái"), width=18), Column(_("Nhận lúc"), width=20),
        Column(_("Người nhận"), width=20), Column(_("Đóng lúc"), width=20), Column(_("Cơ quan"), width=24),
    ]  # fmt: skip


def incidents(person: Anyone) -> Rows:
    where = within(person, "export", office="office", place="place", domain="domain")
    found = Incident.objects.for_user(person).filter(where).select_related("place", "office", "commander")
    for one in _each(found.order_by("-opened_at", "-pk")):
        yield [
            one.code, one.priority, one.title, one.where, one.opened_at, one.closed_at, one.commander.get_short_name(),
            one.office.short_name if one.office else "",
        ]  # fmt: skip


def _incident_columns() -> list[Column]:
    return [
        Column(_("Mã"), width=14), Column(_("Mức"), width=7), Column(_("Sự việc"), width=50), Column(_("Nơi"), width=32),
        Column(_("Mở lúc"), width=20), Column(_("Đóng lúc"), width=20), Column(_("Chỉ huy"), width=20), Column(_("Cơ quan"), width=24),
    ]  # fmt: skip


def orders(person: Anyone) -> Rows:
    mine = Order.objects.for_user(person).filter(reach(person, "export"))
    found = mine.select_related("incident", "conclusion", "office").prefetch_related("helpers")
    for one in _each(found.order_by("-deadline_at", "-pk")):
        yield [
            one.ground.code, one.priority, one.text, one.office.short_name,
            ", ".join(sorted(office.short_name for office in one.helpers.all())), one.deadline_at,
            str(Order.State(one.state).label), one.done_at, one.days_late if one.is_by_day and one.was_late else None,
        ]  # fmt: skip


def _order_columns() -> list[Column]:
    return [
        Column(_("Sự việc hoặc văn bản"), width=20), Column(_("Mức"), width=7), Column(_("Lệnh"), width=60), Column(_("Cơ quan"), width=24),
        Column(_("Phối hợp"), width=24), Column(_("Hạn"), width=20), Column(_("Trạng thái"), width=18), Column(_("Xong lúc"), width=20),
        Column(_("Trễ, ngày làm việc"), decimals=1, width=18),
    ]  # fmt: skip


def stations(person: Anyone) -> Rows:
    seen = within(person, "station.see", place="place", domain="domain")
    where = seen & within(person, "export", office="office", place="place", domain="domain")
    found = Asset.objects.filter(where, is_active=True, is_trial=False).select_related("place", "office")
    for one in _each(found.order_by("kind", "sort_key", "code")):
        yield [
            one.code, one.name, one.kind, one.place.name if one.place else "", one.lat, one.lon,
            one.office.short_name if one.office else "", one.office.phone if one.office else "",
        ]  # fmt: skip


def _station_columns() -> list[Column]:
    return [
        Column(_("Mã"), width=14), Column(_("Trạm"), width=40), Column(_("Loại"), width=12), Column(_("Xã, phường"), width=24),
        Column(_("Vĩ độ"), "°", 5), Column(_("Kinh độ"), "°", 5), Column(_("Cơ quan"), width=26), Column(_("Điện thoại"), width=18),
    ]  # fmt: skip


def _each(rows: QuerySet[M]) -> Iterator[M]:
    """From a cursor of the database: a hundred thousand rows are never all here."""
    return rows.iterator(chunk_size=CHUNK)


LISTS = {
    "bao-dong": Listed(gettext_lazy("Báo động"), "alarm.see", _alarm_columns, alarms),
    "su-viec": Listed(gettext_lazy("Sự việc"), "incident.see", _incident_columns, incidents),
    "lenh": Listed(gettext_lazy("Lệnh"), "order.see", _order_columns, orders),
    "tram": Listed(gettext_lazy("Trạm"), "station.see", _station_columns, stations),
}
