"""What became of a delivery is asked of the stream that gave the receipt, and by the index."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from haidang.config import outcomes as module
from haidang.config.outcomes import Outcomes
from haidang.engine.connectors.arrival import Receipt
from haidang.engine.store.models import Delivery, Source

OLD, NEW = 1_700_000_000_000_000, 1_800_000_000_000_000


@pytest.fixture
def database(transactional_db: None) -> str:
    have = connection.settings_dict
    return make_conninfo(dbname=have["NAME"], user=have["USER"], host=have["HOST"], port=have["PORT"] or None)


def _delivery(source: Source, birth: int, seq: int, stored: int) -> None:
    Delivery.objects.create(
        source=source, wire_stream=birth, wire_seq=seq, door="push", sha256=b"", size=1,
        received_at=datetime(2026, 11, 1, tzinfo=UTC), epoch=1, received=stored, stored=stored, duplicate=0,
        refused=0, failed=0,
    )  # fmt: skip


def test_a_receipt_names_its_stream(database: str) -> None:
    one, other = (
        Source.objects.create(address=address, domain="a", title="-", every_s=60, silent_after_s=60)
        for address in ("a.one", "a.other")
    )
    _delivery(one, OLD, 17, 3)
    _delivery(one, NEW, 17, 5)
    _delivery(other, OLD, 18, 1)
    outcomes = Outcomes(database, lambda: NEW)

    def asked(birth: int, seq: int) -> object:
        found = outcomes._look("a.one", Receipt(birth=birth, seq=seq, part=0))
        return found and found.get("stored", found["state"])

    assert [asked(OLD, 17), asked(NEW, 17)] == [3, 5]
    assert [asked(OLD, 18), asked(NEW, 18), asked(OLD, 19)] == [None, "waiting", "renumbered"]
    outcomes.close()


def test_a_delivery_of_which_slices_are_still_to_come_is_waiting(database: str) -> None:
    source = Source.objects.create(address="a.one", domain="a", title="-", every_s=60, silent_after_s=60)
    _delivery(source, NEW, 27, 3)
    Delivery.objects.filter(wire_seq=27).update(unfinished=True)
    outcomes = Outcomes(database, lambda: NEW)
    assert outcomes._look("a.one", Receipt(birth=NEW, seq=27, part=0)) == {"state": "waiting"}
    outcomes.close()
    Delivery.objects.filter(wire_seq=27).delete()


def test_the_question_goes_by_the_index(database: str) -> None:
    with psycopg.connect(database) as direct:
        direct.execute("SET enable_seqscan = off")
        # Of a table that was just emptied the planner would take any index.
        direct.execute("DROP INDEX store_delivery_by_source, store_delivery_by_sha")
        for query in (module._DELIVERY, module._ANOTHERS):
            plan = direct.execute("EXPLAIN " + query, (NEW, 17, "a.one")).fetchall()
            text = "\n".join(line for (line,) in plan)
            assert "store_delivery_wire" in text
            assert "Filter: (wire_" not in text
        direct.rollback()


def test_a_refused_record_says_how_it_is_mended_in_both_languages() -> None:
    told = module.told("unknown_station", {"place": "record 1", "station": "KK-9"})
    assert "chưa đăng ký" in told["message"]
    assert "is not registered" in told["message_en"]
    assert "haidang station add --code KK-9" in told["remedy"]
    assert "haidang station add --code KK-9" in told["remedy_en"]
