"""The cast, the routes and the requests behind `rights_table.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image
from starlette.routing import Mount, Route

from haidang.config.web import entry
from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.boards.models import WallScreen
from haidang.engine.boards.walls.actions import add_screen
from haidang.engine.boards.walls.door import COOKIE
from haidang.engine.incidents import order_actions, order_extending
from haidang.engine.incidents.models import Entry, Extension, Order, Proof
from haidang.engine.people.actions import add_office, add_person
from haidang.engine.people.models import Person, Role, Shift
from haidang.engine.people.rights import TOPICS
from haidang.engine.places.models import Place
from haidang.engine.store import credentials
from haidang.engine.store.models import Credential, Delivery, Series, Source
from haidang.engine.submissions.models import Cell
from tests.province import PASSWORD, SOURCE, Province

TABLE = Path(__file__).with_name("rights_table.txt")


@dataclass(frozen=True, slots=True)
class Line:
    """One reviewed line: what each of the cast gets for a route and method."""

    number: int
    method: str
    route: str
    expected: dict[str, str]
    # Written behind the route as `?name=value`: one page may show different things to different people.
    query: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.method, self.route, self.query


def table() -> tuple[list[str], list[Line]]:
    """(the cast, the lines). Raises ValueError where the file does not hold together."""
    cast: list[str] = []
    lines: list[Line] = []
    for number, text in enumerate(TABLE.read_text().splitlines(), 1):
        words = text.split("#", 1)[0].split()
        if not words:
            continue
        if words[:2] == ["method", "route"]:
            cast = words[2:]
            continue
        method, route, *cells = words
        if len(cells) != len(cast):
            raise ValueError(f"{TABLE.name}:{number}: {len(cells)} cells for a cast of {len(cast)}")
        route, _sep, query = route.partition("?")
        lines.append(Line(number, method, route, dict(zip(cast, cells, strict=True)), query))
    keys = [line.key for line in lines]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"{TABLE.name}: more than one line for {sorted(twice)}")
    return cast, lines


# --- all routes ----------------------------------------------------------------------------------------------
def django_routes() -> dict[str, str]:
    """Name → pattern of every page. A page without a name is named by its pattern, so that it cannot hide."""
    return {name: pattern for name, pattern, _view in _walk(get_resolver(), "", "")}


def views() -> dict[str, Any]:
    """Name → view. Each decorator copies the marks of the view it wraps."""
    return {name: view for name, _pattern, view in _walk(get_resolver(), "", "")}


def _walk(resolver: URLResolver, namespace: str, prefix: str) -> Iterator[tuple[str, str, Any]]:
    for found in resolver.url_patterns:
        pattern = prefix + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from _walk(found, namespace + (f"{found.namespace}:" if found.namespace else ""), pattern)
        elif isinstance(found, URLPattern):
            yield (namespace + found.name if found.name else f"/{pattern}"), pattern, found.callback


def starlette_routes(routes: list[Any]) -> set[str]:
    """Paths that are answered before Django: the web process and the doors."""
    return {route.path for route in routes if isinstance(route, Route | Mount) and route.path}


# --- the cast ------------------------------------------------------------------------------------------------
# Of the order's office: officer, crew. Of the office that owns the station: officer_owner. Of neither: the rest.
ELSEWHERE = ("officer_elsewhere", "crew_elsewhere")
REFUSALS = {401, 403, 404, 405}
LIVE_TOPICS = sorted(TOPICS)


@dataclass(slots=True)
class Stage:
    """A province with its cast signed in, and the objects that stand in the addresses."""

    province: Province
    proof: Proof
    people: dict[str, Person]
    cookies: dict[str, str]
    # The token of a wall's device, which is no person: it has a test of its own instead of a column.
    device: str = ""

    @classmethod
    def set(cls, province: Province) -> Stage:
        health = add_office(code="so-y-te", name="Sở Y tế")
        others = {
            "officer_owner": (Role.OFFICER, province.offices["department"]),
            "officer_elsewhere": (Role.OFFICER, health),
            "crew_elsewhere": (Role.CREW, health),
        }
        people = dict(province.people)
        for name, (role, office) in others.items():
            people[name] = add_person(
                email=f"{name}@tayninh.example",
                name="Ngô Văn Khác",
                password=PASSWORD,
                role=role,
                office=office,
            )
        credentials.issue(source=Source.objects.get(address=SOURCE), label="bảng quyền")
        cookies = {name: _session_of(person) for name, person in people.items()}
        _screen, token = add_screen(name="Tường", wall="environment", by=people["administrator"])
        proof = _proof(province)
        later = proof.order.deadline_at + timedelta(hours=1)
        order_extending.ask(order=proof.order, by=people["officer"], until_at=later, reason="Đường ngập.")
        return cls(province, proof, people, cookies, token)

    def client(self, who: str, **options: Any) -> Client:
        """A new browser each time: signing out in one test line must not reach the next."""
        client = Client(raise_request_exception=False, **options)
        if who in self.cookies:
            client.cookies["sessionid"] = self.cookies[who]
        if who == "device":
            client.cookies[COOKIE] = self.device
        return client

    def address(self, route: str, pattern: str, asked: str = "") -> str:
        """Concrete address: what the order, its incident, its alarm and its station are in the province."""
        if route.startswith("/"):
            return f"/{pattern}"
        everything = self._arguments(route, pattern)
        wanted = {name: value for name, value in everything.items() if f":{name}>" in pattern}
        address = reverse(route, kwargs=wanted)
        query = asked or urlencode(self._queries().get(route, {}))
        return f"{address}?{query}" if query else address

    def _queries(self) -> dict[str, dict[str, str]]:
        """For pages that are nothing without a question."""
        station, now = self.province.stations[0].code, clock.local(clock.now())
        return {
            "boards:search": {"q": "tan ninh"},
            "boards:numbers": {
                "series": str(_first(Series.objects.filter(asset=self.province.stations[0])).pk)
            },
            "boards:why": {
                "indicator": "environment.aqi_hour",
                "asset": station,
                "at": (now - timedelta(hours=3)).replace(minute=0, second=0, microsecond=0).isoformat(),
            },
            "boards:counted_lines": {
                "indicator": "services.received",
                "place": str(Place.objects.get(level="province", code="80", valid_to_date=None).pk),
                "at": "2026-11-01T00:00:00+07:00",
            },
            "boards:why_score": {"the": "services.qd_766", "ky": "2026-10"},
            "boards:why_change": {
                "indicator": "economy.commune_revenue",
                "at": "2026-11-01T00:00:00+07:00",
                "voi": "last",
                "so": "muc",
            },
            "boards:why_forecast": {
                "indicator": "economy.revenue",
                "place": str(Place.objects.get(level="province", code="80", valid_to_date=None).pk),
            },
            "boards:why_statistic": {
                "indicator": "economy.revenue",
                "place": str(Place.objects.get(level="province", code="80", valid_to_date=None).pk),
                "at": now.replace(day=1, hour=0, minute=0, second=0, microsecond=0).isoformat(),
            },
        }

    def _arguments(self, route: str, pattern: str) -> dict[str, Any]:
        order: Any = self.province.order
        incident: Any = self.province.incident
        alarm: Any = self.province.alarm
        person = self.people["analyst"]
        # The object an address begins with is the one it is about: su-viec/<pk>/bao-dong/ is an incident's.
        begins = {
            pattern.find(part): found.pk
            for part, found in self._things(incident, order, alarm)
            if part in pattern
        }
        return {
            "pk": alarm.pk if "mo-tu-bao-dong" in pattern else begins[min(begins)] if begins else person.pk,
            "proof": self.proof.pk,
            "extension": _first(Extension.objects.filter(order=order)).pk,
            "contract": "economy.monthly" if "so-lieu/" in pattern else "environment.station_readings",
            "cell": _first(Cell.objects.filter(submission=self.province.submission, level=1)).pk,
            "person": incident.commander.pk,
            "entry": _first(Entry.objects.filter(incident=incident)).pk,
            "grant_pk": _first(person.grants.all()).pk,
            "act": "mo-khoa",
            "address": "economy.commune_revenue"
            if "du-lieu-mo/" in pattern
            else "environment.station_readings"
            if "nguon/" in pattern
            else "services.services"
            if "cham-diem/" in pattern or "sap-han/" in pattern
            else "environment.air",
            "code": incident.code if route == "incidents:by_code" else self.province.stations[0].code,
            "name": {
                "submissions:receipt": "1.1.0",
                "boards:list_xlsx": "bao-dong",
                "opendata:file": "data.csv",
                "reports:of_list": "bao-dong",
            }.get(route, "environment"),
            "key": "map",
            "form": "pdf",
            "number": 1
            if route in {"incidents:step", "incidents:undo_step"}
            else _first(Delivery.objects.all()).pk,
            "ordinal": 0,
            "token": "khong-co",
        }

    def _things(self, incident: Any, order: Any, alarm: Any) -> list[tuple[str, Any]]:
        """(part of an address, what its number names)."""
        return [
            ("lenh/", order),
            ("dau-noi/", self.province.connection),
            ("giao-viec/", self.province.conclusion),
            ("so-lieu/", self.province.submission),
            ("so-lieu/hop-dong-moi/", self.province.draft),
            ("su-viec/", incident),
            ("bao-dong/", alarm),
            ("doi-soat/", self.province.difference),
            ("co-quan/", self.province.offices["commune"]),
            ("ca-truc/", _first(Shift.objects.all())),
            ("nhat-ky/", _first(Act.objects.all())),
            ("bao-cao/", self.province.report),
            ("bao-cao/lich/", self.province.schedule),
            ("quan-tri/nguon/", _first(Credential.objects.all())),
            ("quan-tri/man-hinh/", _first(WallScreen.objects.all())),
        ]

    def answer(self, who: str, method: str, address: str, *, fragment: bool = False, **options: Any) -> str:
        """`ok`, `in` (sent to sign in), or the status of the refusal. What the request did is taken back."""
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"} if fragment else {}
        before = transaction.savepoint()
        response = self.client(who, **options).generic(method, address, headers=headers)
        if response.streaming:
            b"".join(cast(Any, response).streaming_content)  # which also closes the file behind it
        transaction.savepoint_rollback(before)
        if response.status_code == 302 and response["Location"].startswith("/tai-khoan/dang-nhap/?next="):
            return "in"
        refused = response.status_code in REFUSALS or response.status_code >= 500
        return str(response.status_code) if refused else "ok"

    def hears(self, who: str, topic: str) -> str:
        """The same for a live topic."""
        try:
            entry.admit(self.cookies.get(who, ""), [topic])
        except entry.NotSignedIn:
            return "401"
        except entry.NotAllowed:
            return "403"
        return "ok"


def _first(rows: QuerySet[Any]) -> Any:
    return rows.order_by("pk")[0]


def _session_of(person: Person) -> str:
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["acted_at"] = clock.timestamp()
    session.save()
    return str(client.cookies["sessionid"].value)


def _proof(province: Province) -> Proof:
    """A photo at the order, sent by its officer."""
    photo = BytesIO()
    Image.new("RGB", (40, 30), "gray").save(photo, "JPEG")
    photo.seek(0)
    officer = province.people["officer"]
    order = order_actions.receive(order=cast(Order, province.order), by=officer)
    return order_actions.add_proof(order=order, by=officer, file=photo, name="hien-truong.jpg")
