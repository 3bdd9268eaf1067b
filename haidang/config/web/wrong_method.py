"""A page instead of an empty answer where somebody opens the address of a button: typed, reloaded, or from a history."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from haidang.engine.people.rights import is_api


class SaidWrongMethod:
    """405 says what this address is for and leads to the page the button stands on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        # Only what a person opens: the open pages answer a stranger's form with nothing, and set no cookie.
        by_hand = (
            request.method == "GET"
            and request.accepts("text/html")
            and not (is_api(request) or request.headers.get("HX-Request"))
        )
        if answer.status_code != 405 or answer.streaming or answer.content or not by_hand:
            return answer
        page = render(request, "405.html", {"above": above(request.path)}, status=405)
        page["Allow"] = answer.get("Allow", "")
        return page


def above(path: str) -> str:
    """The nearest page over this address that can be opened; the first one where there is none."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            found = resolve(path)
        except Resolver404:
            continue
        if _is_opened(found.func):
            return path
    return "/"


def _is_opened(view: Any) -> bool:
    """Whether it answers GET: none of what it is wrapped in (`require_POST`) says that it takes other methods alone."""
    while view is not None:
        if made_of := getattr(view, "view_class", None):
            return hasattr(made_of, "get")
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None and "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True
