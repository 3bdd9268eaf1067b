/** The event stream of a wall: its own, not shared with tabs. It comes back by itself, and says when it is away. */
import type { Change } from "./connection";

export interface Ears {
  heard(now?: number): void;
  changed(changes: Change[]): void;
  cut(): void;
}

/** The server beats every 15 s: a line silent for longer is dead, whatever the browser believes. */
const SILENCE = 35_000;
const RETRY = 3_000;

export function listen(address: string, topics: string[], ears: Ears): void {
  let source: EventSource | undefined;
  let lastId = "";
  let heardAt = Date.now();
  let retry = 0;

  function heard(now?: number): void {
    heardAt = Date.now();
    ears.heard(now);
  }

  function open(): void {
    window.clearTimeout(retry);
    source?.close();
    const query = new URLSearchParams({ topics: topics.join(",") });
    if (lastId) query.set("since", lastId);
    const mine = (source = new EventSource(`${address}?${query}`));
    const on = (kind: string, act: (data: unknown, event: MessageEvent<string>) => void) =>
      mine.addEventListener(kind, (event: MessageEvent<string>) => act(JSON.parse(event.data), event));
    on("hello", (data) => {
      const { now, version } = data as { now: number; version: number };
      lastId ||= String(version);
      heard(now);
    });
    on("beat", (now) => heard(now as number));
    on("reload", () => ears.changed([]));
    on("change", (changes, event) => {
      lastId = event.lastEventId;
      heard();
      ears.changed(changes as Change[]);
    });
    mine.addEventListener("error", () => {
      mine.close();
      ears.cut();
      retry = window.setTimeout(open, RETRY * (0.7 + 0.6 * Math.random()));
    });
  }

  window.setInterval(() => {
    if (Date.now() - heardAt < SILENCE) return;
    heardAt = Date.now();
    ears.cut();
    open();
  }, 1000);
  window.addEventListener("online", open);
  open();
}
