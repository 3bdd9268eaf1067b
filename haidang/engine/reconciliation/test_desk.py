"""The record of differences: found, changed, asked, explained, signed by two offices, gone; and who may see them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import msgspec
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import override

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.indicators.conftest import catalogue_from, places, say
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.people.models import Grant, Office, Person, Role
from haidang.engine.people.rights import ROLES
from haidang.engine.places.models import Place
from haidang.engine.reconciliation import actions
from haidang.engine.reconciliation.book import Group, entry_of, grouped
from haidang.engine.reconciliation.definition import Reconciliation
from haidang.engine.reconciliation.models import Difference, Note
from haidang.engine.reconciliation.recording import Ran
from haidang.engine.reconciliation.running import compare_groups
from haidang.engine.store import epochs

__all__ = ["places", "say"]
State = Difference.State
SHEET = {"from": {"contract": "e.communes", "column": "value"}}
CATALOGUE = catalogue_from(
    {
        "e.tax": {"unit": "triệu đồng", **SHEET},
        "e.treasury": {"unit": "triệu đồng", **SHEET},
        "e.total": {"unit": "tỷ đồng", "decimals": 1, **SHEET},
    }
)
TAX = {"vi": "Thuế tỉnh", "en": "Tax office"}
TREASURY = {"vi": "Kho bạc", "en": "Treasury"}


def group(name: str, left: dict[str, object], right: dict[str, object], **more: object) -> Group:
    said = {
        "title": {"vi": "Thu ngân sách", "en": "Revenue"},
        "left": {"source": TAX, "office": "thue-tinh", **left},
        "right": {"source": TREASURY, "office": "kho-bac", **right},
        "tolerance": {"relative": 0.1},
        "days": 10,
        "legal_basis": "Luật Ngân sách nhà nước",
        **more,
    }
    definition = msgspec.convert(said, Reconciliation)
    (found,) = grouped([entry_of(f"e.{name}", "e", definition, CATALOGUE)])
    return found


BY_COMMUNE = group("by_commune", {"indicator": "e.tax"}, {"indicator": "e.treasury"})
Say = Callable[..., Stated]


def told(*stated: Stated) -> None:
    """Published, each in a transaction of its own kind; then compared."""
    with transaction.atomic():
        publish(CATALOGUE, stated, epochs.take("test"))


def compared(one: Group = BY_COMMUNE) -> Ran:
    return compare_groups([one])


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """An analyst of the province's office, and an officer and a leader of each side, and one of neither."""
    offices = {
        code: Office.objects.create(code=code, name=code, short_name=code)
        for code in ("thue-tinh", "kho-bac", "vp-ubnd", "so-y-te")
    }
    people: dict[str, Person] = {}

    def add(name: str, role: str, office: str, reach: str | None) -> None:
        email = f"{name}@example.vn"
        people[name] = Person.objects.create(email=email, name=name, office=offices[office])
        Grant.objects.create(person=people[name], role=role, office=offices[reach] if reach else None)

    add("analyst", Role.ANALYST, "vp-ubnd", None)
    add("tax_officer", Role.OFFICER, "thue-tinh", "thue-tinh")
    add("tax_leader", Role.LEADER, "thue-tinh", "thue-tinh")
    add("other_tax_leader", Role.LEADER, "thue-tinh", "thue-tinh")
    add("treasury_leader", Role.LEADER, "kho-bac", "kho-bac")
    add("stranger", Role.LEADER, "so-y-te", "so-y-te")
    return SimpleNamespace(**people)


@pytest.fixture
def difference(places: SimpleNamespace, say: Say, cast: SimpleNamespace) -> Difference:
    """The treasury tells 77 million more than the tax office for one commune."""
    told(say("e.tax", places.north, "2026-10", 500), say("e.tax", places.south, "2026-10", 900))
    told(
        say("e.treasury", places.north, "2026-10", 577, "B7"), say("e.treasury", places.south, "2026-10", 900)
    )
    assert compared() == Ran(compared=1, found=1)
    return Difference.objects.get()


def test_two_publications_of_one_second_are_one_late_revision(
    places: SimpleNamespace, say: Say, cast: SimpleNamespace
) -> None:
    """A desk that publishes several files at once does so within a second; nobody tells them apart by it."""
    clock.set_source(lambda: 1_790_000_000.0)
    told(say("e.tax", places.north, "2026-10", 500), say("e.tax", places.south, "2026-10", 900))
    told(say("e.treasury", places.north, "2026-10", 500, "B7"))
    told(say("e.treasury", places.south, "2026-10", 900, "B8"))
    told(
        say("e.treasury", places.north, "2026-10", 577, "B7"),
        say("e.treasury", places.south, "2026-10", 977, "B8"),
    )
    clock.set_source(None)
    assert compared() == Ran(compared=1, found=1)
    found = Difference.objects.get()
    assert (found.kind, len(found.cases)) == ("late_revision", 2)
    assert compared() == Ran()


def test_a_difference_is_found_once_and_says_everything_needed(difference: Difference) -> None:
    assert (difference.kind, difference.state, difference.period) == ("plain", State.FOUND, "2026-10")
    assert "Thuế tỉnh 500 triệu đồng, Kho bạc 577 triệu đồng" in difference.told_vi
    assert "Treasury 577" in difference.told_en
    assert [office.code for office in difference.offices] == ["thue-tinh", "kho-bac"]
    assert (difference.due_date - clock.local(difference.found_at).date()).days == 10
    assert difference.cases[0]["left_figures"]
    notes = difference.notes.count()
    assert compared() == Ran()
    assert (difference.notes.count(), Difference.objects.count()) == (notes, 1)


def test_a_difference_that_vanished_is_closed_with_its_epochs_and_kept(
    difference: Difference, places: SimpleNamespace, say: Say
) -> None:
    told(say("e.treasury", places.north, "2026-10", 500.2))
    assert compared() == Ran(compared=1, gone=1)
    difference.refresh_from_db()
    assert difference.state == State.GONE
    assert difference.gone_epoch > difference.found_epoch
    assert str(difference.gone_epoch) in difference.notes.latest("pk").text
    assert "hết chênh lệch" in difference.get_state_display()
    assert Act.objects.filter(verb="difference.gone", object_id=str(difference.pk)).exists()
    told(say("e.treasury", places.north, "2026-10", 590))
    compared()
    assert Difference.objects.count() == 2


def test_other_figures_ask_anew_for_what_was_explained_and_signed(
    difference: Difference, places: SimpleNamespace, say: Say, cast: SimpleNamespace
) -> None:
    actions.explain(difference=difference, text="Chưa ghi thu hồi", by=cast.tax_officer)
    actions.settle(difference=difference, outcome="right", text="Kho bạc đúng", by=cast.tax_leader)
    told(say("e.tax", places.north, "2026-10", 510))
    assert compared() == Ran(compared=1, changed=1)
    difference.refresh_from_db()
    assert (difference.state, difference.first_by, difference.outcome) == (State.ASKED, None, "")
    assert difference.cases[0]["left"] == "510"


def test_two_people_of_two_offices_settle_and_it_stays_settled(
    difference: Difference, places: SimpleNamespace, say: Say, cast: SimpleNamespace
) -> None:
    with pytest.raises(ValidationError, match="mới phát hiện"):
        actions.settle(difference=difference, outcome="both", text="Khác kỳ chốt", by=cast.analyst)
    actions.ask(difference=difference, text="Vì sao lệch 77 triệu?", by=cast.analyst)
    actions.explain(difference=difference, text="Chốt sổ khác ngày", by=cast.tax_officer)
    actions.settle(difference=difference, outcome="both", text="Khác ngày chốt sổ", by=cast.tax_leader)
    for same in (cast.tax_leader, cast.other_tax_leader):
        with pytest.raises(ValidationError, match="ký thứ hai"):
            actions.settle(difference=difference, outcome="both", text="Đồng ý như trên", by=same)
    done = actions.settle(
        difference=difference, outcome="both", text="Đồng ý như trên", by=cast.treasury_leader
    )
    assert done.state == State.SETTLED
    assert {done.first_office.code, done.second_office.code} == {"thue-tinh", "kho-bac"}
    kinds = list(difference.notes.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["found", "asked", "explained", "signed", "settled"]
    # The same figures, told once more by a correction elsewhere, are settled still; others are a new difference.
    told(say("e.tax", places.south, "2026-10", 900.1))
    assert compared() == Ran(compared=1)
    told(say("e.tax", places.north, "2026-10", 300))
    assert compared().found == 1
    assert "chênh lệch mới" in difference.notes.latest("pk").text
    assert Difference.objects.get(pk=done.pk).state == State.SETTLED


def test_another_outcome_replaces_the_proposal(difference: Difference, cast: SimpleNamespace) -> None:
    actions.explain(difference=difference, text="Chốt sổ khác ngày", by=cast.tax_officer)
    actions.settle(difference=difference, outcome="left", text="Thuế tỉnh đúng", by=cast.tax_leader)
    row = actions.settle(difference=difference, outcome="right", text="Kho bạc đúng", by=cast.treasury_leader)
    assert (row.state, row.first_by, row.outcome) == (State.EXPLAINED, cast.treasury_leader, "right")


def test_the_database_refuses_one_signature(difference: Difference, cast: SimpleNamespace) -> None:
    rows = Difference.objects.filter(pk=difference.pk)
    one = {
        "first_by": cast.analyst,
        "first_office": cast.analyst.office,
        "outcome": "both",
        "state": "settled",
    }
    for second in ({}, {"second_by": cast.tax_leader, "second_office": cast.analyst.office}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**one, **second)


def test_only_the_two_offices_and_the_province_see_and_act(
    difference: Difference, cast: SimpleNamespace
) -> None:
    seen = {name: Difference.objects.for_user(person).count() for name, person in vars(cast).items()}
    assert seen == {
        "analyst": 1, "tax_officer": 1, "tax_leader": 1, "other_tax_leader": 1, "treasury_leader": 1, "stranger": 0
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.ask(difference=difference, text="Tôi muốn biết", by=cast.stranger)
    with pytest.raises(PermissionDenied):
        actions.settle(difference=difference, outcome="both", text="Tôi tự chốt", by=cast.tax_officer)


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("side", [True, False])
def test_only_an_office_that_told_the_figure_explains_it(
    difference: Difference, cast: SimpleNamespace, role: str, side: bool
) -> None:
    """Whatever role reaches the whole province: of an office that is no side, nobody explains."""
    office = cast.tax_officer.office if side else cast.analyst.office
    person = Person.objects.create(email=f"{role}@whole.example.vn", name=role, office=office)
    Grant.objects.create(person=person, role=role)
    reached = Difference.objects.for_user(person, "difference.explain").exists()
    assert reached is (side and "difference.explain" in ROLES[role])
    if not reached:
        with pytest.raises(PermissionDenied):
            actions.explain(difference=difference, text="Tôi giải trình thay", by=person)


def test_a_signature_is_kept_as_a_fact_and_worded_for_its_reader(
    difference: Difference, cast: SimpleNamespace
) -> None:
    actions.explain(difference=difference, text="Chốt sổ khác ngày", by=cast.tax_officer)
    with override("en"):
        actions.settle(difference=difference, outcome="right", text="Kho bạc đúng", by=cast.tax_leader)
    note = difference.notes.get(kind="signed")
    assert (note.text, note.outcome) == ("Kho bạc đúng", "right")
    assert note.outcome_words == "số của Kho bạc đúng"
    with override("en"):
        assert "Treasury" in note.outcome_words


def test_communes_are_added_up_once_all_are_there(places: SimpleNamespace, say: Say) -> None:
    summed = group(
        "summed", {"indicator": "e.total"}, {"indicator": "e.tax", "add_up": True}, tolerance={"relative": 1}
    )
    told(say("e.total", places.province, "2026-10", 2.9))
    told(*(say("e.tax", one, "2026-10", 700 + n) for n, one in enumerate(places.communes[:2])))
    assert compared(summed) == Ran(compared=1)
    told(say("e.tax", places.communes[2], "2026-10", 800))
    assert compared(summed).found == 1
    row = Difference.objects.get()
    assert (row.cases[0]["left"], row.cases[0]["right"]) == ("2.9", "2201")
    assert len(row.cases[0]["right_figures"]) == 3
    told(say("e.total", places.province, "2026-10", 2.2))
    assert compared(summed).gone == 1


def test_a_pair_that_left_the_content_ends_its_differences(difference: Difference) -> None:
    assert compare_groups([]).gone == 1
    assert "không còn trong nội dung" in Note.objects.latest("pk").text


def test_the_page_shows_both_sides_with_where_they_come_from(
    difference: Difference, cast: SimpleNamespace
) -> None:
    client = Client()
    client.force_login(cast.tax_officer, "allauth.account.auth_backends.AuthenticationBackend")
    assert "Thuế tỉnh" in client.get("/doi-soat/").content.decode()
    page = client.get(difference.get_absolute_url()).content.decode()
    assert "ô B7 ghi “577”" in page
    assert "/vi-sao/so-ky/?indicator=e.tax&amp;place=" in page
    assert "577 triệu đồng, Kho bạc: vì sao?" in page
    refused = client.post(f"{difference.get_absolute_url()}giai-trinh/", {"text": "ờ"})
    assert refused.status_code == 422
    done = client.post(f"{difference.get_absolute_url()}giai-trinh/", {"text": "Chốt sổ khác ngày"})
    assert (done.status_code, Difference.objects.get().state) == (302, State.EXPLAINED)


def test_whoever_signs_second_is_told_that_it_is_settled(
    difference: Difference, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("haidang.engine.people.sessions.is_fresh", lambda _request: True)
    actions.ask(difference=difference, text="Vì sao lệch 77 triệu?", by=cast.analyst)
    actions.explain(difference=difference, text="Chốt sổ khác ngày", by=cast.tax_officer)
    told = []
    for leader in (cast.tax_leader, cast.treasury_leader):
        client = Client()
        client.force_login(leader, "allauth.account.auth_backends.AuthenticationBackend")
        signed = {"outcome": "both", "text": "Khác ngày chốt sổ"}
        page = client.post(f"{difference.get_absolute_url()}ky/", signed, follow=True).content.decode()
        told.append(["chốt khi hai cơ quan cùng ký" in page, "Đã ký và chốt." in page])
    assert told == [[True, False], [False, True]]


def test_a_difference_kept_without_english_names_is_shown_as_the_others_are(
    difference: Difference, places: SimpleNamespace, cast: SimpleNamespace
) -> None:
    """One of a province, as it was kept before its English name was kept with it."""
    (case,) = difference.cases
    case |= {"name": "Tỉnh Thử", "place_id": places.province}
    del case["name_en"]
    Place.objects.filter(pk=places.province).update(name="Thử", kind="Tỉnh")
    difference.told_en = "Revenue, October 2026, Tỉnh Thử: Tax office 500."
    difference.save()
    difference.notes.update(text_en=difference.told_en)
    client = Client()
    client.force_login(cast.analyst)
    client.cookies["django_language"] = "en"
    for address in (difference.get_absolute_url(), "/doi-soat/"):
        page = client.get(address).content.decode()
        assert "Tỉnh Thử" not in page, address
        assert "Thử province" in page
