"""Roles and scopes, asked as views and query sets ask them."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from haidang.engine.people.models import Grant, Office, Person
from haidang.engine.people.rights import ROLES, may, requires, topics_for, within
from haidang.engine.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    root = Office.objects.create(code="ubnd", name="UBND tỉnh", short_name="UBND")
    farm = Office.objects.create(code="nnmt", name="Sở NN&MT", short_name="NN&MT", parent=root)
    station = Office.objects.create(code="quan-trac", name="TT Quan trắc", short_name="QT", parent=farm)
    health = Office.objects.create(code="y-te", name="Sở Y tế", short_name="Y tế", parent=root)
    return {"root": root, "farm": farm, "station": station, "health": health}


def person(email="a@b.vn", *grants):
    one = Person.objects.create(username=email, email=email, name="Lê Văn Ẩn")
    for role, scope in grants:
        Grant.objects.create(person=one, role=role, **scope)
    return one


def test_every_role_of_the_model_has_its_acts():
    from haidang.engine.people.models import Role

    assert set(ROLES) == set(Role.values)


def test_a_grant_without_limits_reaches_everything(tree):
    chief = person("a@b.vn", ("duty_chief", {}))
    assert may(chief, "order.issue")
    assert may(chief, "order.issue", office=tree["health"], place=None, domain="environment")
    assert not may(chief, "people.manage")


def test_an_officer_reaches_his_office_and_those_below_it(tree):
    officer = person("a@b.vn", ("officer", {"office": tree["farm"]}))
    assert may(officer, "order.receive", office=tree["station"])
    assert not may(officer, "order.receive", office=tree["health"])
    assert not may(officer, "order.receive", office=tree["root"])
    assert not may(officer, "order.receive", office=None)
    assert may(officer, "station.see", office=tree["health"]), "measurements are everybody's"


def test_domain_narrows_and_unscoped_objects_stay_out_of_reach():
    analyst = person("a@b.vn", ("analyst", {"domain": "environment"}))
    assert may(analyst, "board.see", domain="environment")
    assert not may(analyst, "board.see", domain="security")
    assert not may(analyst, "board.see", domain="")


def test_a_narrowed_administrator_does_not_administer_people_elsewhere(tree):
    narrowed = person("a@b.vn", ("administrator", {"domain": "environment"}))
    assert not may(narrowed, "people.manage")
    local = person("c@b.vn", ("administrator", {"office": tree["farm"]}))
    inside = person("d@b.vn")
    Person.objects.filter(pk=inside.pk).update(office=tree["station"])
    person("e@b.vn")
    assert set(Person.objects.for_user(local)) == {local, inside}
    assert set(Office.objects.for_user(local)) == {tree["farm"], tree["station"]}


def test_what_reaches_the_whole_centre_is_not_opened_by_a_grant_within_an_office(tree):
    local = person(
        "a@b.vn", *((role, {"office": tree["health"]}) for role in ("administrator", "duty_chief"))
    )
    whole = person("c@b.vn", ("administrator", {}))
    for act in ("audit.see", "shift.manage", "demo.unplug"):
        assert not may(local, act), act
        assert may(whole, act), act
    assert may(local, "people.manage")
    assert may(local, "source.manage")


def test_an_administrator_of_the_whole_province_reaches_everybody(tree):
    admin, other = person("a@b.vn", ("administrator", {})), person("c@b.vn")
    assert set(Person.objects.for_user(admin)) == {admin, other}
    assert set(Person.objects.for_user(other)) == {other}


def test_a_place_reaches_its_communes_through_changes_of_its_own_row():
    # Codes of no unit: the register may stand in the database already.
    def place(code, level, since, parent=None):
        more = {"sort_key": b"", "folded": "", "kind": "", "name": code}
        return Place.objects.create(code=code, level=level, valid_from_date=since, parent=parent, **more)

    before, since = place("Z8", "province", None), place("Z8", "province", date(2025, 7, 1))
    commune, elsewhere = place("Z25500", "commune", None, before), place("Z25501", "commune", None)
    local = person("a@b.vn", ("analyst", {"place": since}))
    assert may(local, "station.see", place=commune)
    assert not may(local, "station.see", place=elsewhere)
    assert not may(local, "station.see", place=None)


def test_query_set_shows_too_little_rather_than_too_much(tree):
    analyst = person("a@b.vn", ("analyst", {"domain": "environment"}))
    assert not Office.objects.filter(within(analyst, "order.see", office="pk")).exists()
    chief = person("c@b.vn", ("duty_chief", {}), ("crew", {"office": tree["health"]}))
    assert Office.objects.filter(within(chief, "order.see", office="pk")).count() == 4


def test_strangers_and_disabled_people_may_nothing(tree):
    gone = person("a@b.vn", ("administrator", {}))
    gone.is_active = False
    for nobody in (AnonymousUser(), gone):
        assert not may(nobody, "overview.see")
        assert not Office.objects.for_user(nobody).exists()
        assert topics_for(nobody) == frozenset()


def test_field_crew_hears_of_orders_but_not_of_sources(tree):
    crew = person("a@b.vn", ("crew", {"office": tree["farm"]}))
    assert topics_for(crew) == {"orders", "incidents"}


def test_an_unknown_act_is_refused_when_the_view_is_defined():
    with pytest.raises(LookupError, match="ordre"):
        requires("ordre.see")


def test_the_door_answers_page_fragment_and_api_in_their_own_ways():
    view = requires("source.see")(lambda _request: HttpResponse("ok"))
    ask = RequestFactory()
    stranger, crew, chief = (
        AnonymousUser(),
        person("a@b.vn", ("crew", {})),
        person("c@b.vn", ("operator", {})),
    )

    def answer(who, path="/nguon/", **headers):
        request = ask.get(path, headers=headers)
        request.user = who
        return view(request)

    assert answer(stranger).status_code == 302
    assert answer(stranger).url.endswith("?next=/nguon/")
    fragment = answer(stranger, HX_Request="true", HX_Current_URL="http://testserver/nguon/?q=1")
    assert (fragment.status_code, "next=%2Fnguon%2F%3Fq%3D1" in fragment["HX-Redirect"]) == (401, True)
    away = answer(stranger, HX_Request="true", HX_Current_URL="http://evil.example/x")
    assert away["HX-Redirect"].endswith("?next=%2F")
    assert answer(stranger, "/api/v1/x").status_code == 401
    assert answer(crew, HX_Request="true").status_code == 403
    assert answer(chief)["Cache-Control"] == "private, no-store"
