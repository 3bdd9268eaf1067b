"""Decisions about reports: make one for a reader and keep it, make it again and compare."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.notify.outbox import announce
from haidang.engine.people.models import Person
from haidang.engine.reports import making
from haidang.engine.reports.making import Wanted
from haidang.engine.reports.models import Report, Schedule
from haidang.engine.reports.paper import Head, Number, numbers


@dataclass(frozen=True, slots=True)
class Drawn:
    """A report that is made but not yet given to anybody: a row that is not saved, and its file."""

    report: Report
    body: bytes


def drawn(wanted: Wanted, reader: Person, form: str, as_of: datetime | None = None) -> Drawn:
    """Draw it up and keep its file, which is named by its hash. Raises making.NotToBeMade."""
    then = as_of or clock.now()
    settled = making.settled(wanted, then)
    paper, epoch = making.paper_of(settled, reader, then)
    body = making.file_of(paper, form, epoch)
    report = Report(
        address=settled.address,
        title=paper.subject,
        unit=settled.unit,
        period=settled.period,
        form=form,
        recipient=reader,
        made_at=datetime.fromisoformat(paper.head.made_at),
        as_of=then,
        epoch=epoch,
        content_sha256=making.content_sha256(settled),
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        head=msgspec.to_builtins(paper.head),
        numbers=msgspec.to_builtins(list(numbers(paper).items())),
        denied=paper.denied,
    )
    if not default_storage.exists(report.stored_name):
        default_storage.save(report.stored_name, ContentFile(body))
    return Drawn(report, body)


@transaction.atomic
def keep(
    made: Drawn,
    *,
    by: Person | None,
    actor: str = "",
    request: HttpRequest | None = None,
    is_seen: bool = False,
) -> Report:
    """Give it to its reader: the row, the line in the audit log and the news for his page."""
    report = made.report
    report.read_at = clock.now() if is_seen else None
    report.save()
    detail = {
        "address": report.address, "form": report.form, "period": report.period, "unit": report.unit, "for": report.recipient.name,
        "as_of": report.as_of.isoformat(), "epoch": report.epoch, "numbers": len(report.numbers), "sha256": report.sha256,
    }  # fmt: skip
    record(person=by, actor=actor, verb="report.make", object=report, detail=detail, request=request)
    announce([("reports", str(report.pk))])
    return report


def make(
    *, wanted: Wanted, reader: Person, form: str, as_of: datetime | None = None, by: Person | None, actor: str = "",
    request: HttpRequest | None = None, is_seen: bool = False,
) -> Drawn:  # fmt: skip
    """Draw it up and give it to its reader at once. Raises making.NotToBeMade."""
    made = drawn(wanted, reader, form, as_of)
    keep(made, by=by, actor=actor, request=request, is_seen=is_seen)
    return made


# Fields of a schedule that say when; the subject too, for the due day of its figures is the schedule's.
TIMES = ("address", "cycle", "hour", "weekday", "days_after")


# --- schedules ------------------------------------------------------------------------------------------------
@transaction.atomic
def add_schedule(*, form: ModelForm, by: Person, request: HttpRequest | None = None) -> Schedule:
    """From a form that holds; nothing is sent for a time before now."""
    made: Schedule = form.save(commit=False)
    made.owner, made.starts_at = by, clock.now()
    made.save()
    form.save_m2m()
    _told(made, "report.schedule", by, request)
    return made


@transaction.atomic
def change_schedule(*, form: ModelForm, by: Person, request: HttpRequest | None = None) -> Schedule:
    """With another time it is as if it began now: nothing is sent for a time before that."""
    before = Schedule.objects.values(*TIMES).get(pk=form.instance.pk)
    made: Schedule = form.save()
    if any(getattr(made, name) != was for name, was in before.items()):
        made.starts_at = clock.now()
        made.save(update_fields=["starts_at"])
    _told(made, "report.change_schedule", by, request)
    return made


@transaction.atomic
def switch_schedule(*, schedule: Schedule, by: Person, request: HttpRequest | None = None) -> None:
    """Stop it or let it go on; what was due while it stood still is not sent afterwards."""
    schedule.is_active = not schedule.is_active
    if schedule.is_active:
        schedule.starts_at = clock.now()
    schedule.save(update_fields=["is_active", "starts_at"])
    _told(schedule, "report.start_schedule" if schedule.is_active else "report.stop_schedule", by, request)


def _told(schedule: Schedule, verb: str, by: Person, request: HttpRequest | None) -> None:
    people = list(schedule.recipients.order_by("pk").values_list("name", flat=True))
    detail = {"title": schedule.title, "address": schedule.address, "cycle": schedule.cycle, "for": people}
    record(person=by, verb=verb, object=schedule, detail=detail, request=request)
    announce([("reports", f"schedule-{schedule.pk}")])


# --- again ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Difference:
    """One number that is not as it was: `before` or `after` is empty where it was not there."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Again:
    """A report made again from what was known then. `same_bytes`: the file too is the same."""

    report: Report
    compared: int
    differences: list[Difference]
    same_bytes: bool
    same_content: bool
    body: bytes

    @property
    def is_equal(self) -> bool:
        return not self.differences

    @property
    def verdict(self) -> str:
        if self.is_equal:
            return _("%(n)d số, trùng từng số") % {"n": self.compared}
        said = {"n": len(self.differences), "total": self.compared}
        if not self.same_content:
            return _("%(n)d trong %(total)d số khác: nội dung bảng hay công thức đã đổi từ khi lập") % said
        return (
            _("%(n)d trong %(total)d số khác, dù nội dung bảng không đổi: quyền xem đã đổi, hoặc sổ bị sửa")
            % said
        )


def again(*, report: Report, by: Person | None, actor: str = "", request: HttpRequest | None = None) -> Again:
    """Make it again for the same reader from the same knowledge. Raises making.NotToBeMade."""
    wanted = Wanted(report.address, report.unit, report.period)
    head = msgspec.convert(report.head, Head)
    paper, epoch = making.paper_of(wanted, report.recipient, report.as_of, head)
    body = making.file_of(paper, report.form, epoch)
    before, after = report.known, numbers(paper)
    found = Again(
        report=report,
        compared=len(before.keys() | after.keys()),
        differences=compare(before, after),
        same_bytes=hashlib.sha256(body).hexdigest() == report.sha256,
        same_content=making.content_sha256(wanted) == report.content_sha256,
        body=body,
    )
    detail = {"compared": found.compared, "different": len(found.differences), "same_bytes": found.same_bytes}
    record(person=by, actor=actor, verb="report.again", object=report, detail=detail, request=request)
    return found


def compare(before: dict[str, Number], after: dict[str, Number]) -> list[Difference]:
    """Number by number: what is printed and what stands behind it."""
    found = []
    for path in [*before, *(path for path in after if path not in before)]:
        old, new = before.get(path), after.get(path)
        if old is None or new is None or (old.text, old.value, old.unit) != (new.text, new.value, new.unit):
            found.append(Difference(path, _said(old), _said(new)))
    return found


def _said(one: Number | None) -> str:
    if one is None:
        return ""
    exact = "" if one.value is None else f" ({one.value!r})"
    return f"{one.text} {one.unit}".rstrip() + exact
