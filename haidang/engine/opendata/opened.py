"""The door of what is public: anybody may come, by GET only, and gets the same as everybody else.

Nothing here looks at who asks: neither session nor rights. So an answer may be kept by whoever stands between, and is
told from the next one by its ETag.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from haidang.engine.boards.asof import looks_back

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
# Whoever comes within it sees the page of a minute ago; a correction must not wait longer than that.
KEPT_FOR = 60
LANGUAGES = ("vi", "en")


def public(view: View[P]) -> View[P]:
    """Mark a view that anybody may see, in the language its address asks for."""

    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with translation.override(language_of(request)):
            response = view(request, *args, **kwargs)
            response.headers["Content-Language"] = translation.get_language()
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=KEPT_FOR)
        return response

    # `as_of` is read here or refused with a sentence, never dropped without a word.
    return looks_back(require_safe(opened))


def language_of(request: HttpRequest) -> str:
    """`?lang=en`; else what this browser chose, else Vietnamese."""
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else translation.get_language() or LANGUAGES[0]


def etag(*told: str) -> str:
    from haidang.engine.opendata.shelf import name_of

    return quote_etag(name_of(*told, ending="v1"))
