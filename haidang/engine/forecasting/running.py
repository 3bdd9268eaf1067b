"""Forecast again what changed: a series waits until publications have been quiet for a while, provinces before communes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from haidang.engine import clock
from haidang.engine.forecasting.backtest import LEAST
from haidang.engine.forecasting.making import EDITION, make
from haidang.engine.forecasting.models import Forecast, Looked, Waiting
from haidang.engine.indicators.catalogue import Catalogue, load_catalogue
from haidang.engine.indicators.gathering import is_counted
from haidang.engine.notify.outbox import announce
from haidang.engine.places.models import Place

log = logging.getLogger("haidang.work")

PART = 60  # series in one run: some seconds of work, so that other jobs have their turn
# A publication of many files is forecast once, after the last of them; but no series waits longer than `PATIENCE`.
QUIET, PATIENCE = timedelta(seconds=20), timedelta(minutes=5)
# A series whose forecast failed fails again until a person mended something: one line of the log an hour says it well enough.
AGAIN = timedelta(hours=1)


def run(part: int = PART) -> int:
    """Forecast what waits; returns how many series. Without news this is three short queries."""
    looked, _made = Looked.objects.get_or_create(pk=1)
    since = looked.epoch if looked.edition == EDITION else 0
    news = _news(since)
    if not news.is_quiet:
        return 0
    if not news.last and looked.edition == EDITION:
        # Of a million epochs of stations nobody looks at the same twice.
        Looked.objects.filter(pk=1).update(epoch=news.epoch)
        if not _due().exists():
            return 0
    catalogue = load_catalogue()
    if news.last or looked.edition != EDITION:
        look_for_changes(catalogue, news.epoch)
    return renew(catalogue, news.epoch, part)


@dataclass(frozen=True, slots=True)
class _News:
    """The last epoch; the last one that changed a figure of a place (0: none did); whether it is time to look at it."""

    epoch: int
    last: int
    is_quiet: bool


def _news(since: int) -> _News:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM store_epoch")
        epoch = int((cursor.fetchone() or (0,))[0])
        cursor.execute(
            "SELECT coalesce(max(id), 0), min(committed_at), max(committed_at) FROM store_epoch"
            " WHERE id IN (SELECT f.epoch FROM indicators_figure f"
            " WHERE f.epoch > %s AND f.epoch <= %s AND f.place_id IS NOT NULL)",
            [since, epoch],
        )
        last, first_at, last_at = cursor.fetchone() or (0, None, None)
    now = clock.now()
    quiet = last_at is None or first_at is None or now - last_at >= QUIET or now - first_at >= PATIENCE
    return _News(epoch, int(last), quiet)


@transaction.atomic
def look_for_changes(catalogue: Catalogue, epoch: int) -> int:
    """Let every series wait that has a new version of a figure, and the province's to which it adds; of communes only those
    with enough history. Returns how many."""
    looked = Looked.objects.select_for_update().get_or_create(pk=1)[0]
    since = looked.epoch if looked.edition == EDITION else 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT indicator, place_id FROM indicators_figure"
            " WHERE place_id IS NOT NULL AND epoch > %s AND epoch <= %s",
            [since, epoch],
        )
        changed = [(address, place) for address, place in cursor.fetchall() if address in catalogue.entries]
    places = _current({place for _address, place in changed})
    long_enough, found = _long_enough(changed), set()
    for address, place_id in changed:
        place = places.get(place_id)
        if place is None:
            continue  # a unit that is no more: nothing of it will be published again
        if place.level != Place.Level.COMMUNE or (address, place_id) in long_enough:
            found.add((address, place.pk))
        if place.level == Place.Level.COMMUNE and place.parent_id and is_counted(catalogue, address):
            found.add((address, place.parent_id))
    Waiting.objects.bulk_create(
        [Waiting(indicator=address, place_id=place) for address, place in sorted(found)],
        ignore_conflicts=True,
    )
    looked.epoch, looked.edition = max(epoch, looked.epoch), EDITION
    looked.save()
    return len(found)


def _long_enough(series: list[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those with as many figures as any forecast needs: of thousands of series of communes most are young."""
    if not series:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.indicator, s.place_id FROM unnest(%s::text[], %s::bigint[]) AS s(indicator, place_id)"
            " WHERE (SELECT count(*) FROM indicators_figure f WHERE f.indicator = s.indicator"
            " AND f.place_id = s.place_id AND f.place_id IS NOT NULL AND f.superseded IS NULL) >= %s",
            [*map(list, zip(*series, strict=True)), LEAST],
        )
        return {(address, place) for address, place in cursor.fetchall()}


def _current(ids: set[int]) -> dict[int, Place]:
    """Rows of places → the row of the same unit that stands today; without units that are no more."""
    asked = Place.objects.in_bulk(ids)
    today = clock.local(clock.now()).date()
    standing = Place.objects.on(today).filter(code__in={one.code for one in asked.values()})
    by_name = {(one.level, one.code, one.name): one for one in standing}
    found = {pk: by_name.get((one.level, one.code, one.name)) for pk, one in asked.items()}
    return {pk: one for pk, one in found.items() if one is not None}


def renew(catalogue: Catalogue, epoch: int, part: int = PART) -> int:
    """Forecast so many of the series that wait; how many were looked at. One that fails keeps waiting and stops no other."""
    # Of levels the province is the last by the alphabet.
    waiting = list(_due().select_related("place").order_by("-place__level", "indicator", "pk")[:part])
    for one in waiting:
        try:
            _renew(catalogue, one, epoch)
        except (
            Exception
        ):  # whatever a series makes a method do: told with its trace, tried again, no other's loss
            log.exception("forecast of %s for place %s failed", one.indicator, one.place.code)
            Waiting.objects.filter(pk=one.pk).update(again_at=clock.now() + AGAIN)
    return len(waiting)


def _due() -> QuerySet[Waiting]:
    return Waiting.objects.filter(Q(again_at=None) | Q(again_at__lte=clock.now()))


def _renew(catalogue: Catalogue, one: Waiting, epoch: int) -> None:
    row = make(catalogue, one.indicator, one.place, epoch) if one.indicator in catalogue.entries else None
    with transaction.atomic():
        if row is not None:
            keep(row)
        Waiting.objects.filter(pk=one.pk).delete()


def keep(row: Forecast) -> None:
    """In the place of the one before, which stays to be seen as of its time."""
    same = Forecast.objects.filter(indicator=row.indicator, place=row.place)
    same.filter(superseded=None).update(superseded=row.epoch)
    row.save()
    announce([("figures", f"place:{row.place_id}")])


def current(
    addresses: list[str], places: list[int], epoch: int | None = None
) -> dict[tuple[str, int], Forecast]:
    """The forecasts of these series as they stood at `epoch` (None: now). One query."""
    rows = Forecast.objects.filter(indicator__in=addresses, place__in=places)
    if epoch is None:
        rows = rows.filter(superseded=None)
    else:
        rows = rows.filter(Q(superseded=None) | Q(superseded__gt=epoch), epoch__lte=epoch)
    return {(one.indicator, one.place_id): one for one in rows.order_by("epoch", "pk")}
