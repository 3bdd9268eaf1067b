"""The first-run card for the overview."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def door_word(door: str) -> str:
    """`push` → HTTP."""
    from haidang.engine.boards.sources.desk import DOOR_WORDS

    return gettext(DOOR_WORDS.get(door, door))


@register.inclusion_tag("boards/sources/_first_run.html", takes_context=True)
def first_run(context: dict[str, Any]) -> dict[str, object]:
    """Nothing for those who do not run the system, and after it was put away."""
    from haidang.engine.boards.sources import first_run as steps

    request = context["request"]
    wanted = steps.is_wanted(request)
    return {
        "card": steps.card() if wanted else None,
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }
