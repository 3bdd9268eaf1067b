/**
 * Fetches again what has changed and morphs it in place, so that focus, selection, open menus and scroll survive.
 *
 * `<section id="alarm-list" data-live="alarms" data-src="/bao-dong/ds/">`. Topics are separated by spaces; `topic:id`
 * narrows to one object. Without `data-src` the page itself is asked and the element with the same id taken from it;
 * elements with one `data-src` share one request, and a fragment that does not bring the element itself fills it. `data-hold` on a list keeps new rows back (see `news.ts`).
 */
import type { Change } from "./connection";
import { busy, clear, fail } from "./panes";
import { holdBack, onlyNew } from "./news";

declare const Idiomorph: { morph(old: Element, fresh: Element | string, options: object): unknown };
declare const htmx: { process(element: Element): void };

/** An answer that has not come by then will not: a page thread that hangs must not hang this pane for ever. */
const PATIENCE = 15_000;
/** After each failure the next try waits longer; the last stands for all that follow. */
const PAUSES = [1_000, 2_000, 5_000, 10_000, 20_000];

const dirty = new Map<string, Set<string>>();
const running = new Set<string>();
const failures = new Map<string, { times: number; since: number; notBefore: number }>();
let version = 0;
export let lastAnswerAt = Date.now();

export function liveElements(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-live][id]")];
}

export function topicsOf(element: HTMLElement): string[] {
  return (element.dataset.live ?? "").split(/[\s,]+/).filter(Boolean);
}

function concerns(element: HTMLElement, [topic, objectId]: Change): boolean {
  return topicsOf(element).some((wanted) => {
    const [name, narrowed] = wanted.split(":");
    // People of limited scope hear that a topic moved, not what: an empty id may be ours.
    return name === topic && (!narrowed || !objectId || narrowed === objectId);
  });
}

/** Ask again for everything these changes touch. A hidden tab keeps up with alarms only, and the rest when seen. */
export function refreshFor(changes: Change[]): void {
  version = Math.max(version, ...changes.map(([, , number]) => number));
  liveElements().filter((element) => changes.some((change) => concerns(element, change))).forEach(mark);
  flush();
}

export function refreshAll(): void {
  liveElements().forEach(mark);
  flush();
}

/** Ask again for what could not be read, without waiting for its turn. */
export function retryNow(): void {
  // The pauses begin anew too: a question still under way to a server that was away fails once more.
  failures.forEach((failure) => Object.assign(failure, { notBefore: 0, times: 0 }));
  flush();
}

function addressOf(element: HTMLElement): string {
  // A page that answers a refused form stands at the form's address, which cannot be fetched: it says where it lives.
  return element.dataset.src ?? document.body.dataset.page ?? location.pathname + location.search;
}

function mark(element: HTMLElement): void {
  const address = addressOf(element);
  dirty.set(address, (dirty.get(address) ?? new Set()).add(element.id));
}

function flush(): void {
  // The banner goes first and alone: what is urgent does not share the server with lists and counts.
  const banner = [...dirty].find(([address, ids]) => ids.has("banner") && isDue(address));
  for (const [address, ids] of banner ? [banner] : dirty) {
    const urgent = [...ids].some((id) => topicsOf(document.getElementById(id) ?? document.body).includes("alarms"));
    if (running.has(address) || (document.hidden && !urgent)) continue;
    if (!isDue(address)) continue;
    dirty.delete(address);
    running.add(address);
    const done = busy(ids);
    void fetchInto(address, ids).then((answered) => (answered ? succeeded(address, ids) : failed(address, ids))).finally(() => {
      running.delete(address);
      done();
      if (dirty.size) flush();
    });
  }
}

function isDue(address: string): boolean {
  return (failures.get(address)?.notBefore ?? 0) <= Date.now();
}

/** What changed is still to be shown: it stays marked, is asked for again by itself, and the pane says so. */
function failed(address: string, ids: Set<string>): void {
  const { times = 0, since = Date.now() } = failures.get(address) ?? {};
  const pause = (PAUSES[Math.min(times, PAUSES.length - 1)] ?? 0) * (0.8 + 0.4 * Math.random());
  failures.set(address, { times: times + 1, since, notBefore: Date.now() + pause });
  dirty.set(address, new Set([...ids, ...(dirty.get(address) ?? [])]));
  fail(ids, since, retryNow);
  window.setTimeout(flush, pause + 20);
}

function succeeded(address: string, ids: Set<string>): void {
  failures.delete(address);
  clear(ids);
}

/** Whether the question was answered; no rights and no session are answers too. */
async function fetchInto(address: string, ids: Set<string>): Promise<boolean> {
  const isPage = address === location.pathname + location.search;
  const headers: Record<string, string> = { "X-Live-Version": String(version) };
  if (!isPage) headers["HX-Request"] = "true";
  let answer: Response, text: string;
  try {
    answer = await fetch(address, { headers, credentials: "same-origin", redirect: "follow", signal: AbortSignal.timeout(PATIENCE) });
    text = await answer.text();
  } catch {
    return false;
  }
  const signIn = answer.headers.get("HX-Redirect");
  if (answer.status === 401 || signIn || (isPage && answer.redirected)) {
    document.dispatchEvent(new CustomEvent("live:signed-out", { detail: signIn ?? answer.url }));
    return true;
  }
  if (!answer.ok) return false;
  lastAnswerAt = Date.now();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const id of ids) {
    const old = document.getElementById(id);
    const replacement = fresh.getElementById(id);
    if (old && replacement) put(old, replacement, "outerHTML");
    // A fragment without its own frame is what stands inside the element.
    else if (old && !isPage && ids.size === 1) put(old, fresh.body, "innerHTML");
  }
  document.dispatchEvent(new CustomEvent("live:painted", { detail: { address, version } }));
  return true;
}

function put(old: HTMLElement, fresh: Element, morphStyle: "outerHTML" | "innerHTML"): void {
  if (old.dataset.hold !== undefined) holdBack(old, fresh);
  if (old.id === "banner") onlyNew(fresh);
  const content = morphStyle === "outerHTML" ? fresh : fresh.innerHTML;
  Idiomorph.morph(old, content, { morphStyle, ignoreActiveValue: true, callbacks: { beforeNodeMorphed, beforeAttributeUpdated } });
  const now = document.getElementById(old.id);
  if (now) htmx.process(now);
}

/** What somebody has touched stays his: half-written fields, ticks, and islands that draw themselves. */
function beforeNodeMorphed(node: Node): boolean {
  if (!(node instanceof HTMLElement)) return true;
  if (node.dataset.keep !== undefined) return false;
  if (node instanceof HTMLInputElement) return node.checked === node.defaultChecked && node.value === node.defaultValue;
  if (node instanceof HTMLTextAreaElement) return node.value === node.defaultValue;
  if (node instanceof HTMLSelectElement) return node.selectedIndex === Math.max(0, [...node.options].findIndex((one) => one.defaultSelected));
  return true;
}

function beforeAttributeUpdated(name: string, node: Element): boolean {
  return !(name === "open" && (node instanceof HTMLDetailsElement || node instanceof HTMLDialogElement));
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) flush();
});
