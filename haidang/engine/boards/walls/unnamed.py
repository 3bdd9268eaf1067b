"""Free text as a screen in public view may show it: telephone and identity numbers dotted, names shortened."""

from __future__ import annotations

import re

from django.core.cache import cache

from haidang.engine.people.masking import masked
from haidang.engine.people.models import Person

KEPT_S = 60


def short_name(name: str) -> str:
    """`Nguyễn Văn An` → `N. V. An`: colleagues know who it is, a visitor does not."""
    *before, last = name.split() or [""]
    return " ".join([*(f"{word[0]}." for word in before), last])


def unnamed(text: str) -> str:
    """The text without numbers of people, and with the known people's names shortened."""
    shown = str(masked(text))
    for name in _names():
        if name in shown:
            shown = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", short_name(name), shown)
    return shown


def _names() -> list[str]:
    """Longest first, so that a name within another does not break it. Names of one word say nothing."""
    found: list[str] | None = cache.get("walls.names")
    if found is None:
        names = Person.objects.values_list("name", flat=True).distinct()
        found = sorted((name for name in names if " " in name.strip()), key=len, reverse=True)
        cache.set("walls.names", found, KEPT_S)
    return found
