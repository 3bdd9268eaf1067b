"""Administration of the keys of sources: one more, shown once; revoke one. Below /quan-tri/nguon/."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from haidang.engine.assets.models import Asset
from haidang.engine.people.rights import person_of, requires, within
from haidang.engine.people.sessions import fresh_required
from haidang.engine.people.views import page
from haidang.engine.store import credentials
from haidang.engine.store.models import Credential, Source


class KeyForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("Cấp cho ai, máy nào"),
        max_length=100,
        help_text=gettext_lazy("Để sau này còn nhận ra, ví dụ: Công ty A, máy KK-05."),
    )
    stations = forms.CharField(
        label=gettext_lazy("Chỉ cho các trạm"),
        required=False,
        help_text=gettext_lazy("Mã trạm, cách nhau bằng dấu phẩy; để trống là mọi trạm của nguồn."),
    )

    def clean_stations(self) -> list[str] | None:
        codes = [code for code in re.split(r"[\s,;]+", self.cleaned_data["stations"]) if code]
        known = set(Asset.objects.filter(code__in=codes).values_list("code", flat=True))
        if missing := [code for code in codes if code not in known]:
            raise ValidationError(_("Chưa đăng ký trạm: %(codes)s.") % {"codes": ", ".join(missing)})
        return codes or None


def _sources(request: HttpRequest) -> Any:
    return Source.objects.filter(within(request.user, "source.manage", office="office"))


@require_safe
@requires("source.manage")
def keys(request: HttpRequest) -> HttpResponse:
    """All sources with their number of valid keys."""
    valid = Count("credentials", filter=Q(credentials__revoked_at=None))
    rows = _sources(request).annotate(keys=valid).order_by("address")
    return page(request, "boards/keys/index.html", sources=rows, part="keys")


def _page_of(
    request: HttpRequest, source: Source, form: KeyForm, status: int = 200, **more: object
) -> HttpResponse:
    rows = source.credentials.order_by("revoked_at", "-pk")
    context: dict[str, Any] = {"source": source, "keys": rows, "form": form, "part": "keys", **more}
    return page(request, "boards/keys/source.html", status, **context)


@requires("source.manage")
@fresh_required
def source_keys(request: HttpRequest, address: str) -> HttpResponse:
    """Keys of one source. A new one comes with its secrets in this very answer, and never again."""
    source = get_object_or_404(_sources(request), address=address)
    if request.method != "POST":
        return _page_of(request, source, KeyForm())
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page_of(request, source, form, 422)
    issued = credentials.issue(source=source, by=person_of(request), **form.cleaned_data)
    return _page_of(request, source, KeyForm(), issued=issued)


@require_POST
@requires("source.manage")
@fresh_required
def revoke(request: HttpRequest, address: str, pk: int) -> HttpResponse:
    source = get_object_or_404(_sources(request), address=address)
    key = get_object_or_404(Credential, pk=pk, source=source)
    if credentials.revoke(user=key.user, by=person_of(request)):
        messages.success(request, _("Đã thu hồi khoá %(user)s.") % {"user": key.user})
    return redirect("boards:source_keys", address)


urlpatterns: list[URLPattern] = [
    path("quan-tri/nguon/", keys, name="keys"),
    path("quan-tri/nguon/<str:address>/", source_keys, name="source_keys"),
    path("quan-tri/nguon/<str:address>/<int:pk>/thu-hoi/", revoke, name="revoke_key"),
]
