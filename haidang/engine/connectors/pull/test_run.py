"""When a run comes next, who may run, what is kept of it; words and secrets."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from string import Formatter

import msgspec
import pytest

from haidang.engine.connectors.arrival import Arrival, Receipt, Refused
from haidang.engine.connectors.pull.run import BREAKER, next_after, run
from haidang.engine.connectors.pull.sealing import KEY_FILE, Secret, seal, unseal
from haidang.engine.connectors.pull.trial import Bench, Reply, service
from haidang.engine.connectors.pull.trouble import TROUBLES, Trouble, told
from haidang.engine.connectors.pull.web import retry_after
from haidang.engine.connectors.pull.whys import WHYS
from haidang.engine.connectors.roster import Content, Roster

DOWN = Trouble("server_error", host="a", status=500)
WRONG = Trouble("refused_us", host="a", status=401)


def minutes(every: float, failures: int, trouble: Trouble | None, chance: float = 0.5) -> float:
    return next_after(every, failures, trouble, chance) / timedelta(minutes=1)


def test_after_a_success_the_interval_with_a_little_chance() -> None:
    assert [minutes(600, 9, None, chance) for chance in (0, 0.5, 1)] == [9.5, 10, 10.5]


def test_what_may_pass_is_tried_soon_and_then_less_and_less_often() -> None:
    waits = [minutes(600, failures, DOWN) for failures in range(10)]
    assert waits[:4] == [0.5, 1, 2, 4]
    assert waits[BREAKER - 1] == 15
    assert waits[7:] == [60, 60, 60]
    assert waits == sorted(waits)
    assert minutes(600, 0, DOWN, 0) == 0.375
    assert minutes(86400, 20, DOWN) == 24 * 60  # never less often than promised


def test_what_somebody_must_mend_is_asked_rarely_so_that_no_account_is_locked() -> None:
    assert [minutes(60, failures, WRONG) for failures in (0, 1, 2, 9)] == [15, 30, 60, 360]


def test_one_bad_file_makes_the_others_of_its_folder_wait_a_little_at_most() -> None:
    bad = Trouble("no_table", host="a (b.csv)")
    bad.is_of_one = True
    assert [minutes(60, failures, bad) for failures in (0, 1, 9)] == [15, 15, 15]
    assert minutes(7200, 9, bad) == 120


def test_what_the_other_side_asks_for_is_kept() -> None:
    assert minutes(60, 0, Trouble("asked_to_wait", wait_s=1800, host="a", status=429)) == 30
    assert retry_after("120") == 120
    assert retry_after("-1") is None
    assert retry_after("soon") is None
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("999999999999") == 86400


@pytest.mark.parametrize("reason", TROUBLES)
def test_every_trouble_has_whole_sentences_in_both_languages(reason: str) -> None:
    words = TROUBLES[reason]
    for text in (words.vi, words.mend_vi, words.en, words.mend_en):
        assert text.endswith(".")
    names = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (words.vi, words.en)]
    assert names[0] == names[1]
    assert (
        "…"
        not in told(reason, dict.fromkeys(names[0] | {"source", "limit_mb", "file", "host", "port"}, "x")).vi
    )


@pytest.mark.parametrize("why", WHYS)
def test_every_reason_ends_a_sentence_in_both_languages(why: str) -> None:
    vi, en = WHYS[why]
    names = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (vi, en)]
    assert names[0] == names[1]
    assert vi != en
    words = told("bad_url", {"url": "x", "why": why} | dict.fromkeys(names[0], "{x}"))
    assert why not in words.vi.split()
    assert "…" not in words.vi + words.en


def test_words_of_others_are_shown_as_they_are() -> None:
    assert (
        told("query", {"host": "h", "why": 'lỗi {x} "y"'}).vi
        == 'Cơ sở dữ liệu ở h không chạy được câu hỏi: lỗi {x} "y".'
    )
    closed = {"host": "h", "address": "10.0.0.1", "kind": "private"}
    assert "(mạng nội bộ)" in told("closed_address", closed).vi
    assert "(private)" in told("closed_address", closed).en


def test_a_secret_is_opened_only_with_its_key_and_shown_nowhere(tmp_path: Path) -> None:
    secret = Secret(user="tâm", password="mật khẩu/+1", token="t0ken")
    sealed = seal(tmp_path, secret)
    assert b"t0ken" not in sealed
    assert unseal(tmp_path, sealed, "a.b") == secret
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert str(secret) == repr(secret) == f"{secret}" == "Secret(•••)"
    words = (
        "mật khẩu/+1 m%E1%BA%ADt%20kh%E1%BA%A9u/%2B1 m%E1%BA%ADt+kh%E1%BA%A9u%2F%2B1 t0ken dMOibTptPw== tâm"
    )
    assert "1" not in secret.scrub(words.replace("dMOibTptPw==", "")).replace("•••", "")
    assert "tâm" in secret.scrub(words)
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(Trouble, match="sealed"):
        unseal(tmp_path, sealed, "a.b")
    seal(tmp_path, secret)
    with pytest.raises(Trouble, match="sealed"):
        unseal(tmp_path, sealed, "a.b")


ROWS = {"luc": "2026-11-01T00:00:00Z", "so": 1, "tram": "A"}
FIELDS = {"station": "tram", "at": "luc", "parameter": {"text": "P"}, "value": "so"}


async def test_a_stream_that_takes_nothing_moves_nothing_and_a_fault_of_ours_is_told_without_secrets(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.let_in(Secret(token="geheim"))
    kit = bench.kit()

    async def full(arrival: Arrival) -> Receipt:
        raise Refused("wire_full", cause="no room")

    async def broken(arrival: Arrival) -> Receipt:
        raise ZeroDivisionError("in geheim")

    async with service(lambda _: Reply([ROWS])) as there:
        way = bench.way({"kind": "rest", "url": there.url, "fields": FIELDS, "auth": {"kind": "bearer"}})
        kit.accept = full
        report = await run(way, kit)
        assert report.trouble
        assert (report.trouble.reason, report.trouble.detail["cause"]) == ("not_taken", "no room")
        assert bench.memory.cursor == {}
        kit.accept = broken
        report = await run(way, kit)
    assert report.trouble
    assert report.trouble.reason == "ours"
    assert "ZeroDivisionError" in caplog.text
    assert "geheim" not in caplog.text


async def test_a_way_with_its_pull_survives_the_roster(bench: Bench) -> None:
    way = bench.way(
        {"kind": "rest", "url": "https://so.vn/a", "fields": FIELDS, "timeout": 7, "ports": [8443]}
    )
    roster = Roster(bench.home)
    assert roster.write(Content(sources=[way]))
    assert not roster.write(Content(sources=[way]))
    assert roster.ways() == [way]
    assert msgspec.to_builtins(roster.ways()[0].pull, enc_hook=float)["kind"] == "rest"
