"""The one transaction: check, append, compute, evaluate, raise – and only then is the message acknowledged.

The stages are plain functions; this module alone knows their order. A batch that fails as a whole is taken again
message by message, so that one bad message harms no other and ends as `failed`, kept and replayable.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import numpy as np
from django.db import InterfaceError, OperationalError, connection, transaction

from haidang.engine import clock
from haidang.engine.alarms import actions as alarms
from haidang.engine.assets.models import Asset
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts import check
from haidang.engine.contracts.batch import Batch, Misfit, fault
from haidang.engine.contracts.columns import Columns, bound, columns_of
from haidang.engine.contracts.records import divide
from haidang.engine.crashpoint import crashpoint
from haidang.engine.indicators import compute
from haidang.engine.indicators.book import Book
from haidang.engine.ingest import failing, impossible, keeping
from haidang.engine.ingest.failing import refuse_blindly
from haidang.engine.ingest.incoming import Incoming, published
from haidang.engine.ingest.keeping import Parcel
from haidang.engine.ingest.origins import Origins
from haidang.engine.notify.outbox import announce
from haidang.engine.rules import evaluation
from haidang.engine.rules.judgement import Judgement
from haidang.engine.store import epochs, hours, trace, writing
from haidang.engine.store.registry import Registry
from haidang.engine.store.terms import SheetTerms, Terms

log = logging.getLogger("haidang.ingest")

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Changes:
    """What a transaction changed, for rules, figures and screens."""

    rows: Columns
    series: np.ndarray
    corrected: np.ndarray
    topics: list[tuple[str, str]] = field(default_factory=list)


class Conductor:
    """One ingest process's view of the world, and the transaction it runs over and over."""

    def __init__(
        self, terms: dict[str, Terms], book: Book, sheets: dict[str, SheetTerms] | None = None
    ) -> None:
        self.terms = terms
        self.book = book
        self.sheets = sheets or {}
        self._registry: Registry | None = None
        self._stations: int | None = None

    @property
    def registry(self) -> Registry:
        if self._registry is None:
            self._registry = Registry(self.terms, self.sheets).load()
        return self._registry

    def notice_changes(self) -> None:
        """Stations registered, changed or closed elsewhere: what is remembered of them is read again."""
        known = hash(
            tuple(
                Asset.objects.order_by("pk").values_list(
                    "pk", "code", "kind", "file_name_pattern", "is_active"
                )
            )
        )
        if known != self._stations:
            if self._stations is not None:
                self.forget()
            self._stations = known

    def forget(self) -> None:
        """What is remembered may rest on a transaction that failed."""
        self._registry = None
        evaluation.evaluator().memory.is_loaded = False

    def take(self, messages: Sequence[Incoming]) -> None:
        """Store a batch; returns when it is committed. Raises OperationalError when the database is away."""
        try:
            self._transact(messages)
        except (OperationalError, InterfaceError):
            self.forget()
            raise
        except Exception:  # noqa: BLE001 - a bug of ours must cost one message its outcome, not the flow
            # Whatever it is, it must end as an outcome of the message that caused it and of no other.
            log.warning("a batch of %d messages failed; taking them one by one", len(messages))
            self.forget()
            for message in messages:
                self._alone(message)

    def _alone(self, message: Incoming) -> None:
        try:
            self._transact([message])
        except (OperationalError, InterfaceError):
            self.forget()
            raise
        except Exception as error:
            log.exception("message %d failed", message.seq)
            self.forget()
            detail = f"{type(error).__name__}: {error}"[:300]
            if not self._without(message, self._broken(message)):
                self._give_up(message, detail)

    def _broken(self, message: Incoming) -> dict[int, str]:
        """Which arrivals of a message fail when checked by themselves, and how."""
        found: dict[int, str] = {}
        try:
            parcel = Parcel.of(0, message.seq, message.payload)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return found
        for part, arrival in enumerate(parcel.arrivals):
            try:
                with transaction.atomic():
                    self.check_one(arrival, Batch(), parcel)
                    transaction.set_rollback(True)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # noqa: BLE001 - it is told as the outcome of this arrival alone
                found[part] = f"{type(error).__name__}: {error}"[:300]
        self.forget()
        return found

    def _without(self, message: Incoming, broken: dict[int, str]) -> bool:
        """Store what is good of a message, the broken arrivals as failed; False when that fails too."""
        if not broken:
            return False
        try:
            self._transact([message], broken)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("message %d fails also without its broken parts", message.seq)
            self.forget()
            return False
        return True

    def _transact(self, messages: Sequence[Incoming], broken: Mapping[int, str] | None = None) -> None:
        with transaction.atomic():
            seek_by_key()
            fresh = self._unknown(messages)
            if not fresh:
                return
            stages = published(fresh) | {"taken": clock.timestamp()}
            self.registry.look_again()
            self.keep(*self._check(fresh, broken or {}), stages)
        crashpoint("ingest.after_commit")

    def keep(self, parcels: list[Parcel], batch: Batch, stages: dict[str, float]) -> None:
        """What follows from the check, in the running transaction; `stages` are the times noted so far."""
        crashpoint("ingest.checked")
        now = clock.now()
        rows = self._possible(parcels, batch, now)
        stages["checked"] = clock.timestamp()
        keeping.number(parcels)
        keeping.refuse(parcels, batch.faults, now)
        epoch = epochs.take("ingest")
        changes = self._store(parcels, rows, batch, epoch)
        stages["stored"] = clock.timestamp()
        crashpoint("ingest.stored")
        self._judge(changes, epoch)
        announce(changes.topics)
        epochs.note(epoch, stages | {"judged": clock.timestamp()})
        crashpoint("ingest.before_commit")

    def _unknown(self, messages: Sequence[Incoming]) -> list[Incoming]:
        """Messages not stored before: after a lost acknowledgement the stream sends them again."""
        with connection.cursor() as cursor:
            cursor.execute(
                # The last condition is that of the index: of more than a hundred numbers the planner does not see by
                # itself that all are above zero, and would read every delivery there ever was.
                "SELECT wire_stream, wire_seq FROM store_delivery"
                " WHERE wire_stream = ANY(%s) AND wire_seq = ANY(%s) AND wire_seq > 0",
                [sorted({m.birth for m in messages}), [m.seq for m in messages]],
            )
            known = set(cursor.fetchall())
        return [message for message in messages if (message.birth, message.seq) not in known]

    # --- check -----------------------------------------------------------------------------------------------
    def _check(self, messages: Sequence[Incoming], broken: Mapping[int, str]) -> tuple[list[Parcel], Batch]:
        batch = Batch()
        parcels: list[Parcel] = []
        for message in messages:
            parcel = Parcel.of(len(parcels), message.seq, message.payload, message.birth)
            parcels.append(parcel)
            for part, arrival in enumerate(parcel.arrivals):
                parcel.bases.append(parcel.records)
                if part in broken:
                    failing.fail_arrival(arrival, batch, parcel, broken[part], self.registry)
                else:
                    parcel.records += self.check_one(arrival, batch, parcel)
        return parcels, batch

    def check_one(self, arrival: Arrival, batch: Batch, parcel: Parcel) -> int:
        view = self.registry.view(arrival.source)
        if view is not None:
            parcel.source, parcel.contract_sha256 = view.source, view.terms.contract_sha256
        elif sheet := self.registry.of_sheets(arrival.source):
            parcel.source, parcel.contract_sha256 = sheet[0], sheet[1].contract_sha256
            if arrival.format == "sheet":
                # Judged as a whole, by `work`: here it is only known to be there.
                parcel.sheets.append((parcel.records, arrival, sheet[1]))
                return 1
        try:
            body = trace.body_of(arrival)
        except trace.BytesGone:
            misfit = Misfit(
                "file_missing",
                {"place": arrival.name, "sha256": arrival.file or "", "source": arrival.source[:80]},
            )
            return refuse_blindly(batch, parcel, misfit, arrival.records)
        if view is None:
            records = divide(body, arrival.format)
            reason = "not_a_sheet" if parcel.source else "unknown_source"
            for number, record in enumerate(records):
                misfit = Misfit(reason, {"source": arrival.source[:80]})
                fault(batch, parcel.index, parcel.records + number, misfit, record, body)
            return len(records)
        return check.check_arrival(
            arrival, body, view.terms.contract, view, batch, parcel.index, parcel.records
        )

    # --- append, compute -------------------------------------------------------------------------------------
    def _possible(self, parcels: list[Parcel], batch: Batch, now: datetime) -> Columns:
        """The rows whose value and time can be; the others are faults of the batch now."""
        rows = columns_of(batch)
        if len(rows):
            good, bad = bound(rows, self.registry.bounds(), int(now.timestamp() * 1e6))
            if not good.all():
                impossible.refuse(rows, bad, batch, parcels, self.registry, now)
                rows = rows.take(good)
        return rows

    def _store(self, parcels: list[Parcel], rows: Columns, batch: Batch, epoch: int) -> Changes:
        now = clock.now()
        series = self.registry.series_of()[rows.slot] if len(rows) else np.empty(0, dtype=np.int32)
        ids = np.array([parcel.id for parcel in parcels], dtype=np.int64)
        appended = writing.append(
            rows, series, ids[rows.delivery], epoch, self.registry.last_at, Origins(parcels, rows)
        )
        keeping.count(parcels, rows, appended.outcome, batch.faults)
        handed_in = keeping.hand_in(parcels)
        keeping.write(parcels, epoch, now)
        keeping.pulse(parcels, rows, appended.outcome, self.registry, now)
        kept = appended.kept
        changes = Changes(rows.take(kept), series[kept], appended.outcome[kept] == writing.CORRECTION)
        changes.topics = [("sources", parcel.address) for parcel in parcels]
        changes.topics += [("submissions", str(number)) for number in handed_in]
        keeping.latest(changes.rows, changes.series, now)
        return changes

    # --- judge -----------------------------------------------------------------------------------------------
    def _judge(self, changes: Changes, epoch: int) -> None:
        """Hours, figures, rules, alarms: everything that follows from new observations."""
        now_us = int(clock.timestamp() * 1e6)
        new_figures: list[compute.NewFigure] = []
        if len(changes.rows):
            dirty = hours.touched(changes.series, changes.rows.at, now_us)
            new_figures = self.roll(dirty, epoch)
        judgements = evaluation.evaluate(
            evaluation.Batch(
                series_id=changes.series.astype(np.int64),
                at_us=changes.rows.at,
                value=changes.rows.value,
                status=changes.rows.status.astype(np.int8),
                now_us=now_us,
                correction=changes.corrected,
            )
        )
        judgements += self._judge_figures(new_figures, now_us)
        alarms.apply(judgements, epoch)
        codes = {self.registry.slots[slot].asset_code for slot in np.unique(changes.rows.slot).tolist()}
        changes.topics += [("readings", code) for code in sorted(codes)]
        changes.topics += [
            ("figures", str(asset_id)) for asset_id in sorted({f.asset_id for f in new_figures})
        ]

    def _judge_figures(self, figures: list[compute.NewFigure], now_us: int) -> list[Judgement]:
        facts = [
            evaluation.FigureFact(
                f.indicator, f.asset_id, int(f.at.timestamp() * 1e6), f.value, f.is_correction
            )
            for f in figures
        ]
        return evaluation.evaluate_figures(facts, now_us)

    def roll(self, dirty: list[tuple[int, int]], epoch: int) -> list[compute.NewFigure]:
        """Roll these closed hours up and compute the figures they touch."""
        slots = self.registry.by_series()
        changed = hours.roll_up(
            dirty, {series_id: slots[series_id].expected_per_hour for series_id, _ in dirty}, epoch
        )
        ends: dict[int, set[datetime]] = defaultdict(set)
        parameters: dict[int, set[str]] = defaultdict(set)
        for hour in changed:
            slot = slots[hour.series_id]
            ends[slot.asset_id].add(hour.hour)
            parameters[slot.asset_id].add(slot.parameter)
        return compute.compute(self.book, compute.touched(self.book, ends, parameters), epoch)

    # --- between batches -------------------------------------------------------------------------------------
    def close_hours(self) -> None:
        """Roll up the hour that has ended since the last look, whether or not anything arrives."""
        end = clock.now().replace(minute=0, second=0, microsecond=0)
        if self._is_closed(end):
            return
        with transaction.atomic(), connection.cursor() as cursor:
            seek_by_key()
            cursor.execute(
                "INSERT INTO store_closing (closed_until) VALUES (%s) ON CONFLICT DO NOTHING", [end - HOUR]
            )
            cursor.execute("SELECT closed_until FROM store_closing FOR UPDATE")
            row = cursor.fetchone()
            if row is None or row[0] >= end:
                return
            # The epoch first: what another writer commits before ours is given out is seen below, and no later
            # one can add to an hour that we then call closed.
            epoch = epochs.take("ingest")
            dirty = hours.of_period(row[0], end)
            cursor.execute("UPDATE store_closing SET closed_until = %s", [end])
            if dirty:
                self._settle(lambda epoch: self.roll(dirty, epoch), epoch)

    def _is_closed(self, end: datetime) -> bool:
        """Asked after every batch, so without the lock: one that is held is written, and waits for the disk."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT closed_until >= %s FROM store_closing", [end])
            return bool(cursor.fetchone() == (True,))

    def compute_due(self) -> bool:
        """Compute some of the figures that wait; False when none does."""
        if not compute.is_any_due():
            return False
        with transaction.atomic():
            seek_by_key()
            subjects = compute.take_due()
            if not subjects:
                return False
            self._settle(lambda epoch: compute.compute(self.book, subjects, epoch), epochs.take("ingest"))
        return True

    def _settle(self, work: keeping.Work, epoch: int) -> None:
        figures = work(epoch)
        alarms.apply(self._judge_figures(figures, int(clock.timestamp() * 1e6)), epoch)
        announce(("figures", str(asset_id)) for asset_id in sorted({f.asset_id for f in figures}))

    # --- a message that breaks us ----------------------------------------------------------------------------
    def _give_up(self, message: Incoming, detail: str) -> None:
        """Every record failed; when even its parts cannot be kept apart, as so many records the door has counted."""
        try:
            with transaction.atomic():
                self._fail(message, detail)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("message %d fails also as a failure", message.seq)
            with transaction.atomic():
                self._fail(message, detail, whole=True)

    def _fail(self, message: Incoming, detail: str, *, whole: bool = False) -> None:
        if self._unknown([message]):
            failing.fail(message, detail, self.registry, whole=whole)


def seek_by_key() -> None:
    """Every query of this transaction looks up keys it brings along. A table filled a moment ago has no statistics
    yet: a planner that guesses a hash join over years of partitions, or one row where there are thousands and goes
    through all of them for each key, would cost seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off;"
            " SET LOCAL enable_material = off"
        )
