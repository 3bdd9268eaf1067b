/**
 * `<sheet-drop>`: a file dropped on the frame stands in its file field, and the frame says its name and size. Without
 * this file the field is chosen from as ever. `<sheet-wait>`: while a file waits to be judged the page asks by itself,
 * because a file that came twice is announced by nobody.
 */
const AGAIN = 2_000;

class SheetDrop extends HTMLElement {
  private leave: AbortController | null = null;

  connectedCallback(): void {
    this.leave = new AbortController();
    const { signal } = this.leave;
    for (const kind of ["dragenter", "dragover"] as const)
      this.addEventListener(kind, (event) => this.over(event, true), { signal });
    this.addEventListener("dragleave", (event) => this.over(event, false), { signal });
    this.addEventListener("drop", (event) => this.take(event), { signal });
    this.field?.addEventListener("change", () => this.tell(), { signal });
    // A file that misses the frame would replace the page.
    for (const kind of ["dragover", "drop"] as const)
      document.addEventListener(kind, (event) => event.preventDefault(), { signal });
    this.tell();
  }

  disconnectedCallback(): void {
    this.leave?.abort();
  }

  private get field(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>("input[type=file]");
  }

  private over(event: DragEvent, is: boolean): void {
    event.preventDefault();
    this.classList.toggle("over", is);
  }

  private take(event: DragEvent): void {
    this.over(event, false);
    const files = event.dataTransfer?.files;
    if (!files?.length || !this.field) return;
    const one = new DataTransfer();
    one.items.add(files[0] as File);
    this.field.files = one.files;
    this.tell();
    this.closest("form")?.querySelector<HTMLButtonElement>("button.ink")?.focus();
  }

  private tell(): void {
    const line = this.querySelector<HTMLElement>(".drop-f");
    const file = this.field?.files?.[0];
    if (line) line.textContent = file ? `${file.name} · ${Math.max(1, Math.round(file.size / 1024)).toLocaleString(document.documentElement.lang)} KB` : "";
  }
}

class SheetWait extends HTMLElement {
  private timer = 0;

  connectedCallback(): void {
    this.timer = window.setInterval(() => document.dispatchEvent(new CustomEvent("live:again")), AGAIN);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.timer);
  }
}

customElements.define("sheet-drop", SheetDrop);
customElements.define("sheet-wait", SheetWait);
