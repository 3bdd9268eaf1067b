"""What people do with a draft: begin it with a file, keep what they typed, confirm or drop it. Each stands in the log."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.contracts.proposing.csv_file import ENDINGS as CSV
from haidang.engine.contracts.proposing.csv_file import workbook_of
from haidang.engine.contracts.proposing.finding import propose
from haidang.engine.contracts.proposing.terms import Trial
from haidang.engine.contracts.sheets.book import Unreadable
from haidang.engine.contracts.sheets.sentences import said
from haidang.engine.drafts import loading, placing
from haidang.engine.drafts.files import Decided, files_of
from haidang.engine.drafts.models import Draft
from haidang.engine.people.models import Person
from haidang.engine.submissions.wording import language


def begin(
    *, body: bytes, name: str, by: Person, prefer: str = "", request: HttpRequest | None = None
) -> Draft:
    """Read the file and keep what is proposed of it. Raises ValidationError where no table is found."""
    try:
        if name.lower().endswith(CSV):
            body = workbook_of(body, name)
        with _on_disk(body) as path:
            found = propose(path, today=clock.local(clock.now()).date(), name=name, prefer=prefer)
    except Unreadable as error:
        raise ValidationError({"file": said(error.code, error.arguments, language())}) from error
    now = clock.now()
    with transaction.atomic():
        draft = Draft.objects.create(
            name=name[:200],
            body=body,
            proposal=found.as_dict(),
            made_by=by,
            made_at=now,
            changed_by=by,
            changed_at=now,
        )
        record(person=by, verb="draft.upload", object=draft, detail={"name": name}, request=request)
    return draft


@contextlib.contextmanager
def _on_disk(body: bytes) -> Iterator[Path]:
    with TemporaryDirectory(prefix="haidang-") as folder:
        path = Path(folder) / "tep"
        path.write_bytes(body)
        yield path


@transaction.atomic
def save(*, draft: Draft, answers: Mapping[str, str], by: Person, request: HttpRequest | None = None) -> None:
    """Keep every field as it was typed, right or wrong."""
    draft = _open(draft)
    if dict(answers) == draft.answers:
        return
    draft.answers, draft.changed_by, draft.changed_at = dict(answers), by, clock.now()
    draft.save(update_fields=["answers", "changed_by", "changed_at"])
    record(person=by, verb="draft.save", object=draft, detail={"name": draft.name}, request=request)


def files(draft: Draft, decided: Decided) -> tuple[dict[str, bytes], Trial]:
    """What would be written. Raises Unreadable."""
    with _on_disk(bytes(draft.body)) as path:
        return files_of(decided, path, f"{clock.local(draft.made_at):%d/%m/%Y}")


def confirm(*, draft: Draft, decided: Decided, by: Person, request: HttpRequest | None = None) -> Path:
    """Write a domain, or a contract more of one, into the province's folder and let the running centre take it: both,
    or neither.

    Raises NotPlaced with what `haidang check` finds, ValidationError where somebody was faster, OSError.
    """
    made, _trial = files(draft, decided)
    found = decided.proposal
    placed = None
    try:
        with transaction.atomic():
            draft = _open(draft)
            placed = placing.place(made, found.domain)
            loading.load()
            draft.state, draft.body = Draft.State.CONFIRMED, b""
            draft.domain, draft.contract = found.domain, f"{found.domain}.{found.contract}"
            draft.confirmed_by, draft.confirmed_at = by, clock.now()
            draft.save()
            detail = {
                "contract": draft.contract,
                "folder": str(placed.root),
                "files": len(made),
                "name": draft.name,
            }
            record(person=by, verb="draft.confirm", object=draft, detail=detail, request=request)
    except BaseException:
        if placed is not None:
            placed.undo()  # what the record does not know must not stand in the folder either
        raise
    return placed.root


@transaction.atomic
def drop(*, draft: Draft, by: Person, request: HttpRequest | None = None) -> None:
    draft = _open(draft)
    draft.state, draft.body, draft.changed_by, draft.changed_at = Draft.State.DROPPED, b"", by, clock.now()
    draft.save()
    record(person=by, verb="draft.drop", object=draft, detail={"name": draft.name}, request=request)


def _open(draft: Draft) -> Draft:
    """The same draft, held until the decision is written; raises ValidationError when it is over."""
    held = Draft.objects.select_for_update().get(pk=draft.pk)
    if held.state != Draft.State.OPEN:
        raise ValidationError(_("Bản thảo này đã xong: người khác vừa xác nhận hoặc bỏ."))
    return held
