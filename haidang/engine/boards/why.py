""" "Vì sao?": one number walked back to the bytes that were delivered, as known now or then."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.audit.actions import record
from haidang.engine.boards import rawbytes, tiles
from haidang.engine.boards.asof import looks_back
from haidang.engine.boards.content import Library, library
from haidang.engine.boards.sources import office_files
from haidang.engine.boards.why_question import Question
from haidang.engine.indicators import figures
from haidang.engine.indicators.definition import Step
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.paging import number_in
from haidang.engine.people.rights import may, person_of, requires, within
from haidang.engine.store import epochs
from haidang.engine.store.models import Delivery, Series, Source
from haidang.engine.store.trace import BytesGone, Version, observations, versions_of

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

_LOG = logging.getLogger(__name__)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sub:
    """One parameter's part in an index."""

    name: str
    value: float | None
    deciding: bool
    url: str


@dataclass(frozen=True, slots=True)
class HourCell:
    at: datetime
    mean: float | None
    on: bool
    url: str


@dataclass(frozen=True, slots=True)
class ValueCell:
    at: datetime
    value: float | None
    status: int
    on: bool
    url: str


@dataclass(frozen=True, slots=True)
class FigureVersion:
    value: float | None
    committed_at: datetime
    formula: str
    current: bool


def _figure_versions(indicator: str, asset_id: int, at: datetime) -> list[FigureVersion]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.value, e.committed_at, f.formula_sha256, f.superseded IS NULL FROM indicators_figure f"
            " JOIN store_epoch e ON e.id = f.epoch"
            " WHERE f.indicator = %s AND f.asset_id = %s AND f.at = %s AND f.place_id IS NULL"
            # Both halves are named, because each has its index and the whole has none.
            " AND (f.superseded IS NULL OR f.superseded IS NOT NULL) ORDER BY f.epoch",
            [indicator, asset_id, at],
        )
        return [FigureVersion(*row) for row in cursor.fetchall()]


@dataclass(slots=True)
class Walk:
    """Everything the drawer shows, from the figure down; what is not known stays empty."""

    question: Question
    title: str
    subject: str
    value: float | None
    unit: str
    decimals: int | None
    at: datetime
    owner: str
    phone: str
    station_url: str
    classed: Any = None
    status: str = ""
    formula: FormulaPart | None = None
    hours: list[HourCell] | None = None
    hour_title: str = ""
    hour_mean: float | None = None
    values: list[ValueCell] | None = None
    measured: MeasuredPart | None = None
    file: rawbytes.FilePart | None = None
    file_gone: str = ""
    now: datetime | None = None
    source: str = ""
    may_export: bool = False


@dataclass(frozen=True, slots=True)
class FormulaPart:
    version: str
    basis: str
    verified: bool
    sha256: str
    note: str
    lead: list[Step]
    steps: list[Step]
    subs: list[Sub]
    versions: list[FigureVersion]


@dataclass(frozen=True, slots=True)
class MeasuredPart:
    at: datetime
    value: float | None
    status: int
    unit: str
    parameter: str
    versions: list[Version]


@require_safe
@requires("figure.see")
@shared_fragment
@looks_back
def why(request: HttpRequest) -> HttpResponse:
    """The drawer, or a page of its own where it is opened as one."""
    question = Question.of(request)
    walk = _of_figure(question, request.user) if question.indicator else _of_series(question, request.user)
    walk.may_export = _given_out(request.user).filter(address=walk.source).exists()
    in_drawer = bool(request.headers.get("HX-Request"))
    template = "boards/why_drawer.html" if in_drawer else "boards/why.html"
    return render(request, template, {"walk": walk, "q": question, "in_drawer": in_drawer})


def _epoch(question: Question) -> int | None:
    return None if question.as_of is None else epochs.resolve(question.as_of)


def _reaches(person: Anyone, asset: Asset) -> bool:
    """Whether this person's grants reach the place and the domain of what is asked about."""
    return may(person, "figure.see", place=asset.place, domain=asset.domain)


def _of_figure(question: Question, person: Anyone) -> Walk:
    lib = library()
    known = lib.indicators.get(question.indicator)
    asset = Asset.objects.select_related("office", "place").filter(code=question.asset).first()
    if known is None or asset is None or not _reaches(person, asset):
        raise Http404(question.indicator)
    answer = figures.figure(lib.book, question.indicator, asset, question.at, question.as_of)
    deciding = str(answer.detail.get("deciding") or "")
    chosen = question.parameter or deciding or next((i["parameter"] for i in answer.inputs), "")
    walk = Walk(
        question,
        title=str(known.title),
        subject=asset.name,
        value=answer.value,
        unit=known.unit,
        decimals=known.decimals,
        at=answer.at,
        owner=asset.office.short_name if asset.office else _("chưa giao cơ quan"),
        phone=asset.office.phone if asset.office else "",
        station_url=reverse("boards:station", args=[asset.code]),
        classed=lib.classify(question.indicator, answer.value),
        status=tiles.status_word(answer.status),
        formula=_formula(lib, question, answer, chosen, asset.pk),
        now=question.as_of or clock.now(),
    )
    inputs = sorted(
        (i for i in answer.inputs if i["parameter"] == chosen), key=lambda i: i["hour"], reverse=True
    )
    if inputs:
        _into_hours(walk, lib, inputs, chosen)
    return walk


def _formula(
    lib: Library, question: Question, answer: figures.Answer, chosen: str, asset_id: int
) -> FormulaPart:
    known = lib.indicators[question.indicator]
    version = next((v for v in known.versions if v.version == answer.version), known.versions[-1])
    explain = lib.explain.get(question.indicator)
    steps = explain(answer.detail, get_language() or "vi") if explain else []
    parts: dict[str, Any] = answer.detail.get("parameters") or {}
    deciding = answer.detail.get("deciding")
    subs = [
        Sub(name, part.get("index"), name == deciding, question.url(parameter=name, hour=None, value=None))
        for name, part in parts.items()
        if isinstance(part, dict)
    ]
    # The way of the parameter that is looked into, and the last step that joins them all.
    lead = [step for step in steps if step.label.removeprefix("AQI ").split(":")[0] == chosen]
    if steps and steps[-1] not in lead:
        lead.append(steps[-1])
    return FormulaPart(
        version=version.version,
        basis=version.basis,
        verified=version.verified,
        sha256=answer.formula_sha256,
        note=str(version.note or ""),
        lead=lead or list(steps),
        steps=list(steps),
        subs=sorted(subs, key=lambda sub: -(sub.value or 0)),
        versions=_figure_versions(question.indicator, asset_id, answer.at),
    )


def _into_hours(walk: Walk, lib: Library, inputs: Sequence[dict[str, Any]], parameter: str) -> None:
    """From the hours a figure rests on into one of them, and from that into one value."""
    question = walk.question
    hours = [_instant(item["hour"]) for item in inputs]
    chosen = question.hour if question.hour in hours else hours[0]
    walk.hours = [
        HourCell(at, item["mean"], at == chosen, question.url(hour=at, value=None))
        for at, item in zip(hours, inputs, strict=True)
    ]
    picked = inputs[hours.index(chosen)]
    walk.hour_title, walk.hour_mean = parameter, picked["mean"]
    series = Series.objects.select_related("source").get(pk=picked["series"])
    _into_values(walk, lib, series, chosen - HOUR, chosen)


def _instant(text: object) -> datetime:
    return text if isinstance(text, datetime) else datetime.fromisoformat(str(text))


def _into_values(walk: Walk, lib: Library, series: Series, after: datetime, until: datetime) -> None:
    question = walk.question
    condition = epochs.visible("o", _epoch(question))
    rows = observations(series.pk, after, until, condition)
    used = [row for row in rows if row["status"] == 0] or rows
    if not used:
        return
    chosen = next((row for row in rows if row["at"] == question.value), used[-1])
    walk.values = [
        ValueCell(
            row["at"], row["value"], row["status"], row["at"] == chosen["at"], question.url(value=row["at"])
        )
        for row in rows
    ]
    _into_file(walk, lib, series, chosen)


def _into_file(walk: Walk, lib: Library, series: Series, row: dict[str, Any]) -> None:
    walk.measured = MeasuredPart(
        row["at"],
        row["value"],
        row["status"],
        series.unit,
        series.parameter,
        versions_of(series.pk, row["at"]),
    )
    walk.source = series.source.address
    try:
        walk.file = rawbytes.file_part(lib, series.source.address, row["delivery_id"], row["ordinal"])
    except BytesGone as error:
        _LOG.warning("bytes of delivery %s are gone: %s", row["delivery_id"], error)
        walk.file_gone = _("Lần nhận này có trong sổ, nhưng tệp giữ byte gốc không còn trong kho.")
    except (LookupError, Delivery.DoesNotExist) as error:
        _LOG.warning("record %s of delivery %s: %s", row["ordinal"], row["delivery_id"], error)
        walk.file_gone = _("Không tìm thấy byte gốc của lần nhận này trong kho.")


def _of_series(question: Question, person: Anyone) -> Walk:
    lib = library()
    known = Series.objects.select_related("asset__office", "asset__place", "source")
    series = known.filter(pk=number_in(question.series) or 0).first()
    if series is None or not _reaches(person, series.asset):
        raise Http404(question.series)
    asset = series.asset
    condition = epochs.visible("o", _epoch(question))
    found = observations(series.pk, question.at - timedelta(microseconds=1), question.at, condition)
    walk = Walk(
        question,
        title=lib.parameter_title(series.parameter),
        subject=asset.name,
        value=found[-1]["value"] if found else None,
        unit=series.unit,
        decimals=lib.decimals(series.parameter),
        at=question.at,
        owner=asset.office.short_name if asset.office else _("chưa giao cơ quan"),
        phone=asset.office.phone if asset.office else "",
        station_url=reverse("boards:station", args=[asset.code]),
        now=question.as_of or clock.now(),
    )
    if found:
        _into_file(walk, lib, series, found[-1])
    return walk


def _given_out(person: Anyone) -> QuerySet[Source]:
    """Sources whose deliveries this person may take away. One may hold more than the line that was asked about: the
    rights are those of its source. Files of offices may name citizens and are given out with their versions only.
    """
    seen = within(person, "source.see", office="office", domain="domain")
    found = Source.objects.filter(seen & within(person, "export", office="office", domain="domain"))
    return found.exclude(address__in=office_files.addresses())


@require_safe
@requires("source.see")
def delivery_bytes(request: HttpRequest, number: int, ordinal: int) -> HttpResponse:
    """The delivered bytes as they came, to keep; never opened by the browser."""
    delivery = get_object_or_404(
        Delivery.objects.select_related("source"), pk=number, source__in=_given_out(request.user)
    )
    if office_files.is_one(delivery):
        raise Http404(str(number))
    try:
        body, name = rawbytes.original(number, ordinal)
    except (LookupError, Delivery.DoesNotExist):
        raise Http404(str(number)) from None
    detail = {"source": delivery.source.address if delivery.source else "", "name": name}
    record(person=person_of(request), verb="export", object=delivery, detail=detail, request=request)
    response = HttpResponse(body, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
