"""The way from an order back to the reading that began it – order, incident, alarm, judgement, series and time – and the
way on, from what began it to the orders it led to and the proof of each.

`haidang trace` continues from a step with `series_id` and `at` to the delivery and the line of the delivered file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.alarms.of_delivery import alarms_of
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.numerals import vietnamese
from haidang.engine.incidents import proof
from haidang.engine.incidents.models import Conclusion, Incident, Order, Proof
from haidang.engine.paging import number_in
from haidang.engine.store.models import Delivery

# How the kept file of a proof stands: what is said of it, and nothing where it is as it was sent.
# i18n: data – the command line prints Vietnamese
_KEPT = {"whole": "", "missing": ", TỆP KHÔNG CÒN", "changed": ", TỆP KHÔNG CÒN NHƯ LÚC GỬI"}
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the way, `depth` stages from where it began. `series_id` or `indicator` with `at` are set on what a
    judgement rests on; of a published figure `indicator`, `place_code`, `period`, of a station's `indicator` and
    `asset_code`, and the `epoch` in which it was judged. `facts` is what programs want beside the text.
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
    depth: int = 0
    facts: Facts = field(default_factory=dict)


def chain(order: Order) -> list[Step]:
    """From this order to its proofs, and back to what raised the alarms of its incident, oldest alarm first."""
    if order.conclusion is not None:
        back = [document(order.conclusion)]
    else:
        back = incident_chain(order.incident) if order.incident else []
    return [*order_on(order), *_below(back)]


def order_on(order: Order) -> list[Step]:
    """An order, what became of it, and the proofs that show it was done."""
    text = f"lệnh {order.code} “{order.text}” → {order.office}, giao {_clock(order.issued_at)}"
    if order.reissue_of is not None:
        text += f" thay lệnh {order.reissue_of.code}"
    text += f": {order.get_state_display()}"
    for word, at, who in (
        ("nhận", order.received_at, order.received_by),
        ("báo xong", order.done_at, order.done_by),
        ("nghiệm thu", order.verified_at, order.verified_by),
    ):
        if at is not None:
            text += f", {word} {_clock(at)}{f' ({who.get_full_name()})' if who else ''}"
    facts = {"code": order.code, "state": order.state, "office": order.office.code}
    proofs = order.proofs.select_related("by").order_by("at", "pk")
    return [
        Step("order", str(order.pk), order.issued_at, text, facts=facts),
        *_below([_proof(one) for one in proofs]),
    ]


def _proof(found: Proof) -> Step:
    kept = proof.kept_as(found.sha256)
    text = f"minh chứng {found.get_kind_display()} {found.name}, {vietnamese(found.size)} byte, SHA-256 {found.sha256[:12]}…"
    text += f", {found.by.get_full_name()} gửi {_clock(found.at)}{_KEPT[kept]}"
    facts = {"name": found.name, "size": found.size, "sha256": found.sha256, "file": kept}
    return Step("proof", str(found.pk), found.at, text, facts=facts)


def document(found: Conclusion) -> Step:
    """The paper an order stands on, and the file it was signed as."""
    text = f"{found.get_kind_display()} {found.code} ngày {found.dated_on:%d/%m/%Y} “{found.title}”, {found.signer} ký"
    text += f", {found.registered_by} ghi {_clock(found.registered_at)}"
    facts: Facts = {"code": found.code}
    if found.sha256:
        kept = proof.kept_as(found.sha256)
        text += f", tệp {found.file_name} SHA-256 {found.sha256[:12]}…{_KEPT[kept]}"
        facts |= {"name": found.file_name, "size": found.file_size, "sha256": found.sha256, "file": kept}
    return Step("document", str(found.pk), found.registered_at, text, facts=facts)


def incident_chain(incident: Incident) -> list[Step]:
    """An incident, and back from it to what raised its alarms."""
    alarms = incident.alarms.select_related("asset", "source", "series", "place").order_by("raised_at", "pk")
    return [_incident(incident), *(step for alarm in alarms for step in _below(alarm_chain(alarm)))]


def _incident(incident: Incident) -> Step:
    text = f"sự việc {incident.code} “{incident.title}”, mở {_clock(incident.opened_at)} bởi {incident.opened_by}"
    if incident.closed_at is not None:
        text += f", đóng {_clock(incident.closed_at)}" + (
            f" ({incident.closed_by.get_full_name()})" if incident.closed_by else ""
        )
    return Step("incident", incident.code, incident.opened_at, text, facts={"closed_at": incident.closed_at})


def orders_on(ground: Incident | Conclusion) -> list[Step]:
    """What an incident or a document led to: each of its orders with its proofs."""
    orders = ground.orders.select_related(
        "incident", "conclusion", "office", "received_by", "done_by", "verified_by",
        "reissue_of__incident", "reissue_of__conclusion",
    )  # fmt: skip
    return [step for order in orders.order_by("number") for step in order_on(order)]


def alarm_chain(alarm: Alarm) -> list[Step]:
    """An alarm, the judgement behind it, and the reading or figure that was judged."""
    code = alarm.asset.code if alarm.asset else ""
    value = "–" if alarm.value is None else f"{vietnamese(alarm.value)} {alarm.unit}".strip()
    limit = "" if alarm.limit is None else f", ngưỡng {vietnamese(alarm.limit)} {alarm.unit}".rstrip()
    raised = f"báo động {alarm.pk} “{alarm.title_vi}” – {alarm.where}, nổi {_clock(alarm.raised_at)}"
    judged = f"quy tắc {alarm.rule} (SHA-256 {alarm.rule_sha256[:12]}…): {value}{limit}"
    steps = [
        Step("alarm", str(alarm.pk), alarm.raised_at, raised),
        Step("judgement", alarm.rule, alarm.at, judged, depth=1),
    ]
    if alarm.series:
        text = f"số đo {code} {alarm.series.parameter} lúc {_clock(alarm.at)}"
        steps.append(Step("reading", str(alarm.series_id), alarm.at, text, alarm.series_id, code, depth=2))
    elif alarm.period and alarm.place:
        text = f"số liệu {alarm.indicator} {alarm.place} {Period.parse(alarm.period)}"
        steps.append(
            Step(
                "figure", alarm.indicator, alarm.at, text, indicator=alarm.indicator,
                place_code=alarm.place.code, period=alarm.period, epoch=alarm.epoch, depth=2,
            )
        )  # fmt: skip
    elif alarm.indicator:
        text = f"số liệu {alarm.indicator} {code} lúc {_clock(alarm.at)}"
        steps.append(
            Step(
                "figure", alarm.indicator, alarm.at, text, asset_code=code, indicator=alarm.indicator,
                epoch=alarm.epoch, depth=2,
            )
        )  # fmt: skip
    return steps


def walk(kind: str, name: str) -> list[Step]:
    """From `order`, `document`, `incident` or `alarm` of this id (an incident and a document also by code), back to what
    it rests on and on to what it led to; empty when there is none.
    """
    number = number_in(name) or 0
    if kind == "order":
        orders = Order.objects.select_related(
            "incident__opened_by", "incident__closed_by", "conclusion__registered_by", "office"
        )
        return [step for order in orders.filter(pk=number) for step in chain(order)]
    if kind == "document":
        papers = Conclusion.objects.filter(pk=number) if number else Conclusion.objects.filter(code=name)
        return [
            step
            for paper in papers.select_related("registered_by")
            for step in [document(paper), *_below(orders_on(paper))]
        ]
    if kind == "incident":
        found = Incident.objects.filter(pk=number) if number else Incident.objects.filter(code=name)
        return [
            step
            for incident in found.select_related("opened_by", "closed_by")
            for step in [*incident_chain(incident), *_below(orders_on(incident))]
        ]
    alarms = Alarm.objects.select_related("asset", "source", "series", "place")
    return [
        step for alarm in alarms.filter(pk=number) for step in [*alarm_chain(alarm), *_below(_led_to(alarm))]
    ]


def _led_to(alarm: Alarm) -> list[Step]:
    """The incidents it was put into, and their orders."""
    incidents = alarm.incidents.select_related("opened_by", "closed_by").order_by("opened_at", "pk")
    return [step for one in incidents for step in [_incident(one), *_below(orders_on(one))]]


def led_to_by(delivery: Delivery, ordinal: int | None) -> list[Step]:
    """On from a delivery, or one record of it: the alarms that rest on it, their incidents, orders and proof."""
    alarms = alarms_of(delivery, ordinal).select_related("asset", "source", "series", "place")
    return [
        step
        for alarm in alarms.order_by("raised_at", "pk")
        for step in _below([*alarm_chain(alarm)[:1], *_below(_led_to(alarm))])
    ]


def _below(steps: list[Step]) -> list[Step]:
    return [replace(step, depth=step.depth + 1) for step in steps]


def _clock(instant: datetime) -> str:
    return f"{clock.local(instant):%H:%M:%S %d/%m/%Y}"
