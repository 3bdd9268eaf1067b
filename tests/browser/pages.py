"""Every page, once: its route, how to reach it in the small province, and whose eyes look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from haidang.engine import clock
from haidang.engine.people.models import Shift
from haidang.engine.places.models import Place
from haidang.engine.store.models import Delivery
from tests.province import SOURCE, Province


@dataclass(frozen=True, slots=True)
class Page:
    """`arguments` are taken from the province; `query` follows the address."""

    route: str
    role: str | None = "operator"
    arguments: Callable[[Province], list[object]] = lambda _: []
    query: Callable[[Province], str] = lambda _: ""
    name: str = ""
    language: str = "vi"

    def address(self, province: Province) -> str:
        return reverse(self.route, args=self.arguments(province)) + self.query(province)

    @property
    def id(self) -> str:
        role = f"-{self.role}" if self.role != "operator" else ""
        language = f"-{self.language}" if self.language != "vi" else ""
        return (self.name or self.route).replace(":", "-") + role + language


def _pk(name: str) -> Callable[[Province], list[object]]:
    return lambda province: [getattr(province, name).pk]


def earlier(_: Province) -> str:
    """Six hours ago, as the time rail asks for it."""
    return f"?as_of={clock.now() - timedelta(hours=6):%Y-%m-%dT%H:%M:%SZ}"


def _delivery(**about: int) -> Callable[[Province], list[object]]:
    def arguments(_: Province) -> list[object]:
        return [SOURCE, Delivery.objects.filter(source__address=SOURCE, **about).latest("pk").pk]

    return arguments


def _station(province: Province) -> list[object]:
    return ["KK-TN1"]


def _of_the_province(_: Province) -> str:
    """A number of the province that its communes add up to."""
    here = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
    return f"?indicator=economy.commune_revenue&place={here.pk}&at=2026-11-01T00:00:00%2B07:00"


def _counted(query: str = "") -> Callable[[Province], str]:
    """A number of the province that is counted out of a list."""

    def asked(_: Province) -> str:
        here = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
        return f"?indicator=services.received&place={here.pk}&at=2026-11-01T00:00:00%2B07:00{query}"

    return asked


def _forecast_of(indicator: str) -> Callable[[Province], str]:
    def query(_: Province) -> str:
        here = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
        return f"?indicator={indicator}&place={here.pk}"

    return query


PAGES = [
    Page("boards:overview"),
    Page("boards:overview", "leader"),
    Page("boards:board", arguments=lambda _: ["environment.air"]),
    Page("boards:board", "leader", arguments=lambda _: ["economy.communes"], name="boards:board-communes"),
    Page("boards:board", "leader", arguments=lambda _: ["economy.economy"], name="boards:board-economy"),
    Page(
        "boards:board",
        "leader",
        arguments=lambda _: ["economy.economy"],
        name="boards:board-economy",
        language="en",
    ),
    Page("boards:why_statistic", "leader", query=_of_the_province),
    Page("boards:why_statistic", "leader", query=_counted(), name="boards:why_statistic-counted"),
    Page("boards:counted_lines", "leader", query=_counted()),
    Page("boards:board", "leader", arguments=lambda _: ["services.services"], name="boards:board-services"),
    Page("boards:scorecard", "leader", arguments=lambda _: ["services.services"]),
    Page("boards:due_list", "leader", arguments=lambda _: ["services.services"]),
    Page("boards:why_score", "leader", query=lambda _: "?the=services.qd_766&ky=2026-10&dong=2.1"),
    Page(
        "boards:why_change",
        "leader",
        query=lambda _: "?indicator=economy.commune_revenue&at=2026-11-01T00:00:00%2B07:00&voi=last&so=muc",
    ),
    Page("boards:why_forecast", "leader", query=_forecast_of("economy.revenue")),
    Page(
        "boards:why_forecast",
        "leader",
        query=_forecast_of("economy.retail"),
        name="boards:why_forecast-naive",
    ),
    Page("boards:map"),
    Page("boards:stations"),
    Page("boards:station", arguments=_station),
    Page("boards:why", query=lambda p: f"?series={p.alarm.series_id}&at={p.alarm.at:%Y-%m-%dT%H:%M:%SZ}"),  # type: ignore[union-attr]
    Page("boards:search", query=lambda _: "?q=tan+ninh"),
    Page("boards:sources"),
    Page("boards:source", arguments=lambda _: [SOURCE]),
    Page("boards:refusals", arguments=lambda _: [SOURCE]),
    Page("boards:turned_away"),
    Page("boards:standards"),
    Page("boards:standard", arguments=lambda _: ["economy.monthly"]),
    Page("boards:delivery", arguments=_delivery(refused=0)),
    Page("boards:delivery", arguments=_delivery(refused=1), name="boards:delivery-refused"),
    Page("boards:overview", query=earlier, name="boards:overview-earlier"),
    Page("boards:board", arguments=lambda _: ["environment.air"], query=earlier, name="boards:board-earlier"),
    Page("boards:map", query=earlier, name="boards:map-earlier"),
    Page("boards:station", arguments=_station, query=earlier, name="boards:station-earlier"),
    Page("boards:overview", language="en"),
    Page("boards:source", arguments=lambda _: [SOURCE], language="en"),
    Page("incidents:incident", arguments=_pk("incident"), language="en"),
    Page("incidents:order", arguments=_pk("order"), language="en"),
    Page("boards:first_steps", "administrator"),
    Page("alarms:list"),
    Page("alarms:alarm", arguments=_pk("alarm")),
    Page("alarms:health"),
    Page("incidents:list"),
    Page("incidents:open"),
    Page("incidents:incident", arguments=_pk("incident")),
    Page("incidents:orders"),
    Page("incidents:order", arguments=_pk("order")),
    Page("incidents:order", "officer", arguments=_pk("order")),
    Page("incidents:order", "crew", arguments=_pk("order")),
    Page("incidents:order", "leader", arguments=_pk("task"), name="incidents:order-of-document"),
    Page("incidents:order", "officer", arguments=_pk("task"), name="incidents:order-of-document"),
    Page("incidents:conclusions", "leader"),
    Page("incidents:conclusion", "leader", arguments=_pk("conclusion")),
    Page("incidents:conclusion", "officer", arguments=_pk("conclusion")),
    Page("incidents:register", "leader"),
    Page("tasks:today", "officer"),
    Page("tasks:today", "leader"),
    Page("tasks:today", "crew"),
    Page("tasks:by_office", "leader"),
    Page("reconciliation:list", "analyst"),
    Page("reconciliation:difference", "analyst", arguments=_pk("difference")),
    Page("onboarding:index", "administrator"),
    Page("onboarding:index", "officer"),
    Page("onboarding:connection", "administrator", arguments=_pk("connection")),
    Page("submissions:desk", "analyst"),
    Page("submissions:hand_in", "analyst"),
    Page("submissions:version", "analyst", arguments=_pk("submission")),
    Page("reports:mine", "leader"),
    Page("reports:make", "leader"),
    Page("reports:report", "leader", arguments=_pk("report")),
    Page("reports:add_schedule", "leader"),
    Page("reports:schedule", "leader", arguments=_pk("schedule")),
    Page("drafts:index", "administrator"),
    Page("drafts:draft", "administrator", arguments=_pk("draft")),
    Page("people:admin", "administrator"),
    Page("people:add_person", "administrator"),
    Page("people:person", "administrator", arguments=lambda p: [p.people["officer"].pk]),
    Page("people:offices", "administrator"),
    Page("people:add_office", "administrator"),
    Page("people:office", "administrator", arguments=lambda p: [p.offices["commune"].pk]),
    Page("people:shifts", "administrator"),
    Page("people:add_shift", "administrator"),
    Page("people:hand_over", "duty_chief", arguments=lambda _: [Shift.objects.latest("pk").pk]),
    Page("boards:keys", "administrator"),
    Page("boards:source_keys", "administrator", arguments=lambda _: [SOURCE]),
    Page("audit:log", "administrator"),
    Page("boards:wall", "leader", arguments=lambda _: ["environment"]),
    Page("boards:wall", arguments=lambda _: ["incident"], name="boards-wall-incident"),
    Page("boards:screens"),
    Page("boards:screens", "administrator"),
    Page("boards:screen", "administrator", arguments=_pk("screen")),
    Page("account_login", None),
    Page("opendata:catalogue", None),
    Page("opendata:catalogue", None, query=lambda _: "?q=ngan+sach&lang=en", name="opendata:catalogue-en"),
    Page("opendata:catalogue", None, query=lambda _: "?q=khong+co+gi+ca", name="opendata:catalogue-nothing"),
    Page("opendata:dataset", None, arguments=lambda _: ["economy.commune_revenue"]),
    Page(
        "opendata:dataset",
        None,
        arguments=lambda _: ["economy.revenue_domestic"],
        name="opendata:dataset-province",
    ),
    Page("opendata:dataset", None, arguments=lambda _: ["economy.cpi"], name="opendata:dataset-empty"),
    Page("opendata:dataset", arguments=lambda _: ["economy.commune_revenue"]),
    Page("account_home"),
    Page("account_logout"),
    Page("account_change_password"),
    Page("account_reauthenticate"),
    Page("mfa_index"),
]

# Answers that are no page of their own: why, and which.
NOT_PAGES: dict[str, set[str]] = {
    "a file": {"boards:standard_pdf", "boards:standard_odcs", "boards:standard_sample", "boards:board_xlsx", "boards:list_xlsx", "boards:due_list_xlsx",
               "opendata:file", "opendata:catalogue_jsonld", "opendata:catalogue_ttl",
               "reports:of_board", "reports:of_list", "reports:file"},
    "fragment of a page": {"boards:pane", "incidents:own_phone", "boards:numbers", "boards:counts", "boards:probe", "alarms:fragment",
                           "alarms:banner", "boards:map_data", "boards:map_list", "boards:wall_cell", "boards:incident_screens", "boards:bytes"},
    "changes something and goes elsewhere": {
        "boards:theme", "boards:language", "boards:demo_act", "boards:replay", "boards:send_probe",
        "alarms:acknowledge", "alarms:shelve", "alarms:unshelve", "alarms:comment", "alarms:take_out", "alarms:put_in",
        "incidents:open_from", "incidents:join_alarm", "incidents:note", "incidents:step", "incidents:undo_step", "incidents:follow",
        "incidents:pin", "incidents:command", "incidents:close", "incidents:issue", "incidents:receive",
        "incidents:arrive", "incidents:report", "incidents:refuse", "incidents:prove", "incidents:finish", "incidents:verify",
        "incidents:ask_extension", "incidents:grant_extension", "incidents:deny_extension", "incidents:add_tasks",
        "incidents:send_back", "incidents:cancel", "incidents:reissue", "people:grant", "people:revoke",
        "people:password", "people:reveal_phone", "people:account_act", "audit:unmask", "boards:revoke_key",
        "onboarding:ask", "onboarding:try_file", "onboarding:refuse", "reconciliation:ask", "reconciliation:explain", "reconciliation:settle",
        "boards:add_screen", "boards:calibrate_screen", "boards:revoke_screen", "boards:push_scene", "boards:give_back",
        "submissions:reveal", "submissions:edit", "submissions:judge_again", "submissions:explain", "submissions:sign", "submissions:approve", "submissions:publish",
        "submissions:send_back", "submissions:withdraw", "submissions:state_period", "submissions:use_again", "reports:switch", "reports:send_now", "drafts:drop",
    },
    "the page of a report with the outcome; walked by its own tests": {"reports:again"},
    "file": {"incidents:proof", "incidents:paper", "submissions:original", "submissions:answer", "submissions:template", "drafts:files", "mfa_download_recovery_codes"},
    "goes elsewhere": {"incidents:by_code"},
    "holds only once a draft does; walked by its own journey": {"drafts:confirm"},
    "becomes the page of a version; walked by its own journey": {"submissions:receipt"},
    "step of signing in, walked by its own journey": {
        "account_inactive", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    },
}  # fmt: skip


def routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    """Names of every route of the URL map."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, namespace + (f"{entry.namespace}:" if entry.namespace else ""))
        elif isinstance(entry, URLPattern):
            yield namespace + (entry.name or str(entry.pattern))
