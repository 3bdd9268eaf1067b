"""Compute what waits: between publications, in parts, so that nobody who writes waits long for the epoch."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from haidang.engine.indicators import deriving, figure_rows, periods, waiting
from haidang.engine.indicators.catalogue import Catalogue, Entry
from haidang.engine.indicators.statistic import bare
from haidang.engine.indicators.territory import Territory
from haidang.engine.notify.outbox import announce
from haidang.engine.store import epochs
from haidang.engine.store.models import ContentFile

PART = 500  # figures in one transaction


def follow(catalogue: Catalogue) -> int:
    """Compute everything that waits; returns how many figures have a new version."""
    written = 0
    while waiting.count():
        written += _part(catalogue)
    return written


@transaction.atomic
def _part(catalogue: Catalogue) -> int:
    epoch = epochs.take("formulas")
    subjects = waiting.take(PART)
    territory = Territory({subject.place_id for subject in subjects})
    found: list[deriving.Written] = []
    for address in catalogue.order:
        own = [subject for subject in subjects if subject.indicator == address]
        if own:
            found += deriving.put(catalogue, catalogue.entries[address], own, territory, epoch)
    found += deriving.derive(catalogue, (one.row.subject for one in found), epoch)
    announce(("figures", f"place:{place}") for place in sorted({one.row.subject.place_id for one in found}))
    return len(found)


@transaction.atomic
def look_through(catalogue: Catalogue) -> list[str]:
    """Let the figures of every formula wait whose text is newer than all of them; returns those formulas."""
    texts = ContentFile.objects.filter(kind="indicators", superseded_at=None)
    loaded = dict(texts.values_list("address", "valid_from"))
    found = []
    for address in catalogue.order:
        last = _last_computed(address)
        if address not in loaded or (last is not None and last >= loaded[address]):
            continue
        if subjects := _all_of(catalogue, catalogue.entries[address]):
            waiting.add(subjects)
            found.append(address)
    return found


def _last_computed(address: str) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT committed_at FROM store_epoch WHERE id = (SELECT max(epoch) FROM indicators_figure"
            " WHERE indicator = %s AND place_id IS NOT NULL AND superseded IS NULL)",
            [address],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _all_of(catalogue: Catalogue, entry: Entry) -> set[figure_rows.Subject]:
    """Every figure that something of its own period, or of a shorter one, is known for."""
    longest = periods.MONTHS[entry.statistic.period]
    addresses = [
        one
        for one in entry.inputs
        if periods.MONTHS[catalogue.entries[bare(one)].statistic.period] <= longest
    ]
    subjects = figure_rows.subjects(addresses)
    territory = Territory({subject.place_id for subject in subjects})
    return deriving.touched_by(catalogue, entry, subjects, territory)
