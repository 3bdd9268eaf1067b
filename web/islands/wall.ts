/**
 * The wall: each part is fetched by itself and watched. One that fails or is slow goes hatched with the reason while
 * the others go on; a page whose scene has changed draws itself anew; once a night the whole page loads again.
 */
import { serverNow, setServerTime, tick } from "../live/ages";
import type { Change } from "../live/connection";
import { listen } from "../live/stream";
import { clockTime, stopwatch, word } from "../live/words";

const SLOW = 30_000;
/** Every part is asked for again this often, also when nobody said that it has changed. */
const EVERY = 55_000;
const AGAIN = 15_000;
const HOUR = 3_600_000;
/** Việt Nam has had no summer time since 1975. */
const VIETNAM = 7 * HOUR;

const wall = document.getElementById("wall") as HTMLElement;
const running = new Map<string, AbortController>();
const askedAt = new Map<string, number>();
const waiting = new Set<string>();
let cutAt = 0;
let leaving = false;
const loadedAt = Date.now();
// Not all walls of a province in one second.
const quietMinute = Math.random() * 59;
let quietAfter = 0;

function cells(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-cell]")];
}

function drawAnew(): void {
  if (leaving) return;
  leaving = true;
  location.reload();
}

// --- one part ---------------------------------------------------------------------------------------------
async function ask(id: string): Promise<void> {
  const cell = document.getElementById(id);
  if (!cell || running.has(id)) {
    waiting.add(id);
    return;
  }
  const cancel = new AbortController();
  running.set(id, cancel);
  askedAt.set(id, Date.now());
  let slow = false;
  const timer = window.setTimeout(() => {
    slow = true;
    cancel.abort();
  }, SLOW);
  try {
    const answer = await fetch(cell.dataset.src ?? "", { headers: { "HX-Request": "true" }, signal: cancel.signal });
    if (answer.status === 401 || answer.redirected) return drawAnew();
    const scene = answer.headers.get("X-Wall-Scene");
    if (scene && scene !== wall.dataset.scene) return drawAnew();
    if (!answer.ok) return die(id, word("answered", { status: answer.status }));
    put(id, await answer.text());
  } catch {
    die(id, word(slow ? "slow" : "unreached"));
  } finally {
    window.clearTimeout(timer);
    running.delete(id);
    if (waiting.delete(id)) void ask(id);
  }
}

function put(id: string, html: string): void {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(id);
  if (!fresh) return die(id, word("answered", { status: "?" }));
  document.getElementById(id)?.replaceWith(fresh);
  pixels();
  tick();
}

/** The last numbers stay, hatched, with the reason: better old and said so than nothing. */
function die(id: string, reason: string): void {
  const cell = document.getElementById(id);
  if (!cell) return;
  cell.classList.add("dead", "hatch");
  let line = cell.querySelector<HTMLElement>(".why-dead");
  if (!line) {
    line = document.createElement("p");
    line.className = "why-dead";
    const name = document.createElement("b"), why = document.createElement("span");
    name.textContent = word("dead");
    line.append(name, " ", why);
    cell.append(line);
  }
  const why = line.querySelector("span");
  if (why) why.textContent = reason;
  // Its next turn comes sooner than that of the living.
  askedAt.set(id, Date.now() - EVERY + AGAIN);
}

// --- all of them ------------------------------------------------------------------------------------------
function changed(changes: Change[]): void {
  const mine = changes.some(([topic, id]) => topic === "walls" && (!id || id === wall.dataset.screen));
  const topics = new Set(changes.map(([topic]) => topic));
  for (const cell of cells()) {
    const wanted = (cell.dataset.topics ?? "").split(" ");
    if (!changes.length || mine || wanted.some((topic) => topics.has(topic))) void ask(cell.id);
  }
}

function heard(now?: number): void {
  const wasCut = cutAt > 0;
  cutAt = 0;
  if (now) setServerTime(now);
  if (wasCut) changed([]);
  showLink();
}

function cut(): void {
  // A screen that was revoked is told by its parts, so they are asked at once.
  if (!cutAt) cells().slice(0, 1).forEach((cell) => void ask(cell.id));
  cutAt ||= Date.now();
  showLink();
}

function showLink(): void {
  const line = document.getElementById("link-state");
  const band = document.getElementById("cut");
  if (!line || !band) return;
  line.dataset.link = cutAt ? "cut" : "on";
  wall.classList.toggle("is-cut", cutAt > 0);
  band.hidden = !cutAt;
  if (!cutAt) return;
  const away = document.createElement("b");
  away.textContent = `${word("cut")} ${stopwatch((Date.now() - cutAt) / 1000)}`;
  band.replaceChildren(away, ` · ${word("stands", { at: clockTime(cutAt + serverNow() - Date.now()) })}`);
}

/** The dot follows the script and the line: a page that hangs, or hears nothing, has a dot that stands still. */
function beat(): void {
  const line = document.getElementById("link-state");
  if (line && !cutAt) line.dataset.beat = line.dataset.beat === "1" ? "0" : "1";
}

/** Before it is calibrated a wall says how many pixels it has, for whoever calibrates it. */
function pixels(): void {
  const wide = Math.round(innerWidth * devicePixelRatio), high = Math.round(innerHeight * devicePixelRatio);
  document.querySelectorAll("[data-pixels]").forEach((place) => (place.textContent = `· ${wide} × ${high} px`));
}

async function quietReload(): Promise<void> {
  const here = new Date(serverNow() + VIETNAM);
  const isQuiet = here.getUTCHours() === 3 && here.getUTCMinutes() >= quietMinute;
  if (!isQuiet || Date.now() - loadedAt < HOUR || Date.now() < quietAfter) return;
  quietAfter = Date.now() + 5 * 60_000;
  // A page that stands is worth more than one that cannot load.
  const ready = await fetch("/readyz", { cache: "no-store" }).then((answer) => answer.ok, () => false);
  if (ready) drawAnew();
}

function everySecond(): void {
  tick();
  beat();
  if (cutAt) showLink();
  const due = Date.parse(wall.dataset.until ?? "");
  if (Number.isFinite(due) && serverNow() > due + 1000) drawAnew();
  for (const cell of cells()) {
    if (Date.now() - (askedAt.get(cell.id) ?? loadedAt) > EVERY * (0.9 + 0.1 * Math.random())) void ask(cell.id);
  }
  void quietReload();
}

pixels();
tick();
window.setInterval(everySecond, 1000);
const topics = [...new Set(cells().flatMap((cell) => (cell.dataset.topics ?? "").split(" ")).filter(Boolean))];
listen(wall.dataset.liveUrl ?? "/live", wall.dataset.screen ? [...topics, "walls"] : topics, { heard, changed, cut });
