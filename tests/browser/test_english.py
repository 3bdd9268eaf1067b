"""English pages speak English: what stays Vietnamese is data, and either a name of the register or marked as such."""

import re
from collections.abc import Iterable

import pytest

from haidang.engine.assets.models import Asset
from haidang.engine.boards.models import WallScreen
from haidang.engine.incidents.conclusions import Conclusion
from haidang.engine.incidents.models import Incident, Order
from haidang.engine.incidents.orders import Extension
from haidang.engine.people.models import Office, Person, Shift
from haidang.engine.places.models import Place
from haidang.engine.reports.models import Report, Schedule
from tests.browser.conftest import Centre
from tests.browser.pages import PAGES, Page
from tests.province import UNKNOWN_FILE
from tools.test_translations import NAMES, VIETNAMESE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-english")]

# Every text and every attribute that is read aloud, outside of elements whose language is said to be Vietnamese.
TEXTS = """() => {
  const found = [{text: document.title, spoken: true}];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (element.closest("script, style, noscript") || element.closest("[lang]").getAttribute("lang") === "vi") continue;
    if (element !== node) found.push({text: node.data, spoken: element.localName === "title"});
    else for (const name of ["title", "aria-label", "aria-description", "placeholder", "alt"])
      if (element.hasAttribute(name)) found.push({text: element.getAttribute(name), spoken: true});
  }
  return found.map(({text, spoken}) => [text.replace(/\\s+/g, " ").trim(), spoken]).filter(([text]) => text);
}"""


NAMED = (
    (Asset, "name"),
    (Office, "name"),
    (Office, "short_name"),
    (Person, "name"),
    (Shift, "name"),
    (WallScreen, "name"),
    (WallScreen, "where"),
)
# What people wrote, where it is part of a line that cannot say its language: an attribute, a page's title.
WRITTEN = (
    (Incident, "title"),
    (Order, "text"),
    (Conclusion, "title"),
    (Extension, "reason"),
    (Schedule, "title"),
    (Report, "title"),
)
# What the office wrote into its file: where a sentence of ours says it again, it stands in quotation marks.
OF_THE_FILE = "\n".join(str(cell) for row in UNKNOWN_FILE for cell in row if cell is not None)
QUOTED = re.compile(r"“([^”]*)”")


def _without_quotations(text: str) -> str:
    return QUOTED.sub(lambda quoted: "" if quoted[1] in OF_THE_FILE else quoted[0], text)


@pytest.fixture(scope="module")
def names(centre: Centre) -> re.Pattern[str]:
    """Proper names keep their form in every language; the longest first, so that none is cut in two."""
    found = {value for model, field in NAMED for value in model.objects.values_list(field, flat=True)}
    found |= {person.get_short_name() for person in Person.objects.all()}
    found |= {words for place in Place.objects.all() for words in (str(place), place.name)}
    return _any_of(found)


@pytest.fixture(scope="module")
def written(centre: Centre) -> re.Pattern[str]:
    return _any_of(
        {value for model, field in WRITTEN for value in model.objects.values_list(field, flat=True)}
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word))


@pytest.mark.parametrize("looked_at", [p for p in PAGES if p.language == "vi"], ids=lambda page: page.id)
def test_an_english_page_has_no_vietnamese_of_ours(
    centre: Centre, names: re.Pattern[str], written: re.Pattern[str], looked_at: Page
) -> None:
    with centre.look(looked_at.role, language="en") as page:
        page.goto(looked_at.address(centre.province))
        assert page.locator("html").get_attribute("lang") == "en"
        texts = page.evaluate(TEXTS)
    texts = [(_without_quotations(text), spoken) for text, spoken in texts]
    ours = [written.sub("", text) if spoken else text for text, spoken in texts]
    # Few texts have a mark of Vietnamese at all: only those are asked for every name of the register.
    marked = [text for text in ours if VIETNAMESE.search(text)]
    assert [text for text in marked if VIETNAMESE.search(NAMES.sub("", names.sub("", text)))] == []
