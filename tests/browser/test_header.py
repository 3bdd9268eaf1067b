"""The header holds what it must when it is full, and speaks of the instant its page speaks of."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from haidang.engine.people.models import Person, Shift
from tests.browser.conftest import Centre
from tests.browser.looking import width_beyond_the_window
from tests.browser.pages import earlier

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-header")]

NUMBER = "0276.3822.999"


def _beyond(page: Page) -> list[str]:
    """Parts of the header that stand outside of it."""
    script = """() => [...document.querySelectorAll(".head-1 > *, .head-1 .duty a")]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5).map((one) => one.className)"""
    return list(page.evaluate(script))


@pytest.fixture
def long_shift(centre: Centre) -> Iterator[None]:
    """Names as long as they come, until the test ends: others read the same header."""
    shift = Shift.objects.get()
    chief = Person.objects.get(pk=centre.province.people["duty_chief"].pk)
    Shift.objects.update(name="Ca trực tăng cường phòng cháy rừng mùa khô, ngày và đêm")
    Person.objects.filter(pk=chief.pk).update(name="Công Tằng Tôn Nữ Nguyễn Thị Minh Khuê")
    yield
    Shift.objects.update(name=shift.name)
    Person.objects.filter(pk=chief.pk).update(name=chief.name)


@pytest.mark.usefixtures("long_shift")
@pytest.mark.parametrize("width", [1280, 1366, 1920])
def test_a_long_shift_gives_way_and_the_number_to_call_stays(centre: Centre, width: int) -> None:
    with centre.page(size=(width, 768)) as (page, _):
        page.goto("/")
        # Two of each state: as wide as a busy night makes it.
        page.evaluate(
            """() => { const hot = document.querySelector("#counts li b");
              hot.innerHTML = ["p1 new", "p2", "p3"].map((p, i) =>
                `<span class="p ${p}"><svg><use href="#s${i + 1}"/></svg>${12 + i}</span>`).join(""); }"""
        )
        assert width_beyond_the_window(page) == 0
        assert _beyond(page) == []
        expect(page.locator("#duty a")).to_have_text(f"máy {NUMBER}")


def test_what_failed_is_told_at_the_foot_of_the_window(centre: Centre) -> None:
    with centre.page() as (page, _):
        page.goto("/")
        page.evaluate(
            """() => document.body.dispatchEvent(new CustomEvent("htmx:timeout", {bubbles: true,
              detail: {xhr: {status: 0}, elt: document.body, requestConfig: {verb: "post"}}}))"""
        )
        notice = page.locator(".msgs.notice")
        expect(notice).to_be_visible()
        box = notice.bounding_box()
        assert box is not None
        assert box["y"] > 768 / 2, "it hides the navigation"
        assert box["y"] + box["height"] <= 768


def test_looking_back_the_header_counts_what_stood_then(centre: Centre) -> None:
    with centre.page() as (page, _):
        page.goto("/")
        numbers = page.locator("#counts b")
        now = numbers.all_inner_texts()
        page.goto("/" + earlier(centre.province))
        then = numbers.all_inner_texts()
        assert page.locator("#counts").get_attribute("data-live") is None
    assert now != then
    assert set(then) == {"0"}


@pytest.mark.parametrize(
    ("role", "language"),
    [
        ("administrator", "vi"), ("administrator", "en"), ("leader", "vi"), ("duty_chief", "vi"), ("duty_chief", "en"),
        ("operator", "vi"), ("officer", "vi"), ("analyst", "vi"),
    ],
)  # fmt: skip
def test_the_whole_menu_fits_a_laptop(centre: Centre, role: str, language: str) -> None:
    with centre.page(role, size=(1366, 768), language=language) as (page, _):
        page.goto("/tai-khoan/")
        page.evaluate("() => document.fonts.ready.then(() => true)")
        # The mark of simulated data stands under the name.
        page.evaluate(
            """() => document.querySelector(".brand .who").insertAdjacentHTML(
              "beforeend", '<span class="sim">DỮ LIỆU MÔ PHỎNG</span>')"""
        )
        cut = page.evaluate(
            """() => [...document.querySelectorAll(".counts .l, .brand .sim")]
              .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"""
        )
        assert cut == []
        assert _beyond(page) == []
        hidden = page.evaluate(
            "() => { const n = document.querySelector('.nav'); return n.scrollWidth - n.clientWidth }"
        )
        assert hidden <= 0, "a name of the menu is cut"
        assert page.evaluate("() => document.querySelector('#find').clientWidth") >= 80


def test_a_menu_that_has_to_be_turned_shows_where_one_is(centre: Centre) -> None:
    with centre.page("administrator", size=(1200, 768), language="en") as (page, _):
        page.goto("/quan-tri/")
        page.wait_for_function(
            """() => { const row = document.querySelector(".nav").getBoundingClientRect();
              const here = document.querySelector(".nav [aria-current]").getBoundingClientRect();
              return here.left >= row.left - 0.5 && here.right <= row.right + 0.5; }"""
        )


def test_on_a_phone_the_header_leaves_room_and_a_thumb_hits_what_it_means(centre: Centre) -> None:
    with centre.page(size=(390, 844)) as (page, _):
        page.goto("/")
        assert page.evaluate("() => document.querySelector('.head').offsetHeight") <= 844 / 5
        # What stands there can be hit with a thumb; a state of alarms without any gives way.
        small = page.evaluate(
            """() => [...document.querySelectorAll(":is(.head, .main, .list, .side, .log) :is(a, button, summary)")]
              .filter((one) => !one.closest("svg, .vh, details:not([open]) > :not(summary)"))
              // A link that is as large as its row.
              .filter((one) => getComputedStyle(one, "::after").position !== "absolute")
              .map((one) => [one.textContent, one.getBoundingClientRect()])
              .filter(([_, {width, height}]) => width && Math.min(width, height) < 24).map(([words]) => words)"""
        )
        assert small == []
