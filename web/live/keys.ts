/**
 * Keyboard of the desk. An element says its own key: `data-hotkey="KeyN"` (event.code, so the letters are where they
 * are on every layout), optionally with `Shift+`; `data-row-hotkey` acts on the row with the focus. "?" lists them.
 */
import { word } from "./words";

const NAMES: Record<string, string> = { Slash: "/", Enter: "↵", Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑", Space: "␣" };

function nameOf(code: string): string {
  return code.split("+").map((part) => NAMES[part] ?? part.replace(/^(Key|Digit)/, "")).join(" ");
}

function isWriting(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.("input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]");
}

function isSeen(element: HTMLElement): boolean {
  return !element.hidden && element.getClientRects().length > 0 && !(element as HTMLButtonElement).disabled;
}

function labelOf(element: HTMLElement): string {
  const clone = element.cloneNode(true) as HTMLElement;
  clone.querySelectorAll("kbd, .vh").forEach((inner) => inner.remove());
  return element.dataset.hotkeyLabel || element.getAttribute("aria-label") || clone.textContent?.trim() || "";
}

function use(element: HTMLElement): void {
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

/**
 * "V" asks about the figure one looks at: the one that has the focus, else the one under the pointer. Otherwise the key
 * belongs to the first of the page, as any other.
 */
function asked(): HTMLElement | undefined {
  const under = [...document.querySelectorAll(":hover")].pop();
  for (const element of [document.activeElement, under]) {
    const own = element?.closest<HTMLElement>(".why-a") ?? element?.closest("td, article, li, .al, tr")?.querySelector<HTMLElement>(".why-a");
    if (own && isSeen(own)) return own;
  }
  return undefined;
}

/** J and K walk the rows of the list that has `data-rows`, Enter follows the row's first link. */
function step(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row][id]")].filter(isSeen);
  const links = rows.map((row) => (row.matches("a[href]") ? row : row.querySelector<HTMLElement>("a[href], button"))).filter((link) => link !== null);
  const here = links.findIndex((link) => rows.some((row) => row.contains(link) && row.contains(document.activeElement)));
  links[Math.min(links.length - 1, Math.max(0, here < 0 ? 0 : here + by))]?.focus();
}

function list(): void {
  const open = document.getElementById("keys") as HTMLDialogElement | null;
  if (open) {
    open.close();
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.id = "keys";
  dialog.className = "keys";
  const heading = document.createElement("h2");
  heading.textContent = word("keys");
  heading.id = "keys-h";
  dialog.setAttribute("aria-labelledby", "keys-h");
  const table = document.createElement("dl");
  const seen = [...document.querySelectorAll<HTMLElement>("[data-hotkey]")].filter(isSeen).map((element) => [nameOf(element.dataset.hotkey ?? ""), labelOf(element)]);
  const inRows = [...document.querySelectorAll<HTMLElement>("[data-row-hotkey]")].slice(0, 1).map((element) => [nameOf(element.dataset.rowHotkey ?? ""), element.dataset.hotkeyLabel ?? word("rowAct")]);
  const rows = [...new Map([...seen, ...inRows] as [string, string][]), ...(document.querySelector("[data-row]") ? [["J K", word("rows")]] : []), ["Esc", word("close")], ["?", word("keys")]];
  for (const [key, label] of rows) {
    const name = document.createElement("dt"), text = document.createElement("dd"), cap = document.createElement("kbd");
    cap.textContent = key ?? "";
    name.append(cap);
    text.textContent = label ?? "";
    table.append(name, text);
  }
  dialog.append(heading, table);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.code === "Escape") {
      closeDrawer(event);
      return;
    }
    if (isWriting(event.target)) return;
    if (event.key === "?") return take(event, list);
    const row = (event.target as Element | null)?.closest("[data-row]");
    const inRow = row?.querySelector<HTMLElement>(`[data-row-hotkey="${CSS.escape(event.code)}"]`);
    if (inRow) return take(event, () => use(inRow));
    const code = (event.shiftKey ? "Shift+" : "") + event.code;
    const wanted = (code === "KeyV" ? asked() : undefined) ?? [...document.querySelectorAll<HTMLElement>(`[data-hotkey="${CSS.escape(code)}"]`)].find(isSeen);
    if (wanted) take(event, () => use(wanted));
    else if (event.code === "KeyJ") take(event, () => step(1));
    else if (event.code === "KeyK") take(event, () => step(-1));
  });
}

function take(event: KeyboardEvent, act: () => void): void {
  event.preventDefault();
  act();
}

function closeDrawer(event: KeyboardEvent): void {
  const drawer = document.getElementById("drawer");
  if (!drawer?.firstElementChild || document.querySelector("dialog[open], [popover]:popover-open")) return;
  event.preventDefault();
  drawer.replaceChildren();
  document.dispatchEvent(new CustomEvent("drawer:closed"));
}
