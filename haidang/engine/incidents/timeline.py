"""Write into the timeline: the log from which handover, status and report are made.

What is written stays as it was written, so its words are Vietnamese whatever language the writer's screen
has. Our own sentences keep their parts beside (`haidang.engine.said`), for screens in another language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.incidents.models import Conclusion, Entry, Incident
from haidang.engine.notify.outbox import announce
from haidang.engine.said import Said, kept

if TYPE_CHECKING:
    from haidang.engine.incidents.models import Order
    from haidang.engine.people.models import Person

SYSTEM = "hệ thống"


def write(
    ground: Incident | Conclusion,
    kind: Entry.Kind,
    text: str | Said,
    *,
    by: Person | None,
    order: Order | None = None,
    decided_by: str = "",
    reference: str = "",
    verb: str = "",
) -> Entry:
    """One entry, its act in the audit log, and the news to the screens: all in the caller's transaction."""
    incident = ground if isinstance(ground, Incident) else None
    entry = Entry.objects.create(
        incident=incident,
        conclusion=ground if isinstance(ground, Conclusion) else None,
        order=order,
        at=clock.now(),
        kind=kind,
        text=str(text),
        said=kept(text),
        person=by,
        actor=by.name if by else SYSTEM,
        decided_by=decided_by,
        reference=reference,
    )
    prefix = "incident" if incident else "conclusion"
    detail = {prefix: ground.code, "text": str(text)}
    if order:
        detail["order"] = order.code
    if reference:
        detail["reference"] = reference
    about = order or ground
    prefix = "order" if order else prefix
    record(
        person=by, verb=f"{prefix}.{verb or kind}", object=about, detail=detail, actor="" if by else "work"
    )
    announce([news_of(ground), *([("orders", str(order.pk))] if order else [])])
    return entry


def news_of(ground: Incident | Conclusion) -> tuple[str, str]:
    """Topic and object by which screens hear of what was written about it."""
    if isinstance(ground, Incident):
        return "incidents", str(ground.pk)
    return "orders", f"document:{ground.pk}"
