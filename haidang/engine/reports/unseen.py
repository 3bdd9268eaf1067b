"""The number beside “reports” in the navigation. It is told to the header at every start, so it knows no more than rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from haidang.engine.people.rights import may
from haidang.engine.reports.models import Report, Sending

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone


def unseen(person: Anyone) -> int | None:
    """Reports that came by schedule and were not opened, and refusals their owner has not seen; None for none."""
    if not may(person, "export"):
        return None
    came = Report.objects.for_user(person).filter(read_at=None, sending__isnull=False).count()
    refused = Sending.objects.filter(
        run__schedule__owner=person.pk, state=Sending.State.REFUSED, told_at=None
    ).count()
    return came + refused or None
