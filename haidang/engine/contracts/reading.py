"""Read one content file into a typed structure, and say on which line it does not hold.

Every stage reads its own content through `read`; nothing is skipped: an unknown field is a problem, not
noise.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from haidang.engine.both import both
from haidang.engine.contracts import complaints
from haidang.engine.contracts.complaints import InBoth
from haidang.engine.spans import Seconds as Seconds  # noqa: PLC0414 - contents of files are typed from here

T = TypeVar("T")

_BOOL, _INT, _FLOAT = (f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float"))
_DURATION = re.compile(r"^(\d+(?:\.\d+)?)\s*(s|m|h|d)$")
_LONGEST = 10 * 366 * 86400
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a content file that does not hold, and how to mend it."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ContentError(Exception):
    """A content file could not be read; carries every problem found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text people read: Vietnamese always, English where we have it."""

    vi: str
    en: str = ""

    def __post_init__(self) -> None:
        if "\0" in self.vi or "\0" in self.en:
            raise ValueError("a text holds the character NUL: the record cannot keep it")

    def __str__(self) -> str:
        return self.en if self.en and _language() == "en" else self.vi


def _none() -> str | None:
    return None


_language: Callable[[], str | None] = _none


def speak(language: Callable[[], str | None]) -> None:
    """Tell `Text` how to learn the reader's language; whoever shows pages calls this once at start."""
    global _language  # noqa: PLW0603 - one process shows pages through one framework
    _language = language


# libyaml reads ten times faster and is in the wheels of PyYAML; its pure twin is there where it is not.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """YAML 1.2 scalars: NO is nitric oxide and 10:30 a text, where YAML 1.1 reads a truth value and 630."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in {_BOOL, _INT, _FLOAT}]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_INT, re.compile(r"^[-+]?(?:0|[1-9]\d*)$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    _FLOAT, re.compile(r"^[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?$"), list("-+.0123456789")
)


def _once(loader: yaml.SafeLoader, node: yaml.MappingNode, **_: object) -> dict[object, object]:
    """A mapping whose keys stand once: YAML would keep the last of two and lose the first without a word."""
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"key {key.value!r} stands twice", key.start_mark
            )
        seen.add(key.value)
    loader.flatten_mapping(node)
    return yaml.constructor.SafeConstructor.construct_mapping(loader, node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _once)


def _day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> object:
    """A day or a moment; YAML's own constructor does not say where one stands that no calendar has."""
    try:
        return yaml.constructor.SafeConstructor.construct_yaml_timestamp(loader, node)
    except ValueError:
        raise yaml.constructor.ConstructorError(
            None, None,
            f"{node.value} is no day of the calendar: write year, month and day of one, as 2026-02-28",
            node.start_mark,
        ) from None  # fmt: skip


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def _convert(kind: type, value: object) -> object:
    if kind is Seconds:
        if isinstance(value, str) and (found := _DURATION.match(value)):
            span = float(found[1]) * _SECONDS[found[2]]
            if span > _LONGEST:
                # i18n: data – both languages stand beside each other
                raise InBoth(f"{value!r} is longer than ten years", f"{value!r} dài hơn mười năm")
            return Seconds(span)
        raise InBoth(
            f"{value!r} is not a span of time: write 30s, 5m, 2h or 1d",
            # i18n: data – both languages stand beside each other
            f"{value!r} không phải khoảng thời gian: viết 30s, 5m, 2h hoặc 1d",
        )
    raise NotImplementedError(kind)


def lines_of(node: yaml.Node | None, prefix: str = "$") -> dict[str, int]:
    """Line of each value of a YAML document, keyed by msgspec's path (`$.parameters[...].unit`)."""
    found: dict[str, int] = {}
    if node is None:
        return found
    found[prefix] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            path = f"{prefix}.{key.value}"
            found |= lines_of(value, path)
            found[path] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            found |= lines_of(value, f"{prefix}[{number}]")
    return found


def text_of(path: Path) -> str:
    """The text of a content file; raises ContentError naming the line that is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = both(
            "not UTF-8: save the file in that encoding", "không phải UTF-8: lưu lại tệp bằng bảng mã đó"
        )
        raise ContentError([Problem(path, line, message)]) from error
    except OSError as error:
        raise ContentError(
            [
                Problem(
                    path,
                    1,
                    both(f"cannot be read: {error.strerror}", f"không đọc được tệp: {error.strerror}"),
                )
            ]
        ) from error


# What texts said, as frozen structures. The tree is asked for at every judging and publication and hardly ever changes:
# parsing its YAML anew was two thirds of the cost of publishing a sheet.
_known: dict[tuple[str, Any], Any] = {}
_MOST_KNOWN = 2000


def read(path: Path, kind: type[T], text: str | None = None) -> T:
    """The file, or another text in its place, as `kind`; raises ContentError naming file and line."""
    if text is None:
        text = text_of(path)
    found: T | None = _known.get((text, kind))
    if found is None:
        found = _parsed(path, kind, text)
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[text, kind] = found
    return found


# The library builds what it knows of a structure at its first use, and another thread meets it half built: a segmentation
# fault. Elsewhere decoders stand at module level, where the import lock sees to it; kinds of content come in from outside.
_building = threading.Lock()


def _convert_to(kind: type[T], data: object) -> T:
    with _building:
        return msgspec.convert(data, kind, dec_hook=_convert, strict=True)


def _parsed(path: Path, kind: type[T], text: str) -> T:
    try:
        node = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError) as error:
        raise ContentError([_unreadable(path, error)]) from error
    except RecursionError as error:
        raise ContentError(
            [
                Problem(
                    path,
                    1,
                    both("not readable as YAML: nested too deep", "không đọc được YAML: lồng nhau quá sâu"),
                )
            ]
        ) from error
    if data is None:
        raise ContentError(
            [
                Problem(
                    path,
                    1,
                    both(
                        "this file is empty: write what it is to say, or delete it",
                        "tệp này trống: viết nội dung, hoặc xóa tệp",
                    ),
                )
            ]
        )
    try:
        return _convert_to(kind, data)
    except RecursionError as error:
        raise ContentError(
            [
                Problem(
                    path,
                    1,
                    both(
                        "not readable: something in it contains itself",
                        "không đọc được: có phần chứa chính nó",
                    ),
                )
            ]
        ) from error
    except msgspec.ValidationError as error:
        keys = _keys(data, kind, error)
        message = complaints.told(error, kind, data, keys)
        raise ContentError([Problem(path, _line(node, data, keys, error), message)]) from error


# Of what YAML complains of most often: what was meant.
# i18n: data – both languages stand beside each other
_REMEDIES = {
    "mapping values are not allowed": (
        "a text with a colon stands in quotes, and fields stand one below the other with the same indent",
        "chữ có dấu hai chấm đặt trong ngoặc kép; các trường thẳng cột với nhau",
    ),
    "cannot start any token": (
        "a text that begins with @, ` or % stands in quotes; indent with spaces, not tabs",
        "chữ bắt đầu bằng @, ` hoặc % đặt trong ngoặc kép; thụt dòng bằng dấu cách, không dùng Tab",
    ),
    "tab character": ("indent with spaces, not tabs", "thụt dòng bằng dấu cách, không dùng Tab"),
    "expected <block end>": (
        "fields of one level stand in one column; a text with a quote inside stands in other quotes",
        "các trường cùng cấp thẳng một cột; chữ có dấu ngoặc bên trong đặt trong loại ngoặc khác",
    ),
    "could not find expected": (
        "a bracket, a quote or the colon after a name is missing",
        "thiếu dấu ngoặc, dấu nháy hoặc dấu hai chấm sau tên trường",
    ),
    "did not find expected": (
        "a bracket, a quote or a comma is missing, or the indent differs from the lines above",
        "thiếu dấu ngoặc, dấu nháy hoặc dấu phẩy, hoặc thụt dòng khác các dòng trên",
    ),
    "stands twice": ("keep one of the two", "giữ một trong hai"),
    "no day of the calendar": ("", "ngày này không có trên lịch: viết năm-tháng-ngày như 2026-02-28"),
}


def _unreadable(path: Path, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    why = str(getattr(error, "problem", None) or error)
    en, vi = next((remedy for words, remedy in _REMEDIES.items() if words in why), ("", ""))
    message = both(
        f"not readable as YAML: {why}{en and f' – {en}'}",
        f"không đọc được YAML{f': {vi}' if vi else f': {why}'}",
    )
    return Problem(path, mark.line + 1 if mark else 1, message)


def key_line(path: Path, *keys: str | int) -> int:
    """Line of a key in a readable content file (`key_line(path, "versions", 0, "data")`); of its nearest
    parent that is there, else 1.
    """
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    known = lines_of(node)
    place, line = "$", known.get("$", 1)
    for key in keys:
        place += f"[{key}]" if isinstance(key, int) else f".{key}"
        if place not in known:
            break
        line = known[place]
    return line


def word_line(path: Path, word: str) -> int:
    """The first line of a file that holds this word, else 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if word in line), 1)


_STEP = re.compile(r"\.([^.\[`]+)|\[(\d+)\]|\[(\.\.\.)\]")
Keys = tuple[Any, ...]


def _keys(data: object, kind: type, error: msgspec.ValidationError) -> Keys:
    """Where in the file msgspec's complaint is: the keys to the value, to the unknown field, or to what lacks one."""
    message, _, place = str(error).partition(" - at `")
    steps = _STEP.findall(place)
    keys: Keys = tuple(int(index) if index else ... if any_key else name for name, index, any_key in steps)
    if place.startswith("key`"):
        keys = (*keys, ...)
    while ... in keys:
        keys = _found(data, kind, keys, str(error))
    if field := complaints.UNKNOWN.search(message):
        keys = (*keys, field[1])
    return keys


def _line(node: yaml.Node | None, data: object, keys: Keys, error: msgspec.ValidationError) -> int:
    """Line of what these keys lead to, of the field a rule on several names, or of the nearest above."""
    known = lines_of(node)
    inside = complaints.at_keys(data, keys)
    if isinstance(inside, Mapping):
        # A rule on several fields names the one it is about: "a rule needs two tests".
        words = re.findall(r"\w+", str(error).partition(" - at `")[0])
        keys = next(((*keys, word) for word in words if word in inside), keys)
    for length in range(len(keys), -1, -1):
        place = "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys[:length])
        if place in known:
            return known[place]
    return 1


def _found(data: object, kind: type, keys: Keys, complaint: str) -> Keys:
    """msgspec writes `[...]` for any key of a mapping: find it by leaving each key alone in its mapping."""
    at = keys.index(...)
    mapping: Any = data
    for key in keys[:at]:
        mapping = mapping[key]
    for key in mapping if isinstance(mapping, Mapping) else ():
        try:
            _convert_to(kind, _with(data, keys[:at], {key: mapping[key]}))
        except msgspec.ValidationError as error:
            # The same words at the same place: another rule may forbid that the others are missing.
            if str(error) == complaint:
                return (*keys[:at], key, *keys[at + 1 :])
    return keys[:at]


def _with(data: Any, keys: Keys, value: object) -> object:
    """`data` with another value at this place."""
    if not keys:
        return value
    copy = dict(data) if isinstance(data, Mapping) else list(data)
    copy[keys[0]] = _with(data[keys[0]], keys[1:], value)
    return copy
