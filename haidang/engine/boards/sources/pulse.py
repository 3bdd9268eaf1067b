"""The pulse strip: sixty minutes of one source as sixty cells, with gaps, late, repeated and refused records."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import TruncHour
from django.utils.translation import gettext as _

from haidang.engine.boards.writing import hour_minute
from haidang.engine.store.models import Pulse, Source

MINUTES = 60
# Geometry in the strip's own units; the style sheet scales it.
CELL, BAR, HEIGHT, FOOT = 10, 8, 44, 10
# Minutes at the left edge, and before “bây giờ” at the right one, that have no room for a mark of their own: on a phone a
# clock time is eight of the sixty cells wide, “bây giờ” eleven.
LEFT_FREE, RIGHT_FREE = 5, 16
KINDS = ("stored", "duplicate", "refused", "failed")


@dataclass(frozen=True, slots=True)
class Part:
    """One outcome of one minute as a bar; the baseline is at the bottom."""

    kind: str
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One minute."""

    minute: datetime
    x: int
    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    failed: int = 0
    late: int = 0
    parts: tuple[Part, ...] = ()

    @property
    def total(self) -> int:
        return self.stored + self.duplicate + self.refused + self.failed


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence longer than the promised interval."""

    x: int
    width: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Strip:
    """Cells from the oldest minute to the present one, ready to draw."""

    cells: list[Cell]
    gaps: list[Gap]
    marks: list[tuple[str, str]]  # per cent from the left, clock time
    width: int = MINUTES * CELL
    height: int = HEIGHT + FOOT
    base: int = HEIGHT

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.total]

    @property
    def late(self) -> int:
        return sum(cell.late for cell in self.cells)

    @property
    def words(self) -> str:
        """The strip in one sentence, for those who do not see it."""
        total = sum(cell.total for cell in self.cells)
        refused = sum(cell.refused + cell.failed for cell in self.cells)
        return _(
            "60 phút qua: %(total)s bản ghi trong %(filled)s phút có tin, %(late)s trễ, %(refused)s bị từ chối, "
            "%(gaps)s khoảng lặng"
        ) % {
            "total": total,
            "filled": len(self.filled),
            "late": self.late,
            "refused": refused,
            "gaps": len(self.gaps),
        }


def rows(
    source_ids: Iterable[int], now: datetime, minutes: int = MINUTES
) -> Mapping[int, dict[datetime, Pulse]]:
    """Pulses of several sources in one query."""
    found: dict[int, dict[datetime, Pulse]] = defaultdict(dict)
    since = _minute(now) - timedelta(minutes=minutes - 1)
    for pulse in Pulse.objects.filter(source_id__in=list(source_ids), minute__gte=since):
        found[pulse.source_id][pulse.minute] = pulse
    return found


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def older(source_ids: Iterable[int], now: datetime) -> set[int]:
    """Sources that had spoken before the strip begins: only for them is its first silence a gap."""
    since = _minute(now) - timedelta(minutes=MINUTES - 1)
    # One look into the index per source; a DISTINCT would read years of minutes.
    before = Pulse.objects.filter(source=OuterRef("pk"), minute__lt=since)
    found = Source.objects.filter(Exists(before), pk__in=list(source_ids))
    return set(found.values_list("pk", flat=True))


def strip(
    pulses: Mapping[datetime, Pulse], now: datetime, every_s: int, *, spoke_before: bool = True
) -> Strip:
    """Draw sixty minutes. Heights are roots, so that a block of history does not flatten the everyday pulse."""
    first = _minute(now) - timedelta(minutes=MINUTES - 1)
    top = max((_total(pulse) for pulse in pulses.values()), default=0)
    cells = [
        _cell(
            first + timedelta(minutes=place), place * CELL, pulses.get(first + timedelta(minutes=place)), top
        )
        for place in range(MINUTES)
    ]
    marks = [
        (f"{100 * place / MINUTES:.2f}", hour_minute(cell.minute))
        for place, cell in enumerate(cells)
        if cell.minute.minute % 15 == 0 and LEFT_FREE <= place <= MINUTES - RIGHT_FREE
    ]
    return Strip(cells, _gaps(cells, every_s, spoke_before), marks)


def _total(pulse: Pulse) -> int:
    return pulse.stored + pulse.duplicate + pulse.refused + pulse.failed


def _cell(minute: datetime, x: int, pulse: Pulse | None, top: int) -> Cell:
    if pulse is None:
        return Cell(minute, x)
    total = _total(pulse)
    full = max(6.0, (HEIGHT - 4) * math.sqrt(total / top)) if total else 0.0
    parts, y = [], float(HEIGHT)
    # From the ground up: stored, then what deserves a look; each visible however few they are.
    for kind in KINDS:
        count = getattr(pulse, kind)
        if not count:
            continue
        height = max(3.0, full * count / total)
        y -= height
        parts.append(
            Part("late" if kind == "stored" and pulse.late else kind, x + 1, round(y, 1), round(height, 1))
        )
    return Cell(
        minute, x, pulse.stored, pulse.duplicate, pulse.refused, pulse.failed, pulse.late, tuple(parts)
    )


def _gaps(cells: list[Cell], every_s: int, spoke_before: bool) -> list[Gap]:
    """Runs of empty minutes longer than the promise; the present minute is not over and counts as nothing."""
    allowed = max(2, math.ceil(every_s / 60) + 1)
    gaps, run = [], 0
    for place, cell in enumerate(cells):
        if cell.total == 0 and place < MINUTES - 1:
            run += 1
            continue
        if run > allowed and (spoke_before or place > run):
            gaps.append(Gap((place - run) * CELL, run * CELL, run))
        run = 0
    return gaps


@dataclass(frozen=True, slots=True)
class HourBar:
    """One hour of one source: bar heights by outcome."""

    hour: datetime
    x: int
    counts: Mapping[str, int] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in KINDS)


def hours(source_id: int, now: datetime, count: int = 48) -> list[HourBar]:
    """Records per hour of arrival, the oldest first."""
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=count - 1)
    found: dict[datetime, dict[str, Any]] = {
        row["hour"]: dict(row)
        for row in Pulse.objects.filter(source_id=source_id, minute__gte=first)
        .annotate(hour=TruncHour("minute"))
        .values("hour")
        .annotate(**{f"n_{kind}": Sum(kind) for kind in (*KINDS, "late")})
    }
    wanted = [first + timedelta(hours=place) for place in range(count)]
    counted = [
        {kind: int(found.get(h, {}).get(f"n_{kind}") or 0) for kind in (*KINDS, "late")} for h in wanted
    ]
    top = max((sum(row[kind] for kind in KINDS) for row in counted), default=0)
    return [
        HourBar(hour, place * CELL, row, _stack(row, place * CELL, top))
        for place, (hour, row) in enumerate(zip(wanted, counted, strict=True))
    ]


def _stack(row: Mapping[str, int], x: int, top: int) -> tuple[Part, ...]:
    total, parts, y = sum(row[kind] for kind in KINDS), [], float(HEIGHT)
    full = max(5.0, (HEIGHT - 4) * math.sqrt(total / top)) if total else 0.0
    for kind in KINDS:
        if row[kind]:
            height = max(2.5, full * row[kind] / total)
            y -= height
            parts.append(Part(kind, x + 1, round(y, 1), round(height, 1)))
    return tuple(parts)
