"""What is asked of a number, as an address says it and as one is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from haidang.engine import clock
from haidang.engine.boards.asof import instant_from


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the figure or series, the instant, what we knew, and which hour and value are looked into."""

    indicator: str
    asset: str
    series: str
    at: datetime
    as_of: datetime | None
    hour: datetime | None
    value: datetime | None
    parameter: str

    @classmethod
    def of(cls, request: HttpRequest) -> Question:
        get = request.GET
        at = instant_from(get.get("at", ""))
        if at is None or not (get.get("indicator") or get.get("series")):
            raise Http404("at and indicator or series")
        as_of = instant_from(get.get("as_of", ""))
        return cls(
            indicator=get.get("indicator", ""),
            asset=get.get("asset", ""),
            series=get.get("series", ""),
            at=at,
            as_of=as_of if as_of and as_of < clock.now() else None,
            hour=instant_from(get.get("hour", "")),
            value=instant_from(get.get("value", "")),
            parameter=get.get("parameter", ""),
        )

    def url(self, **changes: Any) -> str:
        """The same question with something else looked into."""
        asked: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__} | changes
        words = {
            name: clock.local(value).isoformat() if isinstance(value, datetime) else value
            for name, value in asked.items()
            if value
        }
        return f"{reverse('boards:why')}?{urlencode(words)}"

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form asks again beside `as_of`."""
        words = {
            "indicator": self.indicator,
            "asset": self.asset,
            "series": self.series,
            "parameter": self.parameter,
        }
        return [(k, v) for k, v in {**words, "at": clock.local(self.at).isoformat()}.items() if v]

    @property
    def as_of_local(self) -> str:
        return f"{clock.local(self.as_of):%d/%m/%Y %H:%M:%S}" if self.as_of else ""

    @property
    def now_url(self) -> str:
        return self.url(as_of=None, hour=None, value=None)
