/**
 * What a pane says about itself while its content is asked for: a thin moving rule when the answer takes longer, and
 * when none came its last values stay, hatched, under one line that says since when and lets one try again.
 */
import { clockTime, word } from "./words";

const SLOW = 400;

function elements(ids: Iterable<string>): HTMLElement[] {
  return [...ids].map((id) => document.getElementById(id)).filter((element) => element !== null);
}

/** Marks these while a question is under way; the answer calls what is returned. */
export function busy(ids: Set<string>): () => void {
  const timer = window.setTimeout(() => elements(ids).forEach((element) => element.setAttribute("aria-busy", "true")), SLOW);
  return () => {
    window.clearTimeout(timer);
    elements(ids).forEach((element) => element.removeAttribute("aria-busy"));
  };
}

/** The header and the banner have no room for a line; what they count is told by the panes and the link state. */
function hasRoom(element: HTMLElement): boolean {
  return element.id !== "banner" && !element.closest(".head, .wh");
}

export function fail(ids: Set<string>, since: number, again: () => void): void {
  const text = word("unread", { time: clockTime(since).slice(0, 5) });
  for (const element of elements(ids)) {
    element.classList.add("unread");
    if (!hasRoom(element) || lineOf(element)) continue;
    const line = document.createElement(element.matches("ul, ol") ? "li" : "p");
    line.className = "unread-line";
    line.dataset.unread = element.id;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet";
    button.textContent = word("again");
    button.addEventListener("click", again);
    line.append(text, " · ", button);
    element.prepend(line);
    // Once for all panes: a screen reader hears that something failed, not how often.
    const polite = document.getElementById("live-polite");
    if (polite && polite.textContent !== text) polite.textContent = text;
  }
}

function lineOf(element: HTMLElement): HTMLElement | null {
  return element.querySelector(`[data-unread="${CSS.escape(element.id)}"]`);
}

export function clear(ids: Set<string>): void {
  for (const element of elements(ids)) {
    if (!element.classList.contains("unread")) continue;
    element.classList.remove("unread");
    lineOf(element)?.remove();
    const polite = document.getElementById("live-polite");
    if (polite && !document.querySelector(".unread")) polite.textContent = "";
  }
}
