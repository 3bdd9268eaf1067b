"""How well the alarms serve their operators, after EEMUA 191 and ISA-18.2: distributions, not only means."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm, Event
from haidang.engine.people.duty import on_duty
from haidang.engine.rules.models import RuleCount
from haidang.engine.said import either

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

BIN = timedelta(minutes=10)
# Per operator: one in ten minutes is the steady aim; a flood is more than ten, and over below five.
STEADY, FLOOD_FROM, FLOOD_TO = 1, 10, 5
CHATTER_IN, CHATTER_TIMES = timedelta(hours=1), 5
STALE = timedelta(hours=24)
AIM = {1: 5, 2: 15, 3: 80}


@dataclass(frozen=True, slots=True)
class Noisy:
    rule: str
    title: str
    raised: int
    share: float


@dataclass(frozen=True, slots=True)
class Bar:
    """Lengths as text: a drawing has decimal points in every language."""

    x: str
    y: str
    height: str
    is_flood: bool


@dataclass(frozen=True, slots=True)
class Health:
    since: datetime
    operators: int
    bins: list[tuple[datetime, int]]
    mean: float
    busiest: int
    flood_share: float  # % of bins within a flood
    mix: list[tuple[int, int, float, int]]  # priority, number, % of all, % aimed at
    noisy: list[Noisy]
    chattering: list[tuple[str, str, int]]  # title, subject, times in an hour
    stale: list[Alarm]
    late: int
    corrected: int
    rules: list[RuleCount]

    @property
    def bars(self) -> list[Bar]:
        """The bins as rectangles of a chart 20 high, drawn to the flood limit at least."""
        unit = 20 / max(self.busiest, FLOOD_FROM + 2)
        return [
            Bar(str(i), f"{20 - number * unit:.2f}", f"{number * unit:.2f}", number > FLOOD_FROM)
            for i, (_, number) in enumerate(self.bins)
            if number
        ]

    @property
    def flood_y(self) -> str:
        return f"{20 - FLOOD_FROM * 20 / max(self.busiest, FLOOD_FROM + 2):.2f}"


def health(person: Anyone, hours: int = 24) -> Health:
    """The last `hours` of what this person may see. Reads events, so an alarm closed and gone still counts."""
    now = clock.now()
    since = now - timedelta(hours=hours)
    mine = Alarm.objects.for_user(person)
    events = Event.objects.filter(recorded_at__gte=since).filter(Q(alarm__in=mine) | Q(alarm=None))
    raised = list(
        events.filter(kind__in=(Event.Kind.RAISED, Event.Kind.AGAIN)).values_list(
            "recorded_at", "rule", "subject", "priority"
        )
    )
    bins = _bins([row[0] for row in raised], since, now)
    titled = mine.filter(rule__in={row[1] for row in raised}).values_list("rule", "title_vi", "title_en")
    titles = {rule: either(vi, en) for rule, vi, en in titled}
    by_rule = Counter(row[1] for row in raised)
    total = len(raised)
    counted = events.aggregate(
        late=Count("pk", filter=Q(kind=Event.Kind.LATE)),
        corrected=Count("pk", filter=Q(kind=Event.Kind.CORRECTED)),
    )
    priorities = Counter(row[3] for row in raised)
    operators = _operators(now)
    return Health(
        since=since,
        operators=operators,
        bins=bins,
        mean=total / max(1, len(bins)) / operators,
        busiest=max((number for _, number in bins), default=0),
        flood_share=_flood_share([number for _, number in bins]),
        mix=[
            (p, priorities[p], 100 * priorities[p] / total if total else 0.0, aim) for p, aim in AIM.items()
        ],
        noisy=[
            Noisy(rule, titles.get(rule, rule), n, 100 * n / total) for rule, n in by_rule.most_common(10)
        ],
        chattering=_chattering([(row[0], row[1], row[2]) for row in raised], titles, now),
        stale=list(
            mine.open()
            .filter(returned_at=None, raised_at__lt=now - STALE)
            .select_related("asset", "source", "place")[:50]
        ),
        late=counted["late"],
        corrected=counted["corrected"],
        rules=list(RuleCount.objects.order_by("-over_budget", "-failures", "-slowest_ms", "rule")[:40]),
    )


def _operators(now: datetime) -> int:
    """People at the desks now; a centre without a roster counts as one."""
    shift = on_duty(now)
    return max(1, shift.members.count()) if shift else 1


def _bins(instants: list[datetime], since: datetime, now: datetime) -> list[tuple[datetime, int]]:
    number = max(1, round((now - since) / BIN))
    filled = [0] * number
    for instant in instants:
        filled[min(number - 1, int((instant - since) / BIN))] += 1
    return [(since + BIN * i, filled[i]) for i in range(number)]


def _flood_share(numbers: list[int]) -> float:
    """A flood begins with more than ten in a bin and lasts until a bin has fewer than five."""
    flooded, is_flood = 0, False
    for number in numbers:
        is_flood = number > FLOOD_FROM or (is_flood and number >= FLOOD_TO)
        flooded += is_flood
    return 100 * flooded / max(1, len(numbers))


def _chattering(
    raised: list[tuple[datetime, str, str]], titles: dict[str, str], now: datetime
) -> list[tuple[str, str, int]]:
    recent = Counter((rule, subject) for at, rule, subject in raised if at > now - CHATTER_IN)
    return [(titles.get(r, r), s, n) for (r, s), n in recent.most_common() if n >= CHATTER_TIMES]
