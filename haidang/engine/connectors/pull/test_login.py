"""Who we are is shown to their machine only, and stands in no text."""

from __future__ import annotations

import base64

import pytest

from haidang.engine.connectors.pull.run import run
from haidang.engine.connectors.pull.sealing import Secret
from haidang.engine.connectors.pull.test_rest import PAGE, ROWS, items, paged, wanted
from haidang.engine.connectors.pull.trial import Asked, Bench, Lost, Reply, service


async def test_a_token_is_kept_used_and_renewed_when_it_is_refused(bench: Bench) -> None:
    given: list[str] = []

    def answer(asked: Asked) -> Reply:
        if asked.path == "/token":
            # RFC 6749, 2.3.1: both are form-encoded before they are joined.
            assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"tam+:a%2Bb%3Ac").decode()
            assert asked.body == b"grant_type=client_credentials&scope=doc"
            given.append(f"t{len(given)}")
            return Reply({"access_token": given[-1], "expires_in": 3600, "token_type": "Bearer"})
        if asked.headers.get("authorization") != f"Bearer {given[-1]}" or is_ended:
            return Reply(b"", 401)
        return Reply(items(paged(ROWS, asked)))

    is_ended = False
    bench.let_in(Secret(user="tam ", password="a+b:c"))
    async with service(answer) as there:
        auth = {"kind": "oauth2", "token_url": f"{there.url}/token", "scope": "doc"}
        pull, kit = wanted(url=f"{there.url}/api", auth=auth, paging=PAGE), bench.kit()
        assert (await run(bench.way(pull), kit)).state == "done"
        assert (await run(bench.way(pull), kit)).state == "done"
        assert given == ["t0"]
        given.append("revoked")  # theirs ended early: the next request is refused once, and then not
        assert (await run(bench.way(pull), kit)).state == "done"
        assert given == ["t0", "revoked", "t2"]
        is_ended = True
        report = await run(bench.way(pull), kit)
    assert report.trouble
    assert report.trouble.reason == "refused_us"
    assert len(given) == 4  # asked for another one once, not for ever


async def test_a_secret_goes_to_its_own_machine_only_and_into_no_text(bench: Bench) -> None:
    async with service(lambda _: Reply(items(ROWS[:1]))) as other, service(lambda _: Reply(b"")) as there:
        there.answer = lambda _: Reply(b"", 302, {"Location": f"{other.url}/x"})
        auth = {"kind": "header", "name": "X-Key"}
        report = await bench.run(wanted(url=there.url, auth=auth, ports=[other.port]))
        assert report.trouble
        assert report.trouble.reason == "no_credential"
        bench.let_in(Secret(token="geheim-1"))
        assert (await bench.run(wanted(url=there.url, auth=auth, ports=[other.port]))).state == "done"
        assert there.asked[0].headers["x-key"] == "geheim-1"
        assert "x-key" not in other.asked[0].headers
        # A link to the next page on another machine is not followed at all.
        there.answer = lambda _: Reply(items(ROWS[:1]), headers={"Link": f'<{other.url}/x>; rel="next"'})
        report = await bench.run(
            wanted(url=there.url, auth=auth, ports=[other.port], paging={"kind": "link"})
        )
        assert report.trouble
        assert report.trouble.reason == "other_place"
        # In the query it is in the address; the address is in no words.
        there.answer = lambda _: Reply(b"", 500)
        report = await bench.run(wanted(url=there.url, auth={"kind": "query", "name": "khoa"}))
        assert report.trouble
        assert "geheim" not in str(report.trouble.detail)
    assert there.asked[-1].query == {"khoa": "geheim-1"}
    (bench.home / "pull-key").unlink()
    report = await bench.run(wanted(url=there.url))
    assert report.trouble
    assert report.trouble.reason == "sealed"


async def test_a_key_that_they_repeat_in_their_links_is_not_kept(bench: Bench) -> None:
    bench.let_in(Secret(token="geheim"))

    def answer(asked: Asked) -> Reply:
        assert asked.query["khoa"] == "geheim"
        page = int(asked.query.get("p", 1))
        after = f"/?khoa={asked.query['khoa']}&p={page + 1}" if page < 3 else None
        return Reply(items(ROWS[:7][3 * page - 3 : 3 * page], next=after))

    async with service(answer) as there:
        auth = {"kind": "query", "name": "khoa"}
        pull = wanted(url=there.url, auth=auth, paging={"kind": "link", "next": "data.next"})
        bench.memory.lost_at_move = 3
        with pytest.raises(Lost):
            await bench.run(pull)
        assert bench.memory.cursor["token"] == "/?p=2"
        assert (await bench.run(pull)).state == "done"
    assert bench.values() == [*range(7), 6]
