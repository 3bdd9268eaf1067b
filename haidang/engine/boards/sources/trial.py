"""A station and keys for trying things out: no board counts them, and the keys do not live long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.audit.actions import record
from haidang.engine.boards.sources import content
from haidang.engine.people.models import Person
from haidang.engine.store.credentials import Issued, issue, revoke
from haidang.engine.store.models import Credential, Source

CODES = {"air": "THU-01", "water": "THU-02"}
PROBE, FIRST_RUN = "gửi thử", "dùng thử"
KEY_LIVES = timedelta(hours=24)


def station(kind: str, domain: str) -> Asset:
    """The trial station of one kind of asset, made when first needed."""
    code = CODES.get(kind, f"THU-{kind}")[:60]
    found, _made = Asset.objects.get_or_create(
        code=code,
        defaults={"name": "Trạm thử", "kind": kind, "domain": domain, "folded": "tram thu", "is_trial": True},
    )
    return found


def revoke_old() -> int:
    """Throw-away keys end after a day, whoever forgot them."""
    old = Credential.objects.filter(
        label__in=(PROBE, FIRST_RUN), revoked_at=None, created_at__lt=clock.now() - KEY_LIVES
    )
    return sum(revoke(user=user) for user in old.values_list("user", flat=True))


@transaction.atomic
def throw_away_key(*, source: Source, label: str, code: str, by: Person, request: HttpRequest) -> Issued:
    """A key that may speak for the trial station only; the earlier one of the same kind ends."""
    revoke_old()
    for user in Credential.objects.filter(source=source, label=label, revoked_at=None).values_list(
        "user", flat=True
    ):
        revoke(user=user)
    issued = issue(source=source, label=label, stations=[code])
    record(
        person=by,
        verb="source.trial_key",
        object=source,
        detail={"user": issued.user, "station": code},
        request=request,
    )
    return issued


@dataclass(frozen=True, slots=True)
class Loud:
    """A reading that raises an alarm: the first thing a newcomer wants to see. And the one that ends it: `quiet`, once at
    once and again after `quiet_for` seconds.
    """

    source: str
    kind: str
    parameter: str
    value: float
    unit: str
    rule: str
    quiet: float
    quiet_for: int

    @property
    def quiet_minutes(self) -> int:
        return -(-self.quiet_for // 60)


def loud() -> Loud | None:
    """The most urgent threshold rule on a raw value that a source with HTTP and MQTT doors can carry."""
    rules = [
        entry.thing
        for entry in content.tree().of("rules").values()
        if entry.thing.kind == "threshold"
        and entry.thing.parameter
        and entry.thing.above
        and not entry.thing.for_
    ]
    for rule in sorted(rules, key=lambda rule: rule.priority):
        for address, (definition, contract) in content.terms().items():
            kind = rule.asset_kind or contract.asset_kinds[0]
            limit = contract.of_kind(kind).parameters.get(rule.parameter)
            if {"push", "mqtt"} <= set(definition.doors) and limit is not None:
                value = min(round(rule.limit * 1.3), limit.max)
                quiet = round(max((rule.limit if rule.clear is None else rule.clear) * 0.5, limit.min), 1)
                title = str(rule.title)
                return Loud(
                    address, kind, rule.parameter, value, limit.unit, title, quiet, int(rule.clear_for)
                )
    return None
