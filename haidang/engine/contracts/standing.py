"""The content a centre works with: what holds, and the text in force before where a file does not.

A slip of the pen in one file must neither stop the others nor take back what was promised: the source goes on as it
was loaded, and the problem is said until the file is mended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from haidang.engine.contracts import tree as trees
from haidang.engine.contracts.reading import Problem
from haidang.engine.contracts.tree import Entry, Place, Tree

Earlier = Callable[[], Mapping[Place, str]]


def stand(tree: Tree, kinds: Mapping[str, type], earlier: Earlier) -> Tree:
    """Take out of `tree` what cannot be used, or put the text in force before (`earlier`) in its place.

    `tree.standing` then names what goes on as it was, `tree.out` what is left out.
    """
    wanted = {**trees.BUILT_IN, **kinds}
    if not (tree.unread or tree.unsound):
        return tree
    texts = earlier()
    # What was taken away while others name it goes on too, for their sake.
    gone = {place for place in tree.wanting if place in texts and place[1] not in tree.of(place[0])}
    broken = {place: tree.path_of(place) for place in tree.unread | tree.unsound | gone}
    for kind, structure in wanted.items():
        pending = {place: path for place, path in broken.items() if place[0] == kind}
        if kind == "sources":
            pending |= {
                (kind, address): entry.path
                for address, entry in tree.sources.items()
                if entry.thing.contract not in tree.contracts and entry.thing.contract not in tree.sheets
            }
        for _, address in pending:
            tree.kinds[kind].pop(address, None)
        # One may build on another of its kind: again, as long as another one stands.
        while done := [
            place for place, path in pending.items() if _stands(tree, place, path, structure, texts)
        ]:
            pending = {place: path for place, path in pending.items() if place not in done}
        tree.out.update(pending)
    return tree


def _stands(tree: Tree, place: Place, path: Path, structure: type, texts: Mapping[Place, str]) -> bool:
    """Whether the file holds after all, now that what it names stands, or else its earlier text."""
    if place not in tree.unread and path.is_file() and _put(tree, place, path, structure, None):
        return True
    if place in texts and _put(tree, place, path, structure, texts[place]):
        tree.standing.add(place)
        return True
    return False


def _put(tree: Tree, place: Place, path: Path, structure: type, text: str | None) -> bool:
    kind, address = place
    trial = Tree(domains=tree.domains, kinds={**tree.kinds, kind: dict(tree.kinds[kind])})
    domain = address.partition(".")[0]
    entry: Entry[Any] | None = trees.entry_of(trial, path, structure, domain, kind, text)
    if entry is None:
        return False
    trial.kinds[kind][address] = entry
    trees.complete(trial, kind, [address])
    if trial.unsound:
        return False
    tree.kinds[kind][address] = trial.kinds[kind][address]
    return True


def words(tree: Tree, problem: Problem) -> str:
    """A problem and what it means for the running centre."""
    parts = (*problem.path.parts[-3:-1], problem.path.stem)
    there = {place for place, path in tree.paths.items() if (*path.parts[-3:-1], path.stem) == parts}
    if there & tree.standing:
        return f"{problem} (the text loaded before goes on)"
    return f"{problem} (left out until it is mended)" if there & tree.out else str(problem)
