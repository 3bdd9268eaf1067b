"""The export is judged by the standard's own model, not by ours."""

import json
from importlib.resources import files

import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from haidang.engine.contracts.odcs import as_odcs, as_yaml
from haidang.engine.contracts.tree import load_tree

TREE = load_tree()
CONTRACTS = {**TREE.contracts, **TREE.sheets}
SCHEMA = json.loads((files("open_data_contract_standard") / "schema.json").read_text())


@pytest.mark.parametrize("address", CONTRACTS)
def test_the_standards_own_model_reads_every_key_we_write(address):
    text = as_yaml(CONTRACTS[address])
    model = OpenDataContractStandard.from_string(text)
    # Whatever the model does not know it drops: nothing of ours may be lost on the way.
    assert model.model_dump(exclude_none=True, by_alias=True) == yaml.safe_load(text)


@pytest.mark.parametrize("address", CONTRACTS)
def test_required_keys_and_listed_words_are_those_of_the_schema(address):
    document = as_odcs(CONTRACTS[address])
    definitions = SCHEMA["$defs"]
    assert set(SCHEMA["required"]) | {"status"} <= set(document) <= set(SCHEMA["properties"])
    assert document["apiVersion"] in SCHEMA["properties"]["apiVersion"]["enum"]
    types = definitions["SchemaBaseProperty"]["properties"]["logicalType"]["enum"]
    metrics = definitions["DataQualityLibrary"]["properties"]["metric"]["enum"]
    dimensions = definitions["DataQuality"]["properties"]["dimension"]["enum"]
    for table in document["schema"]:
        rules = [*table["quality"], *(rule for p in table["properties"] for rule in p.get("quality", []))]
        assert all(p["logicalType"] in types for p in table["properties"])
        assert all(rule.get("metric", metrics[0]) in metrics for rule in rules)
        assert all(rule["dimension"] in dimensions for rule in rules)
    assert all(set(sla) >= {"property", "value"} for sla in document["slaProperties"])


def test_a_symbol_is_exported_with_the_kinds_of_asset_where_it_means_that():
    custom = {
        one["property"]: one["value"]
        for one in as_odcs(CONTRACTS["environment.station_readings"])["customProperties"]
    }
    found = {(p["symbol"], tuple(p["assetKinds"]), p["max"]) for p in custom["parameters"]}
    assert {("Temp", ("air",), 60), ("Temp", ("water",), 50), ("NO2", ("air",), 10000)} <= found


def test_no_definition_points_outside_because_linters_would_fetch_it():
    assert all("authoritativeDefinitions" not in as_yaml(entry) for entry in CONTRACTS.values())
