"""A formula as it was: rebuilt from the texts that were in force, where today's is another.

The record keeps each text with what it was made of, so that a question about the past is answered by the formula of
that time and not by one nobody knew then.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from haidang.engine.contracts.code import load_module
from haidang.engine.contracts.reading import read
from haidang.engine.contracts.tables import Table
from haidang.engine.indicators.book import Entry
from haidang.engine.indicators.definition import Indicator
from haidang.engine.store.content import text_at

_FILE = re.compile(r"^# --- (\w+\.py)\n", re.MULTILINE)


def entry_at(today: Entry, moment: datetime) -> Entry | None:
    """The indicator as it was in force at that moment; None when there was none yet."""
    known = text_at("indicators", today.address, moment)
    if known is None:
        return None
    if known.sha256 == today.sha256:
        return today
    with TemporaryDirectory(prefix="haidang-former-") as folder:
        path = Path(folder) / "indicator.yml"
        path.write_text(known.body, encoding="utf-8")
        bare = read(path, Indicator)
    tables = [text_at("tables", address, moment) for _, address in bare.builds_on()]
    texts = tuple((table.address, table.body) for table in tables if table)
    return _rebuilt(today.address, known.sha256, known.body, known.sibling, texts)


@lru_cache(64)
def _rebuilt(
    address: str, sha256: str, body: str, sibling: str, tables: tuple[tuple[str, str], ...]
) -> Entry:
    """Raises ContentError when today's programs cannot read the text any more."""
    stem = address.rpartition(".")[2]
    code = sibling.removesuffix("".join(f"\n{text}" for _, text in tables))
    parts = _FILE.split(code)[1:]
    with TemporaryDirectory(prefix="haidang-former-") as name:
        folder = Path(name)
        for file, text in zip(parts[::2], parts[1::2], strict=True):
            (folder / file).write_text(text, encoding="utf-8")
        (folder / f"{stem}.yml").write_text(body, encoding="utf-8")
        things = {}
        for number, (table, text) in enumerate(tables):
            (folder / f"table{number}.yml").write_text(text, encoding="utf-8")
            things[table] = read(folder / f"table{number}.yml", Table)
        indicator = read(folder / f"{stem}.yml", Indicator).completed(things)
        module = load_module(folder / f"{stem}.py")
    return Entry(address, indicator, module.compute, sha256)
