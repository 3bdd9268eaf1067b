"""Enter a conclusion or document and give its tasks, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.incidents import order_actions
from haidang.engine.incidents import proof as proofs
from haidang.engine.incidents.models import Conclusion, Entry, Order
from haidang.engine.incidents.timeline import write
from haidang.engine.people.rights import may
from haidang.engine.said import said

if TYPE_CHECKING:
    from haidang.engine.people.models import Office, Person

# What one task needs to be given: `office`, `text`, `deadline_at`, and `helpers`, `needs`, `needs_proof` where meant.
Task = Mapping[str, Any]


@transaction.atomic
def register(
    *,
    by: Person,
    code: str,
    dated_on: date,
    signer: str,
    title: str,
    office: Office,
    tasks: Sequence[Task],
    kind: str = Conclusion.Kind.CONCLUSION,
    domain: str = "",
    file: IO[bytes] | None = None,
    file_name: str = "",
    is_demo: bool = False,
) -> Conclusion:
    """The paper with its file, and its tasks as orders. One number of one office on one day is entered once."""
    if not tasks:
        raise ValidationError(_("Ghi ít nhất một việc được giao."))
    if dated_on > clock.local(clock.now()).date():
        raise ValidationError({"dated_on": _("Ngày ký ở tương lai. Xem lại ngày.")})
    code = code.strip()
    if Conclusion.objects.filter(code=code, dated_on=dated_on, office=office).exists():
        raise ValidationError({"code": _("Văn bản số này, ngày này đã được ghi.")})
    found = Conclusion(
        kind=kind, code=code, dated_on=dated_on, signer=signer.strip(), title=title.strip(), office=office,
        domain=domain, registered_at=clock.now(), registered_by=by, is_demo=is_demo,
    )  # fmt: skip
    if file is not None:
        taken = proofs.take(file, file_name)
        found.file_name, found.file_type, found.file_size = taken.name, taken.content_type, taken.size
        found.sha256, found.served_sha256 = taken.sha256, taken.served_sha256
    found.save()
    line = said("%(code)s %(title)s", code=found.code, title=found.title)
    reference = f"SHA-256 {found.sha256}" if found.sha256 else ""
    write(found, Entry.Kind.OPENED, line, by=by, reference=reference, verb="register")
    assign(conclusion=found, by=by, tasks=tasks)
    return found


@transaction.atomic
def assign(*, conclusion: Conclusion, by: Person, tasks: Sequence[Task]) -> list[Order]:
    """Tasks of a paper, each an order that falls due with the end of a day."""
    if not tasks:
        raise ValidationError(_("Ghi ít nhất một việc được giao."))
    for task in tasks:
        if not may(by, "order.issue", office=task["office"], domain=conclusion.domain):
            raise PermissionDenied(_("Bạn không giao việc cho %(office)s được.") % {"office": task["office"]})
    return [order_actions.issue_order(conclusion=conclusion, by=by, is_by_day=True, **task) for task in tasks]
