/**
 * The live layer of every page: one stream per browser, fragments fetched again when something changed, a link state
 * that cannot lie, ages that go on counting, sound, title and icon for alarms, and the keyboard.
 * The pages work without it; how an element takes part stands in `live/refresh.ts`, `live/news.ts` and `live/keys.ts`.
 */
import { serverNow, setServerTime, tick } from "../live/ages";
import { showCount } from "../live/badge";
import { Connection, type News } from "../live/connection";
import { startKeys } from "../live/keys";
import { startNotices } from "../live/notices";
import { lastAnswerAt, liveElements, refreshAll, refreshFor, retryNow, topicsOf } from "../live/refresh";
import { follow, startSound } from "../live/sound";
import { clockTime, stopwatch, word } from "../live/words";

/** While the stream is down, pages ask by themselves. */
const POLL = 15_000;

let cutSince = 0;
let lastPoll = 0;
let signIn = "";

function wanted(): string[] {
  return liveElements().flatMap(topicsOf).map((topic) => topic.split(":")[0] ?? "");
}

function hear(news: News): void {
  if (news.kind === "cut" || news.kind === "away") {
    cutSince ||= news.since;
  } else {
    // Whatever could not be read while we were cut off is asked for at once, not at its next turn.
    if (cutSince) retryNow();
    cutSince = 0;
    if (news.kind === "hello" || news.kind === "beat") setServerTime(news.now);
    if (news.kind === "change") refreshFor(news.changes);
    if (news.kind === "reload") refreshAll();
    document.querySelectorAll<HTMLTimeElement>("[data-beat]").forEach((time) => (time.textContent = clockTime(serverNow())));
  }
  showLink();
}

function showLink(): void {
  const line = document.getElementById("link-state");
  const text = line?.querySelector<HTMLElement>(".link-word");
  if (!line || !text) return;
  line.dataset.link = cutSince || signIn ? "cut" : "on";
  const words = word(signIn ? "signedOut" : cutSince ? "cut" : "on");
  if (text.textContent !== words) text.textContent = words;
  // The seconds stand apart: a screen reader announces the state, not its clock.
  let time = line.querySelector<HTMLElement>(".link-time");
  if (!time) {
    time = document.createElement("span");
    time.className = "link-time";
    time.ariaHidden = "true";
    text.after(time);
  }
  time.textContent = cutSince && !signIn ? ` ${stopwatch((Date.now() - cutSince) / 1000)}` : "";
}

function showAlarms(): void {
  const counts = document.getElementById("counts")?.dataset;
  if (!counts) return;
  const urgent = Number(counts.p1 ?? 0), high = Number(counts.p2 ?? 0);
  showCount(Number(counts.unacked ?? 0), urgent > 0);
  follow(urgent, high);
}

function everySecond(): void {
  tick();
  if (cutSince) {
    showLink();
    if (Date.now() - Math.max(cutSince, lastPoll, lastAnswerAt) > POLL && !signIn) {
      lastPoll = Date.now();
      refreshAll();
    }
  }
}

function csrfToken(): string | undefined {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
}

const connection = new Connection(document.querySelector(".replaying") ? ["alarms"] : wanted(), hear);

document.addEventListener("htmx:configRequest", (event) => {
  const detail = (event as CustomEvent<{ verb: string; headers: Record<string, string>; parameters: Record<string, string> }>).detail;
  const token = csrfToken();
  if (detail.verb === "get" || !token) return;
  detail.headers["X-CSRFToken"] = token;
  if ("csrfmiddlewaretoken" in detail.parameters) detail.parameters.csrfmiddlewaretoken = token;
});
document.addEventListener("submit", (event) => {
  // A fragment may have come without a token, rendered once for everybody of the same rights; the cookie is ours.
  const field = (event.target as HTMLFormElement).elements.namedItem("csrfmiddlewaretoken");
  if (field instanceof HTMLInputElement) field.value = csrfToken() ?? field.value;
}, true);
document.addEventListener("htmx:afterSettle", () => connection.want(wanted()));
document.addEventListener("live:painted", () => {
  showAlarms();
  tick();
  connection.want(wanted());
});
document.addEventListener("live:again", refreshAll);
document.addEventListener("live:signed-out", (event) => {
  signIn = (event as CustomEvent<string>).detail;
  showLink();
});

startNotices();
startSound();
startKeys();
// Whoever may see more than fits turns the row: it shows where one is, measured with the letters it ends up with.
void document.fonts.ready.then(() =>
  document.querySelector(".nav [aria-current]")?.scrollIntoView({ inline: "nearest", block: "nearest" }),
);
showAlarms();
tick();
window.setInterval(everySecond, 1000);
connection.start();
