"""Mark rows as replaced, each by its place in its table.

A join of the new keys with the current rows would leave the order to the planner. Of a month filled since it was last
analysed it believes that two rows in a thousand are current ones, walks through all of them, and compares each with every
key: a quarter of a second for the thousand hours of one closing, and more with every hour of the month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

PLACE = "{0}.tableoid::regclass::text, {0}.ctid::text"
"""Columns of the alias {0} that make a `Place`."""

Place = tuple[str, str]
"""Table as SQL names it, row within it. Good within the transaction that read it and holds the epoch lock."""


def retire(cursor: Any, places: Iterable[Place], epoch: int) -> None:
    """These rows are current no more from `epoch` on."""
    by_table: dict[str, list[str]] = defaultdict(list)
    for table, row in places:
        by_table[table].append(row)
    for table, rows in by_table.items():
        cursor.execute(f"UPDATE {table} SET superseded = %s WHERE ctid = ANY(%s::tid[])", [epoch, rows])
