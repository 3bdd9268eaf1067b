"""Text in pieces of several looks: a raised digit is a footnote, and what is struck out beside what is not counts no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")


class Piece(NamedTuple):
    words: str
    raised: bool = False
    struck: bool = False


def joined(pieces: Sequence[Piece]) -> str:
    """A raised “2” stays raised: behind 1500 it is no digit. What is struck out beside what is not stands between “~~”, so that
    both together are no number.
    """
    pieces = [piece for piece in pieces if piece.words]
    if len(pieces) < 2:
        return "".join(piece.words for piece in pieces)
    all_struck = all(piece.struck for piece in pieces)
    parts = []
    for piece in pieces:
        words = piece.words.translate(_RAISED) if piece.raised else piece.words
        parts.append(f"~~{words}~~" if piece.struck and not all_struck and words.strip() else words)
    return "".join(parts)
