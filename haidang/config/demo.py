"""Prepare a simulated province: its offices, people, shifts, stations and the logins its senders are given.

It does what an administrator would do, through the same decisions, and may be run again at any time. What the
senders may know goes into one file in the home; they never see the database.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from haidang.config import addresses, credentials
from haidang.demo import plan
from haidang.demo import station as outside
from haidang.demo.rhythm import seed_of
from haidang.demo.sheets import post
from haidang.engine import clock
from haidang.engine.assets.actions import register_station
from haidang.engine.assets.models import Asset
from haidang.engine.people import actions
from haidang.engine.people.models import Office, Person, Shift
from haidang.engine.places.models import Place
from haidang.engine.store.content import standing_tree
from haidang.engine.store.credentials import issue
from haidang.engine.store.models import Credential, Source

HISTORY_DAYS = 60
SHIFT_DAYS = 3
SHIFTS = (("Ca 1", 6), ("Ca 2", 14), ("Ca 3", 22))
# Of the offices that own stations, one commune and the field crew have people who can answer an order.
OWNED = {
    plan.FILES["air"]: "so-nnmt",
    plan.FILES["water"]: "so-nnmt",
    plan.MESSAGES: "so-nnmt",
    plan.HISTORY: "so-nnmt",
    **post.OFFICES,
}


@dataclass(frozen=True, slots=True)
class Role:
    """One demo person; `office` is the key of the plan's office, `#ward` the commune of the episode. Who `is_within` it
    leads nothing else.
    """

    user: str
    name: str
    title: str
    role: str
    office: str
    is_within: bool = False


def _desk(user: str, office: str, officer: str, head: str, title: str, of: str) -> tuple[Role, Role]:
    """Who signs an office's files, and its head, who approves them."""
    return (
        Role(f"can-bo-{user}", officer, f"Chuyên viên {of}", "officer", office),
        Role(f"{title}-{user}", head, f"{HEADS[title]} {of}", "leader", office, is_within=True),
    )


HEADS = {"giam-doc": "Giám đốc", "truong": "Trưởng", "chanh": "Chánh"}
PEOPLE = (
    Role("quan-tri", "Lê Hoàng Anh", "Quản trị hệ thống", "administrator", "ioc"),
    Role("lanh-dao", "Trần Quốc Bảo", "Phó Chủ tịch UBND tỉnh", "leader", "ubnd-tinh"),
    Role("truc-ban-truong", "Nguyễn Thị Minh Châu", "Trực ban trưởng", "duty_chief", "ioc"),
    Role("truc-ban", "Phạm Văn Dũng", "Trực ban viên", "operator", "ioc"),
    Role("can-bo-nnmt", "Võ Thị Hạnh", "Cán bộ trực Sở NN&MT", "officer", "so-nnmt"),
    Role("can-bo-xa", "Đặng Văn Khoa", "Cán bộ UBND cấp xã", "officer", "#ward"),
    Role("hien-truong", "Huỳnh Tấn Lộc", "Tổ hiện trường đội quan trắc", "crew", "doi-quan-trac"),
    Role("phan-tich", "Bùi Ngọc Mai", "Chuyên viên phân tích", "analyst", "ioc"),
    *_desk("stc", "so-tai-chinh", "Trương Thị Kim Ngân", "Phan Đình Tuấn", "giam-doc", "Sở Tài chính"),
    *_desk("thue", "thue-tinh", "Đỗ Minh Trí", "Cao Thị Lan", "truong", "Thuế tỉnh"),
    *_desk("thong-ke", "thong-ke-tinh", "Lâm Thị Ngọc Yến", "Tô Văn Hưng", "truong", "Thống kê tỉnh"),
    *_desk("hcc", "trung-tam-hcc", "Nguyễn Hữu Phước", "Đinh Thị Thu Hà", "giam-doc", "Trung tâm HCC"),
)
# They sit in shifts, or sign and approve what others show well enough: they need no account to be tried out.
OTHERS = (
    Role("truc-ban-truong-2", "Hồ Sĩ Nghĩa", "Trực ban trưởng", "duty_chief", "ioc"),
    Role("truc-ban-truong-3", "Lý Thị Phương", "Trực ban trưởng", "duty_chief", "ioc"),
    Role("truc-ban-2", "Ngô Minh Quân", "Trực ban viên", "operator", "ioc"),
    Role("truc-ban-3", "Dương Thị Sương", "Trực ban viên", "operator", "ioc"),
    Role("truc-ban-4", "Mai Văn Thành", "Trực ban viên", "operator", "ioc"),
    *_desk("vp", "van-phong-ubnd", "Châu Ngọc Bích", "Lưu Đức Thịnh", "chanh", "Văn phòng UBND tỉnh"),
    *_desk("syt", "so-y-te", "Phùng Thị Diệu", "Quách Minh Hiền", "giam-doc", "Sở Y tế"),
    *_desk("cdc", "cdc-tinh", "Kiều Văn Lợi", "Thái Thị Hồng", "giam-doc", "CDC tỉnh"),
    *_desk("gddt", "so-gddt", "Vương Thị Thúy", "Tạ Quang Vinh", "giam-doc", "Sở GD&ĐT"),
)


class NoSuchProvince(LookupError):
    """No province of today has this name."""


def folder() -> Path:
    return Path(settings.HAIDANG_HOME) / "demo"


def _in_a_sentence(province: Place) -> str:
    """`tỉnh Tây Ninh`, as the names of its bodies say it."""
    full = str(province)
    return full[0].lower() + full[1:]


def prepare(name: str, say: Callable[[str], None]) -> outside.Outside:
    """Bring the simulated province `name` (tay-ninh) into the record; what is there already stays as it is."""
    province = find_province(name)
    seed = seed_of("haidang", province.name) % 2**31
    communes = communes_of(province)
    stations = plan.stations(province.name, communes, seed)
    sends_sheets = _sends_sheets(province)
    with transaction.atomic():
        offices = _offices(plan.owners(_in_a_sentence(province), stations, communes), province)
        people = _people(offices, stations, plan.slug(province.name))
        _shifts(people)
        _stations(stations, offices)
        _owners_of_sources(offices)
    found = outside.Outside(
        province=plan.slug(province.name),
        name=province.name,
        seed=seed,
        doors=_doors(),
        stations=stations,
        logins=_logins(stations, plan.slug(province.name), [*post.OFFICES] if sends_sheets else []),
        history_days=HISTORY_DAYS,
        communes=communes if sends_sheets else [],
    )
    outside.write(folder() / "outside.json", found)
    credentials.write_roster(addresses.database_url(Path(settings.HAIDANG_HOME)), Path(settings.HAIDANG_HOME))
    say(f"{province}: {sum(s.is_registered for s in stations)} stations, {len(offices)} offices")
    return found


def find_province(name: str) -> Place:
    """A province in force, by its name with or without tones, hyphens or its kind; raises NoSuchProvince."""
    wanted = plan.slug(name)
    valid = Place.objects.filter(level=Place.Level.PROVINCE, valid_to_date=None)
    for place in valid:
        if wanted in (plan.slug(place.name), place.code):
            return place
    names = ", ".join(sorted(plan.slug(place.name) for place in valid))
    raise NoSuchProvince(f"There is no province {name!r} today; there are: {names}.")


def communes_of(province: Place) -> list[outside.Commune]:
    """Communes in force with a known centre."""
    above = Place.objects.filter(level=Place.Level.PROVINCE, code=province.code)
    rows = Place.objects.filter(level=Place.Level.COMMUNE, valid_to_date=None, parent__in=above)
    return [
        outside.Commune(row.code, row.kind, row.name, row.lat, row.lon, row.area_km2 or 0.0)
        for row in rows.exclude(Q(lat=None) | Q(lon=None)).order_by("code")
        if row.lat is not None and row.lon is not None
    ]


def _sends_sheets(province: Place) -> bool:
    """Contracts of Excel files name the communes of one province; offices of another have nothing to send by them."""
    return province.code in {entry.thing.province for entry in standing_tree().sheets.values()}


# --- who ----------------------------------------------------------------------------------------------------
def _offices(owners: Iterable[plan.Owner], province: Place) -> dict[str, Office]:
    places = {row.code: row for row in Place.objects.filter(level=Place.Level.COMMUNE, valid_to_date=None)}
    found: dict[str, Office] = {}
    for owner in owners:
        known = Office.objects.filter(code=owner.key).first()
        found[owner.key] = known or actions.add_office(
            code=owner.key,
            name=owner.name,
            short_name=owner.short_name,
            parent=found.get(owner.parent),
            place=places.get(owner.commune) if owner.commune else province,
            phone=owner.phone,
            is_demo=True,
        )
    return found


def _people(offices: dict[str, Office], stations: list[outside.Station], slug: str) -> list[Person]:
    """Demo accounts with passwords of this installation; those people are told are kept in a file for them."""
    kept = _read(folder() / "people.json")
    rows: list[tuple[Role, str, str]] = []
    found: list[Person] = []
    for role in (*PEOPLE, *OTHERS):
        email = f"{role.user}@{slug}.example"
        password = kept.get(email) or f"hd-{secrets.token_hex(4)}"
        person = Person.objects.filter(email=email).first()
        if person is None:
            office = offices[_ward(stations) if role.office == "#ward" else role.office]
            person = actions.add_person(
                email=email,
                name=role.name,
                title=role.title,
                role=role.role,
                password=password,
                office=office,
                within=office if role.is_within else None,
                phone=f"0276 000 {500 + len(rows):04d}",
                is_demo=True,
            )
        elif email not in kept:
            actions.set_password(person=person, password=password)
        kept[email] = password
        rows.append((role, email, password))
        found.append(person)
    _write(folder() / "people.json", json.dumps(kept, ensure_ascii=False, indent=1))
    shown = [f"  {email:<40} {password}   {role.title}" for role, email, password in rows[: len(PEOPLE)]]
    _write(Path(settings.HAIDANG_HOME) / "demo-logins.txt", "\n".join(shown) + "\n")
    return found


def _ward(stations: list[outside.Station]) -> str:
    """A commune's own office near the episode, so that orders go to somebody else than their issuer."""
    wards = [s.office for s in stations if s.office.startswith("ubnd-") and s.episode]
    return wards[0] if wards else next(s.office for s in stations if s.office.startswith("ubnd-"))


def _shifts(people: list[Person]) -> None:
    """Somebody is on duty now and for the next days; run daily, it never leaves a gap."""
    chiefs = [p for p in people if p.title == "Trực ban trưởng"]
    desks = [p for p in people if p.title == "Trực ban viên"]
    today = clock.local(clock.now()).date()
    for offset in range(-1, SHIFT_DAYS):
        for number, (name, hour) in enumerate(SHIFTS):
            begins = _at(today + timedelta(days=offset), hour)
            if begins + timedelta(hours=8) <= clock.now() or Shift.objects.filter(starts_at=begins).exists():
                continue
            turn = (today.toordinal() + offset) * len(SHIFTS) + number
            # The accounts that are told to visitors are on duty in every shift, so that their desk is open.
            chief = chiefs[0] if offset <= 0 else chiefs[turn % len(chiefs)]
            members = [desks[0], desks[1 + turn % (len(desks) - 1)]]
            actions.add_shift(
                name=name,
                starts_at=begins,
                ends_at=begins + timedelta(hours=8),
                chief=chief,
                members=members,
                phone="201",
            )


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.LOCAL)


# --- what ---------------------------------------------------------------------------------------------------
def _stations(stations: list[outside.Station], offices: dict[str, Office]) -> None:
    codes = {station.commune for station in stations}
    places = {
        row.code: row
        for row in Place.objects.filter(level=Place.Level.COMMUNE, valid_to_date=None, code__in=codes)
    }
    known = {asset.code: (asset.name, asset.kind, asset.lat, asset.lon) for asset in Asset.objects.all()}
    for station in stations:
        same = known.get(station.code) == (station.name, station.kind, station.lat, station.lon)
        if station.is_registered and not same:
            register_station(
                code=station.code,
                name=station.name,
                kind=station.kind,
                lat=station.lat,
                lon=station.lon,
                place=places.get(station.commune),
                office=offices[station.office],
                is_demo=True,
            )


def _owners_of_sources(offices: dict[str, Office]) -> None:
    for address, office in OWNED.items():
        Source.objects.filter(address=address, office=None).update(office=offices[office])


def _doors() -> outside.Doors:
    mqtt = urlsplit(settings.HAIDANG_MQTT_URL)
    everywhere = {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    host = "127.0.0.1" if settings.HAIDANG_BIND in everywhere else settings.HAIDANG_BIND
    return outside.Doors(
        push=f"http://{host}:{settings.HAIDANG_DOORS_PORT}",
        mqtt_host=mqtt.hostname or host,
        mqtt_port=(mqtt.port or 1883) if settings.HAIDANG_MQTT_URL else settings.HAIDANG_MQTT_PORT,
        ftp_host=host,
        ftp_port=settings.HAIDANG_FTP_PORT,
    )


def _logins(stations: list[outside.Station], slug: str, sheets: list[str]) -> list[outside.Login]:
    """One login per owner and door for files, as companies have; one per door for messages; one for history; one for each
    source of Excel files.

    Secrets are shown once, so those of an earlier run are read back from the senders' own file.
    """
    kept = _kept_logins(slug)
    files: dict[tuple[str, str, str], list[str]] = {}
    wanted: dict[tuple[str, str, str], list[str] | None] = {}
    for station in stations:
        if station.door == "ftp":
            files.setdefault((station.source, "ftp", station.office), []).append(station.code)
        else:
            # An unregistered station is somebody's mistake, not a login of its own.
            wanted[station.source, station.door, "mô phỏng"] = None
    wanted |= files
    wanted[plan.HISTORY, "history", "lịch sử mô phỏng"] = None
    wanted |= dict.fromkeys((source, "sheets", "cơ quan mô phỏng") for source in sheets)
    found = []
    for (source, door, label), codes in wanted.items():
        known = kept.get((source, door, tuple(codes) if codes else None))
        found.append(known or _issue(source, door, label, codes))
    return found


def _issue(source: str, door: str, label: str, codes: list[str] | None) -> outside.Login:
    registered = Source.objects.get(address=source)
    issued = issue(source=registered, label=f"mô phỏng · {label}", stations=codes, is_demo=True)
    return outside.Login(source, door, issued.user, issued.password, issued.key, codes)


def _kept_logins(slug: str) -> dict[tuple[str, str, tuple[str, ...] | None], outside.Login]:
    path = folder() / "outside.json"
    if not path.exists():
        return {}
    before = outside.read(path)
    if before.province != slug:
        return {}
    valid = set(Credential.objects.filter(revoked_at=None).values_list("user", flat=True))
    return {
        (login.source, login.door, tuple(login.stations) if login.stations else None): login
        for login in before.logins
        if login.user in valid
    }


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _write(path: Path, text: str) -> None:
    """Passwords: readable by the owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
