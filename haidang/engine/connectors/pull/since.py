"""How far a source has been taken: the largest value of one field, and what to ask for next."""

from __future__ import annotations

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


@dataclass(slots=True)
class Mark:
    """`taken` is what earlier rounds took, `seen` the largest of this one: keys, or microseconds since 1970."""

    since: Since | None
    zone: ZoneInfo
    taken: int | None = None
    seen: int | None = None
    # Digests of rows of this round with their value, for `recent`.
    rows: dict[bytes, int | None] = field(default_factory=dict)

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
        value = self.taken - self._overlap
        if self._is_key:
            return {self.since.parameter: str(value)}
        if self.since.form == "iso":
            return {self.since.parameter: _instant(value).astimezone(self.zone).isoformat()}
        return {self.since.parameter: str(value * _PER_SECOND[self.since.form] // 1_000_000)}

    def start(self) -> int | datetime | None:
        """The same for a query: a key, or an instant; None: everything."""
        if self.since is None:
            return None
        value = self.read(self.since.start or None) if self.taken is None else self.taken - self._overlap
        return value if value is None or self._is_key else _instant(value)

    def see(self, rows: Sequence[Any], digests: Sequence[bytes], host: str) -> None:
        """Look at rows that were taken. Raises Trouble when none of them can be read: the mark would stand still."""
        if self.since is None:
            self.rows.update(dict.fromkeys(digests))
            return
        found = [self.read(find(row, self.since.field)) for row in rows]
        if rows and all(value is None for value in found):
            raise Trouble("not_as_expected", host=host, why="no_since", field=self.since.field)
        self.rows.update(zip(digests, found, strict=True))
        limit = None if self._is_key else round((clock.timestamp() + _AHEAD_S) * 1_000_000)
        for value in found:
            if value is not None and (limit is None or value <= limit):
                self.seen = value if self.seen is None else max(self.seen, value)

    def see_again(self, kept: object) -> None:
        """What an earlier run of this round had seen."""
        self.seen = self._kept(kept)

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
        if not known:
            return {}
        first = max(known) - self._overlap
        again = [one for one, value in self.rows.items() if value is None or value >= first]
        return {"since": self._text(max(known))} | self._recent(again)

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
        return int(str(value)) if self._is_key else _microseconds(datetime.fromisoformat(str(value)))

    def _text(self, value: int | None) -> str | int | None:
        return value if value is None or self._is_key else _instant(value).isoformat()


def _instant(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)
