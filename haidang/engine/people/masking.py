"""Personal data as shown by default: enough to recognise, too little to use. Each look behind is audited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haidang.engine.audit.actions import record

if TYPE_CHECKING:
    from django.db import models
    from django.http import HttpRequest

    from haidang.engine.people.models import Person

DOT: Final = "•"
PURPOSES: Final = (
    ("contact", gettext_lazy("Liên hệ công việc")),
    ("incident", gettext_lazy("Xử lý sự việc")),
    ("correct", gettext_lazy("Kiểm tra, sửa thông tin")),
    ("inspect", gettext_lazy("Thanh tra, kiểm tra")),
)
_PHONE = re.compile(r"(?<![\d.,])(?:\+?84|0)(?:[ .]?\d){8,9}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ID_NUMBER = re.compile(r"(?<![\d.,])\d{12}(?!\d)")


def mask_phone(text: str) -> str:
    """`0912 345 678` → `•••• ••• 678`: the last three digits, the spaces kept."""
    return _dotted(text, keep=3)


def mask_id_number(text: str) -> str:
    """A citizen's number: its last three digits."""
    return _dotted(text, keep=3)


def mask_email(text: str) -> str:
    """`truc.an@tayninh.vn` → `t•••@tayninh.vn`"""
    name, at, host = text.partition("@")
    return f"{name[:1]}{DOT * 3}{at}{host}" if at else DOT * 3


def _dotted(text: str, *, keep: int) -> str:
    digits = sum(character.isdigit() for character in text)
    out, seen = [], 0
    for character in text:
        seen += character.isdigit()
        out.append(DOT if character.isdigit() and seen <= digits - keep else character)
    return "".join(out)


_BY_KEY: Final = {"phone": mask_phone, "email": mask_email, "id_number": mask_id_number}


def masked(value: Any, key: str = "") -> Any:
    """A JSON value with everything personal in it masked: known keys, and what looks like it in any text."""
    if isinstance(value, dict):
        return {name: masked(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, key) for inner in value]
    if not isinstance(value, str):
        return value
    if key in _BY_KEY:
        return _BY_KEY[key](value)
    value = _EMAIL.sub(lambda found: mask_email(found[0]), value)
    value = _ID_NUMBER.sub(lambda found: mask_id_number(found[0]), value)
    return _PHONE.sub(lambda found: mask_phone(found[0]), value)


def reveal(
    *, thing: models.Model, field: str, purpose: str, by: Person, request: HttpRequest | None = None
) -> Any:
    """The clear value of one field, after the look is written into the log."""
    if purpose not in dict(PURPOSES):
        raise ValidationError({"purpose": _("Hãy chọn mục đích xem.")})
    detail = {"field": field, "purpose": purpose}
    record(person=by, verb="personal.reveal", object=thing, detail=detail, request=request)
    return getattr(thing, field)
