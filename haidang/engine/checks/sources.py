"""Sources: a contract, a sample as it comes in, and what must come of each of its records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from haidang.engine.checks import sample
from haidang.engine.checks.known import Known
from haidang.engine.connectors.pull.trouble import Trouble
from haidang.engine.contracts.definition import Contract, SourceDefinition
from haidang.engine.contracts.reading import ContentError, Problem, key_line
from haidang.engine.contracts.tree import Entry


def problems(known: Known, entry: Entry[SourceDefinition]) -> Iterator[Problem]:
    """What does not hold in one source."""
    source, path = entry.thing, entry.path
    if source.format == "sheet":
        return  # its sample is the contract's own
    contract = known.tree.contracts.get(source.contract)
    if contract is not None and source.format == "lines" and contract.thing.lines is None:
        message = f"contract {source.contract} has no `lines`: it does not say how a file is written"
        yield Problem(path, key_line(path, "format"), message)
    for number, door in enumerate(source.doors):
        if door != "pull" and (door == "ftp") != (source.format == "lines"):
            line = key_line(path, "doors", number)
            yield Problem(path, line, f"door {door} does not take the format {source.format}")
    found = [other for ending, other in entry.beside.items() if ending.startswith("sample.")]
    if not found:
        yield Problem(path, 1, f"no sample: put what the sender sends into {path.stem}.sample.txt (or .json)")
        return
    expected = entry.beside.get("expected.json")
    if expected is None:
        message = f"no {path.stem}.expected.json: write what must come of each record of the sample"
        yield Problem(path, 1, message)
    elif contract is not None:
        yield from _sample(known, entry, contract, found[0], expected)


def _sample(
    known: Known, entry: Entry[SourceDefinition], contract: Entry[Contract], body: Path, expected: Path
) -> Iterator[Problem]:
    try:
        wanted = sample.read_expected(expected)
    except ContentError as error:
        yield from error.problems
        return
    try:
        got = sample.outcomes(entry, contract, body, wanted)
    except Trouble as trouble:
        why = trouble.detail.get("why", trouble.reason)
        yield Problem(
            entry.path, key_line(entry.path, "pull"), f"the sample {body.name} is not pulled so: {why}"
        )
        return
    except (ValueError, LookupError, OSError, re.error):
        if ("contracts", contract.address) in known.tree.unsound:
            return  # by a contract that does not hold nothing can be read; it has been blamed
        raise
    if len(got) != len(wanted.records):
        message = f"the sample {body.name} holds {len(got)} records, {len(wanted.records)} are expected"
        yield Problem(expected, key_line(expected, "records"), message)
    for number, (one, other) in enumerate(zip(got, wanted.records, strict=False)):
        if words := sample.difference(one, other):
            yield Problem(expected, key_line(expected, "records", number), f"record {number + 1}: {words}")
