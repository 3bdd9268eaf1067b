"""No text of ours holds the character NUL, and the record can keep none: who sends one is told so before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from haidang.engine.people.rights import is_api


class WithoutNul:
    """Middleware: an address with the character is refused at once, a form with it before its view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return _refuse(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, *_more: Any) -> HttpResponse | None:
        texts = [text for _name, given in request.POST.lists() for text in given]
        return _refuse(request) if any("\0" in text for text in texts) else None


def _refuse(request: HttpRequest) -> HttpResponse:
    words = _("Có ký tự NUL (mã 0) trong địa chỉ hoặc trong chữ gửi lên. Bỏ ký tự đó rồi gửi lại.")
    if is_api(request) or request.headers.get("HX-Request"):
        return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")
    return render(request, "400.html", {"words": words}, status=400)
