"""What every page shows around its content: alarm counts, who is on duty, link state, clock.

All of it is lazy: a fragment that draws none of the header asks the database for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.assets.simulated import is_simulated
from haidang.engine.boards import writing
from haidang.engine.boards.asof import ahead, misread, shown_as_of
from haidang.engine.people.models import Shift
from haidang.engine.people.rights import may
from haidang.engine.places.wording import province_in_a_sentence

THEMES = ("day", "night", "auto")
# The shift that begins at 18:00 works by night colours until 06:00.
NIGHT_FROM, NIGHT_TO = 18, 6
ICONS = {
    "boards:overview": "map",
    "alarms:list": "bell",
    "incidents:list": "flag",
    "incidents:orders": "list",
    "boards:board": "leaf",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation."""

    word: str
    url: str
    current: bool = False
    count: int | None = None
    # A drawing of the sprite, for thumbs.
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    chief: str
    shift: str
    starts_at: datetime
    ends_at: datetime
    phone: str
    names: str


def theme_of(request: HttpRequest) -> tuple[str, str]:
    """(what was chosen, what is drawn)."""
    chosen = request.COOKIES.get("theme", "day")
    if chosen not in THEMES:
        chosen = "day"
    if chosen != "auto":
        return chosen, chosen
    hour = clock.local(clock.now()).hour
    return chosen, "night" if hour >= NIGHT_FROM or hour < NIGHT_TO else "day"


class Frame:
    """Header and navigation of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.now = clock.now()
        self.theme_choice, self.theme = theme_of(request)
        self.as_of = shown_as_of(request)
        self.as_of_misread, self.as_of_ahead = misread(request), ahead(request)

    @property
    def themes(self) -> list[tuple[str, str]]:
        return [("day", _("Ngày")), ("night", _("Đêm")), ("auto", _("Theo giờ"))]

    @property
    def languages(self) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)

    @property
    def as_of_text(self) -> str:
        """The instant as an address takes it."""
        return quote(clock.local(self.as_of).isoformat()) if self.as_of else ""

    @property
    def now_url(self) -> str:
        """This page as it is now, everything else as it was asked."""
        rest = self.request.GET.copy()
        rest.pop("as_of", None)
        return self.request.path + (f"?{rest.urlencode()}" if rest else "")

    @property
    def weekday(self) -> str:
        return writing.weekday(self.as_of or self.now)

    @cached_property
    def centre(self) -> str:
        """Whose centre this is: the province its stations stand in."""
        name = cache.get("frame.centre")
        if name is None:
            asset = Asset.objects.filter(place__isnull=False).select_related("place__parent").first()
            place = asset.place if asset else None
            province = (place.parent or place) if place else None
            name = (province.kind, province.name) if province else ()
            cache.set("frame.centre", name, 60)
        if not name:
            return _("Trung tâm điều hành thông minh")
        return _("Trung tâm điều hành %(province)s") % {"province": province_in_a_sentence(*name)}

    @cached_property
    def is_demo(self) -> bool:
        found = cache.get("frame.demo")
        if found is None:
            found = is_simulated()
            cache.set("frame.demo", found, 30)
        return bool(found)

    @cached_property
    def duty(self) -> Duty | None:
        shift = (
            Shift.objects.filter(starts_at__lte=self.now, ends_at__gt=self.now)
            .select_related("chief")
            .prefetch_related("members")
            .order_by("-starts_at")
            .first()
        )
        if shift is None:
            return None
        members = [p for p in shift.members.all() if p.pk != shift.chief_id]
        return Duty(
            chief=shift.chief.name,
            shift=shift.name,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            phone=shift.phone,
            names=", ".join(p.get_short_name() for p in members[:3]),
        )

    @cached_property
    def sees_alarms(self) -> bool:
        return may(self.request.user, "alarm.see")

    @cached_property
    def may_export(self) -> bool:
        return may(self.request.user, "export")

    @cached_property
    def counts(self) -> Any:
        from haidang.engine.boards.counts import counts_for

        return counts_for(self.request.user, self.as_of)

    @property
    def _boards(self) -> list[tuple[str, str, tuple[str, ...], str]]:
        """Boards whose files ask for a place in the navigation."""
        from haidang.engine.boards.content import library

        wanted = [(board.menu, address) for address, board in library().boards.items() if board.menu]
        return [
            ("board.see", "boards:board", (address,), str(menu.title))
            for menu, address in sorted(wanted, key=lambda one: (one[0].place, one[1]))
        ]

    @cached_property
    def _items(self) -> list[Item]:
        from haidang.engine.boards.counts import open_numbers

        numbers = open_numbers(self.request.user)
        rows: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
            ("overview.see", "boards:overview", (), _("Toàn cảnh")),
            ("alarm.see", "alarms:list", (), _("Báo động")),
            ("incident.see", "incidents:list", (), _("Sự việc")),
            ("order.see", "incidents:orders", (), _("Lệnh")),
            ("order.see", "tasks:today", (), _("Việc của tôi")),
            *self._boards,
            ("station.see", "boards:stations", (), _("Trạm")),
            ("map.see", "boards:map", (), _("Bản đồ")),
            ("sheet.see", "submissions:desk", (), _("Số liệu")),
            ("export", "reports:mine", (), _("Báo cáo")),
            ("source.see", "boards:sources", (), pgettext("menu", "Nguồn")),
            ("difference.see", "reconciliation:list", (), _("Đối soát")),
            ("wall.push", "boards:screens", (), pgettext("menu", "Màn hình")),
            ("people.manage", "people:admin", (), _("Quản trị")),
        )
        found = []
        for act, name, args, word in rows:
            url = self._url(name, *args)
            if url and may(self.request.user, act):
                here = self.request.path
                current = here == url or (url != "/" and here.startswith(url))
                found.append(Item(word, url, current, numbers.get(name), ICONS.get(name, "")))
        return found

    @property
    def nav_first(self) -> list[Item]:
        """What a thumb reaches."""
        return self._items[:4]

    @property
    def nav_more(self) -> list[Item]:
        return self._items[4:]

    @property
    def account_links(self) -> list[Item]:
        sees_log = may(self.request.user, "audit.see")
        rows = (
            *((("audit:log", _("Nhật ký hệ thống")),) if sees_log else ()),
            ("opendata:catalogue", _("Dữ liệu mở")),
            ("account_change_password", _("Đổi mật khẩu")),
            ("mfa_index", _("Xác thực hai bước")),
            ("account_logout", _("Đăng xuất")),
        )
        return [Item(word, url) for name, word in rows if (url := self._url(name))]

    @staticmethod
    def _url(name: str, *args: str) -> str:
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            return ""


def frame(request: HttpRequest) -> dict[str, object]:
    """Context of the header and footer."""
    return {"frame": Frame(request)}
