"""What a command says when something it needs is away: what, where, how to mend it. A traceback helps nobody at three
in the morning; that of a fault of ours goes to a file.
"""

from __future__ import annotations

import traceback
from pathlib import Path

import click

# Processes of the centre: their log keeps what happened.
_PROCESSES = frozenset({"doors", "ingest", "web", "work", "pull", "prepare"})


class Fault(click.ClickException):
    """One line for the terminal."""


def told(error: Exception, command: str) -> BaseException:
    """The error as a line on the terminal; itself where a process's log must keep all of it."""
    if words := _away(error):
        return Fault(words)
    if command in _PROCESSES:
        return error
    kept = _keep(error, command)
    return Fault(
        f"this should not have happened: {type(error).__name__}: {str(error).partition(chr(10))[0][:300]}"
        + (f"\nThe full report is in {kept}; please pass it on." if kept else "")
    )


def _away(error: BaseException) -> str:
    """Words for what is away or forbidden; empty for anything else."""
    from haidang.config import settings

    home = settings.HAIDANG_HOME
    first = str(error).strip().partition("\n")[0][:300]
    kinds = {f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(error).__mro__}
    if {"django.OperationalError", "django.InterfaceError", "psycopg.OperationalError"} & kinds:
        return (
            f"the database does not answer: {first}\n"
            f"Start the centre with haidang up (home: {home}), or set DATABASE_URL to a database that runs."
        )
    if {"django.ProgrammingError", "psycopg.errors.UndefinedTable"} & kinds and "does not exist" in first:
        return f"the database is not prepared: {first}\nRun haidang prepare, or start the centre with haidang up."
    if "nats.Error" in kinds or "nats.NoServersError" in kinds:
        return f"the stream does not answer: {first or type(error).__name__}\nStart the centre with haidang up (home: {home})."
    if isinstance(error, OSError) and error.filename and error.strerror:
        mend = " Run it as the account that runs the centre." if isinstance(error, PermissionError) else ""
        return f"{error.filename}: {error.strerror}.{mend} The home folder is {home} (HAIDANG_HOME)."
    return ""


def _keep(error: Exception, command: str) -> Path | None:
    from haidang.config import settings

    path = settings.HAIDANG_HOME / "log" / "cli.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as out:
            out.write(f"haidang {command}\n{''.join(traceback.format_exception(error))}\n")
    except OSError:
        return None
    return path
