/**
 * New rows of a list wait behind "3 mới – bấm N" so that nothing jumps under the cursor. Rows carry `data-row` with
 * their priority and a stable id; rows of priority 1 and 2 wait only while the pointer or the focus is in the list.
 */
import { serverNow } from "./ages";
import { word } from "./words";


function rows(list: ParentNode): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[data-row][id]")];
}

function isBusy(list: HTMLElement): boolean {
  return list.matches(":hover") || list.contains(document.activeElement) || list.scrollTop > 8;
}

/** Takes rows that are not on the page yet out of `fresh`, and says how many wait. */
export function holdBack(list: HTMLElement, fresh: Element): void {
  const here = new Set(rows(list).map((row) => row.id));
  const news = rows(fresh).filter((row) => !here.has(row.id));
  // An empty list has nothing that could jump.
  const waiting = here.size ? news.filter((row) => Number(row.dataset.row) > 2 || row.dataset.row === "0" || isBusy(list)) : [];
  waiting.forEach((row) => row.remove());
  const bar = document.querySelector<HTMLElement>(`[data-news-of="${list.id}"]`) ?? makeBar(list);
  bar.hidden = !waiting.length;
  const count = bar.querySelector<HTMLElement>("[data-count]");
  if (count) count.textContent = word("news", { n: waiting.length });
}

const openedAt = performance.now();
const dismissed = new Set<string>();

/** The banner shows what was raised since this page was opened and has not been put away by hand. */
export function onlyNew(fresh: Element): void {
  const opened = serverNow() - (performance.now() - openedAt);
  for (const item of rows(fresh)) {
    if (Number(item.dataset.raised) < opened || dismissed.has(item.id)) item.remove();
  }
}

document.addEventListener("click", (event) => {
  const item = (event.target as Element | null)?.closest("[data-dismiss]")?.closest("[data-row]");
  if (!item) return;
  dismissed.add(item.id);
  item.remove();
});

function makeBar(list: HTMLElement): HTMLElement {
  const bar = document.createElement("button");
  bar.type = "button";
  bar.className = "news";
  bar.dataset.newsOf = list.id;
  bar.dataset.hotkey = "KeyN";
  const count = document.createElement("span");
  count.dataset.count = "";
  const key = document.createElement("kbd");
  key.textContent = "N";
  bar.append(count, key);
  bar.addEventListener("click", () => release(list.id, bar));
  list.before(bar);
  return bar;
}

/** Show what waited: the list is asked for once more, this time without holding anything back. */
function release(id: string, bar: HTMLElement): void {
  bar.hidden = true;
  const list = document.getElementById(id);
  if (!list) return;
  delete list.dataset.hold;
  list.scrollTop = 0;
  document.dispatchEvent(new CustomEvent("live:again", { detail: id }));
}
