"""Contracts: spellings that clash, ranges that hold nothing, units that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.both import both
from haidang.engine.checks.known import Known
from haidang.engine.contracts.definition import Contract
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.contracts.values import plain


def problems(known: Known, entry: Entry[Contract]) -> Iterator[Problem]:
    """What does not hold in one contract."""
    contract, path = entry.thing, entry.path
    for number, kind in enumerate(contract.asset_kinds):
        if message := known.missing_kind(kind):
            yield Problem(path, key_line(path, "asset_kinds", number), message)
    if contract.silent_after < contract.every:
        line = key_line(path, "silent_after")
        yield Problem(
            path,
            line,
            both(
                "silent_after is shorter than every: each message would be late",
                "silent_after ngắn hơn every: bản tin nào cũng thành trễ",
            ),
        )
    for kind in contract.asset_kinds:
        yield from _spellings(entry, contract.of_kind(kind))
        if contract.of_kind(kind) is contract:
            break  # the same for all of them
    yield from _ranges(entry)
    yield from _units(entry)


def _spellings(entry: Entry[Contract], contract: Contract) -> Iterator[Problem]:
    """Two parameters of one kind of asset may not be written alike: compared as in the check, without case and spaces."""
    owners = {plain(symbol): symbol for symbol in contract.parameters}
    for symbol, parameter in contract.parameters.items():
        for number, alias in enumerate(parameter.aliases):
            owner = owners.setdefault(plain(alias), symbol)
            if owner != symbol:
                line = key_line(entry.path, "parameters", symbol, "aliases", number)
                yield Problem(
                    entry.path,
                    line,
                    both(
                        f"alias {alias!r} of {symbol} already means {owner}",
                        f"cách viết {alias!r} của {symbol} đã là của {owner}",
                    ),
                )


def _ranges(entry: Entry[Contract]) -> Iterator[Problem]:
    for symbol, parameter in entry.thing.parameters.items():
        if parameter.min >= parameter.max:
            line = key_line(entry.path, "parameters", symbol, "min")
            yield Problem(
                entry.path,
                line,
                both(
                    f"{symbol}: min {parameter.min:g} is not below max {parameter.max:g}",
                    f"{symbol}: min {parameter.min:g} không nhỏ hơn max {parameter.max:g}",
                ),
            )
        for unit, factor in parameter.convert.items():
            if factor <= 0:
                line = key_line(entry.path, "parameters", symbol, "convert", unit)
                yield Problem(
                    entry.path,
                    line,
                    both(
                        f"{symbol}: factor of {unit} must be above zero",
                        f"{symbol}: hệ số của {unit} phải lớn hơn 0",
                    ),
                )


def _units(entry: Entry[Contract]) -> Iterator[Problem]:
    """A spelling of a unit that no parameter uses is a slip of the pen."""
    parameters = entry.thing.parameters.values()
    used = {plain(p.unit) for p in parameters} | {plain(u) for p in parameters for u in p.convert}
    for written, meant in entry.thing.units.items():
        if plain(meant) not in used:
            line = key_line(entry.path, "units", written)
            yield Problem(
                entry.path,
                line,
                both(f"unit {meant!r} is used by no parameter", f"không thông số nào dùng đơn vị {meant!r}"),
            )
