"""Places within sentences of the screen's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def province_in_a_sentence(kind: str, name: str) -> str:
    """`tỉnh Tây Ninh`, in English `Tây Ninh province`."""
    words = _("thành phố %(name)s") if kind.startswith("Thành phố") else _("tỉnh %(name)s")
    return words % {"name": name}
