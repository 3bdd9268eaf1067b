"""The page of the audit log: filters, personal data masked, a look behind the mask is itself an act."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haidang.engine import clock
from haidang.engine.audit.models import Act, Seal
from haidang.engine.people.actions import COMMAND_LINE
from haidang.engine.people.admin_forms import LogFilter
from haidang.engine.people.masking import PURPOSES, masked, reveal
from haidang.engine.people.rights import person_of, requires
from haidang.engine.people.sessions import fresh_required
from haidang.engine.people.verbs import key_words, kind_words, value_words, verb_words

ROWS = 60
COUNTED = 200 * ROWS


class Bounded(Paginator):
    """Counts no further than people turn pages: the log grows for ever, and `count(*)` with it."""

    @cached_property
    def count(self) -> int:
        return cast("QuerySet[Act]", self.object_list)[:COUNTED].count()

    @property
    def is_cut(self) -> bool:
        return self.count == COUNTED


@require_safe
@requires("audit.see")
def log(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    form = LogFilter(request.GET)
    rows = _filtered(Act.objects.order_by("-pk"), form.cleaned_data if form.is_valid() else {})
    shown = Bounded(rows, ROWS).get_page(request.GET.get("trang"))
    last = Seal.objects.order_by("-last_act").first()
    context = {
        "form": form,
        "page": shown,
        "acts": [_line(act, last.last_act if last else 0) for act in shown],
        "last_seal": last,
        "query": _query_without_page(request),
        "purposes": PURPOSES,
    }
    return render(request, "people/journal.html", context)


@require_POST
@requires("audit.see")
@fresh_required
def unmask(request: HttpRequest, pk: int) -> HttpResponse:
    """The clear detail of one act as a fragment."""
    act = get_object_or_404(Act, pk=pk)
    try:
        clear = reveal(
            thing=act,
            field="detail",
            purpose=request.POST.get("purpose", ""),
            by=person_of(request),
            request=request,
        )
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=422, content_type="text/plain; charset=utf-8")
    return render(
        request, "people/journal_detail.html", {"act": act, "detail": _pairs(clear), "is_clear": True}
    )


def _filtered(rows: QuerySet[Act], wanted: dict[str, Any]) -> QuerySet[Act]:
    if words := wanted.get("q"):
        rows = rows.filter(
            Q(actor__icontains=words) | Q(object_id__iexact=words) | Q(object_type__icontains=words)
        )
    if verb := wanted.get("verb"):
        rows = rows.filter(verb=verb)
    if day := wanted.get("day"):
        begin = datetime.combine(day, datetime.min.time(), clock.LOCAL)
        rows = rows.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
    return rows


def _line(act: Act, sealed_to: int) -> dict[str, Any]:
    hidden = masked(act.detail)
    return {
        "act": act,
        "words": verb_words(act.verb),
        "kind": kind_words(act.object_type),
        "actor": _(COMMAND_LINE) if act.actor == COMMAND_LINE else masked(act.actor),
        "detail": _pairs(hidden),
        "is_masked": hidden != act.detail,
        "is_sealed": act.pk <= sealed_to,
    }


def _pairs(detail: dict[str, Any]) -> list[tuple[str, str]]:
    """Key and value as text; what is empty is left out."""
    filled = {key: value for key, value in detail.items() if value not in (None, "", [], {})}
    return [(key_words(key), value_words(key, value)) for key, value in filled.items()]


def _query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("trang", None)
    return query.urlencode()
