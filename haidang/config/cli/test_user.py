"""People from the command line, as the person on duty at three in the morning uses it."""

import json

import pytest
from click.testing import CliRunner

from haidang.config.cli.audit import audit
from haidang.config.cli.office import office
from haidang.config.cli.user import user
from haidang.engine.audit.models import Act
from haidang.engine.people.models import Person

pytestmark = pytest.mark.django_db
PASSWORD = "mưa-rào-tháng-bảy"


@pytest.fixture(autouse=True)
def light(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HAIDANG_HOME = tmp_path


def run(group, *words, stdin=""):
    result = CliRunner().invoke(group, words, input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def add(*more, email="an@tayninh.vn", role="operator", stdin=PASSWORD):
    return run(
        user,
        "add",
        "--email",
        email,
        "--name",
        "Lê Ẩn",
        "--role",
        role,
        "--password-stdin",
        *more,
        stdin=stdin,
    )


def test_a_person_is_added_with_office_and_role_and_may_sign_in():
    assert run(office, "add", "--code", "so-nnmt", "--name", "Sở Nông nghiệp và Môi trường").exit_code == 0
    result = add("--office", "so-nnmt", "--json", role="officer")
    assert result.exit_code == 0, result.output
    row = json.loads(result.stdout)
    assert row["roles"] == [{"role": "officer", "office": "so-nnmt", "place": None, "domain": ""}]
    assert Person.objects.get().check_password(PASSWORD)
    assert json.loads(run(user, "list", "--json").stdout) == [row]
    assert "an@tayninh.vn" in run(user, "list").stdout
    assert Act.objects.get(verb="person.add").actor == "haidang (dòng lệnh)"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"role": "boss"}, "Không có vai trò"),
        ({"role": "officer"}, "phải gắn với một cơ quan"),
        ({"stdin": ""}, "came empty"),
        ({"stdin": "1234567890"}, "quá phổ biến"),
        ({"email": "khong-phai-thu"}, "e-mail|email"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line_and_adds_nobody(more, told):
    result = add(**more)
    assert result.exit_code == 1
    assert any(word.lower() in result.output.lower() for word in told.split("|")), result.output
    assert not Person.objects.exists()


def test_what_a_role_reaches_is_said_and_an_office_that_does_not_narrow_it_is_warned_of():
    run(office, "add", "--code", "so-y-te", "--name", "Sở Y tế")
    wide = add("--office", "so-y-te", role="leader")
    assert "leader: the whole province" in wide.stdout
    assert "Warning: an@tayninh.vn belongs to so-y-te, but leader reaches the whole province" in wide.stderr
    email = ("--email", "an@tayninh.vn", "--role", "leader")
    run(user, "revoke", *email)
    narrowed = run(user, "grant", *email, "--office", "so-y-te")  # as the warning says
    assert "leader: office so-y-te and those below it" in narrowed.stdout
    assert not narrowed.stderr
    officer = add("--office", "so-y-te", email="binh@tayninh.vn", role="officer")
    assert (officer.stdout.count("office so-y-te and those below it"), officer.stderr) == (1, "")
    within = add("--office", "so-y-te", "--within", "so-y-te", email="chi@tayninh.vn", role="leader")
    assert not within.stderr


def test_an_unknown_office_is_answered_with_the_known_ones():
    run(office, "add", "--code", "y-te", "--name", "Sở Y tế")
    assert "known: y-te" in add("--office", "ytế").output
    assert [row["code"] for row in json.loads(run(office, "list", "--json").stdout)] == ["y-te"]


def test_the_same_address_twice_is_refused():
    add()
    assert "đã có tài khoản" in add(email="AN@tayninh.vn").output


def test_password_unlock_disable_and_totp_reset():
    add()
    email = ("--email", "an@tayninh.vn")
    assert run(user, "password", *email, "--password-stdin", stdin="nắng-hạn-tháng-tám\n").exit_code == 0
    assert Person.objects.get().check_password("nắng-hạn-tháng-tám")
    run(user, "disable", *email)
    assert "DISABLED" in run(user, "list").stdout
    assert json.loads(run(user, "unlock", *email, "--json").stdout)["active"]
    assert run(user, "totp-reset", *email).exit_code == 0
    assert run(user, "unlock", "--email", "ai@do.vn").exit_code == 1


def test_roles_come_and_go():
    add()
    email = ("--email", "an@tayninh.vn")
    run(user, "grant", *email, "--role", "analyst", "--domain", "environment")
    assert "analyst (environment)" in run(user, "list").stdout
    run(user, "revoke", *email, "--role", "operator")
    assert json.loads(run(user, "list", "--json").stdout)[0]["roles"][0]["role"] == "analyst"
    assert run(user, "revoke", *email, "--role", "leader").exit_code == 1


def test_the_log_of_it_verifies_against_an_exported_anchor(tmp_path):
    add()
    anchor = str(tmp_path / "usb" / "anchor.json")
    assert run(audit, "anchor", "--out", anchor).exit_code == 0
    result = run(audit, "verify", "--anchor", anchor, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ok"] is True


def test_an_empty_log_has_no_anchor(tmp_path):
    assert run(audit, "anchor", "--out", str(tmp_path / "a.json")).exit_code == 1
    assert "No anchor" in run(audit, "verify").output
