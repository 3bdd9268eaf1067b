"""What is asked of a page that stands in the browser: can it be read, is anything cut, is anything untold."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# A box that hides what overflows must not cut its own text: tone marks go first. Boxes that scroll, and texts for
# screen readers only, are no boxes in this sense.
CUT = """() => {
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    if (!["hidden", "clip"].includes(style.overflowY) || style.visibility === "hidden") continue;
    if (element.closest(".vh, svg, .maplibregl-map")) continue;
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || !element.textContent.trim()) continue;
    if (element.scrollHeight > element.clientHeight + 1)
      found.push(`${element.tagName}.${element.className} ${element.scrollHeight} > ${element.clientHeight}: ` +
                 element.textContent.trim().replace(/\\s+/g, " ").slice(0, 60));
  }
  return found;
}"""

WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

# Only what was broken comes back over the wire, and what is loaded already is not loaded once more: a page is asked
# at several widths. No rule asked here reads style sheets of other origins, so none are fetched again.
BROKEN = """options => axe.run({resultTypes: ["violations"], preload: false, ...options}).then(({violations}) => violations)"""

_axe = Axe()


def hurdles(page: Page, *rules: str) -> list[str]:
    """What axe finds, one line for each broken rule with the places; of these rules only, where some are named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe.axe_script)
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: "
        + "; ".join(f"{node['target'][0]} {node['html'][:120]}" for node in rule["nodes"][:4])
        for rule in page.evaluate(BROKEN, only)
    ]


def cuts(page: Page) -> list[str]:
    return list(page.evaluate(CUT))


def width_beyond_the_window(page: Page) -> int:
    return int(page.evaluate(WIDER))
