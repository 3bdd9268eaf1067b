"""The way on from what was delivered: which alarms its readings, or the figures published from it, raised."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from haidang.engine.alarms.models import Alarm, AlarmQuerySet
from haidang.engine.store.models import Delivery

# Readings have no index by delivery: alarms are few, so each is asked whether it rests on one of them. Those that were
# raised before it came do not; the clock may have been set back by less than this.
SLACK = timedelta(hours=1)
_ONE = " AND (%(ordinal)s::int IS NULL OR o.ordinal = %(ordinal)s)"
_AFTER = " AND a.raised_at >= %(after)s"
# Both halves of the observations, as each has an index of its own.
_READING = """
SELECT a.id FROM alarms_alarm a JOIN store_observation o ON o.series_id = a.series_id AND o.at = a.at
WHERE o.superseded IS {} AND o.delivery_id = %(delivery)s"""
# Of a station's figure the readings of the hours it was made of, in the version that was judged.
_HOURS = """
SELECT a.id FROM alarms_alarm a
JOIN indicators_figure f ON f.indicator = a.indicator AND f.asset_id = a.asset_id AND f.at = a.at AND f.place_id IS NULL
 AND (a.epoch IS NULL OR (f.epoch <= a.epoch AND (f.superseded IS NULL OR f.superseded > a.epoch)))
CROSS JOIN LATERAL jsonb_array_elements(f.detail->'inputs') i
JOIN store_observation o ON o.series_id = (i->>3)::bigint
 AND o.at > (i->>1)::timestamptz - interval '1 hour' AND o.at <= (i->>1)::timestamptz
WHERE a.series_id IS NULL AND a.indicator <> '' AND o.superseded IS {} AND o.delivery_id = %(delivery)s"""
_PUBLISHED = """
SELECT a.id FROM alarms_alarm a
JOIN indicators_figure f ON f.indicator = a.indicator AND f.place_id = a.place_id AND f.at = a.at
 AND (a.epoch IS NULL OR (f.epoch <= a.epoch AND (f.superseded IS NULL OR f.superseded > a.epoch)))
JOIN submissions_submission o ON o.id = (f.detail->>'submission')::bigint
WHERE a.period <> '' AND o.delivery_id = %(delivery)s"""
_SQL = " UNION ".join(
    [
        *(part.format(half) + _ONE + _AFTER for part in (_READING, _HOURS) for half in ("NULL", "NOT NULL")),
        _PUBLISHED + _ONE + _AFTER,
    ]
)


def alarms_of(delivery: Delivery, ordinal: int | None) -> AlarmQuerySet:
    """Those that rest on this delivery; on this record of it alone where one is named."""
    asked = {"delivery": delivery.pk, "ordinal": ordinal, "after": delivery.received_at - SLACK}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        found = [row[0] for row in cursor.fetchall()]
    return Alarm.objects.filter(pk__in=found)
