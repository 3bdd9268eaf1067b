"""Sources: a contract, a sample as it comes in, and what must come of each of its records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from haidang.engine.both import both, english, vietnamese
from haidang.engine.checks import sample
from haidang.engine.checks.known import Known
from haidang.engine.connectors.pull.trouble import Trouble, told
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
        message = both(
            f"contract {source.contract} has no `lines`: it does not say how a file is written",
            f"hợp đồng {source.contract} không có `lines`: chưa nói tệp được viết thế nào",
        )
        yield Problem(path, key_line(path, "format"), message)
    for number, door in enumerate(source.doors):
        if door != "pull" and (door == "ftp") != (source.format == "lines"):
            line = key_line(path, "doors", number)
            yield Problem(
                path,
                line,
                both(
                    f"door {door} does not take the format {source.format}",
                    f"cửa {door} không nhận dạng {source.format}",
                ),
            )
    found = [other for ending, other in entry.beside.items() if ending.startswith("sample.")]
    if not found:
        yield Problem(
            path,
            1,
            both(
                f"no sample: put what the sender sends into {path.stem}.sample.txt (or .json)",
                f"chưa có mẫu: chép bản tin bên gửi vào {path.stem}.sample.txt (hoặc .json)",
            ),
        )
        return
    expected = entry.beside.get("expected.json")
    if expected is None:
        message = both(
            f"no {path.stem}.expected.json: write what must come of each record of the sample",
            f"chưa có {path.stem}.expected.json: ghi kết quả phải có của từng bản ghi trong mẫu",
        )
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
        why = told(trouble.reason, trouble.detail)
        yield Problem(
            entry.path,
            key_line(entry.path, "pull"),
            both(
                f"the sample {body.name} is not pulled so: {why.en}",
                f"không kéo được tệp mẫu {body.name} như vậy: {why.vi}",
            ),
        )
        return
    except (ValueError, LookupError, OSError, re.error):
        if ("contracts", contract.address) in known.tree.unsound:
            return  # by a contract that does not hold nothing can be read; it has been blamed
        raise
    if len(got) != len(wanted.records):
        message = both(
            f"the sample {body.name} holds {len(got)} records, {len(wanted.records)} are expected",
            f"tệp mẫu {body.name} có {len(got)} bản ghi, mong đợi {len(wanted.records)}",
        )
        yield Problem(expected, key_line(expected, "records"), message)
    for number, (one, other) in enumerate(zip(got, wanted.records, strict=False)):
        if words := sample.difference(one, other):
            yield Problem(
                expected,
                key_line(expected, "records", number),
                both(f"record {number + 1}: {english(words)}", f"bản ghi {number + 1}: {vietnamese(words)}"),
            )
