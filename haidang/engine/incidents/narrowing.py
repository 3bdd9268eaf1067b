"""Which orders a list shows and a table counts: one set of conditions, so that each number is the length of its list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.incidents.orders import Order, OrderQuerySet
from haidang.engine.paging import number_in
from haidang.engine.people.models import Office

GIVEN = ~Q(state__in=Order.GIVEN_UP)
STANDINGS: dict[str, Callable[[datetime], Q]] = {
    "tat-ca": lambda _now: Q(),
    "giao": lambda _now: GIVEN,
    "dang-lam": lambda now: GIVEN & Q(done_at=None, deadline_at__gte=now),
    "tre": lambda now: GIVEN & Q(done_at=None, deadline_at__lt=now),
    "xong": lambda _now: GIVEN & Q(done_at__lte=F("deadline_at")),
    "xong-tre": lambda _now: GIVEN & Q(done_at__gt=F("deadline_at")),
}
GROUNDS = {"van-ban": Q(conclusion__isnull=False), "su-viec": Q(incident__isnull=False)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a list asks for; empty: all that is not finished, of every office."""

    standing: str = ""
    ground: str = ""
    office: Office | None = None
    year: int | None = None

    @property
    def words(self) -> str:
        """The narrowing in words; empty where the list is not narrowed."""
        standings = {
            "giao": _("đã giao"),
            "dang-lam": _("đang làm, còn hạn"),
            "tre": _("chưa xong, quá hạn"),
            "xong": _("xong đúng hạn"),
            "xong-tre": _("xong, trễ hạn"),
        }
        grounds = {"van-ban": _("từ văn bản"), "su-viec": _("từ sự việc")}
        parts = [self.office.short_name or self.office.name if self.office else ""]
        parts += [standings.get(self.standing, ""), grounds.get(self.ground, "")]
        parts.append(_("giao năm %(n)s") % {"n": self.year} if self.year else "")
        return " · ".join(part for part in parts if part)


def asked(request: HttpRequest) -> Asked:
    """From `?xem=tre&tu=van-ban&co-quan=so-y-te&nam=2026`; what is none of these is left out."""
    standing = "tat-ca" if request.GET.get("state") == "all" else request.GET.get("xem", "")
    ground, year = request.GET.get("tu", ""), request.GET.get("nam", "")
    code = request.GET.get("co-quan", "")
    return Asked(
        standing=standing if standing in STANDINGS else "",
        ground=ground if ground in GROUNDS else "",
        office=Office.objects.filter(code=code).first() if code else None,
        year=year_of(year),
    )


def year_of(text: str) -> int | None:
    year = number_in(text)
    return year if year and 2000 <= year <= 2100 else None


def narrowed(orders: OrderQuerySet, asked: Asked) -> OrderQuerySet:
    found = orders.filter(STANDINGS[asked.standing](clock.now())) if asked.standing else orders.unfinished()
    if asked.ground:
        found = found.filter(GROUNDS[asked.ground])
    if asked.office:
        found = found.filter(office=asked.office)
    return found.filter(in_year(asked.year)) if asked.year else found


def in_year(year: int) -> Q:
    """Given in this year by Vietnamese clocks."""
    start, end = (datetime(y, 1, 1, tzinfo=clock.LOCAL) for y in (year, year + 1))
    return Q(issued_at__gte=start, issued_at__lt=end)
