"""The kinds of indicator a content tree holds: of stations, and of what offices report."""

from __future__ import annotations

from typing import Any

from haidang.engine.indicators.definition import Indicator
from haidang.engine.indicators.statistic import Statistic

# `kind` in the file says which.
KINDS: dict[str, Any] = {"indicators": Indicator | Statistic}
