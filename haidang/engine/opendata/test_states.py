"""Nothing unpublished and nothing unopened leaves, in no form, at no instant."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client

from haidang.engine.boards.statistics.conftest import Reports, workbook_of
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.opendata.conftest import Hands, body
from haidang.engine.opendata.datasets import opened
from haidang.engine.opendata.files import FILES
from haidang.engine.submissions import actions, judging
from haidang.engine.submissions.models import Submission

# Of one file of one office: the first is open, the second says nothing of it.
OPEN, CLOSED = "economy.retail", "economy.investment"
LINES = {OPEN: "Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ", CLOSED: "Vốn đầu tư thực hiện"}


def handed_in(reports: Reports, marks: dict[str, float]) -> Submission:
    """October's monthly file in which the two lines have these values."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(workbook_of("economy.monthly", Period.parse("2026-10"), float)))
    for row in book.active.iter_rows(min_row=3):
        for address, words in LINES.items():
            if row[1].value == words:
                row[5].value = marks[address]
    out = BytesIO()
    book.save(out)
    delivery = reports.sender.send(
        out.getvalue(), "economy.monthly_files", format="sheet", name="2026-10.xlsx", about={"person": str(reports.clerk.pk)}
    )  # fmt: skip
    made = Submission.objects.get(delivery_id=delivery.pk)
    judging.judge(made)
    made.refresh_from_db()
    for cell in actions.unexplained(made):
        actions.explain(submission=made, cell=cell, text="đã rà soát với cơ sở", by=reports.clerk)
    return made


def everywhere(client: Client, as_of: str = "") -> str:
    """Everything a stranger can get, as one text: catalogues, pages in both languages, files."""
    cache.clear()
    query = {"as_of": as_of} if as_of else {}
    found = [body(client, "/du-lieu-mo/", lang=lang) for lang in ("vi", "en")]
    found += [body(client, f"/du-lieu-mo/{name}") for name in ("catalog.jsonld", "catalog.ttl")]
    for address in (one for one in opened() if one.startswith("economy.r")):
        found += [body(client, f"/du-lieu-mo/{address}/", lang=lang, **query) for lang in ("vi", "en")]
        if address == OPEN:
            found += [body(client, f"/du-lieu-mo/{address}/{name}", **query) for name in FILES]
    return b"\n".join(found).decode()


def shown(number: float, text: str) -> bool:
    """Whether the number stands there, as machines or as people write it."""
    vietnamese = f"{number:,.1f}".translate(str.maketrans(",.", ".,"))
    return any(form in text for form in (f"{number:.1f}", vietnamese, f"{number:,.1f}"))


@pytest.fixture
def _no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haidang.engine.opendata.pace.Counts.one_more", lambda *_: 0)


@pytest.mark.usefixtures("_no_pace")
def test_only_what_is_published_and_open_leaves_at_every_step_of_a_file(
    hands: Hands, reports: Reports, stranger: Client
) -> None:
    first, second = {OPEN: 18511.7, CLOSED: 6166.3}, {OPEN: 18622.9, CLOSED: 6177.1}
    made = handed_in(reports, first)
    clerk, boss = reports.clerk, reports.boss
    steps = [
        ("draft", lambda: None, None),
        ("submitted", lambda: actions.sign(submission=made, by=clerk), None),
        ("approved", lambda: actions.approve(submission=made, by=boss), None),
        ("published", lambda: actions.publish(submission=made, by=boss), first),
    ]
    for state, step, public in steps:
        hands.on()
        step()
        made.refresh_from_db()
        assert made.state == state
        text = everywhere(stranger)
        assert shown(first[OPEN], text) == (public is first), state
        assert not shown(first[CLOSED], text), state
    between = hands.now.isoformat()
    hands.on()
    made = handed_in(reports, second)
    for state, step in (
        ("draft", lambda: None), ("submitted", lambda: actions.sign(submission=made, by=clerk)),
        ("approved", lambda: actions.approve(submission=made, by=boss)),
    ):  # fmt: skip
        hands.on()
        step()
        text = everywhere(stranger)
        assert shown(first[OPEN], text), state
        assert not any(shown(number, text) for number in (*second.values(), first[CLOSED])), state
    hands.on()
    actions.publish(submission=made, by=boss)
    files = b"".join(body(stranger, f"/du-lieu-mo/{OPEN}/{name}") for name in FILES).decode()
    assert shown(second[OPEN], files)
    assert not shown(first[OPEN], files), "the corrected value is of an earlier edition"
    page = body(stranger, f"/du-lieu-mo/{OPEN}/").decode()
    assert "Đã đính chính" in page
    assert shown(second[OPEN], page)
    assert shown(first[OPEN], page), "beside the new value stands the one before"
    assert not any(shown(number, everywhere(stranger)) for number in (first[CLOSED], second[CLOSED]))
    then = everywhere(stranger, as_of=between)
    assert shown(first[OPEN], then)
    assert not any(shown(number, then) for number in (second[OPEN], first[CLOSED]))


@pytest.mark.usefixtures("hands")
def test_what_is_closed_and_what_does_not_exist_are_answered_alike(stranger: Client) -> None:
    def bare(content: bytes, address: str) -> bytes:
        return re.sub(rb'(csrfmiddlewaretoken" value=")[^"]*', rb"\1", content).replace(address.encode(), b"")

    for name in ("", *FILES):
        closed, nothing = (
            stranger.get(f"/du-lieu-mo/{address}/{name}") for address in (CLOSED, "economy.nothing")
        )
        assert (closed.status_code, nothing.status_code) == (404, 404)
        assert bare(closed.content, CLOSED) == bare(nothing.content, "economy.nothing")
