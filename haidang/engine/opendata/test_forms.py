"""Forms against the text of their standards: mandatory fields, quoting, texts that are no formulas."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.opendata.conftest import State, body
from haidang.engine.opendata.datasets import Dataset, opened
from haidang.engine.opendata.forms import dcat, plain_csv, sdmx_csv
from haidang.engine.opendata.forms.cells import FORMULA, number, record, text
from haidang.engine.opendata.rows import Line

COMMUNES, RETAIL = "economy.commune_revenue", "economy.retail"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=6))
def test_whatever_a_text_holds_it_is_one_cell_and_no_formula(cells: list[str]) -> None:
    line = record(text(cell) for cell in cells)
    assert line.endswith("\r\n")
    (read,) = csv.reader(StringIO(line, newline=""), strict=True) if any(cells) or len(cells) > 1 else [[""]]
    assert [one.removeprefix("'") if one[1:2] in FORMULA and one[:1] == "'" else one for one in read] == [
        one.removeprefix("'") if one[1:2] in FORMULA and one[:1] == "'" else one for one in cells
    ]
    assert not any(cell.startswith(FORMULA) for cell in read)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_every_digit_and_has_no_exponent(value: float) -> None:
    written = number(value)
    assert float(written) == value
    assert re.fullmatch(r"-?\d+(\.\d*[1-9])?", written)
    assert Decimal(written) == Decimal(repr(value))


def line_of(dataset: Dataset, name: str, value: float | None) -> Line:
    status = "missing" if value is None else "ok"
    return Line(Period("month", 2026, 10), datetime(2026, 11, 1, tzinfo=UTC), "25459", name, "commune", value, status, 1, 7, datetime(2026, 11, 2, tzinfo=UTC))  # type: ignore[arg-type]  # fmt: skip


def test_a_name_that_is_a_formula_is_marked_and_a_negative_number_is_not() -> None:
    dataset = opened()[COMMUNES]
    lines = [line_of(dataset, '=HYPERLINK("http://x","y")', -12.5), line_of(dataset, "Xã A, B", None)]
    raw = "".join(plain_csv.write(dataset, lines))
    assert raw.startswith("\ufeffindicator,")
    read = list(csv.DictReader(StringIO(raw.removeprefix("\ufeff"), newline=""), strict=True))
    assert [row["place_name"] for row in read] == ['\'=HYPERLINK("http://x","y")', "Xã A, B"]
    assert [row["value"] for row in read] == ["-12.5", ""]
    assert [row["status"] for row in read] == ["ok", "missing"]
    assert raw.count("\r\n") == 3


def test_sdmx_csv_2_0_has_its_three_columns_first_and_ids_that_are_ids() -> None:
    dataset = opened()[COMMUNES]
    raw = "".join(sdmx_csv.write(dataset, [line_of(dataset, "x", 1.5), line_of(dataset, "x", None)]))
    head, *found = csv.reader(StringIO(raw, newline=""), strict=True)
    assert head[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert {"FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS"} <= set(
        head
    )
    for row in found:
        cells = dict(zip(head, row, strict=True))
        assert (cells["STRUCTURE"], cells["ACTION"]) == ("dataflow", "I")
        assert re.fullmatch(r"[A-Za-z][\w.-]*:[\w@$-]+\(\d+\.\d+\.\d+\)", cells["STRUCTURE_ID"])
        # IDType of SDMX 3.0: a code of a code list has no dot.
        assert all(
            re.fullmatch(r"[A-Za-z0-9_@$-]+", cells[name]) for name in ("FREQ", "REF_AREA", "INDICATOR")
        )
        assert re.fullmatch(r"\d{4}-\d\d", cells["TIME_PERIOD"])
    assert [row[head.index("OBS_STATUS")] for row in found] == ["A", "O"]


def test_the_package_has_what_data_package_2_asks_for(state: State, stranger: Client) -> None:
    state(RETAIL, "2026-10", 19000.25)
    package = json.loads(body(stranger, f"/du-lieu-mo/{RETAIL}/datapackage.json"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert datetime.fromisoformat(package["created"]).tzinfo is not None
    assert all({"name", "path", "title"} <= licence.keys() for licence in package["licenses"])
    assert all(source["title"] for source in package["sources"])
    assert all(one["title"] and isinstance(one["roles"], list) for one in package["contributors"])
    (table,) = package["resources"]
    assert re.fullmatch(r"[-a-z0-9._/]+", table["name"])
    assert table["type"] == "table"
    assert "data" not in table, "either path or data"
    assert re.match(r"https?://", table["path"])
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", table["hash"])
    schema = table["schema"]
    head = body(stranger, f"/du-lieu-mo/{RETAIL}/data.csv").decode("utf-8-sig").split("\r\n")[0].split(",")
    assert [field["name"] for field in schema["fields"]] == head
    kinds = {"string", "number", "integer", "date", "datetime"}
    assert {field["type"] for field in schema["fields"]} <= kinds
    assert set(schema["primaryKey"]) <= set(head)


def test_what_leaves_a_simulated_province_says_so_in_every_description(
    state: State, stranger: Client, settings: Any
) -> None:
    """Also where the files of the real one are kept on disk already."""
    state(RETAIL, "2026-10", 19000.25)
    files = (
        f"/du-lieu-mo/{RETAIL}/datapackage.json",
        f"/du-lieu-mo/{RETAIL}/data.json",
        "/du-lieu-mo/catalog.ttl",
    )
    assert not [name for name in files if "DỮ LIỆU MÔ PHỎNG" in body(stranger, name).decode()]
    settings.HAIDANG_DEMO = "tay-ninh"
    catalogue = body(stranger, files[2]).decode()
    assert [name for name in files if "DỮ LIỆU MÔ PHỎNG. " in body(stranger, name).decode()] == list(files)
    assert catalogue.count("DỮ LIỆU MÔ PHỎNG. ") == catalogue.count(" a dcat:Dataset") + 1


def test_the_catalogue_has_what_dcat_ap_asks_for_as_jsonld_and_as_turtle(
    state: State, stranger: Client
) -> None:
    state(RETAIL, "2026-09", 18000.0)
    state(RETAIL, "2026-10", 19000.0)
    root = json.loads(body(stranger, "/du-lieu-mo/catalog.jsonld"))
    turtle = body(stranger, "/du-lieu-mo/catalog.ttl").decode()
    assert root["@type"] == "dcat:Catalog"
    for name in ("dct:title", "dct:description", "dct:publisher", "dct:license", "foaf:homepage"):
        assert root[name]
    assert set(root["@context"]) >= {name.partition(":")[0] for name in root if ":" in name}
    assert root["dcat:dataset"], "open data sets of ours"
    for node in root["dcat:dataset"]:
        assert {one["@language"] for one in node["dct:title"]} == {"vi", "en"}
        assert node["dct:description"]
        assert node["dct:publisher"]["foaf:name"][0]["@value"]
        assert node["dcat:keyword"]
        assert len(node["dcat:distribution"]) == 4
        for part in node["dcat:distribution"]:
            assert part["dcat:accessURL"]["@id"] == node["dcat:landingPage"]["@id"]
            assert part["dct:license"]["@id"].startswith("https://")
            assert f"<{part['@id']}> a dcat:Distribution" in turtle
        assert f"<{node['@id']}> a dcat:Dataset" in turtle
    retail = next(node for node in root["dcat:dataset"] if node["dct:identifier"] == RETAIL)
    assert retail["dct:temporal"]["dcat:startDate"]["@value"] == "2026-09-01"
    assert retail["dct:temporal"]["dcat:endDate"]["@value"] == "2026-10-31"
    assert '"Tổng mức bán lẻ' in turtle


def test_a_text_of_turtle_cannot_leave_its_quotes() -> None:
    node = {
        "@id": "http://a/b c>",
        "@type": "dcat:Catalog",
        "dct:title": dcat._texts(Text('a"b\\\n. <x> a <y>', "é")),
    }
    assert "".join(dcat.turtle(node, [])).endswith(
        '<http://a/b%20c%3E> a dcat:Catalog ;\n    dct:title "a\\"b\\\\\\n. <x> a <y>"@vi, "é"@en .\n'
    )
