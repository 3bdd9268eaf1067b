/**
 * `<sheet-grid>`: one cell of the grid has the focus, arrows and Tab move it, N and P walk the cells with remarks, and
 * what is said of the cell stands in `#cell-detail` beside the grid. Everything it shows stands in the page already.
 */
import { Editor } from "./_sheet_edit";

const STEPS: Record<string, [row: number, column: number]> = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
};

class SheetGrid extends HTMLElement {
  private leave: AbortController | null = null;
  private current = "";

  connectedCallback(): void {
    this.leave = new AbortController();
    const { signal } = this.leave;
    this.addEventListener("focusin", (event) => this.entered(event.target), { signal });
    this.addEventListener("click", (event) => (event.target as Element).closest<HTMLElement>("td[id]:not(:has(.ed))")?.focus(), { signal });
    this.addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.addEventListener("click", (event) => this.walk((event.target as Element).closest<HTMLElement>("[data-go]")), { signal });
    // The list beside the grid leads to its cells without loading the page again, where they are on it.
    document.addEventListener("click", (event) => this.lead(event), { signal });
    document.addEventListener("live:painted", () => this.keepOne(), { signal });
    new Editor(this, (cell) => this.go(cell), (cell, step) => this.beside(cell, step), signal);
    this.keepOne();
    if (location.hash.startsWith("#c-")) this.go(document.getElementById(location.hash.slice(1)));
  }

  disconnectedCallback(): void {
    this.leave?.abort();
  }

  private get cells(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("td[id]")];
  }

  private get remarked(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("td.is-fault, td.is-warn")];
  }

  /** Tab enters the grid at one cell: the one last visited, else the first with a remark, else the first. */
  private keepOne(): void {
    const one = (this.current && document.getElementById(this.current)) || this.remarked[0] || this.cells[0];
    this.querySelectorAll<HTMLElement>("td[tabindex='0']").forEach((cell) => (cell.tabIndex = -1));
    if (one) one.tabIndex = 0;
  }

  private entered(target: EventTarget | null): void {
    const cell = (target as Element | null)?.closest<HTMLElement>("td[id]");
    if (!cell) return;
    this.current = cell.id;
    this.keepOne();
    this.describe(cell);
  }

  private go(cell: Element | null | undefined): boolean {
    if (!(cell instanceof HTMLElement) || !this.contains(cell)) return false;
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  private pressed(event: KeyboardEvent): void {
    const cell = (event.target as Element).closest<HTMLElement>("td[id]");
    if (event.defaultPrevented || !cell || event.target !== cell || event.altKey || event.metaKey) return;
    const step = STEPS[event.key];
    const to = step
      ? event.ctrlKey ? this.farthest(cell, step) : this.beside(cell, step)
      : event.key === "Tab" && !event.ctrlKey ? this.inOrder(cell, event.shiftKey ? -1 : 1)
      : event.key === "Home" ? cell.parentElement?.querySelector("td[id]")
      : event.key === "End" ? cell.parentElement?.querySelector("td[id]:last-of-type")
      : undefined;
    if (to && this.go(to)) event.preventDefault();
  }

  private beside(cell: HTMLElement, [down, right]: [number, number]): Element | null | undefined {
    if (right) return right > 0 ? cell.nextElementSibling : cell.previousElementSibling?.closest("td[id]");
    const row = down > 0 ? cell.parentElement?.nextElementSibling : cell.parentElement?.previousElementSibling;
    return row?.children[[...(cell.parentElement?.children ?? [])].indexOf(cell)];
  }

  private farthest(cell: HTMLElement, step: [number, number]): Element {
    let here: Element = cell;
    for (let next = this.beside(cell, step); next?.id; next = this.beside(next as HTMLElement, step)) here = next;
    return here;
  }

  private inOrder(cell: HTMLElement, by: 1 | -1): HTMLElement | undefined {
    const all = this.cells;
    return all[all.indexOf(cell) + by];
  }

  private walk(button: HTMLElement | null): void {
    if (!button) return;
    const by = Number(button.dataset.go) as 1 | -1;
    const found = this.remarked, all = this.cells;
    const here = all.findIndex((cell) => cell.id === this.current);
    const next = by > 0 ? found.find((cell) => all.indexOf(cell) > here) : found.filter((cell) => all.indexOf(cell) < here).pop();
    if (!this.go(next) && by > 0) {
      const more = this.querySelector<HTMLAnchorElement>("a[data-next-rows]");
      if (more) more.click();
      else this.go(found[0]);
    }
  }

  private lead(event: MouseEvent): void {
    const link = (event.target as Element | null)?.closest<HTMLAnchorElement>("a[data-cell]");
    if (link && !event.ctrlKey && !event.metaKey && this.go(document.getElementById(link.dataset.cell ?? ""))) event.preventDefault();
  }

  private describe(cell: HTMLElement): void {
    const pane = document.getElementById("cell-detail");
    if (!pane || cell.querySelector(".ed")) return;
    const heading = document.createElement("h2"), title = document.createElement("span");
    heading.textContent = cell.id.slice(2);
    title.textContent = cell.dataset.title ?? "";
    heading.append(" ", title);
    const facts = document.createElement("dl");
    this.fact(facts, this.dataset.wordRaw ?? "", cell.querySelector(".v")?.textContent ?? "");
    this.fact(facts, this.dataset.wordUnderstood ?? "", cell.dataset.understood ?? "");
    pane.replaceChildren(heading, facts);
    if (cell.dataset.said) {
      const said = document.createElement("p");
      said.className = `said ${["is-fault", "is-warn"].find((mark) => cell.classList.contains(mark)) ?? ""}`;
      said.textContent = cell.dataset.said;
      pane.append(said);
    }
  }

  private fact(list: HTMLElement, name: string, value: string): void {
    if (!value) return;
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = name;
    dd.textContent = value;
    list.append(dt, dd);
  }
}

customElements.define("sheet-grid", SheetGrid);
