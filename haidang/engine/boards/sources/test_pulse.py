"""The pulse strip: silences longer than promised, and what is late, repeated or refused, however few."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from haidang.engine.boards.sources import pulse
from haidang.engine.store.models import Pulse, Source

NOON = datetime(2026, 11, 21, 5, 0, 30, tzinfo=UTC)


def beat(source: Source, minutes_ago: int, **counts: int) -> Pulse:
    minute = NOON.replace(second=0) - timedelta(minutes=minutes_ago)
    return Pulse(source=source, minute=minute, **counts)


def test_a_gap_is_a_silence_longer_than_promised(db: None) -> None:
    source = Source(address="a.b")
    beats = {
        p.minute: p
        for p in (beat(source, 59, stored=5), beat(source, 55, stored=5), beat(source, 30, stored=5))
    }
    strip = pulse.strip(beats, NOON, every_s=300)
    assert [(gap.x // pulse.CELL, gap.minutes) for gap in strip.gaps] == [(5, 24), (30, 29)]
    assert len(strip.filled) == 3


def test_before_its_first_word_a_source_has_no_gap(db: None) -> None:
    source = Source(address="a.b")
    beats = {p.minute: p for p in (beat(source, 2, stored=5), beat(source, 1, stored=5))}
    assert pulse.strip(beats, NOON, 300, spoke_before=False).gaps == []
    assert len(pulse.strip(beats, NOON, 300, spoke_before=True).gaps) == 1


def test_late_repeated_and_refused_records_are_visible_however_few(db: None) -> None:
    source = Source(address="a.b")
    one = beat(source, 3, stored=500, duplicate=1, refused=1, late=2)
    strip = pulse.strip({one.minute: one}, NOON, every_s=60)
    parts = strip.filled[0].parts
    assert [part.kind for part in parts] == ["late", "duplicate", "refused"]
    assert all(part.height >= 3 for part in parts)
    assert min(part.y for part in parts) >= -6
    assert "1 bị từ chối" in strip.words
    assert "2 trễ" in strip.words


def test_no_clock_time_lies_over_the_word_for_now_on_a_phone() -> None:
    """In a strip of 296 pixels, on a screen of 320, a time is 40 pixels wide and stands in its middle; “bây giờ”, 52, ends
    at the right edge.
    """
    width = 296
    for minute in range(60):
        marks = pulse.strip({}, NOON.replace(minute=minute), every_s=60).marks
        assert len(marks) >= 2
        middles = [float(left) / 100 * width for left, _ in marks]
        assert all(20 <= middle <= width - 52 - 20 - 4 for middle in middles)


def test_hours_add_up_the_minutes(db: None) -> None:
    source = Source.objects.create(address="a.b", domain="a", title="T", every_s=300, silent_after_s=900)
    Pulse.objects.bulk_create([beat(source, n, stored=2, refused=1) for n in (1, 5, 61)])
    bars = pulse.hours(source.pk, NOON)
    assert [bar.total for bar in bars[-3:]] == [3, 6, 0]
    assert bars[-1].hour == NOON.replace(minute=0, second=0)
