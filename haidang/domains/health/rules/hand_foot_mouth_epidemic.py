"""The limit of hand_foot_mouth_epidemic.yml: the epidemic threshold of past seasons."""

from __future__ import annotations

from ._moving_epidemic import limit

__all__ = ["limit"]
