"""The log keeps what was written; its chain finds what somebody with all rights changed behind its back."""

import json
import threading
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from haidang.engine.audit import chain
from haidang.engine.audit.actions import record
from haidang.engine.audit.models import Act, Seal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HAIDANG_HOME = tmp_path


def write(count, start=0):
    for number in range(start, start + count):
        detail = {"n": number, "ký": 0.1}
        record(person=None, actor="kiểm thử", verb="order.issue", object=("lenh", str(number)), detail=detail)


@pytest.fixture
def sealed():
    """Ten seals of twenty acts and an anchor of the head."""
    for batch in range(10):
        write(20, batch * 20)
        assert chain.seal() == 20
    return chain.head()


def behind_its_back(sql, *params):
    """What somebody with superuser rights and an hour to spare can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_act DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        cursor.execute("ALTER TABLE audit_act ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_seal ENABLE TRIGGER USER")


@contextmanager
def undone():
    """What happens inside is taken back: many ways of tampering with one log."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


def ids():
    return list(Act.objects.order_by("pk").values_list("pk", flat=True))


def refusal_of(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL haidang.audit_strict = 'on'")
        cursor.execute(sql)


@pytest.mark.parametrize("table", ["audit_act", "audit_seal"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_what_is_written(sealed, table, sql):
    with pytest.raises(DatabaseError, match="append-only"):
        refusal_of(sql.format(table))
    assert chain.verify([sealed]).ok


def test_an_untouched_log_verifies_and_says_what_is_not_sealed_yet(sealed):
    write(3)
    verdict = chain.verify([sealed])
    assert verdict.ok
    assert (verdict.acts, verdict.seals, verdict.unsealed, verdict.anchors) == (203, 10, 3, 1)


def test_a_changed_record_is_found_wherever_it_stands(sealed):
    for victim in ids():
        with undone():
            behind_its_back("UPDATE audit_act SET detail = '{\"n\": -1}' WHERE id = %s", victim)
            fault, *rest = chain.verify().faults
            assert fault.first_act <= victim <= fault.last_act
            assert ("changed" in fault.words, rest) == (True, [])


def test_a_change_of_any_column_is_found(sealed):
    victim = ids()[50]
    for column in ("at", "actor", "verb", "object_type", "object_id", "address"):
        value = {"at": "2020-01-01T00:00Z", "address": "10.0.0.1"}.get(column, "khác")
        with undone():
            behind_its_back(f"UPDATE audit_act SET {column} = %s WHERE id = %s", value, victim)  # noqa: S608
            assert not chain.verify().ok, column


def test_a_removed_record_is_found_wherever_it_stood(sealed):
    for victim in ids():
        with undone():
            behind_its_back("DELETE FROM audit_act WHERE id = %s", victim)
            assert "1 removed" in chain.verify().faults[0].words


def test_an_inserted_record_is_found_in_the_place_of_an_unused_number(sealed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('audit_act_id_seq')")
    write(1)
    chain.seal()
    behind_its_back(
        "INSERT INTO audit_act (id, at, actor, verb, object_type, object_id, detail)"
        " SELECT id - 1, at, actor, verb, object_type, object_id, detail FROM audit_act"
        " ORDER BY id DESC LIMIT 1"
    )
    assert "1 inserted" in chain.verify().faults[0].words


def test_two_records_that_changed_places_are_found(sealed):
    every = ids()
    for one, other in zip(every[:-1:5], every[1::5], strict=False):
        with undone():
            behind_its_back(
                "UPDATE audit_act a SET object_id = b.object_id, detail = b.detail FROM audit_act b"
                " WHERE a.id + b.id = %s AND a.id IN (%s, %s) AND b.id IN (%s, %s)",
                *[one + other, one, other, one, other],
            )
            assert not chain.verify().ok


def test_a_log_cut_off_with_its_seals_shows_only_against_the_anchor(sealed):
    for last in [0, *Seal.objects.order_by("pk").values_list("last_act", flat=True)[:9]]:
        with undone():
            behind_its_back("DELETE FROM audit_act WHERE id > %s", last)
            behind_its_back("DELETE FROM audit_seal WHERE last_act > %s", last)
            assert chain.verify().ok, "the chain by itself cannot know"
            assert "cut off" in chain.verify([sealed]).faults[0].words


def test_a_chain_rewritten_from_one_record_on_shows_against_the_anchor(sealed):
    behind_its_back("UPDATE audit_act SET verb = 'order.nothing' WHERE id = %s", ids()[30])
    behind_its_back("DELETE FROM audit_seal")
    while chain._seal_batch():
        pass
    assert chain.verify().ok
    assert not chain.verify([sealed]).ok


def test_a_removed_seal_is_found(sealed):
    behind_its_back("DELETE FROM audit_seal WHERE id = %s", Seal.objects.order_by("pk")[4].pk)
    assert not chain.verify().ok


def test_the_anchor_goes_to_the_day_s_file_and_to_any_other(sealed, tmp_path):
    (kept,) = chain.kept_anchors()
    assert chain.read_anchor(kept) == sealed
    elsewhere = chain.export(tmp_path / "usb" / "a.json")
    assert json.loads(elsewhere.read_text())["acts"] == 200
    (tmp_path / "b.json").write_text("[]")
    with pytest.raises(ValueError, match="not an anchor"):
        chain.read_anchor(tmp_path / "b.json")


def test_an_act_without_a_doer_is_refused():
    with pytest.raises(ValueError, match="needs a person"):
        record(person=None, verb="x", object=("a", "1"))


@pytest.mark.django_db(transaction=True)
def test_a_seal_does_not_overtake_a_writer_that_has_not_committed():
    written, finish = threading.Event(), threading.Event()

    def slow_writer():
        try:
            with transaction.atomic():
                write(1)
                written.set()
                finish.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    written.wait(10)
    write(1, start=1)  # a later number, committed first
    assert chain.seal() == 0, "it waits its turn instead of closing over the gap"
    finish.set()
    thread.join()
    assert chain.seal() == 2
    assert chain.verify().ok
