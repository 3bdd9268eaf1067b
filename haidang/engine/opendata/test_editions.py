"""The same edition is the same bytes, whenever and however it is asked for; a correction makes another one."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any

import msgspec
import pytest
from django.test import Client

from haidang.engine import clock
from haidang.engine.boards.asof import instant_from
from haidang.engine.opendata import rows
from haidang.engine.opendata.conftest import Hands, State, body
from haidang.engine.opendata.datasets import opened
from haidang.engine.opendata.editions import NotOpenThen, edition_of, editions
from haidang.engine.opendata.files import FILES, pieces
from haidang.engine.store.models import Epoch

RETAIL, COMMUNES = "economy.retail", "economy.commune_revenue"


def table(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(raw.decode("utf-8-sig"), newline="")))


def every_file(client: Client, address: str, **query: str) -> dict[str, bytes]:
    return {name: body(client, f"/du-lieu-mo/{address}/{name}", **query) for name in FILES}


def test_an_edition_is_made_again_byte_by_byte_after_it_was_corrected(
    state: State, hands: Hands, stranger: Client
) -> None:
    state(RETAIL, "2026-09", 18000.5)
    first_epoch = state(RETAIL, "2026-10", 19000.25)
    then = every_file(stranger, RETAIL)
    asked = hands.on().isoformat()
    second_epoch = state(RETAIL, "2026-10", 19100.75)
    now = every_file(stranger, RETAIL)
    assert every_file(stranger, RETAIL, as_of=asked) == then
    assert all(now[name] != then[name] for name in FILES)
    assert [row["value"] for row in table(then["data.csv"])] == ["18000.5", "19000.25"]
    assert [row["value"] for row in table(now["data.csv"])] == ["18000.5", "19100.75"]
    assert [row["revision"] for row in table(now["data.csv"])] == ["1", "2"]
    assert [row["epoch"] for row in table(now["data.csv"])][-1] == str(second_epoch)
    assert [row["epoch"] for row in table(then["data.csv"])][-1] == str(first_epoch)
    told = json.loads(now["data.json"])["edition"]
    assert every_file(stranger, RETAIL, as_of=told["as_of"]) == now, "each edition says how it is asked for"


def test_a_stranger_leaves_no_trace_in_the_record(state: State, hands: Hands, stranger: Client) -> None:
    """Also with a question later than everything that is known."""
    state(RETAIL, "2026-10", 19000.25)
    newest = every_file(stranger, RETAIL)
    hands.on(600)
    known = list(Epoch.objects.values_list("pk", flat=True))
    asked = hands.now.isoformat()
    assert every_file(stranger, RETAIL, as_of=asked) == newest
    assert stranger.get(f"/du-lieu-mo/{RETAIL}/", {"as_of": asked}).status_code == 200
    later = stranger.get(f"/du-lieu-mo/{RETAIL}/", {"as_of": (hands.now + timedelta(days=1)).isoformat()})
    assert later.status_code == 400
    assert list(Epoch.objects.values_list("pk", flat=True)) == known


def test_what_was_published_before_the_day_it_was_opened_is_asked_for_as_its_files_say(
    state: State, hands: Hands
) -> None:
    """The edition of the opening day is older than that day; the address its own files give must lead to it."""
    state(RETAIL, "2026-09", 18000.5)
    never_open = hands.on()
    state(RETAIL, "2026-10", 19000.25)
    known = opened()[RETAIL]
    later = date(2026, 12, 10)
    dataset = dataclasses.replace(known, open=msgspec.structs.replace(known.open, since=later))
    hands.now = datetime.combine(later, time(8), clock.LOCAL)
    edition = edition_of(dataset)
    assert edition_of(dataset, instant_from(edition.as_of)) == edition
    assert [one.edition.epoch for one in editions(dataset, edition)] == [edition.epoch]
    with pytest.raises(NotOpenThen):
        edition_of(dataset, never_open)


def test_the_same_value_stated_again_is_no_revision(state: State, stranger: Client) -> None:
    state(RETAIL, "2026-10", 19000.0)
    state(RETAIL, "2026-10", 19100.0)
    (before,) = table(body(stranger, f"/du-lieu-mo/{RETAIL}/data.csv"))
    # Another cell says the same: the figure has a new version, its value has none.
    from django.db import connection, transaction

    from haidang.engine.indicators.figure_rows import New, Subject, read, write
    from haidang.engine.store import epochs

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT indicator, place_id, at FROM indicators_figure WHERE superseded IS NULL AND indicator = %s",
            [RETAIL],
        )
        subject = Subject(*cursor.fetchone())
        write([New(subject, 19100.0, "ok", "", {"kind": "stated", "cell": "Z9"})], epochs.take("tests"))
    assert read([RETAIL], [subject.place_id], [subject.at])[subject].detail["cell"] == "Z9"
    (after,) = table(body(stranger, f"/du-lieu-mo/{RETAIL}/data.csv"))
    assert after == before
    assert after["revision"] == "2"


def test_the_package_weighs_the_table_of_its_own_edition(
    state: State, stranger: Client, hands: Hands
) -> None:
    state(COMMUNES, "2026-10", *(1000.5 + n for n in range(96)))
    asked = hands.on().isoformat()
    state(COMMUNES, "2026-10", *(2000.5 + n for n in range(96)))
    for query in ({}, {"as_of": asked}):
        package = json.loads(body(stranger, f"/du-lieu-mo/{COMMUNES}/datapackage.json", **query))
        (resource,) = package["resources"]
        path, _, pinned = resource["path"].partition("?as_of=")
        raw = body(stranger, "/" + path.split("/", 3)[3], as_of=pinned)
        assert raw == body(stranger, f"/du-lieu-mo/{COMMUNES}/data.csv", **query)
        assert (resource["bytes"], resource["hash"]) == (
            len(raw),
            f"sha256:{hashlib.sha256(raw).hexdigest()}",
        )


def test_places_stand_in_the_vietnamese_order_with_their_codes(state: State, stranger: Client) -> None:
    state(COMMUNES, "2026-10", *(float(n) for n in range(96)))
    found = table(body(stranger, f"/du-lieu-mo/{COMMUNES}/data.csv"))
    assert [float(row["value"]) for row in found] == [float(n) for n in range(96)]  # stated in this order
    assert {len(row["place_code"]) for row in found} == {5}
    assert found[0]["place_name"].split()[0] in {"Xã", "Phường"}
    keys = [(row["indicator"], row["period"], row["place_code"]) for row in found]
    assert len(set(keys)) == len(keys) == 96


def test_a_file_of_many_lines_is_made_in_constant_memory(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred thousand lines do not stand in memory: neither the rows nor the file."""
    import tracemalloc

    state(COMMUNES, "2026-10", *(float(n) for n in range(96)))
    dataset = opened()[COMMUNES]
    edition = edition_of(dataset)
    real = list(rows.lines(dataset, edition))

    def many(times: int) -> int:
        def lines(*_: Any) -> Iterator[rows.Line]:
            for _time in range(times):
                yield from real

        monkeypatch.setattr(rows, "lines", lines)
        tracemalloc.start()
        size = sum(len(piece) for piece in pieces(FILES["data.json"], dataset, edition, ""))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > times * 96 * 100
        return peak

    many(1)
    assert many(200) < many(20) + 300_000
