"""The way from an order back to the reading that began it: order, incident, alarm, judgement, series and
time.

`haidang trace` continues from a step with `series_id` and `at` to the delivery and the line of the
delivered file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.incidents.models import Conclusion, Incident, Order
from haidang.engine.paging import number_in


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the way. `series_id` or `indicator` with `at` are set on what a judgement rests on; of a published
    figure `indicator`, `place_code`, `period` and the `epoch` of the version that was judged.
    """

    what: str
    id: str
    at: datetime
    text: str
    series_id: int | None = None
    asset_code: str = ""
    indicator: str = ""
    place_code: str = ""
    period: str = ""
    epoch: int | None = None


def chain(order: Order) -> list[Step]:
    """From this order back to what raised the alarms of its incident, oldest alarm first."""
    text = f"lệnh {order.code} “{order.text}” → {order.office}, giao {_clock(order.issued_at)}"
    text += f": {order.get_state_display()}"
    proofs = "".join(
        f", {proof.get_kind_display()} {proof.sha256[:12]}…" for proof in order.proofs.order_by("at")
    )
    first = Step("order", str(order.pk), order.issued_at, text + proofs)
    if order.conclusion is not None:
        return [first, document(order.conclusion)]
    return [first, *(incident_chain(order.incident) if order.incident else [])]


def document(found: Conclusion) -> Step:
    """The paper an order stands on, and the file it was signed as."""
    text = f"{found.get_kind_display()} {found.code} ngày {found.dated_on:%d/%m/%Y} “{found.title}”, {found.signer} ký"
    text += f", {found.registered_by} ghi {_clock(found.registered_at)}"
    if found.sha256:
        text += f", tệp {found.file_name} SHA-256 {found.sha256[:12]}…"
    return Step("document", str(found.pk), found.registered_at, text)


def incident_chain(incident: Incident) -> list[Step]:
    text = f"sự việc {incident.code} “{incident.title}”, mở {_clock(incident.opened_at)} bởi {incident.opened_by}"
    steps = [Step("incident", incident.code, incident.opened_at, text)]
    for alarm in incident.alarms.select_related("asset", "source", "series", "place").order_by("raised_at"):
        steps += alarm_chain(alarm)
    return steps


def alarm_chain(alarm: Alarm) -> list[Step]:
    """An alarm, the judgement behind it, and the reading or figure that was judged."""
    code = alarm.asset.code if alarm.asset else ""
    value = "–" if alarm.value is None else f"{alarm.value:g} {alarm.unit}".strip()
    limit = "" if alarm.limit is None else f", ngưỡng {alarm.limit:g} {alarm.unit}".rstrip()
    raised = f"báo động {alarm.pk} “{alarm.title_vi}” – {alarm.where}, nổi {_clock(alarm.raised_at)}"
    judged = f"quy tắc {alarm.rule} (SHA-256 {alarm.rule_sha256[:12]}…): {value}{limit}"
    steps = [
        Step("alarm", str(alarm.pk), alarm.raised_at, raised),
        Step("judgement", alarm.rule, alarm.at, judged),
    ]
    if alarm.series:
        text = f"số đo {code} {alarm.series.parameter} lúc {_clock(alarm.at)}"
        steps.append(Step("reading", str(alarm.series_id), alarm.at, text, alarm.series_id, code))
    elif alarm.period and alarm.place:
        text = f"số liệu {alarm.indicator} {alarm.place} {Period.parse(alarm.period)}"
        steps.append(
            Step(
                "figure", alarm.indicator, alarm.at, text, indicator=alarm.indicator,
                place_code=alarm.place.code, period=alarm.period, epoch=alarm.epoch,
            )
        )  # fmt: skip
    elif alarm.indicator:
        text = f"số liệu {alarm.indicator} {code} lúc {_clock(alarm.at)}"
        steps.append(Step("figure", alarm.indicator, alarm.at, text, None, code, alarm.indicator))
    return steps


def walk(kind: str, name: str) -> list[Step]:
    """From `order`, `document`, `incident` or `alarm` of this id (an incident also by its code); empty when there is
    none.
    """
    number = number_in(name) or 0
    if kind == "order":
        orders = Order.objects.select_related("incident__opened_by", "conclusion__registered_by", "office")
        return [step for order in orders.filter(pk=number) for step in chain(order)]
    if kind == "document":
        papers = Conclusion.objects.filter(pk=number) if number else Conclusion.objects.filter(code=name)
        return [document(paper) for paper in papers.select_related("registered_by")]
    if kind == "incident":
        found = Incident.objects.filter(pk=number) if number else Incident.objects.filter(code=name)
        return [step for incident in found.select_related("opened_by") for step in incident_chain(incident)]
    alarms = Alarm.objects.select_related("asset", "source", "series", "place")
    return [step for alarm in alarms.filter(pk=number) for step in alarm_chain(alarm)]


def _clock(instant: datetime) -> str:
    return f"{clock.local(instant):%H:%M:%S %d/%m/%Y}"
