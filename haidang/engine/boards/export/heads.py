"""What stands above every table that leaves."""

from __future__ import annotations

from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.assets.simulated import is_simulated
from haidang.engine.boards.tiles import Look


def told(look: Look, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Whether it is real, as of when, then what the table adds."""
    asked = _("Như đã biết lúc") if look.as_of else _("Xuất lúc")
    mark = [(_("DỮ LIỆU MÔ PHỎNG"), "")] if is_simulated() else []
    return [*mark, (asked, f"{clock.local(look.now):%d/%m/%Y %H:%M:%S}"), *more]
