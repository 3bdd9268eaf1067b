"""Handing in from a page: whose file it is, that it is durable, and what has become of it since."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from haidang.engine.audit.actions import record
from haidang.engine.connectors.arrival import Receipt, Refused
from haidang.engine.people.models import Office, Person
from haidang.engine.people.rights import may
from haidang.engine.store import trace
from haidang.engine.store.models import Delivery, Refusal
from haidang.engine.submissions import intake
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.shelf import Way


def office_for(way: Way, person: Person) -> Office | None:
    """Whose file it will be: the office of the source, else that of whoever sends."""
    return way.office or person.office


def send(
    *,
    way: Way,
    period: str,
    body: bytes,
    name: str,
    by: Person,
    mended_from: int | None = None,
    request: HttpRequest | None = None,
) -> Receipt:
    """Hand a file in for the office that owes it, made in the grid of the version `mended_from` or a file of its own. Raises
    ValidationError when nothing was taken, PermissionDenied.
    """
    office = office_for(way, by)
    if not may(by, "sheet.submit", office=office, domain=way.source.domain):
        raise PermissionDenied(_("Bạn không gửi được số liệu cho cơ quan này."))
    try:
        receipt = intake.hand_in(
            body,
            source=way.source,
            period=period,
            office=office,
            person=by,
            name=name,
            nats_url=intake.wire_url(),
            mended_from=mended_from,
        )
    except Refused as refused:
        raise ValidationError(
            _("Tệp rỗng hoặc quá lớn (%(code)s): chưa nhận gì cả.") % {"code": refused.reason}
        ) from None
    except OSError as error:
        words = _("Hàng đợi của trung tâm đang vắng, tệp chưa được nhận. Giữ tệp và gửi lại sau ít phút.")
        raise ValidationError(words) from error
    detail = {"contract": way.contract, "period": period, "name": name, "receipt": receipt.name}
    record(person=by, verb="sheet.hand_in", object=way.source, detail=detail, request=request)
    return receipt


@dataclass(frozen=True, slots=True)
class Followed:
    """What is known of a receipt: waiting for the record, the same file again, refused, or the version it became."""

    state: str
    submission: Submission | None = None
    refusal: Refusal | None = None


def follow(receipt: Receipt, person: Person) -> Followed:
    """Nothing of a delivery is told to whom its version is not open."""
    delivery = Delivery.objects.filter(
        wire_stream=receipt.birth, wire_seq=receipt.seq, wire_seq__gt=0
    ).first()
    if delivery is None:
        return Followed("waiting")
    mine = Submission.objects.for_user(person, "sheet.submit").select_related("office")
    if made := mine.filter(delivery_id=delivery.pk, ordinal=receipt.part).first():
        return Followed("made", made)
    if delivery.duplicate:
        same = mine.filter(source=delivery.source_id, sha256=_sum_of_file(delivery, receipt.part))
        return Followed("duplicate", same.order_by("-pk").first())
    refusal = Refusal.objects.filter(delivery_id=delivery.pk, ordinal=receipt.part).first()
    return Followed("refused", refusal=refusal) if refusal else Followed("waiting")


def _sum_of_file(delivery: Delivery, part: int) -> str:
    """An envelope has a sum of its own; versions are known by the sum of the file in it."""
    arrival = trace.arrivals_of(delivery)[part]
    return arrival.file or hashlib.sha256(arrival.body or b"").hexdigest()
