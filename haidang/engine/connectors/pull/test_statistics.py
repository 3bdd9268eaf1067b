"""Statistics offices by SDMX and open-data portals by CKAN, as their services answer."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from haidang.engine.connectors.pull.sealing import Secret
from haidang.engine.connectors.pull.trial import Asked, Bench, Reply, service
from haidang.engine.connectors.pull.trouble import told

FIELDS = {
    "station": "REF_AREA", "at": "TIME_PERIOD", "parameter": "INDICATOR", "value": "OBS_VALUE", "unit": "UNIT_MEASURE",
    "time": "period", "keep": ["OBS_STATUS"],
}  # fmt: skip
CSV = (
    "DATAFLOW,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,OBS_STATUS\r\n"
    "GSO:CPI(1.0),Q,VN72,CPI,2026-Q2,103.2,PC,A\r\nGSO:CPI(1.0),Q,VN72,CPI,2026-Q3,104.1,PC,P\r\n"
)
WANTED = [("VN72", "CPI", "2026-07-01T00:00:00+07:00", 103.2, "PC", "A"), ("VN72", "CPI", "2026-10-01T00:00:00+07:00", 104.1, "PC", "P")]  # fmt: skip


def values(*ids: str) -> list[dict[str, str]]:
    return [{"id": one, "name": one} for one in ids]


# The same two observations in the three shapes of SDMX-JSON.
DIMENSIONS = {
    "dataSet": [{"id": "FREQ", "values": values("Q")}],
    "series": [
        {"id": "REF_AREA", "values": values("VN01", "VN72")},
        {"id": "INDICATOR", "values": values("CPI")},
    ],
    "observation": [{"id": "TIME_PERIOD", "values": values("2026-Q2", "2026-Q3")}],
}
ATTRIBUTES = {
    "dataSet": [], "series": [{"id": "UNIT_MEASURE", "values": values("USD", "PC")}],
    "observation": [{"id": "OBS_STATUS", "values": values("A", "P")}],
}  # fmt: skip
SERIES = {"1:0": {"attributes": [1], "observations": {"0": [103.2, 0], "1": [104.1, 1]}}}
STRUCTURE = {"dimensions": DIMENSIONS, "attributes": ATTRIBUTES}
FLAT = {
    "dimensions": {"observation": [*DIMENSIONS["series"], *DIMENSIONS["observation"]]},
    "attributes": {"dataSet": [{"id": "UNIT_MEASURE"}], "observation": ATTRIBUTES["observation"]},
}
JSON = [
    {"data": {"structure": STRUCTURE, "dataSets": [{"action": "Information", "series": SERIES}]}},
    {
        "data": {
            "structures": [{"dimensions": {}}, STRUCTURE],
            "dataSets": [{"structure": 1, "series": SERIES}],
        }
    },
    {
        "structure": FLAT,
        "dataSets": [{"attributes": ["PC"], "observations": {"1:0:0": [103.2, 0], "1:0:1": [104.1, 1]}}],
    },
]


def wanted(url: str, **more: Any) -> dict[str, Any]:
    return {"kind": "sdmx", "url": f"{url}/rest/data/GSO,CPI/Q.VN72.CPI", "fields": FIELDS, **more}


def observations(bench: Bench) -> list[tuple[Any, ...]]:
    found = []
    for message in bench.messages():
        (reading,) = message["readings"]
        value, status = float(reading["value"]), message["row"]["OBS_STATUS"]
        found.append(
            (message["station"], reading["parameter"], reading["at"], value, reading["unit"], status)
        )
    return found


@pytest.mark.parametrize(
    "body", [CSV.encode(), b"\xef\xbb\xbf" + CSV.encode(), *map(msgspec.json.encode, JSON)]
)
async def test_each_observation_is_a_row_whatever_the_message_is_written_in(
    bench: Bench, body: bytes
) -> None:
    async with service(lambda _: Reply(body)) as there:
        report = await bench.run(wanted(there.url))
        assert (report.trouble, report.records) == (None, 2)
        assert (await bench.run(wanted(there.url))).records == 0
    assert observations(bench) == WANTED
    assert there.asked[0].headers["accept"].startswith("application/vnd.sdmx.data+csv")


async def test_only_what_was_changed_is_asked_for_where_the_service_knows_it(bench: Bench) -> None:
    async with service(lambda _: Reply(CSV.encode(), headers={"ETag": '"1"'})) as there:
        pull = wanted(there.url, updated_after=True)
        assert (await bench.run(pull)).records == 2
        assert there.asked[0].query == {}
        there.answer = lambda _: Reply(b"No records found", 404)
        assert (await bench.run(pull)).state == "done"
        assert set(there.asked[1].query) == {"updatedAfter"}
        assert "if-none-match" not in there.asked[1].headers
        # Neither that nor an empty table moves the place: it may have been a hiccup, and longer than we ask back for.
        place = bench.memory.cursor["updated"] = "2026-01-01T00:00:00+00:00"
        there.answer = lambda _: Reply(CSV.partition("\r\n")[0].encode() + b"\r\n")
        assert (await bench.run(pull)).state == "done"
        assert bench.memory.cursor["updated"] == place
        there.answer = lambda _: Reply(CSV.replace("104.1", "104.2").encode())
        assert (await bench.run(pull)).records == 1
        # Of a question for everything the same answer means a wrong address.
        there.answer = lambda _: Reply(b"", 404)
        report = await bench.run(wanted(there.url))
    assert report.trouble
    assert report.trouble.reason == "client_error"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<?xml version='1.0'?><GenericData/>", "XML"), (b'{"data": {}}', "no SDMX-JSON (KeyError"), (b"{", "SDMX-JSON"),
        (b'{"data": {"structure": {"dimensions": {"observation": []}}, "dataSets": [{"observations": {"9": [1]}}]}}', "SDMX-JSON"),
        (b"A,B\r\n1,2\r\n", "lacks REF_AREA"),
    ],
)  # fmt: skip
async def test_what_is_no_sdmx_is_told(bench: Bench, body: bytes, why: str) -> None:
    async with service(lambda _: Reply(body)) as there:
        report = await bench.run(wanted(there.url))
    assert report.trouble
    assert why in told(report.trouble.reason, report.trouble.detail).en


ROWS = [{"_id": n, "tram": "A", "luc": f"2026-11-{n:02}", "so": n} for n in range(1, 26)]
ROW_FIELDS = {"station": "tram", "at": "luc", "parameter": {"text": "P"}, "value": "so"}


def portal(asked: Asked) -> Reply:
    if asked.path == "/du-lieu/api/3/action/datastore_search":
        assert (asked.query["resource_id"], asked.query["sort"]) == ("abc-1", "_id")
        first, most = int(asked.query["offset"]), min(10, int(asked.query["limit"]))
        return Reply({"success": True, "result": {"records": ROWS[first : first + most], "total": len(ROWS)}})
    return Reply({"success": False, "error": {"message": "Not found"}}, 404)


async def test_the_datastore_of_a_portal_is_read_to_its_last_row(bench: Bench) -> None:
    bench.let_in(Secret(token="geheim"))
    async with service(portal) as there:
        pull = {
            "kind": "ckan", "url": f"{there.url}/du-lieu/", "resource": "abc-1", "fields": ROW_FIELDS,
            "auth": {"kind": "header", "name": "Authorization"},
        }  # fmt: skip
        assert (await bench.run(pull)).records == 25
        assert (await bench.run(pull)).records == 0
        assert (await bench.run({**pull, "url": there.url})).trouble
    assert bench.values() == list(range(1, 26))
    assert there.asked[0].headers["authorization"] == "geheim"


async def test_the_file_of_a_resource_is_fetched_without_the_portals_key(bench: Bench) -> None:
    bench.let_in(Secret(token="geheim"))
    where = {"url": ""}

    async with service(lambda _: Reply(b"tram,luc,so\nA,2026-11-01,1\n")) as files, service(portal) as there:
        there.answer = lambda _: Reply({"success": True, "result": where})
        pull = {
            "kind": "ckan", "url": there.url, "resource": "abc-1", "take": "file", "fields": ROW_FIELDS,
            "ports": [files.port], "auth": {"kind": "header", "name": "Authorization"},
        }  # fmt: skip
        where["url"] = f"{files.url}/a/so-lieu.csv"
        assert (await bench.run(pull)).records == 1
        assert bench.arrivals[0].name == "so-lieu.csv"
        assert there.asked[0].headers["authorization"] == "geheim"
        assert "authorization" not in files.asked[0].headers
        for url, reason in (
            ("http://169.254.169.254/x.csv", "closed_address"), ("file:///etc/passwd", "scheme"), ("", "not_as_expected"),
        ):  # fmt: skip
            where["url"] = url
            report = await bench.run(pull)
            assert report.trouble
            assert report.trouble.reason == reason
