"""What a command says of an address that is none: the nearest that there are, and how to see all of them."""

from __future__ import annotations

from collections.abc import Iterable

from haidang.engine.both import both, nearest

# More than these fill a screen and are read by nobody.
_FEW = 8


def unknown(what: str, address: str, among: Iterable[str], kind: str) -> str:
    """`what` is the thing in English and Vietnamese with a slash, `kind` the folder its files stand in."""
    there = sorted(among)
    near = there if len(there) <= _FEW else nearest(address, there)
    en, _slash, vi = what.partition(" / ")
    shown = ", ".join(near)
    some_en, some_vi = (
        # i18n: data – both languages stand beside each other
        ("there are", "có") if len(there) <= _FEW else ("nearest", "gần nhất")
    )
    listed = f"haidang check --list {kind}"
    return both(
        f"{en} {address!r} does not exist{shown and f'; {some_en}: {shown}'}; all of them: {listed}",
        f"không có {vi} {address!r}{shown and f'; {some_vi}: {shown}'}; xem tất cả: {listed}",
    )
