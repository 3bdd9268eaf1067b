/** Clocks and ages go on counting, also while the page is cut off, so that old data turn stale by themselves. */
import { clockTime, span, spanLong, word } from "./words";

let offset = 0;

/** The server's clock, as far as we know it. */
export function serverNow(): number {
  return Date.now() + offset;
}

export function setServerTime(now: number): void {
  offset = now - Date.now();
}

export function tick(): void {
  const now = serverNow();
  setText("time[data-clock]", () => clockTime(now));
  document.querySelectorAll<HTMLTimeElement>("time[data-age]").forEach((time) => {
    const at = Date.parse(time.dateTime);
    if (Number.isFinite(at)) write(time, (time.dataset.age ?? "") + span((now - at) / 1000));
  });
  document.querySelectorAll<SVGElement>("svg.ring[data-as-of]").forEach((ring) => turn(ring, now));
}

function setText(selector: string, text: () => string): void {
  document.querySelectorAll<HTMLElement>(selector).forEach((element) => write(element, text()));
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function turn(ring: SVGElement, now: number): void {
  const age = (now - Date.parse(ring.dataset.asOf ?? "")) / 1000;
  const allowed = Number(ring.dataset.allowed);
  if (!Number.isFinite(age) || !(allowed > 0)) return;
  const share = Math.min(100, Math.max(0, Math.round((100 * age) / allowed)));
  const filled = ring.querySelector(".v");
  const dash = `${share} 100`;
  if (filled && filled.getAttribute("stroke-dasharray") !== dash) filled.setAttribute("stroke-dasharray", dash);
  if (age > allowed) growOld(ring, age);
}

/** From here on the tile says itself that it is old: hatched, dated, never hidden. */
function growOld(ring: SVGElement, age: number): void {
  ring.classList.add("old");
  const tile = ring.closest<HTMLElement>(".fig, .cell");
  if (!tile) return;
  tile.classList.add("old", "hatch");
  const text = word("old", { age: spanLong(age) });
  let badge = tile.querySelector<HTMLElement>(".badge.old, .oldw");
  if (!badge) {
    badge = document.createElement("span");
    badge.className = tile.matches(".cell") ? "oldw" : "badge old";
    tile.querySelector("header")?.append(badge);
  }
  write(badge, text);
}
