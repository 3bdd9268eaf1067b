"""The simulated province stands in the record as an administrator would have put it there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from pytest_django.fixtures import Settings

from haidang.config import demo
from haidang.config.cli.demo import is_prepared
from haidang.demo import plan, station
from haidang.demo.sheets import post
from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.audit.models import Act
from haidang.engine.contracts.tree import load_tree
from haidang.engine.people import duty
from haidang.engine.people.models import Grant, Office, Person, Role, Shift
from haidang.engine.places.conftest import register as register  # noqa: PLC0414 - its fixture
from haidang.engine.places.models import Place
from haidang.engine.store.content import load_content
from haidang.engine.store.models import Credential


@pytest.fixture
def home(
    register: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An empty centre with register and sources; the doors' roster is not part of these tests."""
    settings.HAIDANG_HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("haidang.config.credentials.write_roster", lambda *_: False)
    load_content(load_tree())
    yield tmp_path
    clock.set_source(None)


def prepare(name: str = "tay-ninh") -> station.Outside:
    return demo.prepare(name, say=lambda _line: None)


def test_forty_stations_stand_in_communes_of_their_province(home: Path) -> None:
    prepare()
    stations = Asset.objects.filter(is_demo=True).select_related("place__parent", "office")
    assert stations.count() == 40
    assert {s.place.parent.name for s in stations if s.place and s.place.parent} == {"Tây Ninh"}
    assert all(s.office and s.office.phone.startswith("0276 000 ") for s in stations)
    assert not Asset.objects.filter(code="TN_KK_99").exists()


def test_one_person_stands_for_each_role_and_can_sign_in(home: Path) -> None:
    prepare()
    held = set(Person.objects.filter(is_demo=True).values_list("grants__role", flat=True))
    assert held == set(Role.values)
    passwords = json.loads((home / "demo" / "people.json").read_text())
    for email, password in passwords.items():
        assert check_password(password, Person.objects.get(email=email).password)
    shown = (home / "demo-logins.txt").read_text()
    assert "quan-tri@tay-ninh.example" in shown
    assert (home / "demo-logins.txt").stat().st_mode & 0o077 == 0


def test_somebody_is_on_duty_now_and_without_a_gap_for_two_days(home: Path) -> None:
    prepare()
    now = clock.now()
    for hours in range(48):
        assert duty.on_duty(now + timedelta(hours=hours)) is not None
    later = (now + timedelta(days=1)).timestamp()
    clock.set_source(lambda: later)
    prepare()
    assert duty.on_duty(now + timedelta(hours=70)) is not None


def test_preparing_again_changes_nothing(home: Path) -> None:
    first = prepare()
    kept = (Asset, Office, Person, Shift, Credential, Act)
    before = [model.objects.count() for model in kept]
    assert prepare() == first
    assert [model.objects.count() for model in kept] == before


def test_a_revoked_login_is_replaced(home: Path) -> None:
    first = prepare()
    gone = first.logins[0]
    Credential.objects.filter(user=gone.user).update(revoked_at=clock.now())
    users = {login.user for login in prepare().logins}
    assert gone.user not in users
    assert len(users) == len(first.logins)


def test_every_station_has_a_login_that_may_speak_for_it(home: Path) -> None:
    found = prepare()
    for one in found.stations:
        login = found.login_of(one)
        assert login.stations is None or one.code in login.stations
    files = [login for login in found.logins if login.door == "ftp"]
    assert all(login.stations for login in files)
    assert {credential.is_demo for credential in Credential.objects.all()} == {True}


@pytest.mark.parametrize("name", ["Tây Ninh", "tay-ninh", "TAY NINH", "80"])
def test_a_province_is_found_however_it_is_written(home: Path, name: str) -> None:
    assert demo.find_province(name).code == "80"


def test_an_unknown_province_is_refused_with_the_names_there_are(home: Path) -> None:
    with pytest.raises(demo.NoSuchProvince, match="tay-ninh"):
        demo.find_province("long-an")


def test_all_34_provinces_have_forty_stations_of_their_own(home: Path) -> None:
    provinces = Place.objects.filter(level=Place.Level.PROVINCE, valid_to_date=None)
    assert len(provinces) == 34
    for province in provinces:
        communes = demo.communes_of(province)
        stations = plan.stations(province.name, communes, seed=1)
        assert len(stations) == 41, province
        assert {s.commune for s in stations} <= {c.code for c in communes}
        assert {s.office for s in stations} <= {o.key for o in plan.owners(province.name, stations, communes)}
        assert all(6 < s.lat < 24 and 101 < s.lon < 118 for s in stations)


def test_the_command_knows_which_province_is_prepared(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare("hue")
    monkeypatch.setattr("haidang.config.settings.HAIDANG_HOME", home)
    assert is_prepared("Huế")
    assert not is_prepared("tay-ninh")
    path = home / "demo" / "outside.json"
    older = json.loads(path.read_text())
    del older["communes"]
    path.write_text(json.dumps(older))
    assert not is_prepared("Huế"), "the file of an older version lacks what senders of this one need"


def test_offices_of_the_province_the_contracts_speak_of_get_keys_for_their_files(home: Path) -> None:
    found = prepare()
    assert {login.source for login in found.logins if login.door == "sheets"} == set(post.OFFICES)
    assert len(found.communes) == 96
    for code in post.OFFICES.values():
        office = Office.objects.get(code=code)
        assert office.place is not None
        assert (office.place.level, office.place.code) == (Place.Level.PROVINCE, "80")
        # An officer signs, another person approves; their roles end at their office.
        held = Grant.objects.filter(person__office=office, person__is_demo=True)
        assert set(held.values_list("role", "office__code")) == {("officer", code), ("leader", code)}


def test_another_province_sends_no_files_for_the_communes_of_this_one(home: Path) -> None:
    found = prepare("hue")
    assert found.communes == []
    assert not [login for login in found.logins if login.door == "sheets"]


def test_tricks_need_a_centre_to_play_them_on(tmp_path: Path) -> None:
    for trick in ("episode", "unplug"):
        done = subprocess.run(
            [sys.executable, "-m", "haidang", "demo", trick], env={"HAIDANG_HOME": str(tmp_path), "PATH": ""},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert "No " in done.stderr
