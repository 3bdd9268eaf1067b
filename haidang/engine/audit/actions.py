"""Write an act into the log, in the transaction of the decision it tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from haidang.engine import clock
from haidang.engine.audit.models import Act

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.http import HttpRequest

# Held shared by whoever writes an act and alone by whoever seals: a seal must not overtake a number that is
# given out but not yet committed.
WRITING = 0x4841_4944


def record(
    *,
    person: AbstractBaseUser | AnonymousUser | None,
    verb: str,
    object: models.Model | tuple[str, str],  # noqa: A002 - the word every caller would use
    detail: dict[str, Any] | None = None,
    request: HttpRequest | None = None,
    actor: str = "",
) -> Act:
    """Append one act. `object` is a saved model instance or (type, id).

    Without a person say in `actor` which process or command acted. `detail` is JSON; personal data in it
    belongs under the keys `phone`, `email`, `id_number`, where the page masks them.
    """
    known = person if person is not None and person.pk is not None else None
    if known is None and not actor:
        raise ValueError(f"{verb}: an act needs a person or the name of the process that acted")
    if isinstance(object, models.Model):
        kind, key = object._meta.label_lower, str(object.pk)
    else:
        kind, key = object
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WRITING])
        return Act.objects.create(
            at=clock.now(),
            person_id=known.pk if known else None,
            actor=(actor or str(known))[:150],
            verb=verb,
            object_type=kind,
            object_id=key[:120],
            detail=_plain(detail or {}),
            address=request.META.get("REMOTE_ADDR") or None if request else None,
        )


def _plain(detail: dict[str, Any]) -> dict[str, Any]:
    """The detail as it will be read back, so that what is sealed is what is stored."""
    import json

    plain: dict[str, Any] = json.loads(json.dumps(detail, cls=DjangoJSONEncoder, ensure_ascii=False))
    return plain
