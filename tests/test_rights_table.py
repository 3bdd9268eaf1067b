"""Every route × every role, against one reviewed table.

`rights_table.txt` has one line per method and route and one cell per member of the cast. A route that is not in
the table fails here. To add one: run this test, read in its message what your route answers today, check each
cell against what `people/rights.py` means it to be, and put the line into the table beside its neighbours.
Never take a cell over unread: it is the review that protects, not the file.
"""

import pytest
from django.db import transaction
from django.test import override_settings

from haidang.config.web import entry
from haidang.config.web.app import build
from haidang.engine.boards.panes import BUILD
from haidang.engine.connectors.push import PushDoor
from tests import rights
from tests.province import settle

pytestmark = pytest.mark.django_db

# Answered before Django. `open`: to everybody, with nothing of the province in it.
WEB = {
    "/live": "by topic, in the table",
    "/wall/{name}/live": "by token of a wall's device, 401 without",
    "/healthz": "open",
    "/readyz": "open",
    "/metrics": "open: counts and times of this process only",
    "/csp-report": "open: browsers report, nothing is answered",
    "/static": "open: files of the tree",
}
DOORS = {
    "/api/v1/sources/{source}/deliveries": "by key of the source, 401 without",
    "/api/v1/sources/{source}/deliveries/{delivery}": "by key of the source, 401 without",
    "/api/v1/openapi.json": "open: the description of the API",
    "/healthz": "open",
    "/readyz": "open",
    "/metrics": "open: counts and times of this process only",
}
# Acts that ask for password or code again after an idle time.
ASK_AGAIN = {
    "incidents:own_phone", "incidents:issue", "incidents:verify", "incidents:send_back", "incidents:cancel",
    "incidents:reissue", "incidents:grant_extension", "incidents:deny_extension", "incidents:register", "incidents:add_tasks", "onboarding:ask", "onboarding:refuse", "incidents:close", "alarms:take_out", "alarms:put_in", "boards:replay", "boards:demo_act",
    "boards:first_steps",
    "boards:source_keys", "boards:revoke_key",
    "submissions:reveal", "submissions:sign", "submissions:approve", "submissions:publish", "submissions:send_back",
    "people:add_person", "people:person", "people:grant", "people:revoke", "people:password",
    "people:account_act", "people:reveal_phone", "people:add_office", "people:office", "people:add_shift",
    "people:hand_over", "drafts:confirm", "audit:unmask", "boards:add_screen", "reconciliation:settle", "boards:calibrate_screen", "boards:revoke_screen",
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker, tmp_path_factory):
    """One province for the whole module, taken back at its end."""
    light = override_settings(
        HAIDANG_HOME=tmp_path_factory.mktemp("home"),
        HAIDANG_REQUIRE_TOTP="nobody",  # its own tests stand in people/test_sign_in.py
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with light, django_db_blocker.unblock(), transaction.atomic():
        yield rights.Stage.set(settle())
        transaction.set_rollback(True)


def test_every_route_answers_each_of_the_cast_as_reviewed(stage):
    cast, lines = rights.table()
    routes = rights.django_routes()
    known = {line.key: line.expected for line in lines}
    wrong = []
    for route, pattern in sorted(routes.items(), key=lambda item: item[1]):
        asked = [(method, query) for method, name, query in known if name == route]
        for method, query in asked or (("GET", ""), ("POST", "")):
            address = stage.address(route, pattern, query)
            found = {who: stage.answer(who, method, address) for who in cast}
            expected = known.get((method, route, query))
            if expected is None and set(found.values()) == {"405"}:
                continue
            if found != expected:
                wrong.append(
                    f"{method:5} {route + ('?' + query if query else ''):28} "
                    + " ".join(f"{cell:4}" for cell in found.values())
                )
                wrong += [
                    f"      {who}: reviewed {cell}, answers {found[who]}"
                    for who, cell in (expected or {}).items()
                    if cell != found[who]
                ]
                if expected is None:
                    wrong.append("      has no line in rights_table.txt")
    gone = sorted({line.route for line in lines if line.method != "LIVE"} - routes.keys())
    assert not wrong, "\n" + "\n".join(wrong)
    assert not gone, f"lines of routes that no longer exist: {gone}"


def test_every_pane_of_a_board_has_its_line():
    _, lines = rights.table()
    assert {line.query for line in lines if line.route == "boards:pane"} == {f"pane={name}" for name in BUILD}


def test_fragments_are_refused_like_pages_and_no_other_method_opens_anything(stage):
    """A stranger's fragment is told where to sign in; what the table does not list must not answer a stranger."""
    _, lines = rights.table()
    routes = rights.django_routes()
    listed = {line.key: line.expected for line in lines if line.method != "LIVE"}
    wrong = []
    for (method, route, query), expected in listed.items():
        for who in {cell: who for who, cell in expected.items() if cell != "ok"}.values():
            found = stage.answer(who, method, stage.address(route, routes[route], query), fragment=True)
            guarded_by_allauth = route.startswith(("account_", "mfa_"))
            wanted = {"in": "in" if guarded_by_allauth else "401"}.get(expected[who], expected[who])
            if found != wanted:
                wrong.append(f"{method} {route} as fragment, {who}: {found} instead of {wanted}")
    open_to_all = {
        route for (_method, route, _query), expected in listed.items() if expected["stranger"] == "ok"
    }
    for route, pattern in routes.items():
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") if route not in open_to_all else ():
            found = stage.answer("stranger", method, stage.address(route, pattern))
            if found not in ("in", "401", "403", "404", "405"):
                wrong.append(f"{method} {route} answers a stranger with {found}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_wall_device_is_a_stranger_everywhere_but_at_its_wall(stage):
    """Deny by default: its token opens two routes of the whole map, by GET, and nothing else changes for it."""
    its_own = {("GET", "boards:wall"), ("GET", "boards:wall_cell")}
    opened, wrong = set(), []
    for route, pattern in rights.django_routes().items():
        address = stage.address(route, pattern)
        for method in ("GET", "POST"):
            stranger, device = (stage.answer(who, method, address) for who in ("stranger", "device"))
            if stranger != device:
                opened.add((method, route))
            if (method, route) not in its_own and stranger != device:
                wrong.append(f"{method} {route}: {device} instead of {stranger}")
    assert not wrong, "\n".join(wrong)
    assert opened == its_own
    assert stage.answer("device", "GET", "/wall/incident") == "403", "another wall than its own"


def test_no_decision_is_taken_without_the_token_of_a_form(stage):
    _, lines = rights.table()
    routes = rights.django_routes()
    for line in lines:
        who = next((who for who, cell in line.expected.items() if cell == "ok"), None)
        if line.method != "POST" or who is None:
            continue
        address = stage.address(line.route, routes[line.route], line.query)
        assert stage.answer(who, "POST", address, enforce_csrf_checks=True) == "403", line.route


def test_live_topics_are_heard_as_reviewed(stage, monkeypatch):
    # It tidies the connections of its own threads; here it runs inside the one transaction of the module.
    monkeypatch.setattr(entry, "close_old_connections", lambda: None)
    cast, lines = rights.table()
    reviewed = {line.route: line.expected for line in lines if line.method == "LIVE"}
    assert {topic: {who: stage.hears(who, topic) for who in cast} for topic in rights.LIVE_TOPICS} == reviewed


def test_acts_of_weight_ask_again_after_an_idle_time():
    assert {name for name, view in rights.views().items() if getattr(view, "asks_again", False)} == ASK_AGAIN


def test_what_is_answered_before_django_is_reviewed_too():
    app, _live = build()
    while not hasattr(app, "routes"):
        app = app.app  # what shares fragments and guards headers stands around the routes
    assert rights.starlette_routes(app.routes) == set(WEB)
    parts = ("accept", "turn_away", "roster", "store", "once", "outcome", "ready", "metrics")
    doors = PushDoor(**dict.fromkeys(parts)).application()
    assert rights.starlette_routes(doors.routes) == set(DOORS)
