/**
 * One event stream per browser, shared by its tabs. The tab that holds the lock has the EventSource and tells the
 * others over a BroadcastChannel; without these (plain HTTP on a LAN address) each tab has its own.
 */
export type Change = [topic: string, objectId: string, version: number];
export type News =
  | { kind: "hello" | "beat"; now: number }
  | { kind: "change"; changes: Change[]; id: string }
  | { kind: "reload" }
  // The line stands, but the server cannot read what changes: nothing would be heard of a new alarm.
  | { kind: "away"; since: number }
  | { kind: "cut"; since: number };
type Letter = { news: News } | { want: string[] } | { ask: true };

/** A line that has been silent for this long is dead, whatever the browser believes: the server beats every 15 s. */
const SILENCE = 35_000;
const RETRY = 3_000;

export class Connection {
  private source: EventSource | null = null;
  private topics: Set<string>;
  private lastId = "";
  private heardAt = performance.now();
  private cutSince = 0;
  private retry = 0;
  private leading = false;
  private readonly channel = "BroadcastChannel" in window ? new BroadcastChannel("haidang-live") : null;

  constructor(topics: Iterable<string>, private readonly tell: (news: News) => void) {
    this.topics = new Set(topics);
  }

  start(): void {
    if (!this.topics.size) return;
    this.channel?.addEventListener("message", (event: MessageEvent<Letter>) => this.read(event.data));
    window.setInterval(() => this.watch(), 1000);
    if (this.channel && "locks" in navigator) {
      this.channel.postMessage({ want: [...this.topics] } satisfies Letter);
      // The promise never settles: the lock is held until the tab goes, then the next tab gets it.
      void navigator.locks.request("haidang-live", () => {
        this.lead();
        return new Promise<void>(() => undefined);
      });
    } else {
      this.lead();
    }
    window.addEventListener("online", () => this.leading && this.open());
    window.addEventListener("pageshow", (event) => event.persisted && this.leading && this.open());
  }

  /** A page that has come to show more asks for more. */
  want(topics: Iterable<string>): void {
    const fresh = [...topics].filter((topic) => !this.topics.has(topic));
    if (!fresh.length) return;
    fresh.forEach((topic) => this.topics.add(topic));
    if (this.leading) this.open();
    else this.channel?.postMessage({ want: fresh } satisfies Letter);
  }

  private lead(): void {
    this.leading = true;
    this.channel?.postMessage({ ask: true } satisfies Letter);
    this.open();
  }

  private read(letter: Letter): void {
    if ("news" in letter) this.hear(letter.news);
    else if ("ask" in letter) this.channel?.postMessage({ want: [...this.topics] } satisfies Letter);
    else if (this.leading) this.want(letter.want);
  }

  private open(): void {
    window.clearTimeout(this.retry);
    this.source?.close();
    const query = new URLSearchParams({ topics: [...this.topics].sort().join(",") });
    if (this.lastId) query.set("since", this.lastId);
    const source = (this.source = new EventSource(`/live?${query}`));
    const on = <T>(kind: string, read: (data: T, event: MessageEvent<string>) => News) =>
      source.addEventListener(kind, (event: MessageEvent<string>) => this.spread(read(JSON.parse(event.data) as T, event)));
    on<{ now: number; version: number; away: boolean }>("hello", ({ now, version, away }) => {
      // While the server does not know the newest change, "0" would ask for everything.
      if (version) this.lastId ||= String(version);
      return away ? this.away() : { kind: "hello", now };
    });
    on<number>("away", () => this.away());
    on<number>("beat", (now) => ({ kind: "beat", now }));
    on<null>("reload", () => ({ kind: "reload" }));
    on<Change[]>("change", (changes, event) => {
      this.lastId = event.lastEventId;
      return { kind: "change", changes, id: event.lastEventId };
    });
    source.addEventListener("error", () => {
      this.cut();
      // The browser gives up by itself after an HTTP error; so the next try is ours, with what was seen last.
      source.close();
      this.retry = window.setTimeout(() => this.open(), RETRY * (0.7 + 0.6 * Math.random()));
    });
  }

  /** For this tab and the others. */
  private spread(news: News): void {
    this.channel?.postMessage({ news } satisfies Letter);
    this.hear(news);
  }

  private hear(news: News): void {
    if (news.kind !== "cut") this.heardAt = performance.now();
    if (news.kind !== "cut" && news.kind !== "away") this.cutSince = 0;
    if (news.kind === "change") this.lastId = news.id;
    this.tell(news);
  }

  private away(): News {
    this.cutSince ||= Date.now();
    return { kind: "away", since: this.cutSince };
  }

  private cut(): void {
    this.cutSince ||= Date.now();
    this.spread({ kind: "cut", since: this.cutSince });
  }

  private watch(): void {
    if (performance.now() - this.heardAt < SILENCE) return;
    this.heardAt = performance.now();
    if (this.leading) {
      this.cut();
      this.open();
    } else {
      this.tell({ kind: "cut", since: Date.now() - SILENCE });
    }
  }
}
