"""Bring the record of differences up to what a comparison found: new ones open, changed ones say so, vanished ones end.

Run again over the same figures it changes nothing. A settled difference stays settled while its figures stand; with other
figures that still differ it is a new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.indicators import periods
from haidang.engine.notify.outbox import announce
from haidang.engine.people.models import Office
from haidang.engine.places.wording import in_english
from haidang.engine.reconciliation.book import Entry, Group
from haidang.engine.reconciliation.findings import Finding, Key, Kind
from haidang.engine.reconciliation.gathering import Gathered
from haidang.engine.reconciliation.models import Difference, Note
from haidang.engine.reconciliation.sentences import Speech

State = Difference.State
ACTOR = "reconciliation"
# i18n: data – kept in both languages
_REPLACED = (
    "Số đã chốt nay đã đổi và vẫn lệch: theo dõi ở chênh lệch mới.",
    "The settled figures have changed and still differ: see the new difference.",
)
# Said of many places at once; the others are of the place they name.
_OF_MANY = frozenset({Kind.UNIT_SLIP, Kind.SWAPPED_COLUMNS, Kind.MISSING, Kind.LATE_REVISION})


@dataclass(slots=True)
class Ran:
    """What one run did."""

    compared: int = 0
    found: int = 0
    changed: int = 0
    gone: int = 0


def scope_of(finding: Finding) -> str:
    """What tells a finding from others of its pair, period and kind; places that come and go do not make another."""
    if finding.of:
        times = f" ×{finding.times:f}" if finding.times else ""
        return f"{finding.side} {finding.of.code}{times}"
    if finding.kind is Kind.UNIT_SLIP:
        return f"×{finding.times:f}"
    if finding.kind is Kind.SWAPPED_COLUMNS:
        return finding.other
    if finding.kind in _OF_MANY:
        return f"{finding.side} {finding.recorded_at:%Y%m%d%H%M%S}" if finding.recorded_at else finding.side
    return "+".join(dict.fromkeys([*finding.places, *([finding.part] if finding.part else [])]))


def keep(group: Group, gathered: Gathered, findings: Iterable[Finding], epoch: int, ran: Ran) -> None:
    """Write what was found of one group in one period, in the running transaction."""
    entries = {entry.address: entry for entry in group.entries}
    period = periods.written(gathered.period)
    rows = Difference.objects.select_for_update().filter(pair__in=entries, period=period)
    there: dict[tuple[str, str, str], list[Difference]] = {}
    for row in rows.order_by("pk"):
        there.setdefault((row.pair, row.kind, row.scope), []).append(row)
    speech = Speech(
        {address: entry.words for address, entry in entries.items()},
        {code: str(place) for code, place in gathered.places.items()},
        {code: name for code, place in gathered.places.items() if (name := in_english(place)) != str(place)},
    )
    seen: set[int] = set()
    found: set[tuple[str, str, str]] = set()
    for finding in findings:
        cases = _cases(entries[finding.pair], finding, gathered)
        key = finding.pair, finding.kind.value, scope_of(finding)
        known = there.get(key, [])
        found.add(key)
        current = next((one for one in known if one.is_open), None)
        if current is None:
            current = next((one for one in known if one.state == State.SETTLED and _same(one, cases)), None)
        if current is None:
            current = _open(entries[finding.pair], finding, gathered, cases, epoch)
            _tell(current, finding, speech)
            current.save()
            _note(current, Note.Kind.FOUND, current.told_vi, current.told_en, epoch)
            ran.found += 1
        else:
            ran.changed += _change(current, finding, cases, speech, epoch)
        seen.add(current.pk)
    for key, those in there.items():
        for row in those:
            if row.pk not in seen:
                ran.gone += end(row, epoch, _REPLACED if key in found else None)


def _cases(entry: Entry, finding: Finding, gathered: Gathered) -> list[dict[str, Any]]:
    left, right = entry.definition.left, entry.definition.right
    ours, theirs = entry.pair.left.indicator, entry.pair.right.indicator
    return [
        {
            "place": case.place,
            "name": str(gathered.places.get(case.place, case.place)),
            "name_en": in_english(gathered.places[case.place]) if case.place in gathered.places else "",
            "place_id": gathered.places[case.place].pk if case.place in gathered.places else None,
            "left_indicator": left.indicator,
            "right_indicator": right.indicator,
            "over": entry.over,
            "left": _text(case.left),
            "right": _text(case.right),
            "left_figures": gathered.figures.get(Key(ours, case.place, gathered.period), []),
            "right_figures": gathered.figures.get(Key(theirs, case.place, gathered.period), []),
        }
        for case in finding.cases
    ]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize() if value else Decimal(0), "f")


def _same(row: Difference, cases: list[dict[str, Any]]) -> bool:
    return row.values == {case["place"]: (case["left"], case["right"]) for case in cases}


def _open(
    entry: Entry, finding: Finding, gathered: Gathered, cases: list[dict[str, Any]], epoch: int
) -> Difference:
    definition, now = entry.definition, clock.now()
    offices = {office.code: office for office in Office.objects.filter(
        code__in=[definition.left.office, definition.right.office]
    )}  # fmt: skip
    return Difference(
        pair=entry.address,
        domain=entry.domain,
        title_vi=definition.title.vi,
        title_en=definition.title.en,
        period=periods.written(gathered.period),
        at=gathered.end,
        kind=finding.kind.value,
        scope=scope_of(finding),
        place=gathered.places.get(finding.places[0]) if len(finding.places) == 1 else None,
        cases=cases,
        left_source_vi=definition.left.source.vi,
        left_source_en=definition.left.source.en,
        right_source_vi=definition.right.source.vi,
        right_source_en=definition.right.source.en,
        left_unit=entry.words.left_unit,
        right_unit=entry.words.right_unit,
        left_office=offices.get(definition.left.office),
        right_office=offices.get(definition.right.office),
        legal_basis=definition.legal_basis,
        found_at=now,
        found_epoch=epoch,
        changed_epoch=epoch,
        due_date=clock.local(now).date() + timedelta(days=definition.days),
    )


def _tell(row: Difference, finding: Finding, speech: Speech) -> None:
    row.told_vi, row.remedy_vi = speech.parts(finding)
    row.told_en, row.remedy_en = speech.parts(finding, "en")


def _change(
    row: Difference, finding: Finding, cases: list[dict[str, Any]], speech: Speech, epoch: int
) -> int:
    """1 when the figures are others now: what was explained and signed spoke of the former ones, so it is asked anew."""
    if _same(row, cases):
        return 0
    row.cases, row.changed_epoch = cases, epoch
    row.place = row.place if len(cases) == 1 else None
    _tell(row, finding, speech)
    if row.state == State.EXPLAINED:
        row.state = State.ASKED
    row.outcome = row.settlement = ""
    row.first_by = row.first_office = row.first_at = None
    row.save()
    _note(row, Note.Kind.CHANGED, row.told_vi, row.told_en, epoch)
    return 1


def end(row: Difference, epoch: int, why: tuple[str, str] | None = None) -> int:
    """The figures agree now: 1 when this was news. A settled one stays settled, and keeps when it went."""
    if row.gone_at is not None:
        return 0
    row.gone_at, row.gone_epoch = clock.now(), epoch
    if row.is_open:
        row.state = State.GONE
    row.save(update_fields=["gone_at", "gone_epoch", "state"])
    # i18n: data – kept in both languages
    vi, en = why or (
        f"Hết chênh lệch: số liệu ở mốc {epoch} đã khớp (phát hiện ở mốc {row.found_epoch}).",
        f"The difference is gone: the figures of epoch {epoch} agree (found at epoch {row.found_epoch}).",
    )
    _note(row, Note.Kind.GONE, vi, en, epoch)
    return 1


def _note(row: Difference, kind: Note.Kind, vi: str, en: str, epoch: int) -> None:
    Note.objects.create(difference=row, kind=kind, at=clock.now(), text=vi, text_en=en, epoch=epoch)
    detail = {"pair": row.pair, "period": row.period, "kind": row.kind, "epoch": epoch}
    record(person=None, actor=ACTOR, verb=f"difference.{kind.value}", object=row, detail=detail)
    announce([("differences", str(row.pk))])
