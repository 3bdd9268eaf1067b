"""Who may open a live stream, and whether he still may: asked of Django, in a thread."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie
from django.utils import timezone, translation

from haidang.config.web.hub import Screen
from haidang.engine.boards.models import WallScreen
from haidang.engine.boards.walls import door
from haidang.engine.people.models import Grant, Person
from haidang.engine.people.rights import TOPICS, topics_for
from haidang.engine.people.scope import Scope, scopes_of


class NotSignedIn(Exception):
    """The session is missing, over, or of somebody who may no longer sign in."""


class NotAllowed(Exception):
    """None of the topics asked for is open to this person."""


def session_in(cookies: str) -> str:
    """The session key in a Cookie header, or nothing."""
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")


def language_in(cookies: str) -> str:
    return parse_cookie(cookies).get(settings.LANGUAGE_COOKIE_NAME, "")


def speaking(cookies: str) -> translation.override:
    """The language this browser chose, for words that no page of Django's says."""
    code = language_in(cookies)
    return translation.override(code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


def person_of(session: str) -> Person | None:
    """Who is signed in with this session, if anybody is."""
    close_old_connections()
    request = HttpRequest()
    request.session = SessionStore(session or None)
    person = get_user(request)
    return person if session and isinstance(person, Person) and person.is_active else None


def admit(session: str, asked: Iterable[str]) -> Screen:
    """A screen for this session with those of the topics its person may hear of."""
    person = person_of(session)
    if person is None:
        raise NotSignedIn
    topics = topics_for(person) & (frozenset(asked) or frozenset(TOPICS))
    if not topics:
        raise NotAllowed
    scopes = scopes_of(person)
    return Screen(
        session=session,
        person_id=person.pk,
        proof=proofs([person.pk]).get(person.pk, ""),
        topics=topics,
        whole=any(s.offices is None and s.places is None and not s.domain for s in scopes),
        scope=scope_name(scopes),
    )


# Sessions have letters and digits only, so no session can be taken for a device.
DEVICE = "device:"


def admit_device(cookies: str, wall: str, asked: Iterable[str]) -> Screen:
    """A screen for the device of this wall. A session opens nothing here, as a token opens nothing elsewhere."""
    close_old_connections()
    device = door.screen_of(parse_cookie(cookies).get(door.COOKIE, ""), wall)
    if device is None:
        raise NotSignedIn
    viewer = door.Viewer(device)
    topics = topics_for(viewer) & (frozenset(asked) or frozenset(TOPICS))
    if not topics:
        raise NotAllowed
    scopes = scopes_of(viewer)
    return Screen(
        session=f"{DEVICE}{device.pk}",
        person_id=0,
        proof=device.token_sha256,
        topics=topics,
        whole=all(s.offices is None and s.places is None for s in scopes),
        scope=scope_name(scopes),
    )


def scope_name(scopes: Iterable[Scope]) -> str:
    """One name for everybody with the same rights: what he may see is then the same too."""

    def line(scope: Scope) -> str:
        ids = (None if found is None else sorted(found) for found in (scope.offices, scope.places))
        return repr((scope.role, *ids, scope.domain))

    return hashlib.sha256("\n".join(sorted(map(line, scopes))).encode()).hexdigest()


def proofs(people: Iterable[int]) -> dict[int, str]:
    """What must stay as it is for a stream to stay open: active, the password, the grants."""
    wanted = set(people)
    found = {
        pk: hashlib.sha256(password.encode())
        for pk, password in Person.objects.filter(pk__in=wanted, is_active=True).values_list("pk", "password")
    }
    grants = Grant.objects.filter(person__in=found).order_by("pk")
    for pk, *grant in grants.values_list("person_id", "role", "office_id", "place_id", "domain"):
        found[pk].update(repr(grant).encode())
    return {pk: total.hexdigest() for pk, total in found.items()}


def no_longer_admitted(screens: Collection[Screen]) -> list[Screen]:
    """Those who signed out, were disabled, changed their password or lost a role, and devices that were revoked."""
    close_old_connections()
    devices = [screen for screen in screens if screen.session.startswith(DEVICE)]
    screens = [screen for screen in screens if not screen.session.startswith(DEVICE)]
    hashes = [screen.proof for screen in devices]
    hang = set(
        WallScreen.objects.filter(token_sha256__in=hashes, revoked_at=None).values_list(
            "token_sha256", flat=True
        )
    )
    asked = {screen.session for screen in screens}
    living = Session.objects.filter(session_key__in=asked, expire_date__gt=timezone.now())
    sessions = set(living.values_list("session_key", flat=True))
    now = proofs(screen.person_id for screen in screens)
    gone = [s for s in screens if s.session not in sessions or now.get(s.person_id) != s.proof]
    return gone + [screen for screen in devices if screen.proof not in hang]
