"""How a station names its files: patterns that must cover the whole name, and which of them are refused.

A pattern is tried on every file of every station, so one that fits another's names would take that one's values,
and one that backtracks without end would stop the doors' work for all.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

# The parser's own tree: telling by its text whether a pattern backtracks would be guessing. No type stubs know it.
_parser: Any = importlib.import_module("re._parser")
_LONGEST_NAME = 255
# `.*_.*_.*` looks at most at 255³ places; one more would be seconds for a name somebody chose with care.
_MOST_UNBOUNDED = 2
# Codes as others may write them; no station has these.
_NOBODY = ("HAIDANG-0", "HAIDANG_0", "HAIDANG0")
_STAMPS = ("20261121100500", "202611211005", "20261121", "1")


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, compiled once per process; None for one that never was a regular expression."""
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None


def fits(pattern: str, name: str, code: str) -> bool:
    """Whether the pattern of station `code` covers this whole file name; the ending (`.txt`) may be left out of it.

    A part `(?P<station>…)` must read that code: stations of one maker share one pattern, not their values.
    """
    found = compiled(pattern)
    if found is None or len(name) > _LONGEST_NAME:
        return False
    stem, dot, _ending = name.rpartition(".")
    match = found.fullmatch(name) or (found.fullmatch(stem) if dot else None)
    if match is None:
        return False
    return "station" not in found.groupindex or (match["station"] or "").casefold() == code.casefold()


def why_refused(pattern: str, code: str, others: Mapping[str, str]) -> str:
    """What is wrong with a pattern, and how to mend it; empty when nothing is.

    `others`: codes of other stations, with the pattern of each.
    """
    try:
        tree = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return _("Mẫu tên tệp không phải biểu thức chính quy: %s.") % error
    if _runs_away(tree) or _unbounded(tree) > _MOST_UNBOUNDED:
        return _(
            "Mẫu tên tệp “%s” có phần lặp lồng nhau hoặc quá nhiều * và +, có thể làm treo việc nhận tệp: ghi rõ số "
            r"ký tự, ví dụ \d{14}."
        ) % pattern  # fmt: skip
    if "station" not in tree.state.groupdict and (same := _owner_of(pattern, others)):
        return _(
            "Trạm %(other)s đã có mẫu tên tệp “%(pattern)s”, nên không phân biệt được tệp của hai trạm: ghi phần riêng "
            r"của trạm này, hoặc đánh dấu phần là mã trạm bằng (?P<station>\w+)."
        ) % {"other": same, "pattern": pattern}  # fmt: skip
    for other in (*_NOBODY, *others):
        for name in (f"{other}_{stamp}.txt" for stamp in _STAMPS):
            if fits(pattern, name, code):
                return _(
                    "Mẫu tên tệp “%(pattern)s” nhận cả tệp của trạm khác (%(name)s): ghi phần riêng của trạm này, "
                    r"ví dụ KK1_\d{14}\.txt. Mẫu phải khớp cả tên tệp."
                ) % {"pattern": pattern, "name": name}  # fmt: skip
    return ""


def _owner_of(pattern: str, others: Mapping[str, str]) -> str:
    """The other station with this very pattern; empty without one."""
    return next((code for code, its_own in others.items() if its_own == pattern), "")


def _runs_away(tree: Any) -> bool:
    """Whether something of open length is repeated: then the ways to read one name double with each letter."""
    for kind, argument in tree:
        if str(kind) in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _least, most, inner = argument
            if most > 1 and not _one_way(inner):
                return True
        if any(_runs_away(inner) for inner in _inside(argument)):
            return True
    return False


def _one_way(tree: Any) -> bool:
    """Whether a part can be read in one way only: letters and classes in a row, nothing optional."""
    for kind, argument in tree:
        if str(kind) == "SUBPATTERN":
            if not _one_way(argument[-1]):
                return False
        elif str(kind) not in ("LITERAL", "NOT_LITERAL", "ANY", "IN", "CATEGORY", "AT"):
            if str(kind) not in ("MAX_REPEAT", "MIN_REPEAT") or argument[0] != argument[1]:
                return False
            if not _one_way(argument[2]):
                return False
    return True


def _unbounded(tree: Any) -> int:
    """How many parts of the pattern may be as long as they like."""
    count = 0
    for kind, argument in tree:
        if str(kind) in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            count += argument[1] - argument[0] > 20
        count += sum(_unbounded(inner) for inner in _inside(argument))
    return count


def _inside(argument: Any) -> list[Any]:
    """The parts within one node of the parser's tree."""
    if isinstance(argument, _parser.SubPattern):
        return [argument]
    if isinstance(argument, tuple | list):
        return [part for inner in argument for part in _inside(inner)]
    return []
