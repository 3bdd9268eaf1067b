"""A database of its own for benchmarks that need the record but no other process."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime


class Record:
    """A migrated database with our content loaded."""

    def stations(self, codes: list[str]) -> None:
        """Register these as air stations."""
        from haidang.engine.assets.models import Asset

        Asset.objects.bulk_create(
            [Asset(code=code, name=code, kind="air", domain="environment") for code in codes]
        )

    def identical_table(self, name: str) -> None:
        """A twin of the observations: same columns, partitions and indexes, nothing else."""
        from django.db import connection

        from haidang.engine import clock
        from haidang.engine.store import partitions

        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TABLE {name} (LIKE store_observation) PARTITION BY RANGE (at);"
                f"CREATE UNIQUE INDEX ON {name} (series_id, at) WHERE superseded IS NULL;"
                f"CREATE INDEX ON {name} (series_id, at) WHERE superseded IS NOT NULL"
            )
            start = partitions.month_start(clock.now())
            before = partitions.month_start(start.replace(day=1) - clock.HOUR)
            for month in (before, start, partitions.next_month(start)):
                end = partitions.next_month(month)
                cursor.execute(
                    f"CREATE TABLE {name}_{month:%Y%m} PARTITION OF {name}"
                    f" FOR VALUES FROM ('{month:%Y-%m-%d}T00:00Z') TO ('{end:%Y-%m-%d}T00:00Z')"
                )
        partitions.ensure_months()

    def now(self) -> datetime:
        from haidang.engine import clock

        return clock.now()


@contextlib.contextmanager
def own_server() -> Iterator[str]:
    """The URL of an embedded PostgreSQL as a centre runs it, in a folder that is removed afterwards."""
    import shutil
    import signal
    import subprocess
    import tempfile
    import time
    from pathlib import Path
    from urllib.parse import quote

    from haidang.config.postgres import Postgres

    home = Path(tempfile.mkdtemp(prefix="haidang-bench-"))
    home.chmod(0o755)
    postgres = Postgres(home)
    postgres.prepare()
    with (home / "postgres.log").open("wb") as log:
        server = subprocess.Popen(postgres.serve(), stdout=log, stderr=log, cwd="/")
    try:
        while not postgres.ready():
            if server.poll() is not None:
                raise SystemExit(f"PostgreSQL does not start: {(home / 'postgres.log').read_text()}")
            time.sleep(0.05)
        os.environ["HAIDANG_HOME"] = str(home / "home")
        yield f"postgresql://haidang@{quote(str(postgres.folder), safe='')}/postgres"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def fresh_database(name: str = "haidang_bench") -> Iterator[Record]:
    """Make the database, migrate, load content; drop it at the end. DATABASE_URL names the server; without it one
    of its own is started, with the durability a centre has.
    """
    with contextlib.ExitStack() as stack:
        if "DATABASE_URL" not in os.environ:
            os.environ["DATABASE_URL"] = stack.enter_context(own_server())
        yield from _database(name)


def _database(name: str) -> Iterator[Record]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haidang.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from haidang.engine.contracts.tree import load_tree
    from haidang.engine.indicators import kinds
    from haidang.engine.store.content import load_content

    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        load_content(load_tree(kinds=kinds.KINDS))
        yield Record()
    finally:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
