"""`haidang check [DIR]`: does the content hold together?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from haidang.config.cli import json_option, print_json, setup
from haidang.config.cli.naming import unknown

if TYPE_CHECKING:
    from haidang.engine.contracts.reading import Problem


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--odcs", metavar="ADDRESS", help="Print this contract as ODCS 3.1 and stop.")
@click.option(
    "--list", "kind", metavar="KIND", help="List all addresses of contracts, indicators, … and stop."
)
@json_option
def check(folder: Path | None, odcs: str | None, kind: str | None, as_json: bool) -> None:
    """Check a domain, or a folder of domains; without DIR all domains of this centre.

    Prints each problem as file:line: message, and exits with 1 when there is one.
    """
    if odcs:
        _print_odcs(odcs, folder)
        return
    if kind:
        _print_addresses(kind, folder)
        return
    setup()
    from haidang.engine.checks import walk

    problems, tree = walk.check(folder)
    files = walk.counted(tree, folder)
    if as_json:
        found = [_as_json(problem) for problem in problems]
        print_json({"ok": not problems, "files": files.content, "beside": files.beside, "problems": found})
    else:
        for problem in problems:
            click.echo(str(problem))
        if problems:
            click.echo(f"{len(problems)} problems in {len({p.path for p in problems})} files.", err=True)
        else:
            click.echo(f"{files.content} content files hold together{_with(files.beside)}.")
    sys.exit(1 if problems else 0)


def _as_json(problem: Problem) -> dict[str, str | int]:
    from haidang.engine.both import english, vietnamese

    return {
        "file": str(problem.path), "line": problem.line, "message": problem.message,
        "message_en": english(problem.message), "message_vi": vietnamese(problem.message),
    }  # fmt: skip


def _with(beside: int) -> str:
    """`, with 3 files beside them`: what a content file leans on is judged with it."""
    if not beside:
        return ""
    files = "1 file" if beside == 1 else f"{beside} files"
    return f", with {files} beside them (samples, templates, what is expected, code)"


def _print_addresses(kind: str, folder: Path | None) -> None:
    setup()
    from haidang.engine.checks.walk import KINDS
    from haidang.engine.contracts.tree import BUILT_IN, OURS, load_tree

    kinds = {**BUILT_IN, **KINDS}
    if kind not in kinds:
        raise click.UsageError(f"there are no {kind!r}: write one of {', '.join(sorted(kinds))}")
    there = load_tree([OURS, folder.absolute()] if folder else None, KINDS).of(kind)
    width = max(map(len, there), default=0)
    for address, entry in sorted(there.items()):
        title = getattr(entry.thing, "title", "")
        click.echo(f"{address:{width}}  {getattr(title, 'vi', '')}".rstrip())


def _print_odcs(address: str, folder: Path | None) -> None:
    from haidang.engine.contracts.odcs import as_yaml
    from haidang.engine.contracts.tree import OURS, load_tree

    tree = load_tree([OURS, folder.absolute()] if folder else None)
    entry = tree.of("contracts").get(address)
    if entry is None:
        raise click.ClickException(unknown("contract / hợp đồng", address, tree.of("contracts"), "contracts"))
    click.echo(as_yaml(entry), nl=False)
