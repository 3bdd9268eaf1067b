"""Compare the pairs whose figures changed since they were compared last, each period at one epoch."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from haidang.engine.reconciliation.book import Group, load_groups
from haidang.engine.reconciliation.comparing import compare
from haidang.engine.reconciliation.gathering import gather
from haidang.engine.reconciliation.models import Compared, Difference
from haidang.engine.reconciliation.recording import Ran, end, keep
from haidang.engine.store.models import ContentFile


def run() -> Ran:
    """Compare what changed. Without news this is three short queries, and the content is not even read."""
    epoch, texts = _last_epoch(), _texts()
    known = {row.pair: row for row in Compared.objects.all()}
    if not texts and not known:
        return Ran()
    stale = {pair for pair, sha256 in texts.items() if pair not in known or known[pair].sha256 != sha256}
    left = known.keys() - texts.keys()
    since = min((row.epoch for row in known.values()), default=0)
    if not stale and not left and not _changed(since, epoch):
        return Ran()
    return compare_groups(load_groups(), epoch)


def compare_groups(groups: list[Group], epoch: int | None = None) -> Ran:
    """Compare these groups where their figures, or the pairs themselves, changed; in one transaction for each group."""
    epoch, texts, ran = epoch or _last_epoch(), _texts(), Ran()
    for group in groups:
        with transaction.atomic():
            _compare(group, epoch, texts, ran)
    addresses = {entry.address for group in groups for entry in group.entries}
    with transaction.atomic():
        _retire(addresses, epoch, ran)
    return ran


def _compare(group: Group, epoch: int, texts: dict[str, str], ran: Ran) -> None:
    pairs = [entry.address for entry in group.entries]
    rows = {row.pair: row for row in Compared.objects.select_for_update().filter(pair__in=pairs)}
    fresh = [one for one in pairs if one not in rows or rows[one].sha256 != texts.get(one, "")]
    since = 0 if fresh else min(row.epoch for row in rows.values())
    for period_end in sorted(_changed(since, epoch, group.indicators)):
        gathered = gather(group, period_end, epoch)
        found = compare(
            [entry.pair for entry in group.entries], gathered.left, gathered.right, gathered.structure
        )
        keep(group, gathered, found, epoch, ran)
        ran.compared += 1
    for pair in pairs:
        Compared.objects.update_or_create(pair=pair, defaults={"sha256": texts.get(pair, ""), "epoch": epoch})


def _retire(addresses: set[str], epoch: int, ran: Ran) -> None:
    """Differences of pairs that nobody compares any more end, and say why."""
    # i18n: data – kept in both languages
    why = (
        "Cặp đối soát không còn trong nội dung: không so sánh nữa.",
        "The pair is no longer part of the content: it is not compared any more.",
    )
    gone = set(Compared.objects.exclude(pair__in=addresses).values_list("pair", flat=True))
    gone -= _texts().keys()  # in force, but its file does not hold at the moment: it is only waiting
    for row in Difference.objects.open().select_for_update().filter(pair__in=gone):
        ran.gone += end(row, epoch, why)
    Compared.objects.filter(pair__in=gone).delete()


def _texts() -> dict[str, str]:
    """The pairs in force, with the hash of their text."""
    there = ContentFile.objects.filter(kind="reconciliations", superseded_at=None)
    return dict(there.values_list("address", "sha256"))


def _last_epoch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM store_epoch")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _changed(since: int, epoch: int, indicators: frozenset[str] | None = None) -> set[datetime]:
    """Ends of the periods of which a place's figure has a version of after `since`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT at FROM indicators_figure WHERE place_id IS NOT NULL AND epoch > %(since)s"
            " AND epoch <= %(epoch)s AND (%(names)s::text[] IS NULL OR indicator = ANY(%(names)s))",
            {"since": since, "epoch": epoch, "names": sorted(indicators) if indicators else None},
        )
        return {at for (at,) in cursor.fetchall()}
