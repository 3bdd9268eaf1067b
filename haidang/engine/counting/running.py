"""Count what is new: published lists are taken in, and the periods they touch counted again; so are all periods of a rule
whose text, or the calendar of which, is another one.

Each step is a transaction that leaves nothing half done, and doing it again changes nothing. The epoch is held only to
write: lines are read and counted before it is taken, and nobody else takes lists in meanwhile (`jobs.schedule.alone`).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from haidang.engine.contracts.sheets.book import Unreadable
from haidang.engine.contracts.tree import Tree
from haidang.engine.counting import lines, tallying
from haidang.engine.counting.models import CountDue, CountedList, CountedRule
from haidang.engine.crashpoint import crashpoint
from haidang.engine.indicators import deriving, figure_rows, kinds, periods
from haidang.engine.indicators.catalogue import Catalogue, Entry, catalogue_of
from haidang.engine.indicators.figure_rows import New
from haidang.engine.notify.outbox import announce
from haidang.engine.store import epochs
from haidang.engine.store.content import standing_tree
from haidang.engine.store.trace import BytesGone
from haidang.engine.submissions.models import Submission
from haidang.engine.workdays import book as workdays_book

log = logging.getLogger("haidang.counting")
KINDS = {**kinds.KINDS, **workdays_book.KINDS}
# Kinds of content that decide what comes of a count.
_DECIDE = ("calendars", "contracts", "indicators")
_looked_at: dict[str, str] = {}


@dataclass(slots=True)
class Ran:
    """What one turn did."""

    lists: int = 0
    periods: int = 0
    figures: int = 0


def run() -> Ran:
    """One turn. Without news it is two short queries, and the content is not read."""
    state = _state()
    if _looked_at.get("state") == state and not CountDue.objects.exists():
        return Ran()
    ran = count_all(standing_tree(KINDS))
    _looked_at["state"] = state
    return ran


def _state() -> str:
    """Names the lists that are published and the texts in force."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(epoch) FROM submissions_submission)::text || ' ' || coalesce((SELECT md5(string_agg("
            "address || sha256, ' ' ORDER BY kind, address)) FROM store_contentfile WHERE superseded_at IS NULL"
            " AND kind = ANY(%s)), '')",
            [list(_DECIDE)],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def count_all(tree: Tree) -> Ran:
    """Everything there is to do by this content."""
    catalogue, ran = catalogue_of(tree), Ran()
    entries = catalogue.counted_from()
    _look_through(entries, tree)
    for submission in _published({one.contract for entry in entries for _, one in entry.statistic.counts}):
        ran.lists += _take_in(submission, catalogue, tree)
    for at in CountDue.objects.order_by("-at").values_list("at", flat=True).distinct():
        ran.figures += _count(at, catalogue, tree)
        ran.periods += 1
    return ran


# --- what is to be counted -------------------------------------------------------------------------------------
def _look_through(entries: Iterable[Entry], tree: Tree) -> None:
    """Let every period of a rule wait that is new or another one, or whose calendars are."""
    days = hashlib.sha256(
        " ".join(one.sha256 for _, one in sorted(tree.of("calendars").items())).encode()
    ).hexdigest()
    known = dict(CountedRule.objects.values_list("indicator", "sha256"))
    for entry in entries:
        # Only rules that look at working days follow the calendars.
        follows = any(one.days or not isinstance(one.sum, str) for _, one in entry.statistic.counts)
        mark = hashlib.sha256(f"{entry.sha256} {days if follows else ''}".encode()).hexdigest()
        if known.get(entry.address) == mark:
            continue
        with transaction.atomic():
            ends = {
                end for _, one in entry.statistic.counts for end in _ends(entry, lines.days_of(one.contract, one.period))
            }  # fmt: skip
            _wait(entry, ends)
            CountedRule.objects.update_or_create(indicator=entry.address, defaults={"sha256": mark})


def _published(contracts: set[str]) -> list[Submission]:
    """Published lists that no count has seen, in the order in which they were published."""
    new = Submission.objects.filter(contract__in=contracts, state=Submission.State.PUBLISHED)
    taken = CountedList.objects.filter(epoch__isnull=False).values("submission")
    return list(new.exclude(pk__in=taken).select_related("office__place").order_by("epoch", "pk"))


def awaited(contract: str) -> list[str]:
    """The names of published lists of a contract that `work` has yet to take in."""
    return [one.name or str(one.pk) for one in _published({contract})]


def _take_in(submission: Submission, catalogue: Catalogue, tree: Tree) -> bool:
    """Let a list count from now on, in the place of the one it corrects; what it touches waits to be counted."""
    contract = tree.sheets[submission.contract].thing
    try:
        made = lines.lay_ready(submission, contract)
    except (ValidationError, BytesGone, Unreadable):
        log.exception("the list of submission %d cannot be counted", submission.pk)
        return False
    crashpoint("counting.laid_ready")
    former = CountedList.objects.filter(
        contract=submission.contract, submission__period=submission.period, submission__office=submission.office,
        epoch__isnull=False, superseded=None,
    )  # fmt: skip
    gone = list(former.values_list("pk", flat=True))
    touched = {
        column: lines.days_touched(made.pk, gone, column)
        for column in {
            one.period
            for entry in catalogue.counted_from(submission.contract)
            for _, one in entry.statistic.counts
            if one.contract == submission.contract
        }
    }
    with transaction.atomic():
        epoch = epochs.take("counting")
        former.update(superseded=epoch)
        CountedList.objects.filter(pk=made.pk).update(epoch=epoch)
        for entry in catalogue.counted_from(submission.contract):
            for _, one in entry.statistic.counts:
                _wait(entry, _ends(entry, touched.get(one.period, set())))
    crashpoint("counting.taken_in")
    return True


def _ends(entry: Entry, days: Iterable[str]) -> set[datetime]:
    kind = entry.statistic.period
    afters = (periods.day_after(date.fromisoformat(day)) for day in days)
    return {periods.end_of(periods.holding(after, kind)) for after in afters}


def _wait(entry: Entry, ends: Iterable[datetime]) -> None:
    CountDue.objects.bulk_create(
        [CountDue(indicator=entry.address, at=end) for end in sorted(ends)], ignore_conflicts=True
    )


# --- counting --------------------------------------------------------------------------------------------------
def _count(at: datetime, catalogue: Catalogue, tree: Tree) -> int:
    """Count the indicators that wait for the period over at `at`, then write what is new; how many figures that were."""
    due = CountDue.objects.filter(at=at)
    waiting = set(due.values_list("indicator", flat=True))
    workdays = workdays_book.Book(tree).of_office()
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in catalogue.counted_from():
        if entry.address in waiting:
            groups.setdefault((entry.statistic.contract, entry.statistic.period), []).append(entry)
    news: list[New] = []
    for (contract, _kind), entries in groups.items():
        for counted in tallying.count(entries, tree.sheets[contract].thing, at, workdays):
            news += tallying.figures(counted, at)
    crashpoint("counting.counted")
    with transaction.atomic():
        epoch = epochs.take("counting")
        current = figure_rows.read(
            {new.subject.indicator for new in news}, {new.subject.place_id for new in news}, [at]
        )
        fresh = [new for new in news if _is_news(new, current.get(new.subject))]
        figure_rows.write(fresh, epoch)
        followed = deriving.derive(catalogue, (new.subject for new in fresh), epoch)
        due.filter(indicator__in=waiting).delete()
        places = {new.subject.place_id for new in fresh} | {one.row.subject.place_id for one in followed}
        announce(("figures", f"place:{place}") for place in sorted(places))
    return len(fresh) + len(followed)


def _is_news(new: New, old: figure_rows.Row | None) -> bool:
    if old is None:
        return True
    return (old.value, old.status, dict(old.detail), old.formula_sha256) != (
        new.value, new.status, dict(new.detail), new.formula_sha256,
    )  # fmt: skip
