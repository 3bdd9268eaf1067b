"""`open:` of a statistic: that its published figures are everybody's, since when, under which licence, by whom.

What has no `open` is closed; whether an opening may stand beside others says `opendata.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, NamedTuple

import msgspec

from haidang.engine.both import both
from haidang.engine.contracts.reading import Text

Keys = tuple[str | int, ...]
Cycle = Literal["day", "week", "month", "quarter", "year", "irregular"]


class Licence(NamedTuple):
    title: str
    url: str


# By SPDX id: those of the list that allow everybody everything but, at most, leaving out the source.
LICENCES: dict[str, Licence] = {
    "CC-BY-4.0": Licence("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": Licence("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODC-By-1.0": Licence(
        "Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"
    ),
    "PDDL-1.0": Licence(
        "Open Data Commons Public Domain 1.0", "https://opendatacommons.org/licenses/pddl/1-0/"
    ),
}


class Open(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Nothing is served before `since`, and no edition older than that day."""

    since: date
    licence: Literal["CC-BY-4.0", "CC0-1.0", "ODC-By-1.0", "PDDL-1.0"]
    # The office that answers for its being public; who answers for the numbers says the statistic or its contract.
    publisher: Text
    keywords: list[Text]
    # How often something new is to be expected; without it, as often as the statistic's period.
    update: Cycle | None = None
    # The province's decision that lists it as open data.
    basis: str = ""
    # Counts above zero and below it are withheld, and with them what would give them away.
    min_count: Annotated[int, msgspec.Meta(ge=2, le=1000)] | None = None

    def faults(self) -> Iterator[tuple[Keys, str]]:
        """What does not hold within it: the key to blame, and why."""
        if not self.publisher.vi.strip():
            yield (
                ("open", "publisher"),
                both(
                    "publisher is empty: name the office that makes it public",
                    "publisher trống: ghi cơ quan công khai số này",
                ),
            )
        if not self.keywords:
            yield (
                ("open", "keywords"),
                both(
                    "no keyword: nobody will find it; write at least one",
                    "chưa có từ khóa: sẽ không ai tìm thấy; ghi ít nhất một",
                ),
            )
        for number, word in enumerate(self.keywords):
            if not word.vi.strip():
                yield ("open", "keywords", number), both("a keyword is empty", "một từ khóa đang trống")
