"""Load the content tree into the record: by hash, with the time from which each text is in force.

A figure or an alarm cites the hash of the text that made it; the text itself stays here after it has changed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.standing import stand, words
from haidang.engine.contracts.tree import Place, Tree, load_tree
from haidang.engine.people.models import Office
from haidang.engine.store import epochs
from haidang.engine.store.models import ContentFile, Epoch, Source
from haidang.engine.store.terms import SheetTerms, Terms

log = logging.getLogger("haidang.content")
_said: set[str] = set()


def standing_tree(kinds: Mapping[str, type] | None = None, folders: Iterable[Path] | None = None) -> Tree:
    """The content to work with: what holds, and the text in force before of what does not. Each problem stands in
    the log of the process, once.
    """
    tree = stand(load_tree(folders, kinds), kinds or {}, in_force)
    for problem in tree.problems:
        if (line := words(tree, problem)) not in _said:
            _said.add(line)
            log.error("CONTENT %s", line)
    return tree


def in_force() -> dict[Place, str]:
    """The texts loaded last, by kind and address."""
    found = ContentFile.objects.filter(superseded_at=None).values_list("kind", "address", "body")
    return {(kind, address): body for kind, address, body in found}


def load_content(tree: Tree) -> int:
    """Bring the record up to the tree; returns how many texts are new. Sources that left the tree stop, with
    their history kept; what is only broken stays as it was.
    """
    with transaction.atomic():
        new = _load_texts(tree)
        _load_sources(tree)
    return new


def _load_texts(tree: Tree) -> int:
    known = {(c.kind, c.address): c for c in ContentFile.objects.filter(superseded_at=None)}
    entries = {(entry.kind, entry.address): entry for entry in tree.all()}
    new = {place: e for place, e in entries.items() if place not in known or known[place].sha256 != e.sha256}
    left = known.keys() - entries.keys() - _broken(tree)
    gone = [old.pk for place, old in known.items() if place in left or place in new]
    if not (new or gone):
        return 0
    # A text is in force from the time of its epoch: what `as_of` resolves to and what was in force then agree.
    now = Epoch.objects.get(pk=epochs.take("content")).committed_at
    ContentFile.objects.filter(pk__in=gone).update(superseded_at=now)
    ContentFile.objects.bulk_create(
        ContentFile(
            address=entry.address,
            kind=entry.kind,
            sha256=entry.sha256,
            body=entry.text,
            sibling=entry.sibling,
            valid_from=now,
        )
        for entry in new.values()
    )
    return len(new)


def text_at(kind: str, address: str, moment: datetime) -> ContentFile | None:
    """The text that was in force then."""
    known = ContentFile.objects.filter(kind=kind, address=address, valid_from__lte=moment)
    return known.exclude(superseded_at__lte=moment).order_by("-valid_from").first()


def _load_sources(tree: Tree) -> None:
    offices = dict(Office.objects.values_list("code", "pk"))
    for address, entry in tree.sources.items():
        if entry.thing.contract in tree.contracts:
            contract = tree.contract_of(address)
            every_s, silent_after_s = int(contract.every), int(contract.silent_after)
        elif sheet := tree.sheets.get(entry.thing.contract):
            every_s, silent_after_s = _promise(sheet.thing)
        else:
            continue
        told = {
            "domain": entry.domain,
            "title": entry.thing.title.vi,
            "office_named": entry.thing.office,
            "every_s": every_s,
            "silent_after_s": silent_after_s,
        }
        Source.objects.update_or_create(
            address=address,
            defaults=told | {"is_active": True},
            create_defaults=told | {"office_id": offices.get(entry.thing.office)},
        )
    kept = [*tree.sources, *(address for kind, address in _broken(tree) if kind == "sources")]
    Source.objects.exclude(address__in=kept).update(is_active=False)
    give_to_offices()


def give_to_offices() -> int:
    """Sources whose office came after them belong to it from now on; how many. One that was given to another office by a
    person stays with that.
    """
    named = Office.objects.filter(code=OuterRef("office_named"))
    with transaction.atomic():
        waiting = list(Source.objects.filter(Exists(named), office=None).select_for_update(no_key=True))
        offices = {one.code: one for one in Office.objects.filter(code__in={s.office_named for s in waiting})}
        for source in waiting:
            # What was due before there was an office was owed by nobody.
            source.office, source.connected_date = offices[source.office_named], clock.today()
            source.save(update_fields=["office", "connected_date"])
            detail = {"source": source.address, "office": str(source.office)}
            record(person=None, actor="content", verb="source.give", object=source, detail=detail)
    return len(waiting)


def _broken(tree: Tree) -> set[Place]:
    return tree.unread | tree.unsound | tree.wanting


_DAY_S = 86400
_PERIOD_DAYS = {"week": 7, "month": 31, "quarter": 92, "year": 366, "none": 31}


def _promise(contract: SheetContract) -> tuple[int, int]:
    """Seconds between two files of a contract, and after how many it is silent: a period and its days of grace."""
    every = _PERIOD_DAYS[contract.period] * _DAY_S
    return every, every + contract.due_days * _DAY_S


def sheet_terms_of(tree: Tree) -> dict[str, SheetTerms]:
    """The same for sources of files."""
    return {
        address: SheetTerms(entry.thing, sheet.thing, sheet.sha256)
        for address, entry in tree.sources.items()
        if (sheet := tree.sheets.get(entry.thing.contract))
    }


def terms_of(tree: Tree) -> dict[str, Terms]:
    """What each source promised, for the registry; one without a contract is left out."""
    return {
        address: Terms(entry.thing, tree.contract_of(address), tree.contracts[entry.thing.contract].sha256)
        for address, entry in tree.sources.items()
        if entry.thing.contract in tree.contracts
    }
