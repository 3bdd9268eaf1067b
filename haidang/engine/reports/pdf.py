"""A paper as PDF/A-2b with tags: set by typst from data alone, the same bytes for the same paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from typing import Any, cast

import msgspec
import typst
from django.utils.translation import gettext as _

from haidang.engine.fonts import fonts, writable
from haidang.engine.reports.paper import Number, Paper, numbers, spelled


def inputs(paper: Paper, link: Callable[[Number], str]) -> dict[str, str]:
    """Data and words as the template takes them."""
    paper = spelled(paper, writable)
    data = msgspec.to_builtins(paper)
    _link(data["blocks"], {number.why: link(number) for number in numbers(paper).values()})
    return {
        "data": msgspec.json.encode(data).decode(),
        "words": msgspec.json.encode(words()).decode(),
    }


def _link(thing: Any, known: dict[str, str]) -> None:
    """Paths of this centre become addresses for whoever holds the paper."""
    if isinstance(thing, dict):
        if "why" in thing:
            thing["why"] = known.get(thing["why"], "")
            return
        thing = list(thing.values())
    if isinstance(thing, list):
        for part in thing:
            _link(part, known)


def words() -> dict[str, str]:
    return {
        "state": _("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        "motto": _("Độc lập - Tự do - Hạnh phúc"),
        "number": _("Số:          /BC-…"),
        "simulated": _("DỮ LIỆU MÔ PHỎNG"),
        "made": _("Lập"),
        "for": _("cho"),
        "page": _("trang"),
        "to": _("Nơi nhận:"),
        "filed": _("- Lưu: VT."),
        "signer": _("NGƯỜI KÝ"),
        "signer_note": _("(Ký, ghi rõ họ tên)"),
    }


def render(paper: Paper, link: Callable[[Number], str]) -> bytes:
    """The bytes; their time is that of the paper's making."""
    made: bytes = typst.compile(
        _template(),
        sys_inputs=inputs(paper, link),
        font_paths=fonts(),
        pdf_standards="a-2b",
        pdf_tags=True,
        timestamp=int(datetime.fromisoformat(paper.head.made_at).timestamp()),
    )
    return made


def pages(paper: Paper, link: Callable[[Number], str], ppi: float = 100) -> list[bytes]:
    """The same pages as pictures."""
    made = typst.compile(
        _template(),
        format="png",
        ppi=ppi,
        sys_inputs=inputs(paper, link),
        font_paths=fonts(),
    )
    return [made] if isinstance(made, bytes) else list(cast("list[bytes]", made))


def _template() -> bytes:
    return files("haidang.engine.reports").joinpath("papers/report.typ").read_bytes()
