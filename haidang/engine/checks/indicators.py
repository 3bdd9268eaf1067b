"""Indicators: a formula, known parameters, and worked examples that come out."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.both import both, english, vietnamese
from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators import trial
from haidang.engine.indicators.definition import Indicator


def problems(known: Known, entry: Entry[Indicator]) -> Iterator[Problem]:
    """What does not hold in one indicator."""
    indicator, path = entry.thing, entry.path
    if message := known.missing_kind(indicator.asset_kind):
        yield Problem(path, key_line(path, "asset_kind"), message)
    else:
        for number, parameter in enumerate(indicator.parameters):
            if message := known.missing_parameter(indicator.asset_kind, parameter):
                yield Problem(path, key_line(path, "parameters", number), message)
    if indicator.hours < 1 or (indicator.period == "day" and indicator.hours < 24):
        yield Problem(
            path,
            key_line(path, "hours"),
            both(
                "the formula must see the whole period: 1 hour, or 24 for a day",
                "công thức phải thấy trọn kỳ: 1 giờ, hoặc 24 giờ cho một ngày",
            ),
        )
    if not indicator.versions:
        yield Problem(
            path,
            key_line(path, "versions"),
            both(
                "no version: write one with valid_from, basis and examples",
                "chưa có phiên bản: viết một bản có valid_from, basis và ví dụ",
            ),
        )
    for name in ("version", "valid_from"):
        seen = set()
        for number, version in enumerate(indicator.versions):
            if (value := str(getattr(version, name))) in seen:
                yield Problem(
                    path,
                    key_line(path, "versions", number, name),
                    both(f"{name} {value} stands twice", f"{name} {value} ghi hai lần"),
                )
            seen.add(value)
    yield from _examples(entry)
    formula = getattr(entry.module, "compute", None)
    if formula is None:
        return  # the tree has said so
    for name, words in trial.failures(indicator, formula):
        yield Problem(
            path,
            _example_line(entry, name),
            both(
                f"example “{name}” does not hold: {english(words)}",
                f"ví dụ “{name}” không đúng: {vietnamese(words)}",
            ),
        )


def _examples(entry: Entry[Indicator]) -> Iterator[Problem]:
    for number, version in enumerate(entry.thing.versions):
        if not version.examples:
            message = both(
                f"version {version.version} has no worked example",
                f"bản {version.version} chưa có ví dụ tính tay",
            )
            yield Problem(entry.path, key_line(entry.path, "versions", number), message)
        for place, example in enumerate(version.examples):
            line = key_line(entry.path, "versions", number, "examples", place)
            if strangers := sorted(set(example.hours) - set(entry.thing.parameters)):
                message = both(
                    f"example “{example.name}” has {', '.join(strangers)}, which `parameters` lacks",
                    f"ví dụ “{example.name}” có {', '.join(strangers)} mà `parameters` không có",
                )
                yield Problem(entry.path, line, message)
            if not example.expect:
                yield Problem(
                    entry.path,
                    line,
                    both(
                        f"example “{example.name}” expects nothing",
                        f"ví dụ “{example.name}” chưa ghi kết quả mong đợi (expect)",
                    ),
                )


def _example_line(entry: Entry[Indicator], name: str) -> int:
    for number, version in enumerate(entry.thing.versions):
        for place, example in enumerate(version.examples):
            if example.name == name:
                return key_line(entry.path, "versions", number, "examples", place)
    return 1
