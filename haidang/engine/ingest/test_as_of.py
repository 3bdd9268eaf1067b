"""The same question has the same answer for ever; the running hour is answered from what was observed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.contracts.tree import OURS, load_tree
from haidang.engine.indicators.book import Book, book_of
from haidang.engine.indicators.figures import Answer, figure
from haidang.engine.indicators.kinds import KINDS
from haidang.engine.ingest.conftest import Sender, content, reading
from haidang.engine.store import epochs
from haidang.engine.store.content import load_content
from haidang.engine.store.models import Epoch

AQI = "environment.aqi_hour"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-20T{text}:00+07:00")


@pytest.fixture
def ticking() -> Iterator[list[float]]:
    """A clock set by hand: the test moves its only entry."""
    hand = [at("09:00").timestamp()]
    clock.set_source(lambda: hand[0])
    yield hand
    clock.set_source(None)


@pytest.fixture
def morning(ticking: list[float], sender: Sender) -> Sender:
    """Hourly values up to 10:00, one every five minutes after that, the last at 10:30."""
    for stamp in ("09:00", "10:00", *(f"10:{minute:02}" for minute in range(5, 35, 5))):
        ticking[0] = at(stamp).timestamp() + 1
        sender.conductor.close_hours()
        sender.send({"station": "KK-1", "readings": [reading("PM2.5", 31.2, at(stamp).isoformat())]})
    ticking[0] = at("10:40").timestamp()
    return sender


def ask(book: Book, when: str, as_of: str | None = None) -> Answer:
    station = Asset.objects.get(code="KK-1")
    return figure(book, AQI, station, at(when), None if as_of is None else at(as_of))


def test_the_running_hour_is_averaged_from_what_was_observed_and_said_to_be_provisional(
    morning: Sender,
) -> None:
    answer = ask(morning.conductor.book, "10:30")
    assert (answer.value, answer.status) == (62, "provisional")
    assert answer.at == at("11:00")
    assert answer.inputs[0]["mean"] == pytest.approx(31.2)


def test_a_provisional_figure_stays_provisional_when_it_is_asked_as_of_then(
    morning: Sender, ticking: list[float]
) -> None:
    book = morning.conductor.book
    first = ask(book, "10:30", "10:40")
    ticking[0] = at("10:50").timestamp()
    morning.send({"station": "KK-1", "readings": [reading("PM2.5", 150, at("10:50").isoformat())]})
    ticking[0] = at("11:30").timestamp()
    morning.conductor.close_hours()
    again = ask(book, "10:30", "10:40")
    assert again == first
    assert again.status == "provisional"
    assert ask(book, "10:30").status != "provisional"
    assert (ask(book, "10:30").value or 0) > 62


def test_an_hour_that_has_ended_is_answered_before_anybody_has_closed_it(
    morning: Sender, ticking: list[float]
) -> None:
    ticking[0] = at("11:00").timestamp() + 2
    answer = ask(morning.conductor.book, "11:00")
    assert (answer.value, answer.status) == (62, "flagged")


def test_a_clock_set_back_gives_no_epoch_a_time_that_was_asked_before(
    morning: Sender, ticking: list[float]
) -> None:
    asked = at("10:40")
    known = epochs.resolve(asked)
    ticking[0] = at("10:35").timestamp()
    morning.send({"station": "KK-1", "readings": [reading("PM2.5", 150, at("10:35").isoformat())]})
    assert Epoch.objects.latest("pk").committed_at > asked
    assert epochs.resolve(asked) == known
    assert ask(morning.conductor.book, "10:35", "10:40").value == 62


def test_a_question_leaves_an_epoch_only_when_it_is_later_than_all(morning: Sender) -> None:
    before = Epoch.objects.count()
    for minute in ("10:20", "10:40", "10:40", "10:39"):
        epochs.resolve(at(minute))
    assert Epoch.objects.count() == before + 1


def changed(folder: Path, old: str, new: str, name: str) -> Book:
    """Our content after somebody has edited a file of it, loaded into the record."""
    shutil.copytree(OURS / "environment", folder / "environment", ignore=shutil.ignore_patterns("*.pyc"))
    path = folder / "environment" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    tree = load_tree([folder], kinds=KINDS)
    assert tree.problems == []
    assert load_content(tree) >= 1
    return book_of(tree)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("indicators/_vn_aqi.py", "value = details[deciding]", "value = 7 + details[deciding]"),
        ("tables/vn_aqi.yml", "PM2.5: [0, 25, 50,", "PM2.5: [0, 25, 45,"),
    ],
)
def test_a_figure_that_waited_then_is_computed_by_the_formula_of_then(
    morning: Sender, ticking: list[float], tmp_path: Path, name: str, old: str, new: str
) -> None:
    first = ask(morning.conductor.book, "10:00", "10:40")
    ticking[0] = at("10:45").timestamp()
    book = changed(tmp_path, old, new, name)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM indicators_figure")  # as if the queue had not come to it yet
    ticking[0] = at("10:50").timestamp()
    again = ask(book, "10:00", "10:40")
    assert (again.value, again.formula_sha256) == (first.value, first.formula_sha256)
    assert (again.detail, again.inputs) == (first.detail, first.inputs)
    assert ask(book, "10:00", "10:50").value != first.value


def test_before_there_was_a_formula_there_is_no_figure(morning: Sender) -> None:
    assert ask(morning.conductor.book, "08:00", "08:30").status == "missing"


def test_a_correction_that_waits_in_the_queue_is_in_the_answer_of_then(
    morning: Sender, ticking: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    from haidang.engine.indicators import compute

    monkeypatch.setattr(compute, "INLINE", 1)
    book = morning.conductor.book
    morning.send({"station": "KK-1", "readings": [reading("PM2.5", 150, at("10:00").isoformat())]})
    assert compute.due() > 0
    ticking[0] += 1
    asked = clock.now()
    now, then = ask(book, "10:00"), figure(book, AQI, Asset.objects.get(code="KK-1"), at("10:00"), asked)
    assert now.value == then.value
    assert (now.value or 0) > 62
    assert ask(book, "10:00", "10:35").value == 62
    while morning.conductor.compute_due():
        pass
    assert figure(book, AQI, Asset.objects.get(code="KK-1"), at("10:00"), asked).value == then.value


def test_content_is_in_force_from_the_time_of_its_epoch(db: None) -> None:
    from haidang.engine.store.models import ContentFile

    load_content(content())
    assert load_content(content()) == 0
    epoch = Epoch.objects.get(actor="content")
    assert set(ContentFile.objects.values_list("valid_from", flat=True)) == {epoch.committed_at}
