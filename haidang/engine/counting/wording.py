"""A rule of counting in words, with the headings of its contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.indicators.count import (
    PERIOD_END,
    PERIOD_START,
    Condition,
    Count,
    Group,
    WorkingDays,
    condition,
    words_of,
)


def sentences(count: Count, contract: SheetContract) -> list[str]:
    """What is counted, then each condition."""
    return [
        _head(count, contract),
        *(_test(name, condition(test), count, contract) for name, test in count.where.items()),
        *(_("Trừ dòng có %(what)s.") % {"what": _all(one, count, contract)} for one in count.unless),
        *(
            _("Để trống %(day)s mà %(what)s thì chưa rõ, không đoán.")
            % {"day": _name(name, count, contract), "what": _all(one, count, contract)}
            for name, one in count.unknown.items()
        ),
    ]


def _head(count: Count, contract: SheetContract) -> str:
    day = _name(count.period, count, contract)
    if isinstance(count.sum, WorkingDays):
        said = {
            "day": day, "first": _name(count.sum.working_days_from, count, contract), "last": _name(count.sum.to, count, contract),
        }  # fmt: skip
        return _("Cộng số ngày làm việc từ %(first)s đến %(last)s của các dòng có %(day)s trong kỳ.") % said
    if count.sum:
        said = {"day": day, "column": _name(count.sum, count, contract)}
        return _("Cộng %(column)s của các dòng có %(day)s trong kỳ.") % said
    return _("Đếm các dòng có %(day)s trong kỳ.") % {"day": day}


def _all(group: Group, count: Count, contract: SheetContract) -> str:
    parts = [_test(name, condition(test), count, contract).rstrip(".") for name, test in group.items()]
    return _(" và ").join(one[:1].lower() + one[1:] for one in parts)


def _test(name: str, test: Condition, count: Count, contract: SheetContract) -> str:
    """One condition as a sentence."""
    title = _name(name, count, contract)
    found = ", ".join(_parts(name, test, count, contract))
    return f"{title[:1].upper()}{title[1:]} {found}."


def _parts(name: str, test: Condition, count: Count, contract: SheetContract) -> Iterator[str]:
    if test.known is not None:
        yield _("có ghi") if test.known else _("để trống")
    if test.is_ is not None:
        yield _("là %(words)s") % {"words": _words(name, words_of(test.is_), contract)}
    if test.not_ is not None:
        yield _("không là %(words)s") % {"words": _words(name, words_of(test.not_), contract)}
    numbers = {
        "over": _("trên %(n)g"), "at_least": _("từ %(n)g trở lên"), "under": _("dưới %(n)g"), "at_most": _("không quá %(n)g"),
    }  # fmt: skip
    days = {
        "before": _("trước %(day)s"), "until": _("không sau %(day)s"), "after": _("sau %(day)s"), "since": _("không trước %(day)s"),
    }  # fmt: skip
    for key, words in numbers.items():
        if (number := getattr(test, key)) is not None:
            yield words % {"n": number}
    for key, words in days.items():
        if (day := getattr(test, key)) is not None:
            yield words % {"day": _name(day, count, contract)}


def _words(name: str, words: list[str], contract: SheetContract) -> str:
    return _(" hoặc ").join(f"“{value_of(name, word, contract)}”" for word in words)


def _name(name: str, count: Count, contract: SheetContract) -> str:
    if name == PERIOD_END:
        return _("ngày cuối kỳ")
    if name == PERIOD_START:
        return _("ngày đầu kỳ")
    if moved := count.days.get(name):
        title = _name(moved.next_working_day, count, contract)
        return _("%(day)s (gặp ngày nghỉ thì ngày làm việc kế tiếp)") % {"day": title}
    column = contract.columns.get(name)
    title = str(column.title) if column else name
    return title[:1].lower() + title[1:]


def value_of(name: str, value: Any, contract: SheetContract) -> str:
    """What stands in a column, as people read it."""
    column = contract.columns.get(name)
    if value is None:
        return ""
    if column and column.type == "date":
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    choice = column.choices.get(str(value)) if column else None
    return str(choice.title) if choice else str(value)
