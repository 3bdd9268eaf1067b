"""What `haidang check` says of content it says in English and in Vietnamese: no sentence stands there in one alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[1]
# What carries a sentence about content to whoever asked, and which of its arguments is the sentence.
CARRIERS = {
    "Problem": 2, "BuildError": 1, "ContentError": -1, "Clash": 2, "FormulaError": 0, "NoHours": 0, "problem": 0,
    "complain": -1, "at": -1,
}  # fmt: skip


def sentences(tree: ast.AST, *, answers: bool) -> Iterator[ast.expr]:
    """Of what a module says: arguments of carriers, one of a pair that is yielded, and what is returned if `answers`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
            yield from node.value.elts
        elif isinstance(node, ast.Return) and answers and node.value is not None:
            yield node.value
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = CARRIERS.get(name)
            if at is not None and node.args and at < len(node.args):
                yield node.args[at]


def of_one_language(source: str, *, answers: bool = False) -> list[tuple[int, str]]:
    """Sentences written outright instead of by `both`: line and text. Where one stands in a ternary, it too."""
    found = []
    for said in sentences(ast.parse(source), answers=answers):
        ways = (said.body, said.orelse) if isinstance(said, ast.IfExp) else (said,)
        for one in ways:
            parts = one.values if isinstance(one, ast.JoinedStr) else [one]
            text = "".join(
                part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )
            if " " in text.strip() and any(letter.isalpha() for letter in text):
                found.append((one.lineno, text))
    return found


def test_no_sentence_about_content_is_in_one_language() -> None:
    wrong = []
    for path in sorted(ENGINE.rglob("*.py")):
        if path.name.startswith(("test_", "conftest")) or "test_data" in path.parts:
            continue
        answers = path.stem.endswith(("_misfits", "_fits"))
        for line, text in of_one_language(path.read_text(encoding="utf-8"), answers=answers):
            wrong.append(f"{path.relative_to(ENGINE)}:{line}: {text}")
    assert not wrong, "write both(english, vietnamese):\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("yield keys, f'cột {name} trống rồi'", 1),
        ("yield 'cột này trống', keys", 1),
        ("yield keys, both('no column', 'không có cột')", 0),
        ("raise NoHours(f'no file has {words}')", 1),
        ("Problem(path, 3, 'no such file' if gone else both('empty file', 'tệp trống'))", 1),
        ("Clash(address, ('offices', 1), message)", 0),
        ("def f():\n  return 'no column of it'", 1),
    ],
)
def test_the_walk_sees_them(source: str, said: int) -> None:
    assert len(of_one_language(source, answers=True)) == said
