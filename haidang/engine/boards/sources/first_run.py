"""The first-run card: lines ready for a terminal that raise one's own alarm within half a minute."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from haidang.engine.boards.sources import trial
from haidang.engine.boards.sources.desk import host_for_people
from haidang.engine.people.models import Person
from haidang.engine.people.rights import may
from haidang.engine.store.credentials import Issued
from haidang.engine.store.models import Source

COOKIE = "first-run"


@dataclass(frozen=True, slots=True)
class Card:
    """`curl`, `mosquitto` and `quiet`, which ends the alarm, are empty until a key was asked for."""

    loud: trial.Loud
    station: str
    curl: str = ""
    mosquitto: str = ""
    quiet: str = ""


def card() -> Card | None:
    """None when no rule and source fit together."""
    found = trial.loud()
    return Card(found, trial.CODES.get(found.kind, f"THU-{found.kind}")) if found else None


def is_wanted(request: HttpRequest) -> bool:
    """For whoever runs the system, until put away."""
    return COOKIE not in request.COOKIES and may(request.user, "source.manage")


def with_key(*, by: Person, request: HttpRequest) -> Card | None:
    """The card with a key of its own, shown this once; an earlier one ends."""
    found = trial.loud()
    if found is None:
        return None
    source = Source.objects.get(address=found.source)
    asset = trial.station(found.kind, source.domain)
    issued = trial.throw_away_key(
        source=source, label=trial.FIRST_RUN, code=asset.code, by=by, request=request
    )
    loud, quiet = _body(found, asset.code, found.value), _body(found, asset.code, found.quiet)
    return Card(
        found,
        asset.code,
        curl=_curl(found, loud, issued),
        mosquitto=_mosquitto(loud, issued),
        quiet=_curl(found, quiet, issued),
    )


def _body(loud: trial.Loud, code: str, value: float) -> str:
    """One object whose time the shell fills in."""
    return (
        f'{{"station":"{code}","readings":[{{"parameter":"{loud.parameter}","value":{value:g},'
        f'"unit":"{loud.unit}","at":"\'$(date +%FT%T%:z)\'"}}]}}'
    )


def _curl(loud: trial.Loud, body: str, issued: Issued) -> str:
    url = f"http://{host_for_people()}:{settings.HAIDANG_DOORS_PORT}/api/v1/sources/{loud.source}/deliveries"
    return (
        f"curl -H 'Authorization: Bearer {issued.key}' -H 'Content-Type: application/json' \\\n"
        f"  -d '{body}' \\\n  {url}"
    )


def _mosquitto(body: str, issued: Issued) -> str:
    login = f"-h {host_for_people()} -p {settings.HAIDANG_MQTT_PORT} -u {issued.user} -P {issued.password}"
    return f"mosquitto_pub {login} -q 1 \\\n  -t {issued.topics[0]} \\\n  -m '{body}'"
