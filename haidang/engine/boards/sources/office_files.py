"""Files that offices hand in: what they hold is shown and given out where their versions are, by the rights of these.

Whoever watches a source sees that a file came, when and through which door; a list of dossiers names citizens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from haidang.engine.boards.sources import content
from haidang.engine.store.models import Delivery
from haidang.engine.submissions.models import Submission

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone


def addresses() -> list[str]:
    """Sources of which such files come."""
    tree = content.tree()
    return [one for one, entry in tree.sources.items() if entry.thing.contract in tree.sheets]


def is_one(delivery: Delivery) -> bool:
    """Also of a source whose content is gone since."""
    source = delivery.source.address if delivery.source else ""
    return source in addresses() or Submission.objects.filter(delivery_id=delivery.pk).exists()


def versions(person: Anyone, delivery: Delivery) -> list[Submission]:
    """What became of its files, for whoever may see them; an envelope of several has several."""
    seen = Submission.objects.for_user(person).filter(delivery_id=delivery.pk)
    return list(seen.order_by("ordinal")[:20])
