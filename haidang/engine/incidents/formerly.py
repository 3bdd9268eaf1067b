"""Sentences that stand in logs written by earlier versions and that none of ours writes any more.

A log never changes: a screen of another language composes these lines from the catalogue as any other (engine/said.py),
so the catalogue must keep their sentences.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

SENTENCES: Final = (gettext_noop("%(note)s – đóng khi %(n)s báo động còn vượt: %(why)s"),)
