"""Worked examples of what is counted: lines by hand, counted by the same rule and calendars as in production."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from haidang.engine.both import KINDS_VI, both, english, vietnamese
from haidang.engine.checks.known import Known
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators.count import Count, Rule, amount, mover
from haidang.engine.indicators.statistic import Example, Keys, Statistic
from haidang.engine.workdays.book import Book, NoHours
from haidang.engine.workdays.calendar import Workdays


def failures(known: Known, entry: Entry[Statistic]) -> Iterator[tuple[Keys, str]]:
    """Versions without an example, and examples that do not come out: the key to blame, and why."""
    statistic = entry.thing
    for number, version in enumerate(statistic.versions):
        count = version.count or statistic.count
        if not statistic.counts:
            for place, example in enumerate(version.examples):
                if example.lines or example.period:
                    yield (
                        ("versions", number, "examples", place),
                        both(
                            "`lines` are for an indicator with `count`",
                            "`lines` chỉ dùng cho chỉ tiêu có `count`",
                        ),
                    )
            continue
        if count is None:
            yield (
                ("versions", number),
                both(
                    f"version {version.version} has no way of counting: write `count`",
                    f"bản {version.version} chưa có cách đếm: viết `count`",
                ),
            )
            continue
        if not version.examples:
            yield (
                ("versions", number),
                both(
                    f"version {version.version} has no worked example",
                    f"bản {version.version} chưa có ví dụ tính tay",
                ),
            )
        contract = known.tree.sheets.get(count.contract)
        if contract is None or ("indicators", entry.address) in known.tree.unsound:
            continue  # said elsewhere
        for place, example in enumerate(version.examples):
            if why := _wrong(count, contract.thing, statistic, example, known):
                keys: Keys = ("versions", number, "examples", place)
                yield (
                    keys,
                    both(
                        f"example “{example.name}” does not hold: {english(why)}",
                        f"ví dụ “{example.name}” không đúng: {vietnamese(why)}",
                    ),
                )


def _wrong(
    count: Count, contract: SheetContract, statistic: Statistic, example: Example, known: Known
) -> str:
    if example.inputs or example.cells:
        return both(
            "an example of counting has `lines` and `period`",
            "ví dụ của cách đếm viết bằng `lines` và `period`",
        )
    try:
        period = Period.parse(example.period)
    except ValueError:
        return both(
            f"period {example.period!r} cannot be read: write 2026-10",
            f"period {example.period!r} không đọc được: viết 2026-10",
        )
    if period.kind != statistic.period:
        return both(
            f"period {example.period} is no {statistic.period}, as the indicator's are",
            f"period {example.period} không theo {KINDS_VI[statistic.period]} như chỉ tiêu",
        )
    try:
        workdays = Book(known.tree).of_office()
    except NoHours as error:
        told: str = error.args[0]  # str() of it would be one text of both languages
        return told
    lines = []
    for number, line in enumerate(example.lines, 1):
        if strangers := sorted(line.keys() - contract.columns.keys()):
            return both(
                f"line {number} has {', '.join(strangers)}, which {count.contract} lacks",
                f"dòng {number} có cột {', '.join(strangers)} mà {count.contract} không có",
            )
        if why := _mistyped(line, contract):
            return both(f"line {number}: {english(why)}", f"dòng {number}: {vietnamese(why)}")
        lines.append({name: _as_kept(value) for name, value in line.items()})
    got = counted(count, lines, period, workdays)
    if got != example.expect and not (
        got is not None
        and example.expect is not None
        and abs(got - example.expect) <= example.tolerance + 1e-9
    ):
        return both(
            f"it counts {english(_written(got))}, expected {english(_written(example.expect))}",
            f"đếm được {vietnamese(_written(got))}, ví dụ ghi {vietnamese(_written(example.expect))}",
        )
    return ""


def _mistyped(line: dict[str, Any], contract: SheetContract) -> str:
    for name, value in line.items():
        column = contract.columns[name]
        if value is None:
            continue
        if column.type == "date" and not isinstance(value, date):
            return both(f"{name} must be a day as 2026-10-31", f"{name} phải là ngày, viết 2026-10-31")
        if column.type in NUMERIC and (isinstance(value, bool) or not isinstance(value, int | float)):
            return both(f"{name} must be a number", f"{name} phải là số")
        if column.choices and value not in column.choices:
            return both(
                f"{name} has no choice {value}; there are: {', '.join(column.choices)}",
                f"{name} không có giá trị {value}; có: {', '.join(column.choices)}",
            )
    return ""


def _as_kept(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


def counted(count: Count, lines: list[dict[str, Any]], period: Period, workdays: Workdays) -> float | None:
    """What these lines come to; None where one of them leaves it open."""
    rule, total = Rule(count, period, mover(workdays)), 0.0
    for line in lines:
        holds = rule.holds(line) if rule.is_in(line) else False
        adds = amount(count, line, workdays) if holds else 0.0
        if holds is None or adds is None:
            return None
        total += adds
    return total


def _written(value: float | None) -> str:
    return both("nothing known", "không biết") if value is None else f"{value:g}"
