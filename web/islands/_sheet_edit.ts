/**
 * Mending in the grid: Enter, F2, a double click or a digit opens the cell, Enter and Tab keep it and go on, Escape leaves
 * it. A block copied in Excel falls onto the cells from the chosen one on. Each change is sent at once and shown as sent
 * only when the server has it; what it refuses stands at the cell with the reason.
 */
type Change = [row: number, column: number, text: string];
interface Kept { cells: [row: number, column: number, text: string][] }

// So many columns does the page show.
const WIDEST = 80;
const OPENS = /^[\d.,…-]$/;

export class Editor {
  constructor(
    private readonly grid: HTMLElement,
    private readonly go: (cell: Element | null | undefined) => boolean,
    private readonly beside: (cell: HTMLElement, step: [number, number]) => Element | null | undefined,
    signal: AbortSignal,
  ) {
    grid.addEventListener("keydown", (event) => this.pressed(event), { signal });
    grid.addEventListener("dblclick", (event) => this.open(cellOf(event.target)), { signal });
    grid.addEventListener("paste", (event) => this.paste(event), { signal });
    grid.addEventListener("copy", (event) => this.copy(event), { signal });
  }

  private get address(): string {
    return this.grid.dataset.edit ?? "";
  }

  private pressed(event: KeyboardEvent): void {
    const cell = cellOf(event.target);
    if (!this.address || !cell || event.target !== cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === "F2") this.open(cell);
    else if (OPENS.test(event.key)) this.open(cell, event.key);
    else if (event.key === "Delete" || event.key === "Backspace") void this.send(cell, [[...placeOf(cell), ""]]);
    else return;
    event.preventDefault();
  }

  private open(cell: HTMLElement | null, typed?: string): void {
    if (!this.address || !cell || cell.querySelector(".ed")) return;
    const field = document.createElement("input");
    field.className = "ed";
    field.value = typed ?? (cell.dataset.hidden === undefined ? (cell.querySelector(".v")?.textContent ?? "") : "");
    field.setAttribute("aria-label", cell.id.slice(2));
    // The live layer must not take the field away while somebody writes in it.
    cell.dataset.keep = "";
    cell.append(field);
    field.focus();
    if (!typed) field.select();
    const before = typed === undefined ? field.value : null;
    let open = true;
    const close = (keep: boolean, step?: [number, number]): void => {
      if (!open) return;
      open = false;
      const text = field.value.trim();
      field.remove();
      delete cell.dataset.keep;
      if (keep && text !== before) void this.send(cell, [[...placeOf(cell), text]]);
      if (step) this.go(this.beside(cell, step)) || cell.focus();
    };
    field.addEventListener("blur", () => close(true));
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") close(false, [0, 0]);
      else if (event.key === "Enter") close(true, [event.shiftKey ? -1 : 1, 0]);
      else if (event.key === "Tab") close(true, [0, event.shiftKey ? -1 : 1]);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  private paste(event: ClipboardEvent): void {
    const cell = cellOf(event.target), text = event.clipboardData?.getData("text/plain") ?? "";
    if (!this.address || !cell || event.target !== cell || !text) return;
    event.preventDefault();
    const [top, left] = placeOf(cell);
    // Rows of the grid may leave numbers out; what is pasted goes by the file's own rows.
    void this.send(cell, blockOf(text).flatMap((line, down) => line.map((one, right): Change => [top + down, left + right, one])));
  }

  private copy(event: ClipboardEvent): void {
    const cell = cellOf(event.target);
    if (!cell || event.target !== cell || getSelection()?.toString()) return;
    event.clipboardData?.setData("text/plain", cell.querySelector(".v")?.textContent ?? "");
    event.preventDefault();
  }

  private async send(cell: HTMLElement, changes: Change[]): Promise<void> {
    const body = new URLSearchParams({ sheet: this.grid.dataset.sheet ?? "", cells: JSON.stringify(changes) });
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    cell.setAttribute("aria-busy", "true");
    try {
      const headers = { "X-CSRFToken": token, Accept: "application/json" };
      const answer = await fetch(this.address, { method: "POST", body, headers, credentials: "same-origin" });
      const told = (await answer.json()) as Partial<Kept> & { error?: string };
      if (!answer.ok || !told.cells) throw new Error(told.error ?? String(answer.status));
      told.cells.forEach(([row, column, text]) => this.show(row, column, text));
      this.tell("");
    } catch (error) {
      this.tell(`${this.grid.dataset.wordUnsaved ?? ""} ${error instanceof Error ? error.message : ""}`);
    } finally {
      cell.removeAttribute("aria-busy");
    }
  }

  private show(row: number, column: number, text: string): void {
    const cell = this.grid.querySelector<HTMLElement>(`td[data-r="${row}"][data-c="${column}"]`) ?? this.grown(row, column);
    const value = cell?.querySelector<HTMLElement>(".v");
    if (!cell || !value) return;
    value.textContent = text;
    cell.classList.add("edited");
  }

  /** The cell of a row or column beyond those on the page; null where the row belongs to another stretch of rows. */
  private grown(row: number, column: number): HTMLElement | null {
    const body = this.grid.querySelector("tbody"), head = this.grid.querySelector("thead tr");
    const rows = [...(body?.rows ?? [])], numbers = rows.map((one) => Number(one.cells[0]?.textContent));
    const isBefore = row < (numbers[0] ?? 0) && this.grid.querySelector("a[data-newer-rows]");
    const isAfter = row > (numbers.at(-1) ?? 0) && this.grid.querySelector("a[data-next-rows]");
    if (!body || !head || isBefore || isAfter || column >= WIDEST) return null;
    let line = rows[numbers.indexOf(row)];
    if (!line) {
      line = body.insertRow(numbers.filter((one) => one < row).length);
      line.setAttribute("role", "row");
      const number = document.createElement("th");
      number.scope = "row";
      number.setAttribute("role", "rowheader");
      number.textContent = String(row);
      line.append(number);
    }
    while (head.children.length < column + 2) {
      const letter = document.createElement("th"), name = document.createElement("b");
      letter.scope = "col";
      letter.setAttribute("role", "columnheader");
      name.textContent = lettersOf(head.children.length - 1);
      letter.append(name);
      head.append(letter);
    }
    // All rows are as wide as the heading: the arrows count cells.
    for (const one of body.rows) {
      const at = Number(one.cells[0]?.textContent);
      while (one.cells.length < head.children.length) one.append(emptyCell(at, one.cells.length - 1));
    }
    return line.cells[column + 1] ?? null;
  }

  private tell(words: string): void {
    const line = this.grid.querySelector<HTMLElement>(".sg-say");
    if (line) line.textContent = words.trim();
  }
}

function cellOf(target: EventTarget | null): HTMLElement | null {
  return (target as Element | null)?.closest<HTMLElement>("td[id]") ?? null;
}

function emptyCell(row: number, column: number): HTMLElement {
  const cell = document.createElement("td"), value = document.createElement("span");
  cell.id = `c-${lettersOf(column)}${row}`;
  cell.setAttribute("role", "gridcell");
  cell.tabIndex = -1;
  cell.lang = "vi";
  cell.className = "f-none";
  Object.assign(cell.dataset, { r: String(row), c: String(column) });
  value.className = "v";
  cell.append(value);
  return cell;
}

/** A for 0, AA for 26. */
function lettersOf(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : lettersOf(Math.floor(column / 26) - 1) + last;
}

function placeOf(cell: HTMLElement): [number, number] {
  return [Number(cell.dataset.r), Number(cell.dataset.c)];
}

/** Lines and columns of what Excel puts on the clipboard; a cell with a tab or a line break in it stands in quotes. */
export function blockOf(text: string): string[][] {
  const lines: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y;
  let line: string[] = [];
  while (cell.lastIndex <= text.length) {
    const found = cell.exec(text);
    if (!found) break;
    line.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? "").trim());
    if (found[3] !== "\t") {
      lines.push(line);
      line = [];
      if (found[3] === "" || cell.lastIndex >= text.length) break;
    }
  }
  return lines;
}
