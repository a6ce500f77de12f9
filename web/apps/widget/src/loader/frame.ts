import { toPage, wrap, type ToPage, type ToPanel } from "../shared/messages";
import type { Texts } from "./texts";

interface Links {
  title(): string;
  hello(): ToPanel;
  heard(message: ToPage): void;
}

const READY_WITHIN_MS = 8_000;

export type PanelFrame = ReturnType<typeof panelFrame>;

/**
 * The panel in its frame, appended to `parent` on the first `load`. Talks to exactly the server's origin and hears only
 * this frame. Functions over an object: their names can be shortened, and the loader is counted in bytes.
 */
export function panelFrame(origin: string, key: string, parent: HTMLElement, texts: Texts, links: Links) {
  let box: HTMLDialogElement | undefined;
  let iframe: HTMLIFrameElement | undefined;
  let ready = false;
  let waiting: ToPanel[] = [];
  let late: ReturnType<typeof setTimeout> | undefined;
  let patience = READY_WITHIN_MS;
  const line = document.createElement("p");
  line.role = "status";

  /** Say it now, or not at all: `hello` tells the rest. */
  const tell = (message: ToPanel) => {
    if (ready) iframe?.contentWindow?.postMessage(wrap(message), origin);
  };

  const show = (now: boolean) => {
    if (box) box.className = now ? "panel" : "panel wait";
    line.hidden = now;
  };

  /** The frame has loaded, perhaps anew: what was ready before is not any more. */
  const greet = () => {
    ready = false;
    iframe?.contentWindow?.postMessage(wrap(links.hello()), origin);
  };

  const tryLoading = () => {
    iframe?.remove();
    iframe = document.createElement("iframe");
    iframe.title = links.title();
    iframe.allow = "autoplay; camera; microphone";
    iframe.src = `${origin}/widget/panel?channel=${encodeURIComponent(key)}`;
    iframe.onload = greet;
    show(false);
    box?.append(iframe);
    late = setTimeout(() => {
      line.textContent = texts("unreachable");
      tryLoading();
    }, patience);
    patience *= 2;
  };

  const becomeReady = () => {
    clearTimeout(late);
    patience = READY_WITHIN_MS;
    ready = true;
    show(true);
    waiting.splice(0).forEach(tell);
  };

  addEventListener("message", ({ origin: from, source, data }) => {
    if (from !== origin || !iframe || source !== iframe.contentWindow) return;
    const message = toPage(data);
    if (!message) return;
    if (message.type === "ready") becomeReady();
    links.heard(message);
  });

  return {
    tell,
    /** Say it as soon as the panel listens. */
    tellWhenReady(message: ToPanel): void {
      if (ready) tell(message);
      else waiting.push(message);
    },
    /** Take back what was not said yet. */
    forget(type: ToPanel["type"]): void {
      waiting = waiting.filter((message) => message.type !== type);
    },
    /** Load the panel if it is not there yet. Costs the page nothing until it is called. */
    load(): void {
      if (box) return;
      box = document.createElement("dialog");
      box.ariaLabel = links.title();
      // The browser's own way to close: Escape on the page, or a phone's way back.
      box.oncancel = () => links.heard({ type: "close" });
      line.textContent = texts("loading");
      box.append(line);
      parent.append(box);
      tryLoading();
    },
    loaded: (): boolean => !!box,
    /** What lies under the panel cannot be reached while it covers the page. */
    cover(covers: boolean): void {
      if (!box || box.open === covers) return;
      if (covers) box.showModal();
      else box.close();
    },
    focus: (): void => iframe?.focus(),
    focused: (): boolean => !!iframe && (iframe.getRootNode() as ShadowRoot).activeElement === iframe,
  };
}
