/**
 * The "Vì sao?" drawer: takes the focus when it opens, gives it back where it came from when it closes.
 * Without this file the same links open a page of their own.
 */
export {};

let opener: HTMLElement | null = null;

function drawer(): HTMLElement | null {
  return document.getElementById("drawer");
}

function giveBack(): void {
  // The row the question came from may have been drawn again meanwhile: its link is found by its address.
  const address = opener?.getAttribute("href");
  const target = opener?.isConnected ? opener : address ? document.querySelector<HTMLElement>(`a[href="${CSS.escape(address)}"]`) : null;
  opener = null;
  target?.focus();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const detail = (event as CustomEvent<{ target: Element; elt: HTMLElement }>).detail;
  if (detail.target !== drawer() || drawer()?.contains(detail.elt)) return;
  opener = detail.elt;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const target = (event as CustomEvent<{ target: Element }>).detail.target;
  if (target !== drawer()) return;
  const heading = target.querySelector<HTMLElement>("h2");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  target.scrollTop = 0;
});

document.addEventListener("click", (event) => {
  if (!(event.target as Element | null)?.closest("[data-close-drawer]")) return;
  drawer()?.replaceChildren();
  document.dispatchEvent(new CustomEvent("drawer:closed"));
});

document.addEventListener("drawer:closed", giveBack);
