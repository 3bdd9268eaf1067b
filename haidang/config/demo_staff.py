"""People of the simulated offices at their desks: they sign, approve and publish what their files brought through the doors.

They do what anybody in their place may do, through the same decisions. What somebody handed in on a page, what came with a
key that is not the simulator's and what has faults or warnings is left alone – but that last month was told otherwise before it
was corrected they explain –, and so is the newest list of dossiers: signed,
it waits for a visitor to approve it.
"""

from __future__ import annotations

import logging
import time

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from haidang.demo.sheets.months import Month
from haidang.engine import clock
from haidang.engine.contracts.sheets.comparative import DIFFERS
from haidang.engine.contracts.sheets.verdict import Level
from haidang.engine.jobs.schedule import every
from haidang.engine.people.models import Office, Person, Role
from haidang.engine.store.models import Credential, Delivery
from haidang.engine.submissions import actions
from haidang.engine.submissions.models import Cell, Submission

log = logging.getLogger("haidang.demo")
State = Submission.State

TURN_S = 8.0  # how long one turn may keep a worker: alarms of silence are watched by the same ones
AT_ONCE = 4
LEFT_FOR_VISITORS = "services.dossiers"
# i18n: data – what an officer writes
SAID = "Theo số đã rà soát, cơ quan sẽ gửi bản đính chính kỳ trước."


@every("* * * * * */10", "demo.staff")
def work() -> None:
    """One turn: the newest periods first, until nothing is left or the turn is over."""
    until, seen = time.monotonic() + TURN_S, set[int]()
    while time.monotonic() < until:
        waiting = list(on_the_desk().exclude(pk__in=seen)[:AT_ONCE])
        for submission in waiting:
            settle(submission)
        seen |= {one.pk for one in waiting}
        if not waiting:
            return


def on_the_desk() -> QuerySet[Submission]:
    """What the simulator's files became and nobody has finished yet: years, which months are divided by, then the newest."""
    keys = Credential.objects.filter(is_demo=True).values("user")
    by_simulator = Delivery.objects.filter(pk=OuterRef("delivery_id"), credential__in=keys)
    found = Submission.objects.standing().filter(
        Q(warnings=0) | _only_differs(),
        Exists(by_simulator),
        office__is_demo=True,
        handed_in_by=None,
        faults=0,
    )
    left = {"contract": LEFT_FOR_VISITORS, "period": Month.at(clock.timestamp()).before.code}
    return (
        found.filter(state__in=(State.DRAFT, State.SUBMITTED, State.APPROVED))
        .exclude(state__in=(State.SUBMITTED, State.APPROVED), **left)
        .select_related("office")
        .order_by(Length("period"), "-period", "pk")
    )


def _only_differs() -> Q:
    """Every warning says that last month was told otherwise."""
    said = Q()
    for code in DIFFERS:
        said |= Q(remarks__contains=[[int(Level.WARNING), code]])
    warned = Cell.objects.filter(submission=OuterRef("pk"), level=int(Level.WARNING))
    return Exists(warned) & ~Exists(warned.exclude(said))


def settle(submission: Submission) -> None:
    """From where it stands to published; the newest list of dossiers to signed."""
    office = submission.office
    officer, head = _of(office, Role.OFFICER), _of(office, Role.LEADER)
    if officer is None or head is None:
        return
    try:
        if submission.state == State.DRAFT:
            for cell in actions.unexplained(submission):
                actions.explain(submission=submission, cell=cell, text=SAID, by=officer)
            submission = actions.sign(submission=submission, by=officer)
            if not on_the_desk().filter(pk=submission.pk).exists():
                return
        if submission.state == State.SUBMITTED:
            submission = actions.approve(submission=submission, by=head)
        actions.publish(submission=submission, by=head)
    except ValidationError as error:
        # A newer version came in between, or its contract left the tree: people look at it.
        log.warning("%s is left on the desk: %s", submission, "; ".join(error.messages))


def _of(office: Office | None, role: Role) -> Person | None:
    people = Person.objects.filter(is_demo=True, office=office, grants__role=role, grants__office=office)
    return people.order_by("pk").first()
