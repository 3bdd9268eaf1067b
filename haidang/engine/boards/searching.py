"""Search over stations, incidents, offices and places, with or without tone marks; the exact spelling comes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haidang.engine.assets.models import Asset
from haidang.engine.incidents.models import Incident
from haidang.engine.people.models import Office
from haidang.engine.people.rights import granted, may, within
from haidang.engine.places import search as places
from haidang.engine.places.names import fold
from haidang.engine.said import in_vietnamese

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

MOST = 20
# Incidents have no folded column: the newest are folded here, older ones are found by code.
RECENT = 500
# Who deals with offices: whoever sees what they send, are told or ask.
OF_OFFICES = ("people.manage", "order.see", "source.see", "sheet.see", "incident.see")

# As the register says it; its own labels stand in the record's migrations.
LEVELS = {
    "province": gettext_noop("tỉnh, thành phố"),
    "district": gettext_noop("quận, huyện (đến 30/06/2025)"),
    "commune": gettext_noop("xã, phường, đặc khu"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    title: str
    text: str
    url: str


def find(person: Anyone, query: str) -> dict[str, Any]:
    """Hits of each kind, the exact spelling before the toneless one."""
    words = " ".join(query.split())
    hits = (
        [*_stations(person, words), *_incidents(person, words), *_offices(person, words), *_places(words)]
        if len(words) > 1
        else []
    )
    lower = words.lower()
    hits.sort(key=lambda hit: lower not in hit.title.lower())
    return {"query": words, "hits": hits}


def _stations(person: Anyone, words: str) -> list[Hit]:
    seen = within(person, "station.see", place="place", domain="domain")
    found = Asset.objects.filter(seen, is_active=True).select_related("place", "office")
    matches = found.filter(folded__contains=fold(words)) | found.filter(code__icontains=words)
    return [
        Hit(
            _("Trạm"),
            asset.name,
            " · ".join(filter(None, [asset.code, str(asset.place or ""), str(asset.office or "")])),
            reverse("boards:station", args=[asset.code]),
        )
        for asset in matches.order_by("sort_key")[:MOST]
    ]


def _incidents(person: Anyone, words: str) -> list[Hit]:
    if not may(person, "incident.see"):
        return []
    folded = fold(words)
    mine = Incident.objects.for_user(person).select_related("place").order_by("-opened_at")
    found = [one for one in mine[:RECENT] if folded in fold(f"{one.title} {one.where} {one.code}")]
    found += [one for one in mine.filter(code__iexact=words) if one not in found]
    return [
        Hit(
            _("Sự việc"),
            in_vietnamese(one.title),
            " · ".join(
                filter(None, [one.code, one.where, _("đã đóng") if one.closed_at else _("đang xử lý")])
            ),
            one.get_absolute_url(),
        )
        for one in found[:MOST]
    ]


def _offices(person: Anyone, words: str) -> list[Hit]:
    """Whom to call, for everybody with a grant; a link for whoever looks after the office."""
    if not any(granted(person, act) for act in OF_OFFICES):
        return []
    folded = fold(words)
    # Some hundreds, and without a folded column, like incidents.
    rows = Office.objects.select_related("parent").order_by("sort_key")
    found = [one for one in rows if folded in fold(f"{one.name} {one.short_name} {one.code}")][:MOST]
    managed = set(
        Office.objects.for_user(person).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True)
    )
    return [
        Hit(
            _("Cơ quan"),
            in_vietnamese(one.name),
            " · ".join(filter(None, [one.short_name, one.phone, str(one.parent or "")])),
            reverse("people:office", args=[one.pk]) if one.pk in managed else "",
        )
        for one in found
    ]


def _places(words: str) -> list[Hit]:
    hits = []
    for place in places.search(words, include_past=True, limit=MOST):
        until = place.valid_to_date
        past = _("đến %(day)s") % {"day": f"{until:%d/%m/%Y}"} if until else ""
        text = " · ".join(filter(None, [str(place.parent or ""), past]))
        hits.append(Hit(_(LEVELS[place.level]), str(place), text, ""))
    return hits
