/**
 * An act that did not reach the record says so: nobody may believe that a key was heard when it was not. What was
 * asked for from a drawer or a form and failed is told the same way.
 */
import { word } from "./words";

interface Detail {
  xhr: XMLHttpRequest;
  elt: Element;
  requestConfig?: { verb: string };
}

const KNOWN: Record<number, string> = { 401: "signedOut", 403: "forbidden", 404: "gone", 413: "tooLarge", 429: "tooFast" };

function tell(text: string): void {
  const place = document.getElementById("messages");
  if (!place) return;
  const line = document.createElement("li");
  line.className = "error";
  line.textContent = text;
  const list = document.createElement("ul");
  list.className = "msgs notice";
  list.append(line);
  place.replaceChildren(list);
  list.addEventListener("click", () => list.remove());
}

function said(event: Event): string {
  const { xhr, requestConfig } = (event as CustomEvent<Detail>).detail;
  const isAct = requestConfig?.verb !== "get";
  const why = word(KNOWN[xhr.status] ?? (xhr.status ? "failed" : "unsent"));
  return `${word(isAct ? "notDone" : "notShown")} ${why}`;
}

export function startNotices(): void {
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => tell(said(event)));
  }
  // The next act that works takes the complaint away; this event comes after failures too.
  document.addEventListener("htmx:afterOnLoad", (event) => {
    const { xhr, requestConfig } = (event as CustomEvent<Detail>).detail;
    if (xhr.status < 400 && requestConfig?.verb !== "get") document.querySelector(".msgs.notice")?.remove();
  });
  // A slow answer into a pane moves the same thin rule as the live layer does.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const target = (event as CustomEvent<{ target: Element; xhr: XMLHttpRequest }>).detail;
    const timer = window.setTimeout(() => target.target.setAttribute("aria-busy", "true"), 400);
    target.xhr.addEventListener("loadend", () => {
      window.clearTimeout(timer);
      target.target.removeAttribute("aria-busy");
    });
  });
}
