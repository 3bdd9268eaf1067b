"""E-mail: written into the caller's transaction, sent by `work` after its commit, each message once.

SMTP cannot say whether a message whose last answer was lost has gone out. Of the two faults we choose the one
that disturbs nobody: what may have been sent is not sent again, it is marked `unknown` and told by the doctor.
What mail says stands in the product too, and the next day's digest says it again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction

from haidang.engine import clock
from haidang.engine.crashpoint import crashpoint
from haidang.engine.notify.models import Attachment, Mail

log = logging.getLogger("haidang.work")

State = Mail.State
# Nobody is woken by what can wait until the morning; local time.
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(6, 30)
AT_ONCE = 50  # of one connection; the rest waits for the next turn
TRIES = 6  # 5, 10, 20, 40, 80 minutes apart
FIRST_PAUSE = timedelta(minutes=5)
# A message still `sending` after this belongs to a process that was killed: longer than EMAIL_TIMEOUT allows.
ABANDONED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class File:
    """A file to go with a message; `media_type` as `application/pdf`."""

    name: str
    media_type: str
    content: bytes


def is_on() -> bool:
    """Whether this centre has a mail server (`HAIDANG_MAIL_HOST`)."""
    return bool(settings.EMAIL_HOST)


def post(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    files: Sequence[File] = (),
    at: datetime | None = None,
    is_urgent: bool = False,
) -> bool:
    """Write one message for one address in the caller's transaction; whether it was written now.

    `key` (at most 200 characters) names the occasion and the recipient, e.g. `digest:2026-11-29:17`. A second
    one of the same key is not written. Without a mail server nothing is: mail that was never meant to go must
    not pour out on the day a server is set. What is not urgent waits for the end of the quiet hours.
    """
    if not is_on():
        return False
    now = clock.now()
    due = max(now, at or now)
    mail, is_new = Mail.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "subject": " ".join(subject.split())[:300],
            "text": text,
            "made_at": now,
            "due_at": due if is_urgent else awake(due),
        },
    )
    if is_new and files:
        Attachment.objects.bulk_create(
            Attachment(mail=mail, name=file.name, media_type=file.media_type, content=file.content)
            for file in files
        )
    return is_new


def awake(instant: datetime) -> datetime:
    """The instant itself, or the end of the quiet hours it falls into."""
    here = clock.local(instant)
    if QUIET_UNTIL <= here.time() < QUIET_FROM:
        return instant
    day = here.date() + timedelta(days=1 if here.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, clock.LOCAL)


def waiting(prefix: str) -> list[str]:
    """Keys of messages that begin so and are not on their way yet."""
    found = Mail.objects.filter(key__startswith=prefix, state=State.WAITING).order_by("pk")
    return list(found.values_list("key", flat=True))


def withdraw(prefix: str) -> int:
    """Forget messages of these keys that are not on their way yet: what they ask for has been done."""
    gone, _models = Mail.objects.filter(key__startswith=prefix, state=State.WAITING).delete()
    return gone


def send_due() -> int:
    """Send what is due; how many went out. A server that does not answer leaves everything waiting."""
    if not is_on():
        return 0
    now = clock.now()
    Mail.objects.filter(state=State.SENDING, tried_at__lt=now - ABANDONED).update(state=State.UNKNOWN)
    due = Mail.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
    if not keys:
        return 0
    server, sent = EmailBackend(), 0
    try:
        for key in keys:
            if not _reach(server):
                break
            state = _send(key, server)
            sent += state == State.SENT
            if state == State.UNKNOWN:
                break  # the line is bad: what was not begun waits for the next turn
    finally:
        server.close()
    return sent


def _reach(server: EmailBackend) -> bool:
    """Whether there is a line that lives, before a message is marked: servers cut it after so many messages."""
    if server.connection is not None and server.connection.sock is None:
        server.close()
    try:
        server.open()
    except (OSError, SMTPException) as error:
        log.warning("the mail server %s is away, mail waits: %s", settings.EMAIL_HOST, error)
        return False
    return True


def _send(key: int, server: EmailBackend) -> Mail.State | None:
    """One message: marked, committed, sent, marked; what it is then, None where another process has it. Whoever dies
    between the marks leaves it `sending`.
    """
    with transaction.atomic():
        mail = Mail.objects.select_for_update(skip_locked=True).filter(pk=key, state=State.WAITING).first()
        if mail is None:
            return None
        mail.state, mail.tried_at, mail.tries = State.SENDING, clock.now(), mail.tries + 1
        mail.save(update_fields=["state", "tried_at", "tries"])
    crashpoint("mail.marked")
    try:
        server.send_messages([_message(mail)])
    except (SMTPResponseException, SMTPRecipientsRefused) as error:
        return _refused(mail, error)
    except (SMTPException, OSError) as error:
        # The line broke: perhaps after the server had taken it.
        log.warning("mail %s may or may not have gone out: %s", mail.key, error)
        Mail.objects.filter(pk=mail.pk).update(state=State.UNKNOWN, error=str(error)[:300])
        return State.UNKNOWN
    crashpoint("mail.sent")
    with transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(state=State.SENT, sent_at=clock.now(), error="")
        mail.attachments.all().delete()
    return State.SENT


def _refused(mail: Mail, error: SMTPResponseException | SMTPRecipientsRefused) -> Mail.State:
    """The server said no, so it certainly did not go out: later again, unless it will never go."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    else:
        codes = [error.smtp_code]
    is_final = all(500 <= code < 600 for code in codes) or mail.tries >= TRIES
    log.warning("mail %s was refused: %s", mail.key, error)
    state = State.REFUSED if is_final else State.WAITING
    mail.state = state
    mail.error = str(error)[:300]
    mail.due_at = clock.now() + FIRST_PAUSE * 2 ** (mail.tries - 1)
    mail.save(update_fields=["state", "error", "due_at"])
    return state


def _message(mail: Mail) -> EmailMessage:
    """With an id made of the key: whatever happens on the way, mail programs show one message."""
    sender = settings.DEFAULT_FROM_EMAIL
    domain = sender.rpartition("@")[2].strip("> ")
    name = sha256(f"{settings.HAIDANG_PUBLIC_URL} {mail.key}".encode()).hexdigest()[:32]
    headers = {"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"}
    message = EmailMessage(mail.subject, mail.text, sender, [mail.to], headers=headers)
    for file in mail.attachments.all():
        message.attach(file.name, bytes(file.content), file.media_type)
    return message
