"""Where a rule of counting asks for what its contract does not have. Pure, in both languages of whoever writes content."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.both import both, english, vietnamese
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.indicators.count import (
    DAYS,
    NUMBERS,
    PERIOD_END,
    PERIOD_START,
    Condition,
    Count,
    Keys,
    WorkingDays,
    condition,
    words_of,
)


def misfits(count: Count, contract: SheetContract) -> Iterator[tuple[Keys, str]]:
    """Where the rule asks for what its contract does not have: the key to blame below `count`, and why."""
    if not contract.key:
        yield (
            ("contract",),
            both(
                f"{count.contract} has no `key`: a record handed in again would be counted twice",
                f"{count.contract} không có khóa (`key`): hồ sơ nộp lại sẽ bị đếm hai lần",
            ),
        )
    yield from _named(count, contract)
    yield from _days(count, contract)
    for keys, group in count.groups:
        for name, test in group.items():
            yield from _misfit((*keys, name), name, condition(test), count, contract)
    if isinstance(count.sum, str) and count.sum:
        column = contract.columns.get(count.sum)
        if column and column.type not in NUMERIC:
            yield (
                ("sum",),
                both(
                    f"column {count.sum} is of type {column.type}, no number: it cannot be summed up",
                    f"cột {count.sum} có kiểu {column.type}, không phải số: không cộng được",
                ),
            )


def _named(count: Count, contract: SheetContract) -> Iterator[tuple[Keys, str]]:
    """Columns outside conditions."""
    named: list[tuple[Keys, str]] = [(("period",), count.period)]
    named += [((key,), getattr(count, key)) for key in ("place", "lines") if getattr(count, key)]
    named += [(("unknown", name), name) for name in count.unknown]
    named += [(("days", name, "next_working_day"), one.next_working_day) for name, one in count.days.items()]
    if isinstance(count.sum, WorkingDays):
        named += [(("sum", "working_days_from"), count.sum.working_days_from), (("sum", "to"), count.sum.to)]
    elif count.sum:
        named.append((("sum",), count.sum))
    for keys, name in named:
        if name not in contract.columns:
            yield keys, _no_column(name, count, contract)
        elif contract.columns[name].personal_data != "none":
            yield keys, _personal(name)
    for key in ("place", "lines"):
        name = getattr(count, key)
        column = contract.columns.get(name)
        if column and column.type not in ("text", "place", "choice"):
            yield (
                (key,),
                both(
                    f"column {name} is of type {column.type}, not the name of an office or a unit",
                    f"cột {name} có kiểu {column.type}, không phải tên cơ quan hay đơn vị",
                ),
            )


def _days(count: Count, contract: SheetContract) -> Iterator[tuple[Keys, str]]:
    """Columns that must be days are."""
    named: list[tuple[Keys, str]] = [(("period",), count.period)]
    named += [(("unknown", name), name) for name in count.unknown]
    named += [(("days", name, "next_working_day"), one.next_working_day) for name, one in count.days.items()]
    if isinstance(count.sum, WorkingDays):
        named += [(("sum", "working_days_from"), count.sum.working_days_from), (("sum", "to"), count.sum.to)]
    for keys, name in named:
        if name in contract.columns and contract.columns[name].type != "date":
            yield keys, _no_day(name, contract.columns[name].type)
    for name in count.days:
        if name in contract.columns or name in (PERIOD_START, PERIOD_END):
            yield (
                ("days", name),
                both(
                    f"{name} is a name already: give the day worked out a new one",
                    f"{name} đã là tên khác: đặt tên mới cho ngày tính ra",
                ),
            )


def _misfit(
    keys: Keys, name: str, test: Condition, count: Count, contract: SheetContract
) -> Iterator[tuple[Keys, str]]:
    """One condition against the column it is on."""
    column = contract.columns.get(name)
    is_day = name in count.days or (column is not None and column.type == "date")
    if column is None and not is_day:
        yield keys, _no_column(name, count, contract)
        return
    if column is not None and column.personal_data != "none":
        yield keys, _personal(name)
    used = [key for key in ("is_", "not_", "known", *NUMBERS, *DAYS) if getattr(test, key) is not None]
    if not used:
        yield (
            keys,
            both(
                f"the condition on {name} is empty: write is, not, known, or compare numbers or days",
                f"điều kiện của {name} trống: viết is, not, known, so sánh số hoặc so sánh ngày",
            ),
        )
    kind = both("date", "ngày") if is_day else column.type if column else ""
    if any(key in DAYS for key in used) and not is_day:
        yield (
            keys,
            both(
                f"column {name} is of type {english(kind)}, no day: before and after say nothing of it",
                f"cột {name} có kiểu {vietnamese(kind)}, không phải ngày: không so sánh trước, sau được",
            ),
        )
    if any(key in NUMBERS for key in used) and (column is None or column.type not in NUMERIC):
        yield (
            keys,
            both(
                f"column {name} is of type {english(kind)}, no number: larger and smaller say nothing of it",
                f"cột {name} có kiểu {vietnamese(kind)}, không phải số: không so sánh lớn, nhỏ được",
            ),
        )
    if test.is_ is not None or test.not_ is not None:
        yield from _words(keys, name, test, column.type if column else "date", contract)
    for key in DAYS:
        bound = getattr(test, key)
        if bound is None or bound in count.days or bound in (PERIOD_START, PERIOD_END):
            continue
        if bound not in contract.columns:
            yield keys, _no_column(bound, count, contract)
        elif contract.columns[bound].type != "date":
            yield keys, _no_day(bound, contract.columns[bound].type)


def _words(
    keys: Keys, name: str, test: Condition, kind: str, contract: SheetContract
) -> Iterator[tuple[Keys, str]]:
    if kind not in ("choice", "text", "place"):
        yield (
            keys,
            both(
                f"column {name} is of type {kind}: is and not are for words and codes",
                f"cột {name} có kiểu {kind}: is và not chỉ dùng cho chữ và mã",
            ),
        )
        return
    choices = contract.columns[name].choices
    for word in [*words_of(test.is_), *words_of(test.not_)]:
        if choices and word not in choices:
            there = ", ".join(choices)
            yield (
                keys,
                both(
                    f"column {name} has no choice {word}; there are: {there}",
                    f"cột {name} không có giá trị {word}; có: {there}",
                ),
            )


def _no_column(name: str, count: Count, contract: SheetContract) -> str:
    there = ", ".join([*contract.columns, *count.days])
    return both(
        f"there is no column {name} in {count.contract}; there are: {there}",
        f"không có cột {name} trong {count.contract}; có: {there}",
    )


def _personal(name: str) -> str:
    return both(
        f"column {name} is personal data: nothing is counted by it",
        f"cột {name} là dữ liệu cá nhân: không dùng để đếm",
    )


def _no_day(name: str, kind: str) -> str:
    return both(
        f"column {name} is of type {kind}, no day",
        f"cột {name} có kiểu {kind}, không phải ngày",
    )
