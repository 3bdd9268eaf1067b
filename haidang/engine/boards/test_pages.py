"""Boards, stations and the why-drawer over a record that came in through the path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.audit.models import Act
from haidang.engine.boards.content import library
from haidang.engine.boards.definition import FigureTile, Target
from haidang.engine.boards.searching import find
from haidang.engine.boards.tiles import Look, figure
from haidang.engine.contracts.reading import Text
from haidang.engine.ingest.conftest import Sender
from haidang.engine.ingest.conftest import sender as sender  # noqa: PLC0414 - the fixture of the stage before
from haidang.engine.people.actions import add_office, add_person
from haidang.engine.people.models import Person
from haidang.engine.places.models import Place
from haidang.engine.store.models import Delivery, Series

# 12:02 in Việt Nam: the hour that ends at 12:00 is closed.
NOW = datetime(2026, 11, 21, 5, 2, tzinfo=UTC)
WHY = "/vi-sao/?indicator=environment.aqi_hour&asset=KK-1&at=2026-11-21T12:00:00%2B07:00"
LINES = ("PM10\t{pm10}\tug/Nm3\t{at}\t00", "PM2,5\t{pm25}\tug/Nm3\t{at}\t00", "CO\t1.2\tmg/Nm3\t{at}\t00")


@pytest.fixture(autouse=True)
def _noon(db: None) -> Iterator[None]:
    clock.set_source(NOW.timestamp)
    yield
    clock.set_source(None)


@pytest.fixture
def record(sender: Sender) -> Sender:
    """Three hours of one station's files, the last value a high one."""
    office = add_office(code="so", name="Sở Nông nghiệp và Môi trường", short_name="Sở NN&MT", phone="215")
    Asset.objects.update(office=office)
    for minutes in range(180, 0, -15):
        send_file(sender, NOW - timedelta(minutes=minutes + 2), pm25=40.0, pm10=60.0)
    send_file(sender, NOW - timedelta(minutes=2), pm25=412.6, pm10=498.2)
    sender.conductor.close_hours()
    while sender.conductor.compute_due():
        pass
    return sender


def send_file(sender: Sender, at: datetime, *, pm25: float, pm10: float) -> None:
    stamp = f"{clock.local(at):%Y%m%d%H%M%S}"
    sender.file(f"KK-1_{stamp}.txt", *(line.format(at=stamp, pm25=pm25, pm10=pm10) for line in LINES))


@pytest.fixture
def desk(db: None) -> Client:
    person = add_person(
        email="truc@tinh.invalid", name="Nguyễn Thị Trực", role="operator", password="mat-khau-thu-1"
    )
    return signed_in(person)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_every_board_of_the_content_is_drawn(record: Sender, desk: Client) -> None:
    for address, board in library().boards.items():
        path = f"/wall/{address.partition('.')[2]}" if board.layout == "wall" else f"/bang/{address}/"
        response = desk.get(path, follow=True)
        assert response.status_code == 200, address
        assert str(board.title) in text(response.content.decode())


def test_the_overview_shows_the_worst_station_with_its_owner_and_its_phone(
    record: Sender, desk: Client
) -> None:
    page = text(desk.get("/").content.decode())
    assert "AQI giờ cao nhất, Trạm Tân Ninh" in page
    assert "Sở NN&amp;MT" in page
    assert "máy 215" in page


def test_whoever_asks_only_whether_a_page_is_there_is_answered(record: Sender, desk: Client) -> None:
    answer = desk.head("/")
    assert (answer.status_code, answer.content) == (200, b"")


def test_every_number_on_a_board_leads_to_why(record: Sender, desk: Client) -> None:
    page = desk.get("/bang/environment.air/").content.decode()
    links = re.findall(r'href="(/vi-sao/\?[^"]+)"', page)
    assert len(links) > 5
    for link in set(links):
        assert desk.get(link.replace("&amp;", "&")).status_code == 200


def test_why_walks_from_the_index_to_the_line_and_its_bytes(record: Sender, desk: Client) -> None:
    page = desk.get(
        "/vi-sao/?indicator=environment.aqi_hour&asset=KK-1&at=2026-11-21T12:00:00%2B07:00"
    ).content.decode()
    said = text(page)
    assert "Quyết định 1459/QĐ-TCMT" in said
    assert "Nowcast 12 giờ" in said
    assert "KK-1_20261121120000.txt" in said
    # The name with the decimal comma stands in the file, and its first letters in the bytes.
    chosen = re.search(r'<tr class="on"[^>]*>(.*?)</tr>', page, re.DOTALL)
    assert chosen is not None
    assert text(chosen[1]).split() == ["2", "PM2,5", "412.6", "ug/Nm3", "20261121120000", "00"]
    lit = re.findall(r'<td class="hl">([0-9A-F]{2})</td>', page)
    assert bytes.fromhex("".join(lit)).startswith(b"PM2,5\t412.6")


def test_why_answers_a_fragment_inside_a_page_and_a_page_outside(record: Sender, desk: Client) -> None:
    inside = desk.get(WHY, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in inside
    assert "<html" in desk.get(WHY).content.decode()


@pytest.mark.parametrize("asked", ["22/11/2026 06:30:00:00", "29/11", "abc"])
def test_a_drawer_says_that_it_did_not_understand_the_instant(
    record: Sender, desk: Client, asked: str
) -> None:
    """It shows what holds now: unsaid, that would be read as what held then."""
    found = text(desk.get(f"{WHY}&as_of={asked}", headers={"HX-Request": "true"}).content.decode())
    assert f"Không hiểu thời điểm “{asked}”" in found


def test_a_drawer_asked_about_the_future_says_that_it_shows_now(record: Sender, desk: Client) -> None:
    asked = f"{WHY}&as_of=22/11/2099 06:30"
    assert "Lúc 22/11/2099 06:30 chưa tới" in text(
        desk.get(asked, headers={"HX-Request": "true"}).content.decode()
    )
    assert "Lúc 22/11/2099 06:30 chưa tới" in text(desk.get(asked).content.decode())


def test_a_correction_gives_a_new_answer_now_and_the_old_one_then(record: Sender, desk: Client) -> None:
    first = shown_value(desk, WHY)
    later = NOW + timedelta(minutes=10)
    clock.set_source(later.timestamp)
    send_file(record, NOW - timedelta(minutes=2), pm25=45.0, pm10=62.0)
    record.conductor.close_hours()
    while record.conductor.compute_due():
        pass
    then = f"&as_of={clock.local(NOW + timedelta(minutes=5)).isoformat().replace('+', '%2B')}"
    assert shown_value(desk, WHY) < first
    assert shown_value(desk, WHY + then) == first
    page = text(desk.get(WHY).content.decode())
    assert "biết từ 12:12" in page


def shown_value(desk: Client, url: str) -> int:
    found = re.search(r'class="bign">(\d+)<', desk.get(url).content.decode())
    assert found is not None
    return int(found[1])


def test_the_page_says_that_it_looks_back_and_stops_counting(record: Sender, desk: Client) -> None:
    page = desk.get("/?as_of=21/11/2026 11:00").content.decode()
    assert "ĐANG XEM LẠI" in page
    assert 'class="replaying"' in page
    assert "data-clock" not in page
    live = re.findall(r'id="pane-\w+"[^>]*data-live', page)
    assert live == []


@pytest.mark.parametrize(
    "path",
    [
        "/vi-sao/?series=999999&at=2026-11-21T12:00:00",
        "/vi-sao/?series=%C2%B2&at=2026-11-21T12:00:00",
        f"/vi-sao/?series={'9' * 5000}&at=2026-11-21T12:00:00",
        "/vi-sao/",
        "/tram/KHONG-CO/",
        "/bang/x.y/",
    ],
)
def test_what_is_not_there_is_not_found(desk: Client, path: str) -> None:
    assert desk.get(path).status_code == 404


def test_a_station_shows_each_value_with_status_age_and_limit(record: Sender, desk: Client) -> None:
    page = text(desk.get("/tram/KK-1/").content.decode())
    assert "412,6" in page
    assert "Cacbon monoxit" in page
    # The regulation writes 30,000 µg/m³; the series is in mg/m³.
    assert "giới hạn 1 giờ 30" in page
    for span in ("24h", "7d", "60d"):
        assert desk.get(f"/tram/KK-1/?span={span}").status_code == 200


def test_the_table_behind_a_chart_holds_its_numbers(record: Sender, desk: Client) -> None:
    series = Series.objects.get(asset__code="KK-1", parameter="PM2.5")
    page = text(desk.get(f"/tram/KK-1/so-lieu/?series={series.pk}&span=24h").content.decode())
    assert "412,6" in page
    assert "40,0" in page


def test_search_finds_a_station_without_tones_and_by_code(record: Sender, desk: Client) -> None:
    Asset.objects.filter(code="KK-1").update(folded="tram tan ninh")
    for words in ("tan ninh", "Tân Ninh", "kk-1"):
        assert 'href="/tram/KK-1/"' in desk.get("/tim/", {"q": words}).content.decode()
    assert "Không tìm thấy" in desk.get("/tim/", {"q": "zzz"}).content.decode()


def test_a_board_asks_the_database_no_more_for_more_stations(record: Sender, desk: Client) -> None:
    desk.get("/bang/environment.air/")

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get("/bang/environment.air/").status_code == 200
        return len(asked)

    few = questions()
    for number in range(20):
        Asset.objects.create(code=f"KK-N{number}", name=f"Trạm {number}", kind="air", domain="environment")
    assert questions() == few


def test_a_station_that_fell_silent_does_not_stand_for_the_worst_of_now(record: Sender) -> None:
    later = NOW + timedelta(hours=5)
    clock.set_source(later.timestamp)
    Asset.objects.create(code="KK-2", name="Trạm Gò Dầu", kind="air", domain="environment")
    for minutes in range(180, -1, -15):
        stamp = f"{clock.local(later - timedelta(minutes=minutes)):%Y%m%d%H%M%S}"
        record.file(f"KK-2_{stamp}.txt", *(line.format(at=stamp, pm25=30.0, pm10=50.0) for line in LINES))
    record.conductor.close_hours()
    while record.conductor.compute_due():
        pass
    tile = FigureTile(
        title=Text(vi="AQI"),
        indicator="environment.aqi_hour",
        target=Target(value=100, kind="ceiling", word=Text(vi="trần")),
    )
    view = figure(tile, Look.at(None))
    assert view.shown is not None
    assert view.shown.source == "Trạm KK-2"
    assert not view.shown.is_bad


def test_the_wall_names_nobody(record: Sender, desk: Client) -> None:
    page = desk.get("/wall/environment").content.decode()
    assert "Nguyễn Thị Trực" not in page
    assert 'data-theme="night"' in page


def test_the_theme_is_kept_in_a_cookie_and_never_leads_elsewhere() -> None:
    client = Client()
    answer = client.post("/giao-dien/", {"theme": "night", "next": "https://elsewhere.invalid/"})
    assert answer["Location"] == "/"
    assert answer.cookies["theme"].value == "night"
    assert "theme" not in client.post("/giao-dien/", {"theme": "pink"}).cookies


def test_search_finds_incidents_one_may_see_and_no_others(desk: Client, db: None) -> None:
    from haidang.engine.incidents.actions import open_incident

    by = Person.objects.get(email="truc@tinh.invalid")
    one = open_incident(by=by, title="Cháy kho phế liệu nhựa", priority=1, place_text="An Tịnh")
    for words in ("chay kho", "Cháy kho", one.code, "an tinh"):
        assert one.get_absolute_url() in desk.get("/tim/", {"q": words}).content.decode()
    elsewhere = add_office(code="xa", name="Ủy ban nhân dân xã Tân Lập", short_name="UBND Tân Lập", phone="")
    stranger = add_person(
        email="x@tinh.invalid",
        name="Người Ngoài",
        role="officer",
        office=elsewhere,
        password="mat-khau-thu-1",
    )
    assert one.get_absolute_url() not in signed_in(stranger).get("/tim/", {"q": "chay kho"}).content.decode()


def test_search_finds_an_office_without_tones_and_links_it_for_whoever_looks_after_it(
    desk: Client,
) -> None:
    office = add_office(code="so-tc", name="Sở Tài chính", short_name="Sở TC", phone="0276.3822.111")
    for words in ("so tai chinh", "Tài chính", "Sở TC"):
        found = desk.get("/tim/", {"q": words}).content.decode()
        assert "Sở Tài chính" in found
        assert "0276.3822.111" in found
        assert f"/co-quan/{office.pk}/" not in found
    keeper = add_person(
        email="q@tinh.invalid", name="Quản Trị", role="administrator", password="mat-khau-thu-1"
    )
    assert [hit.url for hit in find(keeper, "so tai chinh")["hits"]] == [f"/quan-tri/co-quan/{office.pk}/"]
    nobody = Person.objects.create(email="z@tinh.invalid", username="z", name="Không Quyền")
    stranger = Client()
    stranger.force_login(nobody, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Sở Tài chính" not in stranger.get("/tim/", {"q": "so tai chinh"}).content.decode()


def test_a_grant_elsewhere_reaches_no_station_no_number_and_no_reason(record: Sender, desk: Client) -> None:
    here = Asset.objects.get(code="KK-1")
    series = Series.objects.filter(asset=here).first()
    assert series is not None
    elsewhere = Place.objects.create(code="09999", name="Xã Khác", level="commune", kind="xã")
    person = add_person(
        email="y@tinh.invalid", name="Người Nơi Khác", role="operator", password="mat-khau-thu-1"
    )
    urls = ["/tram/KK-1/", f"/tram/KK-1/so-lieu/?series={series.pk}&span=24h", WHY]
    urls.append(f"/vi-sao/?series={series.pk}&at=2026-11-21T12:00:00%2B07:00")
    Asset.objects.update(folded="tram tan ninh")
    for limit in ({"place": elsewhere, "domain": ""}, {"place": None, "domain": "health"}):
        person.grants.update(**limit)
        client = signed_in(person)
        assert [client.get(url).status_code for url in urls] == [404] * 4, limit
        for url in ("/tram/", "/tim/?q=tan+ninh", "/bang/environment.air/", "/"):
            assert "/tram/KK-1/" not in client.get(url).content.decode(), url
    assert [desk.get(url).status_code for url in urls] == [200] * 4
    here.place = elsewhere
    here.save()
    person.grants.update(place=elsewhere, domain="environment")
    client = signed_in(person)
    assert [client.get(url).status_code for url in urls] == [200] * 4
    assert "/tram/KK-1/" in client.get("/tram/").content.decode()


def test_bytes_that_are_gone_are_said_in_words_without_a_path(record: Sender, desk: Client) -> None:
    Delivery.objects.update(body=None)
    page = desk.get(WHY).content.decode()
    assert "nhưng tệp giữ byte gốc không còn trong kho" in page
    assert "delivery " not in text(page)


def test_the_delivered_file_is_offered_only_to_whom_it_is_given_and_taking_it_is_an_export(
    record: Sender, desk: Client
) -> None:
    owner = add_office(code="khac", name="Sở Khác", short_name="Sở Khác", phone="")
    officer = add_person(
        email="z@tinh.invalid", name="Người Sở", role="officer", office=owner, password="mat-khau-thu-1"
    )
    file = re.compile(r'href="(/lan-nhan/\d+/\d+/)"')
    offered = file.search(desk.get(WHY).content.decode())
    assert offered is not None
    assert file.search(signed_in(officer).get(WHY).content.decode()) is None
    assert signed_in(officer).get(offered[1]).status_code == 404
    assert not Act.objects.filter(verb="export").exists()
    assert desk.get(offered[1]).status_code == 200
    assert Act.objects.get(verb="export").detail["source"] == "environment.air_station_files"
