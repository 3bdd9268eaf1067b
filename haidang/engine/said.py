"""What is written into a log: Vietnamese as it was said, with its parts, so that another language can be composed.

A log never changes. Its text stays what was written that day; beside it stands the sentence with its parts, from
which a screen in another language makes its own. Lines without (older ones, what people typed) show their text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

WRITTEN = "vi"
# Parts that are no words of any language.
PLAIN = frozenset({"code", "n", "time", "file", "minutes"})
Kept = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the catalogue and what fills it: numbers, what somebody wrote, or `{"vi": …, "en": …}`."""

    sentence: str
    parts: Kept

    def __str__(self) -> str:
        """As it is kept: in Vietnamese, whatever language the writer's screen has."""
        with override(WRITTEN):
            return _(self.sentence) % {name: _in(WRITTEN, part) for name, part in self.parts.items()}

    def kept(self) -> Kept:
        return {"sentence": self.sentence, "parts": self.parts}


def said(sentence: str, /, **parts: Any) -> Said:
    """The first argument is extracted for translation (tools/translations.py)."""
    return Said(sentence, parts)


def kept(text: str | Said) -> Kept | None:
    return text.kept() if isinstance(text, Said) else None


def told(text: str, of: Mapping[str, Any] | None) -> str:
    """A kept line for the screen's language; what cannot be composed any more stays as it was written."""
    language = get_language() or WRITTEN
    if not of or language == WRITTEN:
        return text
    try:
        sentence, parts = of["sentence"], of["parts"]
        return _(sentence) % {name: _in(language, part) for name, part in parts.items()}
    except (KeyError, TypeError, ValueError):
        return text


def told_html(text: str, of: Mapping[str, Any] | None) -> SafeString:
    """The same with what people wrote marked as Vietnamese, so that it is read aloud as such."""
    language = get_language() or WRITTEN
    if language == WRITTEN:
        return conditional_escape(text)
    try:
        if of:
            sentence = of["sentence"]
            parts = {name: _marked(language, name, part) for name, part in of["parts"].items()}
            return mark_safe(conditional_escape(_(sentence)) % parts)  # noqa: S308 - each part is escaped
    except (KeyError, TypeError, ValueError):
        pass
    return vietnamese(text)


def vietnamese(text: str) -> SafeString:
    """Data of the province on a page of another language."""
    return format_html('<span lang="vi">{}</span>', text)


def in_vietnamese(text: str) -> SafeString:
    """What somebody of the province wrote: marked as Vietnamese on a page of another language."""
    return conditional_escape(text) if not text or get_language() == WRITTEN else vietnamese(text)


def either(vi: str, en: str) -> str:
    """Of two texts that stand side by side the one of the screen's language, where there is one."""
    return en if en and get_language() == "en" else vi


def _in(language: str, part: Any) -> Any:
    return (part.get(language) or part[WRITTEN]) if isinstance(part, dict) else part


def _marked(language: str, name: str, part: Any) -> Any:
    if name in PLAIN or isinstance(part, int | float) or (isinstance(part, dict) and part.get(language)):
        return conditional_escape(str(_in(language, part)))
    return vietnamese(str(_in(language, part)))
