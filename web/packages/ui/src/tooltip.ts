import type { Attachment } from "svelte/attachments";

/** What a tooltip says; `keys` is shown as a key cap beside it. */
export interface Tip {
  text: string;
  keys?: string | undefined;
}

const DELAY_MS = 450;

let bubble: HTMLElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let holder: HTMLElement | null = null;

/** Attach a tooltip. It adds nothing for screen readers: the element must have its own name. */
export function tooltip(tip: string | Tip | undefined): Attachment<HTMLElement> {
  return (element) => {
    if (!tip) return;
    const wanted = typeof tip === "string" ? { text: tip } : tip;
    const soon = () => schedule(element, wanted);
    const focused = () => element.matches(":focus-visible") && show(element, wanted);
    const leave = (event: PointerEvent) => {
      if (!(event.relatedTarget instanceof Node && bubble?.contains(event.relatedTarget))) hide();
    };
    element.addEventListener("pointerenter", soon);
    element.addEventListener("pointerleave", leave);
    element.addEventListener("focus", focused);
    element.addEventListener("blur", hide);
    element.addEventListener("click", hide);
    return () => {
      if (holder === element) hide();
      element.removeEventListener("pointerenter", soon);
      element.removeEventListener("pointerleave", leave);
      element.removeEventListener("focus", focused);
      element.removeEventListener("blur", hide);
      element.removeEventListener("click", hide);
    };
  };
}

function schedule(element: HTMLElement, tip: Tip): void {
  clearTimeout(timer);
  timer = setTimeout(() => show(element, tip), DELAY_MS);
}

function show(element: HTMLElement, tip: Tip): void {
  clearTimeout(timer);
  hide();
  holder = element;
  bubble = document.createElement("div");
  bubble.className = "ui-tooltip";
  bubble.setAttribute("aria-hidden", "true");
  bubble.append(tip.text);
  if (tip.keys) {
    const keys = document.createElement("kbd");
    keys.textContent = tip.keys;
    bubble.append(keys);
  }
  bubble.addEventListener("pointerleave", hide);
  // Inside an open dialog the rest of the page is inert and painted below it.
  (element.closest("dialog[open], [popover]") ?? document.body).append(bubble);
  document.addEventListener("keydown", onKey, true);
  place(element, bubble);
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "Escape") hide();
}

function hide(): void {
  clearTimeout(timer);
  document.removeEventListener("keydown", onKey, true);
  bubble?.remove();
  bubble = null;
  holder = null;
}

function place(element: HTMLElement, tip: HTMLElement): void {
  const at = element.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const below = at.bottom + 6;
  const top = below + size.height > innerHeight - 4 ? at.top - size.height - 6 : below;
  const left = Math.min(Math.max(4, at.left + (at.width - size.width) / 2), innerWidth - size.width - 4);
  tip.style.top = `${top}px`;
  tip.style.left = `${left}px`;
}
