"""How far a source has been taken: the largest value of one field, and what to ask for next."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from haidang.engine import clock
from haidang.engine.connectors.pull.definition import Since
from haidang.engine.connectors.pull.rows import find
from haidang.engine.connectors.pull.trouble import Trouble

# A clock that runs ahead elsewhere must not carry the mark into the future: all that came until then would be missed.
_AHEAD_S = 3600.0
# More rows than these are rather counted as duplicates again than remembered.
_RECENT = 2_000
_PER_SECOND = {"seconds": 1, "milliseconds": 1000}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Systems write their smallest time, 0001-01-01, for "none". It is no mark, and an overlap before it could not be told.
_FIRST = (datetime(1000, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
# Times that a database has and our clock does not: they can be read, but nothing goes on from them.
_BEYOND = re.compile(r"-?infinity|\d{5,}-\d\d-\d\d.*|.* BC", re.IGNORECASE)


@dataclass(slots=True)
class Mark:
    """`taken` is what earlier rounds took, `seen` the largest of this one: keys, or microseconds since 1970."""

    since: Since | None
    zone: ZoneInfo
    taken: int | None = None
    seen: int | None = None
    # Digests of rows of this round with their value, for `recent`.
    rows: dict[bytes, int | None] = field(default_factory=dict)
    # Whether any value of this run could be read, and those that are times and yet no mark.
    is_readable: bool = False
    beyond: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, since: Since | None, zone: str, kept: object) -> Mark:
        mark = cls(since, ZoneInfo(zone))
        mark.taken = mark._kept(kept)
        return mark

    @property
    def _is_key(self) -> bool:
        return self.since is not None and self.since.form == "key"

    @property
    def _overlap(self) -> int:
        if self.since is None:
            return 0
        return self.since.keys_back if self._is_key else round(self.since.overlap * 1_000_000)

    def parameters(self) -> dict[str, str]:
        """What to ask for: all that is newer than the mark less the overlap."""
        if self.since is None:
            return {}
        if self.taken is None:
            return {self.since.parameter: self.since.start} if self.since.start else {}
        value = self._asked(self.taken)
        if self._is_key:
            return {self.since.parameter: str(value)}
        if self.since.form == "iso":
            return {self.since.parameter: _instant(value).astimezone(self.zone).isoformat()}
        return {self.since.parameter: str(value * _PER_SECOND[self.since.form] // 1_000_000)}

    def start(self) -> int | datetime | None:
        """The same for a query: a key, or an instant; None: everything."""
        if self.since is None:
            return None
        value = self.read(self.since.start or None) if self.taken is None else self._asked(self.taken)
        return value if value is None or self._is_key else _instant(value)

    def _asked(self, taken: int) -> int:
        value = taken - self._overlap
        return value if self._is_key else max(value, _FIRST)

    def see(self, rows: Sequence[Any], digests: Sequence[bytes]) -> None:
        """Look at rows that were taken."""
        if self.since is None:
            self.rows.update(dict.fromkeys(digests))
            return
        texts = [find(row, self.since.field) for row in rows]
        found = [self.read(value) for value in texts]
        self.rows.update(zip(digests, found, strict=True))
        limit = None if self._is_key else round((clock.timestamp() + _AHEAD_S) * 1_000_000)
        for text, value in zip(texts, found, strict=True):
            if value is None:
                if not self._is_key and isinstance(text, str) and _BEYOND.fullmatch(text.strip()):
                    self.beyond.add(text.strip())
                continue
            self.is_readable = True
            if limit is None or _FIRST <= value <= limit:
                self.seen = value if self.seen is None else max(self.seen, value)

    def check(self, host: str) -> list[Trouble]:
        """At the end of a run: what to say of its values. Raises Trouble when rows came and none could be read: the mark
        would stand still, and nobody would know why.
        """
        if self.since is None:
            return []
        if self.rows and not self.is_readable and not self.beyond:
            raise Trouble("not_as_expected", host=host, why="no_since", field=self.since.field)
        if not self.beyond:
            return []
        example, count = min(self.beyond), len(self.beyond)
        return [Trouble("no_such_time", host=host, field=self.since.field, count=count, example=example)]

    def see_again(self, kept: object) -> None:
        """What an earlier run of this round had seen."""
        self.seen = self._kept(kept)
        self.is_readable = self.seen is not None

    @property
    def is_ahead(self) -> bool:
        """Would the mark move now?"""
        return self.seen is not None and (self.taken is None or self.seen > self.taken)

    @property
    def furthest(self) -> str | int | None:
        """The larger of what was taken before and now."""
        return self._text(
            max((value for value in (self.taken, self.seen) if value is not None), default=None)
        )

    @property
    def high(self) -> str | int | None:
        return self._text(self.seen)

    def cursor(self) -> dict[str, Any]:
        """Where the next round starts, and which rows it will meet again without need."""
        if self.since is None:
            return self._recent(self.rows)
        known = [value for value in (self.taken, self.seen) if value is not None]
        return self._at(max(known, default=None))

    def kept(self) -> dict[str, Any]:
        """The same where something may not have been seen: from the old mark again."""
        return self._at(self.taken)

    def _at(self, mark: int | None) -> dict[str, Any]:
        if mark is None:
            return self._recent(self.rows)
        first = self._asked(mark)
        again = [one for one, value in self.rows.items() if value is None or value >= first]
        return {"since": self._text(mark)} | self._recent(again)

    @staticmethod
    def _recent(rows: Collection[bytes]) -> dict[str, Any]:
        return {"recent": [one.hex() for one in rows]} if 0 < len(rows) <= _RECENT else {}

    def read(self, value: object) -> int | None:
        """A value as their rows hold it."""
        assert self.since is not None  # noqa: S101 - asked only then
        try:
            if value is None or isinstance(value, bool):
                return None
            if self._is_key:
                return int(str(value))
            if self.since.form in _PER_SECOND:
                return round(float(str(value)) * 1_000_000 / _PER_SECOND[self.since.form])
            instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
            return _microseconds(instant if instant.tzinfo else instant.replace(tzinfo=self.zone))
        except (ValueError, OverflowError):
            return None

    def _kept(self, value: object) -> int | None:
        """A value as the cursor holds it: a time as ISO text in UTC, so that people can read it."""
        if value is None or self.since is None:
            return None
        try:
            return int(str(value)) if self._is_key else _microseconds(datetime.fromisoformat(str(value)))
        except (ValueError, TypeError):
            return (
                None  # of a step that the file no longer has: from the start, what comes twice is a duplicate
            )

    def _text(self, value: int | None) -> str | int | None:
        return value if value is None or self._is_key else _instant(value).isoformat()


def _instant(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)
