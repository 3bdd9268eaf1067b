"""Marks a view whose fragment is the same for everybody with the same rights."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase

SHARED_HEADER = "X-Fragment-Shared"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def shared_fragment(view: View[P]) -> View[P]:
    """Let the web process hand one rendering to all live screens of the same rights, language and version.

    The view may depend on its address, the person's grants and the language; not on who exactly asks, on the
    session or on cookies. Tokens of forms are taken out of the copies; the page puts its own in.
    """

    @wraps(view)
    def marked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response[SHARED_HEADER] = "1"
        return response

    return marked
