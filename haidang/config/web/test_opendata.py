"""What is public, fetched over HTTP from the real web process, and read back by our own connector."""

from __future__ import annotations

import asyncio
import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import transaction

from haidang.config.web.handing import Handed
from haidang.config.web.trial import Trial
from haidang.engine import clock
from haidang.engine.connectors.pull.trial import Bench
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.opendata.datasets import opened
from haidang.engine.opendata.views import HANDED
from haidang.engine.places import register
from haidang.engine.places.models import Place
from haidang.engine.store import epochs

MONTHS, YEARS, WEEKS = "economy.commune_revenue", "population.area", "health.dengue"


@pytest.fixture
def figures(transactional_db: None) -> None:
    """Months and years of all communes, weeks of the province, with decimals, a negative value and a missing one."""
    register.ensure_loaded()
    here = Place.objects.on(Period.parse("2026-10").last_day)
    communes = list(here.communes_of("80", Period.parse("2026-10").last_day))
    province = here.get(level="province", code="80")
    said = [
        (MONTHS, place, month, 1000.25 + number / 3 if number % 7 else -0.1)
        for month in ("2026-08", "2026-09", "2026-10")
        for number, place in enumerate(communes)
    ]
    said += [(YEARS, place, "2025", 12.5 + number) for number, place in enumerate(communes)]
    said += [(WEEKS, province, f"2026-W{week:02}", float(week + 10)) for week in (1, 9, 40)]
    stated = [
        Stated(
            address,
            place.pk,
            periods.end_of(Period.parse(period)),
            value,
            {"kind": "stated", "submission": 0},
        )
        for address, place, period, value in said
    ]
    with transaction.atomic():
        publish(load_catalogue(), stated, epochs.take("tests"))


def published(address: str) -> dict[tuple[str, str], float]:
    """Code of the place and end of the period → the value, straight from the record."""
    codes = dict(Place.objects.values_list("pk", "code"))
    rows = [
        row
        for subject in figure_rows.subjects([address])
        for row in figure_rows.at_end([address], subject.at)
    ]
    return {
        (codes[row.subject.place_id], clock.local(row.subject.at).isoformat()): row.value
        for row in rows
        if row.value is not None
    }  # fmt: skip


FIELDS = {
    "station": "REF_AREA", "at": "TIME_PERIOD", "parameter": "INDICATOR", "value": "OBS_VALUE", "unit": "UNIT_MEASURE",
    "time": "period", "keep": ["OBS_STATUS"],
}  # fmt: skip


@pytest.mark.usefixtures("figures")
def test_our_own_connector_reads_our_sdmx_csv_back_to_the_same_figures(web: Trial, tmp_path: Path) -> None:
    for address in (MONTHS, YEARS, WEEKS):
        bench = Bench(tmp_path / address)
        url = f"{web.url.replace('localhost', '127.0.0.1')}/du-lieu-mo/{address}/data.sdmx.csv"
        report = asyncio.run(bench.run({"kind": "sdmx", "url": url, "fields": FIELDS}))
        assert report.trouble is None
        read: dict[tuple[str, str], float] = {}
        for message in bench.messages():
            (reading,) = message["readings"]
            assert reading["parameter"] == address.replace(".", "$")
            assert message["row"]["OBS_STATUS"] == "A"
            read[message["station"], reading["at"]] = float(reading["value"])
        assert read == published(address)
        assert len(read) == report.records > 2
        again = asyncio.run(bench.run({"kind": "sdmx", "url": url, "fields": FIELDS}))
        assert again.records == 0, "its ETag holds"


@pytest.mark.usefixtures("figures")
def test_files_and_pages_over_http(web: Trial) -> None:
    a_file_is_whole_or_in_parts_and_is_not_sent_twice(web)
    catalogue_and_pages_are_for_everybody_and_keep_to_the_policy(web)


def a_file_is_whole_or_in_parts_and_is_not_sent_twice(web: Trial) -> None:
    url = f"{web.url}/du-lieu-mo/{MONTHS}/data.csv"
    answer = httpx.get(url)
    assert answer.content.startswith(b"\xef\xbb\xbfindicator,period,")
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["value"] for row in rows} > {"-0.1"}, "a negative number is a number, not a guarded text"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["content-disposition"] == f'attachment; filename="{MONTHS}.csv"'
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers
    assert HANDED.lower() not in answer.headers, "where it lies on disk is nobody's business"
    part = httpx.get(url, headers={"Range": "bytes=3-11"})
    assert (part.status_code, part.content) == (206, b"indicator")
    assert httpx.head(url).headers["content-length"] == str(len(answer.content))
    again = httpx.get(url, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert httpx.post(url).status_code in (403, 405)


def catalogue_and_pages_are_for_everybody_and_keep_to_the_policy(web: Trial) -> None:
    catalogue = json.loads(httpx.get(f"{web.url}/du-lieu-mo/catalog.jsonld").text)
    homes = {node["dct:identifier"]: node["dcat:landingPage"]["@id"] for node in catalogue["dcat:dataset"]}
    assert homes.keys() == opened().keys()
    page = httpx.get(homes[MONTHS])
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert "set-cookie" not in page.headers
    assert "public" in page.headers["cache-control"]
    assert httpx.get(homes[MONTHS], headers={"If-None-Match": page.headers["etag"]}).status_code == 304
    for address in homes.values():
        assert httpx.get(f"{address}data.json").json()["dataset"]["id"] in homes


def test_the_thread_of_a_page_is_free_before_the_first_byte_of_its_file_leaves(tmp_path: Path) -> None:
    """Six threads serve all pages: a reader who takes an hour must hold none of them."""
    (tmp_path / "file").write_bytes(b"x" * 200_000)
    told: list[str] = []

    async def page(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(HANDED.lower().encode(), str(tmp_path / "file").encode()), (b"content-type", b"text/csv")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"not this"})
        told.append("the page is done")

    async def send(message: Any) -> None:
        told.append(message["type"])
        assert b"not this" not in message.get("body", b"")

    async def receive() -> Any:
        await asyncio.Event().wait()

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(Handed(page)(scope, receive, send))
    assert told[0] == "the page is done"
    assert told.count("http.response.body") > 2
