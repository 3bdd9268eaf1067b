"""What is the matter with a field of a content file, in words: the field, what stands there, what is allowed, the remedy.

msgspec says “Invalid value 'shet'” and a path. Whoever writes content by hand needs the field by its name and the
choices it has. English first, as the rest of `haidang check` speaks, then Vietnamese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec
from msgspec import inspect

from haidang.engine.both import both

Keys = tuple[Any, ...]
# Of a type: what is wanted, in English and Vietnamese.
# i18n: data – both languages stand beside each other
_WANTED = {
    "int": ("a whole number", "số nguyên"),
    "float": ("a number, with a point as 1.5", "số, viết dấu chấm như 1.5"),
    "str": ("a text", "chữ"),
    "bool": ("true or false", "true hoặc false"),
    "array": ("a list such as [a, b]", "danh sách như [a, b]"),
    "object": ("fields such as name: value", "các trường như tên: giá trị"),
    "date": ("a day as 2026-11-30", "ngày viết như 2026-11-30"),
    "datetime": ("a moment as 2026-11-30T08:00:00+07:00", "thời điểm viết như 2026-11-30T08:00:00+07:00"),
    "null": ("nothing", "để trống"),
}
# i18n: data – both languages stand beside each other
_BOUNDS = {
    ">=": ("at least", "từ"),
    ">": ("above", "lớn hơn"),
    "<=": ("at most", "không quá"),
    "<": ("below", "nhỏ hơn"),
}
_EXPECTED = re.compile(r"^Expected `([^`]+)`, got `([^`]+)`$")
_BOUND = re.compile(r"^Expected `(\w+)`( of length)? (>=|>|<=|<) (\S+)$")
_PATTERN = re.compile(r"^Expected `str` matching regex (.+)$")
_MISSING = re.compile(r"missing required field `([^`]+)`")
UNKNOWN = re.compile(r"unknown field `([^`]+)`")


class InBoth(ValueError):
    """What does not hold, said in both languages by whoever knows."""

    def __init__(self, en: str, vi: str) -> None:
        super().__init__(en)
        self.vi = vi


def told(error: msgspec.ValidationError, kind: Any, data: Any, keys: Keys) -> str:
    """One line for people. `keys` lead to what is complained of: a value, or a mapping that lacks a field."""
    message, _, place = str(error).partition(" - at `")
    field = ".".join(map(str, keys))
    at = f"`{field}`: " if field else ""
    # Of a mapping whose name for an entry does not hold, the name is what stands there.
    value = keys[-1] if place.startswith("key`") and keys else at_keys(data, keys)
    pair = _of_fields(message, kind, data, keys) or _of_value(message, kind, data, keys, value)
    if pair is None:
        vi = error.__cause__.vi if isinstance(error.__cause__, InBoth) else ""
        # A rule on several fields names them itself, and stands at the file or at the whole of an entry.
        at = "" if not keys or isinstance(at_keys(data, keys), Mapping | list) else at
        return _joined(f"{at}{message}", f"{at}{vi}" if vi else "")
    return _joined(f"{at}{pair[0]}", f"{at}{pair[1]}")


def _joined(en: str, vi: str) -> str:
    return both(en, vi) if vi else en


def _of_fields(message: str, kind: Any, data: Any, keys: Keys) -> tuple[str, str] | None:
    """A field too many, or one too few."""
    if found := UNKNOWN.search(message):
        name, allowed = found[1], _fields(kind, data, keys[:-1])
        en = vi = ""
        if re.search(r"[^\w-]", name):
            en, vi = " (a text with a comma stands in quotes)", " (chữ có dấu phẩy đặt trong ngoặc kép)"
        near_en, near_vi = _near(name, allowed)
        listed = ", ".join(allowed)
        return (
            f"unknown field `{name}`{en}{near_en}; allowed here: {listed}",
            f"không có trường này ở đây{vi}{near_vi}; các trường được phép: {listed}",
        )
    if found := _MISSING.search(message):
        choices = _tags(kind, data, keys, found[1])
        one = f" `{found[1]}: {' | '.join(choices)}`" if choices else f" `{found[1]}: …`"
        return f"missing required field `{found[1]}`: write{one}", f"thiếu trường `{found[1]}`: thêm{one}"
    return None


def _of_value(message: str, kind: Any, data: Any, keys: Keys, value: Any) -> tuple[str, str] | None:
    shown = _shown(value)
    if message.startswith(("Invalid enum value", "Invalid value")):
        choices = _choices(kind, data, keys) or _tags(kind, data, keys[:-1], keys[-1] if keys else "")
        listed = ", ".join(choices)
        near_en, near_vi = _near(str(value), choices)
        return (
            f"{shown} is none of: {listed}{near_en}",
            f"{shown} không phải một trong: {listed}{near_vi}",
        )
    if found := _EXPECTED.match(message):
        return _of_type(found[1], found[2], value)
    if message.startswith("Invalid RFC3339"):
        en, vi = _WANTED[message.rpartition(" ")[2] if message.endswith("datetime") else "date"]
        return f"{shown} must be {en}", f"{shown} phải là {vi}"
    if found := _BOUND.match(message):
        en, vi = _BOUNDS[found[3]]
        if found[2]:
            many_en, many_vi = ("letters", "chữ") if found[1] == "str" else ("entries", "mục")
            return f"must have {en} {found[4]} {many_en}", f"phải có {vi} {found[4]} {many_vi}"
        both = _range(kind, data, keys)
        return (
            f"{shown} must be {en} {found[4]}{both and f' ({both})'}",
            f"{shown} phải {vi} {found[4]}{' trở lên' if found[3] == '>=' else ''}{both and f' ({both})'}",
        )
    if found := _PATTERN.match(message):
        return f"{shown} does not match {found[1]}", f"{shown} không đúng mẫu {found[1]}"
    return None


def _of_type(wanted: str, got: str, value: Any) -> tuple[str, str]:
    names = [name for name in wanted.split(" | ") if name != "null"] or ["null"]
    en = " or ".join(_WANTED.get(name, (name, name))[0] for name in names)
    vi = " hoặc ".join(_WANTED.get(name, (name, name))[1] for name in names)
    shown = _shown(value)
    if "str" in names and got in ("int", "float", "bool", "date", "datetime"):
        quoted = f'"{value}"' if got != "bool" else f'"{shown}"'
        return (
            f"{shown} must be {en}: put it in quotes, {quoted}",
            f"{shown} phải là {vi}: đặt trong ngoặc kép, {quoted}",
        )
    return f"must be {en}, not {shown}", f"phải là {vi}, không phải {shown}"


def _shown(value: Any) -> str:
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else f"{value[:60]}…")
    if isinstance(value, Mapping):
        return "{…}"
    return "[…]" if isinstance(value, list) else str(value)


def _near(word: str, among: list[str]) -> tuple[str, str]:
    """Whether one of these was probably meant."""
    lower = {one.lower(): one for one in among}
    found = get_close_matches(word.lower(), lower, n=1)
    if not found:
        return "", ""
    return f", did you mean {lower[found[0]]}?", f", có phải ý là {lower[found[0]]}?"


# --- what the structure allows ----------------------------------------------------------------------------
def at_keys(data: Any, keys: Keys) -> Any:
    """What stands at this place; None where nothing does."""
    for key in keys:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _flat(one: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(one, inspect.UnionType):
        for inner in one.types:
            yield from _flat(inner)
    elif isinstance(one, inspect.Metadata):
        yield from _flat(one.type)
    else:
        yield one


def _types(kind: Any, data: Any, keys: Keys) -> list[inspect.Type]:
    """What may stand at this place; of several structures the one the tag of the data names."""
    found = list(_flat(inspect.type_info(kind)))
    for depth, key in enumerate(keys):
        here = at_keys(data, keys[:depth])
        found = [inner for one in found for inner in _inside(one, key, here)]
    return found


def _inside(one: inspect.Type, key: Any, here: Any) -> Iterator[inspect.Type]:
    if isinstance(one, inspect.StructType):
        if one.tag_field and isinstance(here, Mapping) and here.get(one.tag_field, one.tag) != one.tag:
            return
        for field in one.fields:
            if field.encode_name == key:
                yield from _flat(field.type)
    elif isinstance(one, inspect.DictType):
        yield from _flat(one.value_type)
    elif isinstance(one, inspect.ListType | inspect.VarTupleType | inspect.SetType | inspect.FrozenSetType):
        yield from _flat(one.item_type)
    elif isinstance(one, inspect.TupleType) and isinstance(key, int) and key < len(one.item_types):
        yield from _flat(one.item_types[key])


def _structures(kind: Any, data: Any, keys: Keys) -> Iterator[inspect.StructType]:
    yield from (one for one in _types(kind, data, keys) if isinstance(one, inspect.StructType))


def _choices(kind: Any, data: Any, keys: Keys) -> list[str]:
    found: list[str] = []
    for one in _types(kind, data, keys):
        if isinstance(one, inspect.LiteralType):
            found += map(str, one.values)
        elif isinstance(one, inspect.EnumType):
            found += (str(member.value) for member in one.cls)
    return list(dict.fromkeys(found))


def _tags(kind: Any, data: Any, keys: Keys, field: str) -> list[str]:
    """The kinds a mapping may say to be by this field."""
    return [str(one.tag) for one in _structures(kind, data, keys) if one.tag_field == field]


def _fields(kind: Any, data: Any, keys: Keys) -> list[str]:
    """Names allowed in the mapping at this place, as its structure lists them."""
    mapping = at_keys(data, keys)
    found: list[str] = []
    for one in _structures(kind, data, keys):
        if one.tag_field:
            if isinstance(mapping, Mapping) and mapping.get(one.tag_field, one.tag) != one.tag:
                continue
            found.append(one.tag_field)
        found += (field.encode_name for field in one.fields)
    return list(dict.fromkeys(found))


def _range(kind: Any, data: Any, keys: Keys) -> str:
    """`0 … 366` where a number has both bounds."""
    for one in _types(kind, data, keys):
        if isinstance(one, inspect.IntType | inspect.FloatType):
            low = one.ge if one.ge is not None else one.gt
            high = one.le if one.le is not None else one.lt
            if low is not None and high is not None:
                return f"{low} … {high}"
    return ""
