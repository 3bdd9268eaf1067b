"""Worked examples of what is counted: lines by hand, counted by the same rule and calendars as in production."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from haidang.engine.checks.known import Known
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators.count import Count, Rule, amount, mover
from haidang.engine.indicators.statistic import Example, Keys, Statistic
from haidang.engine.workdays.book import Book, NoHours
from haidang.engine.workdays.calendar import Workdays


# i18n: data – `haidang check` says in Vietnamese what does not hold in a rule of counting
def failures(known: Known, entry: Entry[Statistic]) -> Iterator[tuple[Keys, str]]:
    """Versions without an example, and examples that do not come out: the key to blame, and why in Vietnamese."""
    statistic = entry.thing
    for number, version in enumerate(statistic.versions):
        count = version.count or statistic.count
        if not statistic.counts:
            for place, example in enumerate(version.examples):
                if example.lines or example.period:
                    yield ("versions", number, "examples", place), "`lines` chỉ dùng cho chỉ tiêu có `count`"
            continue
        if count is None:
            yield ("versions", number), f"bản {version.version} chưa có cách đếm: viết `count`"
            continue
        if not version.examples:
            yield ("versions", number), f"bản {version.version} chưa có ví dụ tính tay"
        contract = known.tree.sheets.get(count.contract)
        if contract is None or ("indicators", entry.address) in known.tree.unsound:
            continue  # said elsewhere
        for place, example in enumerate(version.examples):
            if why := _wrong(count, contract.thing, statistic, example, known):
                keys: Keys = ("versions", number, "examples", place)
                yield keys, f"ví dụ “{example.name}” không đúng: {why}"


# i18n: data – see above
def _wrong(
    count: Count, contract: SheetContract, statistic: Statistic, example: Example, known: Known
) -> str:
    if example.inputs or example.cells:
        return "ví dụ của cách đếm viết bằng `lines` và `period`"
    try:
        period = Period.parse(example.period)
    except ValueError:
        return f"period {example.period!r} không đọc được: viết 2026-10"
    if period.kind != statistic.period:
        return f"period {example.period} không phải kỳ {statistic.period} của chỉ tiêu"
    try:
        workdays = Book(known.tree).of_office()
    except NoHours as error:
        return str(error)
    lines = []
    for number, line in enumerate(example.lines, 1):
        if strangers := sorted(line.keys() - contract.columns.keys()):
            return f"dòng {number} có cột {', '.join(strangers)} mà {count.contract} không có"
        if why := _mistyped(line, contract):
            return f"dòng {number}: {why}"
        lines.append({name: _as_kept(value) for name, value in line.items()})
    got = counted(count, lines, period, workdays)
    if got != example.expect and not (
        got is not None
        and example.expect is not None
        and abs(got - example.expect) <= example.tolerance + 1e-9
    ):
        return f"đếm được {_written(got)}, ví dụ ghi {_written(example.expect)}"
    return ""


# i18n: data – see above
def _mistyped(line: dict[str, Any], contract: SheetContract) -> str:
    for name, value in line.items():
        column = contract.columns[name]
        if value is None:
            continue
        if column.type == "date" and not isinstance(value, date):
            return f"{name} phải là ngày, viết 2026-10-31"
        if column.type in NUMERIC and (isinstance(value, bool) or not isinstance(value, int | float)):
            return f"{name} phải là số"
        if column.choices and value not in column.choices:
            return f"{name} không có giá trị {value}; có: {', '.join(column.choices)}"
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


# i18n: data – see above
def _written(value: float | None) -> str:
    return "không biết" if value is None else f"{value:g}"
