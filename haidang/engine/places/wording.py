"""Places within sentences of the screen's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from haidang.engine.places.models import Place


def province_in_a_sentence(kind: str, name: str) -> str:
    """`tỉnh Tây Ninh`, in English `Tây Ninh province`."""
    words = _("thành phố %(name)s") if kind.startswith("Thành phố") else _("tỉnh %(name)s")
    return words % {"name": name}


def in_english(place: Place) -> str:
    """`Tây Ninh province`; what is smaller keeps the name of the register, by which it is found."""
    if place.level != Place.Level.PROVINCE:
        return str(place)
    with override("en"):
        return province_in_a_sentence(place.kind, place.name)
