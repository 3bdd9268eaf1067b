"""Numbers of desks and offices stand in clear; a person's own is masked, and each look is in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.incidents import order_actions
from haidang.engine.incidents.conftest import Cast, add_person, photo
from haidang.engine.incidents.contacts import contacts, duty_phone
from haidang.engine.people.models import Office, Person, Shift

OWN, HIS = "0901 111 222", "0902 333 444"


@pytest.fixture
def reachable(cast: Cast) -> Cast:
    Person.objects.filter(pk=cast.operator.pk).update(phone=OWN)
    Person.objects.filter(pk=cast.officer.pk).update(phone=HIS)
    Office.objects.filter(pk=cast.commune.pk).update(phone="0276 111")
    cast.order(addressee=Person.objects.get(pk=cast.officer.pk))
    return cast


def _as(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["acted_at"] = clock.timestamp()
    session.save()
    return client


def test_no_page_of_an_incident_holds_anybodys_own_number(reachable: Cast) -> None:
    analyst = add_person("pt@tayninh.example", "Phạm Thị Phân", "analyst")
    for who, offered in ((reachable.operator, True), (reachable.crew, False), (analyst, False)):
        page = _as(who).get(f"/su-viec/{reachable.incident.pk}/").content.decode()
        assert OWN not in page
        assert HIS not in page
        assert "0276 111" in page, "its office is called instead"
        assert ("•••• ••• 444" in page) == offered, who


def test_a_look_at_a_number_is_audited_and_only_of_whom_the_incident_names(reachable: Cast) -> None:
    url = f"/su-viec/{reachable.incident.pk}/goi/{reachable.officer.pk}/"
    assert HIS in _as(reachable.chief).post(url).content.decode()
    act = Act.objects.get(verb="personal.reveal")
    assert (act.person, act.object_id, act.detail["purpose"]) == (
        reachable.chief,
        str(reachable.officer.pk),
        "incident",
    )
    stranger = f"/su-viec/{reachable.incident.pk}/goi/{reachable.stranger.pk}/"
    assert _as(reachable.chief).post(stranger).status_code == 404
    assert _as(reachable.officer).post(url).status_code == 403
    assert Act.objects.filter(verb="personal.reveal").count() == 1


def test_the_field_calls_the_desk_and_never_the_chief_at_home(reachable: Cast) -> None:
    now = clock.now()
    chief = reachable.operator
    Person.objects.filter(pk=chief.pk).update(office=reachable.commune)
    shift = Shift.objects.create(
        name="Ca ngày", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=7), chief=chief
    )
    assert duty_phone() == "0276 111"
    shift.phone = "0276 999"
    shift.save()
    assert duty_phone() == "0276 999"
    (on_duty,) = contacts(reachable.incident, [], reachable.crew)
    assert (on_duty.phone, on_duty.own) == ("0276 999", "")


def test_taking_a_proof_away_is_an_export_and_showing_it_on_its_page_is_not(cast: Cast) -> None:
    order = cast.order()
    proof = order_actions.add_proof(order=order, by=cast.officer, file=photo(), name="a.jpg")
    url = f"/lenh/{order.pk}/minh-chung/{proof.pk}/"
    for headers, exports in (({"Sec-Fetch-Dest": "image"}, 0), ({"Sec-Fetch-Dest": "document"}, 1), ({}, 2)):
        answer = _as(cast.operator).get(url, headers=headers)
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # which also closes the file
        assert "Sec-Fetch-Dest" in answer["Vary"]
        assert Act.objects.filter(verb="export").count() == exports
