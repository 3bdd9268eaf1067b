"""`haidang check [DIR]`: does the content hold together?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from haidang.config.cli import json_option, print_json, setup


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--odcs", metavar="ADDRESS", help="Print this contract as ODCS 3.1 and stop.")
@json_option
def check(folder: Path | None, odcs: str | None, as_json: bool) -> None:
    """Check a domain, or a folder of domains; without DIR all domains of this centre.

    Prints each problem as file:line: message, and exits with 1 when there is one.
    """
    if odcs:
        _print_odcs(odcs, folder)
        return
    setup()
    from haidang.engine.checks import walk

    problems, tree = walk.check(folder)
    files = walk.counted(tree, folder)
    if as_json:
        found = [{"file": str(p.path), "line": p.line, "message": p.message} for p in problems]
        print_json({"ok": not problems, "files": files.content, "beside": files.beside, "problems": found})
    else:
        for problem in problems:
            click.echo(str(problem))
        if problems:
            click.echo(f"{len(problems)} problems in {len({p.path for p in problems})} files.", err=True)
        else:
            click.echo(f"{files.content} content files hold together{_with(files.beside)}.")
    sys.exit(1 if problems else 0)


def _with(beside: int) -> str:
    """`, with 3 files beside them`: what a content file leans on is judged with it."""
    if not beside:
        return ""
    files = "1 file" if beside == 1 else f"{beside} files"
    return f", with {files} beside them (samples, templates, what is expected, code)"


def _print_odcs(address: str, folder: Path | None) -> None:
    from haidang.engine.contracts.odcs import as_yaml
    from haidang.engine.contracts.tree import OURS, load_tree

    tree = load_tree([OURS, folder.absolute()] if folder else None)
    entry = tree.contracts.get(address)
    if entry is None:
        raise click.ClickException(f"no contract {address}; there are: {', '.join(sorted(tree.contracts))}")
    click.echo(as_yaml(entry), nl=False)
