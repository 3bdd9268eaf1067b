"""Versions no table of periods shows, as they came by a machine that named no period, or one that has not begun."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.people.rights import Anyone
from haidang.engine.submissions import periods_owed as owed
from haidang.engine.submissions import stating
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.shelf import shelf
from haidang.engine.submissions.wording import period_words

MOST = 100


@dataclass(frozen=True, slots=True)
class Unplaced:
    """One of them, and where its office says its period, or hands it in for another one."""

    row: Submission
    title: str

    @property
    def words(self) -> str:
        if self.row.when is None:
            return period_words(None)
        return _("%(period)s, chưa bắt đầu") % {"period": period_words(self.row.when)}

    @property
    def is_without(self) -> bool:
        """Whether its office need only say the period."""
        return stating.is_asked(self.row)

    @property
    def is_waiting(self) -> bool:
        """Whether nothing can be done yet: what it lacks is known when it has been judged."""
        return self.row.when is None and self.row.state == Submission.State.RECEIVED

    @property
    def hand_in_url(self) -> str:
        return f"{reverse('submissions:hand_in')}?{urlencode({'hop-dong': self.row.contract})}"


def unplaced(person: Anyone) -> list[Unplaced]:
    """Those this person may see, the newest first. What was taken back, or handed in once more for a period that runs,
    needs nobody.
    """
    today, without = clock.today(), Q()
    for contract, terms in shelf().contracts.items():
        if terms.period != "none":
            # Periods of one kind sort as their codes do.
            ahead = Q(period__gt=owed.present(terms, today).code)
            without |= Q(contract=contract) & (Q(period="") | ahead)
    if not without:
        return []
    again = Submission.objects.filter(
        contract=OuterRef("contract"),
        office=OuterRef("office"),
        sha256=OuterRef("sha256"),
        pk__gt=OuterRef("pk"),
    )
    rows = Submission.objects.for_user(person).filter(without).exclude(state=Submission.State.WITHDRAWN)
    rows = rows.exclude(Exists(again)).select_related("office").order_by("-received_at", "-pk")
    return [Unplaced(row, shelf().title(row.contract)) for row in rows[:MOST]]
