"""Pages on sources: the list, one source, its refused records, the bytes of one delivery, replay."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from haidang.engine import clock
from haidang.engine.boards.sources import content, demo, desk, ledger, office_files, pulse, refused
from haidang.engine.boards.sources.pulling import pulling
from haidang.engine.ingest.replay import NothingToReplay, replay
from haidang.engine.paging import number_in
from haidang.engine.people.rights import may, requires
from haidang.engine.people.sessions import fresh_required
from haidang.engine.store import trace
from haidang.engine.store.models import Delivery, Refusal, Source
from haidang.engine.submissions.intake import wire_url


def source_or_404(request: HttpRequest, address: str) -> Source:
    return get_object_or_404(ledger.sources_for(request.user), address=address)


@require_safe
@requires("source.see")
def index(request: HttpRequest) -> HttpResponse:
    """All sources, or with htmx only the part that changes."""
    page = desk.index_page(request.user)
    name = "boards/sources/_index.html" if request.headers.get("HX-Request") else "boards/sources/index.html"
    return render(
        request, name, {"page": page, "demo": demo.state(), "may_unplug": may(request.user, "demo.unplug")}
    )


@require_safe
@requires("source.see")
def source(request: HttpRequest, address: str) -> HttpResponse:
    found = source_or_404(request, address)
    now = clock.now()
    book = ledger.books(now)
    account = ledger.account(found, book, content.terms(), now)
    context = {
        "account": account,
        "strip": desk.strip_of(found, now),
        "hours": pulse.hours(found.pk, now),
        "pulling": pulling(address, account.definition),
        "impact": content.impact(address),
        "stations": desk.stations_of(found, now),
        "deliveries": desk.deliveries_of(found),
        "credentials": desk.credentials_of(found),
        "promise": desk.promise(account),
        "tabs": refused.tabs(found, ""),
        "rows": refused.examples(found),
        "may_replay": may(request.user, "source.replay", office=found.office, domain=found.domain),
        "may_test": may(request.user, "source.test", office=found.office, domain=found.domain),
    }
    name = (
        "boards/sources/_source.html" if request.headers.get("HX-Request") else "boards/sources/source.html"
    )
    return render(request, name, context)


@require_safe
@requires("source.see")
def refusals(request: HttpRequest, address: str) -> HttpResponse:
    """Every refused record of one source, by reason."""
    found = source_or_404(request, address)
    reason = request.GET.get("ly-do", "")
    settled = request.GET.get("da-xong") == "1"
    page = Paginator(refused.of(found, reason=reason, settled=settled), refused.PAGE).get_page(
        request.GET.get("trang")
    )
    context = {
        "source": found,
        "definition": content.terms().get(address, (None,))[0],
        "tabs": refused.tabs(found, reason),
        "reason": reason,
        "settled": settled,
        "open_count": Refusal.objects.filter(source=found, replayed_at=None).count(),
        "settled_count": Refusal.objects.filter(source=found).exclude(replayed_at=None).count(),
        "page": page,
        "rows": refused.grouped(page.object_list),
        "may_replay": may(request.user, "source.replay", office=found.office, domain=found.domain),
    }
    return render(request, "boards/sources/refusals.html", context)


@require_POST
@requires("source.replay")
@fresh_required
def replay_records(request: HttpRequest, address: str) -> HttpResponse:
    """Send chosen records, or all of one reason, through the path again."""
    found = source_or_404(request, address)
    if not may(request.user, "source.replay", office=found.office, domain=found.domain):
        raise Http404
    chosen = ",".join(request.POST.getlist("id")).split(",")
    reason = request.POST.get("ly-do", "")
    wanted = refused.of(found, reason=reason)
    if request.POST.get("all") != "1":
        wanted = wanted.filter(pk__in=[number for one in chosen if (number := number_in(one))])
    ids = list(wanted.values_list("pk", flat=True)[: desk.MOST_REPLAYED])
    try:
        count = replay(ids, request.user, nats_url=wire_url())  # type: ignore[arg-type]
    except NothingToReplay:
        messages.warning(
            request, _("Chưa chạy lại bản ghi nào: chưa chọn, hoặc các bản ghi đã chạy lại rồi.")
        )
    except OSError:
        messages.error(
            request, _("Chưa chạy lại được: hàng đợi không trả lời. Các bản ghi vẫn được giữ; thử lại sau.")
        )
    else:
        words = ngettext("Đã gửi chạy lại %(n)d bản ghi.", "Đã gửi chạy lại %(n)d bản ghi.", count)
        messages.success(request, words % {"n": count})
    return redirect("boards:refusals", address=address)


@require_safe
@requires("source.see")
def delivery(request: HttpRequest, address: str, number: int) -> HttpResponse:
    """One delivery with its bytes; `dong` names the record to light up."""
    found = source_or_404(request, address)
    kept = Delivery.objects.filter(pk=number, source=found).first()
    if kept is None:
        raise Http404
    ordinal = request.GET.get("dong", "")
    wanted = number_in(ordinal) or 0
    line, of_office = None, office_files.is_one(kept)
    if not of_office:
        try:
            line = trace.line_of(kept.pk, wanted)
        except (trace.BytesGone, IndexError, ValueError):
            line = None
    own = Refusal.objects.filter(delivery_id=kept.pk, ordinal=wanted).first() if ordinal else None
    context = {
        "source": found,
        "kept": kept,
        "line": line,
        "of_office": of_office,
        "versions": office_files.versions(request.user, kept) if of_office else [],
        "lines": line.surrounding(20, 20) if line else [],
        "told": refused.told(own) if own else None,
        "ordinal": wanted,
        "sha256": bytes(kept.sha256).hex(),
        "others": Refusal.objects.filter(delivery_id=kept.pk).order_by("ordinal")[:20],
    }
    return render(request, "boards/sources/delivery.html", context)


@require_safe
@requires("source.see")
def turned_away(request: HttpRequest) -> HttpResponse:
    """What the doors did not let in during the last day."""
    rows = ledger.visible_doors(request.user, clock.now() - timedelta(days=1))[:200]
    return render(request, "boards/sources/turned_away.html", {"rows": [desk.turned(row) for row in rows]})
