"""The log speaks Vietnamese: whatever our code writes into it has words, so that no screen shows a name of ours."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from haidang.engine.people.verbs import KEYS, KINDS, VERBS

CODE = Path(__file__).parents[2]


def calls() -> Iterator[tuple[str, ast.FunctionDef, dict[str, ast.expr]]]:
    """Every call of `record` in our code: where, within which function, its arguments by name."""
    for path in sorted(CODE.rglob("*.py")):
        if path.name.startswith(("test_", "conftest")):
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in ast.walk(function):
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Name)
                    and call.func.id == "record"
                ):
                    given = {one.arg: one.value for one in call.keywords if one.arg}
                    yield f"{path.relative_to(CODE)}:{call.lineno}", function, given


def texts(thing: ast.expr | None) -> Iterator[str]:
    if isinstance(thing, ast.Constant) and isinstance(thing.value, str):
        yield thing.value
    elif isinstance(thing, ast.IfExp):
        yield from texts(thing.body)
        yield from texts(thing.orelse)


def keys(detail: ast.expr | None, function: ast.FunctionDef) -> Iterator[str]:
    """Of a detail as it is written, or as it was put into a variable before."""
    if isinstance(detail, ast.Name):
        for one in ast.walk(function):
            if isinstance(one, ast.Assign) and any(
                isinstance(name, ast.Name) and name.id == detail.id for name in one.targets
            ):
                yield from keys(one.value, function)
    if isinstance(detail, ast.Dict):
        for key in detail.keys:
            yield from texts(key)
    elif isinstance(detail, ast.BinOp):
        yield from keys(detail.left, function)
        yield from keys(detail.right, function)
    elif isinstance(detail, ast.IfExp):
        yield from keys(detail.body, function)


def test_every_act_that_is_written_down_has_words() -> None:
    found = list(calls())
    assert len(found) > 40
    wordless = []
    for where, function, given in found:
        wordless += [(where, "verb", verb) for verb in texts(given.get("verb")) if verb not in VERBS]
        wordless += [(where, "key", key) for key in keys(given.get("detail"), function) if key not in KEYS]
        if isinstance(about := given.get("object"), ast.Tuple):
            wordless += [(where, "kind", kind) for kind in texts(about.elts[0]) if kind not in KINDS]
    assert not wordless


def test_every_thing_with_a_page_of_its_own_has_a_word() -> None:
    """An act names its object by the model: what people look at is what they decide on."""
    labels = {
        model._meta.label_lower
        for model in apps.get_models()
        if model.__module__.startswith("haidang.") and hasattr(model, "get_absolute_url")
    }
    assert "reports.report" in labels
    assert not labels - KINDS.keys()
