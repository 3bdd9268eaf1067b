"""Pages and files for everybody: what is open, as it is published, now or at an earlier instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from haidang.engine.boards.asof import instant_from, not_past, refused_file
from haidang.engine.boards.frame import theme_of
from haidang.engine.contracts.reading import Text
from haidang.engine.opendata import bundles, pages
from haidang.engine.opendata.datasets import Dataset, opened
from haidang.engine.opendata.editions import Edition, NotOpenThen, edition_of, editions
from haidang.engine.opendata.files import FILES
from haidang.engine.opendata.opened import LANGUAGES, etag, public
from haidang.engine.opendata.pace import FILES as FILES_A_MINUTE
from haidang.engine.opendata.pace import PAGES as PAGES_A_MINUTE
from haidang.engine.opendata.pace import at_most
from haidang.engine.store.epochs import FutureQuestion

# The web process hands such a file out itself, so that a slow reader holds no thread of the pages.
HANDED = "X-Haidang-File"
LONGEST_QUERY = 100


@at_most(PAGES_A_MINUTE)
@public
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """Everything that is open, by domain; searched without tones."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    domain = request.GET.get("domain", "")[:LONGEST_QUERY]
    found = pages.catalogue(query, domain)
    domains = [
        (name, title, count, _asking(request, domain=name)) for name, title, count in found.all_domains
    ]
    context = {
        "found": found, "query": query, "domain": domain, "domains": domains, "every_url": _asking(request, domain=""),
        "asked": [(name, request.GET[name]) for name in ("domain", "lang", "theme") if request.GET.get(name)],
    }  # fmt: skip
    return _page(request, "opendata/catalogue.html", context)


@at_most(PAGES_A_MINUTE)
@public
def dataset(request: HttpRequest, address: str) -> HttpResponseBase:
    """One data set: what it is, its newest numbers, its editions and its files."""
    one = _found(address)
    asked = _as_of(request)
    if isinstance(asked, HttpResponse):
        return asked
    edition = _edition(one, asked)
    context = {
        "one": one, "edition": edition, "shown": pages.shown(one, edition), "cycle": pages.cycle_word(one),
        "editions": editions(one, edition), "files": _links(one, edition), "licence": one.licence,
        "pinned": "" if edition.is_newest else edition.as_of,
    }  # fmt: skip
    return _page(request, "opendata/dataset.html", context)


@at_most(FILES_A_MINUTE)
@public
def file(request: HttpRequest, address: str, name: str) -> HttpResponseBase:
    """One file of one edition; the same edition is the same bytes."""
    if name not in FILES:
        raise Http404(name)
    one = _found(address)
    asked = _as_of(request)
    if isinstance(asked, HttpResponse):
        return asked
    wanted = bundles.of_dataset(FILES[name], one, _edition(one, asked), homepage(one))
    return _handed(request, wanted, f"{one.address}.{FILES[name].ending}", "attachment")


@at_most(FILES_A_MINUTE)
@public
def catalogue_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The catalogue for other catalogues: DCAT as JSON-LD or Turtle."""
    if request.GET.get("as_of"):
        return refused_file(_("Danh mục chỉ có bản hiện tại; hỏi lại từng bộ dữ liệu bằng as_of."))
    every = opened()
    wanted = bundles.of_catalogue(form, every, pages.known(every), home(), homepages(every))
    return _handed(request, wanted, f"catalog.{form}", "inline")


# --- what is asked for ------------------------------------------------------------------------------------
def _found(address: str) -> Dataset:
    """Raises Http404 alike for what is closed and for what does not exist."""
    one = opened().get(address)
    if one is None:
        raise Http404(address)
    return one


def home() -> str:
    """The address of the catalogue, as the world sees it."""
    return str(settings.HAIDANG_PUBLIC_URL) + reverse("opendata:catalogue")


def homepages(every: Mapping[str, Dataset]) -> dict[str, str]:
    return {address: homepage(one) for address, one in every.items()}


def homepage(one: Dataset) -> str:
    """The address of its page, as the world sees it."""
    return str(settings.HAIDANG_PUBLIC_URL) + reverse("opendata:dataset", args=[one.address])


def _as_of(request: HttpRequest) -> datetime | HttpResponse | None:
    """The instant asked for; refused with a sentence where it is none: a file of now would be taken for one of then."""
    text = request.GET.get("as_of", "")
    words = not_past(text)
    return refused_file(words) if words else instant_from(text)


def _edition(one: Dataset, as_of: datetime | None) -> Edition:
    """Raises Http404 for an edition from before it was open."""
    try:
        return edition_of(one, as_of)
    except (NotOpenThen, FutureQuestion) as error:
        raise Http404(one.address) from error


# --- answers ----------------------------------------------------------------------------------------------
def _links(one: Dataset, edition: Edition) -> list[tuple[Text, str, str]]:
    """Title, name and address of each file; of an earlier edition pinned to it."""
    pinned = "" if edition.is_newest or not edition.as_of else f"?as_of={edition.as_of}"
    return [
        (
            bundles.TITLES[entry.form],
            entry.name,
            reverse("opendata:file", args=[one.address, entry.name]) + pinned,
        )
        for entry in FILES.values()
    ]


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponseBase:
    """A page for everybody, with an ETag of what it says."""
    language, theme = translation.get_language() or "vi", theme_of(request)[1]
    theme = request.GET["theme"] if request.GET.get("theme") in ("day", "night") else theme
    context |= {"theme": theme, "links": _switches(request, language, theme), "kept": _kept(request)}
    response = render(request, template, context)
    tag = etag(response.content.decode())
    again = get_conditional_response(request, etag=tag, response=response)
    found = again if again is not None else response
    found.headers["ETag"] = tag
    return found


def _kept(request: HttpRequest) -> str:
    """What goes on with every link: language and colours, as they were asked for."""
    query = request.GET.copy()
    for name in [name for name in query if name not in ("lang", "theme")]:
        del query[name]
    return f"?{query.urlencode()}" if query else ""


def _switches(request: HttpRequest, language: str, theme: str) -> dict[str, list[tuple[str, str, str, bool]]]:
    """Links to this page in another language and other colours: value, word, address, whether it is this one."""

    tongues = dict(settings.LANGUAGES)
    shades = {"day": _("Ngày"), "night": _("Đêm")}
    return {
        "languages": [
            (code, tongues[code], _asking(request, lang=code), code == language) for code in LANGUAGES
        ],
        "themes": [
            (value, word, _asking(request, theme=value), value == theme) for value, word in shades.items()
        ],
    }


def _asking(request: HttpRequest, **more: str) -> str:
    """This page, asked for with something else; what is empty is left out."""
    query = request.GET.copy()
    for name, value in more.items():
        query[name] = value
        if not value:
            del query[name]
    return f"?{query.urlencode()}"


def _handed(request: HttpRequest, wanted: bundles.Bundle, name: str, how: str) -> HttpResponseBase:
    """The file, made where it is not there yet; 304 where the asker has it."""
    tag = etag(wanted.key)
    headers = {
        "ETag": tag,
        # Whoever draws a chart from it stands on another site.
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    again = get_conditional_response(request, etag=tag)
    if isinstance(again, HttpResponseNotModified):
        for key, value in headers.items():
            again.headers[key] = value
        return again
    path = wanted.path()
    response = FileResponse(path.open("rb"), content_type=wanted.content_type, headers=headers)
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    response.headers[HANDED] = str(path)
    return response
