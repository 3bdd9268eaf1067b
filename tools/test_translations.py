"""No word on a screen escapes translation, and English says all of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tools.translations import PACKAGE, PROJECT, problems, sources

VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
# Attributes that people read or hear.
SAID = re.compile(r'\b(?:title|alt|placeholder|aria-label|aria-description|label)="([^"]*)"')
# Both languages stand side by side in these.
BILINGUAL = {"Text", "Reason", "Answer", "both", "InBoth"}
MARKED = {
    "_",
    "gettext",
    "ngettext",
    "pgettext",
    "gettext_lazy",
    "ngettext_lazy",
    "pgettext_lazy",
    "gettext_noop",
    "_t",
    "said",
}
# Names are the same in every language.
NAMES = re.compile(
    r"Hải Đăng|Tiếng Việt|English|AQI|EEMUA \d+|SHA-256|PM2\.5|[A-ZĐ]+_[A-Z_]+|Việt Nam|Hoàng Sa|Trường Sa|°[ĐB]"
)
# Words that are not for screens: sort orders and spellings of data, and what a process says to its operator's log.
NOT_ON_SCREENS = ("engine/places/", "demo/", "config/", "engine/checks/", "engine/connectors/", "engine/contracts/",
                  "engine/indicators/count_misfits.py", "engine/wire/", "domains/")  # fmt: skip

# What is written into the record stays as it was written, in the language of the centre. Sentences of the logs that
# operators read are `said(…)`, with their English; these remain: they are data, and screens of any language show them.
# Words of units are read out of contents, and said in English by the table beside them.
RECORDED = ("engine/incidents/chain.py", "engine/incidents/timeline.py", "engine/alarms/actions.py",
            "engine/people/actions.py", "engine/people/adapters.py", "engine/boards/sources/trial.py", "engine/reconciliation/units.py")  # fmt: skip


def test_english_says_everything() -> None:
    assert problems("en") == []


def _bare_words(path: Path) -> Iterator[str]:
    """Text of a template that stands outside of every translate tag."""
    inside = False
    for token in Lexer(path.read_text()).tokenize():
        name = token.contents.split(" ")[0] if token.token_type is TokenType.BLOCK else ""
        if name in ("blocktranslate", "blocktrans", "comment"):
            inside = True
        elif name in ("endblocktranslate", "endblocktrans", "endcomment"):
            inside = False
        elif token.token_type is TokenType.TEXT and not inside:
            text = re.sub(r"<!--.*?-->", " ", token.contents, flags=re.DOTALL)
            yield from (match for match in SAID.findall(text))
            yield from re.split(r"<[^>]*>|^[^<]*>|<[^>]*$", text)


@pytest.mark.parametrize(
    "path",
    [p for p in sources() if p.suffix == ".html"],
    ids=lambda p: p.name,
)
def test_a_template_has_no_words_of_its_own(path: Path) -> None:
    found = [text.strip() for text in _bare_words(path) if VIETNAMESE.search(NAMES.sub("", text))]
    assert found == [], f"{path.relative_to(PROJECT)}: put these into {{% translate %}}"


def _strings(tree: ast.AST, lines: list[str], marked: bool = False) -> Iterator[ast.Constant]:
    """String constants outside of gettext calls, docstrings apart, and statements under a line `# i18n: data`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        within = marked or (
            isinstance(node, ast.Call) and getattr(node.func, "id", "") in (MARKED | BILINGUAL)
        )
        if isinstance(node, ast.stmt) and lines[node.lineno - 2].lstrip().startswith("# i18n: data"):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not marked:
            yield node
        yield from _strings(node, lines, within)


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in sources()
        if p.suffix == ".py"
        and not p.relative_to(PACKAGE).as_posix().startswith((*NOT_ON_SCREENS, *RECORDED))
    ],
    ids=lambda p: p.relative_to(PACKAGE).as_posix(),
)
def test_code_marks_its_vietnamese_for_translation(path: Path) -> None:
    text = path.read_text()
    found = [
        f"{node.lineno}: {node.value!r}"
        for node in _strings(ast.parse(text), text.splitlines())
        if VIETNAMESE.search(NAMES.sub("", str(node.value))) and "i18n: data" not in _line(path, node.lineno)
    ]
    assert found == [], f"{path.relative_to(PROJECT)}: wrap these in gettext"


def _line(path: Path, number: int) -> str:
    return path.read_text().splitlines()[number - 1]
