"""Compare the pairs whose figures changed since they were compared last, each period at one epoch."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from haidang.engine.indicators import periods
from haidang.engine.reconciliation.book import Group, content_of, load_groups
from haidang.engine.reconciliation.comparing import compare
from haidang.engine.reconciliation.gathering import gather
from haidang.engine.reconciliation.models import Compared, Difference
from haidang.engine.reconciliation.past import stating
from haidang.engine.reconciliation.recording import Ran, end, keep
from haidang.engine.store.models import ContentFile


def run() -> Ran:
    """Compare what changed. Without news this is three short queries, and the content is not even read."""
    epoch, texts = _last_epoch(), _texts()
    known = {row.pair: row for row in Compared.objects.all()}
    if not texts and not known:
        return Ran()
    kept = {content_of(pair): row.sha256 for pair, row in known.items()}
    stale = {address for address, sha256 in texts.items() if kept.get(address) != sha256}
    left = {pair for pair in known if content_of(pair) not in texts}
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
    sha256 = {one: texts.get(content_of(one), "") for one in pairs}
    fresh = [one for one in pairs if one not in rows or rows[one].sha256 != sha256[one]]
    since = 0 if fresh else min(row.epoch for row in rows.values())
    for period_end in _to_compare(group, since, epoch):
        gathered = gather(group, period_end, epoch)
        those = [entry.pair_in(gathered.period) for entry in group.entries]
        found = compare(those, gathered.left, gathered.right, gathered.structure)
        keep(group, gathered, found, epoch, ran)
        ran.compared += 1
    for pair in pairs:
        Compared.objects.update_or_create(pair=pair, defaults={"sha256": sha256[pair], "epoch": epoch})


def _to_compare(group: Group, since: int, epoch: int) -> list[datetime]:
    """Ends of the periods of which either side has a version of after `since`: also those whose files state something
    of a period that was published or corrected later.
    """
    changed = _changed_figures(since, epoch, group.indicators)
    found = {at for _, at in changed}
    overs = {(entry.definition.right.indicator, entry.over) for entry in group.entries if entry.over}
    if not overs:
        return sorted(found)
    for indicator, at in changed:
        period = periods.ending(at, group.period)
        those = (one for name, over in overs if name == indicator for one in stating(over, period))
        found |= {periods.end_of(one) for one in those}
    left = sorted({entry.definition.left.indicator for entry in group.entries})
    return sorted(found & _ends_of(left))


def _retire(addresses: set[str], epoch: int, ran: Ran) -> None:
    """Differences of pairs that nobody compares any more end, and say why."""
    # i18n: data – kept in both languages
    why = (
        "Cặp đối soát không còn trong nội dung: không so sánh nữa.",
        "The pair is no longer part of the content: it is not compared any more.",
    )
    gone = set(Compared.objects.exclude(pair__in=addresses).values_list("pair", flat=True))
    # Of a file in force that does not hold at the moment no pair is there: they are only waiting.
    waiting = _texts().keys() - {content_of(one) for one in addresses}
    gone = {one for one in gone if content_of(one) not in waiting}
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


def _changed(since: int, epoch: int) -> bool:
    """Whether a place's figure has a version of after `since`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS(SELECT 1 FROM indicators_figure WHERE place_id IS NOT NULL AND epoch > %s"
            " AND epoch <= %s)",
            [since, epoch],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _changed_figures(since: int, epoch: int, indicators: frozenset[str]) -> set[tuple[str, datetime]]:
    """Indicator and end of each period of which a place's figure has a version of after `since`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT indicator, at FROM indicators_figure WHERE place_id IS NOT NULL"
            " AND epoch > %s AND epoch <= %s AND indicator = ANY(%s)",
            [since, epoch, sorted(indicators)],
        )
        return set(cursor.fetchall())


def _ends_of(indicators: list[str]) -> set[datetime]:
    """Ends of the periods of which anything is told of these."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT at FROM indicators_figure WHERE place_id IS NOT NULL AND superseded IS NULL"
            " AND indicator = ANY(%s)",
            [indicators],
        )
        return {at for (at,) in cursor.fetchall()}
