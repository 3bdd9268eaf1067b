"""Housekeeping of what lies below all stages: the audit chain, the outbox of live screens, the queue
itself.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import connection

from haidang.engine import clock
from haidang.engine.audit import chain
from haidang.engine.jobs.schedule import every
from haidang.engine.notify import mail
from haidang.engine.notify.models import Change, Mail
from haidang.engine.people import sign_in

# A screen that was away longer than this is told to load anew instead of resuming.
OUTBOX_KEPT = timedelta(hours=2)
# What was written to whom, for the question "did you tell me?"; longer than any period a reminder is about.
MAIL_KEPT = timedelta(days=400)
# Finished jobs are deleted at once; what a killed worker left behind goes after this.
LEFT_BEHIND = timedelta(hours=6)


@every("* * * * *", "jobs.seal_audit")
def seal_audit() -> None:
    """Close the acts so far into the hash chain, and write its head where a cut-off end would show."""
    chain.seal()


@every("*/10 * * * *", "jobs.trim_outbox")
def trim_outbox() -> int:
    """Changes that nobody will ask for again."""
    gone, _models = Change.objects.filter(at__lt=clock.now() - OUTBOX_KEPT).delete()
    return gone


@every("* * * * * */15", "jobs.send_mail")
def send_mail() -> int:
    """What people are to be told by e-mail, when this centre has a server for it."""
    return mail.send_due()


@every("33 3 * * *", "jobs.trim_mail")
def trim_mail() -> int:
    """Messages of long ago, with the keys that kept them from going twice."""
    gone, _models = Mail.objects.filter(made_at__lt=clock.now() - MAIL_KEPT).delete()
    return gone


@every("23 * * * *", "jobs.trim_queue")
def trim_queue() -> int:
    """Jobs of workers that were killed, and failed ones after they have been seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE j.status IN ('doing', 'failed', 'aborted', 'cancelled') "
            "AND NOT EXISTS (SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > %s)",
            [clock.now() - LEFT_BEHIND],
        )
        return int(cursor.rowcount)


@every("41 * * * *", "jobs.forget_sign_ins")
def forget_sign_ins() -> None:
    """Sessions that are over, and wrong passwords of long ago."""
    sign_in.prune()
    Session.objects.filter(expire_date__lt=clock.now()).delete()
